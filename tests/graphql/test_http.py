"""GraphQL over HTTP: who asks, in which media type, with which request; and what is told when something goes wrong."""

import asyncio
import logging
import time
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.config import Settings
from app.domain.errors import Fault, IllegalMove, Invalid, Refusal, StaleVersion
from app.domain.roles import Permission, Role
from app.graphql import door
from app.graphql.door import mount
from app.graphql.negotiation import media_for
from app.graphql.refusing import of_refusal
from app.graphql.telling import errors_of
from app.operations.refusals import KINDS
from tests.conftest import Installation
from tests.graphql.toy import Toy, schema

NEW, OLD = "application/graphql-response+json", "application/json"
HELLO = {"data": {"hello": "hello you"}}


async def ask(installation: Installation, key: str | None = None, **more: Any) -> httpx.Response:
    """A POST of these parameters, as somebody who may do anything."""
    key = key or await installation.key("kestrel")
    accept = more.pop("accept", NEW)
    async with installation.client(key) as client:
        return await client.post("/graphql", json=more, headers={"Accept": accept})


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", OLD), ("*/*", OLD), ("application/*", OLD), (OLD, OLD), (NEW, NEW), (f"{NEW}, {OLD}", NEW), (f"{OLD}, {NEW}", NEW),
        (f"{NEW};q=0.5, {OLD}", OLD), (f"{OLD};q=0.5, {NEW};charset=utf-8", NEW), (f"{NEW};q=0, */*", OLD),
        (f"{NEW};q=0.5, */*", OLD), (f"{OLD}, */*", OLD), (f"{NEW}, */*", NEW), (f"{OLD};q=0.5, application/*", NEW),
        (f"text/html, {NEW}", NEW), (NEW.upper(), NEW),
        (f"{OLD};q=0, */*", NEW), (f"{OLD};q=0", None), ("text/html", None), (f"{NEW};q=x", None),
    ],
)  # fmt: skip
def test_the_better_liked_media_type_is_chosen(accept: str, media: str | None) -> None:
    assert media_for(accept) == media


@pytest.mark.parametrize("media", [NEW, OLD])
async def test_an_answer_is_of_the_media_type_that_was_asked_for(toy: Installation, media: str) -> None:
    answer = await ask(toy, query="{ hello }", accept=media)

    assert (answer.status_code, answer.json()) == (200, HELLO)
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_query_may_be_asked_with_get_and_a_mutation_may_not(toy: Installation) -> None:
    async with toy.client(await toy.key("kestrel")) as client:
        variables = {
            "query": "query Q($n: String!) { hello(name: $n) }",
            "variables": '{"n": "all"}',
            "operationName": "Q",
        }
        read = await client.get("/graphql", params=variables)
        change = await client.get("/graphql", params={"query": "mutation { change }"})
        posted = await client.post("/graphql", json={"query": "mutation { change }"})
        put = await client.put("/graphql", json={"query": "{ hello }"})

    assert (read.status_code, read.json()) == (200, {"data": {"hello": "hello all"}})
    assert (change.status_code, change.headers["allow"]) == (405, "POST")
    assert change.json() == {
        "errors": [{"message": "Send changes with POST.", "extensions": {"code": "method-not-allowed"}}]
    }
    assert posted.json() == {"data": {"change": "changed"}}
    assert (put.status_code, put.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("content", "content_type", "accept", "status", "code"),
    [
        (b'{"query": "{ hello }"}', "text/plain", NEW, 415, "unsupported-media-type"),
        (b'{"query": "{ hello }"}', "", NEW, 415, "unsupported-media-type"),
        (b'{"query": "{ hello }"}', "application/json; charset=utf-16", NEW, 415, "unsupported-media-type"),
        (b"--x", "multipart/form-data; boundary=x", NEW, 415, "unsupported-media-type"),
        (b'{"query": "{ hello }"}', OLD, "text/csv", 406, "not-acceptable"),
        (b'{"query": "{ hello', OLD, OLD, 400, "malformed-json"),
        (b'{"query": "{ hello }", "query": "{ fault }"}', OLD, OLD, 400, "malformed-json"),
        (b"[" * 100_000 + b"]" * 100_000, OLD, OLD, 400, "malformed-json"),
        (b'[{"query": "{ hello }"}]', OLD, OLD, 400, "bad-request"),
        (b"{}", OLD, OLD, 400, "bad-request"),
        (b'{"query": 1}', OLD, OLD, 400, "bad-request"),
        (b'{"query": "{ hello }", "variables": "n"}', OLD, OLD, 400, "bad-request"),
        (b'{"query": "{ hello }", "extensions": []}', OLD, OLD, 400, "bad-request"),
        (b'{"query": "{ hello }", "operationName": {}}', OLD, OLD, 400, "bad-request"),
        (b'{"query": "{ hello }", "documentId": "sha256:00"}', OLD, OLD, 400, "bad-request"),
    ],
)  # fmt: skip
async def test_a_request_that_is_none_is_refused_whatever_the_media_type(
    toy: Installation, content: bytes, content_type: str, accept: str, status: int, code: str
) -> None:
    async with toy.client(await toy.key("kestrel")) as client:
        headers = {"Accept": accept, **({"Content-Type": content_type} if content_type else {})}
        answer = await client.post("/graphql", content=content, headers=headers)

    assert answer.status_code == status
    assert [error["extensions"]["code"] for error in answer.json()["errors"]] == [code]
    assert answer.json().keys() == {"errors"}


async def test_parameters_that_are_null_or_unknown_change_nothing(toy: Installation) -> None:
    answer = await ask(toy, query="{ hello }", variables=None, operationName=None, extensions=None, id=7)

    assert answer.json() == HELLO


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{", {}, "bad-request"),
        ("{ nothing }", {}, "invalid"),
        ("{ " + "hello " * 1_000 + "}", {}, "limit-exceeded"),
    ],
)
async def test_a_document_that_is_refused_has_no_data_and_is_400_to_those_who_know_the_newer_media_type(
    toy: Installation, query: str, variables: dict[str, Any], code: str
) -> None:
    newer = await ask(toy, query=query, variables=variables, accept=NEW)
    older = await ask(toy, query=query, variables=variables, accept=OLD)

    assert (newer.status_code, older.status_code) == (400, 200)
    assert newer.json() == older.json()
    assert newer.json().keys() == {"errors"}
    assert newer.json()["errors"][0]["extensions"] == {"code": code}


@pytest.mark.parametrize("key", [None, "Bearer nonsense", "Basic eDp5"])
async def test_nobody_is_answered_without_a_key(toy: Installation, key: str | None) -> None:
    headers = {"Accept": NEW, **({"Authorization": key} if key else {})}
    async with toy.client() as client:
        answer = await client.post("/graphql", json={"query": "{ hello }"}, headers=headers)

    sentence = KINDS["unauthenticated"].meaning
    assert (answer.status_code, answer.headers["www-authenticate"]) == (
        401,
        'Bearer realm="milepost", Basic realm="milepost"',
    )
    assert answer.json() == {"errors": [{"message": sentence, "extensions": {"code": "unauthenticated"}}]}


async def test_what_goes_wrong_with_us_is_logged_and_not_told(
    toy: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    async with toy.client(await toy.key("kestrel")) as client:
        with caplog.at_level(logging.ERROR, "milepost"):
            answer = await client.post(
                "/graphql", json={"query": "{ hello fault }"}, headers={"X-Request-Id": "trace-7", "Accept": NEW}
            )

    sentence = "Something went wrong that is not your doing. It is logged under the traceId."
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "data": {"hello": "hello you", "fault": None},
            "errors": [
                {
                    "message": sentence,
                    "locations": [{"line": 1, "column": 9}],
                    "path": ["fault"],
                    "extensions": {"code": "internal", "traceId": "trace-7"},
                }
            ],
        },
    )
    assert "a secret of the machine" in caplog.text


async def test_a_refusal_of_the_domain_is_told_in_its_own_words(toy: Installation) -> None:
    answer = await ask(toy, query="{ missing }")

    [error] = answer.json()["errors"]
    assert (error["message"], error["extensions"]) == ("There is no such thing.", {"code": "not-found"})


@pytest.mark.parametrize(
    ("refusal", "more"),
    [
        (StaleVersion(expected=1, current=2), {"code": "stale-version", "current": 2}),
        (IllegalMove("A met milestone stays met.", legal=["withdraw"]), {"code": "illegal-transition", "legal": ["withdraw"]}),
        (
            Invalid("No.", faults=[Fault("/a", "b", "c")]),
            {"code": "invalid", "errors": [{"pointer": "/a", "code": "b", "detail": "c"}]},
        ),
    ],
)  # fmt: skip
def test_a_refusal_tells_all_that_its_kind_has(refusal: Refusal, more: dict[str, Any]) -> None:
    placed = of_refusal(refusal, path=["a", 1])
    [unplaced] = errors_of(refusal, trace_id="-")

    assert (placed.message, placed.path, placed.extensions) == (refusal.sentence, ["a", 1], more)
    assert (unplaced.message, unplaced.extensions) == (refusal.sentence, more)


async def test_an_outage_says_try_again(toy: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    key = await toy.key("kestrel")

    def away(*_: object) -> None:
        raise ConnectionResetError("a secret of the network")

    monkeypatch.setattr(toy.database, "reader", away)
    answer = await ask(toy, key, query="{ hello }", accept=OLD)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert [error["extensions"] for error in answer.json()["errors"]] == [{"code": "unavailable"}]
    assert "secret" not in answer.text


async def test_strangers_are_given_no_names_of_the_schema(toy: Installation) -> None:
    reader = await toy.key("kestrel", Role.READER)
    partner = await toy.key("kestrel", Role.IMPROVEMENT_PARTNER)
    schema = "{ __schema { queryType { name } } }"

    assert (await ask(toy, partner, query=schema)).json() == {"data": {"__schema": {"queryType": {"name": "Query"}}}}
    refused = (await ask(toy, reader, query=schema)).json()
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["forbidden"]
    for query in ("{ helo }", "{ hello(nam: 1) }", "{ hello ...X } fragment X on Quer { hello }"):
        assert "Did you mean" in (await ask(toy, partner, query=query)).text
        assert "Did you mean" not in (await ask(toy, reader, query=query)).text


async def test_an_explanation_is_given_to_who_asks_for_one(toy: Installation) -> None:
    key = await toy.key("kestrel", scopes=[Permission.READ])

    answer = await ask(toy, key, query="{ hello }", extensions={"explain": True})

    assert answer.json() == {**HELLO, "extensions": {"explain": {"actor": f"key:{key.split('_')[3]}"}}}


async def test_a_browser_is_shown_the_explorer_and_all_that_it_loads_is_here(toy: Installation) -> None:
    html = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    async with toy.client() as client:
        page = await client.get("/graphql", headers=html)
        asked = await client.get("/graphql", params={"query": "{ hello }"}, headers=html)
        parts = [part for part in page.text.split('"') if part.startswith("/graphql/explorer/")]
        loaded = [(await client.get(part)).status_code for part in parts]

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "//" not in page.text.replace("<!doctype html>", ""), "nothing is loaded from elsewhere"
    assert len(parts) == 5
    assert set(loaded) == {200}
    assert asked.status_code == 401


async def test_a_live_service_shows_no_explorer() -> None:
    app = FastAPI()
    app.state.settings = Settings(database_url=SecretStr("postgresql://"), secret=SecretStr("s" * 32))
    mount(app, schema, Toy())

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://milepost.test") as client:
        page = await client.get("/graphql", headers={"Accept": "text/html"})
        part = await client.get("/graphql/explorer/start.js")

    assert (page.status_code, page.json()["errors"][0]["extensions"]) == (406, {"code": "not-acceptable"})
    assert part.status_code == 404


async def test_the_schema_is_made_for_one_address_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once: list[int] = [0, 0]

    def slowly() -> door.Made:
        at_once[0] += 1
        at_once[1] = max(at_once)
        time.sleep(0.1)
        at_once[0] -= 1
        return schema, Toy()

    monkeypatch.setattr(door, "_ours", slowly)
    app = FastAPI()
    app.state.settings = Settings(database_url=SecretStr("postgresql://"), secret=SecretStr("s" * 32))
    door.install(app)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app, False), base_url="http://milepost.test") as client:
        await asyncio.gather(client.get("/graphql"), client.post("/graphql/documents"))

    assert at_once == [0, 1]
