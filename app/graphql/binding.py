"""What is bound to a statement: each value read from the request when it runs, and checked."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from app.graphql.nouns import PAGE
from app.graphql.plan import Asked, Binding
from app.graphql.refusing import refused
from app.graphql.sources import Source

MOST: Final = 500
"""Records a page may have."""
ANSWER_COST: Final = 50
"""A computed answer counts as so many rows."""
COUNT_COST: Final = 50
"""So does a `totalCount`, which reads all it counts."""


def as_uuid(text: Any) -> UUID:
    """A record's id, plain or global."""
    try:
        return UUID(str(text).rpartition(":")[2])
    except ValueError:
        raise refused("invalid", "That is no id of a record. Give its global id, or its id as REST tells it.") from None


def value(source: Source, cast: str) -> Binding:
    reads = _READ_AS.get(cast)
    return (lambda asked: asked.value(source)) if reads is None else (lambda asked: reads(asked.value(source)))


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not date(1900, 1, 1) <= day <= date(2100, 12, 31):
        raise refused("invalid", f"{text} is out of reach. Give a day between 1900 and 2100.")
    return day


def _text(text: str) -> str:
    if "\0" in text:
        raise refused("invalid", "A text holds a character that is none. Leave it out.")
    return text


_READ_AS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "text": _text,
    "uuid": as_uuid,
    "date": _day,
    "timestamptz": datetime.fromisoformat,
}


def count(given: Mapping[str, Source]) -> Binding:
    """How many records a page has."""
    source = given.get("first", given.get("last"))
    if source is None:
        return lambda _: PAGE

    def counted(asked: Asked) -> int:
        number: int = asked.value(source)
        if not 0 <= number <= MOST:
            raise refused("invalid", f"A page has up to {MOST} records: {number} cannot be asked for.")
        return number

    return counted


def of_title(ids: Source, title: str) -> Binding:
    return lambda asked: [as_uuid(one) for one in listed(asked.value(ids)) if one.partition(":")[0] == title]


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def one(_: Asked) -> int:
    return 1


def answer_cost(_: Asked) -> int:
    return ANSWER_COST


def count_cost(_: Asked) -> int:
    return COUNT_COST
