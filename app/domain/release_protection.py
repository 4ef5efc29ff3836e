"""The figures of one metric as they may be released, beside all that was released of it before."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.errors import Invalid
from app.domain.figures import Figure
from app.domain.intervals import Days
from app.domain.measure_vocabulary import Basis
from app.domain.protection import Decision, Protected, Symbol, protect
from app.domain.protection_rates import Part, shown_rate
from app.domain.release_figures import Made, Measure, Place, Shown, is_counted, made_of, place_of, shown, with_totals
from app.domain.release_sums import Sums, TooManyGroups, links, sums_of


@dataclass(frozen=True)
class Earlier:
    """What a former release showed of the metric: the figures it stood on, totals left out, and where numbers are in print."""

    days: Days
    figures: tuple[Figure, ...]
    in_print: frozenset[Place]


class Withheld(StrEnum):
    """Why nothing of a metric is shown. It names no figure: that would say where the small number is."""

    TOO_MANY_GROUPS = "too_many_groups"
    NO_WHOLE_NUMBERS = "no_whole_numbers"
    NO_HIDING_IS_ENOUGH = "no_hiding_is_enough"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES: Final = {
    Withheld.TOO_MANY_GROUPS: "So many pupil groups cannot be protected together. Release fewer of them at a time.",
    Withheld.NO_WHOLE_NUMBERS: "Counts that are no whole numbers cannot be protected. Record whole counts, or none.",
    Withheld.NO_HIDING_IS_ENOUGH: "Whatever is hidden, a small number could be worked out from the sums, or from what was "
    "released before. Join small groups, leave them out, or release another period.",
}


@dataclass(frozen=True)
class ReleasedMetric:
    """`withheld`: why nothing of it can be shown without giving a small number away, if that is so."""

    figures: tuple[Shown, ...]
    withheld: Withheld | None = None

    @property
    def is_withheld(self) -> bool:
        return self.withheld is not None


def release_metric(
    measure: Measure, days: Days, figures: Sequence[Figure], earlier: Sequence[Earlier], *, smallest_shown: int
) -> ReleasedMetric:
    """Every figure and the trust's totals; small counts hidden, and what else is needed so that none can be worked out."""
    every = with_totals(figures)
    made = made_of(every)
    safe = _safe_or_why(measure, days, every, earlier, smallest_shown)
    places = frozenset[Place]() if isinstance(safe, Withheld) else safe
    told = (
        shown(one, measure, made=made, is_safe=place_of(one) in places, smallest_shown=smallest_shown) for one in every
    )
    counted = any(is_counted(one, made) for one in every)
    return ReleasedMetric(tuple(told), safe if isinstance(safe, Withheld) and counted else None)


def _safe_or_why(
    measure: Measure, days: Days, every: Sequence[Figure], earlier: Sequence[Earlier], smallest_shown: int
) -> frozenset[Place] | Withheld:
    try:
        return _safe(measure, days, every, earlier, smallest_shown)
    except TooManyGroups:
        return Withheld.TOO_MANY_GROUPS
    except Invalid:
        return Withheld.NO_WHOLE_NUMBERS


def _safe(
    measure: Measure, days: Days, every: Sequence[Figure], earlier: Sequence[Earlier], smallest_shown: int
) -> frozenset[Place] | Withheld:
    """The places whose counts may be printed, if any hiding is enough."""
    now = sums_of(measure.code, days, every)
    before = [sums_of(measure.code, one.days, with_totals(one.figures)) for one in earlier]
    released = [_as_released(sums, one) for sums, one in zip(before, earlier, strict=True)]
    joined = None if measure.basis is Basis.POINT else links(now, before)
    protected = protect(
        now.table(), smallest_shown=smallest_shown, released=[*released, *([joined] if joined is not None else [])]
    )
    if protected.withheld_because is not None:
        return Withheld.NO_HIDING_IS_ENOUGH
    return frozenset(place_of(one) for one in every if _may_be_printed(protected, now, place_of(one)))


def _may_be_printed(protected: Protected, sums: Sums, place: Place) -> bool:
    """A figure is printed with all its counts or not at all."""
    key = sums.key(place)
    if key not in sums.counts:
        return False
    if sums.made is Made.COUNT:
        return not isinstance(protected.shown((*key, Part.NUMERATOR)), Symbol)
    return shown_rate(protected, key) is None


def _as_released(sums: Sums, earlier: Earlier) -> Protected:
    table = sums.table()
    in_print = {sums.key(place) for place in earlier.in_print}
    decisions = {
        key: Decision.UNPUBLISHED
        if key in table.unpublished
        else Decision.SHOWN
        if key[:-1] in in_print
        else Decision.SECONDARY
        for key in table.counts
    }
    return Protected(table, 1, decisions)
