"""Shares of what was observed: how much of it was judged good or better, or outstanding, and which way that moves (C6, C7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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
    is_own: bool = False
    """Recorded by whoever asks."""
    is_of_term: bool = False
    """Told on the last day of its term, whatever its own day was."""


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


def is_large_enough(others: Shares, feed: Feed, smallest: int) -> bool:
    """Whether what others recorded may be counted: neither those that count for the share nor the rest are a few."""
    part = others.part(feed)
    return not any(0 < count < smallest for count in (part, others.judged - part))


def in_whole_terms(
    sightings: Sequence[Sighting], calendar: Calendar, *, before: date, feeds: Iterable[Feed], smallest: int
) -> list[Sighting]:
    """What may be told to those who are not told single grades: terms that are over, each whole or not at all.

    Stretches that begin or end within a term could be taken from one another until a single lesson is left.
    """
    asked, told = frozenset(feeds), []
    for term in (one for one in calendar.terms if one.ends_on < before):
        within = [one for one in sightings if term.starts_on <= one.on <= term.ends_on]
        others = shares_within((one for one in within if not one.is_own), Days(term.starts_on, term.ends_on))
        if all(is_large_enough(others, feed, smallest) for feed in asked):
            told += [replace(one, on=term.ends_on, is_of_term=True) for one in within]
    return told


def by_part(sightings: Sequence[Sighting], calendar: Calendar, within: Days) -> list[PartOfPeriod]:
    """By half-term, those that lie within these days, oldest first; by term where there are none, or only terms are told."""
    terms = tuple(Days(one.starts_on, one.ends_on) for one in calendar.terms)
    halves = () if any(one.is_of_term for one in sightings) else calendar.half_terms
    grain = Grain.HALF_TERM if halves else Grain.TERM
    parts = sorted(halves or terms, key=lambda one: one.starts_on)
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
