"""Series: the readings of one metric and group over time, in lines that end where the series breaks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from app.domain.figures import Figure
from app.domain.measure_vocabulary import BreakKind, OfficialScope

LINES_END_AT_BREAKS: Final = "series.lines_end_at_hard_breaks"
GRAIN_OF_FIGURE_TO_USE: Final = "series.grain_of_figure_to_use"
GRAIN_ASKED_FOR: Final = "series.grain_asked_for"


@dataclass(frozen=True, order=True)
class Break:
    """The first day of a new series, and what changed."""

    on: date
    kind: BreakKind
    label: str


def lines(figures: Sequence[Figure], breaks: Iterable[Break]) -> list[list[Figure]]:
    """Figures of one grain, oldest first, cut at every hard break.

    A period that a break falls into is like neither the periods before nor those after, so it stands alone.
    """
    days = sorted(one.on for one in breaks if one.kind is BreakKind.HARD)

    def stretch(placed: tuple[int, Figure]) -> tuple[int, int]:
        place, figure = placed
        begun = sum(day <= figure.starts_on for day in days)
        ended = sum(day <= figure.ends_on for day in days)
        return begun, -1 if begun == ended else place

    return [[figure for _, figure in placed] for _, placed in groupby(enumerate(figures), key=stretch)]


def beside(series: Iterable[Figure], official: Iterable[Figure]) -> dict[OfficialScope, list[Figure]]:
    """Official figures of the same grain and periods as a series, by whose they are; one published for the academy goes first."""
    periods = {(one.grain, one.starts_on, one.ends_on) for one in series}
    found: dict[OfficialScope, dict[tuple[date, date], Figure]] = {}
    for one in sorted(official, key=_own_and_latest_last):
        if one.official is not None and (one.grain, one.starts_on, one.ends_on) in periods:
            found.setdefault(one.official, {})[one.ends_on, one.starts_on] = one
    return {scope: [of[period] for period in sorted(of)] for scope, of in sorted(found.items())}


def _own_and_latest_last(figure: Figure) -> tuple[bool, float, str]:
    recorded = figure.recorded_at.timestamp() if figure.recorded_at else 0.0
    return figure.academy_id is not None, recorded, str(figure.reading_id)
