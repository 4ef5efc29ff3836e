"""What is done to metrics and asked of them: define them anew, the spread within the trust, an academy's series."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from app.api.bodies import Body, Code, Day, Text, json_of
from app.api.computed import AskedOn, answer_of
from app.api.credentials import Caller
from app.api.openapi import RecordId, answers, body_of
from app.api.preconditions import expected_version
from app.api.writing import Writing
from app.commands.metrics import redefine_metric
from app.domain.framework_vocabulary import DefinitionStatus, Direction
from app.domain.measure_vocabulary import Basis, Grain, OfficialScope
from app.queries.metrics import METRICS
from app.queries.published import record_model
from app.queries.series import AcademySeries, SeriesAsked, read_series
from app.queries.spreads import SpreadAsked, TrustSpread, read_spread

router = APIRouter(prefix="/v1/metrics", tags=["metrics"])
of_academies = APIRouter(prefix="/v1/academies", tags=["academies"])


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


@router.post(
    "/{id}/redefinition", name="redefineMetric", summary="Define a metric anew",
    **answers(record_model(METRICS), 400, 401, 403, 404, 409, 412, 413, 415, 422, 428, headers=("ETag",),
              extra=body_of(MetricRedefinition, match=True, key=True)),
)  # fmt: skip
async def redefine(
    record_id: RecordId,
    request: Request,
    actor: Caller,
    body: Annotated[MetricRedefinition, Depends(json_of(MetricRedefinition))],
) -> Response:
    """Readings keep the version of the definition that they were made by. With `breaksOn` the series breaks there."""
    version, definition = expected_version(request), body.given()
    reason, breaks_on = definition.pop("reason"), definition.pop("breaks_on", None)
    return await Writing(request, actor, METRICS).run(
        lambda work: redefine_metric(work, record_id, definition, reason=reason, breaks_on=breaks_on, version=version)
    )


@router.get(
    "/{id}/spread", name="getMetricSpread", summary="Median and range of a metric within the trust",  # noqa: FAST003  RecordId is its alias
    **answers(TrustSpread, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_spread(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[OfGroup, Query()]
) -> Response:
    """Of the period that is the latest of most academies, with every academy that is left out and why.

    It is a spread and never a comparator.
    """
    wanted = SpreadAsked(on=asked.on, group=asked.group, grain=asked.grain)
    return await answer_of(
        request,
        actor,
        lambda reads, moment: read_spread(reads, record_id, wanted, moment),
        as_known_at=asked.as_known_at,
    )


@of_academies.get(
    "/{id}/series", name="getAcademySeries", summary="A metric's readings over time, at an academy",  # noqa: FAST003  RecordId is its alias
    **answers(AcademySeries, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_series(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[OfMetric, Query()]
) -> Response:
    """Oldest first, in lines that end where the series breaks, with official comparators of the same periods beside."""
    wanted = SeriesAsked(
        metric=asked.metric,
        group=asked.group,
        grain=asked.grain,
        official=asked.official,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        on=asked.on,
    )
    return await answer_of(
        request,
        actor,
        lambda reads, moment: read_series(reads, record_id, wanted, moment),
        as_known_at=asked.as_known_at,
    )
