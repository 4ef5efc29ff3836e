"""The reading compiler for selections of any shape: records, the records they point at, and pages of those below them.

The whole tree of parts becomes one expression of one statement, as `selection` does it for whole records.
"""

from collections.abc import Sequence

from app.db.as_of import AS_OF_POSITION
from app.db.graph_parts import (
    Connection,
    Constant,
    Edges,
    GlobalId,
    History,
    Hole,
    Member,
    Nodes,
    PageInfo,
    Part,
    Record,
    Reference,
    Total,
    Value,
)
from app.db.noun import Noun, Scope
from app.db.selection import ACADEMIES, TODAY, TRUST, Place, as_it_was, value_of, visible
from app.domain.entity import Withdrawable


def record_statement(record: Record, wanted: str, as_of: str | None = None) -> str:
    """One record as bytes; no row where there is none in sight. `wanted` is the placeholder of its id."""
    noun = record.noun
    return _statement(
        f"(select row_to_json({_ROW}) from (select {_columns(record, Place(noun))}) {_ROW})",
        f" from {noun.table} t0 where t0.trust_id = {TRUST} and t0.id = {wanted} and {visible(noun, 't0')} and {_TYPED}",
        as_of,
    )


def records_statement(record: Record, wanted: str) -> str:
    """Several records by their ids: a row for each in sight, of its id and its bytes."""
    noun = record.noun
    return (
        f"select t0.id, convert_to((select row_to_json({_ROW}) "
        f"from (select {_columns(record, Place(noun))}) {_ROW})::text, 'UTF8') as body "
        f"from {noun.table} t0 where t0.trust_id = {TRUST} and t0.id = any({wanted}) and {visible(noun, 't0')} and {_TYPED}"
    )


def page_statement(page: Connection, as_of: str | None = None) -> str:
    """A page of the trust's records as bytes."""
    return _statement(_connection(page, None), f" where {_TYPED}", as_of)


_TYPED = f"{TRUST}::uuid is not null and {TODAY}::date is not null and ({ACADEMIES}::uuid[] is null or true)"


_ROW = '"-"'
"""A row by a name that no key can have: PostgreSQL would take it for the field of that name."""


def _statement(answer: str, where: str, as_of: str | None) -> str:
    body = f"select convert_to({answer}::text, 'UTF8') as body{where}"
    return as_it_was(body, as_of) if as_of else body


def _columns(record: Record, place: Place) -> str:
    return ", ".join(f'{_part(part, record.noun, place)} as "{part.key}"' for part in record.parts)


def _part(part: Part, noun: Noun, place: Place) -> str:
    match part:
        case Value():
            return value_of(part.field, place)
        case Reference():
            return f"({_reference(part, noun, place)})"
        case History():
            return f"({_history(part, place.alias)})"
        case Connection():
            return _connection(part, place)
        case Constant():
            return f"'{part.text}'"
        case GlobalId() | Hole():
            kind = f"'{noun.title}:' || " if isinstance(part, GlobalId) else ""
            return f"{kind}{place.alias}.id"


def _reference(part: Reference, above: Noun, place: Place) -> str:
    noun, below = part.record.noun, Place(part.record.noun, place.depth + 1)
    alias = below.alias
    sight = "true" if above.scope is noun.scope is Scope.PLAN else visible(noun, alias)
    return (
        f"select row_to_json({_ROW}) from (select {_columns(part.record, below)} from {noun.table} {alias} "
        f"where {alias}.trust_id = {TRUST} and {alias}.id = {place.alias}.{part.column} and {sight}) {_ROW}"
    )


def _history(part: History, alias: str) -> str:
    fields = ", ".join(f'{value} as "{key}"' for key, value in part.fields)
    subjects = ", ".join(f"{alias}.{column}" for column in part.subjects)
    until = f" and e.position <= {AS_OF_POSITION}" if part.past else ""
    return (
        f"select coalesce(json_agg({_ROW}), '[]') from (select {fields} from ("
        f"{part.source} and e.subject_id in ({subjects}) and e.position > {part.after}{until} "
        f"order by e.position limit {part.limit}) h) {_ROW}"
    )


def _connection(page: Connection, above: Place | None) -> str:
    place = Place(page.noun, 0 if above is None else above.depth + 1, above, page.column)
    return f"(select row_to_json({_ROW}) from ({_members(page, place)}) {_ROW})"


def _members(page: Connection, place: Place) -> str:
    """What is asked of a page as one row. Only where something has to know its ends are they looked for."""
    only = page.members[0] if len(page.members) == 1 else None
    if isinstance(only, Nodes) and not page.order.backward:
        return f'select ({_plain(page, only, place)}) as "{only.key}"'
    if all(isinstance(member, (Total, Constant)) for member in page.members):
        # Nothing is shown of the page, but PostgreSQL refuses a statement that leaves out a value it is given.
        told = ", ".join(f'{_member(member, page, place, ())} as "{member.key}"' for member in page.members)
        return f"select {told} from (select count(*) from (select {_rows(page, place)} limit {page.limit}) q) q"
    return _counted(page, place)


def _plain(page: Connection, nodes: Nodes, place: Place) -> str:
    """The records alone: nothing has to know where the page ends."""
    return (
        f"select coalesce(json_agg({_ROW}), '[]') from (select {_columns(nodes.record, place)} "
        f"{_rows(page, place)} order by {_order(page, place)} limit {page.limit}) {_ROW}"
    )


def _counted(page: Connection, place: Place) -> str:
    """The page with its ends: one row more than asked for tells whether there are more."""
    alias, order = place.alias, _order(page, place)
    records = [member.record for member in page.members if isinstance(member, Nodes)]
    records += [
        part
        for member in page.members
        if isinstance(member, Edges)
        for _, part in member.parts
        if isinstance(part, Record)
    ]
    bodies = "".join(
        f", case when {alias}.rn <= {page.limit} then "
        f"(select row_to_json({_ROW}) from (select {_columns(record, place)}) {_ROW}) end n{index}"
        for index, record in enumerate(records)
    )
    members = ", ".join(f'{_member(member, page, place, records)} as "{member.key}"' for member in page.members)
    return (
        f"select {members} from (select {_cursor(page, alias)} cursor, {alias}.rn{bodies} from ("
        f"select {alias}.*, row_number() over (order by {order}) rn {_rows(page, place)} order by {order} "
        f"limit {page.limit} + 1) {alias}) q having true"  # one row, also where nothing that is selected counts the rows
    )


def _member(member: Member, page: Connection, place: Place, records: Sequence[Record]) -> str:
    shown = f"filter (where q.rn <= {page.limit})"
    order = "q.rn desc" if page.order.backward else "q.rn"
    match member:
        case Nodes():
            return f"coalesce(json_agg(q.n{_index(records, member.record)} order by {order}) {shown}, '[]')"
        case Edges():
            parts = ", ".join(f'{_edge_part(part, records)} as "{key}"' for key, part in member.parts)
            return f"coalesce(json_agg((select row_to_json({_ROW}) from (select {parts}) {_ROW}) order by {order}) {shown}, '[]')"
        case PageInfo():
            parts = ", ".join(f"'{key}', {_end(name, page)}" for key, name in member.parts)
            return f"json_build_object({parts})"
        case Total():
            alias = place.alias
            return f"(select count(*) from {page.noun.table} {alias} where {_where(page, place)})"
        case Constant():
            return f"'{member.text}'"


def _index(records: Sequence[Record], record: Record) -> int:
    return next(index for index, one in enumerate(records) if one is record)


def _edge_part(part: Record | str | None, records: Sequence[Record]) -> str:
    if part is None:
        return "q.cursor"
    return f"'{part}'" if isinstance(part, str) else f"q.n{_index(records, part)}"


def _end(name: str, page: Connection) -> str:
    """One thing told of a page's ends. Backward, the extra row stands before the page."""
    backward = page.order.backward
    extra, entered = f"coalesce(max(q.rn) > {page.limit}, false)", "true" if page.order.after else "false"
    shown = f"filter (where q.rn <= {page.limit})"
    first, last = (f"(array_agg(q.cursor order by q.rn{way}) {shown})[1]" for way in ("", " desc"))
    told = {
        "hasNextPage": entered if backward else extra,
        "hasPreviousPage": extra if backward else entered,
        "startCursor": last if backward else first,
        "endCursor": first if backward else last,
    }
    return told[name] if name in told else f"'{name.removeprefix(':')}'"


def _rows(page: Connection, place: Place) -> str:
    """FROM and WHERE of a page: with what narrows it, and from where it goes on."""
    conditions, order = _where(page, place), page.order
    if order.after is not None:
        sort = page.noun.sorts[order.sort]
        key, record_id = order.after
        way = "<" if order.descending != order.backward else ">"
        conditions += (
            f" and ({sort.sql.format(t=place.alias)}, {place.alias}.id) {way} ({key}::{sort.cast}, {record_id})"
        )
    return f"from {page.noun.table} {place.alias} where {conditions}"


def _where(page: Connection, place: Place) -> str:
    noun, alias, above = page.noun, place.alias, place.above
    conditions = [f"{alias}.trust_id = {TRUST}"]
    if above is not None:
        conditions.append(page.below.format(t=alias, above=above.alias, trust=TRUST, today=f"{TODAY}::date"))
    if above is None or not (page.column and above.noun.scope is noun.scope is Scope.PLAN):
        conditions.append(visible(noun, alias))
    if issubclass(noun.entity, Withdrawable) and not page.withdrawn:
        conditions.append(f"{alias}.withdrawn_at is null")
    conditions += [condition.format(t=alias, trust=TRUST, today=f"{TODAY}::date") for condition in page.conditions]
    return " and ".join(conditions)


def _order(page: Connection, place: Place) -> str:
    down = " desc" if page.order.descending != page.order.backward else ""
    return f"{page.noun.sorts[page.order.sort].sql.format(t=place.alias)}{down}, {place.alias}.id{down}"


def _cursor(page: Connection, alias: str) -> str:
    """What names a place in the list: how it is sorted, the sort key and the id."""
    way = f"{'-' if page.order.descending else ''}{page.order.sort}"
    key = page.noun.sorts[page.order.sort].sql.format(t=alias)
    told = f"json_build_array('{way}', ({key})::text, {alias}.id)::text"
    return f"translate(encode(convert_to({told}, 'UTF8'), 'base64'), e'\\n', '')"
