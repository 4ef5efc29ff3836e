"""Improvement plans, the academies they are for, and their time-boxed phases (which are not maturity stages)."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from app.domain.entity import Entity, PlanRecord, Sourced, Withdrawable, Word, belongs_to, holds, of_plan, unique
from app.domain.errors import Conflict
from app.domain.vocabulary import PlanStatus, PlanType


class Plan(Sourced, table=True):
    """A plan for one, several or (with no academy named) all academies of the trust."""

    __tablename__ = "plan"
    __table_args__ = (
        unique("code", refusal="The trust already has a plan with this code. Choose another code."),
        holds("dates", "ends_on >= starts_on", refusal="A plan cannot end before it begins."),
    )

    code: str
    title: str
    type: PlanType = Field(sa_type=Word(PlanType))
    status: PlanStatus = Field(default=PlanStatus.ACTIVE, sa_type=Word(PlanStatus))
    starts_on: date
    ends_on: date
    printed_period: str | None = None
    issued_printed: str | None = None
    partial: bool = Field(default=False, description="Whether parts of the printed plan are known to be missing.")
    aspiration: str | None = None

    def require_open(self) -> None:
        """A plan that is closed or withdrawn is read, and no longer written in."""
        if self.withdrawn_at is not None:
            raise Conflict("The plan is withdrawn, so nothing in it changes any more.")
        if self.status is PlanStatus.CLOSED:
            raise Conflict("The plan is closed, so nothing in it changes any more. Set its status to active to go on.")


class PlanAcademy(Withdrawable, table=True):
    """That a plan is for an academy."""

    __tablename__ = "plan_academy"
    __table_args__ = (
        belongs_to("plan", "plan_id", refusal="There is no such plan."),
        belongs_to("academy", "academy_id", refusal="There is no such academy."),
        Index(
            "uq_plan_academy_live", "trust_id", "plan_id", "academy_id",
            unique=True, postgresql_where=text("withdrawn_at is null"),
            info={"refusal": "The plan is already for this academy."},
        ),
    )  # fmt: skip

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"academy_id"}

    plan_id: UUID
    academy_id: UUID


class PlanPhase(PlanRecord, table=True):
    """A date range of the plan."""

    __tablename__ = "plan_phase"
    __table_args__ = of_plan(
        unique("plan_id", "no", refusal="The plan already has a phase with this number."),
        holds("dates", "ends_on >= starts_on", refusal="A phase cannot end before it begins."),
    )

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"no"}

    no: int = Field(ge=1)
    printed: str | None = None
    starts_on: date
    ends_on: date
