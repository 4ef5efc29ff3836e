"""One request, one effect: the answer to a key is kept in the transaction that did the work."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import asyncpg
import orjson

from app.db.unit_of_work import UnitOfWork
from app.domain.errors import Refusal

KEPT: Final = timedelta(days=30)

_CLAIM = """
insert into idempotency (trust_id, actor, route, key, fingerprint, created_at) values ($1, $2, $3, $4, $5, $6)
on conflict (trust_id, actor, route, key) do update
  set fingerprint = excluded.fingerprint, created_at = excluded.created_at, status = null, body = null, noted = null, replays = 0
  where idempotency.created_at < $6 - $7::interval
returning true"""
# The replay commits a write of its own: with a synchronous standby away, a mere read would confirm what only one machine has.
_REPLAY = """
update idempotency set replays = replays + 1
where trust_id = $1 and actor = $2 and route = $3 and key = $4 and created_at >= $5::timestamptz - $6::interval
returning fingerprint, status, headers::text as headers, case when noted is null
  or (select bool_and(app.noted(one->>0, (one->>1)::uuid)) from jsonb_array_elements(noted) one) then body end as body"""
# What the answer was noted for is noted again with every replay: it tells the same.
_KEEP = """
update idempotency set status = $5, headers = $6::text::jsonb, body = $7, noted = (
  select jsonb_agg(jsonb_build_array(kind, record_id)) from sensitive_read
  where trust_id = $1 and recorded_at = transaction_timestamp() and actor = $2)
where trust_id = $1 and actor = $2 and route = $3 and key = $4"""


class KeyInProgress(Refusal):
    """The first request with this key is still at work."""

    code = "idempotency-in-progress"


class KeyReused(Refusal):
    """The key was used for another request."""

    code = "idempotency-key-reused"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Claim:
    """A key in use by one actor on one route."""

    route: str
    key: str
    fingerprint: bytes

    @classmethod
    def of(cls, route: str, key: str, *said: bytes) -> "Claim":
        """The fingerprint covers everything that made the request what it is."""
        return cls(route, key, hashlib.sha256(b"\0".join(said)).digest())


async def claim(work: UnitOfWork, key: Claim) -> Answer | None:
    """Take the key, or give the answer it already has. A second racer waits here for the first to commit.

    Raises:
        KeyInProgress: the first racer has not finished within the time a lock is waited for.
        KeyReused: the key has the answer to a different request.
    """
    mine = (work.actor.trust_id, work.actor.subject, key.route, key.key)
    try:
        if await work.raw.fetchval(_CLAIM, *mine, key.fingerprint, work.now, KEPT):
            return None
    except asyncpg.LockNotAvailableError:
        raise KeyInProgress("A request with this Idempotency-Key is still being answered. Retry in a second.") from None
    kept = await replayed(work, key)
    if kept is None:
        raise KeyInProgress("What this Idempotency-Key stood for was just forgotten. Send the request again.")
    return kept


async def replayed(work: UnitOfWork, key: Claim) -> Answer | None:
    """The answer that the key already has, if it has.

    Raises:
        KeyReused: the key has the answer to a different request.
    """
    mine = (work.actor.trust_id, work.actor.subject, key.route, key.key)
    kept = await work.raw.fetchrow(_REPLAY, *mine, work.now, KEPT)
    if kept is None:
        return None
    if kept["fingerprint"] != key.fingerprint:
        raise KeyReused("This Idempotency-Key was used for a different request. Use a new key for a new request.")
    return Answer(kept["status"], orjson.loads(kept["headers"]), kept["body"])


async def keep(work: UnitOfWork, key: Claim, answer: Answer) -> None:
    mine = (work.actor.trust_id, work.actor.subject, key.route, key.key)
    await work.raw.execute(_KEEP, *mine, answer.status, orjson.dumps(answer.headers).decode(), answer.body)
