"""Counting over a sliding minute."""

from hypothesis import given
from hypothesis import strategies as st

from app.api.edge.windows import Window

limits = st.integers(1, 20)
gaps = st.lists(st.floats(0, 45), min_size=1, max_size=60)


@given(limits, gaps)
def test_no_minute_that_begins_with_a_page_takes_more_than_the_limit(limit: int, pauses: list[float]) -> None:
    window, now, taken = Window(limit), 600.0, list[float]()
    for pause in pauses:
        now += pause
        if window.take(1, now) >= 0:
            taken.append(now)

    assert all(sum(at // 60 == page for at in taken) <= limit for page in {at // 60 for at in taken})


@given(limits, gaps)
def test_who_waits_as_long_as_told_is_let_in_and_not_much_before(limit: int, pauses: list[float]) -> None:
    window, now = Window(limit), 600.0
    for pause in pauses:
        now += pause
        wait = window.wait(1, now)
        assert (wait > 0) == (window.left(1, now) == 0)
        if wait > 0.01:
            assert window.left(1, now + wait - 0.005) == 0
            now += wait + 1e-6
        assert window.take(1, now) >= 0


@given(limits)
def test_what_is_left_goes_down_by_one_with_each_and_then_nothing_is_counted(limit: int) -> None:
    window = Window(limit)

    assert [window.take(1, 600.0) for _ in range(limit + 2)] == [*range(limit - 1, -1, -1), -1, -1]
    assert window.take(2, 600.0) == limit - 1


def test_a_flood_of_names_fills_two_pages_and_no_more() -> None:
    window = Window(10, page=1_000)
    for name in range(20_000):
        window.take(name, 600.0)

    assert len(window) <= 2_000
    assert window.take(19_999, 600.0) == 8
