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
from app.domain.measure_vocabulary import BreakKind, Feed, ObservationKind, ProgressGrade
from app.domain.metrics import SMALLEST_SHOWN, Metric
from app.domain.observed_shares import Sighting, in_whole_terms
from app.domain.promises import EVERYBODY, Known, Measure, Series
from app.domain.roles import Permission
from app.queries.figures import read_figures
from app.queries.metrics import METRICS, SERIES_BREAKS
from app.queries.people import PUPIL_GROUPS
from app.queries.reading import Moment, Reads
from app.queries.revival import calendar, read_all, revived

_SIGHTINGS: Final = """
select o.academy_id, o."on", o.progress_grade, coalesce(o.recorded_by = app.holder(), false) as own, count(*) as n
from observation o
where o.trust_id = $1 and o.withdrawn_at is null and ($2::uuid[] is null or o.academy_id = any($2::uuid[]))
  and ($3::uuid[] is null or o.academy_id = any($3::uuid[])) and o."on" between $4 and $5 and o.kind = $6
group by o.academy_id, o."on", o.progress_grade, own"""


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
    wanted = measures if metrics is None else measures.keys() & set(metrics)
    observed = [measures[code].metric for code in wanted if measures[code].is_observed]
    whole = Days(date(1900, 1, 1), on)
    return Knowledge(
        on=on,
        measures=measures,
        groups={UUID(one["id"]): one["code"] for one in await read_all(reads, PUPIL_GROUPS, moment)},
        figures=figures,
        lessons=await read_lessons(reads, moment, whole, academies=asked, metrics=observed) if observed else {},
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


async def read_lessons(
    reads: Reads, moment: Moment, days: Days, *, academies: Iterable[UUID], metrics: Sequence[Metric]
) -> dict[UUID, list[Sighting]]:
    """Lessons observed, for shares by these metrics: by the day for those who review, for others in whole terms.

    Others are told of no past knowledge: two instants could be taken from one another until a single lesson is left.
    """
    if may_count_single(reads):
        return await read_sightings(reads, moment, days, academies=academies)
    if moment.as_of is not None:
        return {}
    terms, smallest = await calendar(reads, moment), smallest_shown(metrics)
    feeds = {one.feed for one in metrics}
    found = await read_sightings(reads, moment, days, academies=academies)
    return {
        academy: in_whole_terms(each, terms, before=moment.today, feeds=feeds, smallest=smallest)
        for academy, each in found.items()
    }


def may_count_single(reads: Reads) -> bool:
    """Whether the actor is told single grades, so that no count is too small."""
    return reads.actor.may(Permission.REVIEW_ACADEMIES) and reads.actor.may(Permission.READ_SENSITIVE)


def smallest_shown(metrics: Iterable[Metric]) -> int:
    """The smallest count that may be shown of observations: the most careful of the metrics that they feed."""
    return max((one.smallest_shown for one in metrics if one.feed is not Feed.READINGS), default=SMALLEST_SHOWN)


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
        seen_as = ProgressGrade(grade) if grade else None
        found[row["academy_id"]].append(Sighting(row["on"], seen_as, row["n"], is_own=row["own"]))
    return dict(found)


@cache
def _statement(*, as_of: bool) -> str:
    return shadows(_SIGHTINGS, "$7") + _SIGHTINGS if as_of else _SIGHTINGS


def _concerns(figure: Figure, academy_id: UUID) -> bool:
    return figure.academy_id == academy_id or (figure.official is not None and figure.academy_id is None)


def _place(figure: Figure) -> tuple[Any, ...]:
    return figure.metric, figure.group_id, figure.official, figure.grain, figure.starts_on, figure.ends_on
