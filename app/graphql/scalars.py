"""The schema's scalars. Values go out as the database spelt them; what comes in is checked here and kept exact."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NewType
from uuid import UUID

import strawberry
from graphql import FloatValueNode, GraphQLError, IntValueNode, ValueNode
from strawberry.types.scalar import ScalarDefinition

from app.graphql.ids import record_id

BigInt = NewType("BigInt", int)


def _as_it_is(value: Any) -> Any:
    return value


def _number(value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise GraphQLError("It must be a JSON number.")
    return value


def _spelt_number(node: ValueNode, _variables: Any = None) -> float | int:
    if isinstance(node, IntValueNode):
        return int(node.value)
    if isinstance(node, FloatValueNode) and Decimal(repr(float(node.value))) == Decimal(node.value):
        return float(node.value)
    raise GraphQLError("It must be a number with no more digits than can be kept exactly.")


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise GraphQLError("It must be a whole number.")
    return value


def _day(value: Any) -> str:
    if not isinstance(value, str):
        raise GraphQLError("It must be a day, such as 2026-09-01.")
    try:
        date.fromisoformat(value)
    except ValueError:
        raise GraphQLError("It must be a day, such as 2026-09-01.") from None
    return value


def _instant(value: Any) -> str:
    try:
        told = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        told = None
    if told is None or told.tzinfo is None:
        raise GraphQLError("It must be an instant with its offset, such as 2026-09-01T08:30:00Z.")
    return str(value)


def _uuid(value: Any) -> str:
    """A record's id, plain or with the name of its kind before it."""
    if not isinstance(value, str):
        raise GraphQLError("It must be an id of a record.")
    return str(record_id(value))


SCALARS: Final[dict[object, ScalarDefinition]] = {
    UUID: strawberry.scalar(
        name="UUID", description="A record's id, as REST tells it.", serialize=_as_it_is, parse_value=_uuid
    ),
    date: strawberry.scalar(name="Date", description="A day: 2026-09-01.", serialize=_as_it_is, parse_value=_day),
    datetime: strawberry.scalar(
        name="DateTime", description="An instant, in UTC with a Z.", serialize=_as_it_is, parse_value=_instant
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description="A number with all its digits, as a JSON number.",
        serialize=_as_it_is,
        parse_value=_number,
        parse_literal=_spelt_number,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number of up to 64 bits, as a JSON number.",
        serialize=_as_it_is,
        parse_value=_whole,
    ),
}
