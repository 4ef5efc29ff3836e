"""What a plan or framework leaves uncovered (C18): unmeasured targets, criteria without target, lines without bands."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.framework_vocabulary import DefinitionStatus
from app.domain.plan_facts import MilestoneFact, PlanFacts, TargetFact


class TargetGap(StrEnum):
    """Why no milestone measures a target. Flagged: somebody has said so of this target itself."""

    NO_OBJECTIVE = "no_objective"
    NO_MILESTONE = "no_milestone"
    FLAGGED = "flagged"


class CriterionGap(StrEnum):
    """Why no target stands behind a milestone or criterion."""

    OBJECTIVE_SERVES_NONE = "objective_serves_none"
    AREA_HAS_NONE = "area_has_none"
    FLAGGED = "flagged"


class LineGap(StrEnum):
    """What an assurance line without bands has instead."""

    STATEMENTS_ONLY = "statements_only"
    NOTHING = "nothing"


class MetricGap(StrEnum):
    """Why an indicator's metric says nothing yet."""

    LOCAL_UNDEFINED = "local_undefined"
    NOT_RECORDED = "not_recorded"


@dataclass(frozen=True)
class UncoveredTarget:
    target: TargetFact
    why: TargetGap


@dataclass(frozen=True)
class UncoveredCriterion:
    milestone: MilestoneFact
    why: CriterionGap


def targets_without_milestone(plan: PlanFacts) -> Iterator[UncoveredTarget]:
    """A target is measured by the milestones of the objectives that serve it, unless it is flagged as unmeasured."""
    flagged = plan.flagged("target_without_measure")
    measured = {one.objective_id for one in plan.milestones if one.is_counted}
    serving: dict[UUID, list[UUID]] = {}
    for objective in plan.objectives:
        for target_id in objective.target_ids:
            serving.setdefault(target_id, []).append(objective.id)
    for target in plan.targets:
        objectives = serving.get(target.id, [])
        if target.id in flagged:
            yield UncoveredTarget(target, TargetGap.FLAGGED)
        elif not objectives:
            yield UncoveredTarget(target, TargetGap.NO_OBJECTIVE)
        elif measured.isdisjoint(objectives):
            yield UncoveredTarget(target, TargetGap.NO_MILESTONE)


def criteria_without_target(plan: PlanFacts) -> Iterator[UncoveredCriterion]:
    """A criterion stands behind its objective's targets, or, right under a priority, behind the priority's."""
    flagged = plan.flagged("milestone_without_target")
    serving = {one.id for one in plan.objectives if one.target_ids}
    areas = {one.area_id for one in plan.targets}
    for milestone in plan.milestones:
        if milestone.id in flagged:
            yield UncoveredCriterion(milestone, CriterionGap.FLAGGED)
        elif milestone.objective_id is None and milestone.area_id not in areas:
            yield UncoveredCriterion(milestone, CriterionGap.AREA_HAS_NONE)
        elif milestone.objective_id is not None and milestone.objective_id not in serving:
            yield UncoveredCriterion(milestone, CriterionGap.OBJECTIVE_SERVES_NONE)


def line_gap(*, bands: int, statements: int) -> LineGap | None:
    """A line is covered by bands alone: from statements nobody can suggest a rating."""
    if bands:
        return None
    return LineGap.STATEMENTS_ONLY if statements else LineGap.NOTHING


def metric_gap(status: DefinitionStatus, *, is_recorded: bool) -> MetricGap | None:
    if status is DefinitionStatus.LOCAL_UNDEFINED:
        return MetricGap.LOCAL_UNDEFINED
    return None if is_recorded else MetricGap.NOT_RECORDED
