"""The reading compiler: a tree of selected fields becomes one SQL statement that returns finished bytes.

A noun declares once which fields it offers and where they come from. `one` and `page` compile a selection of them;
the statement builds the JSON itself (`json`, never `jsonb`) and the bytes go out untouched. The same statement answers
"as it was": the tables it reads are then shadowed by what the event log says they held.

Arguments of every statement: $1 trust, $2 today, $3 the academies the actor sees (null: all of them).
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from app.db.as_of import shadows
from app.db.noun import Children, Column, Computed, Noun, Scope
from app.db.sights import noted, row_in_sight
from app.domain.entity import Withdrawable

TRUST, TODAY, ACADEMIES = "$1", "$2", "$3"
_HEAD = f"(select h.position from event_head h where h.trust_id = {TRUST}) as head"


@dataclass(frozen=True, eq=False)
class Selection:
    """Which fields of a noun, and which of each of its children."""

    noun: Noun
    fields: tuple[Column | Computed, ...]
    children: tuple[tuple[Children, "Selection"], ...] = ()


@dataclass(frozen=True)
class Place:
    """Where a row stands in the statement: its noun and alias, the row above it and the column that points there."""

    noun: Noun
    depth: int = 0
    above: "Place | None" = None
    column: str = ""

    @property
    def alias(self) -> str:
        return f"t{self.depth}"


@cache
def record(noun: Noun) -> Selection:
    """The record alone."""
    return Selection(noun, noun.columns())


@cache
def tree(noun: Noun) -> Selection:
    """The record with everything below it."""
    return Selection(noun, noun.columns(), tuple((child, tree(child.noun())) for child in noun.children()))


@lru_cache(maxsize=512)
def one(selection: Selection, *, as_of: bool = False) -> str:
    """One record as bytes, or null where there is none or it is out of sight. Arguments: and $4 its id.

    With `as_of`, $5 is the instant.
    """
    noun = selection.noun
    body = (
        f"select convert_to((select row_to_json(r) from (select {_columns(selection, Place(noun))}) r)::text, 'UTF8') as body, "
        f"t0.version, {_HEAD} from {noun.table} t0 "
        f"where t0.trust_id = {TRUST} and t0.id = $4::uuid and {TODAY}::date is not null "
        f"and ({ACADEMIES}::uuid[] is null or true) and {visible(noun, 't0')}"
    )
    return as_it_was(body, "$5") if as_of else body


@dataclass(frozen=True)
class ListShape:
    """What makes two lists the same statement: the filters in use, the order, and whether it goes on from a cursor."""

    filters: tuple[str, ...] = ()
    sort: str = "code"
    descending: bool = False
    after_cursor: bool = False
    backward: bool = False
    withdrawn: bool = False
    as_of: bool = False


@lru_cache(maxsize=2048)
def page(selection: Selection, shape: ListShape) -> str:
    """A page of records: bytes of a JSON array, whether there are more, and the sort keys and ids at its two ends.

    Arguments: and $4 the page size, the instant if `as_of`, one for each filter in order, then the cursor's sort key and id.
    """
    noun = selection.noun
    sort = noun.sorts[shape.sort]
    key = sort.sql.format(t="t0")
    down = shape.descending != shape.backward
    order = f"{key} {'desc' if down else 'asc'}, t0.id {'desc' if down else 'asc'}"
    conditions, taken = _conditions(noun, shape)
    if shape.after_cursor:
        conditions.append(
            f"({key}, t0.id) {'<' if down else '>'} (${taken + 1}::text::{sort.cast}, ${taken + 2}::uuid)"
        )
    shown = "rn desc" if shape.backward else "rn"
    # The row beyond the page is looked at and not told: what is noted is what was told.
    told = f"case when t0.rn <= $4 then (select row_to_json(r) from (select {_columns(selection, Place(noun))}) r) end"
    body = (
        f"select convert_to(coalesce(json_agg({told} order by t0.{shown}) filter (where t0.rn <= $4), '[]')::text, 'UTF8') items, "
        f"coalesce(max(t0.rn), 0) > $4 more, array_agg(t0.k order by t0.{shown}) filter (where t0.rn <= $4) keys, "
        f"array_agg(t0.id order by t0.{shown}) filter (where t0.rn <= $4) ids, {_HEAD} from ("
        f"select t0.*, ({key})::text k, row_number() over (order by {order}) rn from ("
        f"select t0.* from {noun.table} t0 where {' and '.join(conditions)} order by {order} limit $4 + 1) t0) t0"
    )
    return as_it_was(body, "$5") if shape.as_of else body


@lru_cache(maxsize=1024)
def count(noun: Noun, shape: ListShape) -> str:
    """How many records the list has in all. Arguments as for `page`, without the cursor's."""
    conditions, _ = _conditions(noun, shape)
    body = f"select count(*) from {noun.table} t0 where {' and '.join(conditions)}"
    return as_it_was(body, "$5") if shape.as_of else body


def _conditions(noun: Noun, shape: ListShape) -> tuple[list[str], int]:
    """The conditions of a list, and how many arguments it has used so far. Each argument is named, so that it has a type."""
    taken = 5 if shape.as_of else 4
    typed = f"{TODAY}::date is not null and ({ACADEMIES}::uuid[] is null or true) and $4::int is not null"
    conditions = [f"t0.trust_id = {TRUST}::uuid", typed, visible(noun, "t0")]
    if issubclass(noun.entity, Withdrawable) and not shape.withdrawn:
        conditions.append("t0.withdrawn_at is null")
    for name in shape.filters:
        taken += 1
        narrowing = noun.filters[name]
        conditions.append(
            "("
            + narrowing.sql.format(t="t0", value=f"${taken}::{narrowing.cast}", today=f"{TODAY}::date", trust=TRUST)
            + ")"
        )
    return conditions, taken


def visible(noun: Noun, alias: str) -> str:
    """Sight is by academy, and of some kinds by row. What is about no academy belongs to the whole trust."""
    of_row, of_academies = row_in_sight(noun.table, alias), _of_academies(noun, alias)
    return of_academies if of_row == "true" else f"{of_academies} and {of_row}"


def _of_academies(noun: Noun, alias: str) -> str:
    if noun.scope is Scope.TRUST:
        return "true"
    if noun.scope is Scope.ACADEMY:
        column = "id" if noun.table == "academy" else "academy_id"
        mine = f"{alias}.{column} = any({ACADEMIES}::uuid[])"
        of_all = f" or {alias}.{column} is null" if noun.entity.table().c[column].nullable else ""
        return f"({ACADEMIES}::uuid[] is null or {mine}{of_all})"
    if noun.scope is Scope.ACADEMIES:
        return f"({ACADEMIES}::uuid[] is null or {alias}.academy_ids = '{{}}' or {alias}.academy_ids && {ACADEMIES}::uuid[])"
    if noun.scope is Scope.COVERED:
        return f"({ACADEMIES}::uuid[] is null or {alias}.academy_ids <@ {ACADEMIES}::uuid[])"
    column = "id" if noun.table == "plan" else "plan_id"
    links = f"from plan_academy pa where pa.trust_id = {TRUST} and pa.plan_id = {alias}.{column} and pa.withdrawn_at is null"
    return (
        f"({ACADEMIES}::uuid[] is null or not exists (select 1 {links}) "
        f"or exists (select 1 {links} and pa.academy_id = any({ACADEMIES}::uuid[])))"
    )


def _columns(selection: Selection, place: Place) -> str:
    parts = [f'{value_of(item, place)} as "{item.name}"' for item in selection.fields]
    for child, below in selection.children:
        parts.append(f'({_children(child, below, place)}) as "{child.name}"')
    return ", ".join(parts)


def value_of(item: Column | Computed, place: Place) -> str:
    alias = place.alias
    if isinstance(item, Column) and item.sensitive:
        return noted(place.noun.table, item.column, alias)
    if isinstance(item, Computed):
        if place.above is not None and place.column in item.above:
            return value_of(place.above.noun.field(item.above[place.column]), place.above)
        return f"({item.sql.format(t=alias, today=TODAY + '::date', trust=TRUST)})"
    if item.instant:
        return f"""to_char({alias}.{item.column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f'{alias}."{item.column}"'


def _children(child: Children, below: Selection, above: Place) -> str:
    noun = below.noun
    place = Place(noun, above.depth + 1, above, child.column)
    alias, row = place.alias, f"r{place.depth}"
    live = f"{alias}.withdrawn_at is null" if issubclass(noun.entity, Withdrawable) else "true"
    sight = "true" if above.noun.scope is noun.scope is Scope.PLAN else visible(noun, alias)
    return (
        f"select coalesce(json_agg({row}), '[]') from (select {_columns(below, place)} "
        f"from {noun.table} {alias} where {alias}.trust_id = {TRUST} and {alias}.{child.column} = {above.alias}.id "
        f"and {live} and {sight} and {child.only.format(t=alias)} "
        f"order by {child.order.format(t=alias)}) {row}"
    )


def as_it_was(body: str, instant: str) -> str:
    """The same statement over the tables as the log says they were."""
    return shadows(body, instant) + body
