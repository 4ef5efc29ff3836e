"""Proving the event log: every position there, every link of the chain whole, every row as its bytes say.

Run as `milepost_ops`, which sees every trust. What the chain cannot show, a rewritten or shortened log, is shown by heads
that somebody noted outside the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from app.db.as_of import shadow_of
from app.db.event_log import GENESIS
from app.db.facts import BROKEN
from app.domain.entity import Entity
from app.domain.model import ENTITIES

# The first row at which anything is wrong. CASE looks at the bytes only once their hash holds.
_FIRST_BAD: Final = """
select position, fault from (
  select e.position, case
    when e.position <> lag(e.position, 1, 0::bigint) over w + 1 then 'an event before it is missing'
    when e.previous_hash <> lag(e.hash, 1, $2::bytea) over w then 'it is not chained to the event before it'
    when e.hash <> sha256(e.previous_hash || e.body) then 'its bytes are not those that were hashed'
    when e.recorded_at < lag(e.recorded_at) over w then 'it was recorded before the event before it'
    when (b.j->>'trust', b.j->>'position', b.j->>'type', b.j->>'noun', b.j->>'subject', b.j->>'plan', b.j->>'actor')
        is distinct from (e.trust_id::text, e.position::text, e.type, e.noun, e.subject_id::text, e.plan_id::text, e.actor)
      or b.j->>'recordedAt' is distinct from to_char(e.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
      or b.j->'academies' is distinct from to_jsonb(e.academies)
      then 'its columns differ from its bytes'
    when x.reason is not null
        and encode(sha256(x.salt || convert_to(x.reason, 'UTF8')), 'hex') is distinct from b.j->>'reasonDigest'
      then 'the reason beside it is not the one it was recorded with'
    when exists (select 1 from jsonb_each_text(x.fields) f where f.value is not null
        and encode(sha256(x.salt || convert_to(f.value, 'UTF8')), 'hex') is distinct from b.j->'textDigests'->>f.key)
      then 'the text beside it is not the one it was recorded with'
  end as fault
  from event e
  left join event_text x on x.trust_id = e.trust_id and x.position = e.position
  left join lateral (
    select case when e.hash = sha256(e.previous_hash || e.body) then convert_from(e.body, 'UTF8')::jsonb end as j) b on true
  where e.trust_id = $1 and e.position <= $3
  window w as (order by e.position)) rows
where fault is not null order by position limit 1"""
_LAST: Final = "select position, hash from event where trust_id = $1 order by position desc limit 1"
_HEAD: Final = "select position, hash from event_head where trust_id = $1"
_AT: Final = "select hash from event where trust_id = $1 and position = $2"
_TRUSTS: Final = "select trust_id from event_head union select trust_id from event union select trust_id from trust"


@dataclass(frozen=True)
class Head:
    """The end of a trust's log: note it outside the database, and the log can no longer be rewritten unnoticed."""

    position: int
    hash: bytes


@dataclass(frozen=True)
class Verdict:
    """What was found of one trust. `fault` names the first bad row, if there is one."""

    trust_id: UUID
    head: Head
    position: int | None = None
    fault: str | None = None


async def verify(
    connection: asyncpg.Connection, trust_id: UUID, *, noted: Head | None = None, against_tables: bool = True
) -> Verdict:
    """Verify one trust's log: its rows, its head, what was noted of it, and that the tables hold what it tells."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return await _verify(connection, trust_id, noted, against_tables=against_tables)


async def verify_all(connection: asyncpg.Connection, *, noted: Mapping[UUID, Head] | None = None) -> list[Verdict]:
    """Verify every trust that has a log, and every one whose head was noted."""
    noted = noted or {}
    trusts = {row["trust_id"] for row in await connection.fetch(_TRUSTS)} | noted.keys()
    return [await verify(connection, trust, noted=noted.get(trust)) for trust in sorted(trusts)]


async def _verify(
    connection: asyncpg.Connection, trust_id: UUID, noted: Head | None, *, against_tables: bool
) -> Verdict:
    last = _head(await connection.fetchrow(_LAST, trust_id))
    bad = await _first_bad(connection, trust_id, last.position)
    if bad is not None:
        return Verdict(trust_id, last, *bad)
    kept = _head(await connection.fetchrow(_HEAD, trust_id))
    if kept != last:
        position = min(kept.position, last.position) + 1
        return Verdict(trust_id, last, position, "the head of the log does not stand at its last event")
    if noted is not None and await _hash_at(connection, trust_id, noted.position) != noted.hash:
        return Verdict(trust_id, last, noted.position, "it is not the event whose hash was noted")
    drifted = await _drifted(connection, trust_id) if against_tables else None
    return Verdict(trust_id, last, None, drifted)


async def _first_bad(connection: asyncpg.Connection, trust_id: UUID, end: int) -> tuple[int, str] | None:
    """The first bad row up to a position. Bytes that are hashed and yet no JSON make PostgreSQL stop: halving finds them."""
    whole, bad = 0, end
    looked = end
    while True:
        try:
            async with connection.transaction():
                found = await connection.fetchrow(_FIRST_BAD, trust_id, GENESIS, looked)
        except asyncpg.DataError:
            bad = looked
        else:
            if found is not None:
                return found["position"], found["fault"]
            if looked == end:
                return None
            whole = looked
        if bad - whole <= 1:
            return bad, "its bytes are no JSON"
        looked = (whole + bad) // 2


async def _hash_at(connection: asyncpg.Connection, trust_id: UUID, position: int) -> bytes | None:
    found: bytes | None = await connection.fetchval(_AT, trust_id, position)
    return found if position else GENESIS


async def _drifted(connection: asyncpg.Connection, trust_id: UUID) -> str | None:
    """The first record of which its table holds anything else than the log tells: a change that went past it."""
    for entity in ENTITIES:
        try:
            async with connection.transaction():
                record_id = await connection.fetchval(_differing(entity), trust_id)
        except asyncpg.DataError:
            return f"the events of {entity.noun()} hold values that its table cannot"
        if record_id is not None:
            return f"the table {entity.noun()} holds something that no event tells of, in {record_id}"
    for told, query in BROKEN.items():
        record_id = await connection.fetchval(query, trust_id)
        if record_id is not None:
            return f"{told}, in {record_id}"
    return None


def _differing(entity: type[Entity]) -> str:
    """The id of a record whose row and events differ. Where text was erased from the log, the row must not have it either."""
    noun = entity.noun()
    told = [column.name for column in entity.columns() if column.name not in entity.SECRET | entity.PERSONAL]
    columns = ", ".join(f'"{name}"' for name in told)
    kept = f"select {columns} from app.{noun} where trust_id = $1"
    logged = f"select {columns} from {noun}"
    texts = "".join(
        f" union all select t.id from app.{noun} t join {noun} s on s.id = t.id where t.trust_id = $1"
        f" and s.{name} is distinct from t.{name}"
        for name in sorted(entity.PERSONAL)
    )
    return (
        f"with {shadow_of(entity)} select id from (select id from ({kept} except {logged}) a"
        f" union all select id from ({logged} except {kept}) b{texts}) d order by id limit 1"
    )


def _head(row: asyncpg.Record | None) -> Head:
    return Head(0, GENESIS) if row is None else Head(row["position"], row["hash"])
