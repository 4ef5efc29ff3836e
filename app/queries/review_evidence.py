"""What is known of every indicator of a framework about an academy: what a review freezes, and what it would freeze today."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from app.domain.assurance_grids import AssuranceGrid
from app.domain.figures import Figure, figure_to_use
from app.domain.review_evidence import Known
from app.queries.figures import read_figures
from app.queries.metrics import METRICS
from app.queries.reading import Moment, Reads
from app.queries.revival import read_all

Series = Mapping[tuple[UUID, str], list[Figure]]
"""The academy's own figures of all pupils, by academy and code of the metric."""


async def gather_evidence(reads: Reads, grid: AssuranceGrid, academy_id: UUID, moment: Moment) -> list[Known]:
    """By the readings of periods ended by the moment's day, in the order printed."""
    figures = own_series(await read_figures(reads, moment, academies=[academy_id], metrics=grid.metrics))
    sources = await read_sources(reads, moment)
    found = []
    for bands in (bands for line in grid.lines for bands in line.indicators):
        metric = bands.indicator.metric
        series = figures.get((academy_id, metric), [])
        figure = figure_to_use(series, on=moment.today, source=sources.get(metric))
        found.append(Known(bands=bands, figure=figure, on=moment.today))
    return found


def own_series(figures: Iterable[Figure]) -> Series:
    """Neither of one group alone nor an official comparator."""
    found: dict[tuple[UUID, str], list[Figure]] = {}
    for one in figures:
        if one.academy_id is not None and one.group_id is None and one.official is None:
            found.setdefault((one.academy_id, one.metric), []).append(one)
    return found


async def read_sources(reads: Reads, moment: Moment) -> dict[str, str | None]:
    """The source that prevails, by code of the metric."""
    return {one["code"]: one["sourceSystem"] for one in await read_all(reads, METRICS, moment)}
