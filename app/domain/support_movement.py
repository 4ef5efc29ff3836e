"""Support beside movement: what a metric did where support was given and where none was. An association, and no more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from statistics import median
from typing import Final

from app.domain.figures import Figure, figure_to_use, of_one_grain

RULE: Final = "support.association_with_movement"
SAID: Final = (
    "An association only: academies that were given support differ from those that were not in more than the support."
)


class NoMovement(StrEnum):
    """Why an academy has no movement of the metric."""

    NO_READING = "no_reading"
    NO_VALUE = "no_value"
    ONE_PERIOD_ONLY = "one_period_only"
    SERIES_BREAK = "series_break"


@dataclass(frozen=True)
class Movement:
    """From the reading that counted on the first day to the one that counted on the last, of one grain."""

    before: Figure | None = None
    after: Figure | None = None
    change: Decimal | None = None
    why: NoMovement | None = None


def movement_of(
    figures: Sequence[Figure], first: date, last: date, *, source: str | None, breaks: Iterable[date]
) -> Movement:
    """`breaks`: the days from which values are not like those before. Missing is not zero, and no change is a change of 0."""
    after = figure_to_use(figures, on=last, source=source)
    if after is None:
        return Movement(why=NoMovement.NO_READING)
    before = figure_to_use(of_one_grain(figures, after, source=source), on=first, source=source)
    if before is None or before.ends_on == after.ends_on:
        return Movement(before, after, why=NoMovement.ONE_PERIOD_ONLY)
    if before.value is None or after.value is None:
        return Movement(before, after, why=NoMovement.NO_VALUE)
    if any(before.ends_on < day <= after.ends_on for day in breaks):
        return Movement(before, after, why=NoMovement.SERIES_BREAK)
    return Movement(before, after, after.value - before.value)


@dataclass(frozen=True)
class Spread:
    """How the changes of a group of academies lie: how many there are, and how many are known."""

    academies: int
    known: int
    median: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None


def spread_of(changes: Iterable[Decimal | None]) -> Spread:
    every = list(changes)
    known = [one for one in every if one is not None]
    if not known:
        return Spread(len(every), 0, None, None, None)
    return Spread(len(every), len(known), median(known), min(known), max(known))
