"""When what recurs is due again: what always holds, then every cadence that the sources print."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cadences import CadenceRule, NextDue, NoDueDate
from app.domain.errors import Fault, Invalid
from app.domain.framework_vocabulary import DayBasis, Period
from app.domain.intervals import Calendar, Days, TermDates

DAY, WEEK, MONTH, YEAR = Period.DAY, Period.WEEK, Period.MONTH, Period.YEAR
HALF_TERM, TERM = Period.HALF_TERM, Period.TERM
NO_CALENDAR = Calendar()
NOT_SET = NextDue(reason=NoDueDate.CALENDAR_NOT_SET)


def rule(**printed: Any) -> CadenceRule:
    made = {"code": "C1", "activity": "The school is visited.", **printed}
    return CadenceRule(trust_id=uuid4(), framework_id=uuid4(), **made)


def every(count: int, unit: Period, *, to: int | None = None, **printed: Any) -> CadenceRule:
    return rule(every_min=count, every_max=to, unit=unit, **printed)


def counted(times: int, period: Period | None, **printed: Any) -> CadenceRule:
    return rule(times=times, period=period, **printed)


def days(starts: str, ends: str | None = None) -> Days:
    return Days(date.fromisoformat(starts), date.fromisoformat(ends or starts))


def term(name: str, year_code: str, dates: Days) -> TermDates:
    return TermDates(name, year_code, dates.starts_on, dates.ends_on)


AUTUMN_1, AUTUMN_2 = days("2026-09-02", "2026-10-23"), days("2026-11-02", "2026-12-18")
SPRING_1, SPRING_2 = days("2027-01-04", "2027-02-12"), days("2027-02-22", "2027-03-25")
SUMMER_1, SUMMER_2 = days("2027-04-12", "2027-05-28"), days("2027-06-07", "2027-07-21")
AUTUMN, SPRING, SUMMER = (
    AUTUMN_1.until_end_of(AUTUMN_2),
    SPRING_1.until_end_of(SPRING_2),
    SUMMER_1.until_end_of(SUMMER_2),
)
TERMS = (term("autumn", "2026/27", AUTUMN), term("Spring term", "2026/27", SPRING), term("Summer", "2026/27", SUMMER))
CALENDAR = Calendar(terms=TERMS, half_terms=(AUTUMN_1, AUTUMN_2, SPRING_1, SPRING_2, SUMMER_1, SUMMER_2))
WITHOUT_HALF_TERMS = Calendar(terms=TERMS)

FRIDAY = date(2026, 11, 20)
CHECKS = {"anchors": ["end of autumn term", "end of summer term"]}
# What the sources print, how often it was held in its period by Friday 20 November 2026, and when it is due again.
PRINTED = [
    ("weekly", every(1, WEEK, minutes=30), 1, days("2026-11-27")),
    ("twice a week", counted(2, WEEK), 1, days("2026-11-16", "2026-11-22")),
    ("twice a week", counted(2, WEEK), 2, days("2026-11-23", "2026-11-29")),
    ("fortnightly", every(2, WEEK), 1, days("2026-12-04")),
    ("4-6 weekly", every(4, WEEK, to=6), 1, days("2026-12-18", "2027-01-01")),
    ("6 weekly", every(6, WEEK), 1, days("2027-01-01")),
    ("monthly", every(1, MONTH), 1, days("2026-12-20")),
    ("half termly", every(1, HALF_TERM), 1, SPRING_1),
    ("2 per half term", counted(2, HALF_TERM), 1, AUTUMN_2),
    ("2 per half term", counted(2, HALF_TERM), 2, SPRING_1),
    ("termly", every(1, TERM), 1, SPRING),
    ("at least termly", every(1, TERM, at_least=True), 1, SPRING),
    ("twice termly", counted(2, TERM), 1, AUTUMN),
    ("twice termly", counted(2, TERM), 2, SPRING),
    ("annual", every(1, YEAR), 1, days("2027-11-20")),
    ("every 2 years", every(2, YEAR), 1, days("2028-11-20")),
    ("every 4 years", every(4, YEAR), 1, days("2030-11-20")),
    ("end of autumn and summer term", rule(**CHECKS), 1, days("2026-12-18")),
]

some_day = st.dates(date(2026, 1, 1), date(2029, 12, 31))
counts = st.integers(1, 8)
plain_units = st.sampled_from([DAY, WEEK, MONTH, YEAR])
term_units = st.sampled_from([HALF_TERM, TERM])
whole_units = st.builds(
    every, counts, st.sampled_from(Period), to=st.none() | st.integers(8, 12), day_basis=st.sampled_from(DayBasis)
)
counted_rules = st.builds(counted, counts, st.sampled_from(Period))
seasons = st.sampled_from(["autumn", "spring", "summer"])
points = st.builds("{} of {} term".format, st.sampled_from(["start", "end"]), seasons)
anchored = st.builds(rule, anchors=st.lists(points, min_size=1, max_size=3))
never_due = st.sampled_from([rule(), counted(2, None)])
rules = st.one_of(whole_units, counted_rules, anchored, never_due)


@st.composite
def any_calendar(draw: st.DrawFn) -> Calendar:
    """Half-terms that do not overlap, two of them to a term, in whatever order they were written down."""
    ends = sorted(draw(st.lists(some_day, max_size=24, unique=True)))
    halves = [Days(first, last) for first, last in zip(ends[::2], ends[1::2], strict=False)]
    wholes = [first.until_end_of(second) for first, second in zip(halves[::2], halves[1::2], strict=False)]
    names = ["Autumn", "spring term", "SUMMER"]
    terms = [term(names[place % 3], "2026/27", whole) for place, whole in enumerate(wholes)]
    half_terms = draw(st.sampled_from([(), tuple(draw(st.permutations(halves)))]))
    return Calendar(terms=tuple(draw(st.permutations(terms))), half_terms=half_terms)


calendars = any_calendar()


def periods(unit: Period, calendar: Calendar) -> list[Days]:
    found = [Days(one.starts_on, one.ends_on) for one in calendar.terms] if unit is TERM else calendar.half_terms
    return sorted(found, key=lambda one: one.starts_on)


def school_days(calendar: Calendar) -> list[date]:
    """Every weekday of term, counted one by one."""
    return [
        one.starts_on + timedelta(days=further)
        for one in periods(HALF_TERM if calendar.half_terms else TERM, calendar)
        for further in range((one.ends_on - one.starts_on).days + 1)
        if (one.starts_on + timedelta(days=further)).isoweekday() <= 5
    ]


@given(rules, some_day, calendars, st.integers(1, 9))
def test_there_is_a_next_date_or_a_reason_why_there_is_none(
    made: CadenceRule, last_held: date, calendar: Calendar, held: int
) -> None:
    found = made.next_due(last_held, calendar, held_in_period=held)

    assert (found.days is None) != (found.reason is None)


@given(whole_units | anchored, some_day, calendars)
def test_what_is_due_every_so_often_is_due_after_the_day_it_was_last_held(
    made: CadenceRule, last_held: date, calendar: Calendar
) -> None:
    found = made.next_due(last_held, calendar)

    assert found.days is None or found.days.starts_on > last_held


@given(rules, some_day, some_day, calendars, st.integers(1, 9))
def test_what_was_held_later_is_due_no_sooner(
    made: CadenceRule, one: date, other: date, calendar: Calendar, held: int
) -> None:
    before = made.next_due(min(one, other), calendar, held_in_period=held).days
    after = made.next_due(max(one, other), calendar, held_in_period=held).days

    if before and after:
        assert before.starts_on <= after.starts_on
        assert before.ends_on <= after.ends_on


@given(counts, plain_units, some_day, calendars)
def test_days_weeks_months_and_years_need_no_calendar_and_heed_none(
    count: int, unit: Period, last_held: date, calendar: Calendar
) -> None:
    with_one = every(count, unit).next_due(last_held, calendar)
    without = every(count, unit).next_due(last_held, NO_CALENDAR)

    assert with_one == without
    assert without.days is not None and without.days == without.days.first_day()


@given(counts, some_day)
def test_a_week_is_seven_days(count: int, last_held: date) -> None:
    due = last_held + timedelta(days=7 * count)

    assert every(count, WEEK).next_due(last_held, NO_CALENDAR) == NextDue(Days(due, due))
    assert every(7 * count, DAY).next_due(last_held, NO_CALENDAR) == NextDue(Days(due, due))


@given(st.integers(1, 60), some_day)
def test_a_month_later_is_the_same_day_or_the_last_of_a_month_that_has_no_such_day(count: int, last_held: date) -> None:
    found = every(count, MONTH).next_due(last_held, NO_CALENDAR).days

    assert found is not None
    due = found.starts_on
    assert 12 * (due.year - last_held.year) + due.month - last_held.month == count
    assert due.day == last_held.day or (due.day < last_held.day and (due + timedelta(days=1)).day == 1)


@given(counts, some_day)
def test_a_year_is_twelve_months(count: int, last_held: date) -> None:
    in_months = every(12 * count, MONTH).next_due(last_held, NO_CALENDAR)

    assert every(count, YEAR).next_due(last_held, NO_CALENDAR) == in_months


@given(counts, st.integers(0, 4), st.sampled_from(Period), some_day, calendars)
def test_a_range_is_due_from_its_earliest_to_its_latest(
    count: int, more: int, unit: Period, last_held: date, calendar: Calendar
) -> None:
    earliest = every(count, unit).next_due(last_held, calendar).days
    latest = every(count + more, unit).next_due(last_held, calendar).days

    found = every(count, unit, to=count + more).next_due(last_held, calendar)

    assert found == (NextDue(earliest.until_end_of(latest)) if earliest and latest else NOT_SET)


@given(counts, term_units, some_day, calendars)
def test_terms_and_half_terms_are_counted_in_the_calendar_from_the_one_that_has_begun(
    count: int, unit: Period, last_held: date, calendar: Calendar
) -> None:
    known = periods(unit, calendar)
    to_come = [one for one in known if one.starts_on > last_held]
    is_known = len(to_come) < len(known) and len(to_come) >= count

    found = every(count, unit).next_due(last_held, calendar)

    assert found == (NextDue(to_come[count - 1]) if is_known else NOT_SET)


@given(counts, some_day, calendars)
def test_school_days_are_the_weekdays_of_term(count: int, last_held: date, calendar: Calendar) -> None:
    known = periods(HALF_TERM if calendar.half_terms else TERM, calendar)
    to_come = [day for day in school_days(calendar) if day > last_held]
    is_known = bool(known) and known[0].starts_on <= last_held and len(to_come) >= count

    found = every(count, DAY, day_basis=DayBasis.SCHOOL).next_due(last_held, calendar)

    assert found == (NextDue(Days(to_come[count - 1], to_come[count - 1])) if is_known else NOT_SET)


@given(st.sampled_from(["start", "end"]), seasons, some_day, calendars)
def test_a_named_point_of_the_year_is_the_next_one_in_the_calendar(
    edge: str, season: str, last_held: date, calendar: Calendar
) -> None:
    named = [one for one in calendar.terms if season in one.name.lower()]
    to_come = [day for one in named if (day := one.starts_on if edge == "start" else one.ends_on) > last_held]

    found = rule(anchors=[f"{edge} of {season} term"]).next_due(last_held, calendar)

    assert found == (NextDue(Days(min(to_come), min(to_come))) if to_come else NOT_SET)


@given(st.lists(points, min_size=1, max_size=4), some_day, calendars)
def test_of_several_points_of_the_year_the_first_to_come_is_due(
    anchors: list[str], last_held: date, calendar: Calendar
) -> None:
    each = [rule(anchors=[anchor]).next_due(last_held, calendar).days for anchor in anchors]
    firsts = [one.starts_on for one in each if one]

    found = rule(anchors=anchors).next_due(last_held, calendar)

    assert found == (NextDue(Days(min(firsts), min(firsts))) if firsts else NOT_SET)


@given(counts, counts, plain_units, some_day)
def test_what_is_counted_in_a_period_is_due_in_it_until_it_was_held_so_often(
    times: int, held: int, period: Period, last_held: date
) -> None:
    found = counted(times, period).next_due(last_held, NO_CALENDAR, held_in_period=held).days

    assert found is not None
    assert (found.starts_on <= last_held <= found.ends_on) == (held < times)
    assert (found.starts_on > last_held) == (held >= times)


@given(counts, counts, term_units, some_day, calendars)
def test_what_is_counted_in_a_term_is_due_in_it_until_it_was_held_so_often(
    times: int, held: int, period: Period, last_held: date, calendar: Calendar
) -> None:
    known = periods(period, calendar)
    begun = [one for one in known if one.starts_on <= last_held]
    to_come = known[len(begun) :]
    expected = begun[-1:] if held < times else to_come[:1]

    found = counted(times, period).next_due(last_held, calendar, held_in_period=held)

    assert found == (NextDue(expected[0]) if begun and expected else NOT_SET)


@given(plain_units, some_day)
def test_one_period_follows_on_the_other(period: Period, last_held: date) -> None:
    now = counted(2, period).next_due(last_held, NO_CALENDAR, held_in_period=1).days
    then = counted(2, period).next_due(last_held, NO_CALENDAR, held_in_period=2).days

    assert now is not None and then is not None
    assert then.starts_on == now.ends_on + timedelta(days=1)


@given(counts, some_day, calendars, counts)
def test_what_is_counted_in_no_period_is_never_due(times: int, last_held: date, calendar: Calendar, held: int) -> None:
    found = counted(times, None).next_due(last_held, calendar, held_in_period=held)

    assert found == NextDue(reason=NoDueDate.NO_PERIOD)


@given(some_day, calendars)
def test_what_has_no_cadence_is_never_due(last_held: date, calendar: Calendar) -> None:
    assert rule().next_due(last_held, calendar) == NextDue(reason=NoDueDate.NO_CADENCE)


@pytest.mark.parametrize(
    ("made", "held", "expected"),
    [line[1:] for line in PRINTED],
    ids=[f"{printed}, held {held} in its period" for printed, _, held, _ in PRINTED],
)
def test_every_cadence_the_sources_print_is_due_as_they_mean_it(made: CadenceRule, held: int, expected: Days) -> None:
    assert made.next_due(FRIDAY, CALENDAR, held_in_period=held) == NextDue(expected)


@pytest.mark.parametrize(
    ("period", "last_held", "now", "then"),
    [
        (WEEK, "2026-11-16", days("2026-11-16", "2026-11-22"), days("2026-11-23", "2026-11-29")),
        (WEEK, "2026-11-22", days("2026-11-16", "2026-11-22"), days("2026-11-23", "2026-11-29")),
        (MONTH, "2026-12-01", days("2026-12-01", "2026-12-31"), days("2027-01-01", "2027-01-31")),
        (MONTH, "2028-01-31", days("2028-01-01", "2028-01-31"), days("2028-02-01", "2028-02-29")),
    ],
)
def test_a_week_runs_from_monday_to_sunday_and_a_month_from_its_first_day_to_its_last(
    period: Period, last_held: str, now: Days, then: Days
) -> None:
    made, day = counted(2, period), date.fromisoformat(last_held)

    assert made.next_due(day, NO_CALENDAR, held_in_period=1) == NextDue(now)
    assert made.next_due(day, NO_CALENDAR, held_in_period=2) == NextDue(then)


def test_unless_told_otherwise_it_was_held_once_in_its_period() -> None:
    assert counted(1, TERM).next_due(FRIDAY, CALENDAR) == NextDue(SPRING)
    assert counted(2, TERM).next_due(FRIDAY, CALENDAR) == NextDue(AUTUMN)


@pytest.mark.parametrize("printed", [None, "regular", "at any time"])
def test_an_activity_printed_without_figures_is_kept_and_has_no_next_date(printed: str | None) -> None:
    assert rule(printed=printed).next_due(FRIDAY, CALENDAR) == NextDue(reason=NoDueDate.NO_CADENCE)


@pytest.mark.parametrize("visits", [2, 3])
def test_so_many_visits_in_no_printed_period_have_no_next_date(visits: int) -> None:
    assert counted(visits, None).next_due(FRIDAY, CALENDAR) == NextDue(reason=NoDueDate.NO_PERIOD)


@pytest.mark.parametrize(
    "made",
    [
        every(1, TERM),
        every(1, HALF_TERM),
        counted(2, TERM),
        counted(2, HALF_TERM),
        every(10, DAY, day_basis=DayBasis.SCHOOL),
        rule(**CHECKS),
    ],
)
def test_what_runs_by_terms_has_no_next_date_where_the_trust_has_set_no_calendar(made: CadenceRule) -> None:
    assert made.next_due(FRIDAY, NO_CALENDAR, held_in_period=1) == NOT_SET
    assert made.next_due(FRIDAY, NO_CALENDAR, held_in_period=2) == NOT_SET


def test_half_terms_are_never_made_out_of_terms() -> None:
    assert every(1, HALF_TERM).next_due(FRIDAY, WITHOUT_HALF_TERMS) == NOT_SET
    assert every(1, TERM).next_due(FRIDAY, WITHOUT_HALF_TERMS) == NextDue(SPRING)


@pytest.mark.parametrize(
    ("last_held", "half_termly", "termly"),
    [
        (date(2026, 9, 1), NOT_SET, NOT_SET),
        (date(2026, 9, 2), NextDue(AUTUMN_2), NextDue(SPRING)),
        (date(2026, 10, 23), NextDue(AUTUMN_2), NextDue(SPRING)),
        (date(2026, 10, 28), NextDue(AUTUMN_2), NextDue(SPRING)),
        (date(2026, 11, 2), NextDue(SPRING_1), NextDue(SPRING)),
        (date(2026, 12, 28), NextDue(SPRING_1), NextDue(SPRING)),
        (date(2027, 4, 12), NextDue(SUMMER_2), NOT_SET),
        (date(2027, 6, 7), NOT_SET, NOT_SET),
    ],
)
def test_a_day_in_the_holidays_counts_to_the_term_before_it_and_past_the_calendar_nothing_is_known(
    last_held: date, half_termly: NextDue, termly: NextDue
) -> None:
    assert every(1, HALF_TERM).next_due(last_held, CALENDAR) == half_termly
    assert every(1, TERM).next_due(last_held, CALENDAR) == termly


@pytest.mark.parametrize(
    ("last_held", "due"),
    [
        (date(2026, 11, 20), NextDue(days("2026-12-18"))),
        (date(2026, 12, 17), NextDue(days("2026-12-18"))),
        (date(2026, 12, 18), NextDue(days("2027-07-21"))),
        (date(2027, 7, 20), NextDue(days("2027-07-21"))),
        (date(2027, 7, 21), NOT_SET),
    ],
)
def test_a_health_check_is_due_at_the_end_of_the_autumn_and_the_summer_term(last_held: date, due: NextDue) -> None:
    assert rule(**CHECKS).next_due(last_held, CALENDAR) == due


@pytest.mark.parametrize(
    ("made", "last_held", "due"),
    [
        (every(1, MONTH), "2027-01-31", "2027-02-28"),
        (every(1, MONTH), "2028-01-31", "2028-02-29"),
        (every(1, MONTH), "2027-02-28", "2027-03-28"),
        (every(2, MONTH), "2026-12-31", "2027-02-28"),
        (every(1, MONTH), "2026-12-31", "2027-01-31"),
        (every(12, MONTH), "2026-12-01", "2027-12-01"),
        (every(1, YEAR), "2028-02-29", "2029-02-28"),
        (every(2, YEAR), "2028-02-29", "2030-02-28"),
        (every(4, YEAR), "2028-02-29", "2032-02-29"),
        (every(4, YEAR), "2096-02-29", "2100-02-28"),
        (every(1, WEEK), "2028-02-22", "2028-02-29"),
        (every(2, WEEK), "2026-12-24", "2027-01-07"),
    ],
)
def test_month_ends_and_leap_days_are_those_of_the_calendar(made: CadenceRule, last_held: str, due: str) -> None:
    assert made.next_due(date.fromisoformat(last_held), NO_CALENDAR) == NextDue(days(due))


@pytest.mark.parametrize(
    ("count", "last_held", "due"),
    [
        (1, "2026-11-20", "2026-11-23"),
        (10, "2026-11-20", "2026-12-04"),
        (5, "2026-10-20", "2026-11-03"),
        (1, "2026-10-28", "2026-11-02"),
        (1, "2026-12-18", "2027-01-04"),
        (2, "2026-12-17", "2027-01-04"),
    ],
)
def test_school_days_leave_out_weekends_half_terms_and_holidays(count: int, last_held: str, due: str) -> None:
    found = every(count, DAY, day_basis=DayBasis.SCHOOL).next_due(date.fromisoformat(last_held), CALENDAR)

    assert found == NextDue(days(due))


def test_school_days_run_through_a_half_term_that_the_calendar_does_not_tell() -> None:
    found = every(5, DAY, day_basis=DayBasis.SCHOOL).next_due(date(2026, 10, 20), WITHOUT_HALF_TERMS)

    assert found == NextDue(days("2026-10-27"))


def test_school_days_are_not_counted_from_a_day_before_the_calendar_begins() -> None:
    found = every(5, DAY, day_basis=DayBasis.SCHOOL).next_due(date(2026, 6, 15), CALENDAR)

    assert found == NOT_SET


def test_a_window_that_begins_within_the_calendar_and_ends_beyond_it_is_not_known() -> None:
    assert every(1, TERM, to=2).next_due(date(2026, 9, 2), CALENDAR) == NextDue(SPRING.until_end_of(SUMMER))
    assert every(1, TERM, to=2).next_due(date(2027, 1, 4), CALENDAR) == NOT_SET


@pytest.mark.parametrize(
    "anchor", ["end of autumn term", "start of spring term", "End of the Summer Term", "end of the autumn term"]
)
def test_a_point_of_the_year_is_the_start_or_the_end_of_a_term(anchor: str) -> None:
    made = rule(anchors=[anchor])

    made.check()

    assert made.next_due(date(2026, 10, 1), CALENDAR).days is not None


@pytest.mark.parametrize(
    "anchor",
    [
        "",
        "autumn",
        "autumn term",
        "end of autumn",
        "end of term",
        "middle of autumn term",
        "end of autumn term\n",
        "end of autumn 1 term",
        "end of autumn and end of summer term",
        "2026-12-18",
    ],
)
def test_any_other_point_of_the_year_is_refused(anchor: str) -> None:
    made = rule(anchors=["end of autumn term", anchor])
    before = made.state()
    sentence = f'{anchor!r} names no point of the year. Write it like "end of autumn term".'

    with pytest.raises(Invalid) as caught:
        made.check()

    assert caught.value.sentence == sentence
    assert caught.value.faults == (Fault("/anchors", "malformed-anchor", sentence),)
    assert made.state() == before
