"""What a database holds, counted and read past the application, so that "nothing was written" can be said of all of it."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import asyncpg
import pytest

from app.domain.errors import Refusal
from app.domain.model import KEPT
from tests.conftest import Installation

B = TypeVar("B", bound=BaseException)
_ROWS = " union all ".join(
    f"select '{noun}' as noun, md5(coalesce(string_agg(t::text, '|' order by id), '')) as digest from app.{noun} t"
    for noun in (entity.noun() for entity in KEPT)
)


@asynccontextmanager
async def superuser(installation: Installation) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(installation.dsn("postgres"), server_settings={"search_path": "app, public"})
    try:
        yield connection
    finally:
        await connection.close()


@dataclass(frozen=True)
class Ledger:
    """Every table's digest, and how far every trust's log goes."""

    tables: dict[str, str]
    events: int
    texts: int
    heads: dict[str, int]


async def ledger(installation: Installation) -> Ledger:
    async with superuser(installation) as connection:
        return Ledger(
            tables={row["noun"]: row["digest"] for row in await connection.fetch(_ROWS)},
            events=await connection.fetchval("select count(*) from event"),
            texts=await connection.fetchval("select count(*) from event_text"),
            heads={str(row["trust_id"]): row["position"] for row in await connection.fetch("select * from event_head")},
        )


@dataclass
class Told:
    """The events that were appended, as what they say of the world: type, data and what stands beside."""

    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]


async def told_after(installation: Installation, trust: str, position: int) -> Told:
    """The trust's events after a position, each with its stored body, reason and texts."""
    async with superuser(installation) as connection:
        rows = await connection.fetch(
            "select e.body, x.reason, x.fields::text as fields from event e left join event_text x"
            " on x.trust_id = e.trust_id and x.position = e.position"
            " where e.trust_id = $1 and e.position > $2 order by e.position",
            installation.actor(trust).trust_id,
            position,
        )
    return Told(
        [
            {**json.loads(row["body"]), "reason": row["reason"], "texts": json.loads(row["fields"] or "{}")}
            for row in rows
        ]
    )


@asynccontextmanager
async def telling(installation: Installation, trust: str = "kestrel") -> AsyncIterator[Told]:
    """Collects the events that the block appends to the trust's log."""
    told = Told()
    head = (await ledger(installation)).heads.get(str(installation.actor(trust).trust_id), 0)
    yield told
    told.events = (await told_after(installation, trust, head)).events


@contextmanager
def stopped(kind: type[B]) -> Iterator[pytest.ExceptionInfo[B]]:
    """The block, however many statements it takes, is ended by this."""
    with pytest.raises(kind) as caught:
        yield caught


@asynccontextmanager
async def nothing_written(installation: Installation) -> AsyncIterator[None]:
    before = await ledger(installation)
    yield
    assert await ledger(installation) == before


@asynccontextmanager
async def refused(installation: Installation, kind: type[Refusal], sentence: str) -> AsyncIterator[None]:
    """The block is refused with exactly this sentence, and nothing at all was written."""
    async with nothing_written(installation):
        with pytest.raises(kind) as caught:
            yield
        assert caught.value.sentence == sentence


def said(event: dict[str, Any]) -> dict[str, Any]:
    """An event without what the moment and the chain give it."""
    moment = {"position", "recordedAt", "reasonDigest", "textDigests", "trust"}
    return {name: value for name, value in event.items() if name not in moment}
