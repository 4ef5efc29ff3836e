"""What is known of academies on a day: metrics, figures, lessons observed and the calendar, in a handful of statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from app.db.as_of import shadows
from app.domain.figures import Figure
from app.domain.intervals import Calendar, Days
from app.domain.measure_vocabulary import BreakKind, ObservationKind, ProgressGrade
from app.domain.metrics import Metric
from app.domain.observed_shares import Sighting
from app.domain.promises import EVERYBODY, Known, Measure, Series
from app.queries.figures import read_figures
from app.queries.metrics import METRICS, SERIES_BREAKS
from app.queries.people import PUPIL_GROUPS
from app.queries.reading import Moment, Reads
from app.queries.revival import calendar, read_all, revived

_SIGHTINGS: Final = """
select o.academy_id, o."on", o.progress_grade, count(*) as n from observation o
where o.trust_id = $1 and o.withdrawn_at is null and ($2::uuid[] is null or o.academy_id = any($2::uuid[]))
  and ($3::uuid[] is null or o.academy_id = any($3::uuid[])) and o."on" between $4 and $5 and o.kind = $6
group by o.academy_id, o."on", o.progress_grade"""


@dataclass(frozen=True)
class Knowledge:
    """What is known of several academies."""

    on: date
    measures: Mapping[str, Measure] = field(default_factory=dict)
    groups: Mapping[UUID, str] = field(default_factory=dict)
    figures: Sequence[Figure] = ()
    lessons: Mapping[UUID, Sequence[Sighting]] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)

    @property
    def everybody(self) -> frozenset[UUID]:
        """The groups that are no groups: all pupils."""
        return frozenset(group for group, code in self.groups.items() if code == EVERYBODY)

    def of(self, academy_id: UUID) -> Known:
        """Of one academy, with the official figures beside: those made for it before those made for all."""
        found: dict[Series, list[Figure]] = defaultdict(list)
        mine = [one for one in self.figures if _concerns(one, academy_id)]
        own = {_place(one) for one in mine if one.official and one.academy_id}
        for one in mine:
            if one.academy_id is not None or _place(one) not in own:
                found[one.metric, one.group_id, one.official].append(one)
        return Known(
            on=self.on,
            measures=self.measures,
            figures=found,
            lessons=self.lessons.get(academy_id, ()),
            calendar=self.calendar,
        )


async def read_knowledge(
    reads: Reads, moment: Moment, *, on: date, academies: Iterable[UUID], metrics: Iterable[str] | None = None
) -> Knowledge:
    """In a number of statements that no amount of records changes."""
    asked = sorted(academies)
    figures = await read_figures(reads, moment, until=on, academies=asked, metrics=metrics)
    measures = await read_measures(reads, moment)
    observed = any(
        measures[code].is_observed for code in (measures if metrics is None else measures.keys() & set(metrics))
    )
    whole = Days(date(1900, 1, 1), on)
    return Knowledge(
        on=on,
        measures=measures,
        groups={UUID(one["id"]): one["code"] for one in await read_all(reads, PUPIL_GROUPS, moment)},
        figures=figures,
        lessons=await read_sightings(reads, moment, whole, academies=asked) if observed else {},
        calendar=await calendar(reads, moment),
    )


async def read_measures(reads: Reads, moment: Moment) -> dict[str, Measure]:
    """Every metric of the trust by its code, with the days its series breaks."""
    broken: dict[str, list[tuple[date, BreakKind]]] = defaultdict(list)
    for one in await read_all(reads, SERIES_BREAKS, moment):
        broken[one["metricId"]].append((date.fromisoformat(one["on"]), BreakKind(one["kind"])))
    records = await read_all(reads, METRICS, moment)
    metrics = [revived(Metric, METRICS, one, reads.actor.trust_id) for one in records]
    return {one.code: Measure.of(one, broken[str(one.id)]) for one in metrics}


async def read_sightings(
    reads: Reads,
    moment: Moment,
    days: Days,
    *,
    academies: Iterable[UUID],
    kind: ObservationKind = ObservationKind.LESSON,
) -> dict[UUID, list[Sighting]]:
    """Counts of observations by day and grade, of each academy. Whose they were is not in them."""
    seen = None if reads.actor.academies is None else sorted(reads.actor.academies)
    past: list[datetime] = [] if moment.as_of is None else [moment.as_of.astimezone(UTC)]
    arguments = (reads.actor.trust_id, seen, sorted(academies), days.starts_on, days.ends_on, str(kind), *past)
    found: dict[UUID, list[Sighting]] = defaultdict(list)
    async with reads.lent_sight():
        rows = await reads.rows(_statement(as_of=bool(past)), *arguments)
    for row in rows:
        grade = row["progress_grade"]
        found[row["academy_id"]].append(Sighting(row["on"], ProgressGrade(grade) if grade else None, row["n"]))
    return dict(found)


@cache
def _statement(*, as_of: bool) -> str:
    return shadows(_SIGHTINGS, "$7") + _SIGHTINGS if as_of else _SIGHTINGS


def _concerns(figure: Figure, academy_id: UUID) -> bool:
    return figure.academy_id == academy_id or (figure.official is not None and figure.academy_id is None)


def _place(figure: Figure) -> tuple[Any, ...]:
    return figure.metric, figure.group_id, figure.official, figure.grain, figure.starts_on, figure.ends_on
