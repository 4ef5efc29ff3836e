"""The schema's types, made from the nouns, the bodies and the answers: whatever REST publishes, under the same names."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from keyword import iskeyword
from types import ModuleType, NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin
from uuid import UUID

import strawberry
from pydantic import AwareDatetime, BaseModel
from strawberry.annotation import StrawberryAnnotation
from strawberry.scalars import JSON
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from app.graphql.scalars import BigInt
from app.queries.nouns import NOUNS

_MADE: Final = ModuleType("app.graphql.made")
"""The made types live in a module of their own, where their fields name one another."""
sys.modules[_MADE.__name__] = _MADE
_MADE.__dict__.update(
    UUID=UUID, date=date, datetime=datetime, Decimal=Decimal, JSON=JSON, ID=strawberry.ID, BigInt=BigInt
)
_PLAIN: Final[Mapping[Any, str]] = {
    str: "str", int: "int", bool: "bool", float: "float", Decimal: "Decimal", date: "date", datetime: "datetime",
    AwareDatetime: "datetime", UUID: "UUID",
}  # fmt: skip
_BUILTIN: Final = {"str": str, "int": int, "bool": bool, "float": float}
_RECORDS: Final = frozenset(noun.title for noun in NOUNS.values())
_LONG: Final = frozenset({"position", "nextAfter", "after"})
"""Fields that count past what an Int holds."""


Maker = Callable[..., StrawberryField]


@dataclass(frozen=True)
class Given:
    """An argument, or a field of an input: its type as an annotation names it, and its default."""

    type: str
    doc: str | None = None
    default: object = strawberry.UNSET


@dataclass(frozen=True)
class Field:
    """A field: its type as an annotation names it."""

    type: str
    doc: str | None = None
    arguments: Mapping[str, Given] | None = None


def has(name: str) -> bool:
    return name in _MADE.__dict__


def made(name: str) -> Any:
    """A type that was made, by its name."""
    return _MADE.__dict__[name]


def make(
    name: str, doc: str | None, fields: Mapping[str, Field], *, implements: str = "", fields_of: Maker | None = None
) -> str:
    """An object type. Its fields may name types that are made later. `fields_of` makes them, where they are of their own kind."""
    if not has(name):
        bases = (made(implements),) if implements else ()
        members = _members(fields, fields_of or _plain_field)
        _MADE.__dict__[name] = strawberry.type(_class(name, fields, members, bases), description=doc)
    return name


def make_interface(name: str, doc: str | None, fields: Mapping[str, Field]) -> str:
    if not has(name):
        _MADE.__dict__[name] = strawberry.interface(
            _class(name, fields, _members(fields, _plain_field), ()), description=doc
        )
    return name


def _members(fields: Mapping[str, Field], maker: Maker) -> dict[str, Any]:
    made_of = {}
    for key, field in fields.items():
        one = made_of[_safe(key)] = maker(key, description=field.doc)
        one.arguments = [argument(name, given) for name, given in (field.arguments or {}).items()]
    return made_of


def _plain_field(name: str, **settings: Any) -> StrawberryField:
    return StrawberryField(graphql_name=name, **settings)


def make_input(name: str, doc: str | None, fields: Mapping[str, Given]) -> str:
    if not has(name):
        members = {
            _safe(key): strawberry.field(name=key, description=given.doc, default=given.default)
            if given.type.endswith("None")
            else strawberry.field(name=key, description=given.doc)
            for key, given in fields.items()
        }
        _MADE.__dict__[name] = strawberry.input(_class(name, fields, members, ()), description=doc)
    return name


def make_union(name: str, members: tuple[str, ...]) -> str:
    if not has(name):
        _MADE.__dict__[name] = Annotated[Union[tuple(made(member) for member in members)], strawberry.union(name)]  # noqa: UP007  made of a tuple
    return name


def words(name: str, values: tuple[str, ...], doc: str | None = None) -> str:
    """An enum whose values are spelt as they are."""
    if not has(name):
        kind = Enum(name, {f"word_{index}": value for index, value in enumerate(values)})  # type: ignore[misc]  # made here
        _MADE.__dict__[name] = strawberry.enum(kind, description=doc, graphql_name_from="value")
    return name


def type_of(annotation: Any, *, name: str = "", taken: bool = False) -> str:
    """How an annotation names the type of a value: given out, or `taken` in."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return type_of(inner[0], name=name, taken=taken)
    if origin in (Union, UnionType):
        kinds = [kind for kind in inner if kind is not NoneType]
        told = type_of(kinds[0], name=name, taken=taken) if len(kinds) == 1 else _either(kinds, taken=taken)
        return f"{told} | None" if len(kinds) < len(inner) else told
    if origin in (list, tuple):
        return f"list[{type_of(inner[0], name=name, taken=taken)}]"
    if origin is Literal:
        return "str"
    if annotation is int and name in _LONG:
        return "BigInt"
    return _of_class(annotation, taken=taken) if isinstance(annotation, type) else "JSON"


def _of_class(kind: type, *, taken: bool) -> str:
    if issubclass(kind, StrEnum):
        return enum_of(kind)
    if issubclass(kind, BaseModel):
        return input_of(kind) if taken else object_of(kind)
    return _PLAIN.get(kind, "JSON")


class _Named(StrawberryAnnotation):
    """A type by its name, looked up among the made ones. strawberry asks for each many times, long before all are made."""

    def __init__(self, told: str) -> None:
        super().__init__(told, namespace=_MADE.__dict__)

    def evaluate(self) -> Any:
        return _looked_up(self.raw_annotation)


def _looked_up(told: Any) -> Any:
    """The type of an annotation such as `list[Plan] | None`."""
    if told.endswith(" | None"):
        return _looked_up(told.removesuffix(" | None")) | None
    if told.startswith("list["):
        return list[_looked_up(told[5:-1])]  # type: ignore[misc]  # made here
    if told in _BUILTIN:
        return _BUILTIN[told]
    if told not in _MADE.__dict__:
        raise NameError(told)
    return _MADE.__dict__[told]


def _either(kinds: list[Any], *, taken: bool) -> str:
    told = [type_of(kind, taken=taken) for kind in kinds]
    if len(set(told)) == 1:
        return told[0]
    if set(kinds) <= {int, float, Decimal}:
        return "Decimal"
    return "JSON"


@cache
def enum_of(kind: type[StrEnum]) -> str:
    """The enum of a closed list; text, where a word of it cannot be a name."""
    values = tuple(word.value for word in kind)
    if not all(value.isidentifier() and value not in ("true", "false", "null") for value in values):
        return "str"
    name = kind.__name__
    if has(name):
        name = "".join(part.capitalize() for part in kind.__module__.rsplit(".", 1)[-1].split("_")) + name
    return words(name, values, kind.__doc__ if kind.__doc__ != StrEnum.__doc__ else None)


@cache
def object_of(model: type[BaseModel]) -> str:
    """The type of a published answer. A record inside an answer is told as REST tells it, and not as the noun's own type."""
    fields = {
        key: Field(type_of(info.annotation, name=key), info.description) for key, info in model.model_fields.items()
    }
    name = f"{model.__name__}Fields" if model.__name__ in _RECORDS else model.__name__
    assert not has(name), f"two answers are named {name}"
    return make(name, model.__doc__, fields)


@cache
def input_of(model: type[BaseModel]) -> str:
    """The input of a body: what is optional may be left out."""
    return make_input(f"{model.__name__}Input", model.__doc__, given_of(model))


def given_of(model: type[BaseModel]) -> dict[str, Given]:
    """The members of a body, or the parameters of a question, under their outside names."""
    members = {}
    for key, info in model.model_fields.items():
        told = type_of(info.annotation, name=key, taken=True)
        optional = not info.is_required() and not told.endswith("None")
        members[info.alias or key] = Given(f"{told} | None" if optional else told, info.description)
    return members


def argument(name: str, given: Given) -> StrawberryArgument:
    return StrawberryArgument(
        python_name=_safe(name),
        graphql_name=name,
        type_annotation=_Named(given.type),
        description=given.doc,
        default=given.default,
    )


def _class(name: str, fields: Mapping[str, Field | Given], members: Mapping[str, Any], bases: tuple[type, ...]) -> type:
    annotations = {_safe(key): _Named(field.type) for key, field in fields.items()}
    return type(name, bases, {**members, "__annotations__": annotations, "__module__": _MADE.__name__})


def _safe(name: str) -> str:
    """The name as an attribute may have it: `from` is a word of the language."""
    return f"{name}_" if iskeyword(name) else name
