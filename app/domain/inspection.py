"""Inspection frameworks, named and dated. Grades are never translated from one framework to another."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from app.domain.entity import Entity, Sourced, Word, belongs_to, holds, unique
from app.domain.framework_vocabulary import InspectionVerdict


class InspectionFramework(Sourced, table=True):
    """What inspectors judged by, and when: the four overall grades, the report card, a church school inspection."""

    __tablename__ = "inspection_framework"
    __table_args__ = (
        unique("code", refusal="The trust already has an inspection framework with this code."),
        holds("dates", "valid_to >= valid_from", refusal="An inspection framework cannot end before it begins."),
    )

    code: str
    label: str
    valid_from: date | None = Field(default=None, description="First day of inspections by it; null: not recorded.")
    valid_to: date | None = Field(default=None, description="Last day of inspections by it; null: still in use.")


class InspectionArea(Sourced, table=True):
    """What is judged on its own: attendance and behaviour, safeguarding."""

    __tablename__ = "inspection_area"
    __table_args__ = (
        unique("code", refusal="The trust already has an inspection area with this code."),
        belongs_to("inspection_framework", "inspection_framework_id", refusal="There is no such inspection framework."),
    )

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"inspection_framework_id"}

    inspection_framework_id: UUID
    code: str
    no: int = Field(default=1, ge=1, description="Order as published.")
    label: str
    verdict: InspectionVerdict = Field(
        default=InspectionVerdict.GRADED,
        sa_type=Word(InspectionVerdict),
        description="Whether it is given a grade, or is met or not met.",
    )


class InspectionGrade(Sourced, table=True):
    """A judgement there can be. Only grades have a place in the order; "not judged" has none."""

    __tablename__ = "inspection_grade"
    __table_args__ = (
        unique("code", refusal="The trust already has an inspection grade with this code."),
        belongs_to("inspection_framework", "inspection_framework_id", refusal="There is no such inspection framework."),
    )

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"inspection_framework_id"}

    inspection_framework_id: UUID
    code: str
    grade: str = Field(description='As inspectors write it: "4", "expected_standard".')
    label: str
    rank: int | None = Field(default=None, ge=1, description="Place in the order, 1 the best; null: no grade.")
    verdict: InspectionVerdict = Field(default=InspectionVerdict.GRADED, sa_type=Word(InspectionVerdict))
