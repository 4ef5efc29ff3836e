"""What a pack folder may hold: the published shape of `packs/<trust>/*.yaml`.

A pack is a folder. Its YAML files are read in name order and laid over one another: each top-level key stands in
one file only, except `plans` and `frameworks`, which several files may extend. Every record has a `code` that is unique
among its kind within its plan or framework (elsewhere, within the trust); records refer to one another by code. Records of
an academy have none: what tells them apart is their KEY.
`packs/pack.schema.json` is generated from these classes, so the two cannot differ.
"""

from typing import Literal

from app.packs.framework_shapes import FrameworkShape
from app.packs.measure_shapes import InspectionOutcomeShape, MetricShape, ObservationShape, ReadingBatchShape
from app.packs.organisation_shapes import (
    AcademicYearShape,
    AcademyShape,
    BodyShape,
    InspectionFrameworkShape,
    PersonShape,
    PupilGroupShape,
    TrustShape,
)
from app.packs.plan_shapes import PlanShape
from app.packs.review_shapes import (
    AssuranceReviewShape,
    BenchmarkAssessmentShape,
    CategoryDecisionShape,
    CategorySuggestionShape,
    HeadReportShape,
    ReviewHeldShape,
    SupportAllocationShape,
)
from app.packs.shapes import OddityShape, Shape


class Pack(Shape):
    """One trust: its organisation, inspection frameworks, frameworks and plans, and what was measured, judged and given."""

    format: Literal[1]
    trust: TrustShape
    academies: list[AcademyShape] = []
    academic_years: list[AcademicYearShape] = []
    bodies: list[BodyShape] = []
    people: list[PersonShape] = []
    pupil_groups: list[PupilGroupShape] = []
    metrics: list[MetricShape] = []
    inspection_frameworks: list[InspectionFrameworkShape] = []
    frameworks: list[FrameworkShape] = []
    plans: list[PlanShape] = []
    readings: list[ReadingBatchShape] = []
    observations: list[ObservationShape] = []
    inspection_outcomes: list[InspectionOutcomeShape] = []
    benchmark_assessments: list[BenchmarkAssessmentShape] = []
    head_reports: list[HeadReportShape] = []
    assurance_reviews: list[AssuranceReviewShape] = []
    category_suggestions: list[CategorySuggestionShape] = []
    category_decisions: list[CategoryDecisionShape] = []
    support_allocations: list[SupportAllocationShape] = []
    reviews_held: list[ReviewHeldShape] = []
    oddities: list[OddityShape] = []
