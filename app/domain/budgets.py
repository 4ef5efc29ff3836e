"""A plan phase's budget. The printed total is stored apart from the computed one."""

from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Numeric
from sqlmodel import Field

from app.domain.entity import Entity, PlanRecord, Word, belongs_to, of_plan
from app.domain.vocabulary import AmountStatus


class Budget(PlanRecord, table=True):
    __tablename__ = "budget"
    __table_args__ = of_plan(belongs_to("plan_phase", "plan_id", "phase_id", refusal="The plan has no such phase."))

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"phase_id"}

    phase_id: UUID
    currency: str = Field(default="GBP", regex="^[A-Z]{3}$")
    printed_total: Decimal | None = Field(default=None, sa_type=Numeric, description="The total the document prints.")


class BudgetLine(PlanRecord, table=True):
    __tablename__ = "budget_line"
    __table_args__ = of_plan(belongs_to("budget", "plan_id", "budget_id", refusal="The plan has no such budget."))

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"budget_id"}

    budget_id: UUID
    no: int = Field(ge=1)
    label: str
    detail: str | None = None
    amount: Decimal = Field(sa_type=Numeric)
    status: AmountStatus = Field(default=AmountStatus.PROVISIONAL, sa_type=Word(AmountStatus))
    printed: str | None = None
