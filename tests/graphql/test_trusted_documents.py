"""Trusted documents: manifests, documents by their id, and keys that run no others."""

import asyncio
import hashlib
import threading
import time
from typing import Any
from uuid import UUID

import httpx
import pytest
from graphql import DocumentNode, GraphQLSchema

from app.domain.errors import Invalid
from app.domain.roles import Role
from app.domain.trusted_documents import MAX_LISTED, Listed, listed_in
from app.graphql.limits import RefusedDocument, examine
from app.graphql.trusted import TrustedTexts
from tests.commands.ledger import superuser
from tests.conftest import Installation

MANIFEST = "/graphql/documents"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def relay(*texts: str) -> dict[str, str]:
    return {digest(text): text for text in texts}


async def send(installation: Installation, manifest: Any, key: str | None = None) -> httpx.Response:
    async with installation.client(key or await installation.key("kestrel")) as client:
        return await client.post(MANIFEST, json=manifest)


async def run(installation: Installation, key: str, **asked: Any) -> httpx.Response:
    async with installation.client(key) as client:
        return await client.post("/graphql", json=asked, headers={"Accept": "application/graphql-response+json"})


async def kept(installation: Installation) -> tuple[int, int]:
    """How many documents there are, and how many events of documents."""
    async with superuser(installation) as connection:
        documents = await connection.fetchval("select count(*) from trusted_document")
        events = await connection.fetchval("select count(*) from event where noun = 'trusted_document'")
    return documents, events


def test_a_manifest_is_read_in_either_form() -> None:
    apollo = {
        "format": "apollo-persisted-query-manifest", "version": 1,
        "operations": [{"id": "a", "name": "A", "type": "query", "body": "{ hello }"}, {"id": "sha256:b", "body": "x"}],
    }  # fmt: skip

    assert listed_in({"a": "{ hello }", "sha256:b": "x"}) == (Listed("a", "{ hello }"), Listed("b", "x"))
    assert listed_in(apollo) == (Listed("a", "{ hello }"), Listed("b", "x"))


@pytest.mark.parametrize(
    "manifest",
    [
        [], {}, "x", {"a": 1}, {"a": None}, {"format": "other", "version": 1, "operations": []},
        {"format": "apollo-persisted-query-manifest", "version": 2, "operations": []},
        {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a"}]},
        {str(at): "x" for at in range(MAX_LISTED + 1)},
    ],
)  # fmt: skip
def test_what_is_no_manifest_is_refused(manifest: Any) -> None:
    with pytest.raises(Invalid):
        listed_in(manifest)


async def test_a_manifest_is_registered_once_with_one_event_for_each_document(toy: Installation) -> None:
    before = await kept(toy)
    texts = relay("query First { hello }", '{ hello(name: "all") }')

    first = await send(toy, texts)
    again = await send(toy, texts | relay("query Third { walk { name } }"))

    assert (first.status_code, first.json()) == (200, {"added": 2, "known": 0})
    assert again.json() == {"added": 1, "known": 2}
    assert await kept(toy) == (before[0] + 3, before[1] + 3)
    async with toy.client(await toy.key("kestrel", Role.READER)) as client:
        [told] = (await client.get(f"/v1/trusted-documents?digest={digest('query First { hello }')}")).json()["items"]
        history = (await client.get(f"/v1/trusted-documents/{told['id']}/history")).json()["items"]
        posted = await client.post("/v1/trusted-documents", json={})
    assert {name: told[name] for name in ("version", "text", "name", "withdrawnAt")} == {
        "version": 1, "text": "query First { hello }", "name": "First", "withdrawnAt": None,
    }  # fmt: skip
    assert [event["type"] for event in history] == ["trusted_document.created"]
    assert posted.status_code == 405


async def test_one_document_that_cannot_be_trusted_refuses_them_all_and_each_fault_is_told(toy: Installation) -> None:
    before = await kept(toy)
    good, unknown, deep = (
        "{ hello times }".replace(" times", ""),
        "{ nothing }",
        "{ walk {" + "next {" * 8 + "name" + "}" * 10,
    )
    nul = "{ hello } #\0"

    answer = await send(toy, relay(good + " #1", unknown, deep, nul) | {"0" * 64: good})

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["detail"] == "4 of the documents cannot be trusted, so none was registered."
    assert {error["pointer"]: (error["code"], error["detail"]) for error in answer.json()["errors"]} == {
        f"/{digest(unknown)}": ("invalid", f"{digest(unknown)}: Cannot query field 'nothing' on type 'Query'."),
        f"/{digest(deep)}": (
            "limit-exceeded",
            f"{digest(deep)}: An operation goes at most 8 records deep; this one goes 9.",
        ),
        f"/{digest(nul)}": ("control-character", f"{digest(nul)}: A document holds no NUL character."),
        f"/{'0' * 64}": (
            "digest-mismatch",
            f"{'0' * 64} is not the SHA-256 of its text in small hex, which is {digest(good)}.",
        ),
    }
    assert await kept(toy) == before


@pytest.mark.parametrize("role", [Role.IMPROVEMENT_PARTNER, Role.READER])
async def test_a_manifest_is_taken_from_who_manages_documents(toy: Installation, role: Role) -> None:
    before = await kept(toy)

    answer = await send(toy, relay("query Mine { hello }"), await toy.key("kestrel", role))
    nobody = await send(toy, relay("query Mine { hello }"), "x")

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/forbidden")
    assert (nobody.status_code, nobody.headers["www-authenticate"]) == (
        401,
        'Bearer realm="milepost", Basic realm="milepost"',
    )
    assert await kept(toy) == before


async def test_a_document_is_run_by_its_id_in_its_own_trust_alone(toy: Installation) -> None:
    text = "query Named($name: String!) { hello(name: $name) }"
    await send(toy, relay(text))
    reader, other = await toy.key("kestrel", Role.READER), await toy.key("merlin")

    for document_id in (f"sha256:{digest(text)}", digest(text)):
        answer = await run(toy, reader, documentId=document_id, variables={"name": "all"})
        assert answer.json() == {"data": {"hello": "hello all"}}
    elsewhere = await run(toy, other, documentId=digest(text), variables={"name": "all"})
    odd = ("sha256:none", "\0", digest(text).upper())
    unknown = [await run(toy, reader, documentId=document_id) for document_id in odd]

    for refused in (elsewhere, *unknown):
        assert refused.status_code == 400
        assert [error["extensions"] for error in refused.json()["errors"]] == [{"code": "document-not-found"}]


async def test_a_key_for_documents_alone_runs_nothing_else(toy: Installation) -> None:
    schema = "{ __schema { queryType { name } } }"
    await send(toy, relay("{ hello }", schema))
    key = await toy.key("kestrel", documents_only=True)

    trusted = await run(toy, key, documentId=digest("{ hello }"))
    asked = await run(toy, key, documentId=digest(schema))
    sent = [await run(toy, key, query=query) for query in ("{ hello }", schema)]
    made = await _make(toy, key, documentsOnly=False)

    assert trusted.json() == {"data": {"hello": "hello you"}}
    assert asked.json() == {"data": {"__schema": {"queryType": {"name": "Query"}}}}
    for refused in sent:
        assert refused.status_code == 400
        assert [error["extensions"] for error in refused.json()["errors"]] == [{"code": "forbidden"}]
    assert (made.status_code, (await _make(toy, key, documentsOnly=True)).status_code) == (403, 201)


async def test_a_key_for_documents_alone_registers_none(toy: Installation) -> None:
    before = await kept(toy)
    key = await toy.key("kestrel", documents_only=True)

    answer = await send(toy, relay("query Sneaked { hello }"), key)

    assert (answer.status_code, answer.json()["detail"]) == (
        403,
        "This key runs trusted documents, and registers none. Send the manifest with another key.",
    )
    assert await kept(toy) == before


async def test_documents_are_vetted_one_at_a_time_and_beside_everything_else(
    toy: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_way: list[str] = []
    seen: list[tuple[int, bool]] = []

    def slowly(schema: GraphQLSchema, text: str, *, may_read_schema: bool) -> DocumentNode:
        under_way.append(text)
        time.sleep(0.02)
        seen.append((len(under_way), threading.current_thread() is threading.main_thread()))
        under_way.remove(text)
        return examine(schema, text, may_read_schema=may_read_schema)

    monkeypatch.setattr("app.graphql.trusted.examine", slowly)
    manifests = [relay(*(f"query Slow{one}{at} {{ hello }}" for at in range(2))) for one in "AB"]
    answers = await asyncio.gather(*(send(toy, manifest) for manifest in manifests))

    assert [answer.json() for answer in answers] == [{"added": 2, "known": 0}] * 2
    assert seen == [(1, False)] * 4


async def _make(installation: Installation, key: str, **more: Any) -> httpx.Response:
    async with installation.client(key) as client:
        return await client.post("/v1/api-keys", json={"label": "x", "roles": ["reader"], **more})


async def test_a_withdrawn_document_stops_within_seconds_and_stays_withdrawn(toy: Installation) -> None:
    text = "query Gone { hello }"
    await send(toy, relay(text))
    actor, seconds = toy.actor("kestrel"), [0.0]
    texts = TrustedTexts(clock=lambda: seconds[0])
    assert await texts.text(toy.database, actor, digest(text)) == text
    async with toy.client(await toy.key("kestrel")) as client:
        [told] = (await client.get(f"/v1/trusted-documents?digest={digest(text)}")).json()["items"]
        address = f"/v1/trusted-documents/{told['id']}/withdrawal"
        gone = await client.post(address, json={"reason": "Replaced."}, headers={"If-Match": '"v1"'})
    assert gone.status_code == 200
    before = await kept(toy)

    seconds[0] = 5.0
    assert await texts.text(toy.database, actor, digest(text)) == text
    seconds[0] = 5.1
    with pytest.raises(RefusedDocument):
        await texts.text(toy.database, actor, digest(text))
    again = await send(toy, relay(text, "query Other { hello }"))
    assert (again.status_code, [error["code"] for error in again.json()["errors"]]) == (409, ["withdrawn"])
    assert await kept(toy) == before


async def test_a_key_from_before_there_were_documents_is_told_as_one_that_runs_anything(toy: Installation) -> None:
    key = await toy.key("kestrel")
    async with toy.client(key) as client:
        [told] = (await client.get(f"/v1/api-keys?code={key.split('_')[3]}")).json()["items"]
        await _forget(toy, told["id"])
        now = toy.database.clock().isoformat()
        then = await client.get(f"/v1/api-keys/{told['id']}", params={"asOf": now})

    assert then.json() == told


async def _forget(installation: Installation, subject: str) -> None:
    """Take the column out of the event, as one from before the column was there."""
    sql = """update event set body = convert_to(replace(convert_from(body, 'UTF8'), '"documentsOnly":false,', ''), 'UTF8')
             where subject_id = $1 and convert_from(body, 'UTF8') like '%"documentsOnly":false,%'"""
    async with superuser(installation) as connection:
        await connection.execute("set session_replication_role = replica")
        assert await connection.execute(sql, UUID(subject)) == "UPDATE 1"
