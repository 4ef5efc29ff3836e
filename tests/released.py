"""A made-up trust whose figures are released, and what somebody with a solver works out of them."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.protection import Key
from tests.attacker import Print, worked_out

ACADEMIES = ("ASH", "ELM", "FIR", "OAK")
PARTITION = ("girls", "boys")
GROUPS = (*PARTITION, "send")
PARTS = ("numerator", "denominator", "rest")

Place = tuple[str | None, str | None]
Counts = tuple[int, int]
Truth = Mapping[Place, Counts]
"""By codes of academy (None: the trust) and group (None: all pupils): how many of how many."""


@dataclass(frozen=True)
class Row:
    """A figure as anybody reads it: its counts, or none of them where a symbol stands."""

    academy: str | None
    group: str | None
    numerator: int | None
    denominator: int | None


def a_trust(drawn: random.Random) -> dict[Place, Counts]:
    """Girls and boys are all pupils; a few of either have special needs. Many counts are small."""
    made: dict[Place, Counts] = {}
    for academy in ACADEMIES:
        sizes = [drawn.choice([drawn.randint(2, 12), drawn.randint(10, 60)]) for _ in PARTITION]
        for group, size in zip(PARTITION, sizes, strict=True):
            made[academy, group] = (drawn.choice([drawn.randint(0, min(9, size)), drawn.randint(0, size)]), size)
        above, below = (sum(made[academy, group][part] for group in PARTITION) for part in (0, 1))
        made[academy, None] = (above, below)
        of_send = drawn.randint(0, above)
        made[academy, "send"] = (of_send, of_send + drawn.randint(0, below - above))
    return made


def restated(drawn: random.Random, truth: Truth) -> dict[Place, Counts]:
    """One of the academies sent two of its figures anew: a girl more, above the line and below."""
    academy = drawn.choice(ACADEMIES)
    more = {(academy, "girls"), (academy, None)}
    return {
        place: (above + 1, below + 1) if place in more else (above, below) for place, (above, below) in truth.items()
    }


def a_part(drawn: random.Random, truth: Truth) -> dict[Place, Counts]:
    """The same in a shorter period: nearly as many of everybody, and never more."""
    short: dict[Place, Counts] = {}
    for academy in ACADEMIES:
        for group in PARTITION:
            above, below = truth[academy, group]
            fewer, others = drawn.randint(0, min(4, above)), drawn.randint(0, min(2, below - above))
            short[academy, group] = (above - fewer, below - fewer - others)
        short[academy, None] = tuple(sum(short[academy, group][part] for group in PARTITION) for part in (0, 1))  # type: ignore[assignment]  # two
    return short


def with_totals(truth: Truth) -> dict[Place, Counts]:
    groups = sorted({group for _, group in truth}, key=str)
    totals = {
        (None, group): tuple(sum(of[part] for (_, one), of in truth.items() if one == group) for part in (0, 1))
        for group in groups
    }
    return {**truth, **totals}  # type: ignore[dict-item]  # two


def found_out(releases: Sequence[tuple[Iterable[Row], Truth, int]], *, smallest_shown: int = 6) -> set[Key]:
    """The small counts of releases (rows, the truth behind them, number of their period) that can be worked out.

    The attacker knows which figures stayed the same, that a shorter period (a higher number) lies in the longer ones,
    that girls and boys are everybody, and that each group is a part of all pupils.
    """
    cells: dict[Key, int | str | None] = {}
    sums: list[tuple[Key, Sequence[Key]]] = []
    true: dict[Key, int] = {}
    every = [with_totals(truth) for _, truth, _ in releases]
    for number, (rows, _, _) in enumerate(releases):
        cells |= _cells(str(number), rows, sums, every[number], true)
    for number, (_, _, period) in enumerate(releases):
        for later in range(number + 1, len(releases)):
            sums += _between(str(number), str(later), true, cells, is_same=period == releases[later][2])
    wanted = [(0, key) for key, count in true.items() if 0 < count < smallest_shown and key in cells]
    assert wanted
    return {key for _, key in worked_out([Print(cells, sums)], wanted)}


def _cells(
    number: str, rows: Iterable[Row], sums: list[tuple[Key, Sequence[Key]]], truth: Truth, true: dict[Key, int]
) -> dict[Key, int | str | None]:
    cells: dict[Key, int | str | None] = {}
    places = []
    for row in rows:
        place = (row.academy, row.group)
        places.append(place)
        _add(cells, true, number, str(row.academy), str(row.group), (row.numerator, row.denominator), truth[place])
    for academy, group in places:
        if group is not None and (academy, None) in places:
            whole, part = truth[academy, None], truth[academy, group]
            rest = (whole[0] - part[0], whole[1] - part[1])
            _add(cells, true, number, str(academy), f"not {group}", (None, None), rest)
    for academy, group in places:
        sums += _sums(number, academy, group, places)
    for key in [key for key in cells if key[-1] == "denominator"]:
        sums.append((key, [(*key[:-1], "numerator"), (*key[:-1], "rest")]))
    return cells


def _add(
    cells: dict[Key, int | str | None], true: dict[Key, int], number: str, academy: str, group: str,
    shown: tuple[int | None, int | None], counts: Counts,
) -> None:  # fmt: skip
    above, below = shown
    rest = below - above if above is not None and below is not None else None
    for part, cell, count in zip(PARTS, (above, below, rest), (*counts, counts[1] - counts[0]), strict=True):
        cells[number, academy, group, part] = cell
        true[number, academy, group, part] = count


def _sums(
    number: str, academy: str | None, group: str | None, places: Sequence[Place]
) -> Iterator[tuple[Key, Sequence[Key]]]:
    for part in PARTS:
        here: Key = (number, str(academy), str(group), part)
        if academy is None:
            yield here, [(number, str(one), str(group), part) for one, of in places if one is not None and of == group]
        if group is not None and (academy, None) in places:
            yield (number, str(academy), "None", part), [here, (number, str(academy), f"not {group}", part)]
        if group is None and all((academy, one) in places for one in PARTITION):
            yield here, [(number, str(academy), one, part) for one in PARTITION]


def _between(
    number: str, later: str, true: dict[Key, int], cells: dict[Key, int | str | None], *, is_same: bool
) -> Iterator[tuple[Key, Sequence[Key]]]:
    """Figures that stayed the same; or a longer period as the shorter one and what is left of it."""
    for key in [key for key in cells if key[0] == number and (later, *key[1:]) in cells]:
        other = (later, *key[1:])
        if is_same and true[key] == true[other]:
            yield key, [other]
        elif not is_same and _can_be_left(true, key, other):
            left = (f"{number} but {later}", *key[1:])
            cells[left], true[left] = None, true[key] - true[other]
            yield key, [other, left]


def _can_be_left(true: Mapping[Key, int], key: Key, other: Key) -> bool:
    return all(true[(*key[:-1], part)] >= true[(*other[:-1], part)] for part in PARTS)
