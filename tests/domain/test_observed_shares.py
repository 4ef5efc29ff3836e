"""What is counted of judgements for those who are not told single ones: whole terms that are over, and no few."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.intervals import Calendar, Days, TermDates
from app.domain.measure_vocabulary import Feed, ProgressGrade
from app.domain.observed_shares import Shares, Sighting, by_part, in_whole_terms, is_large_enough, shares_within

FEEDS = (Feed.OBSERVED_GOOD_OR_BETTER, Feed.OBSERVED_OUTSTANDING)
SMALLEST = 3
START = date(2025, 9, 1)
TERMS = tuple(
    TermDates(name, "2025/26", START + timedelta(days=first), START + timedelta(days=first + 9))
    for name, first in (("Autumn", 0), ("Spring", 12), ("Summer", 24))
)
CALENDAR = Calendar(terms=TERMS, half_terms=tuple(Days(one.starts_on, one.starts_on + timedelta(4)) for one in TERMS))
DAYS = st.integers(0, 36).map(lambda days: START + timedelta(days=days))
SIGHTINGS = st.lists(
    st.builds(Sighting, DAYS, st.none() | st.sampled_from(ProgressGrade), st.integers(1, 4), is_own=st.booleans())
)


def others(sightings: list[Sighting], days: Days) -> Shares:
    return shares_within((one for one in sightings if not one.is_own), days)


@given(SIGHTINGS, DAYS, st.sampled_from(FEEDS))
def test_a_term_is_told_whole_once_it_is_over_or_not_at_all(sightings: list[Sighting], today: date, feed: Feed) -> None:
    told = in_whole_terms(sightings, CALENDAR, before=today, feeds=[feed], smallest=SMALLEST)

    for term in TERMS:
        days = Days(term.starts_on, term.ends_on)
        may = term.ends_on < today and is_large_enough(others(sightings, days), feed, SMALLEST)
        assert shares_within(told, days) == (shares_within(sightings, days) if may else Shares())
        assert {one.on for one in told if term.starts_on <= one.on <= term.ends_on} <= {term.ends_on}
    assert {part.days for part in by_part(told, CALENDAR, Days(START, date(2026, 1, 1)))} >= (
        {Days(term.starts_on, term.ends_on) for term in TERMS} if told else set()
    )


@given(st.integers(0, 9), st.integers(0, 9), st.sampled_from(FEEDS))
def test_neither_those_that_count_nor_those_left_over_are_a_few(counted: int, left: int, feed: Feed) -> None:
    shares = Shares(judged=counted + left, good_or_better=counted, outstanding=counted)

    assert is_large_enough(shares, feed, SMALLEST) == (counted not in (1, 2) and left not in (1, 2))
