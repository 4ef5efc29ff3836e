"""Figures: readings as rules look at them, and which of several is the one to use."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from app.domain.measure_vocabulary import Absence, Grain, OfficialScope


@dataclass(frozen=True, slots=True)
class Figure:
    """A value of a metric in a period, or the reason why there is none. Without a reading id it was worked out here."""

    metric: str
    grain: Grain
    starts_on: date
    ends_on: date
    value: Decimal | None = None
    absence: Absence | None = None
    reading_id: UUID | None = None
    academy_id: UUID | None = None
    group_id: UUID | None = None
    official: OfficialScope | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    source: str = ""
    recorded_at: datetime | None = None
    metric_version: int = 1


def figure_to_use(figures: Iterable[Figure], *, on: date, source: str | None = None) -> Figure | None:
    """Of figures of one metric, academy and group the one that says how things stand on a day.

    The latest period that has ended; of several that end together the longest; of several sources the one that the
    metric names, else the one recorded last. Absences count: the latest period has no value, and so says nothing.
    """
    ended = [one for one in figures if one.ends_on <= on]
    return max(ended, key=lambda one: _rank(one, source), default=None)


def of_one_grain(figures: Iterable[Figure], used: Figure, *, source: str | None = None) -> list[Figure]:
    """The series that a figure stands in, oldest first: its own grain alone, one figure for each period."""
    best: dict[tuple[date, date], Figure] = {}
    for one in figures:
        if one.grain is used.grain:
            period = (one.starts_on, one.ends_on)
            if period not in best or precedence(one, source) > precedence(best[period], source):
                best[period] = one
    return sorted(best.values(), key=lambda one: (one.ends_on, one.starts_on))


def precedence(figure: Figure, source: str | None) -> tuple[bool, float, str]:
    """Of figures of one period the highest prevails: of the source that the metric names, else the one recorded last."""
    recorded = figure.recorded_at.timestamp() if figure.recorded_at else 0.0
    return figure.source == source, recorded, str(figure.reading_id)


def _rank(figure: Figure, source: str | None) -> tuple[date, int, tuple[bool, float, str]]:
    return figure.ends_on, (figure.ends_on - figure.starts_on).days, precedence(figure, source)
