"""Tables as they were: common table expressions that rebuild each table from the event log up to an instant."""

import re
from functools import cache
from typing import Any, Final

from pydantic.alias_generators import to_camel
from sqlalchemy import Column, DefaultClause, LargeBinary
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import ARRAY, TypeDecorator

from app.domain.entity import Entity, Fact
from app.domain.erasure import in_sql
from app.domain.model import KEPT

AS_OF_POSITION: Final = "(select position from as_of_position)"
"""Under the shadows of an instant: the last position there was."""
_DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's
_POSITION: Final = """as_of_position as materialized (
  select coalesce(max(position), 0) as position from event where trust_id = $1 and recorded_at <= {instant}::timestamptz)"""
_STATE: Final = """{table} as materialized (
  select {columns} from (
    select app.merge((convert_from(e.body, 'UTF8')::jsonb #> '{{data,after}}') || coalesce(x.fields, '{{}}')
                     order by e.position) as s
    from event e left join event_text x on x.trust_id = e.trust_id and x.position = e.position
    where e.trust_id = $1 and e.noun = '{table}' and e.position <= (select position from as_of_position)
    group by e.subject_id) folded)"""


def shadows(statement: str, instant: str) -> str:
    """The WITH clause under which `statement` reads every table as it was at `instant` (the name of an argument)."""
    read = [entity for entity in KEPT if re.search(rf"\b(from|join) {entity.noun()}\b", statement)]
    parts = [_POSITION.format(instant=instant), *(_state(entity) for entity in read)]
    return "with " + ",\n".join(parts) + "\n"


def shadow_of(entity: type[Entity]) -> str:
    """The whole log's state of one table: two common table expressions, to stand after WITH."""
    return "as_of_position as materialized (select 9223372036854775807 as position),\n" + _state(entity)


@cache
def _state(entity: type[Entity]) -> str:
    if issubclass(entity, Fact):
        return _known(entity)
    columns = ", ".join(_from_json(column, _without_text(entity, column)) for column in entity.columns())
    return _STATE.format(table=entity.noun(), columns=columns)


def _known(fact: type[Fact]) -> str:
    """Rows kept in batches, as they were known: those of batches that were recorded, replaced by those of such batches alone."""
    batch = next(iter(fact.table().c[fact.KEPT_BY].foreign_keys)).column.table.name
    recorded = f"""(select e.subject_id from event e where e.trust_id = $1 and e.noun = '{batch}'
      and e.position <= (select position from as_of_position))"""
    columns = ", ".join(
        f'case when t.superseded_in_id in {recorded} then t."{column.name}" end as "{column.name}"'
        if column.name in fact.LATER
        else f't."{column.name}"'
        for column in fact.columns()
    )
    table = fact.noun()
    return f"{table} as materialized (select {columns} from app.{table} t where t.trust_id = $1 and t.{fact.KEPT_BY} in {recorded})"


def _without_text(entity: type[Entity], column: Column[Any]) -> str | None:
    """What a column that cannot be empty holds where its text was erased from the log."""
    return in_sql(entity, column.name, "s->>'id'") if column.name in entity.PERSONAL else None


def _from_json(column: Column[Any], instead: str | None = None) -> str:
    """A column's value out of the folded state `s`."""
    name, key = column.name, to_camel(column.name)
    if name == "trust_id":
        return "$1::uuid as trust_id"
    if isinstance(column.type, LargeBinary):
        return f"null::bytea as {name}"
    spelled = _type(column)
    if isinstance(column.type, ARRAY):
        each = f"jsonb_array_elements_text(s->'{key}') with ordinality as e(v, n)"
        elements = f"(select array_agg(v order by n)::{spelled} from {each})"
        return f"case when jsonb_typeof(s->'{key}') = 'array' then coalesce({elements}, '{{}}'::{spelled}) end as \"{name}\""
    value = f"(s->>'{key}')::{spelled}"
    if isinstance(column.server_default, DefaultClause):  # events from before the column was added say nothing of it
        value = f"coalesce({value}, '{column.server_default.arg}'::{spelled})"
    if instead is not None:
        value = f"coalesce({value}, {instead})"
    return f'{value} as "{name}"'


def _type(column: Column[Any]) -> str:
    kind = column.type
    if isinstance(kind, TypeDecorator):
        kind = kind.load_dialect_impl(_DIALECT)
    return str(kind.compile(dialect=_DIALECT))
