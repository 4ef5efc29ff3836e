"""The half-term load map: everything dated falls in one place, and bad days are called so."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.intervals import Days
from app.domain.load_map import DueRecord, HalfTermDates, LoadKind, LoadWarning, load_map
from tests.domain.plan_facts import known

YEAR = Days(date(2026, 9, 1), date(2027, 8, 31))
HALF_TERM = Days(date(2026, 10, 23), date(2026, 11, 1))
AUTUMN_1 = HalfTermDates(id=known("A1"), name="autumn 1, 2026/27", days=Days(date(2026, 9, 3), date(2026, 10, 22)))
AUTUMN_2 = HalfTermDates(id=known("A2"), name="autumn 2, 2026/27", days=Days(date(2026, 11, 2), date(2026, 12, 18)))
NORTH, SOUTH, HEAD, LEAD = (known(name) for name in ("north", "south", "head", "lead"))


def due(day: date, kind: LoadKind = LoadKind.ACTION, **more: Any) -> DueRecord:
    told = {"code": f"{kind}-{day}", "label": None, "due_printed": str(day), "due_starts_on": day, **more}
    return DueRecord(kind=kind, id=known(f"{kind} {day}"), plan_id=known("plan"), due_ends_on=day, **told)


RECORDS = st.lists(
    st.builds(
        due,
        st.dates(date(2026, 7, 1), date(2027, 12, 31)),
        st.sampled_from(LoadKind),
        academy_ids=st.sampled_from([(), (NORTH,), (NORTH, SOUTH)]),
        person_ids=st.sampled_from([(), (HEAD,), (HEAD, LEAD)]),
    ),
    max_size=20,
)


@given(records=RECORDS)
def test_every_record_is_in_a_half_term_or_a_holiday_or_beyond_the_calendar(records: list[DueRecord]) -> None:
    found = load_map(records, [AUTUMN_2, AUTUMN_1], YEAR)

    in_holiday = [record for rule, record in found.warnings if rule is LoadWarning.IN_HOLIDAY]
    in_term = sum(sum(load.by_kind.values()) for load in found.loads)
    assert in_term + len(in_holiday) + len(found.beyond_calendar) == len(records)
    assert all(HALF_TERM.starts_on <= record.due_ends_on <= HALF_TERM.ends_on for record in in_holiday)
    assert [load.half_term for load in found.loads] == [AUTUMN_1, AUTUMN_2]


@given(records=RECORDS, limit=st.integers(1, 5))
def test_a_collision_is_more_than_the_limit_on_one_person(records: list[DueRecord], limit: int) -> None:
    found = load_map(records, [AUTUMN_1], YEAR)

    mine = [
        one for one in records if AUTUMN_1.holds(one.due_ends_on) and HEAD in one.person_ids and one.kind != "review"
    ]

    assert dict(found.loads[0].collisions(limit)).get(HEAD) == (len(mine) if len(mine) > limit else None)


def test_what_is_for_two_academies_and_led_by_two_is_counted_for_each() -> None:
    day = date(2026, 9, 10)
    records = [
        due(day, academy_ids=(NORTH, SOUTH), person_ids=(HEAD, LEAD)),
        due(day, LoadKind.MILESTONE),
        due(day, LoadKind.REVIEW, academy_ids=(NORTH,)),
    ]

    (load,) = load_map(records, [AUTUMN_1], YEAR).loads

    assert load.by_kind == {LoadKind.ACTION: 1, LoadKind.MILESTONE: 1, LoadKind.REVIEW: 1}
    assert load.by_academy == {
        NORTH: {LoadKind.ACTION: 1, LoadKind.REVIEW: 1},
        SOUTH: {LoadKind.ACTION: 1},
        None: {LoadKind.MILESTONE: 1},
    }
    assert load.by_person == {HEAD: {LoadKind.ACTION: 1}, LEAD: {LoadKind.ACTION: 1}, None: {LoadKind.MILESTONE: 1}}


def test_the_last_friday_is_warned_of_though_the_half_term_ends_on_a_thursday() -> None:
    friday = date(2026, 10, 16)
    records = [due(friday + timedelta(days=days)) for days in (-7, 0, 3)]

    found = load_map(records, [AUTUMN_1], YEAR)

    assert AUTUMN_1.last_friday == friday
    assert AUTUMN_2.last_friday == date(2026, 12, 18)
    assert [(rule, record.due_ends_on) for rule, record in found.warnings] == [(LoadWarning.LAST_FRIDAY, friday)]


def test_days_after_the_last_half_term_that_is_known_are_no_holiday() -> None:
    records = [due(date(2026, 10, 28)), due(date(2026, 12, 28))]

    found = load_map(records, [AUTUMN_1, AUTUMN_2], YEAR)

    assert found.warnings == ((LoadWarning.IN_HOLIDAY, records[0]),)
    assert found.beyond_calendar == (records[1],)


def test_a_gap_of_terms_that_nobody_entered_is_no_holiday() -> None:
    summer = HalfTermDates(id=known("S1"), name="summer 1, 2026/27", days=Days(date(2027, 4, 12), date(2027, 5, 28)))

    found = load_map([due(date(2027, 2, 3))], [AUTUMN_1, AUTUMN_2, summer], YEAR)

    assert (found.warnings, len(found.beyond_calendar)) == ((), 1)


def test_what_is_due_in_a_month_that_ends_in_a_holiday_is_due_in_the_half_term_before() -> None:
    october = due(date(2026, 10, 31), due_starts_on=date(2026, 10, 1))
    end_of_october = due(date(2026, 10, 31), LoadKind.MILESTONE)

    found = load_map([october, end_of_october], [AUTUMN_1, AUTUMN_2], YEAR)

    assert [dict(load.by_kind) for load in found.loads] == [{LoadKind.ACTION: 1}, {}]
    assert found.warnings == ((LoadWarning.IN_HOLIDAY, end_of_october),)


def test_half_terms_outside_the_days_asked_for_are_left_out() -> None:
    found = load_map([], [AUTUMN_1, AUTUMN_2], Days(date(2026, 11, 1), date(2026, 12, 31)))

    assert [load.half_term for load in found.loads] == [AUTUMN_2]
