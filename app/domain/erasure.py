"""Erasing: personal text leaves a record, and what happened is told without it."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import UniqueConstraint

from app.domain.categorisation import CategoryDecision
from app.domain.entity import Entity
from app.domain.events import Event, Verb

ERASED: Final = "[erased]"
"""What stands where text was, in a column that cannot be empty."""
KEPT_IN_LAW: Final[Mapping[type[Entity], str]] = MappingProxyType(
    {
        CategoryDecision: "the reason of a decision of the trust, which it has to be able to give for as long as it keeps it"
    }
)
"""Kinds whose text is not erased at a person's request, and why; their time runs out like any other's."""


def without_text(kind: type[Entity], column: str, record_id: UUID) -> str | None:
    """What a personal column holds once it is erased: nothing, or a word that says so; in a unique key one of its own."""
    declared = kind.table().c[column]
    if declared.nullable:
        return None
    return f"erased:{record_id}" if column in _in_keys(kind) else ERASED


def in_sql(kind: type[Entity], column: str, record_id: str) -> str | None:
    """The same as an expression; None where the column may be empty."""
    if kind.table().c[column].nullable:
        return None
    return f"'erased:' || ({record_id})" if column in _in_keys(kind) else f"'{ERASED}'"


def erase(record: Entity, columns: Collection[str] | None = None) -> Event | None:
    """Erase these of its personal texts; without names, all. Nothing happened where there was none."""
    kind, erased = type(record), []
    for name in sorted(kind.PERSONAL if columns is None else kind.PERSONAL & set(columns)):
        empty = without_text(kind, name, record.id)
        if getattr(record, name) != empty:
            setattr(record, name, empty)
            erased.append(name)
    return Event(record=record, verb=Verb.ERASED) if erased else None


def _in_keys(kind: type[Entity]) -> frozenset[str]:
    keys = (one for one in kind.table().constraints if isinstance(one, UniqueConstraint))
    return frozenset(column.name for key in keys for column in key.columns)
