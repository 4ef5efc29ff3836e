"""How many requests are worked on at once, and for how long."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from app.api.edge import admission
from app.api.edge.admission import AT_WORK, Turns
from app.api.edge.bodies import SMALL, Room, Share
from app.config import Settings
from app.domain.events import created
from app.domain.trusts import Trust
from app.domain.vocabulary import TrustKind
from app.main import create_app
from app.operations.refusals import Refused
from tests.api.edge.conftest import Edged, client
from tests.api.test_problems import assert_problem
from tests.conftest import PEPPER, UNHURRIED, Installation

PLANS = "/v1/plans?limit=1"


async def test_when_the_database_is_used_up_who_comes_too_many_is_told_in_time_and_health_is_not_touched(
    edged: Edged, shared: Installation
) -> None:
    app, key = edged(pool_size=4), shared.keys["kestrel"]
    async with client(app, key) as asker, client(app) as watcher:
        async with held(shared, 4):
            began = time.monotonic()
            asking = [asyncio.create_task(timed(asker.get(PLANS))) for _ in range(AT_WORK * 4 + 20)]
            await asyncio.sleep(0.2)
            health = [await timed(watcher.get("/healthz")) for _ in range(20)]
            told = await asyncio.gather(*asking)
            took = time.monotonic() - began
        after = await asker.get(PLANS)

    assert {answer.status_code for answer, _ in told} == {503}
    assert all(answer.headers["Retry-After"] in ("1", "2") for answer, _ in told)
    assert took < 2.0 + 0.5 + 0.5
    assert min(seconds for _, seconds in told) < 1
    assert max(seconds for _, seconds in health) < 0.1
    assert after.status_code == 200


async def test_who_finds_all_places_taken_is_refused_before_anything_is_read() -> None:
    turns = Turns(at_work=1, waiting=1)
    await turns.take()
    waiting = asyncio.create_task(turns.take())
    await asyncio.sleep(0)

    with pytest.raises(Refused) as refused:
        turns.refuse_where_full()
    turns.give_back()
    await waiting
    turns.refuse_where_full()

    assert (refused.value.kind, refused.value.headers) == ("unavailable", {"Retry-After": "2"})


async def test_a_turn_that_does_not_come_is_not_waited_for_long_and_is_not_lost() -> None:
    turns = Turns(at_work=1, waiting=5)
    await turns.take()

    with pytest.raises(Refused):
        await turns.take()
    turns.give_back()
    await asyncio.wait_for(turns.take(), 0.1)


async def test_a_request_that_takes_too_long_is_given_up_and_nothing_is_written(empty: Installation) -> None:
    app = create_app(empty.database, Settings(**UNHURRIED | {"request_seconds": 0.3}), pepper=PEPPER)
    actor = empty.actor("kestrel")
    wrote = asyncio.Event()

    async def slow(request: Request) -> Response:
        async with empty.database.begin(actor) as work:
            trust = Trust.named(actor.trust_id, code="kestrel", name="Kestrel", kind=TrustKind.MULTI_ACADEMY_TRUST)
            work.add(trust)
            work.record(created(trust))
            await work.flush()
            wrote.set()
            await asyncio.sleep(5)
        return PlainTextResponse("late")

    add(app, "/slow", slow)
    async with client(app) as asker:
        answer, seconds = await timed(asker.get("/slow"))
    async with empty.database.reader(actor) as reader:
        left = await reader.value("select count(*) from trust")

    assert wrote.is_set()
    assert_problem(answer, "unavailable")
    assert answer.headers["Retry-After"] == "1"
    assert seconds < 2
    assert left == 0


async def test_a_stream_of_events_may_last_and_takes_nobodys_turn(edged: Edged) -> None:
    app = edged(pool_size=2, request_seconds=0.2)
    stopping = asyncio.Event()

    async def events() -> AsyncIterator[str]:
        yield "data: 1\n\n"
        await stopping.wait()
        yield "data: 2\n\n"

    async def stream(request: Request) -> Response:
        return StreamingResponse(events(), media_type="text/event-stream")

    async def quick(request: Request) -> Response:
        return PlainTextResponse("quick")

    add(app, "/stream", stream)
    add(app, "/quick", quick)
    async with client(app) as asker:
        streams = [asyncio.create_task(asker.get("/stream")) for _ in range(12)]
        await asyncio.sleep(0.5)
        other = await asker.get("/quick")
        stopping.set()
        told = await asyncio.gather(*streams)

    assert other.text == "quick"
    assert {answer.text for answer in told} == {"data: 1\n\ndata: 2\n\n"}


async def test_a_long_answer_that_is_no_stream_of_events_gives_its_turn_back(edged: Edged) -> None:
    app = edged(pool_size=2, request_seconds=0.2)

    async def pieces() -> AsyncIterator[str]:
        yield "["
        await asyncio.sleep(30)
        yield "]"

    async def long(request: Request) -> Response:
        return StreamingResponse(pieces(), media_type="application/json")

    add(app, "/long", long)
    async with client(app) as asker:
        told = await asyncio.gather(*(timed(asker.get("/long")) for _ in range(AT_WORK * 2)))
        after = await asker.get("/problems")

    assert {answer.text for answer, _ in told} == {"["}
    assert max(seconds for _, seconds in told) < 5
    assert after.status_code == 200


async def test_bodies_find_room_together_and_small_ones_always() -> None:
    room = Room(SMALL)
    with Share(room) as large, Share(room) as other, Share(room) as small:
        for _ in range(4):
            large.grow(SMALL // 2)
        small.grow(SMALL)
        with pytest.raises(Refused) as refused:
            other.grow(SMALL + 1)
        large.end()
        other.grow(SMALL - 1)
        with pytest.raises(Refused):
            small.grow(1)
    with Share(room) as next_one:
        next_one.grow(2 * SMALL)

    assert refused.value.kind == "unavailable"
    assert refused.value.headers == {"Retry-After": "2", "Connection": "close"}


async def test_who_sends_too_much_at_once_is_told_so_and_then_there_is_room_again(
    edged: Edged, shared: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "ROOM", 1 << 20)
    started, going = asyncio.Semaphore(0), asyncio.Event()
    app = edged(max_body_bytes=1 << 20)

    async def slowly() -> AsyncIterator[bytes]:
        yield b"x" * (700 << 10)
        started.release()
        await going.wait()
        yield b"x"

    async with client(app, shared.keys["kestrel"]) as asker:
        first = asyncio.create_task(asker.post("/v1/bodies", content=slowly()))
        await started.acquire()
        refused = await asker.post("/v1/bodies", content=b"x" * (500 << 10))
        small = await asker.post("/v1/bodies", content=b"{}")
        going.set()
        told = await first
        after = await asker.post("/v1/bodies", content=b"x" * (900 << 10))

    assert_problem(refused, "unavailable")
    assert [answer.status_code for answer in (small, told, after)] == [415] * 3


async def test_past_the_mark_bodies_and_graphql_are_put_off_and_the_rest_is_answered(
    edged: Edged, shared: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = 0
    monkeypatch.setattr(admission, "LOOK", -1)
    monkeypatch.setattr(admission, "resident_bytes", lambda: size)
    async with client(edged(memory_mb=100), shared.keys["kestrel"]) as asker:
        size = 101 << 20
        told = [
            await asker.post("/v1/bodies", content=b"{}"),
            await asker.get("/graphql?query={__typename}"),
            await asker.get(PLANS),
        ]
        size = 99 << 20
        after = await asker.post("/v1/bodies", content=b"{}")

    assert [answer.status_code for answer in told] == [503, 503, 200]
    assert_problem(told[0], "unavailable")
    assert after.status_code == 415


async def test_a_body_that_breaks_off_reaches_nobody(edged: Edged, shared: Installation) -> None:
    """A file of readings that was cut at the end of a line would otherwise be taken for a whole one."""
    app, told, reached = edged(), list[Any](), list[bytes]()

    async def take(request: Request) -> Response:
        reached.append(await request.body())
        return PlainTextResponse("taken")

    app.router.routes.insert(0, _route("/take", take, "POST"))
    pieces: list[Any] = [{"type": "http.request", "body": b"one\n", "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> Any:
        return pieces.pop(0)

    async def send(message: Any) -> None:
        told.append(message)

    scope = {"type": "http", "method": "POST", "path": "/take", "raw_path": b"/take", "query_string": b"", "headers": [],
             "client": ("192.0.2.1", 1), "server": ("milepost.test", 80), "scheme": "http", "root_path": "",
             "http_version": "1.1"}  # fmt: skip
    await app(scope, receive, send)

    assert (reached, told) == ([], [])


def add(app: FastAPI, path: str, endpoint: Any) -> None:
    app.router.routes.insert(0, _route(path, endpoint, "GET"))


def _route(path: str, endpoint: Any, method: str) -> Any:
    return Route(path, endpoint, methods=[method])


async def timed(asking: Any) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    return await asking, time.monotonic() - began


class held:  # noqa: N801  stands where a function makes a context
    """Every connection of the pool for reading, taken."""

    def __init__(self, installation: Installation, count: int) -> None:
        assert installation.database._pool is not None
        self._pool, self._count = installation.database._pool, count

    async def __aenter__(self) -> None:
        self._connections = [await self._pool.acquire() for _ in range(self._count)]

    async def __aexit__(self, *_: object) -> None:
        for connection in self._connections:
            await self._pool.release(connection)
