"""D6: a storm of retries has one effect, and everybody is told the same."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import orjson

from app.api import writing
from app.db.idempotency import Answer, Claim
from app.db.unit_of_work import UnitOfWork
from tests.conftest import Installation
from tests.faults.bars import Bar, Findings, Run
from tests.faults.ground import connected, service

_ROWS = "select count(*) from app.evidence where note = 'storm'"
_EVENTS = "select count(*) from app.event where noun = 'evidence'"


async def _storm(run: Run) -> Findings:
    count = run.size(64, 1_000)
    async with service(run.server, "packed") as installation:
        before = await _value(installation, _EVENTS)
        answers, retries = await _send(installation, count)
        rows = await _value(installation, _ROWS)
        events = await _value(installation, _EVENTS) - before
    told = Counter((answer.status_code, answer.content, answer.headers.get("etag")) for answer in answers)
    firsts = sum("idempotency-replayed" not in answer.headers for answer in answers)
    faults = {
        "rows too many": abs(rows - 1),
        "events too many": abs(events - 1),
        "unequal answers": count - told.most_common(1)[0][1] + (told.most_common(1)[0][0][0] != 201),
    }
    return Findings(
        f"{count:,} identical requests at once ({retries:,} sent again), {rows} row, {firsts} not a replay", faults
    )


async def _send(installation: Installation, count: int) -> tuple[list[httpx.Response], int]:
    """All at once, and each again while it is told to come back later."""
    retries = 0
    async with installation.client(await installation.key("kestrel")) as client:
        milestone = (await client.get("/v1/milestones?limit=1")).json()["items"][0]
        body = {"milestoneId": milestone["id"], "note": "storm"}

        async def one() -> httpx.Response:
            nonlocal retries
            while True:
                answer = await client.post("/v1/evidence", json=body, headers={"Idempotency-Key": "storm"})
                if answer.status_code != 503 and not answer.text.startswith(
                    '{"type":"/problems/idempotency-in-progress"'
                ):
                    return answer
                retries += 1
                await asyncio.sleep(0.2)

        return await asyncio.gather(*(one() for _ in range(count))), retries


async def _value(installation: Installation, sql: str) -> int:
    async with connected(installation.dsn("postgres")) as connection:
        return int(await connection.fetchval(sql))


async def _storm_with_a_look_first(run: Run) -> Findings:
    with _look_first():
        return await _storm(run)


@contextmanager
def _look_first() -> Iterator[None]:
    """The defect: look whether the key has an answer, do the work, and only then write the key down."""
    honest, honest_keep = writing.claim, writing.keep

    async def claim(work: UnitOfWork, key: Claim) -> Answer | None:
        kept = await work.raw.fetchrow(
            "select status, headers::text as headers, body from idempotency where key = $1", key.key
        )
        return Answer(kept["status"], orjson.loads(kept["headers"]), kept["body"]) if kept else None

    async def keep(work: UnitOfWork, key: Claim, answer: Answer) -> None:
        await work.raw.execute(
            "insert into idempotency (trust_id, actor, route, key, fingerprint, created_at, status, headers, body)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9) on conflict do nothing",
            work.actor.trust_id, work.actor.subject, key.route, key.key, key.fingerprint, work.now,
            answer.status, orjson.dumps(answer.headers).decode(), answer.body,
        )  # fmt: skip

    writing.claim, writing.keep = claim, keep
    try:
        yield
    finally:
        writing.claim, writing.keep = honest, honest_keep


D6 = Bar("D6", _storm, "SELECT, then INSERT", _storm_with_a_look_first, "rows too many")
