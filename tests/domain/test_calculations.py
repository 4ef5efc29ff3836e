"""Rules asked with figures: hours lost, shares of a cohort, self-evaluation over areas, budgets added up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.budget_totals import BudgetFigures, totals
from app.domain.cohort_shares import cohort_share
from app.domain.learning_hours import hours_lost
from app.domain.self_evaluation import PathCheck, Reach, Standing, check_areas, check_ranks

MONEY = st.decimals(0, 100_000, places=2)


@given(sessions=st.integers(0, 10_000), hours=st.decimals("0.25", 6, places=2))
def test_hours_lost_are_exact(sessions: int, hours: Decimal) -> None:
    assert hours_lost(sessions, hours) == sum([hours] * sessions, Decimal())


def test_without_the_length_of_a_session_there_are_no_hours() -> None:
    assert hours_lost(12, None) is None
    assert hours_lost(0, Decimal("2.5")) == 0


@pytest.mark.parametrize(
    ("size", "exact", "pupils"), [(182, "45.5", 46), (183, "45.75", 46), (181, "45.25", 45), (0, "0", 0)]
)
def test_a_quarter_of_a_cohort_is_whole_pupils_by_the_rule_it_names(size: int, exact: str, pupils: int) -> None:
    share = cohort_share(size)

    assert (share.exact, share.pupils, share.rounding) == (Decimal(exact), pupils, "half_away_from_zero")


@given(size=st.integers(0, 5000), share=st.decimals(1, 100, places=1))
def test_whole_pupils_are_within_half_a_pupil_and_no_more_than_there_are(size: int, share: Decimal) -> None:
    found = cohort_share(size, share)

    assert abs(found.exact - found.pupils) <= Decimal("0.5")
    assert 0 <= found.pupils <= size


@given(held=st.lists(st.none() | st.booleans(), max_size=9), reach=st.sampled_from(Reach))
def test_an_answer_holds_whatever_the_areas_not_judged_turn_out_to_be(held: list[bool | None], reach: Reach) -> None:
    standing = check_areas(reach, held).standing

    best, worst = [one is not False for one in held], [one is True for one in held]
    if not held:
        assert standing is Standing.NOT_EVALUABLE
    elif reach is Reach.ALL:
        assert (standing is Standing.YES, standing is Standing.NO) == (all(worst), not all(best))
    else:
        majority = [2 * sum(one) > len(one) for one in (worst, best)]
        assert (standing is Standing.YES, standing is Standing.NO) == (majority[0], not majority[1])


def test_all_four_areas_at_requires_improvement_or_better() -> None:
    reached = PathCheck(standing=Standing.YES, areas=4, reached=4, not_reached=0, not_judged=0)
    short = PathCheck(standing=Standing.NO, areas=4, reached=2, not_reached=1, not_judged=1)

    assert check_ranks(Reach.ALL, [3, 3, 3, 2], at=3) == reached
    assert check_ranks(Reach.ALL, [3, 3, 4, None], at=3) == short


def test_half_of_the_faculties_are_no_majority() -> None:
    assert check_areas(Reach.MAJORITY, [True, True, False, False]).standing is Standing.NO
    assert check_areas(Reach.MAJORITY, [True, True, None, False]).standing is Standing.NOT_EVALUABLE
    assert check_areas(Reach.MAJORITY, [True, True, True, None]).standing is Standing.YES


def budget(printed: Decimal | None, confirmed: Decimal, provisional: Decimal, currency: str = "GBP") -> BudgetFigures:
    return BudgetFigures(
        currency=currency,
        printed=printed,
        computed=confirmed + provisional,
        confirmed=confirmed,
        provisional=provisional,
        lines=2,
        provisional_lines=int(provisional > 0),
    )


BUDGETS = st.lists(
    st.builds(budget, st.none() | MONEY, MONEY, MONEY, st.sampled_from(["GBP", "EUR"])), min_size=1, max_size=8
)


@given(budgets=BUDGETS)
def test_a_sum_is_of_one_currency_and_has_a_printed_total_only_where_each_budget_has(
    budgets: list[BudgetFigures],
) -> None:
    found = {one.currency: one for one in totals(budgets)}

    assert set(found) == {one.currency for one in budgets}
    assert sum(one.computed for one in found.values()) == sum(one.confirmed + one.provisional for one in budgets)
    for currency, one in found.items():
        printed = [other.printed for other in budgets if other.currency == currency]
        assert (one.printed is None) == (None in printed) == (one.reconciles is None)
        assert one.is_fully_confirmed == all(
            other.is_fully_confirmed for other in budgets if other.currency == currency
        )


def test_provisional_money_reconciles_and_is_not_confirmed() -> None:
    (total,) = totals([budget(Decimal(89_270), Decimal(69_270), Decimal(20_000))])

    assert (total.reconciles, total.is_fully_confirmed) == (True, False)
