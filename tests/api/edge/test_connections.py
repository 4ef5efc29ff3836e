"""Connections that keep nobody waiting, over real sockets."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.api.edge.conftest import Edged, served

CONVERSATION = [Subprotocol("graphql-transport-ws")]
QUICK = {"head_seconds": 0.4, "body_seconds": 0.4, "stall_seconds": 0.4, "keep_alive_seconds": 1}
ASK = b"GET /healthz HTTP/1.1\r\nHost: milepost.test\r\n\r\n"
POST = b"POST /v1/bodies HTTP/1.1\r\nHost: milepost.test\r\nContent-Type: application/json\r\n"


TOO_SLOW = [
    (b"", None),
    (b"\r\n", None),
    (b"GET /healthz HTTP/1.1\r\nHost: mil", 408),
    (b"G", 408),
    (POST + b"Content-Length: 20\r\n\r\n{", 408),
    (POST + b'Transfer-Encoding: chunked\r\n\r\n4\r\n{"a"', 408),
    (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Late: y", 408),
    (ASK + b"\r\n", 200),
    (ASK + b"GET /he", 200),
]
NO_REQUEST = [
    (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 300_000, 431),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 300_000 + b"\r\n\r\n", 431),
    (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 5_000 + b"\r\n", 431),
    (POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
    (POST + b"Content-Length: 99999999\r\n\r\n" + b"x" * 2_000_000, 413),
    (POST + b"Transfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b"x" * 65_536 + b"\r\n") * 32, 413),
    (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"\x16\x03\x01\x02\x00\x01\x00", 400),
    (b"NONSENSE\r\n\r\n", 400),
]


async def test_what_does_not_arrive_in_time_is_hung_up_on(edged: Edged) -> None:
    async with served(edged(**QUICK)) as at:
        began = time.monotonic()
        told = await asyncio.gather(*(said(at, sent) for sent, _ in TOO_SLOW))
        took = time.monotonic() - began

    assert [_status(answer) for answer in told] == [status for _, status in TOO_SLOW]
    assert 0.4 <= took < 3


async def test_a_head_that_comes_letter_by_letter_is_no_quicker(edged: Edged) -> None:
    async with served(edged(**QUICK)) as at:
        _, writer = await asyncio.open_connection(*at)
        began = time.monotonic()
        with pytest.raises(ConnectionError):  # noqa: PT012  it ends somewhere on the way
            for letter in ASK * 3:
                writer.write(bytes([letter]))
                await writer.drain()
                await asyncio.sleep(0.05)
        took = time.monotonic() - began
        writer.close()

    assert took < 2


async def test_what_is_no_request_is_told_so_as_a_problem(edged: Edged) -> None:
    async with served(edged(**QUICK)) as at:
        told = [await said(at, sent) for sent, _ in NO_REQUEST]

    assert [_status(answer) for answer in told] == [status for _, status in NO_REQUEST]
    for answer in told:
        head, _, body = answer.partition(b"\r\n\r\n")
        assert b"content-type: application/problem+json" in head
        assert json.loads(body)["status"] == _status(answer)


async def test_who_breaks_off_and_still_listens_is_told(edged: Edged) -> None:
    async with served(edged(**QUICK)) as at:
        reader, writer = await asyncio.open_connection(*at)
        writer.write(POST + b'Content-Length: 100\r\n\r\n{"code": ')
        writer.write_eof()
        told = await reader.read()
        writer.close()

    assert _status(told) == 400


async def test_fields_after_a_body_change_nothing(edged: Edged) -> None:
    seen: list[object] = []

    async def look(request: Request) -> Response:
        seen.append(request.headers.get("authorization"))
        return Response(await request.body())

    app = edged(**QUICK)
    app.router.routes.insert(0, Route("/look", look, methods=["POST"]))
    chunked = b"POST /look HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    async with served(app) as at:
        told = await said(at, chunked + b"2\r\nhi\r\n0\r\nAuthorization: Bearer smuggled\r\n\r\n")

    assert _status(told) == 200
    assert told.endswith(b"hi")
    assert seen == [None]


async def test_streams_and_conversations_live_on_past_every_deadline(edged: Edged) -> None:
    async def events() -> AsyncIterator[str]:
        for number in range(4):
            yield f"data: {number}\n\n"
            await asyncio.sleep(0.4)

    async def stream(request: Request) -> Response:
        return StreamingResponse(events(), media_type="text/event-stream")

    app = edged(**QUICK, request_seconds=0.3)
    app.router.routes.insert(0, Route("/stream", stream))
    async with (
        served(app) as at,
        connect(f"ws://{at[0]}:{at[1]}/graphql", subprotocols=CONVERSATION, open_timeout=60) as conversation,
    ):
        told = await said(at, b"GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        await conversation.send('{"type": "ping"}')
        answer = await conversation.recv()

    assert told.count(b"data: ") == 4
    assert answer == '{"type":"pong"}'


async def test_who_takes_nothing_of_an_answer_is_hung_up_on(edged: Edged) -> None:
    ended = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x" * 65_536
                await asyncio.sleep(0)
        finally:
            ended.set()

    async def stream(request: Request) -> Response:
        return StreamingResponse(endless())

    app = edged(**QUICK)
    app.router.routes.insert(0, Route("/stream", stream))
    async with served(app) as at:
        reader, writer = await asyncio.open_connection(*at)
        reader._transport.pause_reading()  # type: ignore[attr-defined]  # a caller who reads nothing
        writer.write(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.wait_for(ended.wait(), 5)
        writer.close()


async def said(at: tuple[str, int], sent: bytes) -> bytes:
    """All that is answered until the other side hangs up."""
    reader, writer = await asyncio.open_connection(*at)
    try:
        writer.write(sent)
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()


def _status(told: bytes) -> int | None:
    return int(told.split()[1]) if told else None
