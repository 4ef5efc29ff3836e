"""Promises held against what is known, as it is published: verdicts, trajectories and runways (C8, C9)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from pydantic import Field

from app.domain.errors import Invalid, NotFound
from app.domain.evaluation import Evaluation, Reason, evaluate
from app.domain.measure_vocabulary import OfficialScope, Trend, Verdict
from app.domain.promises import Known, Promise
from app.domain.trajectories import Point
from app.domain.vocabulary import Comparator, MeasureKind
from app.queries.academies import ACADEMIES
from app.queries.comparison import Number
from app.queries.figures import FigureUsed
from app.queries.known import Knowledge, read_knowledge
from app.queries.milestones import MILESTONES
from app.queries.promises import MilestonePromise, Numeric, PlanPromises, TargetPromise, read_promises
from app.queries.published import Published
from app.queries.reading import Moment, Reads, read_record
from app.queries.revival import read_all, told
from app.queries.targets import TARGETS
from app.queries.trajectories import TrajectoryOf, trajectory_of

N = TypeVar("N", bound=Numeric)
EVALUATION: Final = "promise.by_latest_figure"


class TrendEvaluated(Published):
    """Whether the series moves as it has to."""

    trend: Trend
    holds: bool | None = Field(
        description="Null: two periods of one kind, without a break between them, are not there."
    )
    former: FigureUsed | None
    latter: FigureUsed | None


class VerdictOn(Published):
    """The verdict on one promise for one academy."""

    academyId: UUID
    academyCode: str
    verdict: Verdict
    reason: Reason
    sentence: str
    rule: str
    comparator: Comparator | None = Field(description="The one used.")
    comparatorAssumed: bool = Field(description="Whether none is printed, so that it was assumed.")
    value: Number | None = Field(description="What was compared; of a gap, how far the group is behind.")
    isOver: bool = Field(description="Whether the promise's day has come: before it, not met means not met yet.")
    reading: FigureUsed | None
    gap: Number | None = Field(description="Of a gap: the group's value minus the other's.")
    other: FigureUsed | None = Field(description="Of a gap: the figure that was taken away.")
    trend: TrendEvaluated | None
    trajectory: TrajectoryOf | None


class PromiseEvaluated(Published):
    """One target or milestone, what it promises, and the verdict for each academy."""

    noun: str = Field(description="`target` or `milestone`.")
    id: UUID
    code: str
    label: str | None
    planId: UUID
    on: date
    rule: str
    kind: MeasureKind
    metric: str | None
    groupId: UUID | None
    gapGroupId: UUID | None
    gapOfficial: OfficialScope | None
    comparator: Comparator | None = Field(description="As printed.")
    target: Number | None = Field(description="The value promised.")
    unit: str | None
    printed: str | None
    revision: int | None = Field(description="The version of the promise; milestones have none.")
    trend: Trend | None
    trendCondition: str | None
    caveat: str | None
    startsOn: date | None
    endsOn: date | None
    academies: list[VerdictOn]


class PlanEvaluations(Published):
    """Every target of a plan and every milestone with a number."""

    id: UUID
    code: str
    title: str
    on: date
    rule: str
    byVerdict: dict[str, int] = Field(description="Verdicts on targets, one for each target and academy.")
    milestonesByVerdict: dict[str, int]
    targets: list[PromiseEvaluated]
    milestones: list[PromiseEvaluated]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of an evaluation besides its promise."""

    on: date
    academy_id: UUID | None = None
    interpolate: bool = False


async def evaluate_target(reads: Reads, target_id: UUID, asked: Asked, moment: Moment) -> PromiseEvaluated:
    record = told((await read_record(reads, TARGETS, target_id, moment)).body)
    ground = await _ground(reads, UUID(record["planId"]), asked, moment)
    target = _only(ground.plan.targets, target_id, "target")
    return ground.target(target)


async def evaluate_milestone(reads: Reads, milestone_id: UUID, asked: Asked, moment: Moment) -> PromiseEvaluated:
    record = told((await read_record(reads, MILESTONES, milestone_id, moment)).body)
    ground = await _ground(reads, UUID(record["planId"]), asked, moment)
    milestone = _only(ground.plan.milestones, milestone_id, "milestone")
    return ground.milestone(milestone)


async def evaluate_plan(reads: Reads, plan_id: UUID, asked: Asked, moment: Moment) -> PlanEvaluations:
    ground = await _ground(reads, plan_id, asked, moment)
    targets = [ground.target(one) for one in ground.plan.targets]
    milestones = [ground.milestone(one) for one in ground.plan.numeric_milestones]
    return PlanEvaluations(
        id=ground.plan.id,
        code=ground.plan.code,
        title=ground.plan.title,
        on=asked.on,
        rule=EVALUATION,
        byVerdict=_tally(targets),
        milestonesByVerdict=_tally(milestones),
        targets=targets,
        milestones=milestones,
    )


@dataclass(frozen=True, kw_only=True)
class _Ground:
    """A plan's promises, and what is known of its academies."""

    plan: PlanPromises
    academies: list[tuple[UUID, str]]
    knowledge: Knowledge
    known: dict[UUID, Known]
    asked: Asked

    def target(self, target: TargetPromise) -> PromiseEvaluated:
        promise = self.plan.of_target(target, self.knowledge.everybody)
        return self._evaluated(
            "target", target, promise, self.plan.way_to(target), revision=target.revision, caveat=target.caveat
        )

    def milestone(self, milestone: MilestonePromise) -> PromiseEvaluated:
        promise = self.plan.of_milestone(milestone, self.knowledge.everybody)
        return self._evaluated("milestone", milestone, promise, self.plan.way_past(milestone))

    def _evaluated(
        self,
        noun: str,
        one: Numeric,
        promise: Promise,
        way: list[Point],
        *,
        revision: int | None = None,
        caveat: str | None = None,
    ) -> PromiseEvaluated:
        return PromiseEvaluated(
            noun=noun,
            id=one.id,
            code=one.code,
            label=one.label,
            planId=self.plan.id,
            on=self.asked.on,
            rule=EVALUATION,
            kind=promise.kind,
            metric=promise.metric,
            groupId=one.group_id,
            gapGroupId=promise.gap_group_id,
            gapOfficial=promise.gap_official,
            comparator=promise.comparator,
            target=promise.value,
            unit=one.unit,
            printed=one.printed,
            revision=revision,
            trend=promise.trend,
            trendCondition=promise.trend_condition,
            caveat=caveat,
            startsOn=promise.starts_on,
            endsOn=promise.ends_on,
            academies=[self._verdict(academy_id, code, promise, way) for academy_id, code in self.academies],
        )

    def _verdict(self, academy_id: UUID, code: str, promise: Promise, way: list[Point]) -> VerdictOn:
        known = self.known[academy_id]
        found = evaluate(promise, known)
        return VerdictOn(
            academyId=academy_id,
            academyCode=code,
            verdict=found.verdict,
            reason=found.reason,
            sentence=found.sentence,
            rule=found.rule,
            comparator=found.comparator,
            comparatorAssumed=found.comparator_assumed,
            value=found.value,
            isOver=promise.is_over(known.on),
            reading=FigureUsed.of(found.figure) if found.figure else None,
            gap=found.gap.value if found.gap else None,
            other=FigureUsed.of(found.gap.other) if found.gap else None,
            trend=_trend(found),
            trajectory=trajectory_of(promise, found, way, known, interpolate=self.asked.interpolate),
        )


async def _ground(reads: Reads, plan_id: UUID, asked: Asked, moment: Moment) -> _Ground:
    plan = await read_promises(reads, plan_id, moment)
    academies = await _academies(reads, plan, asked, moment)
    knowledge = await read_knowledge(
        reads, moment, on=asked.on, academies=[one for one, _ in academies], metrics=_metrics(plan)
    )
    known = {academy_id: knowledge.of(academy_id) for academy_id, _ in academies}
    return _Ground(plan=plan, academies=academies, knowledge=knowledge, known=known, asked=asked)


async def _academies(reads: Reads, plan: PlanPromises, asked: Asked, moment: Moment) -> list[tuple[UUID, str]]:
    """Those of the plan that the actor may see; a plan with none is for all of them."""
    seen = {UUID(one["id"]): one["code"] for one in await read_all(reads, ACADEMIES, moment)}
    if asked.academy_id is not None and asked.academy_id not in seen:
        raise NotFound(f"There is no academy with the id {asked.academy_id}.")
    wanted = [one for one in seen if not plan.academies or one in plan.academies]
    if asked.academy_id is None:
        return [(one, seen[one]) for one in wanted]
    if asked.academy_id not in wanted:
        raise Invalid("The plan is not for this academy. Leave the academy out, or ask about one that the plan is for.")
    return [(asked.academy_id, seen[asked.academy_id])]


def _metrics(plan: PlanPromises) -> set[str]:
    named = {one.metric for one in (*plan.targets, *plan.milestones)}
    beside = {one.trend_metric for one in plan.targets}
    return {name for name in named | beside if name is not None}


def _trend(found: Evaluation) -> TrendEvaluated | None:
    if found.trend is None:
        return None
    former, latter = found.trend.former, found.trend.latter
    return TrendEvaluated(
        trend=found.trend.trend,
        holds=found.trend.holds,
        former=FigureUsed.of(former) if former else None,
        latter=FigureUsed.of(latter) if latter else None,
    )


def _only(records: Iterable[N], record_id: UUID, noun: str) -> N:
    """The record, or the refusal that a withdrawn one promises nothing."""
    found = next((one for one in records if one.id == record_id), None)
    if found is None:
        raise Invalid(f"This {noun} is withdrawn or superseded, so it promises nothing any more.")
    return found


def _tally(promises: Iterable[PromiseEvaluated]) -> dict[str, int]:
    return dict(sorted(Counter(str(one.verdict) for promise in promises for one in promise.academies).items()))
