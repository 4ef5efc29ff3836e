"""The shapes of a plan and everything in it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from app.domain.actions import Action, ActionStep, Responsibility
from app.domain.areas import Area
from app.domain.check_waivers import CheckWaiver
from app.domain.entity import Entity
from app.domain.evaluation_methods import EvaluationMethod
from app.domain.evidence import Evidence
from app.domain.findings import Finding
from app.domain.measure_vocabulary import OfficialScope, Trend
from app.domain.milestones import Milestone
from app.domain.objectives import CrossReference, Objective, ObjectiveTarget
from app.domain.plans import Plan, PlanAcademy, PlanPhase
from app.domain.statements import Statement
from app.domain.targets import Target, TargetPoint
from app.domain.vocabulary import (
    ActionStatus,
    AreaKind,
    Comparator,
    Confidence,
    MeasureKind,
    MilestoneKind,
    MilestoneStatus,
    PlanRule,
    PlanStatus,
    PlanType,
    StatementKind,
)
from app.domain.windows import MilestoneWindow
from app.packs.budget_shapes import BudgetShape, StatutoryTargetShape
from app.packs.shapes import Code, Label, No, OddityShape, Printed, RecordShape, Sourced


class StatementShape(Sourced):
    KIND = Statement

    code: Code
    kind: StatementKind
    label: Label
    holder: Label | None = None
    cadence: Printed | None = None


class PhaseShape(Sourced):
    KIND = PlanPhase

    code: Code
    no: No
    printed: Printed
    starts_on: date
    ends_on: date


class WindowShape(Sourced):
    KIND = MilestoneWindow

    code: Code
    no: No
    phase: Code
    due: Printed


class FindingShape(Sourced):
    KIND = Finding

    code: Code
    area: Code
    printed_ref: Printed | None = None
    label: Label


class TargetPointShape(Sourced):
    KIND = TargetPoint
    KEY = ("on",)

    on: date
    comparator: Comparator | None = None
    value: Decimal
    printed: Printed | None = None


class TargetShape(Sourced):
    KIND = Target

    code: Code
    area: Code
    no: No
    phase: Code | None = None
    kind: MeasureKind
    label: Label
    metric: Code | None = None
    comparator: Comparator | None = None
    value: Decimal | None = None
    unit: Printed | None = None
    printed: Printed | None = None
    group: Code | None = None
    group_printed: Printed | None = None
    relative_to: Label | None = None
    gap_group: Code | None = None
    gap_official: OfficialScope | None = None
    trend: Trend | None = None
    trend_metric: Code | None = None
    trend_condition: Label | None = None
    caveat: Label | None = None
    due: Printed | None = None
    points: list[TargetPointShape] = []


class ResponsibilityShape(RecordShape):
    KIND = Responsibility

    no: No | None = None
    person: Code
    printed: Printed | None = None


class StepShape(Sourced):
    KIND = ActionStep

    code: Code
    no: No
    label: Label | None = None
    due: Printed | None = None
    leads: list[ResponsibilityShape] = []
    monitors: list[ResponsibilityShape] = []


class ActionShape(Sourced):
    KIND = Action
    STATE = frozenset({"status"})

    code: Code
    printed_no: Printed | None = None
    printed_bullet: No | None = None
    label: Label
    status: ActionStatus | None = None
    due: Printed | None = None
    leads: list[ResponsibilityShape] = []
    monitors: list[ResponsibilityShape] = []
    steps: list[StepShape] = []
    related_to: Code | None = None


class EvidenceShape(RecordShape):
    KIND = Evidence
    KEY = ()

    note: Label
    link: Label | None = None
    added_by: Label | None = None


class MilestoneShape(Sourced):
    KIND = Milestone
    STATE = frozenset(
        {"status", "confidence", "baseline_due_on", "due_moves", "submitted_by", "met_on", "achieved_value"}
    )

    code: Code
    no: No
    window: Code | None = None
    due: Printed | None = None
    kind: MilestoneKind
    label: Label
    measured: MeasureKind = MeasureKind.QUALITATIVE
    comparator: Comparator | None = None
    value: Decimal | None = None
    unit: Printed | None = None
    metric: Code | None = None
    printed: Printed | None = None
    group: Code | None = None
    expected_confidence: Confidence | None = None
    data_pending: bool = False
    responsible: Code | None = None
    status: MilestoneStatus | None = None
    confidence: Confidence | None = None
    baseline_due_on: date | None = None
    due_moves: Annotated[int, Field(ge=0)] | None = None
    submitted_by: Label | None = None
    met_on: date | None = None
    achieved_value: Decimal | None = None
    evidence: list[EvidenceShape] = []


class CrossReferenceShape(Sourced):
    KIND = CrossReference

    code: Code
    printed_bullet: No | None = None
    to_area: Code | None = None
    to_objective: Code | None = None
    label: Label


class ObjectiveShape(Sourced):
    KIND = Objective
    LINKS: ClassVar[Mapping[str, type[Entity]]] = {"targets": ObjectiveTarget}

    code: Code
    no: No | None = None
    printed_table: No | None = None
    label: Label
    targets: list[Code] = []
    finding: Code | None = None
    milestones: list[MilestoneShape] = []
    actions: list[ActionShape] = []
    cross_references: list[CrossReferenceShape] = []


class EvaluationMethodShape(Sourced):
    KIND = EvaluationMethod

    code: Code
    printed_line: No | None = None
    label: Label
    cadence: Printed | None = None


class AreaShape(Sourced):
    KIND = Area

    code: Code
    no: No
    kind: AreaKind
    label: Label
    scope: Printed | None = None
    aliases: list[Printed] = []
    statements: list[StatementShape] = []
    evaluation_methods: list[EvaluationMethodShape] = []
    objectives: list[ObjectiveShape] = []
    actions: list[ActionShape] = []
    milestones: list[MilestoneShape] = []


class CheckWaiverShape(RecordShape):
    """`subject` is the record it is about, written `noun:code`."""

    KIND = CheckWaiver
    KEY = ("rule", "subject", "until")

    rule: PlanRule
    subject: Printed
    because: Label
    until: date | None = None


class PlanShape(Sourced):
    KIND = Plan
    LINKS: ClassVar[Mapping[str, type[Entity]]] = {"academies": PlanAcademy}
    STATE = frozenset({"status"})

    code: Code
    title: Label
    type: PlanType
    status: PlanStatus | None = None
    academies: list[Code] = []
    printed_period: Printed | None = None
    starts_on: date
    ends_on: date
    issued_printed: Printed | None = None
    partial: bool = False
    aspiration: Label | None = None
    statements: list[StatementShape] = []
    phases: list[PhaseShape] = []
    windows: list[WindowShape] = []
    areas: list[AreaShape] = []
    findings: list[FindingShape] = []
    targets: list[TargetShape] = []
    budgets: list[BudgetShape] = []
    statutory_targets: list[StatutoryTargetShape] = []
    check_waivers: list[CheckWaiverShape] = []
    oddities: list[OddityShape] = []
