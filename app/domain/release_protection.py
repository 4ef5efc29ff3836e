"""The figures of one metric as they may be released, beside all that was released of it before."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import Invalid
from app.domain.figures import Figure
from app.domain.intervals import Days
from app.domain.measure_vocabulary import Basis
from app.domain.protection import Decision, Protected, Symbol, protect
from app.domain.protection_rates import Part, shown_rate
from app.domain.release_figures import Made, Measure, Place, Shown, is_counted, made_of, place_of, shown, with_totals
from app.domain.release_sums import Sums, links, sums_of


@dataclass(frozen=True)
class Earlier:
    """What a former release showed of the metric: the figures it stood on, totals left out, and where numbers are in print."""

    days: Days
    figures: tuple[Figure, ...]
    in_print: frozenset[Place]


@dataclass(frozen=True)
class ReleasedMetric:
    """`is_withheld`: nothing of it can be shown without giving a small number away."""

    figures: tuple[Shown, ...]
    is_withheld: bool


def release_metric(
    measure: Measure, days: Days, figures: Sequence[Figure], earlier: Sequence[Earlier], *, smallest_shown: int
) -> ReleasedMetric:
    """Every figure and the trust's totals; small counts hidden, and what else is needed so that none can be worked out."""
    every = with_totals(figures)
    made = made_of(every)
    try:
        safe = _safe(measure, days, every, earlier, smallest_shown)
    except Invalid:
        safe = None
    told = (
        shown(
            one, measure, made=made, is_safe=safe is not None and place_of(one) in safe, smallest_shown=smallest_shown
        )
        for one in every
    )
    counted = any(is_counted(one, made) for one in every)
    return ReleasedMetric(tuple(told), is_withheld=safe is None and counted)


def _safe(
    measure: Measure, days: Days, every: Sequence[Figure], earlier: Sequence[Earlier], smallest_shown: int
) -> frozenset[Place] | None:
    """The places whose counts may be printed; None where no hiding is enough."""
    now = sums_of(measure.code, days, every)
    before = [sums_of(measure.code, one.days, with_totals(one.figures)) for one in earlier]
    released = [_as_released(sums, one) for sums, one in zip(before, earlier, strict=True)]
    joined = None if measure.basis is Basis.POINT else links(now, before)
    protected = protect(
        now.table(), smallest_shown=smallest_shown, released=[*released, *([joined] if joined is not None else [])]
    )
    if protected.withheld_because is not None:
        return None
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
