"""Milestone windows: the dates by which a group of statements is checked."""

from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from app.domain.due_columns import DueColumns
from app.domain.entity import Entity, PlanRecord, belongs_to, of_plan, unique


class MilestoneWindow(PlanRecord, DueColumns, table=True):
    __tablename__ = "milestone_window"
    __table_args__ = of_plan(
        belongs_to("plan_phase", "plan_id", "phase_id", refusal="The plan has no such phase."),
        unique("phase_id", "no", refusal="The phase already has a window with this number."),
    )

    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | DueColumns.DUE
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"phase_id", "no"}

    phase_id: UUID
    no: int = Field(ge=1)
