"""Rates as the counts that they are made of, so that small-number protection covers what a percentage gives away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.protection import Count, Key, Protected, Relation, Symbol, Table


class Part(StrEnum):
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    COMPLEMENT = "complement"


@dataclass(frozen=True)
class Rate:
    """`is_share`: the numerator counts some of those whom the denominator counts, as a percentage of pupils does."""

    numerator: Count
    denominator: Count
    is_share: bool = True


def table_of_rates(rates: Mapping[Key, Rate | Symbol], relations: tuple[Relation, ...] = ()) -> Table:
    """Two counts for each rate, and for a share a third that nobody is shown: those in the denominator alone.

    The third is guarded like the others, for 97 of 98 tells of the one what 1 of 98 would. So a share is hidden too when its
    denominator less its numerator is a small count. `relations` are those among the rates' keys, and hold for each count.
    """
    counts = {key: count for at, rate in rates.items() for key, count in _counts(at, rate)}
    complements = frozenset(key for key in counts if key[-1] == Part.COMPLEMENT)
    each = [
        Relation((*one.total, part), tuple((*key, part) for key in one.parts if (*key, part) in counts))
        for one in relations
        for part in Part
        if (*one.total, part) in counts
    ]
    wholes = [
        Relation((*key[:-1], Part.DENOMINATOR), ((*key[:-1], Part.NUMERATOR), key)) for key in sorted(complements)
    ]
    return Table(counts, (*each, *wholes), complements)


def shown_rate(protected: Protected, key: Key) -> Symbol | None:
    """The symbol in place of the rate; None where it may be printed, which is where both its counts may."""
    parts = [protected.shown((*key, part)) for part in (Part.NUMERATOR, Part.DENOMINATOR)]
    return next((part for part in parts if isinstance(part, Symbol)), None)


def _counts(key: Key, rate: Rate | Symbol) -> Iterator[tuple[Key, Count | Symbol]]:
    if isinstance(rate, Symbol):
        yield from (((*key, part), rate) for part in (Part.NUMERATOR, Part.DENOMINATOR))
        return
    yield (*key, Part.NUMERATOR), rate.numerator
    yield (*key, Part.DENOMINATOR), rate.denominator
    if rate.is_share:
        yield (*key, Part.COMPLEMENT), rate.denominator - rate.numerator
