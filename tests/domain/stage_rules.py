"""Frameworks made for tests: stages by number, and measures by value or by grade."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from app.domain.framework_vocabulary import FrameworkStatus, MeasurePolicy, MeasureRole, NestedReading
from app.domain.frameworks import Framework
from app.domain.inspection import InspectionFramework, InspectionGrade
from app.domain.metrics import Metric
from app.domain.stage_measures import StageRules, compile_rules
from app.domain.stages import IndicativeMeasure, MaturityStage
from app.domain.vocabulary import Comparator

TRUST = uuid4()
OVERALL = InspectionFramework(
    trust_id=TRUST, code="ofsted-overall", label="Ofsted, four overall grades", valid_to=date(2024, 9, 1)
)
GRADES = {
    no: InspectionGrade(
        trust_id=TRUST,
        inspection_framework_id=OVERALL.id,
        code=f"overall-{no}",
        grade=str(no),
        label=f"grade {no}",
        rank=no or None,
    )
    for no in range(5)
}


@dataclass(frozen=True)
class Test:
    """One measure: the number of its stage, its metric, and a comparison or a grade."""

    __test__ = False

    stage: int
    metric: str
    comparator: Comparator | None = None
    value: Decimal | None = None
    grade: int | None = None
    role: MeasureRole = MeasureRole.PROFILE


def metric(code: str, low: str | None = None, high: str | None = None) -> Metric:
    ends = [Decimal(end) if end else None for end in (low, high)]
    return Metric(trust_id=TRUST, code=code, label=code, range_min=ends[0], range_max=ends[1])


def rules_of(
    tests: Iterable[Test],
    *,
    stages: int = 4,
    nested: NestedReading = NestedReading.REPORT,
    policy: MeasurePolicy = MeasurePolicy.REPORT,
    metrics: Mapping[str, Metric] | None = None,
) -> StageRules:
    framework = Framework(
        trust_id=TRUST,
        code="f",
        title="f",
        nested_reading=nested,
        measure_policy=policy,
        status=FrameworkStatus.PUBLISHED,
    )
    named = [
        MaturityStage(trust_id=TRUST, framework_id=framework.id, code=str(no), no=no, name=f"Stage {no}")
        for no in range(1, stages + 1)
    ]
    measures = [_measure(framework.id, named[test.stage - 1].id, place, test) for place, test in enumerate(tests)]
    return compile_rules(
        framework,
        named,
        measures,
        metrics=metrics or {},
        grades={one.id: one for one in GRADES.values()},
        inspections={OVERALL.id: OVERALL},
    )


def _measure(framework_id: UUID, stage_id: UUID, place: int, test: Test) -> IndicativeMeasure:
    return IndicativeMeasure(
        trust_id=TRUST,
        framework_id=framework_id,
        stage_id=stage_id,
        code=f"m{place}",
        no=place + 1,
        metric=test.metric,
        comparator=test.comparator,
        value=test.value,
        inspection_grade_id=None if test.grade is None else GRADES[test.grade].id,
        role=test.role,
    )
