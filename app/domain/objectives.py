"""Objectives, the targets they serve (many to many), and the places that only point elsewhere."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from app.domain.entity import Entity, PlanRecord, Withdrawable, belongs_to, of_plan


class Objective(PlanRecord, table=True):
    __tablename__ = "objective"
    __table_args__ = of_plan(
        belongs_to("area", "plan_id", "area_id", refusal="The plan has no such area."),
        belongs_to("finding", "plan_id", "finding_id", refusal="The plan has no such inspection finding."),
    )

    area_id: UUID
    finding_id: UUID | None = Field(default=None, description="The inspection finding it answers.")
    no: int = Field(default=1, ge=1, description="Order on the page.")
    label: str
    printed_table: int | None = Field(
        default=None, ge=1, description="Number of the printed table; two objectives may share one."
    )


class ObjectiveTarget(Withdrawable, table=True):
    """That an objective serves a target."""

    __tablename__ = "objective_target"
    __table_args__ = (
        belongs_to("plan", "plan_id", refusal="There is no such plan."),
        belongs_to("objective", "plan_id", "objective_id", refusal="The plan has no such objective."),
        belongs_to("target", "plan_id", "target_id", refusal="The plan has no such target."),
        Index(
            "uq_objective_target_live", "trust_id", "objective_id", "target_id",
            unique=True, postgresql_where=text("withdrawn_at is null"),
            info={"refusal": "The objective already serves this target."},
        ),
    )  # fmt: skip

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"objective_id", "target_id"}

    plan_id: UUID
    objective_id: UUID
    target_id: UUID


class CrossReference(PlanRecord, table=True):
    """A place where the plan points at another of its parts. Never counted as an action."""

    __tablename__ = "cross_reference"
    __table_args__ = of_plan(
        belongs_to("objective", "plan_id", "objective_id", refusal="The plan has no such objective."),
        belongs_to("objective", "plan_id", "to_objective_id", refusal="The plan has no such objective to point at."),
        belongs_to("area", "plan_id", "to_area_id", refusal="The plan has no such area to point at."),
    )

    objective_id: UUID
    to_objective_id: UUID | None = None
    to_area_id: UUID | None = None
    printed_bullet: int | None = Field(default=None, ge=1)
    label: str
