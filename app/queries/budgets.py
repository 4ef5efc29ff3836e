"""Budgets with their printed and computed totals (C17), as they can be read."""

from decimal import Decimal
from typing import Final

from app.db.noun import Children, Computed, Noun, Sort, columns_of
from app.domain.budgets import Budget, BudgetLine
from app.domain.vocabulary import AmountStatus
from app.queries.narrowing import BY_CODE, PLAN, SOURCE, reference, word

BUDGET_LINES: Final = Noun(
    name="budgetLine",
    plural="budget-lines",
    title="BudgetLine",
    entity=BudgetLine,
    doc="Lines of a budget.",
    fields=columns_of(BudgetLine),
    filters={**PLAN, "budgetId": reference("budget_id"), "status": word("status", AmountStatus), **SOURCE},
    sorts={"code": BY_CODE, "no": Sort("{t}.no", "int")},
)


def _sum(condition: str) -> str:
    return (
        "select coalesce(sum(b.amount), 0) from budget_line b where b.trust_id = {trust} and b.budget_id = {t}.id "
        f"and b.withdrawn_at is null and {condition}"
    )


BUDGETS: Final = Noun(
    name="budget",
    plural="budgets",
    title="Budget",
    entity=Budget,
    doc="A phase's budget: the printed total beside what the lines add up to.",
    fields=(
        *columns_of(Budget),
        Computed("computedTotal", _sum("true"), Decimal, "What the lines add up to."),
        Computed("confirmedTotal", _sum("b.status <> 'provisional'"), Decimal, "Lines that are confirmed or spent."),
        Computed("provisionalTotal", _sum("b.status = 'provisional'"), Decimal, "Lines still to be confirmed."),
        Computed(
            "reconciles",
            f"{{t}}.printed_total = ({_sum('true')})",
            bool | None,
            "Whether lines and printed total agree.",
        ),
        Children("lines", lambda: BUDGET_LINES, "budget_id"),
    ),
    filters={**PLAN, "phaseId": reference("phase_id"), **SOURCE},
    sorts={"code": BY_CODE},
)
