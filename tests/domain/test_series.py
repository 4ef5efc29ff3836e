"""Lines end where a series breaks, official figures stand beside their own periods, and a spread leaves nobody out unsaid."""

import itertools
import statistics
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.figures import Figure
from app.domain.measure_vocabulary import Absence, BreakKind, Grain, OfficialScope
from app.domain.series import Break, beside, lines
from app.domain.spread import Excluded, Share, median, spread

START = date(2026, 9, 7)
OAK, ELM, ASH, YEW, FIR, BAY = (UUID(int=n) for n in range(1, 7))


def week(number: int, value: int | None = 90, **more: object) -> Figure:
    first = START + timedelta(weeks=number)
    told = {"value": None if value is None else Decimal(value), **more}
    if value is None:
        told["absence"] = Absence.NOT_COLLECTED
    return Figure(metric="attendance", grain=Grain.WEEK, starts_on=first, ends_on=first + timedelta(days=6), **told)


def broken(day: int, kind: BreakKind = BreakKind.HARD) -> Break:
    return Break(START + timedelta(days=day), kind, "Codes changed.")


@given(
    weeks=st.lists(st.integers(0, 12), unique=True).map(sorted),
    hard=st.sets(st.integers(-5, 90), max_size=5),
    soft=st.sets(st.integers(-5, 90), max_size=5),
)
def test_lines_hold_every_figure_in_order_and_cross_no_hard_break(
    weeks: list[int], hard: set[int], soft: set[int]
) -> None:
    figures = [week(number) for number in weeks]
    breaks = [broken(day) for day in hard]

    found = lines(figures, [*breaks, *(broken(day, BreakKind.SOFT) for day in soft)])

    assert [figure for line in found for figure in line] == figures
    for line in found:
        assert len(line) == 1 or not any(line[0].starts_on < one.on <= line[-1].ends_on for one in breaks)
    for before, after in itertools.pairwise(found):
        assert any(before[0].starts_on < one.on <= after[-1].ends_on for one in breaks), "a line ends for a reason"


def test_a_break_on_the_first_day_of_a_period_begins_its_line_and_one_within_leaves_it_alone() -> None:
    figures = [week(number) for number in range(4)]

    assert lines(figures, [broken(14)]) == [figures[:2], figures[2:]]
    assert lines(figures, [broken(15)]) == [figures[:2], figures[2:3], figures[3:]]
    assert lines(figures, [broken(15, BreakKind.SOFT)]) == [figures]
    assert lines([], [broken(15)]) == []


def test_official_figures_stand_beside_their_own_grain_and_periods() -> None:
    england = week(0, 91, official=OfficialScope.ENGLAND)
    for_all = week(1, 88, official=OfficialScope.LOCAL_AUTHORITY, reading_id=OAK)
    for_academy = week(1, 89, official=OfficialScope.LOCAL_AUTHORITY, academy_id=OAK, reading_id=ELM)
    other_week = week(5, 92, official=OfficialScope.ENGLAND)
    other_grain = Figure(
        "attendance", Grain.WINDOW, england.starts_on, england.ends_on, Decimal(1), official=england.official
    )

    found = beside([week(0), week(1)], [for_academy, other_week, for_all, other_grain, england])

    assert found == {OfficialScope.ENGLAND: [england], OfficialScope.LOCAL_AUTHORITY: [for_academy]}


@given(st.lists(st.decimals(-1000, 1000, places=6), min_size=1, max_size=30))
def test_a_median_is_exact(values: Sequence[Decimal]) -> None:
    ordered = sorted(values)

    assert Fraction(median(ordered)) == statistics.median(Fraction(value) for value in values)


def test_a_spread_is_of_one_period_and_says_why_others_are_left_out() -> None:
    later = week(3, 70)
    monthly = Figure("attendance", Grain.MONTH, date(2026, 9, 1), date(2026, 9, 30), Decimal(80))
    figures = {
        OAK: [week(1, 80), week(2, 91)],
        ELM: [week(2, 94), later],
        ASH: [week(2, None)],
        YEW: [week(1, 99)],
        FIR: [monthly],
        BAY: [],
    }

    found = spread(figures, on=date(2027, 1, 1))

    assert found.shares == (
        Share(OAK, week(2, 91)),
        Share(ELM, week(2, 94)),
        Share(ASH, week(2, None), Excluded.ABSENCE),
        Share(YEW, week(1, 99), Excluded.OTHER_PERIOD),
        Share(FIR, monthly, Excluded.OTHER_GRAIN),
        Share(BAY, None, Excluded.NO_READING),
    )
    assert (found.median, found.lowest, found.highest, found.range) == (Decimal("92.5"), 91, 94, 3)


def test_a_grain_asked_for_and_the_day_asked_about_narrow_a_spread() -> None:
    monthly = Figure("attendance", Grain.MONTH, date(2026, 9, 1), date(2026, 9, 30), Decimal(80))
    figures = {OAK: [week(0, 91), week(9, 10), monthly], ELM: [week(0, 95), week(9, 20)]}

    by_month = spread(figures, on=date(2027, 1, 1), grain=Grain.MONTH)
    in_september = spread(figures, on=date(2026, 9, 20), grain=Grain.WEEK)
    by_term = spread(figures, on=date(2027, 1, 1), grain=Grain.TERM)

    assert by_month.shares == (Share(OAK, monthly), Share(ELM, week(9, 20), Excluded.OTHER_GRAIN))
    assert (in_september.lowest, in_september.highest) == (91, 95)
    assert (by_term.period, by_term.median, by_term.range) == (None, None, None)
    assert {share.excluded for share in by_term.shares} == {Excluded.OTHER_GRAIN}


def test_values_of_two_definitions_are_not_mixed() -> None:
    figures = {OAK: [week(0, 91)], ELM: [week(0, 95, metric_version=2)]}

    found = spread(figures, on=date(2027, 1, 1))

    assert found.shares == (Share(OAK, week(0, 91), Excluded.OTHER_DEFINITION), Share(ELM, figures[ELM][0]))


def test_of_two_sources_the_one_that_prevails_is_in_the_spread() -> None:
    early, late = (datetime(2026, 10, day, tzinfo=UTC) for day in (1, 2))
    census = week(0, 91, source="census", recorded_at=early)
    figures = {OAK: [census, week(0, 95, source="mis", recorded_at=late)]}

    assert spread(figures, on=date(2027, 1, 1)).median == 95
    assert spread(figures, on=date(2027, 1, 1), source="census").median == 91


@given(
    st.dictionaries(
        st.sampled_from([OAK, ELM, ASH, YEW]),
        st.lists(
            st.builds(
                week,
                st.integers(0, 3),
                st.none() | st.integers(0, 5),
                metric_version=st.integers(1, 2),
                reading_id=st.uuids(),
            ),
            max_size=4,
        ),
    )
)
def test_every_academy_is_in_a_spread_once_and_its_order_does_not_matter(figures: dict[UUID, list[Figure]]) -> None:
    found = spread(figures, on=START + timedelta(weeks=3))
    turned = spread({academy: figures[academy][::-1] for academy in reversed(figures)}, on=START + timedelta(weeks=3))

    included = [share.figure for share in found.shares if share.excluded is None]
    assert [share.academy_id for share in found.shares] == list(figures)
    assert len({(one.grain, one.starts_on, one.ends_on, one.metric_version) for one in included if one}) <= 1
    assert all(one and one.value is not None and one.ends_on <= START + timedelta(weeks=3) for one in included)
    assert {share.academy_id: share for share in turned.shares} == {share.academy_id: share for share in found.shares}
    assert (turned.median, turned.range) == (found.median, found.range)
