"""How often somebody may ask, and how often somebody may guess."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Close
from websockets.typing import Subprotocol

from app.api.edge import rates
from app.api.edge.callers import Caller
from app.api.edge.guesses import Guesses
from app.domain.keys import _checksum
from app.identity.sessions import Session
from app.operations import credentials
from tests.api.edge.conftest import Edged, client, served
from tests.api.test_problems import assert_problem
from tests.conftest import Installation
from tests.faults.flood import forged
from tests.identity.provider import OURS, configured, identity

CONVERSATION = [Subprotocol("graphql-transport-ws")]
PLANS = "/v1/plans?limit=1"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Time that passes when it is told to; it is the first second of a minute."""

    class Clock:
        now = 6_001.0

        def monotonic(self) -> float:
            return self.now

    clock = Clock()
    monkeypatch.setattr(rates, "time", clock)
    return clock


async def test_a_credential_is_told_how_much_is_left_and_then_to_wait(
    edged: Edged, shared: Installation, clock: Any
) -> None:
    app, key = edged(requests_per_minute=2, requests_per_minute_of_address=9), shared.keys["kestrel"]
    async with client(app, key) as asker, client(app, shared.keys["merlin"]) as other:
        first, second, third = [await asker.get(PLANS) for _ in range(3)]
        of_other = await other.get(PLANS)
        clock.now += int(third.headers["Retry-After"])
        after = await asker.get(PLANS)

    assert [first.status_code, second.status_code, of_other.status_code, after.status_code] == [200] * 4
    assert first.headers["RateLimit-Policy"] == '"credential";q=2;w=60, "address";q=9;w=60'
    assert first.headers["RateLimit"] == '"credential";r=1;t=59, "address";r=8;t=59'
    assert second.headers["RateLimit"] == '"credential";r=0;t=59, "address";r=7;t=59'
    assert_problem(third, "too-many-requests")
    assert third.headers["RateLimit"] == '"credential";r=0;t=89'
    assert third.headers["Retry-After"] == "89"
    assert third.headers["X-Request-Id"] == third.json()["traceId"]


async def test_an_address_is_limited_whatever_it_shows_and_health_is_free(edged: Edged, shared: Installation) -> None:
    app = edged(requests_per_minute_of_address=3)
    async with client(app) as asker, client(app, address="192.0.2.2") as neighbour:
        told = [(await asker.get("/problems")).status_code for _ in range(4)]
        health = await asker.get("/healthz")
        elsewhere = await neighbour.get("/problems")

    assert told == [200, 200, 200, 429]
    assert health.status_code == 200
    assert "RateLimit" not in health.headers
    assert elsewhere.status_code == 200


async def test_graphql_counts_as_rest_does(edged: Edged, shared: Installation) -> None:
    app = edged(requests_per_minute=2)
    async with client(app, shared.keys["kestrel"]) as asker:
        asked = [await asker.post("/graphql", json={"query": "{ __typename }"}) for _ in range(3)]

    assert [answer.status_code for answer in asked] == [200, 200, 429]
    assert asked[0].headers["RateLimit"] == '"credential";r=1;t=59'


async def test_the_messages_of_a_conversation_count_too(edged: Edged) -> None:
    async with served(edged(requests_per_minute_of_address=4)) as (host, port):
        async with connect(f"ws://{host}:{port}/graphql", subprotocols=CONVERSATION, open_timeout=60) as line:
            for _ in range(4):
                await line.send('{"type": "ping"}')
            told = [json.loads(await line.recv()) for _ in range(3)]
            with pytest.raises(ConnectionClosed) as ended:
                await line.recv()
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"ws://{host}:{port}/graphql", subprotocols=CONVERSATION, open_timeout=60).__aenter__()

    assert told == [{"type": "pong"}] * 3
    assert ended.value.rcvd == Close(1013, "Too many requests")
    assert refused.value.response.status_code == 429
    assert json.loads(refused.value.response.body)["type"] == "/problems/too-many-requests"


async def test_ten_wrong_keys_from_an_address_and_the_database_is_asked_no_more(
    edged: Edged, shared: Installation, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    app, key = edged(failures_per_minute=10), shared.keys["kestrel"]
    asked = counted(monkeypatch)
    async with client(app) as attacker:
        wrong = [await tried(attacker, forged(key, number)) for number in range(12)]
        refused = await attacker.get(PLANS, headers={"Authorization": f"Bearer {forged(key, 99)}"})
        without = await attacker.get(PLANS)
        clock.now += int(refused.headers["Retry-After"])
        later = await tried(attacker, forged(key, 100))

    assert wrong == [401] * 10 + [429] * 2
    assert_problem(refused, "too-many-requests")
    assert without.status_code == 401
    assert later == 401
    assert len(asked) == 11


async def test_the_owner_of_a_key_is_not_locked_out_by_who_guesses_at_it(edged: Edged, shared: Installation) -> None:
    app, key = edged(failures_per_minute=10), shared.keys["kestrel"]
    for number in range(12):
        async with client(app, address=f"198.51.100.{number}") as attacker:
            assert await tried(attacker, forged(key, number)) == 401
    async with client(app, address="198.51.100.3") as attacker, client(app, address="203.0.113.5") as owner:
        again, good = await tried(attacker, forged(key, 50)), await tried(owner, key)
        at_another = await tried(attacker, shared.keys["merlin"])

    assert (again, good, at_another) == (429, 200, 200)


async def test_who_shares_an_address_with_an_attacker_keeps_working(edged: Edged, shared: Installation) -> None:
    app, key = edged(failures_per_minute=10), shared.keys["kestrel"]
    async with client(app) as together:
        before = await tried(together, key)
        wrong = [await tried(together, forged(key, number)) for number in range(11)]
        known, new = await tried(together, key), await tried(together, shared.keys["merlin"])

    assert (before, wrong[-1], known, new) == (200, 429, 200, 429)


async def test_pages_that_know_nobody_make_no_credential_good(edged: Edged, shared: Installation) -> None:
    app, key = edged(failures_per_minute=10), shared.keys["kestrel"]
    async with client(app) as attacker:
        for number in range(12):
            headers = {"Authorization": f"Bearer {forged(key, number)}"}
            assert (await attacker.get("/problems", headers=headers)).status_code in (200, 429)
            last = await attacker.get(PLANS, headers=headers)

    assert last.status_code == 429


async def test_tokens_and_empty_headers_are_no_guesses(edged: Edged) -> None:
    app = edged(failures_per_minute=10)
    async with client(app) as asker:
        told = [await tried(asker, given) for given in ["eyJhbGciOi.eyJpc3MiOi.c2lnbmF0dXJl", ""] * 12]

    assert told == [401] * 24


async def test_wrong_keys_in_conversations_count(edged: Edged) -> None:
    async with served(edged(failures_per_minute=3)) as (host, port):
        for _ in range(3):
            async with connect(f"ws://{host}:{port}/graphql", subprotocols=CONVERSATION, open_timeout=60) as line:
                await line.send('{"type": "connection_init", "payload": {"Authorization": "Bearer nonsense"}}')
                with pytest.raises(ConnectionClosed) as ended:
                    await line.recv()
            assert ended.value.rcvd is not None
            assert ended.value.rcvd.code == 4403
        async with httpx.AsyncClient(base_url=f"http://{host}:{port}") as asker:
            assert await tried(asker, "nonsense") == 429


async def test_guesses_in_conversations_end_before_the_database_is_asked(
    edged: Edged, shared: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, asked = shared.keys["kestrel"], counted(monkeypatch)
    async with served(edged(failures_per_minute=3)) as at:
        ended = [await ending(at, forged(key, number)) for number in range(5)]

    assert ended[:3] == [Close(4403, "Forbidden")] * 3
    assert {(one.code, one.reason.partition(".")[0]) for one in ended[3:]} == {
        (1013, "Too many credentials from here were wrong within a minute")
    }
    assert len(asked) == 3


async def test_a_good_key_in_a_conversation_keeps_working_beside_an_attacker(
    edged: Edged, shared: Installation
) -> None:
    key = shared.keys["kestrel"]
    async with served(edged(failures_per_minute=3)) as at:
        await spoken(at, key, 1)
        for number in range(4):
            await ending(at, forged(key, number))
        told = await spoken(at, key, 1)

    assert told == (1, None)


async def test_the_key_of_a_conversation_is_limited_as_over_http(edged: Edged, shared: Installation) -> None:
    key = shared.keys["kestrel"]
    app = edged(requests_per_minute=3)
    async with served(app) as at:
        told = await spoken(at, key, 4)
    async with client(app) as asker:
        after = await tried(asker, key)

    assert told == (3, Close(1013, "Too many requests"))
    assert after == 429


async def test_a_key_with_dots_in_it_is_counted(edged: Edged, shared: Installation) -> None:
    _, _, trust, code, _ = shared.keys["kestrel"].split("_")
    async with client(edged(failures_per_minute=3)) as attacker:
        told = []
        for number in range(5):
            start = f"mp_eyJ.x.y_{trust}_{code}_{number:0>52}"
            told.append(await tried(attacker, start + _checksum(start)))

    assert told == [401] * 3 + [429] * 2


async def test_one_session_is_one_credential_whatever_stands_beside_its_cookie(
    edged: Edged, shared: Installation
) -> None:
    app = edged(requests_per_minute=3, public_url=OURS)
    app.state.identity = identity(configured("kestrel", "https://provider.test"))
    cookies = app.state.identity.cookies
    session = cookies.write(Session.begun(shared.actor("kestrel").trust_id, UUID(int=1), at=datetime.now(UTC)))
    async with client(app) as asker:
        told = []
        for number in range(5):
            headers = {"Cookie": f"other={number}; {cookies.session_name}={session}{'=' * number}"}
            told.append((await asker.get("/problems", headers=headers)).status_code)

    assert told == [200] * 3 + [429] * 2


def test_a_key_in_steady_use_is_good_for_ten_minutes_more() -> None:
    guesses, owner, attacker = Guesses(10), Caller(1, 42, is_guess=True), Caller(1, 7, is_guess=True, key="code")
    for second in range(6_000, 7_200):
        guesses.passed(owner, second)
    for _ in range(10):
        guesses.failed(attacker, 7_199.0)

    assert [guesses.wait(owner, at) for at in (7_199.5, 7_200.5)] == [0.0, 0.0]
    assert guesses.wait(attacker, 7_200.5) > 0


@asynccontextmanager
async def conversing(at: tuple[str, int], key: str) -> AsyncIterator[ClientConnection]:
    async with connect(f"ws://{at[0]}:{at[1]}/graphql", subprotocols=CONVERSATION, open_timeout=60) as line:
        await line.send(json.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {key}"}}))
        yield line


async def ending(at: tuple[str, int], key: str) -> Close:
    async with conversing(at, key) as line:
        with pytest.raises(ConnectionClosed) as ended:
            await line.recv()
    assert ended.value.rcvd is not None
    return ended.value.rcvd


async def spoken(at: tuple[str, int], key: str, count: int) -> tuple[int, Close | None]:
    """How many of so many questions were answered, and how the conversation was ended for it."""
    answered = 0
    async with conversing(at, key) as line:
        try:
            assert json.loads(await line.recv()) == {"type": "connection_ack"}
            for number in range(count):
                ask = {"type": "subscribe", "id": str(number), "payload": {"query": "{ __typename }"}}
                await line.send(json.dumps(ask))
                answered += json.loads(await line.recv())["type"] == "next"
                await line.recv()
        except ConnectionClosed as ended:
            return answered, ended.rcvd
    return answered, None


async def tried(asker: httpx.AsyncClient, key: str) -> int:
    return (await asker.get(PLANS, headers={"Authorization": f"Bearer {key}"})).status_code


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Looks at the table of keys."""
    asked: list[str] = []
    honest = credentials._find

    async def find(database: Any, text: Any) -> Any:
        asked.append(text.code)
        return await honest(database, text)

    monkeypatch.setattr(credentials, "_find", find)
    return asked
