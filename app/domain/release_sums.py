"""What adds up among the figures of a metric: over academies, over pupil groups, and over periods that lie in one another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from app.domain.figures import Figure
from app.domain.intervals import Days
from app.domain.protection import TOTAL, Decision, Key, Protected, Relation, Table
from app.domain.protection_rates import Part, Rate, table_of_rates
from app.domain.release_figures import Made, Place, by_place, made_of

MOST_STEPS: Final = 100_000
"""How long to look for groups that add up to another, before giving up and publishing nothing."""


class TooManyGroups(Exception):
    """Whether some of the groups add up to others cannot be found out in good time."""


Counts = tuple[Decimal, Decimal]
"""Above the line and below it; of a mere count, twice the same."""


@dataclass(frozen=True)
class Sums:
    """The figures of one period that have counts, as counts by key, with everything that adds up among them."""

    metric: str
    days: Days
    made: Made
    counts: Mapping[Key, Counts]
    unpublished: frozenset[Key]
    relations: tuple[Relation, ...]

    def table(self) -> Table:
        return _table(self.counts, self.relations, self.unpublished, self.made)

    def key(self, place: Place) -> Key:
        return _key(self.metric, _spoken(self.days), place)


def sums_of(metric: str, days: Days, figures: Sequence[Figure]) -> Sums:
    """Totals over academies; all pupils as each group and everybody else, whom nobody is shown; groups that add up."""
    made = made_of(figures)
    counts: dict[Place, Counts] = {}
    for place, one in by_place(figures, made).items():
        assert one.numerator is not None
        counts[place] = (one.numerator, one.numerator if one.denominator is None else one.denominator)
    keyed = {_key(metric, _spoken(days), place): of for place, of in counts.items()}
    others, relations = _others(metric, days, counts, made)
    relations += _over_academies(metric, days, counts) + _over_groups(metric, days, counts)
    return Sums(metric, days, made, keyed | others, frozenset(others), tuple(relations))


def links(now: Sums, before: Iterable[Sums]) -> Protected | None:
    """What a period is made up of, as far as it was released: the shorter ones in it and the rest, whom nobody is shown."""
    is_count = now.made is Made.COUNT
    latest = {one.days: one for one in before if one.days != now.days and (one.made is Made.COUNT) is is_count}
    counts: dict[Key, Counts] = {}
    relations: list[Relation] = []
    for whole in (now, *latest.values()):
        inner = [one for one in (now, *latest.values()) if _lies_in(one.days, whole.days)]
        for parts in _apart(inner):
            if whole is now or any(one is now for one in parts):
                for relation, of in _made_up(whole, parts):
                    relations.append(relation)
                    counts |= of
    if not relations:
        return None
    table = _table(counts, tuple(relations), frozenset(counts), now.made)
    return Protected(table, 1, dict.fromkeys(table.counts, Decision.UNPUBLISHED))


def _table(
    counts: Mapping[Key, Counts], relations: tuple[Relation, ...], unpublished: frozenset[Key], made: Made
) -> Table:
    if made is Made.COUNT:
        return Table(
            {(*key, Part.NUMERATOR): above for key, (above, _) in counts.items()},
            tuple(_of_part(one, Part.NUMERATOR) for one in relations),
            frozenset((*key, Part.NUMERATOR) for key in unpublished),
        )
    # One reading with more above the line than below does not take the guard from the shares beside it.
    rates = {key: Rate(above, below, is_share=above <= below) for key, (above, below) in counts.items()}
    table = table_of_rates(rates, relations)
    hidden = frozenset(key for key in table.counts if key[:-1] in unpublished)
    return Table(table.counts, table.relations, table.unpublished | hidden)


def _of_part(one: Relation, part: Part) -> Relation:
    return Relation((*one.total, part), tuple((*key, part) for key in one.parts))


def _spoken(days: Days) -> str:
    return f"{days.starts_on}/{days.ends_on}"


def _key(metric: str, period: str, place: Place, *, others: bool = False) -> Key:
    academy, group = place
    of = "all pupils" if group is None else f"all but {group}" if others else str(group)
    return metric, period, TOTAL if academy is None else str(academy), of


def _others(
    metric: str, days: Days, counts: Mapping[Place, Counts], made: Made
) -> tuple[dict[Key, Counts], list[Relation]]:
    """Those who are not in a group, wherever the group is a part of all pupils at all."""
    others: dict[Key, Counts] = {}
    relations = []
    for place in counts:
        whole = (place[0], None)
        rest = _less(counts[whole], [counts[place]], made) if place[1] is not None and whole in counts else None
        if rest is not None:
            key = _key(metric, _spoken(days), place, others=True)
            others[key] = rest
            relations.append(Relation(_key(metric, _spoken(days), whole), (_key(metric, _spoken(days), place), key)))
    return others, relations


def _over_academies(metric: str, days: Days, counts: Mapping[Place, Counts]) -> list[Relation]:
    return [
        Relation(
            _key(metric, _spoken(days), total),
            tuple(_key(metric, _spoken(days), one) for one in counts if one[0] is not None and one[1] == total[1]),
        )
        for total in counts
        if total[0] is None
    ]


def _over_groups(metric: str, days: Days, counts: Mapping[Place, Counts]) -> list[Relation]:
    """Groups that add up to another, or to all pupils, at every academy: wherever they do, readers may know it."""
    places = sorted({place[0] for place in counts}, key=str)
    return [
        Relation(
            _key(metric, _spoken(days), (academy, whole)),
            tuple(_key(metric, _spoken(days), (academy, one)) for one in parts if (academy, one) in counts),
        )
        for whole, parts in _adding_up(counts)
        for academy in places
        if (academy, whole) in counts
        and _sum(counts[academy, one] for one in parts if (academy, one) in counts) == counts[academy, whole]
    ]


def _adding_up(counts: Mapping[Place, Counts]) -> Iterator[tuple[UUID | None, tuple[UUID | None, ...]]]:
    groups = sorted({group for _, group in counts}, key=str)
    academies = sorted({academy for academy, _ in counts if academy is not None}, key=str)
    complete = [one for one in academies if all((one, group) in counts for group in groups)] or academies
    nothing = (Decimal(0), Decimal(0))
    sizes = {group: [n for one in complete for n in counts.get((one, group), nothing)] for group in groups}
    steps = _Steps(MOST_STEPS)
    for whole in groups:
        parts = [
            one for one in groups if one not in (whole, None) and any(sizes[one]) and _fits(sizes[one], sizes[whole])
        ]
        parts.sort(key=lambda one: (-sum(sizes[one]), str(one)))
        for found in _subsets(parts, sizes, sizes[whole], steps):
            if len(found) > 1:
                yield whole, found


@dataclass
class _Steps:
    left: int

    def take(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooManyGroups


def _subsets(
    parts: Sequence[UUID | None], sizes: Mapping[UUID | None, list[Decimal]], left: list[Decimal], steps: _Steps
) -> Iterator[tuple[UUID | None, ...]]:
    """Every choice of the parts that comes to what is left."""
    steps.take()
    if not any(left):
        yield ()
        return
    within = [one for one in parts if _fits(sizes[one], left)]
    if not all(
        sum(column) >= most
        for column, most in zip(zip(*(sizes[one] for one in within), strict=True), left, strict=False)
    ):
        return
    for place, one in enumerate(within):
        rest = [most - size for most, size in zip(left, sizes[one], strict=True)]
        for found in _subsets(within[place + 1 :], sizes, rest, steps):
            yield (one, *found)


def _fits(size: Sequence[Decimal], left: Sequence[Decimal]) -> bool:
    return all(one <= most for one, most in zip(size, left, strict=True))


def _made_up(whole: Sums, parts: Sequence[Sums]) -> Iterator[tuple[Relation, dict[Key, Counts]]]:
    """A figure of a longer period as those of shorter ones in it and the rest, if it is what they add up to."""
    for key, total in whole.counts.items():
        of = {(key[0], _spoken(one.days), *key[2:]): one for one in parts}
        inner = {at: one.counts[at] for at, one in of.items() if at in one.counts}
        rest = _less(total, list(inner.values()), whole.made) if inner else None
        if rest is None:
            continue
        beside = (
            {(key[0], f"{key[1]} but {' and '.join(sorted(at[1] for at in inner))}", *key[2:]): rest}
            if any(rest)
            else {}
        )
        yield Relation(key, (*inner, *beside)), {key: total, **inner, **beside}


def _apart(inner: Sequence[Sums]) -> list[list[Sums]]:
    """Sets of periods that have no day in common: each alone, and the longest row of them that there is."""
    row: list[Sums] = []
    for one in sorted(inner, key=lambda sums: (sums.days.ends_on, sums.days.starts_on)):
        if not row or one.days.starts_on > row[-1].days.ends_on:
            row.append(one)
    return [[one] for one in inner] + ([row] if len(row) > 1 else [])


def _lies_in(inner: Days, outer: Days) -> bool:
    return inner != outer and outer.starts_on <= inner.starts_on and inner.ends_on <= outer.ends_on


def _less(whole: Counts, parts: Sequence[Counts], made: Made) -> Counts | None:
    """What is left of the whole; None where the parts cannot be parts of it."""
    above, below = _sum(parts)
    rest = (whole[0] - above, whole[1] - below)
    is_possible = min(rest) >= 0 and (made is not Made.SHARE or rest[0] <= rest[1])
    return rest if is_possible else None


def _sum(counts: Iterable[Counts]) -> Counts:
    every = list(counts)
    return sum((one[0] for one in every), Decimal(0)), sum((one[1] for one in every), Decimal(0))
