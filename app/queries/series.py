"""The series of a metric at an academy: its readings in lines, with breaks and official comparators beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from app.domain.figures import Figure, figure_to_use, of_one_grain
from app.domain.framework_vocabulary import DefinitionStatus, Direction
from app.domain.measure_vocabulary import Absence, Basis, BreakKind, Grain, OfficialScope
from app.domain.permissions import to_see_all
from app.domain.readings import Reading
from app.domain.series import (
    GRAIN_ASKED_FOR,
    GRAIN_OF_FIGURE_TO_USE,
    LINES_END_AT_BREAKS,
    Break,
    beside,
    lines,
)
from app.queries.academies import ACADEMIES
from app.queries.figures import read_figures
from app.queries.metrics import METRICS, SERIES_BREAKS
from app.queries.named import group_named, read_named, require_readings
from app.queries.published import Published
from app.queries.reading import Moment, Reads, read_record
from app.queries.revival import read_all, told


class SeriesPoint(Published):
    """One reading of a series. It has a value, or the reason why there is none."""

    readingId: UUID | None
    startsOn: date
    endsOn: date
    value: Decimal | None
    absence: Absence | None
    numerator: Decimal | None
    denominator: Decimal | None
    definitionVersion: int = Field(description="The version of the metric's definition it was made by.")
    source: str
    recordedAt: datetime | None

    @classmethod
    def of(cls, figure: Figure) -> "SeriesPoint":
        return cls.model_construct(
            readingId=figure.reading_id,
            startsOn=figure.starts_on,
            endsOn=figure.ends_on,
            value=figure.value,
            absence=figure.absence,
            numerator=figure.numerator,
            denominator=figure.denominator,
            definitionVersion=figure.metric_version,
            source=figure.source,
            recordedAt=figure.recorded_at,
        )


class SeriesLine(Published):
    """Readings that are like one another: a line may be drawn through them, and none beyond its ends."""

    points: list[SeriesPoint]


class BreakTold(Published):
    """A day from which values are not like those before it."""

    on: date
    kind: BreakKind
    label: str


class ComparatorSeries(Published):
    """Official figures of one scope, of the grain and periods of the series. They are read, never worked out."""

    official: OfficialScope
    points: list[SeriesPoint]


class MetricTold(Published):
    """How the metric is made and shown."""

    id: UUID
    code: str
    label: str
    unit: str | None
    direction: Direction | None
    basis: Basis
    decimals: int
    definitionStatus: DefinitionStatus
    definitionVersion: int = Field(description="The version in force; each point tells its own.")


class AcademySeries(Published):
    """The series of a metric at an academy, for all pupils or one group, oldest first."""

    rule: str
    academyId: UUID
    academyCode: str
    metric: MetricTold
    groupId: UUID | None = Field(description="Null: all pupils.")
    on: date
    grain: Grain | None = Field(description="Grains are never mixed. Null where there is no reading.")
    grainRule: str | None = Field(description="Whether the grain was asked for, or is that of the figure to use.")
    otherGrains: list[Grain] = Field(description="Grains in which there are readings besides.")
    lines: list[SeriesLine] = Field(description="Oldest first. A line ends where a hard break falls.")
    breaks: list[BreakTold] = Field(description="Hard breaks end lines; soft ones are told beside them. Oldest first.")
    comparators: list[ComparatorSeries]


@dataclass(frozen=True, kw_only=True)
class SeriesAsked:
    """What is asked of a series; `metric` and `group` are codes."""

    metric: str
    group: str | None = None
    grain: Grain | None = None
    official: OfficialScope | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    on: date | None = None


async def read_series(reads: Reads, academy_id: UUID, asked: SeriesAsked, moment: Moment) -> AcademySeries:
    academy = told((await read_record(reads, ACADEMIES, academy_id, moment)).body)
    reads.actor.require(to_see_all(Reading))
    metric = await read_named(reads, METRICS, asked.metric, moment)
    require_readings(metric)
    group = await group_named(reads, asked.group, moment)
    breaks = await _breaks(reads, UUID(metric["id"]), moment)
    on = asked.on or moment.today
    until = min(on, asked.ends_on or on)
    found = await read_figures(reads, moment, until=until, academies=[academy_id], metrics=[asked.metric])
    figures = [one for one in found if one.group_id == group and _within(one, asked.starts_on)]
    own = [one for one in figures if one.official is None]
    source = metric["sourceSystem"]
    used = figure_to_use((one for one in own if asked.grain in (None, one.grain)), on=on, source=source)
    series = of_one_grain(own, used, source=source) if used is not None else []
    official = (one for one in figures if one.official is not None and asked.official in (None, one.official))
    return AcademySeries(
        rule=LINES_END_AT_BREAKS,
        academyId=academy_id,
        academyCode=academy["code"],
        metric=MetricTold(**{name: metric[name] for name in MetricTold.model_fields}),
        groupId=group,
        on=on,
        grain=asked.grain or (used.grain if used is not None else None),
        grainRule=GRAIN_ASKED_FOR if asked.grain else GRAIN_OF_FIGURE_TO_USE if used is not None else None,
        otherGrains=_other_grains(own, asked.grain or (used.grain if used is not None else None)),
        lines=[SeriesLine(points=_points(line)) for line in lines(series, breaks)],
        breaks=[BreakTold(on=one.on, kind=one.kind, label=one.label) for one in breaks],
        comparators=[
            ComparatorSeries(official=scope, points=_points(of)) for scope, of in beside(series, official).items()
        ],
    )


def _within(figure: Figure, starts_on: date | None) -> bool:
    return starts_on is None or figure.ends_on >= starts_on


def _points(figures: Iterable[Figure]) -> list[SeriesPoint]:
    return [SeriesPoint.of(one) for one in figures]


def _other_grains(figures: Iterable[Figure], grain: Grain | None) -> list[Grain]:
    found = {one.grain for one in figures}
    return [one for one in Grain if one in found and one is not grain]


async def _breaks(reads: Reads, metric_id: UUID, moment: Moment) -> list[Break]:
    found = await read_all(reads, SERIES_BREAKS, moment, metricId=metric_id)
    return sorted(Break(date.fromisoformat(one["on"]), BreakKind(one["kind"]), one["label"]) for one in found)
