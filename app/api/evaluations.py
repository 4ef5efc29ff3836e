"""What is asked of promises and figures: verdicts, levels of values, gaps, observations counted."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.asking import Instant
from app.api.bodies import Code, Day
from app.api.computed import AskedOn, answer_of
from app.api.credentials import Caller
from app.api.openapi import RecordId, answers
from app.domain.measure_vocabulary import ObservationKind
from app.domain.periods import require_order
from app.domain.promises import EVERYBODY
from app.queries.band_levels import IndicatorEvaluation, evaluate_indicator
from app.queries.evaluations import (
    Asked,
    PlanEvaluations,
    PromiseEvaluated,
    evaluate_milestone,
    evaluate_plan,
    evaluate_target,
)
from app.queries.group_gaps import GroupGap, read_gap
from app.queries.observation_summaries import ObservationSummary, Span, summarise_observations
from app.queries.reading import Moment

of_targets = APIRouter(prefix="/v1/targets", tags=["targets"])
of_milestones = APIRouter(prefix="/v1/milestones", tags=["milestones"])
of_plans = APIRouter(prefix="/v1/plans", tags=["plans"])
of_indicators = APIRouter(prefix="/v1/indicators", tags=["indicators"])
of_academies = APIRouter(prefix="/v1/academies", tags=["academies"])


class OfPromise(AskedOn):
    """For whom a promise is evaluated, and how what is expected between its points is told."""

    academy_id: UUID | None = Field(
        default=None, alias="academyId", description="For this academy alone; left out: for each that the plan is for."
    )
    interpolate: bool = Field(
        default=False,
        description="Whether a straight line is drawn between points; else the last point holds until the next.",
    )

    def asked(self, moment: Moment) -> Asked:
        return Asked(on=self.on or moment.today, academy_id=self.academy_id, interpolate=self.interpolate)


class OfValue(BaseModel):
    model_config = ConfigDict(extra="forbid")

    value: Annotated[Decimal, Field(max_digits=40, decimal_places=20, allow_inf_nan=False)] = Field(
        description="Any value, whether there can be such a one or not."
    )


class OfGap(AskedOn):
    """The two whose values are laid beside one another."""

    metric: Code = Field(description="Code of the metric.")
    group: Code = Field(default=EVERYBODY, description="Code of the pupil group; left out: all pupils.")
    other: Code = Field(
        description="Code of the group whose value is taken away, or an official scope such as `england_other`."
    )


class OfObservations(BaseModel):
    """The observations that are counted."""

    model_config = ConfigDict(extra="forbid")

    starts_on: Day | None = Field(
        default=None, alias="from", description="The first day; left out: of the academic year of the last day."
    )
    ends_on: Day | None = Field(default=None, alias="to", description="The last day; left out: today.")
    kind: ObservationKind = Field(default=ObservationKind.LESSON, description="Kinds are never counted together.")
    as_known_at: Instant | None = Field(
        default=None,
        alias="asKnownAt",
        description="By what the trust knew at this instant; left out: all it knows now.",
    )

    def span(self, today: date) -> Span:
        span = Span(starts_on=self.starts_on, ends_on=self.ends_on, kind=self.kind)
        if span.starts_on:
            require_order(span.starts_on, span.ends_on or today)
        return span


@of_targets.get(
    "/{id}/evaluation", name="evaluateTarget", summary="Whether a target is met",  # noqa: FAST003  RecordId is its alias
    **answers(PromiseEvaluated, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_target(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[OfPromise, Query()]
) -> Response:
    """The verdict for each academy with its reason and readings, what is expected by now, and what is still needed."""
    return await answer_of(
        request,
        actor,
        lambda reads, moment: evaluate_target(reads, record_id, asked.asked(moment), moment),
        as_known_at=asked.as_known_at,
    )


@of_milestones.get(
    "/{id}/evaluation", name="evaluateMilestone", summary="Whether the figures meet a milestone",  # noqa: FAST003  RecordId is its alias
    **answers(PromiseEvaluated, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_milestone(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[OfPromise, Query()]
) -> Response:
    """By the figures alone; the milestone's status is moved by people. It stands in the series of its fellows."""
    return await answer_of(
        request,
        actor,
        lambda reads, moment: evaluate_milestone(reads, record_id, asked.asked(moment), moment),
        as_known_at=asked.as_known_at,
    )


@of_plans.get(
    "/{id}/evaluations", name="evaluatePlan", summary="Every target and numeric milestone of a plan, evaluated",  # noqa: FAST003  RecordId is its alias
    **answers(PlanEvaluations, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_plan(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[OfPromise, Query()]
) -> Response:
    """Each with its verdict and why; those in words too, which no figure settles."""
    return await answer_of(
        request,
        actor,
        lambda reads, moment: evaluate_plan(reads, record_id, asked.asked(moment), moment),
        as_known_at=asked.as_known_at,
    )


@of_indicators.get(
    "/{id}/evaluation", name="evaluateIndicator", summary="What a value of an indicator stands for",  # noqa: FAST003  RecordId is its alias
    **answers(IndicatorEvaluation, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_indicator(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[OfValue, Query()]
) -> Response:
    """Every band that holds the value, by the edition the indicator stands in. A tie is told, unless a policy decides it."""
    return await answer_of(
        request, actor, lambda reads, moment: evaluate_indicator(reads, record_id, asked.value, moment)
    )


@of_academies.get(
    "/{id}/gap", name="getGroupGap", summary="The gap between pupil groups, or to an official comparator",  # noqa: FAST003  RecordId is its alias
    **answers(GroupGap, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_gap(record_id: RecordId, request: Request, actor: Caller, asked: Annotated[OfGap, Query()]) -> Response:
    """Group minus other, both of the latest period of one kind; where it cannot be told, why."""
    return await answer_of(
        request,
        actor,
        lambda reads, moment: read_gap(
            reads,
            record_id,
            metric=asked.metric,
            group=asked.group,
            other=asked.other,
            on=asked.on or moment.today,
            moment=moment,
        ),
        as_known_at=asked.as_known_at,
    )


@of_academies.get(
    "/{id}/observation-summary", name="summariseObservations", summary="Observations of an academy, counted",  # noqa: FAST003  RecordId is its alias
    **answers(ObservationSummary, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_observations(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[OfObservations, Query()]
) -> Response:
    """How many were judged good or better, with both counts, and the targets that quote it."""
    return await answer_of(
        request,
        actor,
        lambda reads, moment: summarise_observations(reads, record_id, asked.span(moment.today), moment),
        as_known_at=asked.as_known_at,
    )
