"""Rows kept in batches: written many at a time, and proved by the count and digest that their batch's event holds."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, DateTime

from app.db.unit_of_work import UnitOfWork
from app.domain.entity import Fact
from app.domain.model import FACTS


async def keep_facts(work: UnitOfWork, facts: Sequence[Fact]) -> None:
    """Write new rows of one kind. Their batch is written first, and told the digest afterwards."""
    if not facts:
        return
    kind = type(facts[0])
    await work.flush()
    names = [column.name for column in kind.columns()]
    places = ", ".join(f"${place}" for place in range(1, len(names) + 1))
    columns = ", ".join(f'"{name}"' for name in names)
    rows = [tuple(_plain(getattr(fact, name)) for name in names) for fact in facts]
    await work.write_many(f"insert into {kind.noun()} ({columns}) values ({places})", rows)


async def digest_of(work: UnitOfWork, kind: type[Fact], batch_id: UUID) -> str:
    """SHA-256 over the rows of a batch in the order of their ids, in hex."""
    query = f"select {_digest(kind)} from {kind.noun()} t where t.trust_id = $1 and t.{kind.KEPT_BY} = $2"
    digest: str = await work.value(query, work.actor.trust_id, batch_id)
    return digest


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _digest(kind: type[Fact]) -> str:
    told = [_spelled(column) for column in kind.columns() if column.name not in kind.LATER]
    row = f"sha256(convert_to(row({', '.join(told)})::text, 'UTF8'))"
    return f"encode(sha256(coalesce(string_agg({row}, ''::bytea order by t.id), ''::bytea)), 'hex')"


def _spelled(column: Column[Any]) -> str:
    """Instants by UTC, whatever the session's time zone."""
    name = f't."{column.name}"'
    return f"{name} at time zone 'UTC'" if isinstance(column.type, DateTime) else name


def _batch_of(kind: type[Fact]) -> str:
    return next(iter(kind.table().c[kind.KEPT_BY].foreign_keys)).column.table.name


def _differing(kind: type[Fact]) -> str:
    return (
        f"select b.id from app.{_batch_of(kind)} b where b.trust_id = $1 and b.digest <> (select {_digest(kind)} "
        f"from app.{kind.noun()} t where t.trust_id = b.trust_id and t.{kind.KEPT_BY} = b.id) order by b.id limit 1"
    )


BROKEN: Final = MappingProxyType(
    {
        **{f"the rows of a {_batch_of(kind)} are not those of its digest": _differing(kind) for kind in FACTS},
        "a reading is said to be restated by another than restates it": """
            select r.id from app.reading r left join app.reading n on n.trust_id = r.trust_id and n.supersedes_id = r.id
            where r.trust_id = $1 and (r.superseded_by_id is distinct from n.id or r.superseded_in_id is distinct from n.batch_id)
            order by r.id limit 1""",
    }
)
"""Queries that each tell the id of something wrong; what is wrong, and the query. Argument: the trust."""
