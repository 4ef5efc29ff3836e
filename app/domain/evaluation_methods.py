"""How a plan says its progress is evaluated, and how often."""

from uuid import UUID

from sqlmodel import Field

from app.domain.entity import PlanRecord, belongs_to, of_plan


class EvaluationMethod(PlanRecord, table=True):
    __tablename__ = "evaluation_method"
    __table_args__ = of_plan(belongs_to("area", "plan_id", "area_id", refusal="The plan has no such area."))

    area_id: UUID
    label: str
    printed_line: int | None = Field(
        default=None, ge=1, description="Number of the printed line; a line may hold two methods."
    )
    cadence: str | None = Field(default=None, description="As printed; null where none is printed: no date is made up.")
