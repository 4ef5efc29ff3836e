"""Connections that keep nobody waiting: a head and a body have to arrive in time, and an answer has to be taken."""

import asyncio
from typing import Any, Final, cast

import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.config import Settings
from app.operations.refusals import KINDS

MAX_HEAD: Final = 65_536
"""Bytes of a head that is still arriving. What is whole is measured by the guard, which takes a quarter of it."""
LINGER: Final = 2.0
"""Seconds for which what a refused caller goes on sending is thrown away, so that the refusal is read and not cut off."""
_FRAMING: Final = 8
"""Bytes on the wire for each of a body: chunks of one byte take six."""


class PatientProtocol(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn speaks it, under deadlines. Streams and conversations may last; so may work on a request."""

    head_seconds: float
    body_seconds: float
    stall_seconds: float
    most_bytes: int

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._deadline: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._in_head = self._in_message = self._is_over = False
        self._received = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._arm(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_over:
            return
        self._received += len(data)
        super().data_received(data)
        if self._is_over or self.transport.is_closing():
            return
        if self._in_head and self._received > MAX_HEAD:
            self._refuse("headers-too-large", "A request's head may have 16384 bytes.")
        elif self._in_message and self._received > MAX_HEAD + _FRAMING * self.most_bytes:
            self.transport.abort()
        elif not self._in_message and self._deadline is None and (self.cycle is None or self.cycle.response_complete):
            self._arm(self.head_seconds)  # blank lines alone begin no request

    def eof_received(self) -> None:
        """Who says no more in the middle of a request may still be listening."""
        if self._in_message and not self._is_over:
            self._disarm()
            self._say("bad-request", "The request broke off before it was whole.")
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = self._in_message = True
        self._received = 0
        self._arm(self.head_seconds)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Fields that come after a body are none of the head's, and nobody has looked at them."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._received = 0
        self._arm(self.body_seconds)
        super().on_headers_complete()
        if self.cycle is not None and self.cycle.scope is self.scope:
            self.cycle.transport = cast("asyncio.Transport", _Unhurried(self))

    def on_message_complete(self) -> None:
        self._in_message = False
        self._disarm()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """From here on another protocol has the connection, and deadlines of its own."""
        self._disarm()
        self._is_over = True
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._stalled is None:
            self._stalled = self.loop.call_later(self.stall_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's words, which name no way to mend it
        self._refuse("bad-request", "This is no HTTP/1.1 request that can be read in one way only.")

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(seconds, self._expire)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _expire(self) -> None:
        self._deadline = None
        if self._in_message and not self._is_over:
            self._say("request-timeout", "The request did not arrive in time.")
            self.transport.close()
        else:
            self.transport.abort()

    def _refuse(self, kind: str, detail: str) -> None:
        self._disarm()
        self._say(kind, detail)
        self.hang_up()

    def _say(self, kind: str, detail: str) -> None:
        """Answer below the application; without a word where it would be taken for another request's answer."""
        if self._owes_another():
            self.transport.abort()
            return
        known = KINDS[kind]
        said = {"type": f"/problems/{kind}", "title": known.title, "status": known.status, "detail": detail}
        body = orjson.dumps(said)
        head = (
            b"content-type: application/problem+json\r\nx-content-type-options: nosniff\r\ncache-control: no-store\r\n"
            b"connection: close\r\ncontent-length: %d\r\n\r\n"
        )
        self.transport.write(STATUS_LINE[known.status] + head % len(body) + body)

    def hang_up(self) -> None:
        """Close; but where the request is still arriving, say so and throw the rest away first."""
        if self.transport.is_closing():
            return
        if not self._in_message or not self.transport.can_write_eof():
            self.transport.close()
        elif not self._is_over:
            self._is_over = True
            self.transport.write_eof()
            self.flow.resume_reading()
            self._arm(LINGER)

    def _owes_another(self) -> bool:
        """Whether an answer is under way, or still to come, to an earlier request or to what has arrived of this one."""
        if self.cycle is None or self.cycle.response_complete:
            return False
        is_its_own = self._in_message and not self._in_head
        return not is_its_own or self.cycle.response_started or bool(self.pipeline)


class _Unhurried:
    """What an answer is written to: closing it is hanging up."""

    def __init__(self, protocol: PatientProtocol) -> None:
        self._protocol = protocol
        self.write = protocol.transport.write
        self.is_closing = protocol.transport.is_closing

    def close(self) -> None:
        self._protocol.hang_up()


def protocol_for(settings: Settings) -> type[PatientProtocol]:
    """The protocol under these settings, as uvicorn wants it: a class."""
    return type(
        "ConfiguredProtocol",
        (PatientProtocol,),
        {
            "head_seconds": settings.head_seconds,
            "body_seconds": settings.body_seconds,
            "stall_seconds": settings.stall_seconds,
            "most_bytes": settings.max_body_bytes,
        },
    )
