"""What is asked of promises and figures: verdicts, levels of values, gaps, observations counted."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.domain.measure_vocabulary import ObservationKind
from app.domain.periods import require_order
from app.domain.promises import EVERYBODY
from app.domain.roles import Permission
from app.operations.asked import AskedOn, Instant
from app.operations.bodies import Code, Day
from app.operations.operation import Answer
from app.queries.academies import ACADEMIES
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
from app.queries.indicators import INDICATORS
from app.queries.milestones import MILESTONES
from app.queries.observation_summaries import ObservationSummary, Span, summarise_observations
from app.queries.plans import PLANS
from app.queries.reading import Moment, Reads
from app.queries.targets import TARGETS


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


async def _target(reads: Reads, target_id: UUID, asked: OfPromise, moment: Moment) -> PromiseEvaluated:
    return await evaluate_target(reads, target_id, asked.asked(moment), moment)


async def _milestone(reads: Reads, milestone_id: UUID, asked: OfPromise, moment: Moment) -> PromiseEvaluated:
    return await evaluate_milestone(reads, milestone_id, asked.asked(moment), moment)


async def _plan(reads: Reads, plan_id: UUID, asked: OfPromise, moment: Moment) -> PlanEvaluations:
    return await evaluate_plan(reads, plan_id, asked.asked(moment), moment)


async def _indicator(reads: Reads, indicator_id: UUID, asked: OfValue, moment: Moment) -> IndicatorEvaluation:
    return await evaluate_indicator(reads, indicator_id, asked.value, moment)


async def _gap(reads: Reads, academy_id: UUID, asked: OfGap, moment: Moment) -> GroupGap:
    return await read_gap(
        reads,
        academy_id,
        metric=asked.metric,
        group=asked.group,
        other=asked.other,
        on=asked.on or moment.today,
        moment=moment,
    )


async def _observations(reads: Reads, academy_id: UUID, asked: OfObservations, moment: Moment) -> ObservationSummary:
    return await summarise_observations(reads, academy_id, asked.span(moment.today), moment)


ANSWERS: Final = (
    Answer(
        name="evaluateTarget",
        of=TARGETS,
        path="evaluation",
        tag="targets",
        summary="Whether a target is met",
        doc="The verdict for each academy with its reason and readings, what is expected by now, and what is still needed.",
        asked=OfPromise,
        gives=PromiseEvaluated,
        read=_target,
        needs=Permission.READ_SENSITIVE,
    ),
    Answer(
        name="evaluateMilestone",
        of=MILESTONES,
        path="evaluation",
        tag="milestones",
        summary="Whether the figures meet a milestone",
        doc="By the figures alone; the milestone's status is moved by people. It stands in the series of its fellows.",
        asked=OfPromise,
        gives=PromiseEvaluated,
        read=_milestone,
        needs=Permission.READ_SENSITIVE,
    ),
    Answer(
        name="evaluatePlan",
        of=PLANS,
        path="evaluations",
        tag="plans",
        summary="Every target and numeric milestone of a plan, evaluated",
        doc="Each with its verdict and why; those in words too, which no figure settles.",
        asked=OfPromise,
        gives=PlanEvaluations,
        read=_plan,
        needs=Permission.READ_SENSITIVE,
    ),
    Answer(
        name="evaluateIndicator",
        of=INDICATORS,
        path="evaluation",
        tag="indicators",
        summary="What a value of an indicator stands for",
        doc="Every band that holds the value, by the edition the indicator stands in. A tie is told, unless a policy decides it.",
        asked=OfValue,
        gives=IndicatorEvaluation,
        read=_indicator,
    ),
    Answer(
        name="getGroupGap",
        of=ACADEMIES,
        path="gap",
        tag="academies",
        summary="The gap between pupil groups, or to an official comparator",
        doc="Group minus other, both of the latest period of one kind; where it cannot be told, why.",
        asked=OfGap,
        gives=GroupGap,
        read=_gap,
        needs=Permission.READ_SENSITIVE,
    ),
    Answer(
        name="summariseObservations",
        of=ACADEMIES,
        path="observation-summary",
        tag="academies",
        summary="Observations of an academy, counted",
        doc="How many were judged good or better, with both counts, and the targets that quote it.",
        asked=OfObservations,
        gives=ObservationSummary,
        read=_observations,
    ),
)
