"""The shapes of what a plan costs, and of its statutory grid."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from app.domain.budgets import Budget, BudgetLine
from app.domain.statutory_targets import StatutoryTarget
from app.domain.vocabulary import (
    AmountStatus,
    StatutoryKind,
)
from app.packs.shapes import Code, Label, No, Printed, Sourced


class BudgetLineShape(Sourced):
    KIND = BudgetLine

    code: Code
    no: No
    label: Label
    detail: Label | None = None
    amount: Decimal
    status: AmountStatus
    printed: Printed | None = None


class BudgetShape(Sourced):
    KIND = Budget

    code: Code
    phase: Code
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    printed_total: Decimal | None = None
    lines: list[BudgetLineShape] = []


class StatutoryTargetShape(Sourced):
    KIND = StatutoryTarget

    code: Code
    measure: Label
    year: Annotated[int, Field(ge=2000, le=2100)]
    site: Printed
    kind: StatutoryKind
    value: Decimal | None = None
