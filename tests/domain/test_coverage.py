"""What is left uncovered, and why."""

from decimal import Decimal
from itertools import product

import pytest

from app.domain.coverage import (
    CriterionGap,
    LineGap,
    MetricGap,
    TargetGap,
    criteria_without_target,
    line_gap,
    metric_gap,
    targets_without_milestone,
)
from app.domain.framework_vocabulary import DefinitionStatus
from app.domain.vocabulary import MilestoneStatus
from tests.domain.plan_facts import OBJECTIVE, PRIORITY, flag, known, milestone, plan, target

TARGET = target("T1", value=Decimal(40))
SERVING = OBJECTIVE.model_copy(update={"target_ids": (TARGET.id,)})


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, [TargetGap.NO_OBJECTIVE]),
        ({"objectives": (OBJECTIVE,), "milestones": (milestone(),)}, [TargetGap.NO_OBJECTIVE]),
        ({"objectives": (SERVING,)}, [TargetGap.NO_MILESTONE]),
        ({"objectives": (SERVING,), "milestones": (milestone(),)}, []),
        (
            {
                "objectives": (SERVING,),
                "milestones": (milestone(),),
                "flags": (flag("target_without_measure", "target", TARGET.id),),
            },
            [TargetGap.FLAGGED],
        ),
    ],
)
def test_a_target_is_measured_through_an_objective_unless_somebody_says_it_is_not(
    parts: dict[str, object], expected: list[TargetGap]
) -> None:
    assert [one.why for one in targets_without_milestone(plan(targets=(TARGET,), **parts))] == expected


@pytest.mark.parametrize("status", list(MilestoneStatus))
def test_a_milestone_taken_back_or_replaced_measures_nothing(status: MilestoneStatus) -> None:
    given = plan(targets=(TARGET,), objectives=(SERVING,), milestones=(milestone(status=status),))

    gone = status in (MilestoneStatus.WITHDRAWN, MilestoneStatus.SUPERSEDED)
    assert [one.why for one in targets_without_milestone(given)] == [TargetGap.NO_MILESTONE] * gone


def test_a_criterion_is_backed_by_its_objectives_targets_or_its_prioritys() -> None:
    under, right_under = milestone("M1"), milestone("M2", objective_id=None, area_id=PRIORITY.id)
    flagged = (flag("milestone_without_target", "milestone", known("M1")),)
    of_priority = target("T2").model_copy(update={"area_id": PRIORITY.id})

    bare = plan(objectives=(OBJECTIVE,), milestones=(under, right_under))
    backed = plan(objectives=(SERVING,), milestones=(under, right_under), targets=(TARGET, of_priority))
    said = plan(objectives=(SERVING,), milestones=(under,), targets=(TARGET,), flags=flagged)

    assert [(one.milestone.code, one.why) for one in criteria_without_target(bare)] == [
        ("M1", CriterionGap.OBJECTIVE_SERVES_NONE),
        ("M2", CriterionGap.AREA_HAS_NONE),
    ]
    assert list(criteria_without_target(backed)) == []
    assert [one.why for one in criteria_without_target(said)] == [CriterionGap.FLAGGED]


def test_only_bands_cover_a_line() -> None:
    gaps = {
        (bands, statements): line_gap(bands=bands, statements=statements)
        for bands, statements in product((0, 3), (0, 2))
    }

    assert gaps == {(0, 0): LineGap.NOTHING, (0, 2): LineGap.STATEMENTS_ONLY, (3, 0): None, (3, 2): None}


def test_a_metric_nobody_has_defined_says_nothing_though_it_is_recorded() -> None:
    assert metric_gap(DefinitionStatus.LOCAL_UNDEFINED, is_recorded=True) is MetricGap.LOCAL_UNDEFINED
    assert metric_gap(DefinitionStatus.DEFINED, is_recorded=False) is MetricGap.NOT_RECORDED
    assert metric_gap(DefinitionStatus.DEFINED, is_recorded=True) is None
