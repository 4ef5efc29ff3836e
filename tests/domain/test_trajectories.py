"""The way to a target: what is expected by a day, ahead and behind, and the pace that is still needed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.framework_vocabulary import DayBasis
from app.domain.intervals import Calendar, Days, TermDates
from app.domain.trajectories import (
    LINEAR,
    STEPWISE,
    Point,
    PointSource,
    Standing,
    expected_by,
    points_to,
    runway,
    standing,
)
from app.domain.vocabulary import Comparator

START = date(2017, 9, 1)


def point(day: int, value: object, source: PointSource = PointSource.MILESTONE) -> Point:
    return Point(on=START + timedelta(days=day), value=Decimal(str(value)), source=source, id=uuid4())


def on(day: int) -> date:
    return START + timedelta(days=day)


def test_own_points_come_before_milestones_and_the_target_stands_at_the_end() -> None:
    own, led, end = [point(5, 91)], [point(9, 92)], point(20, 93, PointSource.TARGET)

    assert points_to(own, led, end) == [*own, end]
    assert points_to([], led, end) == [*led, end]
    assert points_to([point(20, 93)], [], end)[0].source is PointSource.MILESTONE, "and is not told twice"


def test_the_last_point_holds_until_the_next() -> None:
    points = [point(10, "91.8"), point(20, "92.8")]

    assert [expected_by(points, on(day)).value for day in (9, 10, 19, 20, 99)] == [
        None, Decimal("91.8"), Decimal("91.8"), Decimal("92.8"), Decimal("92.8"),
    ]  # fmt: skip
    assert expected_by(points, on(9)).rule == STEPWISE


def test_a_line_is_drawn_only_if_asked_and_says_so() -> None:
    points = [point(10, 90), point(20, 92)]

    found = expected_by(points, on(15), interpolate=True)

    assert (found.value, found.rule) == (Decimal(91), LINEAR)
    assert expected_by(points, on(5), interpolate=True).value is None, "nothing is drawn before the first point"


def test_points_of_one_day_that_disagree_expect_nothing() -> None:
    points = [point(10, 80), point(10, 85)]

    found = expected_by(points, on(12))

    assert (found.value, found.disagrees, len(found.since)) == (None, True, 2)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 100)), min_size=1, max_size=6, unique_by=lambda x: x[0]),
    st.integers(-5, 70),
)
def test_a_line_meets_its_points_and_stays_between_them(drawn: list[tuple[int, int]], day: int) -> None:
    points = sorted((point(at, value) for at, value in drawn), key=lambda one: one.on)
    stepped, line = (expected_by(points, on(day), interpolate=way) for way in (False, True))

    past = [one for one in points if one.on <= on(day)]
    later = [one for one in points if one.on > on(day)]
    assert stepped.value == (past[-1].value if past else None)
    if not past or not later or past[-1].on == on(day):
        assert line.value == stepped.value
    else:
        low, high = sorted((past[-1].value, later[0].value))
        assert line.value is not None
        assert low <= line.value <= high


@pytest.mark.parametrize(
    ("comparator", "above", "below"),
    [
        (Comparator.AT_LEAST, Standing.AHEAD, Standing.BEHIND),
        (Comparator.ABOVE, Standing.AHEAD, Standing.BEHIND),
        (Comparator.AT_MOST, Standing.BEHIND, Standing.AHEAD),
        (Comparator.BELOW, Standing.BEHIND, Standing.AHEAD),
        (Comparator.EQUAL, Standing.BEHIND, Standing.BEHIND),
    ],
)
def test_ahead_is_where_the_comparator_points(comparator: Comparator, above: Standing, below: Standing) -> None:
    found = [standing(Decimal(difference), comparator) for difference in (1, 0, -1)]

    assert found == [above, Standing.AS_EXPECTED, below]


def left(value: object, comparator: Comparator = Comparator.AT_LEAST, **more: Any) -> tuple[Any, ...]:
    told: dict[str, Any] = {"on": date(2017, 10, 20), "ends_on": date(2017, 12, 1), "calendar": Calendar(), **more}
    found = runway(Decimal(str(value)), Decimal(93), comparator, **told)
    return found.remaining, found.weeks_left, found.basis, found.per_week


TERM = TermDates("Autumn", "2017/18", date(2017, 9, 4), date(2017, 12, 21))
HALVES = (Days(date(2017, 9, 4), date(2017, 10, 20)), Days(date(2017, 10, 30), date(2017, 12, 21)))


def test_what_is_left_is_spread_over_weeks_of_term_where_the_calendar_knows_them() -> None:
    assert left(90) == (3, 6, DayBasis.CALENDAR, Decimal("0.5000"))
    assert left(90, calendar=Calendar((TERM,), (), HALVES)) == (3, 5, DayBasis.SCHOOL, Decimal("0.6000"))


def test_a_calendar_that_does_not_reach_to_the_end_is_not_counted_by() -> None:
    assert left(90, calendar=Calendar((TERM,)), ends_on=date(2018, 12, 1))[2] is DayBasis.CALENDAR


def test_what_is_met_needs_nothing_more_and_after_the_end_there_is_no_pace() -> None:
    assert left(93)[0] == 0
    assert left(95, Comparator.AT_MOST)[0] == -2
    assert left(90, on=date(2017, 12, 1)) == (3, 0, DayBasis.CALENDAR, None)
