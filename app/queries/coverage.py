"""What plans and frameworks leave uncovered, as it is published (C18)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import Field

from app.db.noun import Computed
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
from app.domain.plan_facts import PlanFacts
from app.queries.assurance import ASSURANCE_LINES
from app.queries.frameworks import FRAMEWORKS
from app.queries.indicators import INDICATORS
from app.queries.plan_facts import read_plan_facts
from app.queries.published import Published
from app.queries.reading import Moment, Reads, read_record
from app.queries.revival import Told, read_all, told

COVERAGE: Final = "coverage.by_link_or_flag"
_BANDS: Final = (
    "select count(*) from band b join indicator i on i.trust_id = b.trust_id and i.id = b.indicator_id "
    "where b.trust_id = {trust} and i.line_id = {t}.id and b.withdrawn_at is null and i.withdrawn_at is null"
)
_STATEMENTS: Final = (
    "select count(*) from band_statement s where s.trust_id = {trust} and s.line_id = {t}.id and s.withdrawn_at is null"
)
_IS_RECORDED: Final = (
    "exists (select 1 from metric m where m.trust_id = {trust} and m.code = {t}.metric and m.withdrawn_at is null)"
)
_LINES: Final = replace(
    ASSURANCE_LINES,
    fields=(*ASSURANCE_LINES.columns(), Computed("bands", _BANDS, int), Computed("statements", _STATEMENTS, int)),
)
_INDICATORS: Final = replace(INDICATORS, fields=(*INDICATORS.columns(), Computed("isRecorded", _IS_RECORDED, bool)))


class UncoveredTarget(Published):
    """A target that no milestone measures."""

    id: UUID
    code: str
    label: str | None
    areaCode: str
    phaseCode: str | None
    why: TargetGap


class UncoveredCriterion(Published):
    """A milestone or criterion that no target stands behind."""

    id: UUID
    code: str
    label: str | None
    areaCode: str
    why: CriterionGap


class PlanCoverage(Published):
    """Targets against milestones, and milestones against targets."""

    id: UUID
    code: str
    rule: str
    targets: int
    measured: int
    milestones: int
    backed: int = Field(description="Milestones that a target stands behind.")
    targetsWithoutMilestone: list[UncoveredTarget]
    criteriaWithoutTarget: list[UncoveredCriterion]
    targetGaps: dict[str, int] = Field(description="Those targets, by why.")
    criterionGaps: dict[str, int] = Field(description="Those criteria, by why.")


class UncoveredLine(Published):
    """A line that no value can suggest a rating for."""

    id: UUID
    code: str
    label: str
    sectionCode: str
    why: LineGap


class UnreadIndicator(Published):
    """An indicator whose metric says nothing yet."""

    id: UUID
    code: str
    label: str
    lineCode: str
    metric: str
    why: MetricGap


class FrameworkCoverage(Published):
    """Lines against bands, and indicators against metrics."""

    id: UUID
    framework: str
    edition: int
    rule: str
    lines: int
    banded: int
    indicators: int
    read: int = Field(description="Indicators whose metric is recorded and defined.")
    linesWithoutBands: list[UncoveredLine]
    indicatorsWithoutMetric: list[UnreadIndicator]
    lineGaps: dict[str, int] = Field(description="Those lines, by what they have instead.")
    metricGaps: dict[str, int] = Field(description="Those indicators, by why.")


async def read_plan_coverage(reads: Reads, plan_id: UUID, moment: Moment) -> PlanCoverage:
    return plan_coverage(await read_plan_facts(reads, plan_id, moment))


def plan_coverage(plan: PlanFacts) -> PlanCoverage:
    areas = {one.id: one.code for one in plan.areas}
    phases = {one.id: one.code for one in plan.phases}
    targets = [
        UncoveredTarget(
            id=one.target.id,
            code=one.target.code,
            label=one.target.label,
            areaCode=areas[one.target.area_id],
            phaseCode=phases.get(one.target.phase_id) if one.target.phase_id else None,
            why=one.why,
        )
        for one in targets_without_milestone(plan)
    ]
    criteria = [
        UncoveredCriterion(
            id=one.milestone.id,
            code=one.milestone.code,
            label=one.milestone.label,
            areaCode=areas[one.milestone.area_id],
            why=one.why,
        )
        for one in criteria_without_target(plan)
    ]
    return PlanCoverage(
        id=plan.id,
        code=plan.code,
        rule=COVERAGE,
        targets=len(plan.targets),
        measured=len(plan.targets) - len(targets),
        milestones=len(plan.milestones),
        backed=len(plan.milestones) - len(criteria),
        targetsWithoutMilestone=targets,
        criteriaWithoutTarget=criteria,
        targetGaps=_counts(one.why for one in targets),
        criterionGaps=_counts(one.why for one in criteria),
    )


async def read_framework_coverage(reads: Reads, framework_id: UUID, moment: Moment) -> FrameworkCoverage:
    framework = told((await read_record(reads, FRAMEWORKS, framework_id, moment)).body)
    lines = await read_all(reads, _LINES, moment, frameworkId=framework_id)
    indicators = await read_all(reads, _INDICATORS, moment, frameworkId=framework_id)
    bare = [one for line in lines if (one := _line(line)) is not None]
    unread = [made for indicator in indicators if (made := _indicator(indicator)) is not None]
    return FrameworkCoverage(
        id=framework["id"],
        framework=framework["code"],
        edition=framework["edition"],
        rule=COVERAGE,
        lines=len(lines),
        banded=len(lines) - len(bare),
        indicators=len(indicators),
        read=len(indicators) - len(unread),
        linesWithoutBands=bare,
        indicatorsWithoutMetric=unread,
        lineGaps=_counts(one.why for one in bare),
        metricGaps=_counts(one.why for one in unread),
    )


def _line(record: Told) -> UncoveredLine | None:
    why = line_gap(bands=record["bands"], statements=record["statements"])
    names = ("id", "code", "label", "sectionCode")
    return None if why is None else UncoveredLine(why=why, **{name: record[name] for name in names})


def _indicator(record: Told) -> UnreadIndicator | None:
    why = metric_gap(DefinitionStatus(record["definitionStatus"]), is_recorded=record["isRecorded"])
    names = ("id", "code", "label", "lineCode", "metric")
    return None if why is None else UnreadIndicator(why=why, **{name: record[name] for name in names})


def _counts(words: Iterable[StrEnum]) -> dict[str, int]:
    return dict(sorted(Counter(str(word) for word in words).items()))
