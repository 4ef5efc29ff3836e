"""What a release is made from: the readings that stand, and what was released of the same metrics before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.domain.figures import Figure
from app.domain.intervals import Days
from app.domain.measure_vocabulary import Absence, Basis, Grain
from app.domain.permissions import to_see_all
from app.domain.promises import EVERYBODY
from app.domain.protection import Symbol
from app.domain.readings import Reading
from app.domain.release_figures import Measure, Place, prevailing
from app.domain.release_protection import Earlier
from app.queries.reading import Reads

_METRICS: Final = """
select id, code, unit, basis, decimals, smallest_shown, source_system, definition_version from metric
where trust_id = $1 and code = any($2::text[]) and withdrawn_at is null"""
_GROUPS: Final = (
    "select code, id from pupil_group where trust_id = $1 and code = any($2::text[]) and withdrawn_at is null"
)
_COUNTS: Final = (
    "academy_id", "group_id", "value", "absence", "numerator", "denominator", "source", "recorded_at",
    "metric_version",
)  # fmt: skip
_COLUMNS: Final = ", ".join(f"t.{name}" for name in _COUNTS)
_STANDING: Final = f"""
select t.id as reading_id, t.metric_id, t.grain, t.starts_on, t.ends_on, {_COLUMNS} from reading t
where t.trust_id = $1 and t.metric_id = any($2::uuid[]) and t.grain = $3 and t.starts_on = $4 and t.ends_on = $5
  and t.superseded_by_id is null and t.official is null and t.academy_id is not null
  and ($6::uuid[] is null or t.group_id is null or t.group_id = any($6::uuid[]))
order by t.id"""
_EARLIER: Final = f"""
select f.release_id, f.metric_id, f.academy_id as shown_academy, f.group_id as shown_group, f.symbol, t.id as reading_id,
  r.grain, r.starts_on, r.ends_on, {_COLUMNS}
from released_figure f join release r on r.trust_id = f.trust_id and r.id = f.release_id
  join metric m on m.trust_id = f.trust_id and m.id = f.metric_id
  left join reading t on t.trust_id = f.trust_id and t.id = f.reading_id
where f.trust_id = $1 and f.metric_id = any($2::uuid[]) and r.starts_on <= $4 and r.ends_on >= $3 and m.code <> all(r.withheld)
order by r.published_at, r.id, f.id"""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which figures are to be released."""

    metrics: tuple[str, ...]
    grain: Grain
    days: Days
    groups: tuple[str, ...] | None = None


@dataclass(frozen=True)
class MetricGround:
    """Of one metric: its figures, one of each academy and group, and what was shown of it before."""

    measure: Measure
    figures: tuple[Figure, ...]
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True)
class Ground:
    """`missing_*`: codes that nothing has."""

    metrics: tuple[MetricGround, ...]
    missing_metrics: tuple[str, ...] = ()
    missing_groups: tuple[str, ...] = ()


async def read_ground(reads: Reads, asked: Asked) -> Ground:
    """In four statements. The same ground again means that nothing was restated or released in between."""
    reads.actor.require(to_see_all(Reading))
    trust = reads.actor.trust_id
    measures = {row["code"]: _measure(row) for row in await reads.rows(_METRICS, trust, asked.metrics)}
    named = tuple(code for code in asked.groups or () if code != EVERYBODY)
    groups = {row["code"]: row["id"] for row in await reads.rows(_GROUPS, trust, named)}
    ids = [one.id for one in measures.values()]
    chosen = None if asked.groups is None else list(groups.values())
    standing = await reads.rows(_STANDING, trust, ids, asked.grain, asked.days.starts_on, asked.days.ends_on, chosen)
    earlier = await reads.rows(_EARLIER, trust, ids, asked.days.starts_on, asked.days.ends_on)
    known = (measures[code] for code in asked.metrics if code in measures)
    return Ground(
        tuple(MetricGround(one, _figures(standing, one), _earlier(earlier, one)) for one in known),
        tuple(code for code in asked.metrics if code not in measures),
        tuple(code for code in named if code not in groups),
    )


def _measure(row: Mapping[str, Any]) -> Measure:
    return Measure(**(dict(row) | {"basis": Basis(row["basis"])}))


def _figures(rows: Sequence[Mapping[str, Any]], measure: Measure) -> tuple[Figure, ...]:
    of_metric = (_figure(row, measure) for row in rows if row["metric_id"] == measure.id)
    return prevailing(of_metric, source=measure.source_system)


def _earlier(rows: Sequence[Mapping[str, Any]], measure: Measure) -> tuple[Earlier, ...]:
    by_release: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["metric_id"] == measure.id:
            by_release.setdefault(row["release_id"], []).append(row)
    return tuple(_shown(of, measure) for of in by_release.values())


def _shown(rows: Sequence[Mapping[str, Any]], measure: Measure) -> Earlier:
    starts_on: date = rows[0]["starts_on"]
    in_print: set[Place] = {
        (row["shown_academy"], row["shown_group"]) for row in rows if row["symbol"] in (None, Symbol.LOW)
    }
    figures = prevailing((_figure(row, measure) for row in rows if row["reading_id"]), source=measure.source_system)
    return Earlier(Days(starts_on, rows[0]["ends_on"]), figures, frozenset(in_print))


def _figure(row: Mapping[str, Any], measure: Measure) -> Figure:
    return Figure(
        metric=measure.code,
        grain=Grain(row["grain"]),
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        reading_id=row["reading_id"],
        **({name: row[name] for name in _COUNTS} | {"absence": Absence(row["absence"]) if row["absence"] else None}),
    )
