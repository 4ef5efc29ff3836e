"""The heat map of assurance across academies and terms: one statement that returns finished bytes."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from app.domain.errors import NotFound
from app.domain.heat_maps import RULE
from app.domain.permissions import to_read
from app.domain.review_vocabulary import ReviewStatus, SuggestionStatus
from app.domain.reviews import AssuranceRating
from app.queries.figures import FrameworkNamed
from app.queries.published import Published
from app.queries.reading import Moment, Reads
from app.queries.term_spans import FITS, TERMS


@dataclass(frozen=True)
class MapAsked:
    """Which part of the map is asked for."""

    framework_id: UUID
    term_from: UUID | None = None
    term_to: UUID | None = None
    status: ReviewStatus | None = None


class MapCounts(Published):
    """How complete it is, and how many cells have each level. Never an average."""

    cells: int
    rated: int
    byLevel: dict[str, int]


class MapTerm(MapCounts):
    """One term."""

    id: UUID
    name: str
    year: str
    startsOn: date
    endsOn: date


class MapLine(MapCounts):
    """One line, across academies and terms."""

    id: UUID
    code: str
    label: str
    sectionCode: str


class MapLevel(Published):
    """A level, the best of its scale first."""

    code: str
    no: int
    scaleCode: str
    colour: str | None


class MapCell(Published):
    """One line of one academy in one term."""

    line: str = Field(description="Code of the line.")
    level: str | None = Field(description="Code of the level; null where nobody has rated it.")
    suggested: str | None = Field(description="Code of the level that the figures suggested.")
    suggestion: SuggestionStatus | None = Field(description="Whether they could suggest one; null where nobody rated.")
    moderated: bool


class MapReview(Published):
    """One academy in one term."""

    termId: UUID
    reviewId: UUID | None
    status: ReviewStatus | None
    cells: list[MapCell]


class MapAcademy(MapCounts):
    """One academy."""

    id: UUID
    code: str
    name: str
    terms: list[MapReview]


class HeatMap(Published):
    """Every line of every academy in every term. A review that another supersedes is left out, unless it is asked for."""

    framework: FrameworkNamed
    rule: str
    on: date
    counts: MapCounts
    levels: list[MapLevel]
    terms: list[MapTerm]
    lines: list[MapLine]
    academies: list[MapAcademy]


_PARTS: Final = """
  {name}_levels as materialized (select c.{key}_id, c.level_id, count(*) as n from cells c
    where c.level_id is not null group by 1, 2),
  {name}_counts as materialized (select c.{key}_id, count(*) as cells, count(c.level_id) as rated, coalesce((
      select json_object_agg(v.code, coalesce(n.n, 0) order by v.place) from levels v
      left join {name}_levels n on n.level_id = v.id and n.{key}_id = c.{key}_id), '{{}}') as by_level
    from cells c group by c.{key}_id)"""
_PER_ACADEMY, _PER_TERM, _PER_LINE = (_PARTS.format(name=name, key=name) for name in ("academy", "term", "line"))
# Ratings are looked up by their review and told apart inside it: a join of all cells with all ratings is quick only where
# PostgreSQL knows how many there are, and it does not after a night's load. For the same reason every part is made once.
_STATEMENT: Final = f"""
with f as materialized (select * from framework f where f.trust_id = $1 and f.id = $4),
  terms as materialized ({TERMS}),
  academies as materialized (select a.id, a.code, a.name from academy a, f
    where a.trust_id = $1 and a.withdrawn_at is null and ($3::uuid[] is null or a.id = any($3::uuid[])) and {FITS}),
  lines as materialized (select l.id, l.code, l.label, s.code as section,
      row_number() over (order by s.no, s.code collate "C", l.no, l.code collate "C") as place
    from assurance_line l join assurance_section s on s.trust_id = l.trust_id and s.id = l.section_id
    where l.trust_id = $1 and l.framework_id = $4 and l.withdrawn_at is null and s.withdrawn_at is null),
  levels as materialized (select v.id, v.code, v.no, v.colour, sc.code as scale,
      row_number() over (order by sc.no, sc.code collate "C", v.no) as place
    from rating_level v join rating_scale sc on sc.trust_id = v.trust_id and sc.id = v.scale_id
    where v.trust_id = $1 and v.framework_id = $4 and v.withdrawn_at is null),
  reviews as materialized (select distinct on (r.academy_id, r.term_id) r.id, r.academy_id, r.term_id, r.status
    from assurance_review r where r.trust_id = $1 and r.framework_id = $4 and r.withdrawn_at is null
      and r.status = coalesce($7::text, r.status) and (r.status <> 'superseded' or $7 is not null)
    order by r.academy_id, r.term_id, r.id desc),
  squares as materialized (select a.id as academy_id, t.id as term_id, t.starts_on, r.id as review_id, r.status,
      (select jsonb_object_agg(g.line_id, jsonb_build_array(g.level_id, g.suggested_level_id, g.suggestion,
          g.moderated_from_id is not null))
        from assurance_rating g where g.trust_id = $1 and g.review_id = r.id and g.withdrawn_at is null) as rated
    from academies a cross join terms t left join reviews r on r.academy_id = a.id and r.term_id = t.id),
  cells as materialized (select q.academy_id, q.term_id, l.id as line_id, l.place, l.code,
      (q.rated->l.id::text->>0)::uuid as level_id, (q.rated->l.id::text->>1)::uuid as suggested_id,
      q.rated->l.id::text->>2 as suggestion,
      coalesce((q.rated->l.id::text->>3)::bool, false) as moderated
    from squares q cross join lines l),
  {_PER_ACADEMY}, {_PER_TERM}, {_PER_LINE},
  shown_cells as materialized (select c.academy_id, c.term_id, json_agg(json_build_object('line', c.code, 'level', v.code,
      'suggested', w.code, 'suggestion', c.suggestion, 'moderated', c.moderated) order by c.place) as shown
    from cells c left join levels v on v.id = c.level_id left join levels w on w.id = c.suggested_id
    group by c.academy_id, c.term_id),
  shown_terms as materialized (select q.academy_id, json_agg(json_build_object('termId', q.term_id, 'reviewId', q.review_id,
      'status', q.status, 'cells', coalesce(c.shown, '[]')) order by q.starts_on, q.term_id) as shown
    from squares q left join shown_cells c on c.academy_id = q.academy_id and c.term_id = q.term_id group by q.academy_id),
  shown_levels as materialized (select json_agg(json_build_object('code', v.code, 'no', v.no, 'scaleCode', v.scale,
      'colour', v.colour) order by v.place) as shown, json_object_agg(v.code, 0 order by v.place) as none,
      json_object_agg(v.code, (select count(*) from cells c where c.level_id = v.id) order by v.place) as by_level
    from levels v)
select
  (select count(*) from unnest(array[$5, $6]::uuid[]) x(id) where x.id is not null
    and not exists (select 1 from term t where t.trust_id = $1 and t.id = x.id)) as missing_terms,
  (select h.position from event_head h where h.trust_id = $1) as head,
  convert_to((select json_build_object(
    'framework', json_build_object('id', f.id, 'code', f.code, 'edition', f.edition),
    'rule', '{RULE}', 'on', $2::date,
    'counts', (select json_build_object('cells', count(*), 'rated', count(c.level_id),
      'byLevel', coalesce((select s.by_level from shown_levels s), '{{}}')) from cells c),
    'levels', coalesce((select s.shown from shown_levels s), '[]'),
    'terms', coalesce((select json_agg(json_build_object('id', t.id, 'name', t.name, 'year', t.year, 'startsOn', t.starts_on,
        'endsOn', t.ends_on, 'cells', coalesce(n.cells, 0), 'rated', coalesce(n.rated, 0),
        'byLevel', coalesce(n.by_level, s.none, '{{}}')) order by t.starts_on, t.id)
      from terms t left join term_counts n on n.term_id = t.id left join shown_levels s on true), '[]'),
    'lines', coalesce((select json_agg(json_build_object('id', l.id, 'code', l.code, 'label', l.label,
        'sectionCode', l.section, 'cells', coalesce(n.cells, 0), 'rated', coalesce(n.rated, 0),
        'byLevel', coalesce(n.by_level, s.none, '{{}}')) order by l.place)
      from lines l left join line_counts n on n.line_id = l.id left join shown_levels s on true), '[]'),
    'academies', coalesce((select json_agg(json_build_object('id', a.id, 'code', a.code, 'name', a.name,
        'cells', coalesce(n.cells, 0), 'rated', coalesce(n.rated, 0), 'byLevel', coalesce(n.by_level, s.none, '{{}}'),
        'terms', coalesce(m.shown, '[]')) order by a.code collate "C")
      from academies a left join academy_counts n on n.academy_id = a.id left join shown_terms m on m.academy_id = a.id
      left join shown_levels s on true), '[]')) from f)::text, 'UTF8') as body"""
"""Arguments: $1 trust, $2 today, $3 the academies the actor sees, $4 framework, $5 first and $6 last term, $7 status."""


async def read_heat_map(reads: Reads, asked: MapAsked, moment: Moment) -> tuple[bytes, int]:
    """The finished bytes, and the position of the trust's log when they were read."""
    reads.actor.require(to_read(AssuranceRating))
    seen = None if reads.actor.academies is None else sorted(reads.actor.academies)
    terms = (asked.term_from, asked.term_to)
    arguments: tuple[Any, ...] = (reads.actor.trust_id, moment.today, seen, asked.framework_id, *terms)
    row = await reads.row(_STATEMENT, *arguments, str(asked.status) if asked.status else None)
    assert row is not None
    if row["body"] is None:
        raise NotFound(f"There is no framework with the id {asked.framework_id}.")
    if row["missing_terms"]:
        raise NotFound("There is no term with that id. List the trust's terms, and choose from them.")
    return row["body"], row["head"] or 0
