"""The shapes of a framework and everything in it. Where `no` is left out, the place in the list is meant."""

from datetime import date
from decimal import Decimal

from app.domain.benchmarks import Benchmark, BenchmarkSet
from app.domain.cadences import CadenceRule
from app.domain.conditions import FrameworkCondition
from app.domain.entitlements import EntitlementRule
from app.domain.evidence_kinds import EvidenceKind
from app.domain.framework_statements import FrameworkStatement
from app.domain.framework_vocabulary import (
    AcademyAttribute,
    DayBasis,
    EntitlementTier,
    EntitlementUnit,
    FrameworkStatementKind,
    MeasurePolicy,
    MeasureRole,
    NestedReading,
    Period,
)
from app.domain.frameworks import Framework
from app.domain.report_sections import ReportSection
from app.domain.stages import IndicativeMeasure, MaturityStage
from app.domain.strands import Strand
from app.domain.template_items import TemplateItem
from app.domain.vocabulary import Comparator, Sector
from app.packs.assurance_shapes import RatingScaleShape, SectionShape
from app.packs.shapes import Code, Count, Label, No, OddityShape, Printed, Shape, Sourced


class ConditionShape(Sourced):
    KIND = FrameworkCondition

    code: Code
    no: No | None = None
    label: Label
    attribute: AcademyAttribute | None = None
    values: list[Printed] = []


class StrandShape(Sourced):
    KIND = Strand

    code: Code
    no: No | None = None
    label: Label
    aliases: list[Printed] = []


class BenchmarkSetShape(Sourced):
    KIND = BenchmarkSet

    code: Code
    no: No | None = None
    label: Label


class FrameworkStatementShape(Sourced):
    KIND = FrameworkStatement

    code: Code
    no: No | None = None
    kind: FrameworkStatementKind
    label: Label
    holder: Label | None = None
    condition: Code | None = None


class CadenceShape(Sourced):
    """`everyMin`, `everyMax` and `unit`: every 4 to 6 weeks. `times` and `period`: 2 in each half-term."""

    KIND = CadenceRule

    code: Code
    no: No | None = None
    activity: Label
    printed: Printed | None = None
    every_min: Count | None = None
    every_max: Count | None = None
    unit: Period | None = None
    at_least: bool = False
    times: Count | None = None
    period: Period | None = None
    anchors: list[Printed] = []
    minutes: Count | None = None
    lead: Label | None = None
    attended: list[Printed] = []
    printed_list: Printed | None = None
    day_basis: DayBasis = DayBasis.CALENDAR
    condition: Code | None = None


class MeasureShape(Sourced):
    """A `comparator` with its `value`, or an `inspectionGrade` by its code."""

    KIND = IndicativeMeasure

    code: Code
    no: No | None = None
    metric: Code
    comparator: Comparator | None = None
    value: Decimal | None = None
    inspection_grade: Code | None = None
    printed: Printed | None = None
    role: MeasureRole = MeasureRole.PROFILE


class PrintedFigureShape(Shape):
    """A number that a sentence states: `value`, or the range from `value` to `valueTo`."""

    metric: Code | None = None
    comparator: Comparator | None = None
    value: Decimal | None = None
    value_to: Decimal | None = None
    unit: Printed | None = None
    printed: Printed | None = None


class BenchmarkShape(Sourced, PrintedFigureShape):
    KIND = Benchmark

    code: Code
    no: No | None = None
    set: Code
    strand: Code
    label: Label
    relative_to: Label | None = None
    thread: Code | None = None
    condition: Code | None = None
    linked_to: Code | None = None


class TemplateItemShape(Sourced, PrintedFigureShape):
    KIND = TemplateItem

    code: Code
    no: No | None = None
    strand: Code | None = None
    strand_printed: Printed | None = None
    label: Label
    thread: Code | None = None
    condition: Code | None = None
    cadence_rule: Code | None = None
    linked_to: Code | None = None


class EntitlementShape(Sourced):
    KIND = EntitlementRule

    code: Code
    no: No | None = None
    team: Code
    tier: EntitlementTier | None = None
    label: Label
    provider: Label | None = None
    unit: EntitlementUnit | None = None
    quantity_min: Decimal | None = None
    quantity_max: Decimal | None = None
    period: Period | None = None
    printed: Printed | None = None
    condition: Code | None = None
    cadence_rule: Code | None = None


class StageShape(Sourced):
    KIND = MaturityStage

    code: Code
    no: No | None = None
    name: Label
    aliases: list[Printed] = []
    duration_printed: Printed | None = None
    duration_min: Count | None = None
    duration_max: Count | None = None
    duration_unit: Period | None = None
    open_ended: bool = False
    statements: list[FrameworkStatementShape] = []
    measures: list[MeasureShape] = []
    cadences: list[CadenceShape] = []
    benchmarks: list[BenchmarkShape] = []
    items: list[TemplateItemShape] = []
    entitlements: list[EntitlementShape] = []


class ReportSectionShape(Sourced):
    KIND = ReportSection

    code: Code
    no: No | None = None
    label: Label


class EvidenceKindShape(Sourced):
    KIND = EvidenceKind

    code: Code
    no: No | None = None
    label: Label


class FrameworkShape(Sourced):
    """One edition. `published: true` puts it in force from `validFrom` to `validTo`; false leaves it a draft."""

    KIND = Framework
    KEY = ("code", "edition")

    code: Code
    edition: No = 1
    title: Label
    sector: Sector | None = None
    printed_period: Printed | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    nested_reading: NestedReading = NestedReading.REPORT
    measure_policy: MeasurePolicy = MeasurePolicy.REPORT
    published: bool = True
    conditions: list[ConditionShape] = []
    strands: list[StrandShape] = []
    benchmark_sets: list[BenchmarkSetShape] = []
    scales: list[RatingScaleShape] = []
    statements: list[FrameworkStatementShape] = []
    cadences: list[CadenceShape] = []
    stages: list[StageShape] = []
    sections: list[SectionShape] = []
    report_sections: list[ReportSectionShape] = []
    evidence_kinds: list[EvidenceKindShape] = []
    oddities: list[OddityShape] = []
