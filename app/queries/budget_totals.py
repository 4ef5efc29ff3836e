"""Budgets across a trust, or of one plan (C17): each with its totals, and the sum of each currency."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from app.db.noun import Computed
from app.domain.budget_totals import LINES_ADD_UP, BudgetFigures, totals
from app.queries.budgets import BUDGETS
from app.queries.comparison import Number
from app.queries.plans import PLANS
from app.queries.published import Published
from app.queries.reading import Moment, Reads, read_record
from app.queries.revival import read_all

_LINES: Final = (
    "select count(*) from budget_line b where b.trust_id = {trust} and b.budget_id = {t}.id and b.withdrawn_at is null"
)
_COUNTED: Final = replace(
    BUDGETS,
    fields=(
        *BUDGETS.columns(),
        Computed("planCode", "select p.code from plan p where p.trust_id = {trust} and p.id = {t}.plan_id", str),
        Computed(
            "phaseCode", "select p.code from plan_phase p where p.trust_id = {trust} and p.id = {t}.phase_id", str
        ),
        Computed("lines", _LINES, int),
        Computed("provisionalLines", f"{_LINES} and b.status = 'provisional'", int),
    ),
)


class CurrencyTotal(Published):
    """Sums of one currency."""

    currency: str
    budgets: int
    printedTotal: Number | None = Field(description="Null where a budget prints none: missing is never zero.")
    computedTotal: Number
    confirmedTotal: Number = Field(description="Lines that are confirmed or spent.")
    provisionalTotal: Number
    reconciles: bool | None = Field(
        description="Whether lines and printed totals agree; null where one is not printed."
    )
    fullyConfirmed: bool | None = Field(description="Whether no line is provisional; null where there are no lines.")


class BudgetTotal(Published):
    """One budget."""

    id: UUID
    planId: UUID
    planCode: str
    phaseCode: str
    code: str
    currency: str
    printedTotal: Number | None
    computedTotal: Number
    confirmedTotal: Number
    provisionalTotal: Number
    reconciles: bool | None
    fullyConfirmed: bool | None


class TrustBudgets(Published):
    """Every budget within sight, and what those of one currency come to."""

    rule: str
    items: list[BudgetTotal]
    totals: list[CurrencyTotal]


async def read_budget_totals(reads: Reads, plan_id: UUID | None, moment: Moment) -> TrustBudgets:
    if plan_id is not None:
        await read_record(reads, PLANS, plan_id, moment)
    found = await read_all(reads, _COUNTED, moment, planId=plan_id)
    figures = {one["id"]: _figures(one) for one in found}
    names = ("id", "planId", "planCode", "phaseCode", "code", "currency", "printedTotal", "computedTotal")
    more = ("confirmedTotal", "provisionalTotal", "reconciles")
    return TrustBudgets(
        rule=LINES_ADD_UP,
        items=[
            BudgetTotal(
                **{name: one[name] for name in (*names, *more)}, fullyConfirmed=figures[one["id"]].is_fully_confirmed
            )
            for one in found
        ],
        totals=[_total(one, figures.values()) for one in totals(figures.values())],
    )


def _figures(record: Mapping[str, Any]) -> BudgetFigures:
    printed = record["printedTotal"]
    return BudgetFigures(
        currency=record["currency"],
        printed=None if printed is None else Decimal(printed),
        computed=Decimal(record["computedTotal"]),
        confirmed=Decimal(record["confirmedTotal"]),
        provisional=Decimal(record["provisionalTotal"]),
        lines=record["lines"],
        provisional_lines=record["provisionalLines"],
    )


def _total(sum_of: BudgetFigures, figures: Iterable[BudgetFigures]) -> CurrencyTotal:
    return CurrencyTotal(
        currency=sum_of.currency,
        budgets=sum(one.currency == sum_of.currency for one in figures),
        printedTotal=sum_of.printed,
        computedTotal=sum_of.computed,
        confirmedTotal=sum_of.confirmed,
        provisionalTotal=sum_of.provisional,
        reconciles=sum_of.reconciles,
        fullyConfirmed=sum_of.is_fully_confirmed,
    )
