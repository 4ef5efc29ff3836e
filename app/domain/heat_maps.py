"""The heat map of assurance: academies by terms by lines, counted by level. Levels have an order, and never an average (C5)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

RULE: Final = "assurance.counts_per_level"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One line of one academy in one term; without a level nobody has rated it."""

    academy_id: UUID
    term_id: UUID
    line_id: UUID
    level: str | None = None


@dataclass(frozen=True, kw_only=True)
class CellCount:
    """How complete a part of the map is, and how many cells have each level."""

    cells: int
    rated: int
    by_level: Mapping[str, int]

    @property
    def unrated(self) -> int:
        return self.cells - self.rated


def count_cells(cells: Iterable[Cell], levels: Iterable[str]) -> CellCount:
    """Every level of the framework is told, also where no cell has it."""
    found = Counter(cell.level for cell in cells)
    by_level = {code: found[code] for code in levels}
    return CellCount(cells=found.total(), rated=found.total() - found[None], by_level=by_level)


def count_by(cells: Iterable[Cell], part: str, levels: Iterable[str]) -> dict[UUID, CellCount]:
    """The same for each academy, term or line: `part` names the member of a cell that tells them apart."""
    codes = list(levels)
    parts: dict[UUID, list[Cell]] = {}
    for cell in cells:
        parts.setdefault(getattr(cell, part), []).append(cell)
    return {key: count_cells(of, codes) for key, of in parts.items()}
