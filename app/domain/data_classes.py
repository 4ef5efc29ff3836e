"""How openly each column may be told: the one classification that serialisers, logs, exports and the data map read."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.domain.academies import Academy, AcademyIdentifier
from app.domain.calendars import AcademicYear, HalfTerm, Term
from app.domain.categorisation import CategoryDecision
from app.domain.entity import Entity
from app.domain.evidence import Evidence
from app.domain.inspection_outcomes import InspectionOutcome
from app.domain.memberships import Membership
from app.domain.milestones import Milestone
from app.domain.observations import Observation
from app.domain.people import Person
from app.domain.readings import ReadingBatch
from app.domain.releases import ReleasedFigure
from app.domain.reviews import AssuranceRating, AssuranceReview
from app.domain.trusts import Trust


class DataClass(StrEnum):
    """From what anybody may know to what nobody is told."""

    PUBLIC = "public"
    TRUST = "trust"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    SECRET = "secret"  # noqa: S105  the name of a class


ACTORS: Final[Mapping[type[Entity], frozenset[str]]] = MappingProxyType(
    {
        Milestone: frozenset({"submitted_by"}),
        Evidence: frozenset({"added_by"}),
        ReadingBatch: frozenset({"recorded_by"}),
        Observation: frozenset({"recorded_by"}),
        AssuranceReview: frozenset({"submitted_by", "signed_off_by"}),
        AssuranceRating: frozenset({"rated_by"}),
    }
)
"""The columns that hold who did it, as the event log names actors: a pseudonym of a member, or a key."""

POSTS: Final[Mapping[type[Entity], frozenset[str]]] = MappingProxyType(
    {
        Person: frozenset({"code", "aliases"}),
        Observation: frozenset({"observers"}),
        CategoryDecision: frozenset({"attendees"}),
    }
)
"""The columns that hold codes of people and posts. A code of initials still points at somebody."""

BESIDE: Final[Mapping[type[Entity], frozenset[str]]] = MappingProxyType(
    {Membership: frozenset({"issuer"}), Observation: frozenset({"progress_grade"})}
)
"""What tells of somebody only together with another column of the same row."""

_PUBLISHED: Final[Mapping[type[Entity], frozenset[str]]] = MappingProxyType(
    {
        Trust: frozenset({"code", "name", "kind"}),
        Academy: frozenset({"code", "name", "type", "phase_of_education", "faith", "joined_on"}),
        AcademyIdentifier: frozenset({"academy_id", "kind", "value", "valid_from", "valid_to"}),
        AcademicYear: frozenset({"code", "starts_on", "ends_on"}),
        Term: frozenset({"academic_year_id", "no", "name", "starts_on", "ends_on"}),
        HalfTerm: frozenset({"term_id", "no", "starts_on", "ends_on"}),
        InspectionOutcome: frozenset(
            {
                "academy_id",
                "inspection_framework_id",
                "inspection_area_id",
                "inspection_grade_id",
                "inspected_on",
                "published_on",
            }
        ),
        ReleasedFigure: frozenset({"metric_id", "academy_id", "group_id", "value", "symbol"}),
    }
)
"""What a trust, a school or a regulator publishes anyway."""


def class_of(kind: type[Entity], column: str) -> DataClass:
    """The strictest class that anything says of the column; what nothing is said of stays inside the trust."""
    if column in kind.SECRET:
        return DataClass.SECRET
    if column in kind.SENSITIVE:
        return DataClass.SENSITIVE
    if column in kind.PERSONAL or any(column in named.get(kind, ()) for named in (ACTORS, POSTS, BESIDE)):
        return DataClass.PERSONAL
    return DataClass.PUBLIC if column in _PUBLISHED.get(kind, ()) else DataClass.TRUST


def columns_in(kind: type[Entity], *classes: DataClass) -> tuple[str, ...]:
    """Its columns of these classes, in their order."""
    return tuple(column.name for column in kind.columns() if class_of(kind, column.name) in classes)
