"""How long an academy has been in its stage, and how long the framework expects it to be (C16)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import zip_longest
from typing import Final
from uuid import UUID

from app.domain.categorisation import CategoryDecision
from app.domain.intervals import Calendar, Days
from app.domain.stages import MaturityStage

STAY_RULE: Final = "category.consecutive_decisions_are_one_stay"
DURATION_RULE: Final = "category.latest_day_expected_by_the_framework"


class NoEnd(StrEnum):
    """Why nothing says how long a stay is expected to be."""

    OPEN_ENDED = "open_ended"
    NO_DURATION = "no_duration"
    CALENDAR_MISSING = "calendar_missing"


@dataclass(frozen=True, slots=True)
class Expected:
    """The days on which a stay is expected to end, or why nothing says so; overstayed once the last has passed."""

    days: Days | None
    why: NoEnd | None = None

    def is_over(self, on: date) -> bool | None:
        return None if self.days is None else on > self.days.ends_on


def last_days(decisions: Iterable[CategoryDecision]) -> dict[UUID, date | None]:
    """Of every decision that ever prevails the last day in force, by its id. Of several for one first day the last prevails."""
    last = {one.effective_from: one for one in sorted(decisions, key=lambda one: one.no)}
    standing = [last[day] for day in sorted(last)]
    ends = (later.effective_from - timedelta(days=1) for later in standing[1:])
    return {one.id: end for one, end in zip_longest(standing, ends)}


def expected_end(stage: MaturityStage, since: date, calendar: Calendar) -> Expected:
    days = stage.expected_end(since, calendar)
    if days is not None:
        return Expected(days)
    if stage.open_ended:
        return Expected(None, NoEnd.OPEN_ENDED)
    if stage.duration_max is None:
        return Expected(None, NoEnd.NO_DURATION)
    return Expected(None, NoEnd.CALENDAR_MISSING)
