"""What is known of academies that categories rest on: the reading to use of each metric, inspections, judged benchmarks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from decimal import Decimal
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson

from app.db.as_of import shadows
from app.domain.framework_vocabulary import Period
from app.domain.intervals import Days
from app.domain.judgements import FigureKnown, Judgement
from app.domain.measure_vocabulary import Absence, Feed
from app.domain.observed_shares import observed_figure, shares_within
from app.domain.periods import period_around
from app.domain.permissions import to_see_all
from app.domain.readings import Reading
from app.domain.review_vocabulary import Held
from app.queries.figures import FigureUsed
from app.queries.known import read_lessons
from app.queries.reading import Moment, Reads
from app.queries.revival import calendar
from app.queries.stage_rules import Categories

_TOLD: Final = """json_build_object('readingId', t.id, 'metric', t.code, 'groupId', t.group_id, 'official', t.official,
  'grain', t.grain, 'startsOn', t.starts_on, 'endsOn', t.ends_on, 'value', t.value, 'absence', t.absence,
  'numerator', t.numerator, 'denominator', t.denominator, 'source', t.source,
  'recordedAt', to_char(t.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text"""
# The rule of `figure_to_use`, for every academy and metric at once; a test proves that the two agree. Codes and sources of the
# metrics are handed over: joined, they would let the planner scan the readings once for each metric.
_FIGURES: Final = f"""
select t.academy_id, t.code, t.value, t.absence, {_TOLD} as told
from (
  select distinct on (t.academy_id, t.metric_id) t.*, ($4::text[])[array_position($3::uuid[], t.metric_id)] as code
  from reading t
  where t.trust_id = $1 and t.superseded_by_id is null and t.official is null and t.group_id is null
    and t.academy_id = any($2::uuid[]) and t.metric_id = any($3::uuid[]) and t.ends_on <= $6
  order by t.academy_id, t.metric_id, t.ends_on desc, t.ends_on - t.starts_on desc,
    coalesce(t.source = ($5::text[])[array_position($3::uuid[], t.metric_id)], false) desc, t.recorded_at desc, t.id desc
) t"""
_OUTCOMES: Final = """
select t.academy_id, t.inspection_framework_id, g.code as grade, t.inspected_on,
  (select a.code from inspection_area a where a.trust_id = $1 and a.id = t.inspection_area_id) as area, t.id
from inspection_outcome t join inspection_grade g on g.trust_id = $1 and g.id = t.inspection_grade_id
where t.trust_id = $1 and t.academy_id = any($2::uuid[]) and t.withdrawn_at is null and t.inspected_on <= $3"""
_ASSESSMENTS: Final = """
select distinct on (t.academy_id, t.benchmark_id) t.academy_id, t.benchmark_id, t.judgement, t."on", t.id
from benchmark_assessment t
where t.trust_id = $1 and t.academy_id = any($2::uuid[]) and t.framework_id = $3 and t.withdrawn_at is null and t."on" <= $4
order by t.academy_id, t.benchmark_id, t."on" desc, t.id desc"""

_RATINGS: Final = """
select r.academy_id, json_agg(json_build_object('line', l.code, 'level', v.code, 'reviewId', r.id,
  'signedOffOn', (r.signed_off_at at time zone 'Europe/London')::date) order by l.no, l.code)::text as told
from (
  select distinct on (t.academy_id) t.* from assurance_review t
  where t.trust_id = $1 and t.academy_id = any($2::uuid[]) and t.framework_id = $3 and t.withdrawn_at is null
    and t.signed_off_at < $4::date + 1
  order by t.academy_id, t.signed_off_at desc, t.id desc
) r
join assurance_rating a on a.trust_id = $1 and a.academy_id = r.academy_id and a.review_id = r.id and a.withdrawn_at is null
join assurance_line l on l.trust_id = $1 and l.id = a.line_id
join rating_level v on v.trust_id = $1 and v.id = a.level_id
group by r.academy_id"""


class Assessed(NamedTuple):
    """How a benchmark was judged last; without an id it is only supposed."""

    judgement: Held
    on: date | None
    assessment_id: UUID | None


@dataclass(slots=True)
class Known:
    """What is known of one academy on a day. Figures by metric, assessments by benchmark."""

    figures: dict[str, FigureKnown] = field(default_factory=dict)
    judgements: list[Judgement] = field(default_factory=list)
    assessments: dict[UUID, Assessed] = field(default_factory=dict)
    ratings: str = "[]"
    """The ratings of the latest review that was signed off, as they are told in answers: JSON."""


async def read_known(
    reads: Reads, categories: Categories, academies: Sequence[UUID], on: date, moment: Moment
) -> Mapping[UUID, Known]:
    """A few statements for any number of academies. As of an instant: what the trust knew then."""
    reads.actor.require(to_see_all(Reading))
    known: dict[UUID, Known] = defaultdict(Known)
    trust_id, ids = reads.actor.trust_id, list(academies)
    past: list[Any] = [] if moment.as_of is None else [moment.as_of.astimezone(UTC)]
    absences = {str(one): one for one in Absence}
    if metrics := list(categories.read.values()):
        named = ([one.id for one in metrics], [one.code for one in metrics], [one.source_system for one in metrics])
        figures = await reads.rows(_statement(_FIGURES, 7, as_of=bool(past)), trust_id, ids, *named, on, *past)
        for academy, code, value, absence, told in figures:
            known[academy].figures[code] = FigureKnown(value, absences.get(absence), told)
    await _add_observed(reads, categories, ids, on, moment, known)
    if any(group.graded for group in categories.rules.groups):
        for academy, judgements in (await read_judgements(reads, ids, on, moment)).items():
            known[academy].judgements = judgements
    if categories.benchmarks:
        arguments = (trust_id, ids, categories.framework.id, on, *past)
        for academy, benchmark, judgement, day, assessment in await reads.rows(
            _statement(_ASSESSMENTS, 5, as_of=bool(past)), *arguments
        ):
            known[academy].assessments[benchmark] = Assessed(Held(judgement), day, assessment)
    arguments = (trust_id, ids, categories.framework.id, on, *past)
    for academy, ratings in await reads.rows(_statement(_RATINGS, 5, as_of=bool(past)), *arguments):
        known[academy].ratings = ratings
    return known


async def read_judgements(
    reads: Reads, academies: Sequence[UUID], until: date, moment: Moment
) -> Mapping[UUID, list[Judgement]]:
    """Every judgement of inspections by a day."""
    past: list[Any] = [] if moment.as_of is None else [moment.as_of.astimezone(UTC)]
    rows = await reads.rows(
        _statement(_OUTCOMES, 4, as_of=bool(past)), reads.actor.trust_id, list(academies), until, *past
    )
    found: dict[UUID, list[Judgement]] = defaultdict(list)
    for academy, framework, grade, inspected_on, area, outcome in rows:
        found[academy].append(Judgement(framework, grade, inspected_on, area, outcome))
    return found


async def _add_observed(
    reads: Reads,
    categories: Categories,
    academies: Sequence[UUID],
    on: date,
    moment: Moment,
    known: Mapping[UUID, Known],
) -> None:
    """Metrics that are worked out from observations held here: of the term so far, or of the last one where none is on."""
    observed = [one for one in categories.read.values() if one.feed is not Feed.READINGS]
    term = period_around(on, Period.TERM, await calendar(reads, moment), ahead=0) if observed else None
    if term is None:
        return
    days = Days(term.starts_on, min(term.ends_on, on))
    sightings = await read_lessons(reads, moment, days, academies=academies, metrics=observed)
    for academy in academies:
        for metric in observed:
            shares = shares_within(sightings.get(academy, ()), days)
            figure = observed_figure(metric.code, metric.feed, shares, days)
            told = orjson.dumps(FigureUsed.of(figure).model_dump(), default=_exact).decode()
            known[academy].figures[metric.code] = FigureKnown(figure.value, figure.absence, told)


def _exact(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(f"{value:f}")
    raise TypeError


@cache
def _statement(query: str, place: int, *, as_of: bool) -> str:
    return shadows(query, f"${place}") + query if as_of else query
