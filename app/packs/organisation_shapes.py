"""The shapes of a trust and its organisation."""

from datetime import date
from typing import Annotated

from pydantic import Field

from app.domain.academies import Academy, AcademyIdentifier
from app.domain.bodies import Body
from app.domain.calendars import AcademicYear, HalfTerm, Term
from app.domain.framework_vocabulary import InspectionVerdict
from app.domain.inspection import InspectionArea, InspectionFramework, InspectionGrade
from app.domain.people import Person
from app.domain.pupil_groups import PupilGroup
from app.domain.trusts import Trust
from app.domain.vocabulary import (
    AcademyType,
    BodyKind,
    IdentifierKind,
    PersonKind,
    PersonStatus,
    PhaseOfEducation,
    TrustKind,
)
from app.packs.shapes import Code, Label, No, Printed, RecordShape, Sourced


class TrustShape(Sourced):
    KIND = Trust
    STATE = frozenset({"due_soon_days", "overdue_grace_days"})

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    name: Label
    kind: TrustKind
    reviewer_must_differ: bool = False
    due_soon_days: Annotated[int, Field(ge=0, le=365)] | None = None
    overdue_grace_days: Annotated[int, Field(ge=0, le=365)] | None = None


class IdentifierShape(RecordShape):
    KIND = AcademyIdentifier
    KEY = ("kind", "valid_from")

    kind: IdentifierKind
    value: str
    valid_from: date
    valid_to: date | None = None


class AcademyShape(Sourced):
    KIND = Academy

    code: Code
    name: Label
    type: AcademyType | None = None
    phase_of_education: PhaseOfEducation | None = None
    faith: Label | None = None
    joined_on: date | None = None
    identifiers: list[IdentifierShape] = []


class HalfTermShape(RecordShape):
    KIND = HalfTerm
    KEY = ("no",)

    no: Annotated[int, Field(ge=1, le=2)]
    starts_on: date
    ends_on: date


class TermShape(RecordShape):
    KIND = Term
    KEY = ("no",)

    no: Annotated[int, Field(ge=1, le=6)]
    name: Label
    starts_on: date
    ends_on: date
    half_terms: list[HalfTermShape] = []


class AcademicYearShape(Sourced):
    KIND = AcademicYear

    code: Code
    starts_on: date
    ends_on: date
    terms: list[TermShape] = []


class PersonShape(Sourced):
    KIND = Person

    code: Code
    kind: PersonKind
    label: Label | None = None
    status: PersonStatus = PersonStatus.ACTIVE
    aliases: list[Printed] = []
    body: Code | None = None


class BodyShape(Sourced):
    KIND = Body

    code: Code
    label: Label
    kind: BodyKind


class PupilGroupShape(Sourced):
    KIND = PupilGroup
    STATE = frozenset({"confirmed_by"})

    code: Code
    label: Label
    aliases: list[Printed] = []
    confirmed_by: Label | None = None


class InspectionAreaShape(Sourced):
    KIND = InspectionArea

    code: Code
    no: No | None = None
    label: Label
    verdict: InspectionVerdict = InspectionVerdict.GRADED


class InspectionGradeShape(Sourced):
    KIND = InspectionGrade

    code: Code
    grade: Printed
    label: Label
    rank: No | None = None
    verdict: InspectionVerdict = InspectionVerdict.GRADED


class InspectionFrameworkShape(Sourced):
    KIND = InspectionFramework

    code: Code
    label: Label
    valid_from: date | None = None
    valid_to: date | None = None
    areas: list[InspectionAreaShape] = []
    grades: list[InspectionGradeShape] = []
