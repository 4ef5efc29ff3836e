"""Which permission each kind of record asks for, to be written and to be read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.domain.actor import Permission
from app.domain.benchmark_assessments import BenchmarkAssessment
from app.domain.categorisation import CategoryDecision, CategorySuggestion
from app.domain.entity import Entity
from app.domain.frameworks import Framework
from app.domain.head_reports import HeadReport, HeadReportSection
from app.domain.inspection_outcomes import InspectionOutcome
from app.domain.keys import ApiKey
from app.domain.model import FRAMEWORK_PARTS
from app.domain.observations import Observation
from app.domain.plans import Plan
from app.domain.readings import Reading, ReadingBatch
from app.domain.releases import Release
from app.domain.reviews import AssuranceRating, AssuranceReview, ReviewEvidence
from app.domain.support import ReviewHeld, SupportAllocation, SupportDelivery
from app.domain.trusted_documents import TrustedDocument

_WRITING: Final[Mapping[type[Entity], Permission]] = MappingProxyType(
    {
        **dict.fromkeys((Framework, *FRAMEWORK_PARTS), Permission.WRITE_FRAMEWORKS),
        ReadingBatch: Permission.RECORD_MEASURES,
        Observation: Permission.OBSERVE,
        InspectionOutcome: Permission.REVIEW_ACADEMIES,
        BenchmarkAssessment: Permission.REVIEW_ACADEMIES,
        HeadReport: Permission.WRITE_HEAD_REPORTS,
        HeadReportSection: Permission.WRITE_HEAD_REPORTS,
        AssuranceReview: Permission.REVIEW_ACADEMIES,
        AssuranceRating: Permission.REVIEW_ACADEMIES,
        CategorySuggestion: Permission.DECIDE_CATEGORIES,
        CategoryDecision: Permission.DECIDE_CATEGORIES,
        SupportAllocation: Permission.WRITE_SUPPORT,
        SupportDelivery: Permission.WRITE_SUPPORT,
        ReviewHeld: Permission.WRITE_SUPPORT,
        Release: Permission.PUBLISH_RELEASES,
        TrustedDocument: Permission.MANAGE_DOCUMENTS,
        ApiKey: Permission.MANAGE_KEYS,
    }
)
_READING: Final[Mapping[type[Entity], Permission]] = MappingProxyType(
    {
        ApiKey: Permission.MANAGE_KEYS,
        **dict.fromkeys(
            (Reading, ReadingBatch, Observation, HeadReport, HeadReportSection, ReviewEvidence, CategorySuggestion),
            Permission.READ_SENSITIVE,
        ),
    }
)


def to_write(kind: type[Entity]) -> Permission:
    """What it takes to write records of this kind; of a plan's unless it says otherwise, else of the organisation's."""
    if kind in _WRITING:
        return _WRITING[kind]
    return Permission.WRITE_PLANS if kind is Plan or "plan_id" in kind.model_fields else Permission.WRITE_ORGANISATION


def to_read(kind: type[Entity]) -> Permission:
    """What it takes to read records of this kind, and the events that tell of them."""
    return _READING.get(kind, Permission.READ)


def guarded() -> dict[str, Permission]:
    """Every kind, by its name in the event log, that asks for more than ordinary reading."""
    return {kind.noun(): permission for kind, permission in _READING.items()}
