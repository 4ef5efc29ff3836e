"""What a printed due date means: every form the source plans print, the forms a school types, and what always holds."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dates import (
    Calendar,
    Due,
    DueAssumption,
    DueProblem,
    PhaseDates,
    TermDates,
    academic_year_code,
    read_due,
)
from app.domain.vocabulary import DueKind as Kind

SHORT, WEEK, EVENT = DueAssumption.SHORT_FORM, DueAssumption.WEEK_UNRESOLVED, DueAssumption.EVENT_DAY_UNKNOWN


def due(
    printed: str | None,
    kind: Kind,
    starts: str | None = None,
    ends: str | None = None,
    why: DueProblem | None = None,
    *,
    assumed: DueAssumption | None = None,
) -> Due:
    starts_on, ends_on = (date.fromisoformat(day) if day else None for day in (starts, ends))
    return Due(printed, kind, starts_on, ends_on, why, assumed)


# The 123 actions of the post-inspection plan (S0), each printed form with the number of actions that print it.
S0_ACTIONS = [
    (4, due(None, Kind.NONE, why=DueProblem.NO_DATE)),
    (2, due("2017", Kind.YEAR, why=DueProblem.YEAR_ONLY)),
    (1, due("August 2017", Kind.MONTH, "2017-08-01", "2017-08-31")),
    (61, due("September 2017", Kind.MONTH, "2017-09-01", "2017-09-30")),
    (12, due("October 2017", Kind.MONTH, "2017-10-01", "2017-10-31")),
    (5, due("November 2017", Kind.MONTH, "2017-11-01", "2017-11-30")),
    (2, due("December 2017", Kind.MONTH, "2017-12-01", "2017-12-31")),
    (2, due("January 2018", Kind.MONTH, "2018-01-01", "2018-01-31")),
    (9, due("Sept 17", Kind.MONTH, "2017-09-01", "2017-09-30", assumed=SHORT)),
    (2, due("Oct 17", Kind.MONTH, "2017-10-01", "2017-10-31", assumed=SHORT)),
    (1, due("produce in September 2017 for the academic year", Kind.MONTH, "2017-09-01", "2017-09-30")),
    (1, due("September 5th 2017", Kind.DAY, "2017-09-05", "2017-09-05")),
    (1, due("week 1 in October 2017", Kind.WEEK_IN_MONTH, "2017-10-01", "2017-10-31", assumed=WEEK)),
    (1, due("January training day 2018", Kind.EVENT_IN_MONTH, "2018-01-01", "2018-01-31", assumed=EVENT)),
    (1, due("Training Day September 2017", Kind.EVENT_IN_MONTH, "2017-09-01", "2017-09-30", assumed=EVENT)),
    (1, due("training day September 2017", Kind.EVENT_IN_MONTH, "2017-09-01", "2017-09-30", assumed=EVENT)),
    (
        1,
        due(
            "Marking and Feedback Strand Review in November 2017",
            Kind.EVENT_IN_MONTH,
            "2017-11-01",
            "2017-11-30",
            assumed=EVENT,
        ),
    ),
    (1, due("end of July 2017 ready for August 2017", Kind.MONTH_END, "2017-07-01", "2017-07-31")),
    (1, due("end of October 2017", Kind.MONTH_END, "2017-10-01", "2017-10-31")),
    (1, due("September and October 2017", Kind.MONTH_LIST, "2017-09-01", "2017-10-31")),
    (1, due("October and November 2017", Kind.MONTH_LIST, "2017-10-01", "2017-11-30")),
    (1, due("October 2017, December 2017, March 2018", Kind.MONTH_LIST, "2017-10-01", "2018-03-31")),
    (1, due("learning walks - September to December 2017", Kind.MONTH_RANGE, "2017-09-01", "2017-12-31")),
    (1, due("September 2017 onwards", Kind.OPEN_FROM, "2017-09-01", None, DueProblem.OPEN_ENDED)),
    (2, due("from September 2017", Kind.OPEN_FROM, "2017-09-01", None, DueProblem.OPEN_ENDED)),
    (3, due("autumn 2017", Kind.TERM, why=DueProblem.NO_CALENDAR_TERM)),
    (1, due("autumn term 2017", Kind.TERM, why=DueProblem.NO_CALENDAR_TERM)),
    (1, due("autumn Sept", Kind.MALFORMED, why=DueProblem.NO_YEAR)),
    (1, due("ongoing", Kind.ONGOING, why=DueProblem.OPEN_ENDED)),
    (1, due("phase 2", Kind.PLAN_PHASE, why=DueProblem.PHASE_ONLY)),
]
S0_WINDOWS_AND_PHASES = [
    due("End of October 2017", Kind.MONTH_END, "2017-10-01", "2017-10-31"),
    due("End of December 2017", Kind.MONTH_END, "2017-12-01", "2017-12-31"),
    due("Start of March 2018", Kind.MONTH_START, "2018-03-01", "2018-03-01"),
    due("March '17 - July '17", Kind.MONTH_RANGE, "2017-03-01", "2017-07-31"),
    due("August '17 - March '18", Kind.MONTH_RANGE, "2017-08-01", "2018-03-31"),
    due("April '18 - Dec '18", Kind.MONTH_RANGE, "2018-04-01", "2018-12-31"),
]
# The timeline rows and success criteria of the standards plan (S1).
S1_PRINTED = [
    due("June 2013", Kind.MONTH, "2013-06-01", "2013-06-30"),
    due("January 2014", Kind.MONTH, "2014-01-01", "2014-01-31"),
    due("March 2014", Kind.MONTH, "2014-03-01", "2014-03-31"),
    due("April 2014", Kind.MONTH, "2014-04-01", "2014-04-30"),
    due("May 2014", Kind.MONTH, "2014-05-01", "2014-05-31"),
    due("June 2014", Kind.MONTH, "2014-06-01", "2014-06-30"),
    due("July 2014", Kind.MONTH, "2014-07-01", "2014-07-31"),
    due("September 2014", Kind.MONTH, "2014-09-01", "2014-09-30"),
    due("October 2014", Kind.MONTH, "2014-10-01", "2014-10-31"),
    due("December 2014", Kind.MONTH, "2014-12-01", "2014-12-31"),
    due("January 2015", Kind.MONTH, "2015-01-01", "2015-01-31"),
    due("March 2015", Kind.MONTH, "2015-03-01", "2015-03-31"),
    due("April 2015", Kind.MONTH, "2015-04-01", "2015-04-30"),
    due("May 2015", Kind.MONTH, "2015-05-01", "2015-05-31"),
    due("June 2015", Kind.MONTH, "2015-06-01", "2015-06-30"),
    due("September 2015", Kind.MONTH, "2015-09-01", "2015-09-30"),
    due("Autumn 2014", Kind.TERM, why=DueProblem.NO_CALENDAR_TERM),
    due("Summer 2014", Kind.TERM, why=DueProblem.NO_CALENDAR_TERM),
    due("Autumn/spring 2014", Kind.TWO_TERMS, why=DueProblem.AMBIGUOUS_YEAR),
    due("Half termly", Kind.RECURRING, why=DueProblem.RECURRING),
    due("On-going", Kind.ONGOING, why=DueProblem.OPEN_ENDED),
    due("April 2014/on-going", Kind.START_THEN_ONGOING, "2014-04-01", None, DueProblem.OPEN_ENDED),
]
TYPED = [
    due("2026-11-21", Kind.DAY, "2026-11-21", "2026-11-21"),
    due("21/11/2026", Kind.DAY, "2026-11-21", "2026-11-21"),
    due("21 November 2026", Kind.DAY, "2026-11-21", "2026-11-21"),
    due("  Sat 21st of  NOV. '26. ", Kind.DAY, "2026-11-21", "2026-11-21"),
    due("by 5 May 2027", Kind.DAY, "2027-05-05", "2027-05-05"),
    due("29 February 2028", Kind.DAY, "2028-02-29", "2028-02-29"),
    due("Feb 2028", Kind.MONTH, "2028-02-01", "2028-02-29"),
    due("Nov 2026", Kind.MONTH, "2026-11-01", "2026-11-30"),
    due("Nov-26", Kind.MONTH, "2026-11-01", "2026-11-30", assumed=SHORT),
    due("Sept '17", Kind.MONTH, "2017-09-01", "2017-09-30"),
    due("Sept\u2013Dec 2017", Kind.MONTH_RANGE, "2017-09-01", "2017-12-31"),
    due("November to January 2018", Kind.MONTH_RANGE, "2017-11-01", "2018-01-31"),
    due("before the end of May 2027", Kind.MONTH_END, "2027-05-01", "2027-05-31"),
    due("mid-October 2026", Kind.WEEK_IN_MONTH, "2026-10-01", "2026-10-31", assumed=WEEK),
    due("from 5 May 2027", Kind.OPEN_FROM, "2027-05-05", None, DueProblem.OPEN_ENDED),
    due("2026/27", Kind.YEAR, why=DueProblem.YEAR_ONLY),
    due("October half term 2026", Kind.TERM, why=DueProblem.NO_CALENDAR_TERM),
    due("tbc", Kind.NONE, why=DueProblem.NO_DATE),
    due(" ", Kind.NONE, why=DueProblem.NO_DATE),
    due("September", Kind.MONTH, why=DueProblem.NO_YEAR),
    due("5 May", Kind.DAY, why=DueProblem.NO_YEAR),
    due("end of term", Kind.TERM, why=DueProblem.NO_YEAR),
]
UNREADABLE = [
    "29 February 2027",
    "31 September 2026",
    "Tuesday 5 May 2027",
    "December 2017 to September 2017",
    "2017/19",
    "May 1999",
    "December and January 2000",
    "1 January 2101",
    "before September 2017",
    "not before September 2017",
    "no earlier than 5 May 2027",
    "w/c 5 May 2027",
    "September or October 2017",
    "3 and 5 May 2027",
    "Easter 2027",
    "soon",
    "x" * 1000,
]

AUTUMN_2017 = TermDates("Autumn term", "2017/18", date(2017, 8, 31), date(2017, 12, 20))
SPRING_2018 = TermDates("spring", "2017/18", date(2018, 1, 4), date(2018, 3, 29))
SUMMER_2018 = TermDates("Summer", "2017/18", date(2018, 4, 16), date(2018, 7, 24))
PHASE_2 = PhaseDates(2, date(2017, 8, 1), date(2018, 3, 31))
CALENDAR = Calendar((AUTUMN_2017, SPRING_2018, SUMMER_2018), (PHASE_2,))
BY_CALENDAR = [
    due("autumn 2017", Kind.TERM, "2017-08-31", "2017-12-20"),
    due("Spring 2018", Kind.TERM, "2018-01-04", "2018-03-29"),
    due("by end of spring term 2018", Kind.TERM, "2018-01-04", "2018-03-29"),
    due("summer term 2018", Kind.TERM, "2018-04-16", "2018-07-24"),
    due("summer 2017/18", Kind.TERM, "2018-04-16", "2018-07-24"),
    due("start of summer term 2018", Kind.TERM, "2018-04-16", "2018-04-16"),
    due("spring/summer 2018", Kind.TWO_TERMS, "2018-01-04", "2018-07-24"),
    due("autumn/spring 2017/18", Kind.TWO_TERMS, "2017-08-31", "2018-03-29"),
    due("autumn 2017 and spring 2018", Kind.TWO_TERMS, "2017-08-31", "2018-03-29"),
    due("Autumn/spring 2017", Kind.TWO_TERMS, why=DueProblem.AMBIGUOUS_YEAR),
    due("from autumn 2017", Kind.OPEN_FROM, "2017-08-31", None, DueProblem.OPEN_ENDED),
    due("end of phase 2", Kind.PLAN_PHASE, "2017-08-01", "2018-03-31"),
    due("phase 2", Kind.PLAN_PHASE, why=DueProblem.PHASE_ONLY),
    due("autumn 2018", Kind.TERM, why=DueProblem.NO_CALENDAR_TERM),
    due("spring 2017", Kind.TERM, why=DueProblem.NO_CALENDAR_TERM),
]

EVERY_FORM = [*(form for _, form in S0_ACTIONS), *S0_WINDOWS_AND_PHASES, *S1_PRINTED, *TYPED]
MONTH_NAMES = [date(2000, month, 1).strftime("%B") for month in range(1, 13)]

DATE_WORDS = (
    "Sept|autumn|spring|term|end of|start of|week 1 in|from|onwards|on-going|by|to|and|/|-|,|half|phase|2|5th|29|31"
)
date_words = st.sampled_from([*MONTH_NAMES, *DATE_WORDS.split("|"), "17", "'18", "2017", "2100", "2017/18"])
printed_texts = st.one_of(
    st.none(),
    st.text(),
    st.lists(date_words, max_size=8).map(" ".join),
    st.sampled_from([form.printed for form in [*EVERY_FORM, *BY_CALENDAR]]),
)
calendars = st.builds(
    Calendar,
    st.lists(st.sampled_from(CALENDAR.terms), unique=True).map(tuple),
    st.sampled_from([(), CALENDAR.phases]),
)


@pytest.mark.parametrize("expected", EVERY_FORM, ids=lambda form: repr(form.printed))
def test_every_printed_form_reads_as_the_plans_mean_it(expected: Due) -> None:
    assert read_due(expected.printed) == expected


@pytest.mark.parametrize("expected", BY_CALENDAR, ids=lambda form: form.printed)
def test_terms_and_phase_ends_come_from_the_calendar_given_and_from_nowhere_else(expected: Due) -> None:
    assert read_due(expected.printed, CALENDAR) == expected
    assert not read_due(expected.printed).is_resolved


@pytest.mark.parametrize("printed", UNREADABLE)
def test_a_text_that_cannot_be_one_date_is_malformed_rather_than_guessed(printed: str) -> None:
    assert read_due(printed, CALENDAR) == due(printed, Kind.MALFORMED, why=DueProblem.UNREADABLE)


def test_a_half_term_in_the_calendar_is_not_taken_for_the_term() -> None:
    calendar = Calendar((replace(AUTUMN_2017, name="Autumn 1"),))

    assert read_due("autumn 2017", calendar).unresolved is DueProblem.NO_CALENDAR_TERM


def test_a_calendar_whose_term_ends_before_it_starts_resolves_nothing() -> None:
    calendar = Calendar((replace(AUTUMN_2017, ends_on=date(2017, 1, 1)),))

    assert not read_due("autumn 2017", calendar).is_resolved


def test_107_of_the_123_actions_have_a_last_day_and_16_do_not() -> None:
    resolved = Counter[bool]()
    for count, form in S0_ACTIONS:
        resolved[read_due(form.printed).is_resolved] += count

    assert resolved == {True: 107, False: 16}


def test_the_actions_by_kind_are_those_the_plan_counts() -> None:
    kinds = Counter[str]()
    for count, form in S0_ACTIONS:
        kinds[read_due(form.printed).kind] += count

    assert kinds == {
        "week_in_month": 1,
        "month": 95,
        "plan_phase": 1,
        "event_in_month": 4,
        "month_end": 2,
        "month_list": 3,
        "none": 4,
        "open_from": 3,
        "term": 4,
        "month_range": 1,
        "ongoing": 1,
        "malformed": 1,
        "day": 1,
        "year": 2,
    }


def test_the_actions_by_last_day_are_those_the_plan_counts() -> None:
    ends = Counter[str]()
    for count, form in S0_ACTIONS:
        last_day = read_due(form.printed).ends_on
        ends.update({last_day.isoformat(): count} if last_day else {})

    assert ends == {
        "2017-07-31": 1,
        "2017-08-31": 1,
        "2017-09-05": 1,
        "2017-09-30": 73,
        "2017-10-31": 17,
        "2017-11-30": 7,
        "2017-12-31": 3,
        "2018-01-31": 3,
        "2018-03-31": 1,
    }


def test_the_11_short_dates_are_marked_for_a_person_to_confirm() -> None:
    assert sum(count for count, form in S0_ACTIONS if read_due(form.printed).assumed is SHORT) == 11


@given(printed_texts, calendars)
def test_any_text_is_read_and_kept_as_printed(printed: str | None, calendar: Calendar) -> None:
    assert read_due(printed, calendar).printed == printed


@given(printed_texts, calendars)
def test_a_due_is_unresolved_exactly_when_it_has_no_last_day(printed: str | None, calendar: Calendar) -> None:
    read = read_due(printed, calendar)

    assert read.is_resolved == (read.unresolved is None) == (read.ends_on is not None)


@given(printed_texts, calendars)
def test_a_due_never_ends_before_it_starts(printed: str | None, calendar: Calendar) -> None:
    read = read_due(printed, calendar)

    assert read.starts_on is None or read.ends_on is None or read.starts_on <= read.ends_on


@given(printed_texts, calendars)
def test_reading_twice_gives_the_same(printed: str | None, calendar: Calendar) -> None:
    assert read_due(printed, calendar) == read_due(printed, calendar)


@given(printed_texts, calendars)
def test_a_wider_calendar_never_changes_a_due_that_was_resolved(printed: str | None, calendar: Calendar) -> None:
    wider = Calendar(calendar.terms + CALENDAR.terms, calendar.phases + CALENDAR.phases)

    before, after = read_due(printed, calendar), read_due(printed, wider)

    assert after == before if before.is_resolved else after.kind is before.kind


@given(st.integers(2000, 2100), st.integers(1, 12), st.sampled_from(["{}", "by {}", "End of {}", "INSET day {}"]))
def test_a_month_due_ends_on_the_last_day_of_its_month(year: int, month: int, form: str) -> None:
    read = read_due(form.format(f"{MONTH_NAMES[month - 1]} {year}"))

    assert read.starts_on == date(year, month, 1)
    assert read.ends_on is not None
    assert (read.ends_on + timedelta(days=1)).day == 1
    assert (read.ends_on.year, read.ends_on.month) == (year, month)


@given(
    st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%A %d %b %Y", "%d/%m/%y"])
)
def test_a_printed_day_is_read_back_as_that_day(day: date, form: str) -> None:
    printed = day.strftime(form)

    read = read_due(printed)

    expected = day.replace(year=2000) if form.endswith("%y") and day.year == 2100 else day
    assert read == Due(printed, Kind.DAY, expected, expected, None, None)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 8, 31), "2025/26"),
        (date(2026, 9, 1), "2026/27"),
        (date(2027, 1, 1), "2026/27"),
        (date(2028, 2, 29), "2027/28"),
        (date(2099, 9, 1), "2099/00"),
    ],
)
def test_an_academic_year_turns_between_31_august_and_1_september(day: date, code: str) -> None:
    assert academic_year_code(day) == code
