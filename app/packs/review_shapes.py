"""The shapes of what people judged, decided and gave: benchmarks, head teachers' reports, reviews, categories, support.

Each names its academy, and its framework by code and edition. What stands below it is of the same academy and framework.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import ClassVar

from pydantic import AwareDatetime

from app.domain.benchmark_assessments import BenchmarkAssessment
from app.domain.categorisation import CategoryDecision, CategorySuggestion
from app.domain.entity import Entity
from app.domain.framework_vocabulary import EntitlementUnit
from app.domain.head_reports import HeadReport, HeadReportSection
from app.domain.measure_vocabulary import Absence
from app.domain.ratings import RatingLevel
from app.domain.review_vocabulary import (
    Agreement,
    AllocationStatus,
    Certainty,
    Held,
    ReportStatus,
    ReviewStatus,
    SuggestionStatus,
)
from app.domain.reviews import AssuranceRating, AssuranceReview, ReviewEvidence
from app.domain.support import ReviewHeld, SupportAllocation, SupportDelivery
from app.packs.shapes import Code, Json, Key, Label, No, Printed, RecordShape


class BenchmarkAssessmentShape(RecordShape):
    KIND = BenchmarkAssessment
    KEY = ("academy", "framework", "edition", "benchmark", "on")

    academy: Code
    framework: Code
    edition: No = 1
    benchmark: Code
    on: date
    judgement: Held
    note: Label | None = None


class HeadReportSectionShape(RecordShape):
    KIND = HeadReportSection
    KEY = ("section",)

    section: Code
    body: Label


class HeadReportShape(RecordShape):
    """`term` is the year's code and the number of the term: 2025/26/1."""

    KIND = HeadReport
    KEY = ("academy", "framework", "edition", "term")
    STATE = frozenset({"status", "submitted_on"})

    academy: Code
    framework: Code
    edition: No = 1
    term: Key
    status: ReportStatus | None = None
    submitted_on: date | None = None
    sections: list[HeadReportSectionShape] = []


class ReviewEvidenceShape(RecordShape):
    """What was known of an indicator when the review opened. `levels`: every level whose band holds the value."""

    KIND = ReviewEvidence
    KEY = ("indicator",)
    CODES: ClassVar[Mapping[str, tuple[str, type[Entity]]]] = {"levels": ("level_ids", RatingLevel)}

    line: Code
    indicator: Code
    metric: Code
    value: Decimal | None = None
    absence: Absence | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    levels: list[Code] = []
    certainty: Certainty
    sentence: Label


class AssuranceRatingShape(RecordShape):
    KIND = AssuranceRating
    KEY = ("line",)
    STATE = frozenset({"level_id", "moderated_from_id", "moderation_reason"})

    line: Code
    level: Code
    rationale: Label | None = None
    suggested_level: Code | None = None
    suggestion: SuggestionStatus
    moderated_from: Code | None = None
    moderation_reason: Label | None = None
    rated_by: Label


class AssuranceReviewShape(RecordShape):
    """`report` is the head teacher's report that it follows, by academy, framework, edition and term."""

    KIND = AssuranceReview
    KEY = ("academy", "framework", "edition", "term")
    STATE = frozenset({"status", "opened_at", "submitted_by", "signed_off_at", "signed_off_by"})

    academy: Code
    framework: Code
    edition: No = 1
    term: Key
    scheduled_on: date | None = None
    lead_role: Label
    report: Key | None = None
    status: ReviewStatus | None = None
    opened_at: AwareDatetime | None = None
    submitted_by: Label | None = None
    signed_off_at: AwareDatetime | None = None
    signed_off_by: Label | None = None
    evidence: list[ReviewEvidenceShape] = []
    ratings: list[AssuranceRatingShape] = []


class CategorySuggestionShape(RecordShape):
    """What the measures said on a day. `explanation` is the answer as it was, in JSON."""

    KIND = CategorySuggestion
    KEY = ("academy", "framework", "edition", "on", "nth")

    academy: Code
    framework: Code
    edition: No = 1
    on: date
    nth: No = 1
    agreement: Agreement
    stage: Code | None = None
    explanation: Json


class CategoryDecisionShape(RecordShape):
    """`suggestion` is the one that was before the meeting: by academy, framework, edition, day and `nth`."""

    KIND = CategoryDecision
    KEY = ("academy", "effective_from", "no")

    academy: Code
    framework: Code
    edition: No = 1
    stage: Code
    decided_on: date
    effective_from: date
    no: No = 1
    chair_role: Label
    attendees: list[Printed] = []
    evidence: list[Printed] = []
    suggestion: Key | None = None
    reason: Label | None = None
    next_review_on: date | None = None


class SupportDeliveryShape(RecordShape):
    KIND = SupportDelivery
    KEY = ("on", "nth")

    on: date
    nth: No = 1
    quantity: Decimal
    by_role: Label | None = None
    note: Label | None = None


class SupportAllocationShape(RecordShape):
    """Under an offer of a framework (`entitlementRule`), or beside all offers; for an `objective` of a `plan`, or for none."""

    KIND = SupportAllocation
    KEY = ("academy", "team", "starts_on", "nth")
    STATE = frozenset({"status"})

    academy: Code
    framework: Code | None = None
    edition: No = 1
    entitlement_rule: Code | None = None
    plan: Code | None = None
    objective: Code | None = None
    team: Printed
    unit: EntitlementUnit
    quantity: Decimal
    starts_on: date
    ends_on: date
    nth: No = 1
    giver_academy: Code | None = None
    status: AllocationStatus | None = None
    note: Label | None = None
    deliveries: list[SupportDeliveryShape] = []


class ReviewHeldShape(RecordShape):
    KIND = ReviewHeld
    KEY = ("academy", "framework", "edition", "cadence_rule", "on", "nth")

    academy: Code
    framework: Code
    edition: No = 1
    cadence_rule: Code
    on: date
    nth: No = 1
    by_role: Label | None = None
    note: Label | None = None
