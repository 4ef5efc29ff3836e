"""What a pack file may hold: the published shape of `packs/<trust>/*.yaml`.

A pack is a folder. Its YAML files are read in name order and laid over one another: each top-level key stands in
one file only, except `plans`, which several files may extend. Every record has a `code` that is unique among its
kind within its plan (or, outside plans, within the trust); records refer to one another by code. `packs/pack.schema.json`
is generated from these classes, so the two cannot differ.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.domain.vocabulary import (
    AcademyType,
    AmountStatus,
    AreaKind,
    BodyKind,
    Comparator,
    Confidence,
    IdentifierKind,
    MeasureKind,
    MilestoneKind,
    PersonKind,
    PersonStatus,
    PhaseOfEducation,
    PlanType,
    StatementKind,
    StatutoryKind,
    TrustKind,
)

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/+&-]{0,59}$")]
FaultCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{2,59}$")]
Label = Annotated[str, Field(min_length=1, max_length=200)]
Printed = Annotated[str, Field(min_length=1, max_length=60)]


class Shape(BaseModel):
    """Names are camelCase in the file; an unknown name is a fault, never ignored."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", populate_by_name=False)


class Source(Shape):
    """Where a record was read: the document's code and the line its text starts on."""

    document: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,20}$")]
    line: Annotated[int, Field(ge=1)]


class Sourced(Shape):
    source: Source | None = None


class TrustShape(Sourced):
    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    name: Label
    kind: TrustKind
    reviewer_must_differ: bool = False


class IdentifierShape(Shape):
    kind: IdentifierKind
    value: str
    valid_from: date
    valid_to: date | None = None


class AcademyShape(Sourced):
    code: Code
    name: Label
    type: AcademyType | None = None
    phase_of_education: PhaseOfEducation | None = None
    faith: Label | None = None
    joined_on: date | None = None
    identifiers: list[IdentifierShape] = []


class HalfTermShape(Shape):
    no: Annotated[int, Field(ge=1, le=2)]
    starts_on: date
    ends_on: date


class TermShape(Shape):
    no: Annotated[int, Field(ge=1, le=6)]
    name: Label
    starts_on: date
    ends_on: date
    half_terms: list[HalfTermShape] = []


class AcademicYearShape(Sourced):
    code: Annotated[str, Field(pattern=r"^\d{4}/\d{2}$")]
    starts_on: date
    ends_on: date
    terms: list[TermShape] = []


class PersonShape(Sourced):
    code: Code
    kind: PersonKind
    label: Label | None = None
    status: PersonStatus = PersonStatus.ACTIVE
    aliases: list[Printed] = []
    body: Code | None = None


class BodyShape(Sourced):
    code: Code
    label: Label
    kind: BodyKind


class PupilGroupShape(Sourced):
    code: Code
    label: Label
    aliases: list[Printed] = []


class StatementShape(Sourced):
    code: Code
    kind: StatementKind
    label: Label
    holder: Label | None = None
    cadence: Printed | None = None


class PhaseShape(Sourced):
    code: Code
    no: Annotated[int, Field(ge=1)]
    printed: Printed
    starts_on: date
    ends_on: date


class WindowShape(Sourced):
    code: Code
    no: Annotated[int, Field(ge=1)]
    phase: Code
    due: Printed


class FindingShape(Sourced):
    code: Code
    area: Code
    printed_ref: Printed | None = None
    label: Label


class TargetShape(Sourced):
    code: Code
    area: Code
    no: Annotated[int, Field(ge=1)]
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
    trend_condition: Label | None = None
    caveat: Label | None = None
    due: Printed | None = None


class ResponsibilityShape(Shape):
    person: Code
    printed: Printed | None = None


class StepShape(Sourced):
    code: Code
    no: Annotated[int, Field(ge=1)]
    label: Label | None = None
    due: Printed | None = None
    leads: list[ResponsibilityShape] = []
    monitors: list[ResponsibilityShape] = []


class ActionShape(Sourced):
    code: Code
    printed_no: Printed | None = None
    printed_bullet: Annotated[int, Field(ge=1)] | None = None
    label: Label
    due: Printed | None = None
    leads: list[ResponsibilityShape] = []
    monitors: list[ResponsibilityShape] = []
    steps: list[StepShape] = []
    related_to: Code | None = None


class MilestoneShape(Sourced):
    code: Code
    no: Annotated[int, Field(ge=1)]
    window: Code | None = None
    due: Printed | None = None
    kind: MilestoneKind
    label: Label
    measured: MeasureKind = MeasureKind.QUALITATIVE
    comparator: Comparator | None = None
    value: Decimal | None = None
    unit: Printed | None = None
    printed: Printed | None = None
    group: Code | None = None
    expected_confidence: Confidence | None = None
    data_pending: bool = False
    responsible: ResponsibilityShape | None = None


class CrossReferenceShape(Sourced):
    code: Code
    printed_bullet: Annotated[int, Field(ge=1)] | None = None
    to_area: Code | None = None
    to_objective: Code | None = None
    label: Label


class ObjectiveShape(Sourced):
    code: Code
    printed_table: Annotated[int, Field(ge=1)] | None = None
    label: Label
    targets: list[Code] = []
    finding: Code | None = None
    milestones: list[MilestoneShape] = []
    actions: list[ActionShape] = []
    cross_references: list[CrossReferenceShape] = []


class EvaluationMethodShape(Sourced):
    code: Code
    printed_line: Annotated[int, Field(ge=1)] | None = None
    label: Label
    cadence: Printed | None = None


class AreaShape(Sourced):
    code: Code
    no: Annotated[int, Field(ge=1)]
    kind: AreaKind
    label: Label
    scope: Printed | None = None
    aliases: list[Printed] = []
    statements: list[StatementShape] = []
    evaluation_methods: list[EvaluationMethodShape] = []
    objectives: list[ObjectiveShape] = []
    actions: list[ActionShape] = []
    milestones: list[MilestoneShape] = []


class BudgetLineShape(Sourced):
    code: Code
    no: Annotated[int, Field(ge=1)]
    label: Label
    detail: Label | None = None
    amount: Decimal
    status: AmountStatus
    printed: Printed | None = None


class BudgetShape(Sourced):
    code: Code
    phase: Code
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    printed_total: Decimal | None = None
    lines: list[BudgetLineShape] = []


class StatutoryTargetShape(Sourced):
    code: Code
    measure: Label
    year: Annotated[int, Field(ge=2000, le=2100)]
    site: Printed
    kind: StatutoryKind
    value: Decimal | None = None


class OddityShape(Shape):
    """One thing the source leaves unclear, and the records it touches.

    `code` names the kind of fault. Where the service finds it by rule (`byRule: true`) the flags it raises under that
    code carry `ref`; otherwise one flag is raised on each record of `on`, written `noun:code` ("action:L1-A1").
    `also` names further kinds of fault, found by rule, whose flags carry `ref` too.
    """

    ref: Annotated[str, Field(pattern=r"^S\d-O\d+$")]
    code: FaultCode
    label: Label
    by_rule: bool = False
    also: list[FaultCode] = []
    on: list[str] = []


class PlanShape(Sourced):
    code: Code
    title: Label
    type: PlanType
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
    oddities: list[OddityShape] = []


class Pack(Shape):
    """One trust, its organisation and its plans."""

    format: Literal[1]
    trust: TrustShape
    academies: list[AcademyShape] = []
    academic_years: list[AcademicYearShape] = []
    bodies: list[BodyShape] = []
    people: list[PersonShape] = []
    pupil_groups: list[PupilGroupShape] = []
    plans: list[PlanShape] = []
