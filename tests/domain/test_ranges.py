"""What a range holds, and what a set of ranges leaves out or claims twice: what always holds, then as the sources print it."""

import operator
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.framework_vocabulary import Direction
from app.domain.indicators import Band, Indicator
from app.domain.ranges import Overlap, Range, gaps, overlaps, range_of
from app.domain.stages import IndicativeMeasure
from app.domain.vocabulary import Comparator

COMPARISONS = {
    Comparator.ABOVE: operator.gt,
    Comparator.AT_LEAST: operator.ge,
    Comparator.BELOW: operator.lt,
    Comparator.AT_MOST: operator.le,
    Comparator.EQUAL: operator.eq,
}
EVERYTHING = Range()


def above(value: str) -> Range:
    return Range(lo=Decimal(value))


def at_least(value: str) -> Range:
    return Range(lo=Decimal(value), lo_included=True)


def below(value: str) -> Range:
    return Range(hi=Decimal(value))


def at_most(value: str) -> Range:
    return Range(hi=Decimal(value), hi_included=True)


def between(lo: str, hi: str) -> Range:
    return Range(Decimal(lo), True, Decimal(hi), True)


EMPTY = [
    Range(Decimal(5), False, Decimal(5), False),
    Range(Decimal(5), False, Decimal(5), True),
    Range(Decimal(5), True, Decimal(5), False),
    Range(Decimal(6), True, Decimal(5), True),
]

# The 12 indicators of the trust strategy (S4), each with its bands from assured to intervention required.
S4 = {
    "serious_incident_rate": [below("300"), between("300", "500"), above("500")],
    "rpi_rate": [below("200"), between("200", "300"), above("300")],
    "attendance": [above("70"), between("50", "70"), below("50")],
    "attendance_value_added": [above("10"), between("0", "10"), below("0")],
    "persistent_absence": [below("74.5"), between("74.5", "90"), above("90")],
    "severe_absence": [below("28"), between("27", "40"), above("40")],
    "suspension_rate": [below("50"), between("50", "129"), above("129")],
    "repeated_suspension_rate": [between("0", "10"), between("10", "25"), above("25")],
    "partial_timetable_share": [between("0", "10"), between("10", "20"), above("20")],
    "progress_reading": [at_least("50"), between("35", "50"), below("35")],
    "progress_writing": [at_least("50"), between("35", "50"), below("35")],
    "progress_maths": [at_least("50"), between("35", "50"), below("35")],
}
S4_FROM_NOUGHT = {key: EVERYTHING if key == "attendance_value_added" else at_least("0") for key in S4}
S4_OVERLAPS = {
    "severe_absence": "27 to under 28",
    "repeated_suspension_rate": "exactly 10",
    "partial_timetable_share": "exactly 10",
    "progress_reading": "exactly 50",
    "progress_writing": "exactly 50",
    "progress_maths": "exactly 50",
}
# What Progress 8 is in each stage of the secondary strategy (S2), in stage order.
S2_PROGRESS_8 = [at_most("-0.5"), below("0"), below("0.25"), above("0.25")]

# Few numbers, so that ends meet; and many, so that they do not.
numbers = st.one_of(
    st.integers(-3, 3).map(Decimal),
    st.integers(-50_000, 50_000).map(lambda hundredths: Decimal(hundredths).scaleb(-2)),
)


@st.composite
def any_range(draw: st.DrawFn) -> Range:
    """Empty ones too, and those whose ends are reversed."""
    lo, hi = draw(st.none() | numbers), draw(st.none() | numbers)
    return Range(lo, lo is not None and draw(st.booleans()), hi, hi is not None and draw(st.booleans()))


ranges = any_range()
sets = st.lists(ranges, max_size=5)


def telling(*ranges: Range) -> list[Decimal]:
    """Every end, what is just outside and just inside it, the middles between ends, and what lies far beyond them."""
    ends = sorted({end for one in ranges for end in (one.lo, one.hi) if end is not None} | {Decimal(0)})
    beside = [end + step for end in ends for step in (Decimal("-0.001"), Decimal(0), Decimal("0.001"))]
    return [ends[0] - 1000, *beside, *((one + other) / 2 for one, other in pairwise(ends)), ends[-1] + 1000]


def is_within(value: Decimal, one: Range) -> bool:
    """By direct comparison."""
    over = one.lo is None or value > one.lo or (one.lo_included and value == one.lo)
    under = one.hi is None or value < one.hi or (one.hi_included and value == one.hi)
    return over and under


def holders(value: Decimal, ranges: Sequence[Range]) -> tuple[int, ...]:
    return tuple(place for place, one in enumerate(ranges) if is_within(value, one))


@given(ranges)
def test_a_range_holds_a_value_exactly_when_the_comparison_says_so(one: Range) -> None:
    for value in telling(one):
        assert one.holds(value) == is_within(value, one)


@given(st.sampled_from(Comparator), numbers)
def test_a_printed_comparison_holds_the_values_that_satisfy_it(comparator: Comparator, figure: Decimal) -> None:
    one = range_of(comparator, figure)

    for value in telling(one):
        assert one.holds(value) == COMPARISONS[comparator](value, figure)


@given(ranges)
def test_a_range_is_empty_exactly_when_it_holds_nothing(one: Range) -> None:
    assert one.is_empty == (not any(is_within(value, one) for value in telling(one)))


@given(ranges, ranges)
def test_two_ranges_are_said_alike_exactly_when_they_are_the_same(one: Range, other: Range) -> None:
    if not one.is_empty and not other.is_empty:
        assert (str(one) == str(other)) == (one == other)


@given(sets, ranges)
def test_a_value_is_in_a_gap_exactly_when_it_may_be_and_no_range_holds_it(held: list[Range], within: Range) -> None:
    found = gaps(held, within=within)

    for value in telling(*held, within):
        assert any(is_within(value, gap) for gap in found) == (is_within(value, within) and not holders(value, held))


@given(sets, ranges)
def test_gaps_run_from_low_to_high_and_no_two_of_them_touch(held: list[Range], within: Range) -> None:
    found = gaps(held, within=within)

    assert not any(gap.is_empty for gap in found)
    assert all(gap.end < later.start for gap, later in pairwise(found))


@given(sets, ranges)
def test_an_overlap_names_exactly_the_ranges_that_hold_its_values(held: list[Range], within: Range) -> None:
    found = overlaps(held, within=within)

    for value in telling(*held, within):
        named = [overlap.of for overlap in found if is_within(value, overlap.range)]
        by = holders(value, held)
        assert named == ([by] if is_within(value, within) and len(by) > 1 else [])


@given(sets, ranges)
def test_overlaps_run_from_low_to_high_and_those_that_touch_differ(held: list[Range], within: Range) -> None:
    found = overlaps(held, within=within)

    assert not any(overlap.range.is_empty for overlap in found)
    for overlap, later in pairwise(found):
        touch = overlap.range.end == later.range.start
        assert overlap.of != later.of if touch else overlap.range.end < later.range.start


@given(sets)
def test_the_gaps_of_what_is_left_out_are_what_was_held(held: list[Range]) -> None:
    left = gaps(held)

    for value in telling(*held):
        assert any(one.holds(value) for one in gaps(left)) == bool(holders(value, held))


@given(sets, ranges)
def test_ranges_and_their_gaps_leave_nothing_out(held: list[Range], within: Range) -> None:
    assert gaps([*held, *gaps(held, within=within)], within=within) == []


@pytest.mark.parametrize("within", EMPTY)
def test_where_there_can_be_no_value_nothing_is_left_out_or_claimed_twice(within: Range) -> None:
    assert gaps([], within=within) == []
    assert overlaps([EVERYTHING, EVERYTHING], within=within) == []


@pytest.mark.parametrize("empty", EMPTY)
def test_an_empty_range_holds_nothing_and_claims_nothing(empty: Range) -> None:
    assert gaps([empty]) == [EVERYTHING]
    assert overlaps([empty, EVERYTHING]) == []


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Range(Decimal(27), True, Decimal(28), False), "27 to under 28"),
        (between("74.50", "90.0"), "74.5 to 90"),
        (Range(Decimal("-0.5"), False, Decimal(0), True), "above -0.5 to 0"),
        (Range(Decimal("-0.5"), False, Decimal(0), False), "above -0.5 to under 0"),
        (between("10", "10"), "exactly 10"),
        (above("0.250"), "above 0.25"),
        (at_least("1E+2"), "100 or above"),
        (below("28"), "below 28"),
        (at_most("0.00"), "0 or below"),
        (EVERYTHING, "any value"),
    ],
)
def test_a_range_is_said_as_a_person_would_say_it(one: Range, said: str) -> None:
    assert str(one) == said


def test_a_band_of_severe_absence_below_28_and_one_of_27_to_40_claim_27_to_under_28_twice() -> None:
    found = overlaps(S4["severe_absence"])

    assert found == [Overlap(Range(Decimal(27), True, Decimal(28), False), (0, 1))]
    assert [str(overlap.range) for overlap in found] == ["27 to under 28"]


@pytest.mark.parametrize("key", S4)
def test_the_bands_of_an_indicator_overlap_where_the_strategy_prints_it_and_nowhere_else(key: str) -> None:
    found = overlaps(S4[key], within=S4_FROM_NOUGHT[key])

    expected = [(S4_OVERLAPS[key], (0, 1))] if key in S4_OVERLAPS else []
    assert [(str(overlap.range), overlap.of) for overlap in found] == expected


@pytest.mark.parametrize("key", S4)
def test_the_bands_of_an_indicator_leave_out_no_value_there_can_be(key: str) -> None:
    assert gaps(S4[key], within=S4_FROM_NOUGHT[key]) == []


def test_bands_that_begin_at_0_leave_out_what_is_below_it_where_the_indicator_has_no_range() -> None:
    left = {key: gaps(bands) for key, bands in S4.items() if gaps(bands)}

    assert left == {"repeated_suspension_rate": [below("0")], "partial_timetable_share": [below("0")]}


def test_the_progress_8_of_the_four_stages_leaves_out_exactly_0_25() -> None:
    found = gaps(S2_PROGRESS_8)

    assert found == [between("0.25", "0.25")]
    assert str(found[0]) == "exactly 0.25"


def test_the_progress_8_of_the_first_three_stages_is_nested() -> None:
    found = overlaps(S2_PROGRESS_8)

    assert [(str(overlap.range), overlap.of) for overlap in found] == [
        ("-0.5 or below", (0, 1, 2)),
        ("above -0.5 to under 0", (1, 2)),
    ]


@pytest.mark.parametrize(
    ("progress", "stages"),
    [
        ("-0.51", (0, 1, 2)),
        ("-0.5", (0, 1, 2)),
        ("-0.49", (1, 2)),
        ("-0.0", (2,)),
        ("0", (2,)),
        ("0.249999", (2,)),
        ("0.25", ()),
        ("0.250", ()),
        ("0.250001", (3,)),
    ],
)
def test_a_progress_8_matches_the_stages_whose_test_it_passes(progress: str, stages: tuple[int, ...]) -> None:
    matched = tuple(no for no, one in enumerate(S2_PROGRESS_8) if one.holds(Decimal(progress)))

    assert matched == stages


def test_the_same_range_twice_is_an_overlap_of_the_two() -> None:
    assert overlaps([between("1", "2"), between("1", "2")]) == [Overlap(between("1", "2"), (0, 1))]


def test_without_any_range_everything_is_left_out() -> None:
    assert gaps([]) == [EVERYTHING]
    assert gaps([], within=between("0", "100")) == [between("0", "100")]


def test_a_band_is_the_range_its_ends_say() -> None:
    ids: dict[str, Any] = {name: uuid4() for name in ("trust_id", "framework_id", "indicator_id", "level_id")}

    made = Band(**ids, lo=Decimal(27), lo_included=True, hi=Decimal(40), hi_included=True)

    assert made.range == between("27", "40")


@pytest.mark.parametrize(
    ("lowest", "highest", "expected"),
    [
        (None, None, EVERYTHING),
        (Decimal(0), None, at_least("0")),
        (None, Decimal(0), at_most("0")),
        (Decimal(0), Decimal(100), between("0", "100")),
    ],
)
def test_the_lowest_and_the_highest_value_of_an_indicator_can_both_be_had(
    lowest: Decimal | None, highest: Decimal | None, expected: Range
) -> None:
    made = Indicator(
        trust_id=uuid4(),
        framework_id=uuid4(),
        line_id=uuid4(),
        code="I1",
        label="Severe absence",
        metric="severe_absence",
        direction=Direction.LOWER,
        range_min=lowest,
        range_max=highest,
    )

    assert made.range == expected


def test_a_measure_that_tests_a_grade_has_no_range() -> None:
    ids: dict[str, Any] = {name: uuid4() for name in ("trust_id", "framework_id", "stage_id")}

    figure = IndicativeMeasure(
        **ids, code="M1", metric="progress_8", comparator=Comparator.AT_MOST, value=Decimal("-0.5")
    )
    grade = IndicativeMeasure(**ids, code="M2", metric="overall_effectiveness", inspection_grade_id=uuid4())

    assert figure.range == at_most("-0.5")
    assert grade.range is None
