"""P2: nothing sensitive is told without a note of who read it, and nothing is noted that was not told."""

import asyncio
import json
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import httpx
import uvicorn
from pydantic.alias_generators import to_camel

from app.db.noun import Noun
from app.domain.model import KEPT
from app.graphql.feed import Feed
from app.graphql.meanings import Below, meanings
from app.graphql.nouns import plural, single
from app.queries.nouns import NOUNS
from app.queries.trusts import TRUSTS
from tests.api.samples import create_by_other_ways, create_each
from tests.conftest import Installation
from tests.faults.bars import Bar, Findings, Run
from tests.faults.ground import connected, service

TRUST: Final = "kestrel"
SENSITIVE: Final = tuple(noun for noun in NOUNS.values() if noun.entity.SENSITIVE)
_MERGE: Final = {"Content-Type": "application/merge-patch+json"}
_GRADE: Final = '"good"'


@dataclass(frozen=True)
class Ask:
    """One way to a sensitive record: what is sent, and to which record alone it leads, if it is one."""

    name: str
    method: str
    address: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    tells: bool = True


@dataclass
class Ground:
    """The service with sensitive records that hold words of their own, and somebody who may read them all."""

    installation: Installation
    client: httpx.AsyncClient
    above: asyncpg.Connection
    actor: str
    words: dict[tuple[str, UUID], str]
    port: int = 0

    def records(self, noun: Noun) -> list[UUID]:
        return [record_id for table, record_id in self.words if table == noun.table]

    def told(self, text: str) -> set[tuple[str, UUID]]:
        """The records of which something sensitive stands in an answer: a text, or a grade where it is asked for alone."""
        found = {record for record, word in self.words.items() if word in text}
        graded = [("observation", UUID(part[:36])) for part in text.split(f'{_GRADE[:-1]}","graded":"')[1:]]
        return found | set(graded)

    async def noted(self) -> set[tuple[str, UUID]]:
        """What was noted since it was last asked; whatever is noted otherwise than it should be counts as another record."""
        rows = await self.above.fetch("delete from sensitive_read returning *")
        right = {"rest", "graphql"}
        return {
            (row["kind"], row["record_id"])
            if row["actor"] == self.actor and row["channel"] in right and row["purpose"]
            else (f"noted wrongly: {row['actor']}, {row['channel']}, {row['purpose']}", row["record_id"])
            for row in rows
        }


@asynccontextmanager
async def prepared(run: Run) -> AsyncIterator[Ground]:
    async with service(run.server, "packed") as installation, connected(installation.dsn("postgres")) as above:
        key = await installation.key(TRUST)
        async with installation.client(key) as client:
            made = await create_each(client, "p2")
            await create_by_other_ways(client, "p2", made)
            for number in (1, 2):
                body = {"academyId": made["academies"], "kind": "lesson", "on": f"2026-10-0{number}", "judged": True}
                (await client.post("/v1/observations", json=body | {"progressGrade": "good"})).raise_for_status()
            ground = Ground(installation, client, above, f"key:{key.split('_')[3]}", {})
            await _give_words(ground)
            await ground.noted()
            async with _listening(ground):
                yield ground


async def _give_words(ground: Ground) -> None:
    """Every sensitive text of every record gets a word of the record's own, through the door."""
    for noun in SENSITIVE:
        texts = sorted(noun.entity.SENSITIVE & noun.entity.PERSONAL)
        query = f"select id, version from {noun.table} where trust_id = $1 and withdrawn_at is null order by id"
        for row in await ground.above.fetch(query, ground.installation.actor(TRUST).trust_id):
            word = f"word-{row['id'].hex}"
            body = {to_camel(name): f"{name} {word}" for name in texts}
            if noun.table == "head_report_section":
                await ground.above.execute("update head_report set status = 'draft', submitted_on = null")
            headers = {"If-Match": f'"v{row["version"]}"', **_MERGE}
            answer = await ground.client.patch(f"/v1/{noun.plural}/{row['id']}", json=body, headers=headers)
            answer.raise_for_status()
            ground.words[noun.table, row["id"]] = word


@asynccontextmanager
async def _listening(ground: Ground) -> AsyncIterator[None]:
    """The same service on a socket, for subscriptions."""
    app = ground.installation.app
    app.state.feed = Feed(app.state.database, stopping=lambda: app.state.draining, most=10, look_seconds=0.02)
    listening = socket.create_server(("127.0.0.1", 0))
    ground.port = listening.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical"))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await task


async def ways(ground: Ground) -> AsyncIterator[Ask]:
    """Every way to every sensitive column."""
    for noun in SENSITIVE:
        for record_id in ground.records(noun)[:1]:
            async for ask in _rest(ground, noun, record_id):
                yield ask
            for column in sorted(noun.entity.SENSITIVE):
                for ask in _graphql(noun, record_id, to_camel(column), await _version(ground, noun, record_id)):
                    yield ask


async def _rest(ground: Ground, noun: Noun, record_id: UUID) -> AsyncIterator[Ask]:
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    at = f"/v1/{noun.plural}"
    one, past = f"{at}/{record_id}", f"asOf={now}"
    for address in (at, f"{at}?limit=1", f"{at}?{past}", one, f"{one}?{past}", f"{one}/history"):
        yield Ask("GET", "GET", address)
    for address in (f"/v1/events?subject={record_id}", f"/v1/events?type={noun.table}.changed&limit=1"):
        yield Ask("events", "GET", address)
    for above in NOUNS.values():
        for child in above.children():
            if child.noun() is noun:
                query = f"select {child.column} from {noun.table} where id = $1"
                parent = await ground.above.fetchval(query, record_id)
                yield Ask("page", "GET", f"/v1/{above.plural}/{parent}/page")
                yield Ask("page", "GET", f"/v1/{above.plural}/{parent}/page?{past}")
    tag = f'"v{await _version(ground, noun, record_id)}"'
    yield Ask("not modified", "GET", one, headers={"If-None-Match": "*"}, tells=False)
    yield Ask("not modified", "GET", at, headers={"If-None-Match": "*"}, tells=False)
    yield Ask("PATCH", "PATCH", one, {}, {"If-Match": tag, **_MERGE})
    body = {"reason": "Seen twice."}
    if noun.table == "observation":
        extra = ground.records(noun)[-1]
        key = {"Idempotency-Key": "p2", "If-Match": f'"v{await _version(ground, noun, extra)}"'}
        yield Ask("withdrawal", "POST", f"{at}/{extra}/withdrawal", body, key)
        yield Ask("replay", "POST", f"{at}/{extra}/withdrawal", body, key)


def _graphql(noun: Noun, record_id: UUID, name: str, version: int) -> Iterator[Ask]:
    now, title = datetime.now(UTC).isoformat(), noun.title
    shown = f"{name} graded: uuid"
    alone = f'{single(noun)}(id: "{record_id}")'
    queries = {
        "record": f"{{ {alone} {{ {shown} }} }}",
        "fragment": f"{{ {alone} {{ ...f }} }} fragment f on {title} {{ {shown} }}",
        "past": f'{{ {single(noun)}(id: "{record_id}", asOf: "{now}") {{ {shown} }} }}',
        "node": f'{{ node(id: "{title}:{record_id}") {{ ... on {title} {{ {shown} }} }} }}',
        "nodes": f'{{ nodes(ids: ["{title}:{record_id}"]) {{ ... on {title} {{ {shown} }} }} }}',
        "page": f"{{ {plural(noun)}(first: 1) {{ nodes {{ {shown} }} }} }}",
        "edges": f"{{ {plural(noun)}(first: 1) {{ edges {{ node {{ {shown} }} }} pageInfo {{ hasNextPage }} }} }}",
        "history": f"{{ {alone} {{ history(first: 500) {{ texts data {{ after }} }} }} }}",
        "events": f'{{ events(subject: "{record_id}") {{ items {{ texts }} }} }}',
    }
    page = f"(first: 1) {{ nodes {{ {shown} }} pageInfo {{ hasNextPage }} }}"
    for above in NOUNS.values():
        for field_name, meaning in meanings(above).items():
            if isinstance(meaning, Below) and meaning.noun is noun:
                below = f"{{ {field_name}{page} }}"
                whole = f"trust {below}" if above is TRUSTS else f"{plural(above)}(first: 50) {{ nodes {below} }}"
                queries[f"below {above.name}"] = f"{{ {whole} }}"
    for way, query in queries.items():
        yield Ask(f"GraphQL {way} {name}", "POST", "/graphql", {"query": query})
    change = (
        f'mutation {{ change{title}(id: "{record_id}", expectedVersion: {version}, input: {{}}) '
        f"{{ ... on {title} {{ {shown} }} }} }}"
    )
    yield Ask(f"GraphQL mutation {name}", "POST", "/graphql", {"query": change})
    filters = f'after: 0, subject: "{record_id}", type: "{noun.table}.changed"'
    follow = f"subscription {{ events({filters}) {{ texts data {{ after }} }} }}"
    yield Ask("subscription", "STREAM", "/graphql", {"query": follow})


async def _version(ground: Ground, noun: Noun, record_id: UUID) -> int:
    found: int = await ground.above.fetchval(f"select version from {noun.table} where id = $1", record_id)
    return found


async def send(ground: Ground, ask: Ask) -> tuple[int, str]:
    if ask.method == "STREAM":
        return await _stream(ground, ask)
    content = None if ask.body is None else json.dumps(ask.body)
    headers = {"Content-Type": "application/json", **ask.headers}
    answer = await ground.client.request(ask.method, ask.address, content=content, headers=headers)
    return answer.status_code, answer.text


async def _stream(ground: Ground, ask: Ask) -> tuple[int, str]:
    """What is told first: all events there are about the record stand in one batch."""
    headers = {"Authorization": ground.client.headers["Authorization"], "Accept": "text/event-stream"}
    async with (
        httpx.AsyncClient(timeout=5) as client,
        client.stream("POST", f"http://127.0.0.1:{ground.port}{ask.address}", json=ask.body, headers=headers) as answer,
    ):
        told = ""
        async for line in answer.aiter_lines():
            told += line
            if line.startswith("data: {"):
                break
        return answer.status_code, told


async def _count(ground: Ground) -> tuple[int, Counter[str], list[str]]:
    asked, faults, samples = 0, Counter[str](), []
    async for ask in ways(ground):
        status, text = await send(ground, ask)
        told, noted = ground.told(text), await ground.noted()
        asked += 1
        wrong = {
            "told without a note": len(told - noted),
            "noted and not told": len(noted - told) if ask.method != "STREAM" else 0,
            "not answered": status >= 400 or '"errors":[' in text or (ask.tells != bool(told)),
        }
        for kind, count in wrong.items():
            faults[kind] += count
            samples += [f"{kind}: {ask.name} {ask.address} {ask.body or ''}: {status} {text[:300]}"] if count else []
    return asked, faults, samples


async def _noted(run: Run, *, planted: str | None = None) -> Findings:
    kinds = ("told without a note", "noted and not told", "not answered", "told where no note could be made")
    async with prepared(run) as ground:
        if planted is not None:
            await ground.above.execute(planted)
        asked, faults, samples = await _count(ground)
        await ground.above.execute("revoke insert on sensitive_read from milepost_app")
        async for ask in ways(ground):
            told = ground.told((await send(ground, ask))[1])
            faults["told where no note could be made"] += len(told)
            samples += [f"told where no note could be made: {ask.name} {ask.address} {ask.body or ''}"] if told else []
    columns = sum(len(kind.SENSITIVE) for kind in KEPT)
    counted = f"{columns} sensitive columns by {asked} ways, each again where no note can be made"
    return Findings(counted, {kind: faults[kind] for kind in kinds}, samples)


async def _noted_honestly(run: Run) -> Findings:
    return await _noted(run)


async def _told_without_notes(run: Run) -> Findings:
    return await _noted(
        run,
        planted="create or replace function app.noted(kind text, record uuid) returns boolean language sql as 'select true'",
    )


P2 = Bar("P2", _noted_honestly, "no note is written", _told_without_notes, "told without a note")
