"""A reader of published tables who has a solver and wants to know the numbers that were hidden; and tables to try it on."""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import highspy

from app.domain.protection import TOTAL, Key, Protected, Symbol, Table, margins

NO_MORE: Final = 1_000_000
"""More than any count is. A program without bounds makes the solver lose its way on some tables."""


@dataclass(frozen=True)
class Print:
    """A table as printed: a number, `c` for a hidden one that is not 0, None for what was not printed at all."""

    cells: Mapping[Key, int | str | None]
    sums: Sequence[tuple[Key, Sequence[Key]]]


def printed(protected: Protected) -> Print:
    table = protected.table
    shown = {key: protected.shown(key) for key in table.numbers()}
    if protected.withheld_because is not None:
        return Print({}, [])
    return Print(
        {
            key: "c" if value is Symbol.CONFIDENTIAL else None if value is None else int(value)
            for key, value in shown.items()
        },
        [(one.total, [key for key in one.parts if key in shown]) for one in table.relations if one.total in shown],
    )


def with_small_counts_hidden(table: Table, smallest_shown: int = 6) -> Print:
    """As printed by somebody who hides the small counts and nothing else."""
    cells = {
        key: None if key in table.unpublished else "c" if 0 < count < smallest_shown else count
        for key, count in table.numbers().items()
    }
    return Print(cells, [(one.total, one.parts) for one in table.relations])


def worked_out(
    prints: Sequence[Print], wanted: Iterable[tuple[int, Key]], unchanged: Iterable[tuple[int, int, Key]] = ()
) -> set[tuple[int, Key]]:
    """The wanted cells, each the number of its print and a key, that only one whole number is left for.

    One variable for each cell of each print between the bounds that its print sets; `unchanged` are cells that two prints
    have alike. Every wanted one is made as small and as large as it can be.
    """
    columns = {(number, key): place for place, (number, key) in enumerate(
        (number, key) for number, one in enumerate(prints) for key in one.cells)}  # fmt: skip
    solver = highspy.Highs()
    solver.silent()
    for number, key in columns:
        cell = prints[number].cells[key]
        low, high = (cell, cell) if isinstance(cell, int) else (int(cell is not None), NO_MORE)
        solver.addVar(float(low), float(high))
    for number, one in enumerate(prints):
        for total, parts in one.sums:
            places = [columns[number, key] for key in (total, *parts)]
            solver.addRow(0.0, 0.0, len(places), places, [1.0] + [-1.0] * len(parts))
    for first, second, key in unchanged:
        if (first, key) in columns and (second, key) in columns:
            solver.addRow(0.0, 0.0, 2, [columns[first, key], columns[second, key]], [1.0, -1.0])
    found = set()
    for cell in wanted:
        if cell in columns and _extreme(solver, columns[cell], -1) - _extreme(solver, columns[cell], 1) < 1:
            found.add(cell)
    return found


def _extreme(solver: highspy.Highs, column: int, sign: int) -> float:
    """The least whole number that the cell can be (sign 1), or the greatest (sign -1)."""
    solver.changeColCost(column, float(sign))
    solver.run()
    status = solver.getModelStatus()
    value = solver.getSolution().col_value[column]
    solver.changeColCost(column, 0.0)
    assert status == highspy.HighsModelStatus.kOptimal, f"the attacker's program is {status}"
    return math.ceil(value - 1e-6) if sign > 0 else math.floor(value + 1e-6)


def random_table(drawn: random.Random, *sizes: int) -> Table:
    """Of that many values in each dimension, with every margin; counts as they are in schools, many of them small."""
    keys: list[Key] = [()]
    for size in sizes:
        keys = [(*key, f"v{value}") for key in keys for value in range(size)]
    return with_margins({key: _count(drawn) for key in keys})


def restated(drawn: random.Random, table: Table) -> Table:
    """The same table with every fourth of its counts somewhat different, and the margins with them."""
    inner = {key: count for key, count in table.numbers().items() if TOTAL not in key}
    moved = {
        key: max(0, count + drawn.randint(-2, 3)) if drawn.random() < 0.25 else count for key, count in inner.items()
    }
    return with_margins(moved)


def with_margins(inner: Mapping[Key, int]) -> Table:
    counts: dict[Key, int] = {}
    for key, count in inner.items():
        for mask in range(1 << len(key)):
            at = tuple(TOTAL if mask >> place & 1 else value for place, value in enumerate(key))
            counts[at] = counts.get(at, 0) + count
    return Table(counts, margins(counts))


def small(table: Table, smallest_shown: int = 6) -> set[Key]:
    return {key for key, count in table.numbers().items() if 0 < count < smallest_shown}


def alike(one: Table, other: Table) -> set[Key]:
    return {key for key, count in one.numbers().items() if other.numbers().get(key) == count}


def _count(drawn: random.Random) -> int:
    return drawn.choice([0, drawn.randint(1, 9), drawn.randint(0, 40), drawn.randint(10, 200)])
