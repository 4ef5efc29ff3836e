"""How long personal text is kept: a rule for each kind, from which day it counts, and what happens then."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Self

from sqlalchemy import Date

from app.domain.entity import Entity
from app.domain.errors import Fault, Invalid
from app.domain.model import KEPT

CHANGED: Final = "changed"
"""Counting from the day of the record's last event."""
_KEEP: Final = re.compile(r"([1-9][0-9]{0,2}) (day|month|year)s?")
_MONTHS: Final = 12


@dataclass(frozen=True)
class Keep:
    """A stretch of time, as people say it: `6 years`."""

    printed: str
    days: int = 0
    months: int = 0

    @classmethod
    def read(cls, text: object, place: str) -> Self:
        found = _KEEP.fullmatch(str(text))
        if found is None:
            raise _unfit(place, f"{place} says {text!r}: say how long, such as 6 years, 18 months or 30 days.")
        count, unit = int(found[1]), found[2]
        months = {"year": _MONTHS, "month": 1}.get(unit, 0)
        return cls(str(text), days=0 if months else count, months=count * months)

    def before(self, today: date) -> date:
        """What is from before that day is past its time."""
        months = today.year * _MONTHS + today.month - 1 - self.months
        first = date(months // _MONTHS, months % _MONTHS + 1, 1)
        following = date(first.year + first.month // _MONTHS, first.month % _MONTHS + 1, 1)
        last = (following - first).days
        return first.replace(day=min(today.day, last)) - timedelta(days=self.days)


@dataclass(frozen=True)
class Rule:
    """The texts of this kind are erased once they were kept so long after that column's day."""

    kind: type[Entity]
    keep: Keep
    after: str


@dataclass(frozen=True)
class Schedule:
    """What a trust keeps how long. `reasons` are those beside events, `reads` the notes of who read what is sensitive."""

    rules: tuple[Rule, ...]
    reasons: Keep
    reads: Keep

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """From a settings file. Every kind that holds personal text has a rule, so none is kept for ever by oversight."""
        kinds = {kind.noun(): kind for kind in KEPT if kind.PERSONAL}
        given = told.get("kinds", {})
        missing, unknown = sorted(kinds.keys() - given.keys()), sorted(given.keys() - kinds.keys())
        if missing or unknown:
            names, fault = (missing, "has no rule") if missing else (unknown, "holds no personal text")
            raise _unfit(f"kinds.{names[0]}", f"The retention of {names[0]} cannot be read: it {fault}.")
        rules = tuple(_rule(kinds[noun], given[noun]) for noun in sorted(given))
        others = {name: Keep.read(told.get(name), name) for name in ("reasons", "reads")}
        return cls(rules, **others)


def _rule(kind: type[Entity], told: Mapping[str, Any]) -> Rule:
    place, after = f"kinds.{kind.noun()}", told.get("after", CHANGED)
    dated = [column.name for column in kind.columns() if isinstance(column.type, Date)]
    if after not in (CHANGED, *dated):
        raise _unfit(place, f"{place} counts from {after!r}: say one of {', '.join((CHANGED, *dated))}.")
    return Rule(kind, Keep.read(told.get("keep"), place), after)


def _unfit(place: str, sentence: str) -> Invalid:
    return Invalid(sentence, faults=[Fault(f"/{place.replace('.', '/')}", "retention-unreadable", sentence)])
