"""What the figures suggest for a line: the worst of its indicators, and why nothing can be said."""

from decimal import Decimal
from itertools import product
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from app.domain.assurance import AssuranceLine, AssuranceSection
from app.domain.assurance_grids import GridLine
from app.domain.band_levels import BandSet
from app.domain.framework_vocabulary import Direction, TiePolicy
from app.domain.indicators import Band, BandStatement, Indicator
from app.domain.line_suggestions import suggest
from app.domain.ratings import RatingLevel
from app.domain.review_vocabulary import SuggestionStatus

TRUST, FRAMEWORK, LINE = (uuid4() for _ in range(3))
OF: dict[str, Any] = {"trust_id": TRUST, "framework_id": FRAMEWORK}
SECTION = AssuranceSection(**OF, code="QOE", label="quality of education", scale_id=uuid4())
LEVELS = tuple(
    RatingLevel(**OF, code=code, no=no, scale_id=SECTION.scale_id)
    for no, code in enumerate(("assured", "not_yet_assured", "intervention_required"), start=1)
)
BEST, MIDDLE, WORST = LEVELS
# Printed with an overlap of 20 to under 30 and a gap of 60 to under 70: the best band up to 30, the next from 20.
ENDS = ((0, 30), (20, 60), (70, 100))


def indicator(name: str, policy: TiePolicy = TiePolicy.REPORT, *, banded: bool = True) -> BandSet:
    read = Indicator(
        **OF, code=name, label=name, line_id=LINE, metric=name, direction=Direction.LOWER, tie_policy=policy,
        range_min=Decimal(0), range_max=Decimal(100),
    )  # fmt: skip
    bands = tuple(
        Band(**OF, indicator_id=read.id, no=level.no, level_id=level.id, lo=Decimal(lo), lo_included=True,
             hi=Decimal(hi), hi_included=hi == 100)
        for level, (lo, hi) in zip(LEVELS, ENDS, strict=True)
    )  # fmt: skip
    return BandSet(indicator=read, bands=bands if banded else (), levels={one.id: one for one in LEVELS})


def line(*indicators: BandSet, statements: tuple[BandStatement, ...] = ()) -> GridLine:
    of = AssuranceLine(**OF, id=LINE, code="L", label="Persistent absence", section_id=SECTION.id)
    return GridLine(line=of, section=SECTION, levels=LEVELS, indicators=indicators, statements=statements)


def statement(level: RatingLevel, *, of: BandSet | None = None) -> BandStatement:
    return BandStatement(
        **OF, code=f"S-{level.no}", label="Provision is reviewed.", line_id=LINE, level_id=level.id,
        indicator_id=of.indicator.id if of else None,
    )  # fmt: skip


def test_a_line_without_bands_is_rated_by_people_and_says_why() -> None:
    bare, words = suggest(line(), {}), suggest(line(statements=(statement(BEST),)), {})
    unread = suggest(line(indicator("a", banded=False)), {})

    assert [one.status for one in (bare, words, unread)] == [
        SuggestionStatus.NO_BANDS, SuggestionStatus.STATEMENTS_ONLY, SuggestionStatus.NO_BANDS,
    ]  # fmt: skip
    assert bare.sentence == "The framework prints no bands for Persistent absence. A person rates it."
    assert words.sentence == (
        "The framework describes the levels of Persistent absence in words alone. A person rates it."
    )
    assert {one.level for one in (bare, words, unread)} == {None}


def test_a_value_that_is_not_there_is_named_and_never_taken_for_zero() -> None:
    one, other = indicator("absence"), indicator("severe absence")

    found = suggest(line(one, other), {one.indicator.id: Decimal(10), other.indicator.id: None})

    assert (found.status, found.level, found.missing) == (
        SuggestionStatus.MISSING_READINGS, None, (other.indicator,),
    )  # fmt: skip
    assert found.sentence == (
        "Nothing is suggested for Persistent absence: there is no value of severe absence. A person rates it."
    )
    assert suggest(line(one, other), {one.indicator.id: Decimal(10), other.indicator.id: Decimal(0)}).level is BEST


def test_a_tie_is_told_unless_the_policy_or_another_indicator_settles_it() -> None:
    tied, other = indicator("a"), indicator("b")
    values = {tied.indicator.id: Decimal(25)}

    open_tie = suggest(line(tied), values)
    settled = suggest(line(tied, other), {**values, other.indicator.id: Decimal(80)})
    still_open = suggest(line(tied, other), {**values, other.indicator.id: Decimal(5)})

    assert (open_tie.status, open_tie.level, open_tie.levels) == (SuggestionStatus.AMBIGUOUS, None, (BEST, MIDDLE))
    assert (settled.status, settled.level) == (SuggestionStatus.SUGGESTED, WORST)
    assert (still_open.status, still_open.levels) == (SuggestionStatus.AMBIGUOUS, (BEST, MIDDLE))
    for policy, level in ((TiePolicy.BETTER, BEST), (TiePolicy.WORSE, MIDDLE)):
        decided = indicator("a", policy)
        assert suggest(line(decided), {decided.indicator.id: Decimal(25)}).level is level


def test_a_value_in_no_band_suggests_nothing() -> None:
    one, other = indicator("a"), indicator("b")

    found = suggest(line(one, other), {one.indicator.id: Decimal(65), other.indicator.id: Decimal(80)})

    assert (found.status, found.level, found.levels) == (SuggestionStatus.AMBIGUOUS, None, ())
    assert found.sentence == (
        "Nothing is suggested for Persistent absence. a: 65 lies in no band: the framework leaves it out. A person rates it."
    )


def test_what_the_level_asks_for_besides_its_number_is_listed() -> None:
    read = indicator("a")
    asked, restated, of_another = statement(BEST), statement(BEST, of=read), statement(WORST)

    found = suggest(line(read, statements=(asked, restated, of_another)), {read.indicator.id: Decimal(5)})

    assert (found.level, found.is_numeric_only, found.not_evidenced) == (BEST, True, (asked,))
    assert not suggest(line(read, statements=(restated,)), {read.indicator.id: Decimal(5)}).is_numeric_only


@given(
    st.lists(
        st.tuples(st.sampled_from(TiePolicy), st.one_of(st.none(), st.decimals(0, 100, places=1))),
        min_size=1,
        max_size=4,
    )
)
def test_the_suggestion_is_the_worst_whichever_way_ties_fall(given_: list[tuple[TiePolicy, Decimal | None]]) -> None:
    """Against the plain way: every choice of one level for each indicator, and the worst of each choice."""
    sets = [indicator(str(place), policy) for place, (policy, _) in enumerate(given_)]
    values = {one.indicator.id: value for one, (_, value) in zip(sets, given_, strict=True)}

    found = suggest(line(*sets), values)

    if None in values.values():
        assert (found.status, found.level) == (SuggestionStatus.MISSING_READINGS, None)
        return
    choices = [_choices(value, policy) for policy, value in given_ if value is not None]
    worst = {max(choice) for choice in product(*choices)}
    expected = next(iter(worst)) if len(worst) == 1 else None
    assert (found.level.no if found.level else None) == expected
    assert (found.status is SuggestionStatus.SUGGESTED) == (expected is not None)


def _choices(value: Decimal, policy: TiePolicy) -> list[int]:
    held = [no for no, (lo, hi) in enumerate(ENDS, start=1) if lo <= value < hi or (hi == 100 and value == hi)]
    if policy is TiePolicy.REPORT or not held:
        return held
    return [min(held) if policy is TiePolicy.BETTER else max(held)]
