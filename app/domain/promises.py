"""Promises: what a target or milestone asks for, and everything there is to hold it against."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, TypeAlias
from uuid import UUID

from app.domain.figures import Figure, figure_to_use, of_one_grain
from app.domain.framework_vocabulary import Period
from app.domain.intervals import Calendar, Days
from app.domain.measure_vocabulary import BreakKind, Feed, OfficialScope, Trend
from app.domain.metrics import Metric
from app.domain.observed_shares import Sighting, by_part, observed_figure, shares_within
from app.domain.periods import period_around
from app.domain.vocabulary import Comparator, MeasureKind

LENIENCE: Final = timedelta(days=31)
"""How long after a promise's end a period may end that still counts for it: a summer's results, a term at Easter."""
EVERYBODY: Final = "all"
"""Code of the pupil group that is no group: figures of it are those of all pupils."""
Series: TypeAlias = tuple[str, UUID | None, OfficialScope | None]
"""A metric, a pupil group and whose official figure it is; the latter two null for an academy's own of all pupils."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What is promised, as it stood when it is asked about."""

    kind: MeasureKind = MeasureKind.NUMERIC
    metric: str | None = None
    comparator: Comparator | None = None
    value: Decimal | None = None
    printed: str | None = None
    group_id: UUID | None = None
    gap_group_id: UUID | None = None
    gap_official: OfficialScope | None = None
    trend: Trend | None = None
    trend_metric: str | None = None
    trend_condition: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def is_gap(self) -> bool:
        return self.gap_group_id is not None or self.gap_official is not None

    def is_over(self, on: date) -> bool:
        """Whether its day has come. Before that, not met means not met yet."""
        return self.ends_on is not None and on >= self.ends_on


@dataclass(frozen=True)
class Measure:
    """A metric with the days on which its series breaks for good."""

    metric: Metric
    broken_on: tuple[date, ...] = ()

    @classmethod
    def of(cls, metric: Metric, breaks: Iterable[tuple[date, BreakKind]] = ()) -> "Measure":
        return cls(metric, tuple(sorted(on for on, kind in breaks if kind is BreakKind.HARD)))

    @property
    def is_observed(self) -> bool:
        return self.metric.feed is not Feed.READINGS

    def breaks_between(self, former: Figure, latter: Figure) -> bool:
        return any(former.ends_on < day <= latter.ends_on for day in self.broken_on)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of one academy on a day: its figures and official ones, its lessons observed, and the calendar."""

    on: date
    measures: Mapping[str, Measure] = field(default_factory=dict)
    figures: Mapping[Series, Sequence[Figure]] = field(default_factory=dict)
    lessons: Sequence[Sighting] = ()
    calendar: Calendar = field(default_factory=Calendar)

    def of_promise(self, promise: Promise, series: Series) -> Figure | None:
        """The figure that a promise is held against: the latest that has ended and belongs to the promise's time."""
        measure = self.measures[series[0]]
        if measure.is_observed:
            return self._observed(measure, promise) if series[1:] == (None, None) else None
        mine = [one for one in self.figures.get(series, ()) if _belongs(one, promise.ends_on)]
        return figure_to_use(mine, on=self.on, source=measure.metric.source_system)

    def latest(self, series: Series) -> Figure | None:
        """How things stand, whatever has been promised for when."""
        source = self.measures[series[0]].metric.source_system
        return figure_to_use(self.figures.get(series, ()), on=self.on, source=source)

    def same_period(self, series: Series, used: Figure) -> Figure | None:
        """The figure of another series that may be laid beside: of the same period and grain."""
        period = (used.grain, used.starts_on, used.ends_on)
        beside = [one for one in self.figures.get(series, ()) if (one.grain, one.starts_on, one.ends_on) == period]
        return figure_to_use(beside, on=self.on, source=self.measures[series[0]].metric.source_system)

    def run_up(self, promise: Promise, series: Series) -> list[Figure]:
        """The series of one grain that leads up to the figure a promise is held against, oldest first."""
        measure = self.measures[series[0]]
        if measure.is_observed:
            return self._observed_run(measure, promise)
        used = self.of_promise(promise, series)
        if used is None:
            return []
        run = of_one_grain(self.figures[series], used, source=measure.metric.source_system)
        return [one for one in run if one.ends_on <= used.ends_on]

    def _observed(self, measure: Measure, promise: Promise) -> Figure | None:
        days = self._days_of(promise)
        if days is None:
            return None
        shares = shares_within(self.lessons, days)
        return observed_figure(measure.metric.code, measure.metric.feed, shares, days)

    def _days_of(self, promise: Promise) -> Days | None:
        """The promise's phase so far, or the term it is asked about in; the whole term where it is over."""
        last = self._until(promise)
        if promise.starts_on is None:
            term = period_around(last, Period.TERM, self.calendar, ahead=0)
            return Days(term.starts_on, min(term.ends_on, self.on)) if term and term.starts_on <= self.on else None
        return Days(promise.starts_on, last) if promise.starts_on <= last else None

    def _observed_run(self, measure: Measure, promise: Promise) -> list[Figure]:
        parts = by_part(self.lessons, self.calendar, Days(date.min, self._until(promise)))
        code, feed = measure.metric.code, measure.metric.feed
        return [
            observed_figure(code, feed, one.shares, one.days, grain=one.grain) for one in parts if one.shares.judged
        ]

    def _until(self, promise: Promise) -> date:
        return min(self.on, promise.ends_on) if promise.ends_on else self.on


def _belongs(figure: Figure, end: date | None) -> bool:
    """Whether a period counts for a promise of that end: it lies before it for the most part, and ends soon after at the latest."""
    if end is None or figure.ends_on <= end:
        return True
    middle = figure.starts_on + (figure.ends_on - figure.starts_on) / 2
    return middle <= end and figure.ends_on <= end + LENIENCE
