"""Small-number protection: which cells of a table of counts may be published, and which would give somebody away."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from app.domain.errors import Invalid
from app.domain.protection_audit import Attack, Puzzle

Key = tuple[str, ...]
Count = int | Decimal

TOTAL = "*"
"""Stands in a key for all values of that dimension together."""
SMALLEST_SHOWN = 6
SMALLEST_SHOWN_OF_ABSENCE = 3
"""Absence and exclusion statistics hide counts of 1 and 2 only."""


class Symbol(StrEnum):
    """What stands where a number does not, as official statistics write it in August 2026.

    The meanings are dated: `x` meant suppressed until it came to mean unavailable.
    """

    CONFIDENTIAL = "c"
    UNAVAILABLE = "x"
    NOT_APPLICABLE = "z"
    LOW = "low"


class Decision(StrEnum):
    """What becomes of a cell. Readers see one symbol for the first three kinds of hiding, or they could tell them apart."""

    SHOWN = "shown"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    WITHHELD = "withheld"
    UNPUBLISHED = "unpublished"
    MISSING = "missing"


@dataclass(frozen=True)
class Relation:
    """The parts add up to the total."""

    total: Key
    parts: tuple[Key, ...]


@dataclass(frozen=True)
class Table:
    """Counts of people or sessions, or why there is none. The keys of tables that are released say measure and period too.

    Nobody is shown an `unpublished` cell, but relations may give it away; it is guarded like any other. A relation with a
    missing cell counts as if readers knew what is missing: that guards too much rather than too little.
    """

    counts: Mapping[Key, Count | Symbol]
    relations: tuple[Relation, ...] = ()
    unpublished: frozenset[Key] = frozenset()

    def __post_init__(self) -> None:
        for key, count in self.counts.items():
            if not isinstance(count, Symbol) and (count < 0 or count != int(count)):
                raise Invalid(f"{_spoken(key)} counts {count}. Only whole numbers from 0 can be protected.")
        named = {key for one in self.relations for key in (one.total, *one.parts)} | self.unpublished
        if absent := named - self.counts.keys():
            raise Invalid(f"The table has no cell {_spoken(min(absent))}. Add it, or leave it out of the sum.")

    def numbers(self) -> dict[Key, int]:
        return {key: int(count) for key, count in self.counts.items() if not isinstance(count, Symbol)}


@dataclass(frozen=True)
class Protected:
    """A table as it may be published. Kept whole, so that later releases are guarded against differencing from it."""

    table: Table
    smallest_shown: int
    decisions: Mapping[Key, Decision]
    withheld_because: str | None = None

    def shown(self, key: Key) -> Count | Symbol | None:
        """The count or the symbol in its place; None for what is not published at all."""
        decision = self.decisions[key]
        if decision is Decision.UNPUBLISHED:
            return None
        return self.table.counts[key] if decision in {Decision.SHOWN, Decision.MISSING} else Symbol.CONFIDENTIAL

    def rule(self, key: Key) -> str:
        return f"protection.{self.decisions[key]}"


def margins(keys: Collection[Key]) -> tuple[Relation, ...]:
    """The sums that total markers in keys stand for: over each dimension, of the cells that differ in it alone."""
    parts: dict[tuple[int, Key], list[Key]] = defaultdict(list)
    for key in sorted(keys):
        for place, value in enumerate(key):
            if value != TOTAL:
                parts[place, (*key[:place], TOTAL, *key[place + 1 :])].append(key)
    return tuple(Relation(total, tuple(of)) for (_, total), of in sorted(parts.items()) if total in keys)


def protect(table: Table, *, smallest_shown: int = SMALLEST_SHOWN, released: Sequence[Protected] = ()) -> Protected:
    """Hide every count from 1 to below `smallest_shown`, and what else is needed so that none of these can be worked out.

    Worked out means: from all that is shown here and in the tables released before, and from the sums, only one whole number
    is left for it. A true 0 is shown. A count that was restated since an earlier release is another cell than it was then.
    The same input gives the same answer.
    """
    cells, puzzle = _puzzle(table, smallest_shown, [one for one in released if one.withheld_because is None])
    hidden = Attack(puzzle).hide()
    if isinstance(hidden, int):
        return _withheld(table, smallest_shown, cells[hidden].key)
    also_hidden = {cells[place].key for place in hidden}
    numbers = table.numbers()

    def decide(key: Key) -> Decision:
        if key not in numbers:
            return Decision.MISSING
        if key in table.unpublished:
            return Decision.UNPUBLISHED
        if 0 < numbers[key] < smallest_shown:
            return Decision.PRIMARY
        return Decision.SECONDARY if key in also_hidden else Decision.SHOWN

    return Protected(table, smallest_shown, {key: decide(key) for key in table.counts})


def _withheld(table: Table, smallest_shown: int, key: Key) -> Protected:
    kept = {one: Decision.UNPUBLISHED if one in table.unpublished else Decision.WITHHELD for one in table.numbers()}
    because = (
        f"This table cannot be published: whatever else is hidden in it, the count of {_spoken(key)} could be worked out from"
        " the sums, or from what was published before. Join small groups, or leave them out."
    )
    return Protected(table, smallest_shown, dict.fromkeys(table.counts, Decision.MISSING) | kept, because)


class _Cell(NamedTuple):
    key: Key
    number: int


def _puzzle(table: Table, smallest_shown: int, released: Sequence[Protected]) -> tuple[list[_Cell], Puzzle]:
    """All the tables as one puzzle, in which what was shown once is known, and so is every 0 in print."""
    tables = [*(one.table for one in released), table]
    ours, everywhere = _cells(table), {cell for one in tables for cell in _cells(one)}
    printed = {cell for one in tables for cell in _cells(one) if cell.key not in one.unpublished}
    known = {cell for one in released for cell in _cells(one.table) if one.decisions[cell.key] is Decision.SHOWN}
    known |= {cell for cell in printed if cell.number == 0}
    small = {cell for cell in everywhere if 0 < cell.number < smallest_shown}
    # A small count of another table that was shown under another rule is out, and nothing in this table brings it back.
    sensitive = small - (known - ours)
    offered = (ours & printed) - small - known
    cells = sorted(everywhere)
    place = {cell: number for number, cell in enumerate(cells)}
    puzzle = Puzzle(
        counts=tuple(cell.number for cell in cells),
        least=tuple(int(cell in printed) for cell in cells),
        sums=tuple(_sums(tables, place)),
        known=frozenset(place[cell] for cell in known),
        sensitive=tuple(sorted(place[cell] for cell in sensitive)),
        prices={place[cell]: 1 + cell.number.bit_length() for cell in sorted(offered)},
    )
    return cells, puzzle


def _cells(table: Table) -> set[_Cell]:
    return {_Cell(key, count) for key, count in table.numbers().items()}


def _sums(tables: Sequence[Table], place: Mapping[_Cell, int]) -> Iterator[Mapping[int, int]]:
    """Every sum as its cells with their signs, as far as there are counts of them."""
    for table in tables:
        cell = {key: place[_Cell(key, count)] for key, count in table.numbers().items()}
        for one in table.relations:
            signs = {cell[part]: 1 for part in one.parts if part in cell}
            yield signs | ({cell[one.total]: -1} if one.total in cell else {})


def _spoken(key: Key) -> str:
    return " / ".join("all" if value == TOTAL else value for value in key)
