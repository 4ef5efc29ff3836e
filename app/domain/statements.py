"""Statements: printed lists that carry no rule (aims, diagnoses, cadences, monitoring activities, ...)."""

from uuid import UUID

from sqlmodel import Field

from app.domain.entity import PlanRecord, Word, belongs_to, of_plan
from app.domain.vocabulary import StatementKind


class Statement(PlanRecord, table=True):
    __tablename__ = "statement"
    __table_args__ = of_plan(belongs_to("area", "plan_id", "area_id", refusal="The plan has no such area."))

    area_id: UUID | None = Field(
        default=None, description="The area it speaks of; null where it speaks of the whole plan."
    )
    kind: StatementKind = Field(sa_type=Word(StatementKind))
    label: str
    holder: str | None = None
    cadence: str | None = Field(default=None, description="As printed.")
