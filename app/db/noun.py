"""What can be read of one kind of record: declared once, and read by every door."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from pydantic.alias_generators import to_camel
from sqlalchemy import DateTime

from app.domain.entity import Entity


@dataclass(frozen=True)
class Column:
    """A column of the noun's own table. A sensitive one is told with a note of who read it."""

    name: str
    column: str
    type: Any
    doc: str = ""
    instant: bool = False
    sensitive: bool = False


@dataclass(frozen=True)
class Computed:
    """A value SQL computes. `{t}` stands for the noun's own row, `{today}` for today.

    `above` says where the same value already stands in the statement: below a record that ours points at by this
    column, it is that record's field of this name, and need not be looked up again for every row.
    """

    name: str
    sql: str
    type: Any
    doc: str = ""
    above: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Children:
    """Records of another noun that point at this one by `column`, in `order`. `only` narrows them."""

    name: str
    noun: "Callable[[], Noun]"
    column: str
    order: str = "{t}.no, {t}.code"
    only: str = "true"
    doc: str = ""


Field = Column | Computed | Children


@dataclass(frozen=True)
class Filter:
    """A condition a list may be narrowed by. `{t}` is the row, `{value}` the bound argument (of PostgreSQL's `cast`)."""

    sql: str
    cast: str
    type: Any
    doc: str = ""


@dataclass(frozen=True)
class Sort:
    """A sort key: never null, so that no row falls between two pages."""

    sql: str
    cast: str


class Scope(StrEnum):
    """By what an actor who sees only some academies sees a record: its plan, its academy, one of its academies, or always.

    `covered` is for credentials: seen by whoever sees all that they see. One without academies sees the whole trust.
    """

    PLAN = "plan"
    ACADEMY = "academy"
    ACADEMIES = "academies"
    COVERED = "covered"
    TRUST = "trust"


@dataclass(frozen=True, eq=False)
class Noun:
    """What can be read of one kind of record."""

    name: str
    plural: str
    title: str
    entity: type[Entity]
    doc: str
    fields: tuple[Field, ...]
    filters: Mapping[str, Filter]
    sorts: Mapping[str, Sort]
    scope: Scope = Scope.PLAN
    default_sort: str = "code"
    clocked: bool = False

    @property
    def table(self) -> str:
        return self.entity.noun()

    def columns(self) -> tuple[Column | Computed, ...]:
        """The fields of the record itself, without its children."""
        return tuple(item for item in self.fields if not isinstance(item, Children))

    def field(self, name: str) -> Column | Computed:
        return next(item for item in self.columns() if item.name == name)

    @cached_property
    def is_sensitive(self) -> bool:
        """Whether reading a record of it, with what is below it, may leave a note."""
        return any(isinstance(item, Column) and item.sensitive for item in self.fields) or any(
            child.noun().is_sensitive for child in self.children()
        )

    def children(self) -> tuple[Children, ...]:
        return tuple(item for item in self.fields if isinstance(item, Children))


def columns_of(entity: type[Entity]) -> tuple[Column, ...]:
    """Every column of the record that may be read, under its outside name."""
    hidden = entity.SECRET | {"trust_id"}
    first = ("id", "version", "plan_id", "code")
    ordered = sorted(
        entity.columns(), key=lambda column: first.index(column.name) if column.name in first else len(first)
    )
    made = []
    for column in ordered:
        if column.name in hidden:
            continue
        info = entity.model_fields[column.name]
        annotation: Any = info.annotation
        made.append(
            Column(
                to_camel(column.name),
                column.name,
                annotation if not column.nullable or _optional(annotation) else annotation | None,
                doc=info.description or "",
                instant=isinstance(column.type, DateTime),
                sensitive=column.name in entity.SENSITIVE,
            )
        )
    return tuple(made)


def _optional(annotation: Any) -> bool:
    return type(None) in getattr(annotation, "__args__", ())
