"""Subscriptions over both transports, on a real socket: nothing missed, nothing told twice, nothing told to others."""

import asyncio
import hashlib
import json
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
import uvicorn
import websockets
from starlette.requests import ClientDisconnect
from strawberry.types import ExecutionResult
from websockets.asyncio.client import ClientConnection

from app.commands.keys import make_key, revoke_key
from app.db.database import Database, Reader
from app.db.embedded import EmbeddedPostgres
from app.domain.actor import Actor
from app.domain.roles import Permission, Role
from app.graphql.door import ADDRESS
from app.graphql.feed import Feed
from app.graphql.following import Told
from app.graphql.limits import RefusedDocument
from app.graphql.streaming import Stream
from tests.conftest import PEPPER, Installation, _installed

TRUST = "larkfield"
PROTOCOL = "graphql-transport-ws"
EVENTS = "subscription($after: BigInt) { events(after: $after) { position type subject data { after } } }"
COSTLY = """subscription { milestones { milestone { plan { milestones(first: 500) { nodes {
  history(first: 500) { position } } } } } } }"""
MILESTONES = """subscription($after: BigInt, $of: ID) { told: milestones(after: $after, milestoneId: $of) {
  __typename position type event { data { after } } now: milestone { uuid status plan { code } evaluation { __typename } } } }"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def served(server: EmbeddedPostgres, packed_template: str) -> AsyncIterator["Served"]:
    """One service for all of these, that looks for news more often than it would."""
    async for installation in _installed(server, packed_template):
        listening = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(installation.app, lifespan="off", log_level="warning", timeout_graceful_shutdown=5)
        running = uvicorn.Server(config)
        task = asyncio.create_task(running.serve(sockets=[listening]))
        yield Served(installation, listening.getsockname()[1], await installation.key(TRUST))
        running.should_exit = True
        await task


@pytest.fixture(autouse=True)
def feed(served: "Served") -> None:
    served.feed()


class Served:
    def __init__(self, installation: Installation, port: int, key: str) -> None:
        self.installation = installation
        self.at = f"127.0.0.1:{port}{ADDRESS}"
        self.key = key

    def feed(self, **more: Any) -> None:
        state = self.installation.app.state
        given = {"most": 200, "look_seconds": 0.02, **more}
        state.feed = Feed(state.database, stopping=lambda: state.draining, **given)

    async def academies(self) -> list[dict[str, Any]]:
        async with self.installation.client(self.key) as client:
            answer = await client.get("/v1/academies", params={"limit": 2})
        return list(answer.json()["items"])

    async def head(self) -> int:
        async with self.installation.client(self.key) as client:
            answer = await client.get("/v1/events", params={"type": "no.such"})
        return int(answer.json()["nextAfter"])

    async def rename(self, academy: dict[str, Any], name: str) -> None:
        async with self.installation.client(self.key) as client:
            address = f"/v1/academies/{academy['id']}"
            tag = (await client.get(address)).headers["etag"]
            headers = {"If-Match": tag, "Content-Type": "application/merge-patch+json"}
            answer = await client.patch(address, json={"name": name}, headers=headers)
        assert answer.status_code == 200, answer.text

    @asynccontextmanager
    async def talk(self, key: str | None = None, *, handshake: bool = False) -> AsyncIterator["Talk"]:
        given = {"Authorization": f"Bearer {key or self.key}"}
        more: dict[str, Any] = {"additional_headers": given} if handshake else {}
        async with websockets.connect(f"ws://{self.at}", subprotocols=[PROTOCOL], **more) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": {} if handshake else given}))
            assert json.loads(await socket.recv()) == {"type": "connection_ack"}
            yield Talk(socket)

    @asynccontextmanager
    async def stream(
        self, query: str, *, key: str | None = None, accept: str = "text/event-stream", **variables: Any
    ) -> AsyncIterator[tuple[httpx.Response, AsyncIterator[tuple[str, Any]]]]:
        headers = {"Authorization": f"Bearer {key or self.key}", "Accept": accept}
        body = {"query": query, "variables": variables}
        async with (
            httpx.AsyncClient(timeout=5) as client,
            client.stream("POST", f"http://{self.at}", json=body, headers=headers) as response,
        ):
            yield response, _events(response)


class Talk:
    """One conversation over WebSocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def ask(self, query: str, name: str = "1", **variables: Any) -> None:
        await self.say({"id": name, "type": "subscribe", "payload": {"query": query, "variables": variables}})

    async def say(self, message: Any) -> None:
        await self.socket.send(message if isinstance(message, str) else json.dumps(message))

    async def hear(self) -> Any:
        text = await asyncio.wait_for(self.socket.recv(), 5)
        assert isinstance(text, str), "text frames only"
        return json.loads(text)

    async def told(self) -> Any:
        message = await self.hear()
        assert (message["type"], list(message["payload"])) == ("next", ["data"]), message
        return message["payload"]["data"]

    async def nothing_more(self) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(self.socket.recv(), 0.15)


async def _events(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    kind = ""
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "event":
            kind = value
        elif name == "data":
            yield kind, json.loads(value) if value else None


async def test_an_event_is_told_over_websocket_once_it_has_happened(served: Served) -> None:
    [academy, _] = await served.academies()
    position = await served.head()
    async with served.talk() as talk:
        await talk.ask(EVENTS)
        await talk.nothing_more()
        await served.rename(academy, "Larkfield Rise")
        event = (await talk.told())["events"]

    assert (event["position"], event["type"], event["subject"]) == (position + 1, "academy.changed", academy["id"])
    assert event["data"]["after"]["name"] == "Larkfield Rise"


async def test_an_event_is_told_over_server_sent_events_once_it_has_happened(served: Served) -> None:
    [academy, _] = await served.academies()
    async with served.stream(EVENTS, after=await served.head()) as (response, events):
        assert response.headers["content-type"] == "text/event-stream"
        await served.rename(academy, "Larkfield Edge")
        kind, told = await anext(events)

    assert (kind, told["data"]["events"]["data"]["after"]["name"]) == ("next", "Larkfield Edge")


@pytest.mark.parametrize("batch", [2, 100])
async def test_after_a_position_nothing_is_missed_and_nothing_told_twice(
    served: Served, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("app.graphql.following.BATCH", batch)
    [academy, _] = await served.academies()
    position = await served.head()
    for number in range(5):
        await served.rename(academy, f"Larkfield {batch} {number}")
    async with served.talk(handshake=True) as talk:
        await talk.ask("subscription($after: BigInt) { events(after: $after) { position } }", after=position + 1)
        seen = [(await talk.told())["events"]["position"] for _ in range(4)]
        await served.rename(academy, f"Larkfield {batch} at last")
        seen.append((await talk.told())["events"]["position"])
        await talk.nothing_more()

    assert seen == [position + number for number in (2, 3, 4, 5, 6)]


async def test_a_key_of_one_academy_is_told_of_its_own_alone(served: Served) -> None:
    mine, other = await served.academies()
    key = await served.installation.key(TRUST, Role.ACADEMY_HEAD, academy_ids=[UUID(mine["id"])])
    position = await served.head()
    async with served.talk(key) as talk:
        await talk.ask(EVENTS)
        await talk.nothing_more()
        await served.rename(other, "Not theirs")
        await served.rename(mine, "Theirs")
        event = (await talk.told())["events"]

    assert (event["position"], event["subject"]) == (position + 2, mine["id"])


async def test_another_trust_is_told_nothing(served: Served) -> None:
    [academy, _] = await served.academies()
    async with served.talk(await served.installation.key("kestrel")) as talk:
        await talk.ask(EVENTS)
        await talk.nothing_more()
        await served.rename(academy, "Unheard of")
        await talk.nothing_more()


async def test_a_milestone_is_told_as_it_now_is(served: Served) -> None:
    async with served.installation.client(served.key) as client:
        found = (await client.get("/v1/milestones", params={"status": "planned", "limit": 1})).json()["items"][0]
        plan = (await client.get(f"/v1/plans/{found['planId']}")).json()
        position = await served.head()
        address = f"/v1/milestones/{found['id']}"
        headers = {"If-Match": (await client.get(address)).headers["etag"], "Idempotency-Key": str(uuid4())}
        moved = await client.post(f"{address}/transitions", json={"to": "in_progress"}, headers=headers)
    assert moved.status_code < 300, moved.text
    async with served.talk() as talk:
        await talk.ask(MILESTONES, after=position, of=f"Milestone:{found['id']}")
        told = (await talk.told())["told"]

    assert {key: told[key] for key in ("__typename", "position", "type")} == {
        "__typename": "MilestoneEvent",
        "position": position + 1,
        "type": "milestone.started",
    }
    assert told["now"] == {
        "uuid": found["id"],
        "status": "in_progress",
        "plan": {"code": plan["code"]},
        "evaluation": {"__typename": "PromiseEvaluated"},
    }


async def test_a_key_that_is_revoked_meanwhile_ends_its_subscriptions(served: Served) -> None:
    served.feed(trusted_seconds=0.1)
    installation = served.installation
    async with installation.database.begin(installation.actor(TRUST)) as work:
        values = {"label": "revoked soon", "roles": [Role.READER]}
        key, text = await make_key(work, values, environment="test", pepper=PEPPER)
    query = 'subscription { events(subject: "00000000-0000-7000-8000-000000000000") { position } }'
    async with served.talk(str(text)) as talk, served.stream(query, key=str(text)) as (_, events):
        await talk.ask(query)
        await talk.nothing_more()
        async with installation.database.begin(installation.actor(TRUST)) as work:
            await revoke_key(work, key.id, version=None)
        ending = [await talk.hear(), await talk.hear()]
        streamed = [one async for one in events]

    [error] = ending[0]["payload"]["errors"]
    assert (ending[0]["type"], error["extensions"]["code"]) == ("next", "unauthenticated")
    assert ending[1] == {"id": "1", "type": "complete"}
    assert [kind for kind, _ in streamed] == ["next", "complete"]
    assert streamed[0][1]["errors"][0]["extensions"]["code"] == "unauthenticated"


@pytest.mark.parametrize("said", [{}, {"authorization": "Bearer mp_none"}, None])
async def test_nobody_talks_without_a_key(served: Served, said: dict[str, str] | None) -> None:
    async with websockets.connect(f"ws://{served.at}", subprotocols=[PROTOCOL]) as socket:
        if said is None:
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": EVENTS}}))
        else:
            await socket.send(json.dumps({"type": "connection_init", "payload": said}))
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await socket.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == (4401 if said is None else 4403)


async def test_nobody_is_streamed_to_without_a_key(served: Served) -> None:
    async with served.stream(EVENTS, key="mp_none") as (response, _):
        assert response.status_code == 401


async def test_no_other_subprotocol_is_spoken(served: Served) -> None:
    async with websockets.connect(f"ws://{served.at}", subprotocols=["graphql-ws"]) as socket:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await socket.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4406


@pytest.mark.parametrize("message", ["[1]", "{", '{"id": {}, "type": "subscribe"}', '{"type": "nothing"}', b"{}"])
async def test_what_is_no_message_ends_the_conversation(served: Served, message: str | bytes) -> None:
    async with served.talk() as talk:
        await talk.socket.send(message)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await talk.socket.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4400


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription { events { nothing } }", "invalid"),
        ("subscription { events(after: -1) { position } }", "invalid"),
        ('subscription { events(planId: "Academy:1") { position } }', "invalid"),
        ("subscription { events { position } milestones { position } }", "invalid"),
        ("subscription {", "bad-request"),
        (COSTLY, "too-costly"),
    ],
)  # fmt: skip
async def test_what_cannot_be_followed_is_refused_over_both_transports(served: Served, query: str, code: str) -> None:
    async with served.talk() as talk:
        await talk.ask(query)
        message = await talk.hear()
        await talk.ask("{ __typename }", "2")
        after = await talk.told()
    async with served.stream(query) as (_, events):
        streamed = [one async for one in events]

    assert (message["type"], {it["extensions"]["code"] for it in message["payload"]}) == ("error", {code})
    assert after == {"__typename": "Query"}, "the conversation goes on"
    assert [kind for kind, _ in streamed] == ["next", "complete"]
    assert {it["extensions"]["code"] for it in streamed[0][1]["errors"]} == {code}


async def test_whoever_takes_json_as_well_is_streamed_to_only_where_there_is_a_stream(served: Served) -> None:
    accept = "application/json, text/event-stream"
    async with served.stream("{ __typename }", accept=accept) as (response, _):
        answered = json.loads(await response.aread())
    async with served.stream(EVENTS, accept=accept, after=0) as (streamed, events):
        kind, _ = await anext(events)

    assert answered == {"data": {"__typename": "Query"}}
    assert (streamed.headers["content-type"], kind) == ("text/event-stream", "next")


async def test_queries_and_mutations_are_answered_in_a_conversation_and_a_stream(served: Served) -> None:
    [academy, _] = await served.academies()
    change = """mutation($id: ID!, $v: Int!) {
      changeAcademy(id: $id, expectedVersion: $v, input: {name: "Over it"}) { ... on Academy { name } } }"""
    async with served.talk() as talk:
        version = (await _asked(talk, f'{{ academy(id: "{academy["id"]}") {{ version }} }}'))["academy"]["version"]
        changed = await _asked(talk, change, id=academy["id"], v=version)
    async with served.stream("{ academies(first: 2) { nodes { name } } }") as (_, events):
        told = [one async for one in events]

    assert changed == {"changeAcademy": {"name": "Over it"}}
    assert [kind for kind, _ in told] == ["next", "complete"]
    assert len(told[0][1]["data"]["academies"]["nodes"]) == 2


async def _asked(talk: Talk, query: str, **variables: Any) -> Any:
    await talk.ask(query, "q", **variables)
    data = await talk.told()
    assert await talk.hear() == {"id": "q", "type": "complete"}
    return data


async def test_a_key_of_trusted_documents_subscribes_to_nothing_else(served: Served) -> None:
    key = await served.installation.key(TRUST, documents_only=True)
    digest = hashlib.sha256(EVENTS.encode()).hexdigest()
    async with served.installation.client(served.key) as client:
        added = await client.post(f"{ADDRESS}/documents", json={digest: EVENTS})
    assert added.json() == {"added": 1, "known": 0}
    async with served.talk(key) as talk:
        await talk.ask(EVENTS)
        message = await talk.hear()
        after = await served.head() - 1
        await talk.say(
            {"id": "1", "type": "subscribe", "payload": {"documentId": digest, "variables": {"after": after}}}
        )
        told = await talk.told()

    assert [it["extensions"]["code"] for it in message["payload"]] == ["forbidden"]
    assert told["events"]["position"] == after + 1


async def test_what_goes_wrong_with_us_in_a_stream_is_logged_and_not_told(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: Any, **__: Any) -> bytes:
        raise RuntimeError("a secret of the machine")

    monkeypatch.setattr("app.graphql.following.read_after", fail)
    async with served.talk() as talk, served.stream(EVENTS) as (_, events):
        await talk.ask(EVENTS)
        heard = [await talk.hear(), await talk.hear()]
        streamed = [one async for one in events]

    assert [it["type"] for it in heard] == [kind for kind, _ in streamed] == ["next", "complete"]
    for payload in (heard[0]["payload"], streamed[0][1]):
        [error] = payload["errors"]
        assert error["extensions"]["code"] == "internal"
        assert "secret" not in json.dumps(payload)
    assert "a secret of the machine" in caplog.text


async def test_a_read_that_the_database_gives_up_on_was_too_much_to_ask(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read_long(*given: Any, **_: Any) -> bytes:
        reader = next(it for it in given if isinstance(it, Reader))
        await reader.value("set local statement_timeout = 5")
        return bytes(await reader.value("select pg_sleep(1)"))

    monkeypatch.setattr("app.graphql.running.answer", read_long)
    monkeypatch.setattr("app.graphql.following.read_after", read_long)
    headers = {"Accept": "application/graphql-response+json"}
    async with served.installation.client(served.key) as client:
        answer = await client.post(ADDRESS, json={"query": "{ plans { totalCount } }"}, headers=headers)
    async with served.stream(EVENTS, after=0) as (_, events):
        streamed = [told async for _, told in events]

    sentence = "This took longer than a read may. Ask for fewer with `first`, or for less below each."
    told = {"errors": [{"message": sentence, "extensions": {"code": "too-costly"}}]}
    assert (answer.status_code, answer.json()) == (400, told)
    assert streamed[0]["errors"] == told["errors"]


async def test_a_connection_has_so_many_operations_and_a_process_so_many_subscriptions(served: Served) -> None:
    async with served.talk() as talk:
        for number in range(21):
            await talk.ask(EVENTS, str(number))
        refusal = await talk.hear()
        assert (refusal["id"], refusal["type"]) == ("20", "error")
        assert refusal["payload"][0]["message"].startswith("A connection has at most 20 operations under way.")
        await talk.say({"id": "3", "type": "complete"})
        assert await _asked(talk, "{ __typename }") == {"__typename": "Query"}

    served.feed(most=1)
    async with served.stream(EVENTS, after=0) as (_, events), served.talk() as talk:
        await anext(events)
        await talk.ask(EVENTS)
        refusal = await talk.hear()
        assert refusal["payload"][0]["extensions"]["code"] == "limit-exceeded"

    served.feed(most=1)
    async with served.stream(EVENTS, after=0) as (_, events):
        await anext(events)
    async with served.talk() as talk:
        await asyncio.sleep(0.1)
        await talk.ask(EVENTS, after=await served.head() - 1)
        assert (await talk.hear())["type"] == "next", "whoever left makes room"


async def test_places_are_not_given_twice_to_those_who_ask_at_once(served: Served) -> None:
    served.feed(most=4)
    async with served.talk() as talk:
        for name in ("1", "2", "3"):
            await talk.ask(EVENTS, name)
        refusals = [await talk.hear(), await talk.hear()]
        await talk.nothing_more()

    assert {(it["type"], it["payload"][0]["extensions"]["code"]) for it in refusals} == {("error", "limit-exceeded")}


async def test_a_place_is_given_back_where_nothing_can_be_followed(served: Served) -> None:
    served.feed(most=1)
    blind = await served.installation.key(TRUST, scopes=[Permission.READ])
    async with served.talk(blind) as talk:
        await talk.ask(EVENTS)
        assert (await talk.hear())["payload"][0]["extensions"]["code"] == "forbidden"
    async with served.talk() as talk:
        await talk.ask(EVENTS, after=await served.head() - 1)
        assert (await talk.hear())["type"] == "next"


def _taken(feed: Feed, taking: ExitStack, actor: Actor) -> int:
    """How many places there are for this actor."""
    for number in range(1_000):
        try:
            taking.enter_context(feed.following(actor))
        except RefusedDocument:
            return number
    raise AssertionError("there is no end")


def test_no_trust_takes_all_places_and_no_key_all_of_a_trust() -> None:
    ours, theirs = uuid4(), uuid4()
    feed = Feed(Database("postgresql://"), stopping=lambda: False, most=300, look_seconds=1)

    def may(trust: UUID, key: str) -> int:
        return _taken(feed, taking, Actor(trust, key, frozenset()))

    with ExitStack() as taking:
        assert [may(ours, "key:a"), may(ours, "key:b"), may(ours, "key:c"), may(theirs, "key:a")] == [50, 25, 0, 50]
    with ExitStack() as taking:
        assert [sum(may(trust, f"key:{at}") for at in range(2)) for trust in (ours, theirs, uuid4(), uuid4(), uuid4())] == [
            75, 75, 75, 75, 0,
        ]  # fmt: skip


class _Slow(Database):
    """A database that takes its time over one of its trusts."""

    def __init__(self, beside: Database, trust_id: UUID) -> None:
        super().__init__("postgresql://")
        self._beside, self._trust_id = beside, trust_id

    @asynccontextmanager
    async def reader(self, actor: Actor) -> AsyncIterator[Reader]:
        if actor.trust_id == self._trust_id:
            await asyncio.sleep(0.3)
        async with self._beside.reader(actor) as reader:
            yield reader


async def test_a_log_that_is_slow_to_look_at_holds_up_no_other(served: Served) -> None:
    installation = served.installation
    slow, other = installation.actor("kestrel").trust_id, installation.actor(TRUST).trust_id
    feed = Feed(_Slow(installation.database, slow), stopping=lambda: False, most=4, look_seconds=0.01)
    waits = [asyncio.create_task(feed.wait_past(trust_id, -1, within=5)) for trust_id in (slow, other)]

    first, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)

    assert first == {waits[1]}
    await waits[0]


async def test_who_left_before_a_stream_began_makes_room() -> None:
    places = [1]

    async def results() -> Told:
        try:
            yield ExecutionResult(None, None)
        finally:
            places.clear()

    async def stream() -> AsyncIterator[str]:
        yield ""

    async def send(_: Any) -> None:
        raise OSError

    following = results()
    await anext(following)
    with pytest.raises(ClientDisconnect):
        await Stream(following, stream, {})({"type": "http", "asgi": {"spec_version": "2.4"}}, None, send)  # type: ignore[arg-type]  # nothing is received

    assert places == []


async def test_a_service_that_is_about_to_stop_cuts_its_streams_off_and_says_nothing_of_completion(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served.talk() as talk, served.stream(EVENTS) as (_, events):
        await talk.ask(EVENTS)
        await talk.nothing_more()
        monkeypatch.setattr(served.installation.app.state, "draining", True)
        assert [one async for one in events] == []
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await talk.socket.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
