"""The edge's frame: request ids, limits on a request's head, and answers for what goes wrong below every handler."""

import re
from collections.abc import Iterable, Mapping
from secrets import token_hex
from typing import Final, NamedTuple, Self

from fastapi import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import problems
from app.api.deprecations import Deprecation, headers_for
from app.operations.refusals import KINDS, Refused

MAX_HEADERS: Final = 64
MAX_HEADER_BYTES: Final = 16_384
_TRACE_PARENT: Final = re.compile(b"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_DECENT: Final = re.compile(b"[0-9A-Za-z._-]{1,100}")
_PORT: Final = re.compile(":[0-9]*$")
_NEVER: Final = frozenset({"TRACE", "TRACK", "CONNECT"})
_ALLOW: Final = {"Allow": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"}


class Guard:
    """An ASGI layer around all that may refuse: every request has an id, and every failure becomes a problem."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], deprecated: Mapping[str, Deprecation]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._deprecated = deprecated

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._converse(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = _Head.of(scope)
        scope.setdefault("state", {})["trace_id"] = head.trace_id
        started = False

        async def tell(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                ending = headers_for(scope, self._deprecated)
                message["headers"] = [*message["headers"], (b"x-request-id", head.trace_id.encode()), *ending]
            await send(message)

        try:
            self._refuse(scope, head)
            await self._app(scope, receive, tell)
        except Exception as error:
            if started:
                raise
            response = await problems.answer_anything(Request(scope), error)
            await response(scope, receive, tell)

    async def _converse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A conversation that is refused before it begins is answered as a request would be."""
        try:
            self._refuse(scope, _Head.of(scope))
            await self._app(scope, receive, send)
        except Refused as refusal:
            request = Request({**scope, "type": "http", "method": "GET"})
            await _decline(scope, await problems.answer_anything(request, refusal), send)

    def _refuse(self, scope: Scope, head: "_Head") -> None:
        if len(scope["headers"]) > MAX_HEADERS or head.size > MAX_HEADER_BYTES:
            sentence = f"A request may have {MAX_HEADERS} headers of {MAX_HEADER_BYTES} bytes in all."
            raise Refused("headers-too-large", sentence, headers={"Connection": "close"})
        if scope.get("method") in _NEVER:
            raise Refused("method-not-allowed", KINDS["method-not-allowed"].meaning, headers=_ALLOW)
        if self._hosts and head.host not in self._hosts:
            raise Refused("bad-request", "The Host header names another service than this one.")


class _Head(NamedTuple):
    """What there is to say of a head, found in one look at it."""

    size: int
    host: str
    """Without its port."""
    trace_id: str

    @classmethod
    def of(cls, scope: Scope) -> Self:
        size, host, given, trace = 0, b"", b"", b""
        for name, value in scope["headers"]:
            size += len(name) + len(value)
            if name == b"host":
                host = value
            elif name == b"x-request-id":
                given = value
            elif name == b"traceparent":
                trace = value
        return cls(size, _PORT.sub("", host.decode("latin-1").lower()), _trace_id(given, trace))


def _trace_id(given: bytes, trace: bytes) -> str:
    """The caller's X-Request-Id where it is a decent one, else the trace of its traceparent, else a new one."""
    if _DECENT.fullmatch(given):
        return given.decode()
    traced = _TRACE_PARENT.fullmatch(trace)
    return traced[1].decode() if traced else token_hex(16)


async def _decline(scope: Scope, response: Response, send: Send) -> None:
    """With an answer where the server can give one instead of a conversation, else by closing it."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008, "reason": "Refused"})
        return
    start = {"type": "websocket.http.response.start", "status": response.status_code, "headers": response.raw_headers}
    await send(start)
    await send({"type": "websocket.http.response.body", "body": response.body})
