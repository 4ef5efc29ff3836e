"""Budgets added up (C17): printed, computed, confirmed and provisional apart, and never one currency with another."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

LINES_ADD_UP: Final = "budget.lines_add_up"
"""The lines of a budget add up to its printed total; provisional lines count for that, and are no confirmed money."""


@dataclass(frozen=True, kw_only=True)
class BudgetFigures:
    """One budget. `is_fully_confirmed` is null where it has no lines."""

    currency: str
    printed: Decimal | None
    computed: Decimal
    confirmed: Decimal
    provisional: Decimal
    lines: int
    provisional_lines: int

    @property
    def reconciles(self) -> bool | None:
        return None if self.printed is None else self.printed == self.computed

    @property
    def is_fully_confirmed(self) -> bool | None:
        return self.provisional_lines == 0 if self.lines else None


def totals(budgets: Iterable[BudgetFigures]) -> list[BudgetFigures]:
    """One row a currency. Where a budget has no printed total, their sum would not be one either: it is null."""
    by_currency: dict[str, list[BudgetFigures]] = {}
    for one in budgets:
        by_currency.setdefault(one.currency, []).append(one)
    return [_sum(currency, found) for currency, found in sorted(by_currency.items())]


def _sum(currency: str, budgets: list[BudgetFigures]) -> BudgetFigures:
    printed = [one.printed for one in budgets if one.printed is not None]
    return BudgetFigures(
        currency=currency,
        printed=sum(printed, Decimal()) if len(printed) == len(budgets) else None,
        computed=sum((one.computed for one in budgets), Decimal()),
        confirmed=sum((one.confirmed for one in budgets), Decimal()),
        provisional=sum((one.provisional for one in budgets), Decimal()),
        lines=sum(one.lines for one in budgets),
        provisional_lines=sum(one.provisional_lines for one in budgets),
    )
