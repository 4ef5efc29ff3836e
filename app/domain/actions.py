"""Actions, their dated steps, and who leads and monitors them."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from app.domain.due_columns import DueColumns
from app.domain.entity import Entity, PlanRecord, Withdrawable, Word, belongs_to, holds, of_plan
from app.domain.vocabulary import ActionStatus, ResponsibilityRole

_ONE_PARENT = "num_nonnulls(objective_id, area_id) = 1"


class Action(PlanRecord, DueColumns, table=True):
    """Something to be done, under an objective or directly under a priority."""

    __tablename__ = "action"
    __table_args__ = of_plan(
        belongs_to("objective", "plan_id", "objective_id", refusal="The plan has no such objective."),
        belongs_to("area", "plan_id", "area_id", refusal="The plan has no such area."),
        belongs_to("action", "plan_id", "related_to_id", refusal="The plan has no such related action."),
        holds("one_parent", _ONE_PARENT, refusal="An action belongs to an objective or to an area: name one of them."),
    )

    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | DueColumns.DUE
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"objective_id", "area_id"}

    objective_id: UUID | None = None
    area_id: UUID | None = None
    printed_bullet: int | None = Field(
        default=None, ge=1, description="Number of the printed bullet; two actions may share one."
    )
    printed_no: str | None = Field(default=None, description="The number as printed; it may repeat, so it is no key.")
    label: str
    status: ActionStatus = Field(default=ActionStatus.NOT_STARTED, sa_type=Word(ActionStatus))
    related_to_id: UUID | None = Field(default=None, description="The same action printed under another objective.")


class ActionStep(PlanRecord, DueColumns, table=True):
    __tablename__ = "action_step"
    __table_args__ = of_plan(belongs_to("action", "plan_id", "action_id", refusal="The plan has no such action."))

    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | DueColumns.DUE
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"action_id"}

    action_id: UUID
    no: int = Field(ge=1, description="Order within the action.")
    label: str | None = Field(default=None, description="Null where the source prints a date and no text.")


class Responsibility(Withdrawable, table=True):
    """That somebody leads or monitors an action or one of its steps."""

    __tablename__ = "responsibility"
    __table_args__ = (
        belongs_to("plan", "plan_id", refusal="There is no such plan."),
        belongs_to("action", "plan_id", "action_id", refusal="The plan has no such action."),
        belongs_to("action_step", "plan_id", "step_id", refusal="The plan has no such step."),
        belongs_to("person", "person_id", refusal="There is no such person or role."),
        Index(
            "uq_responsibility_live", "trust_id", "action_id", text("coalesce(step_id, action_id)"), "role", "person_id",
            "printed", unique=True, postgresql_where=text("withdrawn_at is null"),
            postgresql_nulls_not_distinct=True,
            info={"refusal": "This person or role already has that responsibility."},
        ),
    )  # fmt: skip

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"action_id", "step_id", "person_id", "role"}

    plan_id: UUID
    action_id: UUID
    step_id: UUID | None = Field(default=None, description="The step; null where it is for the whole action.")
    person_id: UUID
    role: ResponsibilityRole = Field(sa_type=Word(ResponsibilityRole))
    no: int = Field(default=1, ge=1, description="Order as printed.")
    printed: str | None = Field(default=None, description="The code as printed there.")
