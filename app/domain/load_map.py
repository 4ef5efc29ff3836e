"""The half-term load map: what falls due when, on whom and where, with what collides or falls badly."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final
from uuid import UUID

from app.domain.intervals import Days

HEAVY_HALF_TERM: Final = 8
"""What one person can have due in one half-term before it is called a collision, where nobody says otherwise."""
_FRIDAY: Final = 4
_LONGEST_HOLIDAY: Final = timedelta(weeks=10)


class LoadKind(StrEnum):
    """What can fall due. A review is a window in which milestones are checked."""

    ACTION = "action"
    STEP = "step"
    MILESTONE = "milestone"
    REVIEW = "review"


class LoadWarning(StrEnum):
    IN_HOLIDAY = "load.in_holiday"
    LAST_FRIDAY = "load.last_friday"


@dataclass(frozen=True, kw_only=True)
class DueRecord:
    """Something that falls due, for some academies (none: the whole trust) and on some people.

    Its first and last day are one where a day is printed, and differ where a month or a term is.
    """

    kind: LoadKind
    id: UUID
    plan_id: UUID
    code: str
    label: str | None
    due_printed: str | None
    due_starts_on: date
    due_ends_on: date
    academy_ids: tuple[UUID, ...] = ()
    person_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HalfTermDates:
    """A half-term of the trust's calendar, under the name people give it: "autumn 1, 2026/27"."""

    id: UUID
    name: str
    days: Days

    def holds(self, day: date) -> bool:
        return self.days.starts_on <= day <= self.days.ends_on

    def touches(self, record: DueRecord) -> bool:
        return self.days.starts_on <= record.due_ends_on and record.due_starts_on <= self.days.ends_on

    @property
    def last_friday(self) -> date:
        """The last Friday on or before its last day."""
        return self.days.ends_on - timedelta(days=(self.days.ends_on.weekday() - _FRIDAY) % 7)


@dataclass(frozen=True, kw_only=True)
class Load:
    """What falls due in one half-term. Under None: the whole trust's, of academies; nobody's, of people."""

    half_term: HalfTermDates
    by_kind: Mapping[LoadKind, int]
    by_academy: Mapping[UUID | None, Mapping[LoadKind, int]]
    by_person: Mapping[UUID | None, Mapping[LoadKind, int]]

    def collisions(self, limit: int) -> Iterator[tuple[UUID, int]]:
        """Whoever has more than so many due, and how many."""
        for person, kinds in self.by_person.items():
            if person is not None and sum(kinds.values()) > limit:
                yield person, sum(kinds.values())


@dataclass(frozen=True, kw_only=True)
class LoadMap:
    """Every half-term with its load; and what falls in none, in a holiday or beyond what the calendar knows."""

    loads: tuple[Load, ...] = ()
    warnings: tuple[tuple[LoadWarning, DueRecord], ...] = ()
    beyond_calendar: tuple[DueRecord, ...] = field(default=())


def load_map(records: Iterable[DueRecord], half_terms: Iterable[HalfTermDates], within: Days) -> LoadMap:
    """The loads of the half-terms that meet these days. Every half-term there is tells what is a holiday.

    A holiday lies between two half-terms at most ten weeks apart. What is due in a month that ends in one is due in the
    half-term before it; what is due on a day there, or wholly there, is warned of.
    """
    terms = sorted(half_terms, key=lambda one: one.days.starts_on)
    falling: dict[UUID, list[DueRecord]] = {term.id: [] for term in terms}
    warnings: list[tuple[LoadWarning, DueRecord]] = []
    beyond: list[DueRecord] = []
    for record in sorted(records, key=lambda one: (one.due_ends_on, one.kind, len(one.code), one.code)):
        before = _holiday_after(terms, record.due_ends_on)
        term = next((one for one in terms if one.holds(record.due_ends_on)), None)
        if term is None and before is not None and before.touches(record):
            term = before
        if term is not None:
            falling[term.id].append(record)
            if record.due_starts_on == term.last_friday == record.due_ends_on:
                warnings.append((LoadWarning.LAST_FRIDAY, record))
        elif before is not None:
            warnings.append((LoadWarning.IN_HOLIDAY, record))
        else:
            beyond.append(record)
    shown = [one for one in terms if _meet(one.days, within)]
    return LoadMap(
        loads=tuple(_load(term, falling[term.id]) for term in shown),
        warnings=tuple(warnings),
        beyond_calendar=tuple(beyond),
    )


def reach(half_terms: Iterable[HalfTermDates], within: Days) -> Days:
    """The days, with every half-term that they meet whole and the holiday after it: what falls due there counts to it."""
    terms = sorted(half_terms, key=lambda one: one.days.starts_on)
    first, last = within.starts_on, within.ends_on
    for place, term in enumerate(terms):
        if _meet(term.days, within):
            after = terms[place + 1].days.starts_on - timedelta(days=1) if place + 1 < len(terms) else term.days.ends_on
            first, last = min(first, term.days.starts_on), max(last, after)
    return Days(first, last)


def _holiday_after(terms: list[HalfTermDates], day: date) -> HalfTermDates | None:
    """The half-term before the holiday that a day is in; none where it is in no holiday that the calendar knows of."""
    for former, later in pairwise(terms):
        if former.days.ends_on < day < later.days.starts_on:
            return former if later.days.starts_on - former.days.ends_on <= _LONGEST_HOLIDAY else None
    return None


def _load(term: HalfTermDates, records: list[DueRecord]) -> Load:
    by_academy: dict[UUID | None, Counter[LoadKind]] = {}
    by_person: dict[UUID | None, Counter[LoadKind]] = {}
    for record in records:
        for academy in record.academy_ids or (None,):
            by_academy.setdefault(academy, Counter())[record.kind] += 1
        if record.kind is not LoadKind.REVIEW:
            for person in record.person_ids or (None,):
                by_person.setdefault(person, Counter())[record.kind] += 1
    return Load(
        half_term=term,
        by_kind=Counter(record.kind for record in records),
        by_academy=by_academy,
        by_person=by_person,
    )


def _meet(one: Days, other: Days) -> bool:
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on
