"""Verdicts on promises: comparators to the last decimal, what is assumed, trends, gaps, and everything that stands in the way."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.evaluation import ASSUMED, GAP_ASSUMED, Evaluation, Reason, evaluate
from app.domain.figures import Figure
from app.domain.framework_vocabulary import DefinitionStatus, Direction
from app.domain.gaps import Gap, NoGap, NoGapBecause, gap_between
from app.domain.intervals import Calendar, Days
from app.domain.measure_vocabulary import (
    Absence,
    BreakKind,
    Feed,
    Grain,
    OfficialScope,
    ProgressGrade,
    Trend,
    Verdict,
)
from app.domain.metrics import Metric
from app.domain.observed_shares import Sighting
from app.domain.promises import Known, Measure, Promise, Series
from app.domain.vocabulary import Comparator, MeasureKind

PP, OTHERS = uuid4(), uuid4()
ON = date(2018, 3, 31)
AUTUMN, SPRING = (date(2017, 9, 4), date(2017, 12, 21)), (date(2018, 1, 8), date(2018, 3, 28))


def measure(code: str = "attendance", *breaks: tuple[date, BreakKind], **values: Any) -> Measure:
    given = {"label": code, "direction": Direction.HIGHER, **values}
    return Measure.of(Metric(trust_id=uuid4(), code=code, **given), breaks)


def figure(value: object, days: tuple[date, date] = SPRING, **more: Any) -> Figure:
    told: dict[str, Any] = {"metric": "attendance", "grain": Grain.TERM, **more}
    worth = None if value is None else Decimal(str(value))
    return Figure(value=worth, starts_on=days[0], ends_on=days[1], reading_id=uuid4(), **told)


def known(*figures: Figure, measures: tuple[Measure, ...] = (), on: date = ON, **more: Any) -> Known:
    series: dict[Series, list[Figure]] = {}
    for one in figures:
        series.setdefault((one.metric, one.group_id, one.official), []).append(one)
    known_by = {one.metric.code: one for one in measures or (measure(),)}
    return Known(on=on, measures=known_by, figures=series, **more)


def promise(value: object = "92.8", **more: Any) -> Promise:
    told = {"metric": "attendance", "starts_on": date(2017, 8, 1), "ends_on": ON, **more}
    return Promise(value=Decimal(str(value)), **told)


def verdict(found: Evaluation) -> tuple[Verdict, Reason]:
    return found.verdict, found.reason


@pytest.mark.parametrize(
    ("comparator", "value", "met"),
    [
        (Comparator.ABOVE, "92.8", False),
        (Comparator.ABOVE, "92.8000000000000000000001", True),
        (Comparator.AT_LEAST, "92.8", True),
        (Comparator.BELOW, "92.8", False),
        (Comparator.BELOW, "92.7999999999999999999999", True),
        (Comparator.AT_MOST, "92.8", True),
        (Comparator.EQUAL, "92.80", True),
        (Comparator.EQUAL, "92.81", False),
    ],
)
def test_a_printed_comparator_is_used_exactly_as_printed(comparator: Comparator, value: str, *, met: bool) -> None:
    found = evaluate(promise(comparator=comparator), known(figure(value)))

    assert found.verdict is (Verdict.MET if met else Verdict.NOT_MET)
    assert (found.comparator, found.comparator_assumed, found.rule) == (comparator, False, "target.as_printed")


@given(st.sampled_from(Direction), st.integers(-50, 50), st.integers(-50, 50))
def test_without_a_comparator_the_direction_is_assumed_inclusively_and_said(
    direction: Direction, value: int, target: int
) -> None:
    found = evaluate(promise(target), known(figure(value), measures=(measure(direction=direction),)))

    met = value >= target if direction is Direction.HIGHER else value <= target
    assert found.verdict is (Verdict.MET if met else Verdict.NOT_MET)
    assert (found.comparator_assumed, found.rule) == (True, ASSUMED)
    assert "No comparator is printed" in found.sentence


def test_not_met_is_told_as_not_yet_before_its_day_has_come() -> None:
    before = evaluate(promise(comparator=Comparator.ABOVE), known(figure("92.8", AUTUMN), on=date(2018, 1, 10)))
    after = evaluate(promise(comparator=Comparator.ABOVE), known(figure("92.8")))

    assert (before.sentence, after.sentence) == ("92.8 is not above 92.8 yet.", "92.8 is not above 92.8.")


@pytest.mark.parametrize(
    ("asked", "knows", "reason"),
    [
        (promise(kind=MeasureKind.QUALITATIVE), known(), Reason.QUALITATIVE),
        (promise(metric=None), known(), Reason.METRIC_MISSING),
        (promise(metric="morale"), known(), Reason.METRIC_UNKNOWN),
        (promise(), known(figure(93), measures=(measure(direction=None),)), Reason.DIRECTION_UNKNOWN),
        (promise(), known(), Reason.READING_MISSING),
        (promise(group_id=PP), known(figure(93)), Reason.READING_MISSING),
        (promise(), known(figure(93, on := (date(2017, 4, 1), date(2017, 7, 20)))), Reason.READING_TOO_OLD),
        (promise(), known(figure(93, on), figure(None, absence=Absence.AWAITING_RESULTS)), Reason.VALUE_ABSENT),
    ],
)
def test_what_stands_in_the_way_is_named_and_nothing_is_guessed(asked: Promise, knows: Known, reason: Reason) -> None:
    assert verdict(evaluate(asked, knows)) == (Verdict.NOT_EVALUABLE, reason)


def test_a_printed_comparator_needs_no_direction() -> None:
    asked = promise(comparator=Comparator.ABOVE)

    assert evaluate(asked, known(figure(93), measures=(measure(direction=None),))).verdict is Verdict.MET


def test_a_summers_results_count_for_a_phase_that_ends_in_july_and_next_years_do_not() -> None:
    asked = promise(37, starts_on=date(2017, 3, 1), ends_on=date(2017, 7, 31))
    years = [figure(n, (date(2016 + n, 9, 1), date(2017 + n, 8, 31)), grain=Grain.ANNUAL) for n in range(3)]

    found = evaluate(asked, known(*years, on=date(2020, 1, 1)))

    assert found.figure is years[0]


def test_a_month_that_begins_after_the_end_does_not_count_though_it_ends_soon_after() -> None:
    asked = promise(ends_on=date(2017, 9, 30))
    months = [figure(n, (date(2017, n, 1), date(2017, n, 30)), grain=Grain.MONTH) for n in (9, 10)]

    assert evaluate(asked, known(*months)).figure is months[0]


def test_a_sign_in_print_that_would_give_another_verdict_is_left_to_people() -> None:
    asked = promise(comparator=Comparator.AT_LEAST, printed=">92.8%")

    at_the_edge = evaluate(asked, known(figure("92.8")))
    beyond = evaluate(asked, known(figure("92.9")))

    assert verdict(at_the_edge) == (Verdict.AMBIGUOUS, Reason.PRINTED_OTHERWISE)
    assert verdict(beyond) == (Verdict.MET, Reason.SATISFIED)


@pytest.mark.parametrize("more", [{"kind": MeasureKind.MIXED}, {"trend_condition": "share outstanding rising"}])
def test_words_beside_a_value_that_is_met_are_left_to_people(more: dict[str, Any]) -> None:
    assert verdict(evaluate(promise(**more), known(figure(93)))) == (Verdict.AMBIGUOUS, Reason.CONDITION_IN_WORDS)
    assert verdict(evaluate(promise(**more), known(figure(92)))) == (Verdict.NOT_MET, Reason.FALLS_SHORT)


@pytest.mark.parametrize(
    ("trend", "former", "latter", "holds"),
    [
        (Trend.RISING, 93, 94, True),
        (Trend.RISING, 94, 94, False),
        (Trend.FALLING, 95, 94, True),
        (Trend.NOT_FALLING, 94, 94, True),
        (Trend.NOT_FALLING, 95, 94, False),
        (Trend.NOT_RISING, 94, 94, True),
    ],
)
def test_a_trend_is_read_between_the_last_two_periods(trend: Trend, former: int, latter: int, *, holds: bool) -> None:
    found = evaluate(promise(trend=trend), known(figure(former, AUTUMN), figure(latter)))

    assert found.trend is not None
    assert found.trend.holds is holds
    assert verdict(found) == ((Verdict.MET, Reason.SATISFIED) if holds else (Verdict.NOT_MET, Reason.TREND_NOT_MET))


HARD, SOFT = ((date(2018, 1, 1), kind) for kind in (BreakKind.HARD, BreakKind.SOFT))


@pytest.mark.parametrize(
    "knows",
    [
        known(figure(94)),
        known(figure(93, AUTUMN, grain=Grain.WINDOW), figure(94)),
        known(figure(None, AUTUMN, absence=Absence.NOT_COLLECTED), figure(94)),
        known(figure(93, AUTUMN), figure(94), measures=(measure("attendance", HARD),)),
        known(figure(93, AUTUMN), figure(94), measures=(measure("attendance", (SPRING[1], BreakKind.HARD)),)),
    ],
    ids=["one period", "another grain", "no value", "a hard break between", "a hard break within"],
)
def test_a_trend_that_cannot_be_read_leaves_a_value_that_is_met_ambiguous(knows: Known) -> None:
    found = evaluate(promise(trend=Trend.RISING), knows)

    assert verdict(found) == (Verdict.AMBIGUOUS, Reason.TREND_NOT_EVALUABLE)


def test_a_soft_break_does_not_end_a_trend() -> None:
    knows = known(figure(93, AUTUMN), figure(94), measures=(measure("attendance", SOFT),))

    assert evaluate(promise(trend=Trend.RISING), knows).verdict is Verdict.MET


def results(group: object, other: object, **more: Any) -> Known:
    year = (date(2017, 9, 1), date(2018, 8, 31))
    others = figure(other, year, metric="a8", grain=Grain.ANNUAL, official=OfficialScope.ENGLAND_OTHER)
    own = figure(group, year, metric="a8", grain=Grain.ANNUAL, group_id=PP)
    return known(own, others, measures=(measure("a8", **more),), on=date(2018, 12, 31))


def gap_promise(value: object, **more: Any) -> Promise:
    told = {"metric": "a8", "group_id": PP, "gap_official": OfficialScope.ENGLAND_OTHER, "ends_on": date(2018, 12, 31)}
    return promise(value, **{**told, "starts_on": date(2018, 4, 1), **more})


def test_a_gap_states_its_sign_and_is_promised_by_how_far_behind() -> None:
    found = evaluate(gap_promise("14.7"), results("35.1", "49.8"))

    assert found.gap is not None
    assert (found.gap.value, found.gap.behind, found.value) == (Decimal("-14.7"), Decimal("14.7"), Decimal("14.7"))
    assert (found.verdict, found.comparator, found.rule) == (Verdict.MET, Comparator.AT_MOST, GAP_ASSUMED)
    assert (
        evaluate(gap_promise("14.7", comparator=Comparator.BELOW), results("35.1", "49.8")).verdict is Verdict.NOT_MET
    )


@given(st.integers(-99, 99), st.integers(-99, 99), st.sampled_from(Direction))
def test_behind_is_worse_by_the_metrics_direction(group: int, other: int, direction: Direction) -> None:
    found = gap_between(
        "a8", results(group, other, direction=direction), group_id=PP, other=OfficialScope.ENGLAND_OTHER
    )

    assert isinstance(found, Gap)
    assert found.value == group - other
    assert (found.behind > 0) is (group < other if direction is Direction.HIGHER else group > other)


def test_a_gap_is_told_of_one_period_and_grain_alone() -> None:
    year = (date(2016, 9, 1), date(2017, 8, 31))
    others = figure(49, year, grain=Grain.ANNUAL, group_id=OTHERS)
    own = figure(35, (date(2017, 9, 1), date(2018, 8, 31)), grain=Grain.ANNUAL, group_id=PP)

    found = gap_between("attendance", known(own, others, on=date(2019, 1, 1)), group_id=PP, other=OTHERS)

    assert isinstance(found, NoGap)
    assert (found.why, found.figure) == (NoGapBecause.COMPARATOR_MISSING, own)


def test_nothing_official_stands_beside_what_nobody_has_defined() -> None:
    found = evaluate(gap_promise(14), results(35, 49, definition_status=DefinitionStatus.LOCAL_UNDEFINED))

    assert verdict(found) == (Verdict.NOT_EVALUABLE, Reason.METRIC_UNDEFINED)


LESSONS = (
    measure("lessons", feed=Feed.OBSERVED_GOOD_OR_BETTER),
    measure("outstanding", feed=Feed.OBSERVED_OUTSTANDING),
)
HALVES = Calendar(half_terms=(Days(date(2017, 9, 4), date(2017, 10, 20)), Days(date(2017, 10, 30), date(2017, 12, 21))))


def seen(day: date, **grades: int) -> list[Sighting]:
    return [Sighting(day, None if name == "unjudged" else ProgressGrade(name), n) for name, n in grades.items()]


def lessons(*sightings: list[Sighting], calendar: Calendar = HALVES) -> Known:
    return known(measures=LESSONS, lessons=[one for day in sightings for one in day], calendar=calendar)


OCTOBER, NOVEMBER = date(2017, 10, 2), date(2017, 11, 20)


def test_lessons_observed_are_held_against_a_promise_without_a_reading() -> None:
    knows = lessons(seen(OCTOBER, good=6, inadequate=3, unjudged=9), seen(date(2017, 7, 3), good=50))

    found = evaluate(promise("66.7", metric="lessons"), knows)

    assert found.figure is not None
    assert (found.figure.numerator, found.figure.denominator) == (Decimal(6), Decimal(9))
    assert found.figure.reading_id is None
    assert (found.figure.starts_on, found.figure.ends_on) == (date(2017, 8, 1), ON)
    assert found.verdict is Verdict.NOT_MET, "two thirds are less than 66.7, exactly"


@pytest.mark.parametrize(
    ("knows", "reason"),
    [
        (lessons(seen(OCTOBER, good=7, inadequate=3), seen(NOVEMBER, good=6, outstanding=2)), Reason.SATISFIED),
        (lessons(seen(OCTOBER, good=6, outstanding=4), seen(NOVEMBER, good=9, outstanding=1)), Reason.TREND_NOT_MET),
        (lessons(seen(NOVEMBER, good=6, outstanding=4)), Reason.TREND_NOT_EVALUABLE),
        (
            lessons(seen(OCTOBER, good=9), seen(NOVEMBER, outstanding=4), calendar=Calendar()),
            Reason.TREND_NOT_EVALUABLE,
        ),
        (lessons(seen(NOVEMBER, unjudged=4)), Reason.NOTHING_JUDGED),
    ],
    ids=["rising", "falling", "one half-term", "no calendar", "nothing judged"],
)
def test_the_share_outstanding_has_to_rise_beside_the_share_good(knows: Known, reason: Reason) -> None:
    asked = promise(70, metric="lessons", trend=Trend.RISING, trend_metric="outstanding")

    assert evaluate(asked, knows).reason is reason


@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from([*ProgressGrade, None])), max_size=30))
def test_a_phase_counts_its_own_lessons_so_far_and_no_others(days: list[tuple[int, ProgressGrade | None]]) -> None:
    first = date(2017, 6, 1)
    sightings = [Sighting(first + timedelta(days=day), grade) for day, grade in days]
    found = evaluate(promise(50, metric="lessons"), known(measures=LESSONS, lessons=sightings))

    mine = [one.grade for one in sightings if date(2017, 8, 1) <= one.on <= ON and one.grade]
    good = sum(grade in (ProgressGrade.GOOD, ProgressGrade.OUTSTANDING) for grade in mine)
    expected = Verdict.NOT_EVALUABLE if not mine else Verdict.MET if 2 * good >= len(mine) else Verdict.NOT_MET
    assert found.verdict is expected
