"""What single measures say: every stage measure of S2 about each edge, and generated frameworks against a plain reading."""

from collections.abc import Callable
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.framework_vocabulary import MeasureRole, NestedReading
from app.domain.measure_vocabulary import Verdict
from app.domain.stage_measures import MetricTests, PointRule
from app.domain.vocabulary import Comparator
from tests.domain.stage_rules import Test, rules_of

COMPARED: dict[Comparator, Callable[[Any, Any], bool]] = {
    Comparator.AT_MOST: le,
    Comparator.BELOW: lt,
    Comparator.AT_LEAST: ge,
    Comparator.ABOVE: gt,
    Comparator.EQUAL: eq,
}
PROGRESS_8 = (
    Test(1, "p8", Comparator.AT_MOST, Decimal("-0.5")),
    Test(2, "p8", Comparator.BELOW, Decimal("0.00")),
    Test(3, "p8", Comparator.BELOW, Decimal("0.25")),
    Test(4, "p8", Comparator.ABOVE, Decimal("0.25")),
)
VALUES = st.decimals(min_value=-3, max_value=3, places=1)
TESTS = st.lists(
    st.builds(
        Test,
        stage=st.integers(1, 4),
        metric=st.just("m"),
        comparator=st.sampled_from(Comparator),
        value=VALUES,
        role=st.sampled_from(MeasureRole),
    ),
    min_size=1,
    max_size=6,
)


def progress_8(nested: NestedReading) -> MetricTests:
    (group,) = rules_of(PROGRESS_8, nested=nested).groups
    return group


def as_printed(value: Decimal) -> tuple[int, ...]:
    """The stages of S2 whose printed test a Progress 8 score satisfies, by place."""
    tests = (value <= Decimal("-0.5"), value < 0, value < Decimal("0.25"), value > Decimal("0.25"))
    return tuple(place for place, held in enumerate(tests) if held)


@pytest.mark.parametrize("edge", ["-0.5", "0", "0.25"])
def test_every_stage_measure_of_s2_gives_what_is_printed_about_each_edge(edge: str) -> None:
    told, first = progress_8(NestedReading.REPORT), progress_8(NestedReading.FIRST_MATCH)

    for step in range(-100, 101):
        value = Decimal(edge) + Decimal(step) / 100
        assert told.of_value(value).matches == told.of_value(value).points == as_printed(value)
        assert first.of_value(value).matches == as_printed(value)
        assert first.of_value(value).points == as_printed(value)[:1]


def test_a_value_that_no_measure_names_is_in_a_gap() -> None:
    piece = progress_8(NestedReading.FIRST_MATCH).of_value(Decimal("0.25"))

    assert (piece.says, piece.points, piece.rule) == ("exactly 0.25", (), PointRule.NO_MATCH)
    assert {one.verdict for one in piece.criteria} == {Verdict.NOT_MET}


def test_the_first_match_says_that_it_is_one() -> None:
    group = progress_8(NestedReading.FIRST_MATCH)

    rules = [group.of_value(Decimal(value)).rule for value in ("-0.5", "0", "0.26")]

    assert rules == [PointRule.FIRST_MATCH, PointRule.ONE_MATCH, PointRule.ONE_MATCH]


@given(TESTS, VALUES, st.sampled_from(NestedReading))
def test_a_compiled_metric_says_what_each_test_says(tests: list[Test], value: Decimal, nested: NestedReading) -> None:
    (group,) = rules_of(tests, nested=nested).groups
    piece = group.of_value(value)
    found = {one.test.code: (one.test.stage + 1, one.test.role, one.verdict is Verdict.MET) for one in piece.criteria}

    expected = {
        f"m{place}": (test.stage, test.role, COMPARED[test.comparator](value, test.value))
        for place, test in enumerate(tests)
        if test.comparator
    }
    profiles = [one for one in expected.values() if one[1] is MeasureRole.PROFILE]
    matches = sorted({stage for stage, *_ in profiles} - {stage for stage, _, held in profiles if not held})
    first = nested is NestedReading.FIRST_MATCH
    assert found == expected
    assert [at + 1 for at in piece.matches] == matches
    assert [at + 1 for at in piece.points] == (matches[:1] if first else matches)
    assert piece.range.holds(value)


def test_areas_with_different_grades_make_a_test_ambiguous() -> None:
    (group,) = rules_of([Test(no, "ofsted", grade=5 - no) for no in (1, 2, 3, 4)]).groups

    one, two = group.of_grades(frozenset({"overall-3"})), group.of_grades(frozenset({"overall-3", "overall-2"}))

    assert (one.points, one.rule) == ((1,), PointRule.ONE_MATCH)
    assert (two.matches, two.points, two.rule) == ((), (1, 2), PointRule.SEVERAL_GRADES)
    assert [criterion.verdict for criterion in two.criteria] == [
        Verdict.NOT_MET, Verdict.AMBIGUOUS, Verdict.AMBIGUOUS, Verdict.NOT_MET,
    ]  # fmt: skip
