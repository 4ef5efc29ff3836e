"""Which permission each kind of record asks for, to be written and to be read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.domain.academies import Academy, AcademyIdentifier
from app.domain.benchmark_assessments import BenchmarkAssessment
from app.domain.bodies import Body
from app.domain.calendars import AcademicYear, HalfTerm, Term
from app.domain.categorisation import CategoryDecision, CategorySuggestion
from app.domain.entity import Entity
from app.domain.frameworks import Framework
from app.domain.head_reports import HeadReport, HeadReportSection
from app.domain.inspection import InspectionArea, InspectionFramework, InspectionGrade
from app.domain.inspection_outcomes import InspectionOutcome
from app.domain.keys import ApiKey
from app.domain.memberships import Membership
from app.domain.metrics import Metric, SeriesBreak
from app.domain.model import ENTITIES, FRAMEWORK_PARTS
from app.domain.observations import Observation
from app.domain.plans import Plan
from app.domain.pupil_groups import PupilGroup
from app.domain.readings import Reading, ReadingBatch
from app.domain.releases import Release, ReleasedFigure
from app.domain.reviews import AssuranceRating, AssuranceReview, ReviewEvidence
from app.domain.roles import Permission
from app.domain.support import ReviewHeld, SupportAllocation, SupportDelivery
from app.domain.trusted_documents import TrustedDocument
from app.domain.trusts import Trust

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
        Membership: Permission.MANAGE_MEMBERS,
    }
)
_REFERENCE: Final[tuple[type[Entity], ...]] = (
    Trust, Academy, AcademyIdentifier, AcademicYear, Term, HalfTerm, Body, PupilGroup, Metric, SeriesBreak,
    InspectionFramework, InspectionArea, InspectionGrade, Framework, *FRAMEWORK_PARTS,
)  # fmt: skip
_READING: Final[Mapping[type[Entity], Permission]] = MappingProxyType(
    {
        **dict.fromkeys(_REFERENCE, Permission.READ_REFERENCE),
        **dict.fromkeys((Release, ReleasedFigure), Permission.READ_FEEDS),
        **dict.fromkeys((Reading, ReadingBatch), Permission.READ_MEASURES),
        Observation: Permission.READ_OBSERVATIONS,
        **dict.fromkeys((HeadReport, HeadReportSection, ReviewEvidence, CategorySuggestion), Permission.READ_SENSITIVE),
        ApiKey: Permission.MANAGE_KEYS,
        Membership: Permission.MANAGE_MEMBERS,
    }
)
_SEEN_WHOLE: Final[Mapping[type[Entity], Permission]] = MappingProxyType(
    dict.fromkeys((AssuranceReview, AssuranceRating, Observation, Reading, ReadingBatch), Permission.READ_SENSITIVE)
)
_TOLD_TO_FEW: Final[Mapping[type[Entity], Mapping[str, Permission]]] = MappingProxyType(
    {Observation: MappingProxyType({"progress_grade": Permission.REVIEW_ACADEMIES})}
)


def to_write(kind: type[Entity]) -> Permission:
    """What it takes to write records of this kind; of a plan's unless it says otherwise, else of the organisation's."""
    if kind in _WRITING:
        return _WRITING[kind]
    return Permission.WRITE_PLANS if kind is Plan or "plan_id" in kind.model_fields else Permission.WRITE_ORGANISATION


def to_read(kind: type[Entity]) -> Permission:
    """What it takes to read records of this kind; of some, only a part: `to_see_all`."""
    return _READING.get(kind, Permission.READ)


def to_see_all(kind: type[Entity]) -> Permission:
    """What it takes to see every record of this kind that is of one's academies, and not those alone that `sights` lets through."""
    return _SEEN_WHOLE.get(kind, to_read(kind))


def told_to_few(kind: type[Entity]) -> Mapping[str, Permission]:
    """Columns that are told to whoever recorded the record, and of others' records only with this permission."""
    return _TOLD_TO_FEW.get(kind, {})


def to_follow(kind: type[Entity]) -> frozenset[Permission]:
    """All it takes to read the events that tell of such records, with everything that ever stood in them."""
    return frozenset({to_read(kind), to_see_all(kind), *told_to_few(kind).values()})


def is_seen_in_part(kind: type[Entity]) -> bool:
    """Whether somebody may read such records without seeing all of them."""
    return kind in _SEEN_WHOLE


def guarded() -> dict[str, frozenset[Permission]]:
    """What it takes to follow each kind, by its name in the event log."""
    return {kind.noun(): to_follow(kind) for kind in (*ENTITIES, *_READING)}
