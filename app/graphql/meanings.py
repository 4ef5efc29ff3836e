"""What each field of the schema stands for: a column, a record pointed at, the records below, what happened, an answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from pydantic.alias_generators import to_camel

from app.db.noun import Column, Computed, Noun
from app.operations.operation import Answer
from app.operations.registry import ANSWERS
from app.queries.nouns import NOUNS
from app.queries.trusts import TRUSTS


@dataclass(frozen=True)
class Identity:
    """Relay's global id."""


@dataclass(frozen=True)
class Own:
    """A field of the record itself."""

    field: Column | Computed


@dataclass(frozen=True)
class Pointing:
    """The record that this one points at."""

    noun: Noun
    column: str


@dataclass(frozen=True)
class Below:
    """The records of a noun that `condition` finds for the record above; `column` where it is a reference to it."""

    noun: Noun
    condition: str
    column: str = ""
    doc: str = ""


@dataclass(frozen=True)
class Happened:
    """The record's events."""


@dataclass(frozen=True)
class Asking:
    """A computed answer about the record."""

    answer: Answer


Meaning = Identity | Own | Pointing | Below | Happened | Asking

BY_TITLE: Final[Mapping[str, Noun]] = MappingProxyType({noun.title: noun for noun in NOUNS.values()})
_BY_TABLE: Final[Mapping[str, Noun]] = MappingProxyType({noun.table: noun for noun in NOUNS.values()})


def many(noun: Noun) -> str:
    """A noun's records, as a field is named: `planAcademies`."""
    return to_camel(noun.plural.replace("-", "_"))


def references(noun: Noun) -> Iterator[tuple[str, Noun]]:
    """Each column that points at a record and is told as it is, and that record's noun."""
    told = {item.column for item in noun.columns() if isinstance(item, Column)}
    for key in sorted(noun.entity.table().foreign_key_constraints, key=lambda one: str(one.name)):
        column = list(key.columns)[-1].name
        if column in told and key.referred_table.name in _BY_TABLE:
            yield column, _BY_TABLE[key.referred_table.name]


@cache
def kinds_filtered_by(noun: Noun) -> Mapping[str, str]:
    """Whose id a filter takes, by the filter's name; those of which it is not known are left out."""
    named = {f"{other.name}Id": other.title for other in NOUNS.values()}
    return MappingProxyType(named | {to_camel(column): target.title for column, target in references(noun)})


@cache
def meanings(noun: Noun) -> Mapping[str, Meaning]:
    """Every field of the noun's type. A name that is taken already is not given twice."""
    made: dict[str, Meaning] = {"id": Identity()}
    for item in noun.columns():
        made["uuid" if item.name == "id" else item.name] = Own(item)
    for source in (_pointing(noun), _declared(noun), _below(noun), _asked(noun)):
        for name, meaning in source:
            made.setdefault(name, meaning)
    return MappingProxyType(made | {"history": Happened()})


def _pointing(noun: Noun) -> Iterator[tuple[str, Meaning]]:
    for column, target in references(noun):
        yield to_camel(column.removesuffix("_id")), Pointing(target, column)


def _declared(noun: Noun) -> Iterator[tuple[str, Meaning]]:
    """The children that the noun itself declares."""
    for child in noun.children():
        only = "" if child.only == "true" else f" and {child.only}"
        yield child.name, Below(child.noun(), f"{{t}}.{child.column} = {{above}}.id{only}", child.column, child.doc)


def _below(noun: Noun) -> Iterator[tuple[str, Meaning]]:
    """The records of other nouns that point at this one, or that a filter of theirs finds by its id."""
    if noun is TRUSTS:
        yield from ((many(other), Below(other, "true")) for other in NOUNS.values() if other is not TRUSTS)
        return
    told = {(child.noun().title, child.column) for child in noun.children() if child.only == "true"}
    for other in NOUNS.values():
        columns = [column for column, target in references(other) if target is noun]
        for column in columns:
            narrowing = other.filters.get(to_camel(column))
            condition = (
                narrowing.sql.replace("{value}", "{above}.id") if narrowing else f"{{t}}.{column} = {{above}}.id"
            )
            if (other.title, column) in told:
                continue
            alone = len(columns) == 1 and other is not noun
            name = many(other) if alone else f"{many(other)}By{_capital(to_camel(column.removesuffix('_id')))}"
            plainly = narrowing is None or narrowing.sql == f"{{t}}.{column} = {{value}}"
            yield name, Below(other, condition, column if plainly else "")
        named = other.filters.get(f"{noun.name}Id")
        if named is not None and not columns and other is not noun:
            yield many(other), Below(other, named.sql.replace("{value}", "{above}.id"))


def _asked(noun: Noun) -> Iterator[tuple[str, Meaning]]:
    yield from ((answer.called, Asking(answer)) for answer in ANSWERS if answer.of is noun)


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]
