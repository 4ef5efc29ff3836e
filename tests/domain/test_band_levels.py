"""Values against bands: every band of the sources at every tenth and edge, and generated sets against brute force."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.band_levels import BandSet, Certainty
from app.domain.framework_vocabulary import Direction, TiePolicy
from app.domain.indicators import Band, BandStatement, Indicator
from app.domain.ratings import RatingLevel
from app.packs.reading import read_pack
from tests.conftest import PACKS

TRUST, FRAMEWORK, SCALE = uuid4(), uuid4(), uuid4()
TENTH = Decimal("0.1")
OVERLAPS = {
    "severe-absence": (Decimal(27), Decimal("27.9")),
    "repeated-suspension-rate": (Decimal(10), Decimal(10)),
    "partial-timetable-share": (Decimal(10), Decimal(10)),
    "progress-reading": (Decimal(50), Decimal(50)),
    "progress-writing": (Decimal(50), Decimal(50)),
    "progress-maths": (Decimal(50), Decimal(50)),
}

EDGES: dict[str, tuple[float, float, bool]] = {
    "serious-incident-rate": (300, 500, True),
    "rpi-rate": (200, 300, True),
    "attendance": (50, 70, False),
    "attendance-value-added": (0, 10, False),
    "persistent-absence": (74.5, 90, True),
    "severe-absence": (27, 40, True),
    "suspension-rate": (50, 129, True),
    "repeated-suspension-rate": (10, 25, True),
    "partial-timetable-share": (10, 20, True),
    "progress-reading": (35, 50, False),
    "progress-writing": (35, 50, False),
    "progress-maths": (35, 50, False),
}


def level(no: int, code: str) -> RatingLevel:
    return RatingLevel(trust_id=TRUST, framework_id=FRAMEWORK, scale_id=SCALE, no=no, code=code)


LEVELS = {code: level(no, code) for no, code in enumerate(("assured", "not_yet_assured", "intervention_required"), 1)}


def indicator(**values: Any) -> Indicator:
    given = {"code": "x", "label": "absence", "metric": "x", "direction": Direction.LOWER, "line_id": uuid4(), **values}
    return Indicator(trust_id=TRUST, framework_id=FRAMEWORK, **given)


def band(no: int, code: str, **values: Any) -> Band:
    return Band(trust_id=TRUST, framework_id=FRAMEWORK, indicator_id=uuid4(), no=no, level_id=LEVELS[code].id, **values)


def statement(of: Indicator, code: str, **values: Any) -> BandStatement:
    given = {"code": uuid4().hex, "label": "x", "line_id": of.line_id, **values}
    return BandStatement(trust_id=TRUST, framework_id=FRAMEWORK, level_id=LEVELS[code].id, **given)


def band_set(of: Indicator, *bands: Band, statements: tuple[BandStatement, ...] = ()) -> BandSet:
    levels = {one.id: one for one in LEVELS.values()}
    return BandSet(indicator=of, bands=bands, levels=levels, statements=statements)


def printed_sets() -> dict[str, BandSet]:
    """The twelve indicators of the pack, as it prints them."""
    (framework,) = read_pack(PACKS / "avocet").pack.frameworks
    found = {}
    for one in (one for section in framework.sections for line in section.lines for one in line.indicators):
        names = ("code", "label", "metric", "direction", "range_min", "range_max", "tie_policy")
        shape = indicator(**{name: getattr(one, name) for name in names})
        ends = ("lo", "lo_included", "hi", "hi_included", "printed")
        bands = [band(it.no, it.level, **{name: getattr(it, name) for name in ends}) for it in one.bands]
        found[one.code] = band_set(shape, *bands)
    return found


SETS = printed_sets()


def tenths(bands: BandSet) -> Iterator[Decimal]:
    """Every tenth from well below the lowest edge to well above the highest."""
    edges = [end for one in bands.bands for end in (one.lo, one.hi) if end is not None]
    for step in count():
        value = min(edges) - 20 + step * TENTH
        if value > max(edges) + 20:
            return
        yield value


def documented(code: str, value: Decimal) -> set[str]:
    """What the facts say: the two bands of an overlap, else by the printed edges, the middle band holding both its ends."""
    lo, hi, lower_is_better = EDGES[code]
    best, worst = ("assured", "intervention_required") if lower_is_better else ("intervention_required", "assured")
    low, high = OVERLAPS.get(code, (None, None))
    if low is not None and high is not None and low <= value <= high:
        return {"assured", "not_yet_assured"}
    if value < lo:
        return {best}
    return {"not_yet_assured"} if value <= hi else {worst}


@pytest.mark.parametrize("code", EDGES)
def test_every_tenth_has_the_documented_level_or_tie_and_none_falls_in_a_gap(code: str) -> None:
    bands = SETS[code]
    wrong = []
    for value in tenths(bands):
        found = bands.level_of(value)
        told = {one.code for one in found.levels}
        inside = bands.indicator.range.holds(value)
        expected = documented(code, value) if inside else set()
        certainty = (
            Certainty.OUT_OF_RANGE if not inside else Certainty.AMBIGUOUS if len(expected) > 1 else Certainty.CERTAIN
        )
        if (told, found.certainty) != (expected, certainty):
            wrong.append((value, told, found.certainty))

    assert wrong == []
    assert set(SETS) == set(EDGES)


def test_an_edge_is_exact_to_any_decimal() -> None:
    bands = SETS["attendance"]
    values = ("70", "70.0000000000000000001", "50", "49.9999999999999999999")

    found = [bands.level_of(Decimal(value)).level for value in values]

    assert [one.code if one else None for one in found] == [
        "not_yet_assured", "assured", "not_yet_assured", "intervention_required",
    ]  # fmt: skip


def test_a_tie_says_which_bands_hold_it_and_that_the_framework_does_not_choose() -> None:
    found = SETS["severe-absence"].level_of(Decimal("27.5"))

    assert (found.level, found.rule, found.is_tied) == (None, "bands.ties_reported", True)
    assert found.sentence == (
        "severe absence: 27.5 lies in assured (less than 28%) and not yet assured (between 27%-40%). "
        "The framework does not say which of them counts."
    )


@pytest.mark.parametrize(
    ("policy", "code", "rule"),
    [
        (TiePolicy.BETTER, "assured", "bands.ties_to_better"),
        (TiePolicy.WORSE, "not_yet_assured", "bands.ties_to_worse"),
    ],
)
def test_a_policy_decides_a_tie_and_says_that_it_did(policy: TiePolicy, code: str, rule: str) -> None:
    bands = band_set(indicator(tie_policy=policy), band(1, "assured", hi=28), band(2, "not_yet_assured", lo=27))

    found = bands.level_of(Decimal("27.5"))

    assert found.level is LEVELS[code]
    assert (found.certainty, found.rule, found.is_tied, len(found.levels)) == (Certainty.CERTAIN, rule, True, 2)
    assert found.sentence.endswith(f"the {policy} of them counts: {code.replace('_', ' ')}.")


def test_a_level_that_asks_for_more_than_a_number_lists_what_a_person_has_to_see() -> None:
    of = indicator()
    bands = (band(1, "assured", hi=28), band(2, "not_yet_assured", lo=28, lo_included=True))
    open_, restated = statement(of, "assured"), statement(of, "assured", indicator_id=of.id)
    other_level, other_line = statement(of, "not_yet_assured"), statement(indicator(), "assured")

    found = band_set(of, *bands, statements=(open_, restated, other_level, other_line)).level_of(Decimal(3))

    assert found.not_numeric == (open_,)
    assert found.is_numeric_only


def test_an_indicator_without_bands_and_a_value_that_cannot_be_are_told_apart() -> None:
    bare = band_set(indicator()).level_of(Decimal(3))
    impossible = band_set(indicator(range_min=0, range_max=100), band(1, "assured", hi=28)).level_of(Decimal(-1))

    assert (bare.certainty, bare.sentence) == (Certainty.GAP, "The framework prints no bands for absence.")
    assert (impossible.certainty, impossible.levels) == (Certainty.OUT_OF_RANGE, ())
    assert impossible.sentence == "absence: -1 is not possible, because its values are 0 to 100. Check it."


ENDS = st.none() | st.integers(-6, 6).map(Decimal)


@st.composite
def drawn_bands(draw: st.DrawFn) -> Band:
    lo, hi = draw(ENDS), draw(ENDS)
    if lo is not None and hi is not None and lo > hi:
        lo, hi = hi, lo
    closed = lo == hi
    low_in, high_in = (
        (lo is not None and (closed or draw(st.booleans()))),
        (hi is not None and (closed or draw(st.booleans()))),
    )
    return band(
        draw(st.integers(1, 9)),
        draw(st.sampled_from(list(LEVELS))),
        lo=lo,
        lo_included=low_in,
        hi=hi,
        hi_included=high_in,
    )


def holds(one: Band, value: Decimal) -> bool:
    above = one.lo is None or value > one.lo or (one.lo_included and value == one.lo)
    return above and (one.hi is None or value < one.hi or (one.hi_included and value == one.hi))


@given(st.lists(drawn_bands(), max_size=5), st.sampled_from(TiePolicy), st.integers(-80, 80), ENDS)
def test_generated_sets_are_read_as_brute_force_reads_them(
    bands: list[Band], policy: TiePolicy, tenths_of_value: int, least: Decimal | None
) -> None:
    value = tenths_of_value * TENTH
    found = band_set(indicator(tie_policy=policy, range_min=least), *bands).level_of(value)

    possible = least is None or value >= least
    matched = [one for one in bands if possible and holds(one, value)]
    ids: set[UUID] = {one.level_id for one in matched}
    ordered = [one for one in LEVELS.values() if one.id in ids]
    chosen = {TiePolicy.REPORT: None, TiePolicy.BETTER: 0, TiePolicy.WORSE: -1}[policy]
    expected = None if not ordered else ordered[0] if len(ordered) == 1 else None if chosen is None else ordered[chosen]
    assert list(found.levels) == ordered
    assert found.level is expected
    assert {id(one) for one in found.matched} == {id(one) for one in matched}
    assert (found.certainty is Certainty.OUT_OF_RANGE) is not possible
    assert (found.certainty is Certainty.GAP) is (possible and not ordered)
    assert (found.certainty is Certainty.AMBIGUOUS) is (len(ordered) > 1 and policy is TiePolicy.REPORT)
