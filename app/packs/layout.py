"""How shapes lie to one another, read off the shapes themselves and off the records they stand for.

`flatten` walks this layout from a pack to its records, `exporting` from records to a pack, `references` to check codes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, UnionType
from typing import Final, Union, get_args, get_origin

from app.domain.entity import Entity, Fact
from app.domain.frameworks import Framework
from app.domain.model import ABOVE
from app.domain.plans import Plan
from app.domain.trusts import Trust
from app.packs.format import Pack
from app.packs.plan_shapes import ResponsibilityShape
from app.packs.shapes import RecordShape, Shape

SCOPES: Final[Mapping[str, type[Entity]]] = MappingProxyType({"plan_id": Plan, "framework_id": Framework})
"""Within what codes are unique: by the column that says which plan or framework a record belongs to."""
ROLES: Final[Mapping[str, str]] = MappingProxyType({"leads": "lead", "monitors": "monitor"})
"""The lists of responsibilities, and the role each stands for."""


@dataclass(frozen=True)
class Reference:
    """A column filled from a code: the record of that kind which has it."""

    column: str
    kind: type[Entity]


def nested_shape(annotation: object) -> type[Shape] | None:
    """The shape of the record or records that such a field holds; None where it holds plain values."""
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        return annotation
    if get_origin(annotation) in (list, Union, UnionType):
        return next(filter(None, map(nested_shape, get_args(annotation))), None)
    return next(filter(None, map(nested_shape, get_args(annotation)[:1])), None)


@cache
def below(shape: type[Shape]) -> Mapping[str, type[RecordShape]]:
    """The lists of records that stand below one of this shape, by field name."""
    nested = {name: nested_shape(field.annotation) for name, field in shape.model_fields.items()}
    return {
        name: child
        for name, child in nested.items()
        if child is not None and issubclass(child, RecordShape) and child.KIND is not Trust
    }


@cache
def references(shape: type[RecordShape]) -> Mapping[str, Reference]:
    """The fields that name another record by its code: `area`, where the record has the column `area_id`."""
    columns: Mapping[str, type[Entity]] = dict(ABOVE[shape.KIND.noun()])
    return {
        name: Reference(f"{name}_id", columns[f"{name}_id"])
        for name in shape.model_fields
        if f"{name}_id" in columns and name not in below(shape)
    }


def is_coded(shape: type[RecordShape]) -> bool:
    return "code" in shape.model_fields


def column_under(child: type[Entity], above: type[Entity], taken: frozenset[str] = frozenset()) -> str:
    """The column by which one record points at the record it stands under."""
    if issubclass(child, Fact):
        return child.KEPT_BY
    return next(column for column, kind in ABOVE[child.noun()] if kind is above and column not in taken)


def joined(link: type[Entity], owner: type[Entity]) -> Reference:
    """The record that a link joins with its owner."""
    apart = {*SCOPES, column_under(link, owner)} - ({"plan_id"} if owner is not Plan else set())
    return next(
        Reference(column, kind)
        for column, kind in ABOVE[link.noun()]
        if column not in apart and kind is not owner and kind not in SCOPES.values()
    )


def scope_of(kind: type[Entity]) -> str | None:
    """The column of the plan or framework that records of this kind belong to."""
    owned = kind not in SCOPES.values()
    return next((column for column in SCOPES if owned and column in kind.model_fields), None)


def names_framework(shape: type[RecordShape]) -> bool:
    """Whether it stands outside frameworks and names the one it is about, by code and edition."""
    return "framework" in references(shape)


@cache
def named_by_key() -> frozenset[type[RecordShape]]:
    """The shapes without a code that others refer to all the same: by their key."""
    named = {reference.kind for shape in places() for reference in references(shape).values()}
    return frozenset(shape for shape in places() if not is_coded(shape) and shape.KIND in named)


@cache
def places() -> Mapping[type[RecordShape], tuple[type[Shape], ...]]:
    """Under which shapes each shape may stand."""
    found: dict[type[RecordShape], list[type[Shape]]] = {}
    for parent, child in _pairs(Pack):
        if parent not in found.setdefault(child, []):
            found[child].append(parent)
    return {child: tuple(parents) for child, parents in found.items()}


@cache
def by_kind() -> Mapping[type[Entity], type[RecordShape]]:
    """The shape that stands for a kind of record."""
    return {child.KIND: child for child in places()}


def noun_of(shape: type[Shape]) -> str:
    """The kind's word in oddities and in what is told of faults: `pupilGroup` for PupilGroupShape."""
    name = shape.__name__.removesuffix("Shape")
    return name[0].lower() + name[1:]


@cache
def by_noun() -> Mapping[str, type[RecordShape]]:
    """The shapes that an oddity may be on, by their word."""
    return {noun_of(child): child for child in places() if is_coded(child)}


def _pairs(shape: type[Shape]) -> Iterator[tuple[type[Shape], type[RecordShape]]]:
    for child in below(shape).values():
        yield shape, child
        if child is not ResponsibilityShape:
            yield from _pairs(child)
