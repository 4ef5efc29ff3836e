"""What a reading may be: a period of the trust's own calendar, a value or an absence; and every fault of a batch told."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Fault, Invalid
from app.domain.events import Verb
from app.domain.framework_vocabulary import DefinitionStatus, Period
from app.domain.intervals import Calendar, Days, TermDates
from app.domain.measure_vocabulary import Absence, Basis, Feed, Grain, OfficialScope
from app.domain.metrics import Metric
from app.domain.periods import period_around
from app.domain.reading_rows import Known, SentReading, faults_of
from app.domain.readings import period_fault, value_faults

AUTUMN = Days(date(2026, 9, 2), date(2026, 12, 18))
HALVES = (Days(date(2026, 9, 2), date(2026, 10, 23)), Days(date(2026, 11, 2), date(2026, 12, 18)))
CALENDAR = Calendar(
    terms=(TermDates("autumn", "2026/27", AUTUMN.starts_on, AUTUMN.ends_on),),
    half_terms=HALVES,
)
UNITS = {Grain.ANNUAL: Period.YEAR, Grain.MONTH: Period.MONTH, Grain.WEEK: Period.WEEK}
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def metric(code: str = "attendance", **more: object) -> Metric:
    values = {"range_min": Decimal(0), "range_max": Decimal(100), **more}
    return Metric(trust_id=uuid4(), code=code, label=code, **values)


KNOWN = Known(
    metrics={
        "attendance": metric(),
        "share": metric("share", unit="%"),
        "effort": metric("effort", definition_status=DefinitionStatus.LOCAL_UNDEFINED),
        "lessons": metric("lessons", feed=Feed.OBSERVED_GOOD_OR_BETTER),
        "new": metric("new", valid_from=date(2026, 10, 1), valid_to=date(2026, 10, 31)),
    },
    academies={"OAK": uuid4()},
    groups={"SEND": uuid4()},
    calendar=CALENDAR,
    covers_trust=True,
)
GOOD = SentReading(
    metric="attendance",
    academy="OAK",
    group="SEND",
    grain=Grain.HALF_TERM,
    starts_on=HALVES[0].starts_on,
    ends_on=HALVES[0].ends_on,
    value=Decimal("93.4"),
)


@given(day=DAYS, grain=st.sampled_from(sorted(UNITS)), shift=st.integers(-3, 3), stretch=st.integers(0, 3))
def test_a_year_month_or_week_is_a_whole_one(day: date, grain: Grain, shift: int, stretch: int) -> None:
    whole = period_around(day, UNITS[grain], Calendar(), ahead=0)
    assert whole is not None
    moved = Days(whole.starts_on + timedelta(days=shift), whole.ends_on + timedelta(days=shift + stretch))

    found = period_fault(grain, moved, Calendar())

    if moved == whole:
        assert found is None
    else:
        there = period_around(moved.starts_on, UNITS[grain], Calendar(), ahead=0)
        assert there is not None
        assert found is not None
        assert f"is {there.starts_on} to {there.ends_on}. Send those days, or send a window." in found


@given(starts_on=DAYS, length=st.integers(0, 400))
def test_a_window_may_be_any_days(starts_on: date, length: int) -> None:
    assert period_fault(Grain.WINDOW, Days(starts_on, starts_on + timedelta(days=length)), Calendar()) is None


@pytest.mark.parametrize(
    ("grain", "days", "expected"),
    [
        (Grain.TERM, AUTUMN, None),
        (Grain.HALF_TERM, HALVES[0], None),
        (Grain.HALF_TERM, HALVES[1], None),
        (Grain.TERM, HALVES[0], ("2026-09-02 to 2026-10-23 is not one term: the term there is 2026-09-02 to 2026-12-18. "
         "Send those days, or send a window.")),
        (Grain.HALF_TERM, AUTUMN, ("2026-09-02 to 2026-12-18 is not one half-term: the half-term there is 2026-09-02 to "
         "2026-10-23. Send those days, or send a window.")),
        (Grain.TERM, Days(date(2026, 1, 5), date(2026, 3, 27)), ("The trust's calendar has no term around 2026-01-05. "
         "Add it, or send a window.")),
        (Grain.ANNUAL, Days(date(2026, 1, 1), date(2026, 12, 31)), ("2026-01-01 to 2026-12-31 is not one academic year: "
         "the academic year there is 2025-09-01 to 2026-08-31. Send those days, or send a window.")),
    ],
)  # fmt: skip
def test_a_term_is_one_of_the_trusts_own(grain: Grain, days: Days, expected: str | None) -> None:
    assert period_fault(grain, days, CALENDAR) == expected


@given(
    value=st.none() | st.decimals(-200, 200, places=2),
    absence=st.none() | st.sampled_from(Absence),
    counts=st.tuples(*[st.none() | st.integers(-2, 3)] * 2),
    unit=st.sampled_from(["%", "points", None]),
)
def test_a_value_is_right_or_every_part_of_it_that_is_not_is_told(
    value: Decimal | None, absence: Absence | None, counts: tuple[int | None, int | None], unit: str | None
) -> None:
    numerator, denominator = (None if one is None else Decimal(one) for one in counts)

    found = value_faults(value, absence, numerator, denominator, metric(unit=unit))

    expected = {
        ("/value", "value-or-absence"): (value is None) == (absence is None),
        ("/value", "out-of-range"): value is not None and not 0 <= value <= 100,
        ("/numerator", "negative-count"): numerator is not None and numerator < 0,
        ("/numerator", "suppressed-count"): numerator is not None and absence is Absence.SUPPRESSED,
        ("/denominator", "negative-count"): denominator is not None and denominator < 0,
        ("/denominator", "suppressed-count"): denominator is not None and absence is Absence.SUPPRESSED,
        ("/denominator", "nobody-counted"): denominator == 0 and value is not None,
        ("/numerator", "more-than-all"): (
            unit == "%" and numerator is not None and denominator is not None and 0 <= denominator < numerator
        ),
    }
    assert [(one.pointer, one.code) for one in found] == [fault for fault, is_there in expected.items() if is_there]


UNKNOWN = "There is no {} with the code {}. Check the code, or add it first."
WRONG = {
    "unknown metric": ({"metric": "atendance"}, "/metric", "unknown-metric", UNKNOWN.format("metric", "atendance")),
    "unknown academy": ({"academy": "ELM"}, "/academy", "unknown-academy", UNKNOWN.format("academy", "ELM")),
    "unknown group": ({"group": "SEN"}, "/group", "unknown-group", UNKNOWN.format("pupil group", "SEN")),
    "of nobody": (
        {"academy": None}, "/academy", "academy-missing",
        "This reading is of nobody. Name its academy, or say whose official figure it is.",
    ),
    "out of range": (
        {"value": Decimal("100.01")}, "/value", "out-of-range",
        "100.01 is outside what the metric allows: 0 to 100. Check it, or widen the metric's range.",
    ),
    "neither": (
        {"value": None}, "/value", "value-or-absence", "Give a value, or the reason why there is none: one of the two.",
    ),
    "both": (
        {"absence": Absence.SUPPRESSED}, "/value", "value-or-absence",
        "Give a value, or the reason why there is none: one of the two.",
    ),
    "suppressed and counted": (
        {"value": None, "absence": Absence.SUPPRESSED, "denominator": Decimal(4)}, "/denominator", "suppressed-count",
        "A suppressed figure has no counts: they would give it away. Leave them out.",
    ),
    "more than all": (
        {"metric": "share", "numerator": Decimal(98), "denominator": Decimal(97)}, "/numerator", "more-than-all",
        "98 of 97 is no percentage. Check whether the two counts were exchanged.",
    ),
    "no period": (
        {"ends_on": date(2026, 10, 22)}, "/startsOn", "not-a-period",
        ("2026-09-02 to 2026-10-22 is not one half-term: the half-term there is 2026-09-02 to 2026-10-23. "
        "Send those days, or send a window."),
    ),
    "backwards": (
        {"ends_on": date(2026, 9, 1)}, "/endsOn", "period-backwards",
        "A period cannot end before it starts. Put its two days in order.",
    ),
    "not yet measured": (
        {"metric": "new", "grain": Grain.WINDOW, "ends_on": date(2026, 10, 31)}, "/startsOn", "metric-not-valid",
        "new is measured from 2026-10-01 on. Leave out what is earlier, or move its first day.",
    ),
    "no longer measured": (
        {"metric": "new", "grain": Grain.WINDOW, "starts_on": date(2026, 10, 1), "ends_on": date(2026, 11, 1)},
        "/endsOn", "metric-not-valid",
        "new is measured until 2026-10-31. Leave out what is later, or move its last day.",
    ),
    "undefined": (
        {"metric": "effort", "official": OfficialScope.ENGLAND}, "/metric", "metric-undefined",
        "Nobody has said how effort is made, so no official figure can stand beside it. Define it first.",
    ),
    "observed": (
        {"metric": "lessons"}, "/metric", "metric-observed",
        "lessons is worked out from the observations held here, so it takes no readings. Leave it out.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_row_that_cannot_be_recorded_says_where_and_how_to_mend_it(what: str) -> None:
    wrong, pointer, code, sentence = WRONG[what]

    found = faults_of([replace(GOOD, group=None), replace(GOOD, **wrong)], KNOWN)

    assert found == [Fault(f"/readings/1{pointer}", code, sentence)]


@pytest.mark.parametrize(
    "right",
    [
        {},
        {"group": None},
        {"group": "all"},
        {"value": None, "absence": Absence.AWAITING_RESULTS},
        {"value": Decimal(0), "numerator": Decimal(0), "denominator": Decimal(12)},
        {"value": Decimal(100)},
        {"metric": "effort"},
        {"official": OfficialScope.LOCAL_AUTHORITY},
        {"official": OfficialScope.ENGLAND, "academy": None},
        {"metric": "new", "grain": Grain.MONTH, "starts_on": date(2026, 10, 1), "ends_on": date(2026, 10, 31)},
        {"metric": "lessons", "official": OfficialScope.SIMILAR_SCHOOLS},
    ],
    ids=str,
)
def test_a_row_with_nothing_wrong_has_no_fault(right: dict[str, object]) -> None:
    assert faults_of([replace(GOOD, **right)], KNOWN) == []


@given(bad=st.lists(st.none() | st.sampled_from(sorted(WRONG)), max_size=30))
def test_every_bad_row_is_told_and_no_other(bad: list[str | None]) -> None:
    days = [HALVES[0].starts_on + timedelta(days=place) for place in range(len(bad))]
    spread = [replace(GOOD, grain=Grain.WINDOW, starts_on=day, ends_on=day) for day in days]
    wrong = {"metric": "atendance", "value": Decimal("100.01")}

    found = faults_of([replace(row, **wrong) if one else row for row, one in zip(spread, bad, strict=True)], KNOWN)

    assert {fault.pointer.split("/")[2] for fault in found} == {str(place) for place, one in enumerate(bad) if one}


def test_the_same_reading_is_sent_once() -> None:
    later = replace(GOOD, starts_on=HALVES[1].starts_on, ends_on=HALVES[1].ends_on)

    found = faults_of([later, GOOD, replace(GOOD, value=Decimal(1)), GOOD], KNOWN)
    of_all = faults_of([replace(GOOD, group="all"), replace(GOOD, group=None)], KNOWN)

    sentence = "It is of the same metric, academy, group and period as /readings/1. Send one of the two."
    assert found == [
        Fault("/readings/2", "sent-twice", sentence),
        Fault("/readings/3", "sent-twice", sentence),
    ]
    assert of_all == [Fault("/readings/1", "sent-twice", sentence.replace("/1", "/0"))]


def test_a_figure_for_every_academy_takes_somebody_who_covers_them_all() -> None:
    row = replace(GOOD, academy=None, official=OfficialScope.ENGLAND)

    found = faults_of([row], replace(KNOWN, covers_trust=False))

    sentence = (
        "A figure for every academy is recorded by somebody whose role covers the whole trust. Name your academy."
    )
    assert found == [Fault("/readings/0/academy", "whole-trust", sentence)]


def test_a_metric_defined_anew_counts_its_definitions() -> None:
    one = metric(definition="Sessions attended.", basis=Basis.PERIOD)

    event = one.redefine({"definition": "Sessions attended, study leave left out."}, reason="As the department has it.")

    assert (one.definition, one.definition_version) == ("Sessions attended, study leave left out.", 2)
    assert (event.verb, event.reason) == (Verb.REVISED, "As the department has it.")


@pytest.mark.parametrize(
    ("definition", "sentence", "faults"),
    [
        ({"unit": None}, "Nothing in this definition differs from the one in force.", ()),
        ({}, "Nothing in this definition differs from the one in force.", ()),
        (
            {"basis": None, "unit": "%"},
            "A metric needs a value of basis.",
            (Fault("/basis", "empty", "It cannot be empty. Give a value, or leave it out to keep it."),),
        ),
    ],
)
def test_a_definition_that_is_none_or_no_other_is_refused(
    definition: dict[str, object], sentence: str, faults: tuple[Fault, ...]
) -> None:
    one = metric()
    before = one.state()

    with pytest.raises(Invalid) as caught:
        one.redefine(definition, reason="x")

    assert (caught.value.sentence, caught.value.faults) == (sentence, faults)
    assert one.state() == before


def test_a_rate_that_may_pass_a_hundred_may_count_more_than_there_are() -> None:
    rate = Metric(trust_id=uuid4(), code="suspension-rate", label="suspensions", unit="%", range_min=Decimal(0))

    faults = list(value_faults(Decimal(129), None, Decimal(129), Decimal(100), rate))

    assert faults == []
