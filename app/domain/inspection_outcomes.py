"""What an inspection judged of an academy, in the grades of its own inspection framework and in no other."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from app.domain.entity import AcademyRecord, Entity, belongs_to, of_academy, unique


class InspectionOutcome(AcademyRecord, table=True):
    """One judgement. Grades are never translated from one inspection framework to another."""

    __tablename__ = "inspection_outcome"
    __table_args__ = of_academy(
        belongs_to("inspection_framework", "inspection_framework_id", refusal="There is no such inspection framework."),
        belongs_to("inspection_area", "inspection_area_id", refusal="There is no such inspection area."),
        belongs_to("inspection_grade", "inspection_grade_id", refusal="There is no such inspection grade."),
        unique("academy_id", "inspection_area_id", "inspected_on", refusal="This area was judged on that day already."),
    )

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {
        "academy_id", "inspection_framework_id", "inspection_area_id", "inspected_on",
    }  # fmt: skip

    inspection_framework_id: UUID
    inspection_area_id: UUID | None = Field(default=None, description="The area judged; null: the school as a whole.")
    inspection_grade_id: UUID
    inspected_on: date
    published_on: date | None = None
