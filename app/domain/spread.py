"""Spread within a trust: median and range of what academies of one period have. It is never a comparator."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.figures import Figure, figure_to_use, of_one_grain
from app.domain.measure_vocabulary import Grain

PERIOD_OF_MOST_ACADEMIES: Final = "spread.period_of_most_academies"
_EXACT: Final = Context(prec=60)
Period = tuple[date, int, Grain, date]
"""The last day, the length, the grain and the first day of a period: sorted by which of two is the later or longer."""


class Excluded(StrEnum):
    """Why an academy is left out of a spread."""

    ABSENCE = "absence"
    OTHER_DEFINITION = "other_definition"
    OTHER_PERIOD = "other_period"
    OTHER_GRAIN = "other_grain"
    NO_READING = "no_reading"


@dataclass(frozen=True)
class Share:
    """What an academy brings to a spread: its figure, or why it is left out."""

    academy_id: UUID
    figure: Figure | None
    excluded: Excluded | None = None


@dataclass(frozen=True)
class Spread:
    """All academies, and what those that are included come to. Without any there are no figures."""

    period: Figure | None
    shares: tuple[Share, ...]
    median: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None

    @property
    def range(self) -> Decimal | None:
        if self.lowest is None or self.highest is None:
            return None
        return _EXACT.subtract(self.highest, self.lowest)


def spread(
    figures: Mapping[UUID, Iterable[Figure]], *, on: date, grain: Grain | None = None, source: str | None = None
) -> Spread:
    """Of every academy the figure of one period: the one that is the latest of most academies, the later of two.

    Grains, periods and definitions are never mixed. An academy that has no such figure is told with the figure it has.
    """
    every = {academy: [one for one in own if one.ends_on <= on] for academy, own in figures.items()}
    named = {academy: [one for one in own if grain in (None, one.grain)] for academy, own in every.items()}
    latest = [used for own in named.values() if (used := figure_to_use(own, on=on, source=source)) is not None]
    if not latest:
        return Spread(None, tuple(_left_out(academy, own, None, source) for academy, own in every.items()))
    counts = Counter(_period(one) for one in latest)
    period = max(counts, key=lambda one: (counts[one], one))
    at = {academy: _at(own, period, source) for academy, own in every.items()}
    version = max(one.metric_version for one in at.values() if one is not None)
    shares = [
        _share(academy, one, version) if one is not None else _left_out(academy, every[academy], period[2], source)
        for academy, one in at.items()
    ]
    values = sorted(
        share.figure.value
        for share in shares
        if share.excluded is None and share.figure is not None and share.figure.value is not None
    )
    shown = next(one for one in latest if _period(one) == period)
    if not values:
        return Spread(shown, tuple(shares))
    return Spread(shown, tuple(shares), median(values), values[0], values[-1])


def median(values: list[Decimal]) -> Decimal:
    """The middle of sorted values; between two, their mean, exactly."""
    half = len(values) // 2
    if len(values) % 2:
        return values[half]
    return _EXACT.divide(_EXACT.add(values[half - 1], values[half]), Decimal(2))


def _period(figure: Figure) -> Period:
    return figure.ends_on, (figure.ends_on - figure.starts_on).days, figure.grain, figure.starts_on


def _at(figures: Iterable[Figure], period: Period, source: str | None) -> Figure | None:
    found = [one for one in figures if _period(one) == period]
    return of_one_grain(found, found[0], source=source)[0] if found else None


def _share(academy: UUID, figure: Figure, version: int) -> Share:
    if figure.metric_version != version:
        return Share(academy, figure, Excluded.OTHER_DEFINITION)
    return Share(academy, figure, Excluded.ABSENCE if figure.value is None else None)


def _left_out(academy: UUID, figures: list[Figure], grain: Grain | None, source: str | None) -> Share:
    of_grain = [one for one in figures if one.grain is grain]
    used = figure_to_use(of_grain or figures, on=date.max, source=source)
    if used is None:
        return Share(academy, None, Excluded.NO_READING)
    return Share(academy, used, Excluded.OTHER_PERIOD if of_grain else Excluded.OTHER_GRAIN)
