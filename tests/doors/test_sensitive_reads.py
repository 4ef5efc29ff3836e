"""Who read what is sensitive: told to whoever audits, through every door, and to nobody who sees only some academies."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest_asyncio

from app.db.embedded import EmbeddedPostgres
from app.domain.roles import Permission, Role
from app.packs.exporting import export_pack
from tests.commands.ledger import superuser
from tests.conftest import Installation, _installed

TRUST = "kestrel"


@dataclass
class Read:
    """Two observations, and a key that has read each of them once, through another door each."""

    installation: Installation
    client: httpx.AsyncClient
    reader: str
    academy: str
    first: str
    second: str


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def read(server: EmbeddedPostgres, packed_template: str) -> AsyncIterator[Read]:
    async for installation in _installed(server, packed_template):
        async with installation.client(await installation.key(TRUST)) as client:
            academy = (await client.get("/v1/academies?limit=1")).json()["items"][0]["id"]
            body = {"academyId": academy, "kind": "lesson", "on": "2026-10-06", "strengths": "Everybody was asked."}
            made = [(await client.post("/v1/observations", json=body)).json()["id"] for _ in range(2)]
            key = await installation.key(TRUST, Role.REVIEWER)
            async with installation.client(key) as reviewer, superuser(installation) as connection:
                await connection.execute("truncate sensitive_read")
                await reviewer.get(f"/v1/observations/{made[0]}")
                await reviewer.post("/graphql", json={"query": f'{{ observation(id: "{made[1]}") {{ strengths }} }}'})
            yield Read(installation, client, f"key:{key.split('_')[3]}", academy, *made)


async def listed(client: httpx.AsyncClient, **asked: Any) -> dict[str, Any]:
    answer = await client.get("/v1/sensitive-reads", params=asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_every_read_is_told_the_newest_first_and_page_by_page(read: Read) -> None:
    told = await listed(read.client, actor=read.reader)
    first = await listed(read.client, actor=read.reader, limit=1)
    second = await listed(read.client, actor=read.reader, limit=1, after=first["nextAfter"])

    assert [{name: one[name] for name in one if name != "recordedAt"} for one in told["items"]] == [
        {"actor": read.reader, "noun": "observation", "recordId": read.second, "channel": "graphql", "purpose": "query"},
        {
            "actor": read.reader, "noun": "observation", "recordId": read.first, "channel": "rest",
            "purpose": "GET /v1/observations",
        },
    ]  # fmt: skip
    assert told["items"][0]["recordedAt"] > told["items"][1]["recordedAt"]
    assert (first["items"] + second["items"], second["nextAfter"]) == (told["items"], None)


async def test_the_list_is_narrowed_by_record_kind_and_days(read: Read) -> None:
    assert [one["recordId"] for one in (await listed(read.client, recordId=read.first))["items"]] == [read.first]
    assert (await listed(read.client, noun="head_report_section"))["items"] == []
    assert (await listed(read.client, before="2026-01-01"))["items"] == []
    assert len((await listed(read.client, **{"from": "2026-01-01", "actor": read.reader}))["items"]) == 2


async def test_graphql_tells_the_same(read: Read) -> None:
    query = "query($a: String) { sensitiveReads(actor: $a) { items { recordedAt actor noun recordId channel purpose } nextAfter } }"

    answer = await read.client.post("/graphql", json={"query": query, "variables": {"a": read.reader}})

    assert answer.json() == {"data": {"sensitiveReads": await listed(read.client, actor=read.reader)}}


async def test_only_whoever_audits_the_whole_trust_is_told(read: Read) -> None:
    narrow = await read.installation.key(TRUST, academy_ids=[read.academy])
    lower = await read.installation.key(TRUST, Role.DIRECTOR_OF_EDUCATION)
    scoped = await read.installation.key(TRUST, scopes=[Permission.READ_AUDIT])
    statuses = []
    for key in (narrow, lower, scoped):
        async with read.installation.client(key) as client:
            statuses.append((await client.get("/v1/sensitive-reads")).status_code)

    assert statuses == [403, 403, 200]


async def test_a_place_that_is_none_is_refused(read: Read) -> None:
    for place in ("x", "2026-01-01 a b", "2026-01-01T00:00:00 a 019a8c1e-5d2f-7b64-9a3c-4f6de02b7c18"):
        answer = await read.client.get("/v1/sensitive-reads", params={"after": place})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "place-unreadable")


async def test_a_retry_that_is_told_its_first_answer_again_is_noted_again(read: Read) -> None:
    body = {"academyId": read.academy, "kind": "lesson", "on": "2026-10-08", "strengths": "Nobody was left out."}
    noted = []
    for _ in range(2):
        answer = await read.client.post("/v1/observations", json=body, headers={"Idempotency-Key": "noted twice"})
        assert "Nobody was left out." in answer.text
        noted.append(len((await listed(read.client, recordId=answer.json()["id"]))["items"]))

    assert answer.headers["Idempotency-Replayed"] == "true"
    assert noted == [1, 2]


async def test_a_pack_is_exported_without_what_is_sensitive_unless_that_is_asked_for(read: Read) -> None:
    async with read.installation.database.begin(read.installation.actor(TRUST)) as work:
        without = await export_pack(work, sensitive=False)
    kept = await listed(read.client, actor="test")
    async with read.installation.database.begin(read.installation.actor(TRUST)) as work:
        whole = await export_pack(work, sensitive=True)
    told = await listed(read.client, actor="test")

    seen = len(whole.pack.observations)
    assert (without.pack.observations, without.left_out["sensitive records (observation)"]) == ([], seen)
    assert "sensitive records (observation)" not in whole.left_out
    assert (len(kept["items"]), len({one["recordId"] for one in told["items"]})) == (0, seen)
    assert seen >= 2
