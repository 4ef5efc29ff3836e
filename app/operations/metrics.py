"""What is done to metrics and asked of them: define them anew, the spread within the trust, an academy's series."""

from typing import Final
from uuid import UUID

from pydantic import Field

from app.commands.metrics import redefine_metric
from app.db.unit_of_work import UnitOfWork
from app.domain.framework_vocabulary import DefinitionStatus, Direction
from app.domain.measure_vocabulary import Basis, Grain, OfficialScope
from app.domain.metrics import Metric
from app.domain.roles import Permission
from app.operations.asked import AskedOn
from app.operations.bodies import Body, Code, Day, Text
from app.operations.operation import Answer, Change
from app.queries.academies import ACADEMIES
from app.queries.metrics import METRICS
from app.queries.reading import Moment, Reads
from app.queries.series import AcademySeries, SeriesAsked, read_series
from app.queries.spreads import SpreadAsked, TrustSpread, read_spread


class MetricRedefinition(Body):
    """What it measures from now on. What is left out stays as it is."""

    definition: Text | None = None
    unit: Text | None = None
    direction: Direction | None = None
    numerator: Text | None = None
    denominator: Text | None = None
    cohort_basis: Text | None = None
    basis: Basis | None = None
    definition_status: DefinitionStatus | None = None
    reason: Text = Field(description="Why it is defined anew.")
    breaks_on: Day | None = Field(
        default=None,
        description="The first day of values unlike those before: no line is drawn across it. Left out: they stay alike.",
    )


class OfGroup(AskedOn):
    """The pupils and the kind of period that are asked about."""

    group: Code | None = Field(default=None, description="Code of the pupil group; left out: all pupils.")
    grain: Grain | None = Field(
        default=None, description="Grains are never mixed; left out: that of the figure to use."
    )


class OfMetric(OfGroup):
    """The series asked for."""

    metric: Code = Field(description="Code of the metric.")
    official: OfficialScope | None = Field(
        default=None, description="Official comparators of this scope alone; left out: of every scope."
    )
    starts_on: Day | None = Field(default=None, alias="from", description="Periods that end on or after this day.")
    ends_on: Day | None = Field(default=None, alias="to", description="Periods that end by this day.")


async def _redefine(work: UnitOfWork, metric_id: UUID, body: MetricRedefinition, version: int) -> Metric:
    definition = body.given()
    reason, breaks_on = definition.pop("reason"), definition.pop("breaks_on", None)
    return await redefine_metric(work, metric_id, definition, reason=reason, breaks_on=breaks_on, version=version)


async def _spread(reads: Reads, metric_id: UUID, asked: OfGroup, moment: Moment) -> TrustSpread:
    return await read_spread(reads, metric_id, SpreadAsked(on=asked.on, group=asked.group, grain=asked.grain), moment)


async def _series(reads: Reads, academy_id: UUID, asked: OfMetric, moment: Moment) -> AcademySeries:
    wanted = SeriesAsked(
        metric=asked.metric,
        group=asked.group,
        grain=asked.grain,
        official=asked.official,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        on=asked.on,
    )
    return await read_series(reads, academy_id, wanted, moment)


CHANGES: Final = (
    Change(
        name="redefineMetric",
        of=METRICS,
        gives=METRICS,
        path="redefinition",
        summary="Define a metric anew",
        doc="Readings keep the version of the definition that they were made by. With `breaksOn` the series breaks there.",
        body=MetricRedefinition,
        run=_redefine,
    ),
)
ANSWERS: Final = (
    Answer(
        name="getMetricSpread",
        of=METRICS,
        path="spread",
        tag="metrics",
        summary="Median and range of a metric within the trust",
        doc="Of the period that is the latest of most academies, with every academy that is left out and why.\n\n"
        "It is a spread and never a comparator.",
        asked=OfGroup,
        gives=TrustSpread,
        read=_spread,
        needs=Permission.READ_SENSITIVE,
    ),
    Answer(
        name="getAcademySeries",
        of=ACADEMIES,
        path="series",
        tag="academies",
        summary="A metric's readings over time, at an academy",
        doc="Oldest first, in lines that end where the series breaks, with official comparators of the same periods beside.",
        asked=OfMetric,
        gives=AcademySeries,
        read=_series,
        needs=Permission.READ_SENSITIVE,
    ),
)
