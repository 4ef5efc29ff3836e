"""What is released: pooled totals, one symbol for what is hidden, and no small number to be worked out of it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID, uuid5

import pytest

from app.domain.figures import Figure
from app.domain.intervals import Days
from app.domain.measure_vocabulary import Absence, Basis, Grain
from app.domain.protection import Symbol
from app.domain.protection_audit import Attack
from app.domain.release_figures import Measure, Shown, prevailing, with_totals
from app.domain.release_protection import Earlier, ReleasedMetric, Withheld, release_metric
from app.domain.release_sums import sums_of
from tests.released import Row, Truth, a_part, a_trust, found_out, restated

SEED = 20_261_122
YEAR = Days(date(2025, 9, 1), date(2026, 8, 31))
AUTUMN = Days(date(2025, 9, 1), date(2025, 12, 31))
SOME = UUID("019a8c20-0c33-7e50-9f24-8d3b7c9e6ab2")
ABSENCE = Measure(SOME, "absence", "%", Basis.PERIOD, 1, 6)
C, X, Z, LOW = Symbol.CONFIDENTIAL, Symbol.UNAVAILABLE, Symbol.NOT_APPLICABLE, Symbol.LOW


def named(code: str | None) -> UUID | None:
    return None if code is None else uuid5(SOME, code)


def figure(academy: str, value: Any = None, above: Any = None, below: Any = None, **more: Any) -> Figure:
    """Of an academy by code; the value of its counts where none is given."""
    if value is None and above is not None:
        value = Decimal(100 * above) / below
    counts = [None if one is None else Decimal(one) for one in (value, above, below)]
    group = named(more.pop("group", None))
    return Figure(
        "absence", Grain.ANNUAL, YEAR.starts_on, YEAR.ends_on, counts[0], academy_id=named(academy), group_id=group,
        numerator=counts[1], denominator=counts[2], reading_id=uuid5(SOME, f"{academy} {group}"), **more,
    )  # fmt: skip


def figures(truth: Truth) -> list[Figure]:
    return [figure(str(academy), None, *counts, group=group) for (academy, group), counts in truth.items()
            if counts[1]]  # fmt: skip


def released(
    given: Sequence[Figure], earlier: Sequence[Earlier] = (), *, measure: Measure = ABSENCE, days: Days = YEAR
) -> ReleasedMetric:
    return release_metric(measure, days, given, earlier, smallest_shown=measure.smallest_shown)


def told(metric: ReleasedMetric, *codes: str) -> dict[str, Any]:
    """Of all pupils, by academy: the number, or the symbol in its place."""
    names: Mapping[UUID | None, str] = {named(code): code for code in codes} | {None: "trust"}
    return {names[one.place[0]]: one.symbol or one.value for one in metric.figures if one.place[1] is None}


def rows(metric: ReleasedMetric, truth: Truth) -> list[Row]:
    codes = {named(code): code for place in truth for code in place}
    return [
        Row(codes[one.place[0]] if one.place[0] else None, codes[one.place[1]] if one.place[1] else None,
            *(None if n is None else int(n) for n in (one.numerator, one.denominator)))
        for one in metric.figures if one.symbol is not X
    ]  # fmt: skip


def as_earlier(metric: ReleasedMetric, given: Sequence[Figure], days: Days = YEAR) -> Earlier:
    return Earlier(days, tuple(given), frozenset(one.place for one in metric.figures if one.symbol in (None, LOW)))


def releases(drawn: random.Random) -> list[tuple[list[Row], Truth, int]]:
    """A year; the same restated; and its autumn: each released knowing those before."""
    year = a_trust(drawn)
    again = restated(drawn, year)
    autumn = a_part(drawn, again)
    earlier: list[Earlier] = []
    made: list[tuple[list[Row], Truth, int]] = []
    for truth, days, period in ((year, YEAR, 0), (again, YEAR, 0), (autumn, AUTUMN, 1)):
        given = figures(truth)
        metric = released(given, earlier, days=days)
        if not metric.is_withheld:
            earlier.append(as_earlier(metric, given, days))
        made.append(([] if metric.is_withheld else rows(metric, truth), truth, period))
    return made


def test_nobody_works_a_small_number_out_of_three_releases_of_a_trust() -> None:
    drawn = random.Random(SEED)
    every = [releases(drawn) for _ in range(6)]

    printed = [row for made in every for one in made for row in one[0]]
    assert [found_out(made) for made in every] == [set()] * 6
    shown = sum(row.numerator is not None for row in printed)
    print(f"{len(printed)} figures in 18 releases, {shown} of them shown")  # noqa: T201  for pytest -s
    assert shown > len(printed) // 4


def test_most_trusts_are_found_out_where_only_small_counts_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Attack, "hide", lambda _: frozenset())
    drawn = random.Random(SEED)

    assert sum(bool(found_out(releases(drawn))) for _ in range(6)) >= 5


def test_a_total_is_pooled_and_never_a_mean_of_rates() -> None:
    metric = released([figure("ASH", 10, 10, 100), figure("ELM", 50, 150, 300)])

    (total,) = (one for one in metric.figures if one.place == (None, None))
    assert total == Shown((None, None), None, Decimal("40.0"), Decimal(160), Decimal(400))
    assert not metric.is_withheld


def test_where_an_academy_has_no_counts_there_is_no_total() -> None:
    large = figure("ASH", 10, 10, 100)

    without = released([large, figure("ELM", 50)])
    awaited = released([large, figure("ELM", absence=Absence.AWAITING_RESULTS)])
    beside = released([large, figure("ELM", absence=Absence.NOT_APPLICABLE)])
    sparse = released([large, figure("ELM", 50, 150, 300), figure("ASH", 20, 10, 50, group="send")])

    assert told(without, "ASH", "ELM") == {"ASH": Decimal("10.0"), "ELM": C, "trust": X}
    assert told(awaited, "ASH", "ELM") == {"ASH": Decimal("10.0"), "ELM": X, "trust": X}
    assert told(beside, "ASH", "ELM") == {"ASH": Decimal("10.0"), "ELM": Z, "trust": Decimal("10.0")}
    assert [one.symbol for one in sparse.figures if one.place == (None, named("send"))] == [X]


def test_values_that_their_counts_do_not_come_to_have_no_total() -> None:
    metric = released([figure("ASH", 12, 10, 100), figure("ELM", 50, 150, 300)])

    assert told(metric, "ASH", "ELM") == {"ASH": Decimal("12.0"), "ELM": Decimal("50.0"), "trust": X}


@pytest.mark.parametrize(
    ("unit", "value", "below", "shown"),
    [
        ("%", "93.4", None, C), (None, "93.4", None, C), ("days", "3", None, C), ("percentage points", "3", 90, C),
        ("points", "-0.25", None, Decimal("-0.3")), ("points", "0.14", 5, C), ("points", "0.14", 6, Decimal("0.1")),
        ("points", "0.04", 60, LOW), ("points", "0", 60, Decimal(0)),
    ],
)  # fmt: skip
def test_a_share_without_its_counts_is_hidden_and_a_score_is_shown(
    unit: str | None, value: str, below: int | None, shown: Any
) -> None:
    metric = released([figure("ASH", value, None, below)], measure=replace(ABSENCE, unit=unit))

    assert told(metric, "ASH") == {"ASH": shown, "trust": X}
    assert {(one.numerator, one.denominator) for one in metric.figures} == {(None, None)}


@pytest.mark.parametrize(("below", "shown"), [(None, C), (5, C), (6, None)])
def test_the_score_of_a_group_is_shown_only_where_it_says_of_how_many(below: int | None, shown: Symbol | None) -> None:
    given = [figure("ASH", "0.14"), figure("ASH", "0.9", None, below, group="send")]

    metric = released(given, measure=replace(ABSENCE, unit="points"))

    assert [one.symbol for one in metric.figures if one.place == (named("ASH"), named("send"))] == [shown]


def test_the_unit_of_todays_definition_says_nothing_of_a_reading_made_by_another() -> None:
    given = [figure("ASH", "0.14"), figure("ELM", "14.2", metric_version=2)]

    metric = released(given, measure=replace(ABSENCE, unit="points", definition_version=2))

    assert told(metric, "ASH", "ELM") == {"ASH": C, "ELM": Decimal("14.2"), "trust": X}


def test_a_hidden_figure_says_nothing_and_a_rounded_one_keeps_its_counts() -> None:
    metric = released([figure("ASH", None, 4, 90), figure("ELM", None, 6, 50_000), figure("OAK", None, 40, 100)])

    by_academy = {one.place[0]: one for one in metric.figures}
    ash = by_academy[named("ASH")]
    assert (ash.symbol, ash.value, ash.numerator, ash.denominator) == (C, None, None, None)
    low = [one for one in metric.figures if one.symbol is LOW]
    assert [(one.value, one.numerator, one.denominator) for one in low] in ([], [(None, Decimal(6), Decimal(50_000))])
    assert released([figure("ELM", None, 6, 50_000)]).figures[0].symbol is LOW


@pytest.mark.parametrize("smallest_shown", [3, 6, 10])
def test_a_mere_count_is_its_own_numerator(smallest_shown: int) -> None:
    counts = [replace(figure("ASH", 4), numerator=Decimal(4)), replace(figure("ELM", 40), numerator=Decimal(40))]

    metric = released(counts, measure=replace(ABSENCE, unit="pupils", smallest_shown=smallest_shown))

    hidden = {"trust", "ELM"} if smallest_shown > 4 else set()
    symbols = {name for name, of in told(metric, "ASH", "ELM").items() if of is C}
    assert symbols in ([set()] if not hidden else [{"ASH", one} for one in hidden])


def test_groups_that_add_up_are_found_whatever_they_are_called() -> None:
    """A reader who is shown all pupils and two of three groups knows the third."""
    thirds = {"low": (3, 8), "middle": (40, 80), "high": (50, 90), None: (93, 178)}
    given = [
        figure(academy, None, *counts, group=group)
        for academy, (group, counts) in product(("ASH", "ELM"), thirds.items())
    ]

    metric = released(given)

    of_ash = {one.place[1]: one.symbol for one in metric.figures if one.place[0] == named("ASH")}
    assert of_ash[named("low")] is C
    assert list(of_ash.values()).count(C) >= 2
    sums = sums_of("absence", YEAR, with_totals(given))
    assert {len(one.parts) for one in sums.relations} == {2, 3}


def test_what_no_hiding_protects_is_withheld_as_a_whole() -> None:
    given = [figure("ASH", None, 4, 90), figure("ELM", None, 40, 100)]
    generous = release_metric(ABSENCE, YEAR, given, [], smallest_shown=3)

    metric = released(given, [as_earlier(generous, given)])
    halves = released([figure("ASH", Decimal("2.5"), Decimal("2.5"), 100)])

    assert told(generous, "ASH", "ELM")["ASH"] == Decimal("4.4")
    assert told(metric, "ASH", "ELM") == {"ASH": C, "ELM": C, "trust": C}
    assert told(halves, "ASH") == {"ASH": C, "trust": C}
    assert (metric.withheld, halves.withheld) == (Withheld.NO_HIDING_IS_ENOUGH, Withheld.NO_WHOLE_NUMBERS)


def test_the_rest_of_a_year_is_not_found_by_taking_its_autumn_away() -> None:
    autumn = [figure("ASH", None, 37, 90)]
    first = released(autumn, days=AUTUMN)

    alone, metric = released([figure("ASH", None, 40, 180)]), released(
        [figure("ASH", None, 40, 180)], [as_earlier(first, autumn, AUTUMN)]
    )  # fmt: skip
    of_one_day = released(
        [figure("ASH", None, 40, 180)], [as_earlier(first, autumn, AUTUMN)], measure=replace(ABSENCE, basis=Basis.POINT)
    )

    assert told(alone, "ASH") == told(of_one_day, "ASH") == {"ASH": Decimal("22.2"), "trust": Decimal("22.2")}
    assert told(metric, "ASH") == {"ASH": C, "trust": C}


def test_one_reading_that_is_no_share_uncovers_no_share_beside_it() -> None:
    given = [figure("ASH", None, 97, 98), figure("ELM", None, 90, 198), figure("OAK", None, 9, 7)]

    assert told(released(given), "ASH", "ELM", "OAK")["ASH"] == C


def test_a_reading_that_is_no_share_does_not_part_a_year_from_its_autumn() -> None:
    autumn = [figure("ASH", None, 37, 90), figure("ELM", None, 90, 70)]
    year = [figure("ASH", None, 40, 180), figure("ELM", None, 90, 180)]
    first = released(autumn, days=AUTUMN)

    assert told(first, "ASH", "ELM")["ASH"] == Decimal("41.1")
    assert told(released(year, [as_earlier(first, autumn, AUTUMN)]), "ASH", "ELM")["ASH"] == C


def test_of_several_sources_the_one_that_the_metric_names_prevails() -> None:
    one, other = figure("ASH", None, 40, 90, source="MIS"), figure("ASH", None, 41, 90, source="census")

    assert prevailing([one, other], source="MIS") == (one,)
    assert prevailing([other, one], source="census") == (other,)


def test_more_groups_than_can_be_looked_through_are_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.domain.release_sums.MOST_STEPS", 50)
    given = [figure("ASH", None, 40, 80), *(figure("ASH", None, 10, 20, group=f"form {n}") for n in range(8))]

    few, many = released(given[:4]), released(given)

    assert (few.withheld, many.withheld) == (None, Withheld.TOO_MANY_GROUPS)
    assert Withheld.TOO_MANY_GROUPS.sentence.endswith("Release fewer of them at a time.")
    assert {one.symbol for one in many.figures} == {C}
