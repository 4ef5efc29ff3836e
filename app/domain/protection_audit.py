"""What a reader with a solver could work out of a table with hidden cells, and which more to hide so that it is not enough.

The solver is HiGHS by way of highspy: 5 MB beside NumPy's 17, from the solver's authors, typed, and it changes a program it
has solved already. SciPy carries the same solver in another 35 MB.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

NOTICEABLE = 1e-6
"""Ten times what the solver takes for equal."""

Moves = Mapping[int, float]
"""How far cells are from their counts in another table that would be printed just the same."""


@dataclass(frozen=True)
class Puzzle:
    """Cells by number. A sum is its cells with their signs, which cancel. What is neither known nor priced is hidden."""

    counts: tuple[int, ...]
    least: tuple[int, ...]
    sums: tuple[Mapping[int, int], ...]
    known: frozenset[int]
    sensitive: tuple[int, ...]
    prices: Mapping[int, int]


class Attack:
    """A linear program over all tables that would be printed just the same.

    A cell is safe while it is one more, or one less, in one of them: then readers are left with two whole numbers at least.
    No hidden cell may be below the least that readers know it to be: 1 where it is printed as hidden, since a true 0 is
    shown. The other cells may be fractions; in tables of two dimensions that changes nothing.
    """

    def __init__(self, puzzle: Puzzle) -> None:
        self._puzzle = puzzle
        self._program = _Program(puzzle)
        self._witnesses: dict[int, Moves] = {}

    def hide(self) -> frozenset[int] | int:
        """The cells to hide beside those hidden already, or else a cell that no hiding makes safe."""
        hidden: set[int] = set()
        for cell in self._puzzle.sensitive:
            if not self._witness(cell):
                return cell
            more = self._witnesses[cell].keys() & self._puzzle.prices.keys()
            self._program.price(dict.fromkeys(more, 0))
            hidden |= more
        self._program.fix(self._puzzle.prices.keys() - hidden)
        self._show_the_needless(hidden)
        exposed = _exposed(self._puzzle, hidden)
        return frozenset(hidden) if exposed is None else exposed

    def _show_the_needless(self, hidden: set[int]) -> None:
        """Dearest first. Only cells whose witness moved the one to be shown need another witness."""
        for cell in sorted(hidden, key=lambda one: (-self._puzzle.prices[one], one)):
            before = dict(self._witnesses)
            self._program.fix({cell})
            self._witnesses = {one: moves for one, moves in before.items() if cell not in moves}
            if all(self._witness(one) for one in self._puzzle.sensitive):
                hidden.remove(cell)
            else:
                self._witnesses = before
                self._program.free({cell})

    def _witness(self, cell: int) -> bool:
        """Whether the cell is safe; what shows it is kept, for every cell that it shows to be safe."""
        if cell not in self._witnesses and (moves := self._program.otherwise(cell)):
            self._witnesses |= dict.fromkeys((one for one, by in moves.items() if abs(by) > 1 - NOTICEABLE), moves)
        return cell in self._witnesses


def _exposed(puzzle: Puzzle, hidden: Collection[int]) -> int | None:
    """A sensitive cell that can be worked out, found by a program that knows nothing of how the cells were chosen."""
    audit = _Program(puzzle)
    audit.fix(puzzle.prices.keys() - hidden)
    return next((cell for cell in puzzle.sensitive if not audit.otherwise(cell)), None)


class _Program:
    """The linear program. Each cell has two columns, how far up and how far down, so that either has its price."""

    def __init__(self, puzzle: Puzzle) -> None:
        import highspy  # noqa: PLC0415  0.1 s and 21 MB that only a publication needs

        self._puzzle, self._size = puzzle, len(puzzle.counts)
        self._solved, self._infinity = highspy.HighsModelStatus.kOptimal, highspy.kHighsInf
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]  # its makers left the return type out
        self._highs.silent()
        self._highs.setOptionValue("threads", 1)  # the same input, the same answer
        nothing = [0.0] * (2 * self._size)
        self._highs.addCols(2 * self._size, nothing, nothing, nothing, 0, [], [], [])
        for signs in puzzle.sums:
            columns = [*signs, *(self._size + one for one in signs)]
            values = [float(sign) for sign in signs.values()]
            self._highs.addRow(0.0, 0.0, len(columns), columns, values + [-value for value in values])
        self.free(set(range(self._size)) - puzzle.known)
        self.price(puzzle.prices)

    def otherwise(self, cell: int) -> Moves:
        """The cheapest moves that make the cell one more, or else one less; empty where there are none."""
        for up, down in ((1.0, 0.0), (0.0, 1.0)):
            if cell in self._puzzle.known or down > self._room(cell):
                continue
            self._bound({cell: (up, down)}, is_exact=True)
            self._highs.run()
            values = self._highs.getSolution().col_value if self._highs.getModelStatus() == self._solved else None
            self.free({cell})
            if values is not None:
                moves = {one: values[one] - values[self._size + one] for one in range(self._size)}
                return {one: by for one, by in moves.items() if abs(by) > NOTICEABLE}
        return {}

    def free(self, cells: Collection[int]) -> None:
        self._bound({cell: (self._infinity, self._room(cell)) for cell in cells})

    def fix(self, cells: Collection[int]) -> None:
        self._bound(dict.fromkeys(cells, (0.0, 0.0)))

    def price(self, prices: Mapping[int, int]) -> None:
        columns = sorted(prices) + [self._size + one for one in sorted(prices)]
        costs = [float(prices[one]) for one in sorted(prices)]
        self._highs.changeColsCost(len(columns), columns, costs * 2)

    def _room(self, cell: int) -> float:
        return float(self._puzzle.counts[cell] - self._puzzle.least[cell])

    def _bound(self, reach: Mapping[int, tuple[float, float]], *, is_exact: bool = False) -> None:
        cells = sorted(reach)
        columns = cells + [self._size + one for one in cells]
        most = [reach[one][0] for one in cells] + [reach[one][1] for one in cells]
        self._highs.changeColsBounds(len(columns), columns, most if is_exact else [0.0] * len(columns), most)
