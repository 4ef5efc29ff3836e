"""Ranges of numbers with open and closed ends, and what a set of them leaves out or claims twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, TypeAlias

from app.domain.vocabulary import Comparator

_INFINITY: Final = Decimal("Infinity")
_BEFORE, _AT, _AFTER = -1, 0, 1
Cut: TypeAlias = tuple[Decimal, int]
"""A place between numbers: just before a number, or just after it. Ranges run from one cut to another."""


@dataclass(frozen=True)
class Range:
    """From `lo` to `hi`; None is without end. Whether an end is itself within is said of each."""

    lo: Decimal | None = None
    lo_included: bool = False
    hi: Decimal | None = None
    hi_included: bool = False

    @property
    def start(self) -> Cut:
        if self.lo is None:
            return (-_INFINITY, _BEFORE)
        return (self.lo, _BEFORE if self.lo_included else _AFTER)

    @property
    def end(self) -> Cut:
        if self.hi is None:
            return (_INFINITY, _AFTER)
        return (self.hi, _AFTER if self.hi_included else _BEFORE)

    def holds(self, value: Decimal) -> bool:
        return self.start < (value, _AT) < self.end

    @property
    def is_empty(self) -> bool:
        return self.start >= self.end

    def __str__(self) -> str:
        """As a person would say it: "27 to under 28", "exactly 10", "above 0.25"."""
        lo, hi = _plain(self.lo), _plain(self.hi)
        if self.lo is None or self.hi is None:
            return self._one_sided(lo, hi)
        if self.lo == self.hi:
            return f"exactly {lo}"
        return f"{'' if self.lo_included else 'above '}{lo} to {'' if self.hi_included else 'under '}{hi}"

    def _one_sided(self, lo: str, hi: str) -> str:
        if self.lo is None and self.hi is None:
            return "any value"
        if self.lo is None:
            return f"{hi} or below" if self.hi_included else f"below {hi}"
        return f"{lo} or above" if self.lo_included else f"above {lo}"


EVERY_VALUE: Final = Range()


@dataclass(frozen=True)
class Overlap:
    """Values that several of the ranges hold; `of` are their places in the set."""

    range: Range
    of: tuple[int, ...]


def range_of(comparator: Comparator, value: Decimal) -> Range:
    """The values that satisfy a printed comparison."""
    match comparator:
        case Comparator.ABOVE:
            return Range(lo=value)
        case Comparator.AT_LEAST:
            return Range(lo=value, lo_included=True)
        case Comparator.BELOW:
            return Range(hi=value)
        case Comparator.AT_MOST:
            return Range(hi=value, hi_included=True)
        case Comparator.EQUAL:
            return Range(value, True, value, True)


def gaps(ranges: Sequence[Range], *, within: Range = Range()) -> list[Range]:
    """What of `within` none of the ranges holds, from low to high."""
    return [_between(start, end) for start, end, of in _pieces(ranges, within) if not of]


def overlaps(ranges: Sequence[Range], *, within: Range = Range()) -> list[Overlap]:
    """What of `within` more than one of the ranges holds, from low to high, each stretch with those that hold it."""
    return [Overlap(_between(start, end), of) for start, end, of in _pieces(ranges, within) if len(of) > 1]


def partition(ranges: Sequence[Range]) -> list[tuple[Range, tuple[int, ...]]]:
    """Every number, cut wherever other ranges hold it: each stretch from low to high, with the places of those that do."""
    return [(_between(start, end), of) for start, end, of in _pieces(ranges, EVERY_VALUE)]


def _pieces(ranges: Sequence[Range], within: Range) -> list[tuple[Cut, Cut, tuple[int, ...]]]:
    """`within` cut at every end of every range; neighbours that the same ranges hold are joined."""
    if within.is_empty:
        return []
    cuts = {cut for one in ranges for cut in (one.start, one.end) if within.start < cut < within.end}
    found: list[tuple[Cut, Cut, tuple[int, ...]]] = []
    for start, end in pairwise(sorted({*cuts, within.start, within.end})):
        of = tuple(place for place, one in enumerate(ranges) if one.start <= start and end <= one.end)
        begun = found.pop()[0] if found and found[-1][2] == of else start
        found.append((begun, end, of))
    return found


def _between(start: Cut, end: Cut) -> Range:
    (lo, lo_side), (hi, hi_side) = start, end
    return Range(
        None if lo == -_INFINITY else lo,
        lo != -_INFINITY and lo_side == _BEFORE,
        None if hi == _INFINITY else hi,
        hi != _INFINITY and hi_side == _AFTER,
    )


def _plain(number: Decimal | None) -> str:
    """Without trailing zeros or an exponent."""
    return "" if number is None else f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
