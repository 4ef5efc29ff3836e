"""When the next of each recurring review is due: from the day it was last held, or from the day the stage began."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from app.domain.cadences import CadenceRule, NextDue, NoDueDate
from app.domain.framework_vocabulary import Period
from app.domain.intervals import Calendar, Days
from app.domain.periods import period_around

RULE: Final = "reviews.next_from_last_held"


class DueState(StrEnum):
    """Overdue: its last day has passed, and the trust's days of grace. Due: it may be held now. Soon: its first day is near."""

    OVERDUE = "overdue"
    DUE = "due"
    DUE_SOON = "due_soon"
    LATER = "later"
    NO_DATE = "no_date"


@dataclass(frozen=True)
class Near:
    """The trust's own days: how long before a date it is due soon, and how long after it is overdue."""

    soon: int = 14
    grace: int = 0


@dataclass(frozen=True)
class ReviewDue:
    """The next occasion of one review, and the day it was counted from."""

    state: DueState
    days: Days | None
    reason: NoDueDate | None
    counted_from: date | None
    last_held: date | None
    held: int


def next_review(
    rule: CadenceRule, held: Iterable[date], since: date | None, calendar: Calendar, *, on: date, near: Near
) -> ReviewDue:
    """`held`: the days it was held on. Those after the day asked about had not taken place yet.

    A review that belongs to a stage begins anew when the academy comes back to the stage.
    """
    days = sorted(day for day in held if day <= on)
    last = days[-1] if days else None
    begun = since is not None and (last is None or (rule.stage_id is not None and since > last))
    start = since if begun else last
    due = _due(rule, start, calendar, 1 if begun else _held_with(rule, days, calendar))
    return ReviewDue(state_of(due.days, on, near), due.days, due.reason, start, last, len(days))


def state_of(days: Days | None, on: date, near: Near) -> DueState:
    if days is None:
        return DueState.NO_DATE
    if days.ends_on + timedelta(days=near.grace) < on:
        return DueState.OVERDUE
    if days.starts_on <= on:
        return DueState.DUE
    return DueState.DUE_SOON if days.starts_on <= on + timedelta(days=near.soon) else DueState.LATER


def _due(rule: CadenceRule, start: date | None, calendar: Calendar, held_in_period: int) -> NextDue:
    """What has no cadence says so, whether or not a day is known to count from."""
    printed = rule.next_due(date(1900, 1, 1), Calendar()).reason
    if printed in (NoDueDate.NO_CADENCE, NoDueDate.NO_PERIOD):
        return NextDue(reason=printed)
    if start is None:
        return NextDue(reason=NoDueDate.NOT_RECORDED)
    return rule.next_due(start, calendar, held_in_period=held_in_period)


def _held_with(rule: CadenceRule, days: Sequence[date], calendar: Calendar) -> int:
    """How often it was held in the period of the last day; 1 where that cannot be counted."""
    if not days or rule.period is None:
        return 1
    period = period_around(days[-1], Period(rule.period), calendar, ahead=0)
    if period is None:
        return 1
    return sum(period.starts_on <= day <= days[-1] for day in days)
