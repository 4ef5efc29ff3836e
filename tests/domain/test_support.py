"""Support: allocations, the account of an offer, what is owed by now, shares of what is short, and reviews that recur."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cadences import CadenceRule, NoDueDate
from app.domain.categories_in_force import in_force
from app.domain.categorisation import CategoryDecision
from app.domain.entitlements import EntitlementRule
from app.domain.errors import Conflict, IllegalMove, Invalid
from app.domain.figures import Figure
from app.domain.framework_vocabulary import EntitlementUnit, FrameworkStatus, Period
from app.domain.frameworks import Framework
from app.domain.intervals import Calendar, Days, TermDates
from app.domain.measure_vocabulary import Absence, Grain
from app.domain.review_vocabulary import AllocationStatus
from app.domain.reviews_due import DueState, Near, next_review
from app.domain.support import NEXT, SupportAllocation, SupportDelivery
from app.domain.support_ledger import (
    Amounts,
    Given,
    NoFigure,
    TeamTotal,
    TotalReading,
    account_of,
    team_totals,
)
from app.domain.support_movement import NoMovement, Spread, movement_of, spread_of
from app.domain.support_owed import BY_ENDED_PERIODS, BY_ENDED_TERMS, behind
from app.domain.support_proposal import STEP, Claim, propose

DAYS, FTE, VISITS = EntitlementUnit.DAYS, EntitlementUnit.FTE, EntitlementUnit.VISITS
D = Decimal


def days(starts: str, ends: str) -> Days:
    return Days(date.fromisoformat(starts), date.fromisoformat(ends))


AUTUMN, SPRING, SUMMER = (
    days("2023-09-04", "2023-12-20"),
    days("2024-01-08", "2024-03-28"),
    days("2024-04-15", "2024-07-23"),
)
TERMS = tuple(
    TermDates(name, "2023/24", one.starts_on, one.ends_on)
    for name, one in (("autumn", AUTUMN), ("spring", SPRING), ("summer", SUMMER))
)
HALVES = (
    days("2023-09-04", "2023-10-20"), days("2023-10-30", "2023-12-20"), days("2024-01-08", "2024-02-09"),
    days("2024-02-19", "2024-03-28"), days("2024-04-15", "2024-05-24"), days("2024-06-03", "2024-07-23"),
)  # fmt: skip
CALENDAR = Calendar(terms=TERMS, half_terms=HALVES)
YEAR = days("2023-09-01", "2024-08-31")


def offer(**printed: Any) -> EntitlementRule:
    made = {"code": "O1", "team": "si", "label": "support", "unit": DAYS, **printed}
    return EntitlementRule(trust_id=uuid4(), framework_id=uuid4(), stage_id=uuid4(), **made)


def allocation(**values: Any) -> SupportAllocation:
    made = {"team": "si", "unit": DAYS, "quantity": D(6), "starts_on": AUTUMN.starts_on, "ends_on": SUMMER.ends_on}
    return SupportAllocation(trust_id=uuid4(), academy_id=uuid4(), **{**made, **values})


def framework(status: FrameworkStatus = FrameworkStatus.PUBLISHED) -> Framework:
    return Framework(trust_id=uuid4(), code="strategy", edition=1, title="A strategy", status=status)


def on(day: str, quantity: str) -> Given:
    return Given(date.fromisoformat(day), D(quantity))


# S4: two days a term, and two more with no period; twelve across the year; up to ten.
PER_TERM = offer(quantity_min=D(2), period=Period.TERM)
NO_PERIOD = offer(quantity_min=D(2), tier="enhanced")
ACROSS_YEAR = offer(quantity_min=D(12), period=Period.YEAR)
UP_TO = offer(quantity_max=D(10), team="hr")

some_day = st.dates(date(2023, 9, 1), date(2024, 8, 31))
halves = st.integers(0, 60).map(lambda count: count * STEP)
gifts = st.lists(st.builds(Given, some_day, st.integers(1, 8).map(lambda count: count * STEP)), max_size=12)


@pytest.mark.parametrize("status", AllocationStatus)
def test_an_allocation_becomes_what_it_may_and_nothing_else(status: AllocationStatus) -> None:
    for doing, to in (("activate", AllocationStatus.ACTIVE), ("close", AllocationStatus.CLOSED)):
        one = allocation(status=status)
        arguments = ["It is done."] if doing == "close" else []
        if to in NEXT[status]:
            event = getattr(one, doing)(*arguments)
            assert (one.status, event.type.split(".")[0]) == (to, "support_allocation")
        else:
            with pytest.raises(IllegalMove) as caught:
                getattr(one, doing)(*arguments)
            assert one.status is status
            assert caught.value.legal == tuple(str(each) for each in NEXT[status])


def test_a_closed_allocation_takes_nothing_more() -> None:
    allocation(status=AllocationStatus.ACTIVE).require_open()
    with pytest.raises(Conflict):
        allocation(status=AllocationStatus.CLOSED).require_open()


@given(st.dates(date(2023, 8, 1), date(2024, 9, 30)), st.decimals(1, 99, places=1))
def test_a_delivery_is_taken_on_the_allocations_days_alone_however_much_it_is(day: date, quantity: Decimal) -> None:
    one = allocation()
    delivery = SupportDelivery(
        trust_id=one.trust_id, academy_id=one.academy_id, allocation_id=one.id, on=day, quantity=quantity
    )
    if one.starts_on <= day <= one.ends_on:
        one.take(delivery)
    else:
        with pytest.raises(Invalid):
            one.take(delivery)


@pytest.mark.parametrize(
    ("printed", "pointer"),
    [
        ({"unit": VISITS}, "/unit"),
        ({"unit": FTE}, "/unit"),
        ({"team": "hr"}, "/team"),
        ({}, None),
        ({"unit": None}, None),
    ],
)
def test_an_allocation_is_in_its_offers_team_and_unit_and_an_offer_without_a_unit_leaves_it_open(
    printed: Mapping[str, Any], pointer: str | None
) -> None:
    if pointer is None:
        allocation().draw_on(offer(**printed), framework())
    else:
        with pytest.raises(Invalid) as caught:
            allocation().draw_on(offer(**printed), framework())
        assert [fault.pointer for fault in caught.value.faults] == [pointer]


def test_a_draft_promises_nothing() -> None:
    with pytest.raises(Invalid) as caught:
        allocation().draw_on(offer(), framework(FrameworkStatus.DRAFT))
    assert caught.value.sentence == "strategy is a draft, so it promises nothing yet. Publish it first."


@given(st.none() | halves, st.none() | halves, halves)
def test_amounts_add_up(least: Decimal | None, most: Decimal | None, delivered: Decimal) -> None:
    if least is not None and most is not None and least > most:
        least, most = most, least
    amounts = Amounts(least, most, delivered)

    ceiling = least if most is None else most
    if ceiling is None:
        assert (amounts.remaining, amounts.percent) == (None, None)
    elif most is None:
        assert amounts.remaining == max(ceiling - delivered, 0)
    else:
        assert amounts.over_cap is not None
        assert amounts.remaining is not None
        assert delivered + amounts.remaining - amounts.over_cap == most
    assert (amounts.over_cap is None) == (most is None)
    assert (amounts.owed is None) == (least is None)


def test_two_days_a_term_are_counted_term_by_term_and_holidays_belong_to_the_term_before() -> None:
    account = account_of(
        PER_TERM, [on("2023-10-06", "1"), on("2023-12-28", "0.5"), on("2024-01-15", "3")], YEAR, CALENDAR
    )

    assert [(one.days, one.amounts) for one in account.periods] == [
        (AUTUMN, Amounts(D(2), None, D("1.5"))),
        (SPRING, Amounts(D(2), None, D(3))),
        (SUMMER, Amounts(D(2), None, D(0))),
    ]
    (total,) = account.totals
    assert (total.reading, total.times, total.amounts) == (TotalReading.AS_PRINTED, 3, Amounts(D(6), None, D("4.5")))
    assert total.amounts is not None
    assert total.amounts.percent == D("75.0")


def test_without_a_period_both_readings_are_told_with_their_totals() -> None:
    account = account_of(NO_PERIOD, [on("2024-01-15", "3")], YEAR, CALENDAR)

    assert account.why is NoFigure.NO_PERIOD
    assert account.periods == ()
    assert [(one.reading, one.times, one.amounts) for one in account.totals] == [
        (TotalReading.NO_PERIOD_WHOLE, 1, Amounts(D(2), None, D(3))),
        (TotalReading.NO_PERIOD_PER_TERM, 3, Amounts(D(6), None, D(3))),
    ]


def test_two_a_term_and_two_more_are_eight_a_year_or_twelve() -> None:
    rules = (PER_TERM, NO_PERIOD, UP_TO, offer(), offer(quantity_min=D(1), unit=None))
    totals = team_totals((one, account_of(one, [], YEAR, CALENDAR)) for one in rules)

    whole, each = TotalReading.NO_PERIOD_WHOLE, TotalReading.NO_PERIOD_PER_TERM
    assert totals == [
        TeamTotal("hr", DAYS, whole, None, D(10), D(0)),
        TeamTotal("hr", DAYS, each, None, D(30), D(0)),
        TeamTotal("si", DAYS, whole, D(8), None, D(0)),
        TeamTotal("si", DAYS, each, D(12), None, D(0)),
    ]
    assert team_totals([(ACROSS_YEAR, account_of(ACROSS_YEAR, [], YEAR, CALENDAR))]) == [
        TeamTotal("si", DAYS, TotalReading.AS_PRINTED, D(12), None, D(0))
    ]


def test_without_a_calendar_terms_are_not_counted_and_no_figure_is_made_up() -> None:
    per_term, no_period = (account_of(one, [on("2024-01-15", "3")], YEAR, Calendar()) for one in (PER_TERM, NO_PERIOD))

    assert (per_term.why, per_term.periods) == (NoFigure.CALENDAR_NOT_SET, ())
    assert [one.amounts for one in no_period.totals] == [Amounts(D(2), None, D(3)), None]
    (total, _) = team_totals([(PER_TERM, per_term), (NO_PERIOD, no_period)])
    assert (total.at_least, total.why) == (None, NoFigure.CALENDAR_NOT_SET)


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        ({}, NoFigure.NO_QUANTITY),
        # S3: "0.2 0.4", and "weekly 0.1 up to 0.2": neither has a unit.
        ({"quantity_min": D("0.2"), "quantity_max": D("0.4"), "unit": None}, NoFigure.NO_UNIT),
        ({"quantity_min": D("0.1"), "quantity_max": D("0.2"), "unit": None, "period": Period.WEEK}, NoFigure.NO_UNIT),
    ],
)
def test_what_is_not_printed_is_not_counted(printed: Mapping[str, Any], why: NoFigure) -> None:
    account = account_of(offer(**printed), [on("2024-01-15", "3")], YEAR, CALENDAR)

    assert (account.why, account.periods, account.totals) == (why, (), ())


def test_a_rate_is_held_against_each_week_and_never_added_up() -> None:
    rule = offer(quantity_min=D("0.1"), quantity_max=D("0.2"), unit=FTE, period=Period.WEEK)
    account = account_of(rule, [on("2024-01-15", "0.3")], days("2024-01-08", "2024-01-21"), CALENDAR)

    assert [(one.amounts.delivered, one.amounts.over_cap) for one in account.periods] == [(0, 0), (D("0.3"), D("0.1"))]
    assert [(one.amounts, one.why) for one in account.totals] == [(None, NoFigure.RATE)]


@given(gifts, st.sampled_from([Period.WEEK, Period.MONTH, Period.YEAR]))
def test_what_was_given_is_counted_once_in_some_period(given_: list[Given], period: Period) -> None:
    account = account_of(offer(quantity_min=D(2), period=period), given_, YEAR, CALENDAR)

    assert sum(one.amounts.delivered for one in account.periods) == sum(one.quantity for one in given_)
    assert all(one.days.ends_on < other.days.starts_on for one, other in pairwise(account.periods))


@given(st.sampled_from([term.ends_on for term in TERMS]) | some_day, gifts)
def test_what_is_expected_steps_up_at_the_end_of_a_term_and_never_before(day: date, given_: list[Given]) -> None:
    ended = sum(term.ends_on <= day for term in TERMS)
    had = sum((one.quantity for one in given_ if one.on <= day), D(0))
    for rule, each, by in ((PER_TERM, 2, BY_ENDED_PERIODS), (ACROSS_YEAR, 4, BY_ENDED_TERMS)):
        found = behind(rule, given_, date(2020, 1, 1), day, CALENDAR)

        assert (found.expected.quantity, found.expected.rule, found.delivered) == (Fraction(each * ended), by, had)
        assert found.quantity == max(each * ended - Fraction(had), 0)


def test_what_is_expected_begins_with_the_stage_and_shares_are_exact() -> None:
    rule = offer(quantity_min=D(10), period=Period.YEAR)
    joined = behind(rule, [], date(2024, 1, 1), date(2024, 8, 31), CALENDAR)
    visits = behind(
        offer(quantity_min=D(2), unit=VISITS, period=Period.HALF_TERM), [], date(2024, 1, 8), SPRING.ends_on, CALENDAR
    )

    assert joined.expected.quantity == Fraction(20, 3)
    assert visits.expected.quantity == 4


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (NO_PERIOD, NoFigure.NO_PERIOD),
        (UP_TO, NoFigure.NOTHING_PROMISED),
        (offer(), NoFigure.NO_QUANTITY),
        (offer(quantity_min=D("0.2"), unit=None), NoFigure.NO_UNIT),
        (offer(quantity_min=D("0.2"), unit=FTE, period=Period.WEEK), NoFigure.RATE),
    ],
)
def test_what_is_not_promised_by_a_day_is_never_behind(rule: EntitlementRule, why: NoFigure) -> None:
    found = behind(rule, [], date(2020, 1, 1), date(2024, 7, 1), CALENDAR)

    assert (found.expected.quantity, found.expected.why, found.quantity) == (None, why, Fraction(0))
    assert (
        behind(PER_TERM, [], date(2020, 1, 1), date(2024, 7, 1), Calendar()).expected.why is NoFigure.CALENDAR_NOT_SET
    )


def _claim(number: int, stage: int, owed: Decimal, overdue: Decimal) -> Claim:
    return Claim(UUID(int=number), f"A{number}", stage, owed, overdue)


claims = st.lists(
    st.tuples(st.integers(1, 4), st.decimals(0, 12, places=2), st.decimals(0, 12, places=2)), max_size=6
).map(lambda rows: [_claim(number, *row) for number, row in enumerate(rows)])
amounts = st.decimals(0, 80, places=2)


@given(claims, amounts)
def test_a_proposal_gives_all_there_is_and_never_more_than_is_owed(wanted: list[Claim], available: Decimal) -> None:
    proposal = propose(wanted, available)
    given_ = {share.claim: share.quantity for share in proposal.shares}

    assert sum(given_.values()) + proposal.left == available
    assert proposal.left >= 0
    assert set(given_) == set(wanted)
    assert all(0 <= quantity <= claim.owed and quantity % STEP == 0 for claim, quantity in given_.items())
    assert proposal.left < STEP or all(claim.owed - quantity < STEP for claim, quantity in given_.items())


@given(claims, amounts, amounts, st.randoms())
def test_more_to_share_takes_nothing_from_anybody_and_order_does_not_matter(
    wanted: list[Claim], one: Decimal, more: Decimal, chance: Any
) -> None:
    shuffled = list(wanted)
    chance.shuffle(shuffled)
    few, many = propose(wanted, one), propose(shuffled, one + more)

    assert all(less.quantity <= greater.quantity for less, greater in zip(few.shares, many.shares, strict=True))
    assert propose(shuffled, one) == few


@given(claims, amounts)
def test_what_is_overdue_comes_first_and_the_earliest_stage_first_of_all(
    wanted: list[Claim], available: Decimal
) -> None:
    shares = propose(wanted, available).shares
    short = [one for one in shares if min(one.claim.overdue, one.claim.owed) - one.overdue >= STEP]

    for one in short:
        assert all(other.further == 0 for other in shares)
        assert all(other.overdue == 0 for other in shares if other.claim.stage_no > one.claim.stage_no)


def test_a_proposal_shares_in_proportion() -> None:
    wanted = [_claim(1, 1, D(6), D(2)), _claim(2, 2, D(12), D(4)), _claim(3, 2, D(3), D(0))]

    few, some = propose(wanted, D(4)), propose(wanted, D("13.7"))

    assert [(one.overdue, one.further) for one in few.shares] == [(D(2), D(0)), (D(2), D(0)), (D(0), D(0))]
    assert [(one.overdue, one.further) for one in some.shares] == [(D(2), D(2)), (D(4), D(4)), (D(0), D("1.5"))]
    assert some.left == D("0.2")


def _decision(stage: int, effective: str, no: int = 1) -> CategoryDecision:
    day = date.fromisoformat(effective)
    return CategoryDecision(
        trust_id=uuid4(), academy_id=uuid4(), framework_id=uuid4(), stage_id=UUID(int=stage), decided_on=day,
        effective_from=day, no=no, chair_role="CEO",
    )  # fmt: skip


def test_the_category_in_force_is_the_last_begun_and_decisions_in_a_row_for_it_are_one_stay() -> None:
    made = [
        _decision(2, "2022-09-01"), _decision(1, "2023-01-01"), _decision(2, "2023-01-01", 2), _decision(2, "2023-09-01"),
        _decision(3, "2024-01-01"), _decision(2, "2024-05-01"),
    ]  # fmt: skip

    def known(day: str) -> tuple[int, str] | None:
        found = in_force(made, date.fromisoformat(day), lambda one: one.stage_id)
        return (found.decision.stage_id.int, str(found.since)) if found else None

    assert known("2022-08-31") is None
    assert known("2023-12-31") == (2, "2022-09-01")
    assert known("2024-01-01") == (3, "2024-01-01")
    assert known("2024-06-01") == (2, "2024-05-01")


def _cadence(**printed: Any) -> CadenceRule:
    return CadenceRule(trust_id=uuid4(), framework_id=uuid4(), code="C1", activity="A review.", **printed)


@pytest.mark.parametrize(
    ("held", "day", "state", "starts", "ends", "counted"),
    [
        ([], "2023-10-16", DueState.DUE, "2023-10-02", "2023-10-16", "2023-09-04"),
        ([], "2023-09-10", DueState.LATER, "2023-10-02", "2023-10-16", "2023-09-04"),
        ([], "2023-09-20", DueState.DUE_SOON, "2023-10-02", "2023-10-16", "2023-09-04"),
        ([], "2023-10-18", DueState.DUE, "2023-10-02", "2023-10-16", "2023-09-04"),
        ([], "2023-10-19", DueState.OVERDUE, "2023-10-02", "2023-10-16", "2023-09-04"),
        (["2023-10-05", "2023-11-06"], "2023-10-19", DueState.DUE_SOON, "2023-11-02", "2023-11-16", "2023-10-05"),
    ],
)
def test_four_to_six_weekly_is_a_window_after_the_day_it_was_last_held(
    held: list[str], day: str, state: DueState, starts: str, ends: str, counted: str
) -> None:
    due = next_review(
        _cadence(every_min=4, every_max=6, unit=Period.WEEK), map(date.fromisoformat, held), AUTUMN.starts_on, CALENDAR,
        on=date.fromisoformat(day), near=Near(soon=14, grace=2),
    )  # fmt: skip

    assert (due.state, due.days, due.reason) == (state, days(starts, ends), None)
    assert due.counted_from == date.fromisoformat(counted)


def test_what_is_done_twice_a_half_term_is_due_in_it_until_it_was_done_twice() -> None:
    rule = _cadence(times=2, period=Period.HALF_TERM)

    def after(*held: str) -> Days | None:
        return next_review(rule, map(date.fromisoformat, held), None, CALENDAR, on=SPRING.ends_on, near=Near()).days

    assert after("2023-09-12") == HALVES[0]
    assert after("2023-09-12", "2023-10-02") == HALVES[1]


@pytest.mark.parametrize(
    ("stage_id", "since", "counted"),
    [
        (uuid4(), "2024-01-15", "2024-01-15"),
        (uuid4(), "2023-09-04", "2023-11-06"),
        (uuid4(), None, "2023-11-06"),
        (None, "2024-01-15", "2023-11-06"),
    ],
)
def test_a_review_of_a_stage_begins_anew_with_the_stage_and_one_of_every_stage_runs_on(
    stage_id: UUID | None, since: str | None, counted: str
) -> None:
    rule = _cadence(every_min=6, unit=Period.WEEK, stage_id=stage_id)

    due = next_review(
        rule,
        [date(2023, 11, 6)],
        date.fromisoformat(since) if since else None,
        CALENDAR,
        on=SPRING.ends_on,
        near=Near(),
    )

    later = (date.fromisoformat(counted) + timedelta(weeks=6)).isoformat()
    assert (due.counted_from, due.days) == (date.fromisoformat(counted), days(later, later))
    assert (due.last_held, due.held) == (date(2023, 11, 6), 1)


@pytest.mark.parametrize(
    ("printed", "since", "reason"),
    [
        ({"printed": "regularly"}, AUTUMN.starts_on, NoDueDate.NO_CADENCE),
        ({"printed": "2 x", "times": 2}, None, NoDueDate.NO_PERIOD),
        ({"every_min": 1, "unit": Period.TERM}, None, NoDueDate.NOT_RECORDED),
        ({"every_min": 1, "unit": Period.TERM}, SUMMER.starts_on, NoDueDate.CALENDAR_NOT_SET),
    ],
)
def test_what_has_no_date_says_why(printed: Mapping[str, Any], since: date | None, reason: NoDueDate) -> None:
    due = next_review(_cadence(**printed), [], since, CALENDAR, on=date(2024, 5, 1), near=Near())

    assert (due.state, due.days, due.reason) == (DueState.NO_DATE, None, reason)


def _figure(starts: str, ends: str, value: str | None, grain: Grain = Grain.TERM) -> Figure:
    return Figure(
        metric="attendance", grain=grain, starts_on=date.fromisoformat(starts), ends_on=date.fromisoformat(ends),
        value=None if value is None else D(value), absence=None if value else Absence.NOT_COLLECTED,
        reading_id=uuid4(),
    )  # fmt: skip


BEFORE, AFTER = _figure("2023-09-04", "2023-12-20", "91.2"), _figure("2024-04-15", "2024-07-23", "92.0")
WEEK = _figure("2023-12-11", "2023-12-17", "80", Grain.WEEK)


@pytest.mark.parametrize(
    ("figures", "breaks", "change", "why"),
    [
        ([BEFORE, AFTER], [], D("0.8"), None),
        ([BEFORE, WEEK, AFTER], [], D("0.8"), None),
        ([WEEK, AFTER], [], None, NoMovement.ONE_PERIOD_ONLY),
        ([BEFORE], [], None, NoMovement.ONE_PERIOD_ONLY),
        ([], [], None, NoMovement.NO_READING),
        ([replace(BEFORE, value=None), AFTER], [], None, NoMovement.NO_VALUE),
        ([BEFORE, AFTER], [date(2024, 4, 15)], None, NoMovement.SERIES_BREAK),
        ([BEFORE, AFTER], [date(2023, 9, 1)], D("0.8"), None),
    ],
)
def test_a_movement_is_between_two_readings_of_one_grain_with_no_break_between(
    figures: list[Figure], breaks: list[date], change: Decimal | None, why: NoMovement | None
) -> None:
    moved = movement_of(figures, date(2023, 12, 31), date(2024, 7, 31), source=None, breaks=breaks)

    assert (moved.change, moved.why) == (change, why)


@given(st.lists(st.none() | st.decimals(-20, 20, places=1), max_size=9))
def test_a_spread_counts_everybody_and_rests_on_what_is_known(changes: list[Decimal | None]) -> None:
    spread = spread_of(changes)

    known = sorted(one for one in changes if one is not None)
    assert (spread.academies, spread.known) == (len(changes), len(known))
    if known:
        middle = (known[(len(known) - 1) // 2] + known[len(known) // 2]) / 2
        assert (spread.median, spread.lowest, spread.highest) == (middle, known[0], known[-1])
    else:
        assert spread == Spread(len(changes), 0, None, None, None)


@given(some_day)
def test_a_day_of_grace_is_never_overdue(day: date) -> None:
    due = next_review(
        _cadence(every_min=1, unit=Period.WEEK), [day], None, CALENDAR, on=day + timedelta(days=8), near=Near(grace=1)
    )

    assert due.state is DueState.DUE
