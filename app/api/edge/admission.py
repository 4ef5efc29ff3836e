"""How many requests are worked on at once, and for how long. Who comes too many is told so before anything is read."""

import asyncio
import os
import time
from pathlib import Path
from typing import Final, Self

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.edge.bodies import CallerLeft, Room, Share, read_body, refuse_body, replayed
from app.api.edge.rates import FREE
from app.config import Settings
from app.operations.refusals import Refused

AT_WORK: Final = 16
"""Requests at work for each connection to the database: most of them wait for one, two seconds at most."""
WAITING: Final = 16
"""Requests that wait for their turn, for each connection to the database."""
PATIENCE: Final = 0.4
"""Seconds that a request waits for its turn. With the two that it may wait for a connection it is under 2.5."""
ROOM: Final = 64 << 20
"""Bytes of bodies that are held at once."""
LOOK: Final = 0.25
"""Seconds between two looks at the memory."""
_EVENTS: Final = b"text/event-stream"
_STATM: Final = Path("/proc/self/statm")
_RETRY: Final = {"Retry-After": "2"}


class Admission:
    """An ASGI layer. Streams of events give their turn back as they begin; conversations take none."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._most_bytes = settings.max_body_bytes
        self._seconds = settings.request_seconds
        self._turns = Turns(at_work=AT_WORK * settings.pool_size, waiting=WAITING * settings.pool_size)
        self._memory = Memory(settings.memory_mb << 20)
        self._room = Room(max(ROOM, settings.max_body_bytes))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        brings = refuse_body(scope, most=self._most_bytes)
        if scope["path"] in FREE:
            await self._app(scope, receive, send)
            return
        self._turns.refuse_where_full()
        if brings or scope["path"].startswith("/graphql"):
            self._memory.refuse_where_short()
        with Share(self._room) as share:
            try:
                again = replayed(await read_body(receive, most=self._most_bytes, share=share), receive)
            except CallerLeft:
                return
            await self._work(scope, again, send, share)

    async def _work(self, scope: Scope, receive: Receive, send: Send, share: Share) -> None:
        async with Turn(self._turns) as turn, asyncio.timeout(self._seconds or None) as deadline:

            async def tell(message: Message) -> None:
                if message["type"] == "http.response.start" and _is_of_events(message):
                    deadline.reschedule(None)
                    turn.end()
                    share.end()
                await send(message)

            await self._app(scope, receive, tell)


class Turns:
    """So many at work, so many waiting for a short while, and no more."""

    def __init__(self, *, at_work: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(at_work)
        self._most = waiting
        self._waiting = 0

    def refuse_where_full(self) -> None:
        if self._waiting >= self._most:
            raise self._refusal()

    async def take(self) -> None:
        if not self._free.locked():
            await self._free.acquire()
            return
        self.refuse_where_full()
        self._waiting += 1
        try:
            async with asyncio.timeout(PATIENCE):
                await self._free.acquire()
        except TimeoutError:
            raise self._refusal() from None
        finally:
            self._waiting -= 1

    def give_back(self) -> None:
        self._free.release()

    def _refusal(self) -> Refused:
        return Refused(
            "unavailable", "Too many requests are being worked on. Nothing was done: try again.", headers=_RETRY
        )


class Turn:
    """One turn, which may end before what it was taken for does."""

    def __init__(self, turns: Turns) -> None:
        self._turns: Turns | None = turns

    async def __aenter__(self) -> Self:
        assert self._turns is not None, "a turn is taken once"
        await self._turns.take()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        if self._turns is not None:
            self._turns.give_back()
        self._turns = None


class Memory:
    """Whether the process has grown past its mark. Known on Linux; elsewhere nobody is refused for it."""

    def __init__(self, most: int) -> None:
        self._most = most if _STATM.exists() else 0
        self._looked_at = 0.0
        self._is_short = False

    def refuse_where_short(self) -> None:
        if not self._most:
            return
        now = time.monotonic()
        if now - self._looked_at > LOOK:
            self._looked_at = now
            self._is_short = resident_bytes() > self._most
        if self._is_short:
            sentence = "The service is short of memory. Nothing was done: try again."
            raise Refused("unavailable", sentence, headers=_RETRY)


def _is_of_events(start: Message) -> bool:
    return any(value.startswith(_EVENTS) for name, value in start["headers"] if name == b"content-type")


def resident_bytes() -> int:
    return int(_STATM.read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
