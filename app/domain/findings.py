"""Inspection findings that a plan answers."""

from uuid import UUID

from sqlmodel import Field

from app.domain.entity import PlanRecord, belongs_to, of_plan


class Finding(PlanRecord, table=True):
    __tablename__ = "finding"
    __table_args__ = of_plan(belongs_to("area", "plan_id", "area_id", refusal="The plan has no such area."))

    area_id: UUID
    printed_ref: str | None = Field(default=None, description="The reference as printed; null where it is blank.")
    label: str
