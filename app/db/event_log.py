"""The event log: append-only, one gapless position and one hash chain per trust.

Each row keeps the exact bytes that were hashed: canonical JSON of the whole envelope. Text that may name somebody
stands beside them in `event_text`, where it can be erased; the bytes hold only its salted digest.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Self
from uuid import UUID

import asyncpg
import orjson
from pydantic.alias_generators import to_camel

from app.domain.actor import Actor
from app.domain.entity import Entity
from app.domain.events import Event

GENESIS: Final = bytes(32)

_TAKE_POSITIONS = """
update event_head set position = position + $2 where trust_id = $1 returning position, hash, recorded_at"""
_OPEN_LOG = (
    "insert into event_head (trust_id, position, hash, recorded_at) values ($1, 0, $2, $3) on conflict do nothing"
)
_APPEND = """
insert into event (trust_id, position, type, noun, subject_id, plan_id, academies, actor, recorded_at, body,
                   previous_hash, hash)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"""
_APPEND_TEXT = (
    "insert into event_text (trust_id, position, salt, reason, fields) values ($1, $2, $3, $4, $5::text::jsonb)"
)
_CLOSE = "update event_head set hash = $2, recorded_at = $3 where trust_id = $1"


def canonical(value: Any) -> bytes:
    """The one spelling of a value that is hashed: sorted keys, no blanks, exact decimals, instants in UTC with Z."""
    return orjson.dumps(value, default=_spell, option=orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME)


def chained(previous: bytes, body: bytes) -> bytes:
    return hashlib.sha256(previous + body).digest()


@dataclass(frozen=True)
class Entry:
    """What an event will say, before its position is known. `body` is hashed; `reason` and `texts` stand beside it."""

    record: Entity
    body: dict[str, Any]
    salt: bytes
    reason: str | None
    texts: dict[str, Any]

    @classmethod
    def of(cls, event: Event, *, before: Mapping[str, Any], after: Mapping[str, Any]) -> Self:
        """Column names become the outside's camelCase."""
        record, salt = event.record, secrets.token_bytes(16)
        kind = type(record)
        told = (name for name in kind.PERSONAL if after.get(name) is not None or (name in after and before.get(name)))
        texts = {to_camel(name): after[name] for name in told}
        hidden = kind.PERSONAL | kind.SECRET | {"trust_id"}
        body = {
            "type": event.type,
            "noun": record.noun(),
            "subject": record.id,
            "plan": record.id if record.noun() == "plan" else getattr(record, "plan_id", None),
            "on": event.on,
            "detail": {name: value for name, value in event.detail.items() if value is not None},
            "data": {"before": _shown(before, hidden), "after": _shown(after, hidden)},
            "reasonDigest": _digest(salt, event.reason),
            "textDigests": {name: _digest(salt, value) for name, value in texts.items() if value is not None},
        }
        return cls(record, body, salt, event.reason, texts)


async def append(
    connection: asyncpg.Connection,
    actor: Actor,
    entries: list[Entry],
    academies: Mapping[Entity, frozenset[UUID]],
    *,
    clock: Callable[[], datetime],
) -> None:
    """Give the entries the next positions of their trust and chain them.

    The head row stays locked from here to the commit, so positions have no gaps and their order is commit order.
    """
    trust = actor.trust_id
    head = await connection.fetchrow(_TAKE_POSITIONS, trust, len(entries))
    if head is None:
        await connection.execute(_OPEN_LOG, trust, GENESIS, clock())
        head = await connection.fetchrow(_TAKE_POSITIONS, trust, len(entries))
    recorded_at = max(clock().astimezone(UTC), head["recorded_at"] + timedelta(microseconds=1))
    previous, rows, texts = head["hash"], [], []
    for position, item in enumerate(entries, start=head["position"] - len(entries) + 1):
        about = sorted(academies[item.record])
        body = canonical(
            item.body
            | {
                "trust": trust,
                "position": position,
                "academies": about,
                "actor": actor.subject,
                "channel": actor.channel,
            }
            | {"recordedAt": _instant(recorded_at)}
        )
        digest = chained(previous, body)
        said = item.body
        about_it = (said["type"], said["noun"], said["subject"], said["plan"], about, actor.subject)
        rows.append((trust, position, *about_it, recorded_at, body, previous, digest))
        if item.reason is not None or item.texts:
            texts.append((trust, position, item.salt, item.reason, orjson.dumps(item.texts).decode()))
        previous = digest
    await connection.executemany(_APPEND, rows)
    if texts:
        await connection.executemany(_APPEND_TEXT, texts)
    await connection.execute(_CLOSE, trust, previous, recorded_at)


def _shown(values: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    return {to_camel(name): value for name, value in values.items() if name not in hidden}


def _digest(salt: bytes, text: str | None) -> str | None:
    return None if text is None else hashlib.sha256(salt + text.encode()).hexdigest()


def _instant(value: datetime) -> str:
    """Always with microseconds, as PostgreSQL's own spelling here has them."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _spell(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, (date, UUID)):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical spelling")
