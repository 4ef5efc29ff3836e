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
from app.domain.model import ENTITIES

# The first row at which anything is wrong. CASE looks at the bytes only once their hash holds.
_FIRST_BAD: Final = """
select position, fault from (
  select e.position, case
    when e.position <> lag(e.position, 1, 0::bigint) over w + 1 then 'an event before it is missing'
    when e.previous_hash <> lag(e.hash, 1, $2::bytea) over w then 'it is not chained to the event before it'
    when e.hash <> sha256(e.previous_hash || e.body) then 'its bytes are not those that were hashed'
    when e.recorded_at < lag(e.recorded_at) over w then 'it was recorded before the event before it'
    when (b.j->>'trust')::uuid <> e.trust_id or (b.j->>'position')::bigint <> e.position or b.j->>'type' <> e.type
      or b.j->>'noun' <> e.noun or (b.j->>'subject')::uuid <> e.subject_id or b.j->>'actor' <> e.actor
      or (b.j->>'plan')::uuid is distinct from e.plan_id or (b.j->>'recordedAt')::timestamptz <> e.recorded_at
      or array(select v::uuid from jsonb_array_elements_text(b.j->'academies') v) <> e.academies
      then 'its columns differ from its bytes'
    when x.reason is not null and encode(sha256(x.salt || convert_to(x.reason, 'UTF8')), 'hex') <> b.j->>'reasonDigest'
      then 'the reason beside it is not the one it was recorded with'
    when exists (select 1 from jsonb_each_text(x.fields) f where f.value is not null
        and encode(sha256(x.salt || convert_to(f.value, 'UTF8')), 'hex') is distinct from b.j->'textDigests'->>f.key)
      then 'the text beside it is not the one it was recorded with'
  end as fault
  from event e
  left join event_text x on x.trust_id = e.trust_id and x.position = e.position
  left join lateral (
    select case when e.hash = sha256(e.previous_hash || e.body) then convert_from(e.body, 'UTF8')::jsonb end as j) b on true
  where e.trust_id = $1
  window w as (order by e.position)) rows
where fault is not null order by position limit 1"""
_LAST: Final = "select position, hash from event where trust_id = $1 order by position desc limit 1"
_HEAD: Final = "select position, hash from event_head where trust_id = $1"
_AT: Final = "select hash from event where trust_id = $1 and position = $2"
_TRUSTS: Final = "select trust_id from event_head union select distinct trust_id from event order by 1"


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
    last = _head(await connection.fetchrow(_LAST, trust_id))
    bad = await connection.fetchrow(_FIRST_BAD, trust_id, GENESIS)
    if bad is not None:
        return Verdict(trust_id, last, bad["position"], bad["fault"])
    kept = _head(await connection.fetchrow(_HEAD, trust_id))
    if kept != last:
        position = min(kept.position, last.position) + 1
        return Verdict(trust_id, last, position, "the head of the log does not stand at its last event")
    if noted is not None and await connection.fetchval(_AT, trust_id, noted.position) != noted.hash:
        return Verdict(trust_id, last, noted.position, "it is not the event whose hash was noted")
    drifted = await _drifted(connection, trust_id) if against_tables else None
    return Verdict(trust_id, last, None, drifted)


async def verify_all(connection: asyncpg.Connection, *, noted: Mapping[UUID, Head] | None = None) -> list[Verdict]:
    """Verify every trust that has a log, and every one whose head was noted."""
    noted = noted or {}
    trusts = {row["trust_id"] for row in await connection.fetch(_TRUSTS)} | noted.keys()
    return [await verify(connection, trust, noted=noted.get(trust)) for trust in sorted(trusts)]


async def _drifted(connection: asyncpg.Connection, trust_id: UUID) -> str | None:
    """The first table that holds anything else than the log tells: a change that went past it."""
    for entity in ENTITIES:
        told = [column.name for column in entity.columns() if column.name not in entity.SECRET | entity.PERSONAL]
        columns = ", ".join(f'"{name}"' for name in told)
        differing = await connection.fetchval(
            f"with {shadow_of(entity)}, "
            f"held as (select {columns} from app.{entity.noun()} where trust_id = $1), "
            f"told as (select {columns} from {entity.noun()}) "
            "select count(*) from ((table held except table told) union all (table told except table held)) d",
            trust_id,
        )
        if differing:
            return f"the table {entity.noun()} holds something that no event tells of"
    return None


def _head(row: asyncpg.Record | None) -> Head:
    return Head(0, GENESIS) if row is None else Head(row["position"], row["hash"])
