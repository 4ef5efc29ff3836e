"""The way to a target: dated points, what is expected by a day, and what is still needed each week (C9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.framework_vocabulary import DayBasis
from app.domain.intervals import Calendar, Days, academic_year_code
from app.domain.ranges import range_of
from app.domain.rounding import rounded
from app.domain.vocabulary import Comparator

STEPWISE: Final = "trajectory.stepwise"
LINEAR: Final = "trajectory.linear_between_points"
_SATURDAY: Final = 5
_SHOWN: Final = 4


class PointSource(StrEnum):
    """Where a point was read: the target's own points, milestones of the objectives that serve it, the target itself."""

    TARGET_POINT = "target_point"
    MILESTONE = "milestone"
    TARGET = "target"


class Standing(StrEnum):
    AHEAD = "ahead"
    AS_EXPECTED = "as_expected"
    BEHIND = "behind"


@dataclass(frozen=True, kw_only=True)
class Point:
    """A value that is expected by a day."""

    on: date
    value: Decimal
    comparator: Comparator | None = None
    source: PointSource
    id: UUID
    code: str | None = None
    printed: str | None = None


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What is expected by now. No value: before the first point, or points of one day disagree."""

    rule: str
    value: Decimal | None = None
    since: tuple[Point, ...] = ()
    next: Point | None = None

    @property
    def disagrees(self) -> bool:
        return len({one.value for one in self.since}) > 1


@dataclass(frozen=True, kw_only=True)
class Runway:
    """What is left to do and the time there is for it. Weeks are of school days where the calendar reaches to the end."""

    ends_on: date
    remaining: Decimal
    weeks_left: Decimal
    basis: DayBasis
    per_week: Decimal | None


def points_to(own: Sequence[Point], milestones: Sequence[Point], end: Point | None) -> list[Point]:
    """A target's own points; without any, its objectives' milestones; and at the end the target itself. In order of days."""
    chosen = [*(own or milestones)]
    if end is not None and not any(one.on == end.on and one.value == end.value for one in chosen):
        chosen.append(end)
    return sorted(chosen, key=lambda one: (one.on, one.value))


def expected_by(points: Sequence[Point], on: date, *, interpolate: bool = False) -> Expected:
    """The last point on or before the day; asked to, a straight line from there to the next, and it says so."""
    rule = LINEAR if interpolate else STEPWISE
    past = [one for one in points if one.on <= on]
    following = min((one for one in points if one.on > on), key=lambda one: one.on, default=None)
    if not past:
        return Expected(rule=rule, next=following)
    since = tuple(one for one in past if one.on == past[-1].on)
    found = Expected(rule=rule, since=since, next=following)
    clashes = following and len({one.value for one in points if one.on == following.on}) > 1
    if found.disagrees or (interpolate and clashes):
        return found
    value = _between(since[0], following, on) if interpolate and following else since[0].value
    return Expected(rule=rule, value=value, since=since, next=following)


def standing(difference: Decimal, comparator: Comparator) -> Standing:
    """Ahead or behind by how far the value is above what is expected, as the comparator points. Exactly is never ahead."""
    if difference == 0:
        return Standing.AS_EXPECTED
    if comparator is Comparator.EQUAL:
        return Standing.BEHIND
    rising = comparator in (Comparator.ABOVE, Comparator.AT_LEAST)
    return Standing.AHEAD if (difference > 0) is rising else Standing.BEHIND


def runway(
    value: Decimal, threshold: Decimal, comparator: Comparator, *, on: date, ends_on: date, calendar: Calendar
) -> Runway:
    """The change that is still needed, and by how much a week: no weeks, no pace."""
    remaining = Decimal(0) if range_of(comparator, threshold).holds(value) else threshold - value
    days = Days(on + timedelta(days=1), ends_on) if on < ends_on else None
    weeks, basis = _weeks(days, calendar)
    return Runway(
        ends_on=ends_on,
        remaining=remaining,
        weeks_left=weeks,
        basis=basis,
        per_week=rounded(remaining / weeks, decimals=_SHOWN) if weeks else None,
    )


def _between(start: Point, end: Point, on: date) -> Decimal:
    gone, whole = (on - start.on).days, (end.on - start.on).days
    return start.value + (end.value - start.value) * gone / whole


def _weeks(days: Days | None, calendar: Calendar) -> tuple[Decimal, DayBasis]:
    """Weeks of five school days, where the calendar reaches to the end; else weeks of seven days."""
    basis = DayBasis.SCHOOL if days and _reaches(calendar, days.ends_on) else DayBasis.CALENDAR
    if days is None:
        return Decimal(0), basis
    if basis is DayBasis.CALENDAR:
        return Decimal((days.ends_on - days.starts_on).days + 1) / 7, basis
    taught = calendar.half_terms or tuple(Days(one.starts_on, one.ends_on) for one in calendar.terms)
    return Decimal(sum(_school_days(days, one) for one in taught)) / 5, basis


def _reaches(calendar: Calendar, end: date) -> bool:
    return any(one.year_code == academic_year_code(end) or one.ends_on >= end for one in calendar.terms)


def _school_days(days: Days, taught: Days) -> int:
    first, last = max(days.starts_on, taught.starts_on), min(days.ends_on, taught.ends_on)
    span = range((last - first).days + 1) if first <= last else range(0)
    return sum((first + timedelta(days=past)).weekday() < _SATURDAY for past in span)
