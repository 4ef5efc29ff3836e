"""Shares of what was observed: how much of it was judged good or better, or outstanding, and which way that moves (C6, C7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final

from app.domain.figures import Figure
from app.domain.intervals import Calendar, Days
from app.domain.measure_vocabulary import Absence, Feed, Grain, ProgressGrade

GOOD_OR_BETTER: Final = "observations.good_or_better_of_judged"
OUTSTANDING: Final = "observations.outstanding_of_judged"
_GOOD: Final = frozenset({ProgressGrade.OUTSTANDING, ProgressGrade.GOOD})
OWN_OBSERVATIONS: Final = "observations"
"""The source of figures that are worked out from observations held here."""


class Movement(StrEnum):
    RISING = "rising"
    FALLING = "falling"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Sighting:
    """So many observations of one day with one grade of progress; without a grade they were not judged."""

    on: date
    grade: ProgressGrade | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Shares:
    """Counts of observations. What was not judged is told, and part of no share."""

    judged: int = 0
    unjudged: int = 0
    good_or_better: int = 0
    outstanding: int = 0

    def share(self, feed: Feed) -> Decimal | None:
        """In per cent of those judged, exact; of none judged there is no share."""
        return Decimal(100 * self.part(feed)) / self.judged if self.judged else None

    def part(self, feed: Feed) -> int:
        return self.outstanding if feed is Feed.OBSERVED_OUTSTANDING else self.good_or_better


@dataclass(frozen=True, slots=True)
class PartOfPeriod:
    """The shares of one half-term or term."""

    grain: Grain
    days: Days
    shares: Shares


def shares_within(sightings: Iterable[Sighting], days: Days) -> Shares:
    judged = unjudged = good = outstanding = 0
    for one in sightings:
        if not days.starts_on <= one.on <= days.ends_on:
            continue
        if one.grade is None:
            unjudged += one.count
        else:
            judged += one.count
            good += one.count * (one.grade in _GOOD)
            outstanding += one.count * (one.grade is ProgressGrade.OUTSTANDING)
    return Shares(judged, unjudged, good, outstanding)


def by_part(sightings: Sequence[Sighting], calendar: Calendar, within: Days) -> list[PartOfPeriod]:
    """By half-term, or by term where the calendar has no half-terms: those that lie within these days, oldest first."""
    terms = [Days(one.starts_on, one.ends_on) for one in calendar.terms]
    grain = Grain.HALF_TERM if calendar.half_terms else Grain.TERM
    parts = sorted(calendar.half_terms or terms, key=lambda one: one.starts_on)
    whole = [one for one in parts if within.starts_on <= one.starts_on and one.ends_on <= within.ends_on]
    return [PartOfPeriod(grain, one, shares_within(sightings, one)) for one in whole]


def movement(parts: Sequence[PartOfPeriod], feed: Feed) -> Movement | None:
    """Which way a share moved between the last two parts in which anything was judged. One alone moves nowhere."""
    told = [share for one in parts if (share := one.shares.share(feed)) is not None]
    steps = list(pairwise(told))
    if not steps:
        return None
    former, latter = steps[-1]
    if latter == former:
        return Movement.LEVEL
    return Movement.RISING if latter > former else Movement.FALLING


def observed_figure(metric: str, feed: Feed, shares: Shares, days: Days, *, grain: Grain = Grain.WINDOW) -> Figure:
    """The share as a figure, without a reading of its own."""
    share = shares.share(feed)
    return Figure(
        metric=metric,
        grain=grain,
        starts_on=days.starts_on,
        ends_on=days.ends_on,
        value=share,
        absence=None if share is not None else Absence.NOT_AVAILABLE,
        numerator=Decimal(shares.part(feed)) if share is not None else None,
        denominator=Decimal(shares.judged),
        source=OWN_OBSERVATIONS,
    )
