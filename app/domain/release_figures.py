"""What goes into a release: the figures of one metric in one period, its totals for the trust, and what counts in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from app.domain.figures import Figure, precedence
from app.domain.measure_vocabulary import Absence, Basis
from app.domain.protection import Symbol
from app.domain.rounding import rounded

Place = tuple[UUID | None, UUID | None]
"""An academy and a pupil group; no academy is the trust, no group is all pupils."""

SYMBOLS: Final = MappingProxyType(
    {
        Absence.NOT_COLLECTED: Symbol.UNAVAILABLE,
        Absence.NOT_APPLICABLE: Symbol.NOT_APPLICABLE,
        Absence.SUPPRESSED: Symbol.CONFIDENTIAL,
        Absence.NOT_AVAILABLE: Symbol.UNAVAILABLE,
        Absence.AWAITING_RESULTS: Symbol.UNAVAILABLE,
    }
)
NO_COUNTS: Final = frozenset({"points", "point", "score", "scaled score", "grade", "a8", "p8"})
"""Units of values that are neither shares nor counts of anybody, and so can be shown without their counts."""


class Made(StrEnum):
    """What a value is made of: some of those counted, one number over another, or a count alone."""

    SHARE = "share"
    RATIO = "ratio"
    COUNT = "count"


@dataclass(frozen=True)
class Measure:
    """A metric as far as its releases are concerned."""

    id: UUID
    code: str
    unit: str | None
    basis: Basis
    decimals: int
    smallest_shown: int
    source_system: str | None = None
    definition_version: int = 1

    @property
    def has_no_counts(self) -> bool:
        return (self.unit or "").strip().casefold() in NO_COUNTS


@dataclass(frozen=True)
class Shown:
    """A figure as it is released: a number with its counts, or the symbol that stands for all of them."""

    place: Place
    reading_id: UUID | None
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    symbol: Symbol | None = None


def place_of(figure: Figure) -> Place:
    return figure.academy_id, figure.group_id


def prevailing(figures: Iterable[Figure], *, source: str | None) -> tuple[Figure, ...]:
    """One figure for each place: of several sources the one that the metric names, else the one recorded last."""
    best: dict[Place, Figure] = {}
    for one in figures:
        held = best.get(place_of(one))
        if held is None or precedence(one, source) > precedence(held, source):
            best[place_of(one)] = one
    return tuple(best[place] for place in sorted(best, key=_order))


def made_of(figures: Sequence[Figure]) -> Made:
    """Told by the counts themselves: a share never has more above the line than below it."""
    if all(one.denominator is None for one in figures):
        return Made.COUNT
    pairs = [(one.numerator, one.denominator) for one in figures if one.numerator is not None]
    is_share = all(below is None or above <= below for above, below in pairs)
    return Made.SHARE if is_share else Made.RATIO


def is_counted(figure: Figure, made: Made) -> bool:
    """Whether its counts are known, so that it can be protected. Of a percentage with one count alone they are not."""
    if figure.value is None or figure.numerator is None:
        return False
    return figure.value == figure.numerator if made is Made.COUNT else figure.denominator is not None


def with_totals(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """The figures, and for each group the trust's: its counts summed, one over the other. Never a mean of rates.

    There is a total only where every academy has counts, or says that the figure does not apply to it.
    """
    made = made_of(figures)
    academies = {one.academy_id for one in figures if one.absence is not Absence.NOT_APPLICABLE}
    groups = sorted({one.group_id for one in figures}, key=str)
    factor = _factor([one for one in figures if is_counted(one, made)], made)
    return (*figures, *(_total([one for one in figures if one.group_id == group], academies, made, factor)
                        for group in groups))  # fmt: skip


def shown(figure: Figure, measure: Measure, *, made: Made, is_safe: bool, smallest_shown: int) -> Shown:
    """As it may be printed; `is_safe`: whether its counts may."""
    kept = Shown(place_of(figure), figure.reading_id)
    if figure.absence is not None or figure.value is None:
        return replace(kept, symbol=SYMBOLS[figure.absence or Absence.NOT_AVAILABLE])
    counted = is_counted(figure, made)
    if not (is_safe if counted else _needs_no_counts(figure, measure, smallest_shown)):
        return replace(kept, symbol=Symbol.CONFIDENTIAL)
    value = rounded(figure.value, decimals=measure.decimals)
    if counted:
        kept = replace(kept, numerator=figure.numerator, denominator=figure.denominator)
    is_low = figure.value != 0 and value == 0
    return replace(kept, symbol=Symbol.LOW) if is_low else replace(kept, value=value)


def _needs_no_counts(figure: Figure, measure: Measure, smallest_shown: int) -> bool:
    """A group of nobody knows how many may be of one: its score is shown only where it says of how many it is.

    The unit is that of today's definition, and says nothing of a reading made by another.
    """
    if not measure.has_no_counts or figure.metric_version != measure.definition_version:
        return False
    return figure.group_id is None if figure.denominator is None else figure.denominator >= smallest_shown


def _order(place: Place) -> tuple[str, str]:
    return str(place[0] or ""), str(place[1] or "")


def _total(figures: Sequence[Figure], academies: set[UUID | None], made: Made, factor: int | None) -> Figure:
    """Of the figures of one group."""
    counted = [one for one in figures if is_counted(one, made)]
    beside = {one.academy_id for one in figures if one.absence is Absence.NOT_APPLICABLE}
    total = replace(
        figures[0], academy_id=None, reading_id=None, value=None, numerator=None, denominator=None, absence=None,
        source="", recorded_at=None,
    )  # fmt: skip
    if academies <= beside:
        return replace(total, absence=Absence.NOT_APPLICABLE)
    above = sum((one.numerator for one in counted if one.numerator is not None), Decimal(0))
    below = sum((one.denominator for one in counted if one.denominator is not None), Decimal(0))
    if factor is None or academies - beside != {one.academy_id for one in counted}:
        return replace(total, absence=Absence.NOT_AVAILABLE)
    if made is Made.COUNT:
        return replace(total, value=above, numerator=above)
    if below == 0:
        return replace(total, absence=Absence.NOT_APPLICABLE)
    return replace(total, value=factor * above / below, numerator=above, denominator=below)


def _factor(counted: Sequence[Figure], made: Made) -> int | None:
    """What makes values of their counts: 100 of percentages. None where nothing does, so that there is no total either."""
    if not counted:
        return None
    return next((factor for factor in (100, 1) if all(_follows(one, factor, made) for one in counted)), None)


def _follows(figure: Figure, factor: int, made: Made) -> bool:
    """Whether the value is what its counts come to, as exactly as it was recorded."""
    assert figure.value is not None
    assert figure.numerator is not None
    if made is Made.COUNT:
        return factor == 1
    exponent = figure.value.as_tuple().exponent
    slack = Decimal(1).scaleb(min(int(exponent), 0))
    return (
        bool(figure.denominator)
        and abs(factor * figure.numerator / Decimal(figure.denominator or 1) - figure.value) < slack
    )


def by_place(figures: Iterable[Figure], made: Made) -> Mapping[Place, Figure]:
    """Those that have counts."""
    return {place_of(one): one for one in figures if is_counted(one, made)}
