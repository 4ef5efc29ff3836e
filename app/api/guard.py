"""The edge: request ids, header and body limits, and answers for what goes wrong below every handler."""

import re
import uuid
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import problems
from app.api.deprecations import Deprecation, headers_for

MAX_HEADERS: Final = 64
MAX_HEADER_BYTES: Final = 16_384
_TRACE_PARENT: Final = re.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_LENGTH: Final = re.compile("[0-9]{1,18}")


class Guard:
    """An ASGI layer around the whole application. It reads a body, bounded, before the application runs."""

    def __init__(self, app: ASGIApp, *, max_body_bytes: int, deprecated: Mapping[str, Deprecation]) -> None:
        self._app = app
        self._max = max_body_bytes
        self._deprecated = deprecated

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        request.state.trace_id = _trace_id(request)
        started = False

        async def tell(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                said = (b"x-request-id", request.state.trace_id.encode())
                ending = headers_for(scope, self._deprecated)
                message["headers"] = [*message.get("headers", []), said, *ending]
            await send(message)

        try:
            refusal = self._refuse_head(request)
            body = b"" if refusal else await self._read(receive)
            if refusal is None and body is None:
                refusal = ("payload-too-large", f"A body may have at most {self._max} bytes.")
            if refusal is not None:
                response = problems.problem(request, *refusal, headers={"Connection": "close"})
                await response(scope, receive, tell)
                return
            await self._app(scope, _replay(body or b"", receive), tell)
        except Exception as error:
            if started:
                raise
            response = await problems.answer_anything(request, error)
            await response(scope, receive, tell)

    def _refuse_head(self, request: Request) -> tuple[str, str] | None:
        headers = request.scope["headers"]
        if len(headers) > MAX_HEADERS or sum(len(name) + len(value) for name, value in headers) > MAX_HEADER_BYTES:
            return "headers-too-large", f"A request may have {MAX_HEADERS} headers of {MAX_HEADER_BYTES} bytes in all."
        if request.headers.get("content-encoding", "identity") != "identity":
            return "unsupported-media-type", "Send the body uncompressed: this operation takes no Content-Encoding."
        length = request.headers.get("content-length", "0")
        if not _LENGTH.fullmatch(length) or int(length) > self._max:
            return "payload-too-large", f"A body may have at most {self._max} bytes."
        return None

    async def _read(self, receive: Receive) -> bytes | None:
        """The whole body, or None once it is past the limit."""
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return b"".join(parts)
            part = message.get("body", b"")
            size += len(part)
            if size > self._max:
                return None
            parts.append(part)
            if not message.get("more_body"):
                return b"".join(parts)


def _trace_id(request: Request) -> str:
    """The caller's X-Request-Id where it is a decent one, else the trace of its traceparent, else a new one."""
    given = request.headers.get("x-request-id", "")
    if 0 < len(given) <= 100 and given.isascii() and all(letter.isalnum() or letter in "-._" for letter in given):  # noqa: PLR2004  long enough for any
        return given
    traced = _TRACE_PARENT.fullmatch(request.headers.get("traceparent", ""))
    return traced[1] if traced else uuid.uuid4().hex


def _replay(body: bytes, receive: Receive) -> Receive:
    told = False

    async def again() -> MutableMapping[str, Any]:
        nonlocal told
        if not told:
            told = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return again
