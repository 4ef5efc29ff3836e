"""Waiting for news: while anybody waits, one look at the head of each trust's log every so often wakes those it has passed."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.db.database import Database, is_outage
from app.domain.actor import Actor
from app.domain.roles import Role
from app.graphql.limits import OVER_LIMIT, RefusedDocument
from app.graphql.refusing import refused
from app.queries.reading import head_position

TRUSTED_SECONDS: Final = 30.0
"""For how long a subscriber is who its key said it was."""
MOST_OF_A_KEY: Final = 50
_AT_ONCE: Final = 3
"""Logs looked at at the same time."""
log = logging.getLogger("milepost")


class StoppingError(Exception):
    """The service is about to stop. Nothing is missed: whoever was cut off resumes after the last position it saw."""


@dataclass(eq=False)
class _Waiting:
    position: int
    woken: asyncio.Future[None]


class Feed:
    """Who follows the logs in this process. No connection is held while anybody waits."""

    def __init__(
        self,
        database: Database,
        *,
        stopping: Callable[[], bool],
        most: int,
        look_seconds: float,
        trusted_seconds: float = TRUSTED_SECONDS,
    ) -> None:
        self._database = database
        self._stopping = stopping
        self._most = most
        self._look_seconds = look_seconds
        self.trusted_seconds = trusted_seconds
        self._followers: Counter[tuple[object, ...]] = Counter()
        self._waiting: dict[UUID, set[_Waiting]] = {}
        self._looking: asyncio.Task[None] | None = None

    @contextmanager
    def following(self, actor: Actor) -> Iterator[None]:
        """A follower's place. Refused where there are as many as may be, or where all are about to be sent away."""
        if self._stopping():
            raise RefusedDocument(refused("unavailable", "The service is about to stop. Subscribe again shortly."))
        limits = self._limits(actor)
        for whose, most, sentence in limits:
            if self._followers[whose] >= most:
                raise RefusedDocument(refused(OVER_LIMIT, sentence))
        places = Counter(whose for whose, _, _ in limits)
        self._followers += places
        try:
            yield
        finally:
            self._followers -= places

    def _limits(self, actor: Actor) -> tuple[tuple[tuple[object, ...], int, str], ...]:
        """Whose places are counted, how many there are, and what is said when they are taken."""
        of_trust = max(1, self._most // 4)
        again = "subscriptions at a time, and has as many. End one, or try again shortly."
        return (
            ((actor.trust_id, actor.subject), MOST_OF_A_KEY, f"A key has at most {MOST_OF_A_KEY} {again}"),
            ((actor.trust_id,), of_trust, f"Here a trust has at most {of_trust} {again}"),
            ((), self._most, f"The service follows at most {self._most} {again}"),
        )

    def keep_on(self) -> None:
        """Raises once the service is about to stop."""
        if self._stopping():
            raise StoppingError

    async def wait_past(self, trust_id: UUID, position: int, *, within: float) -> None:
        """Until the trust's log has gone past the position, or the seconds are over."""
        self.keep_on()
        with self._among_the_waiting(trust_id, position) as waiting, suppress(TimeoutError):
            await asyncio.wait_for(waiting.woken, within)
        self.keep_on()

    @contextmanager
    def _among_the_waiting(self, trust_id: UUID, position: int) -> Iterator[_Waiting]:
        waiting = _Waiting(position, asyncio.get_running_loop().create_future())
        mine = self._waiting.setdefault(trust_id, set())
        mine.add(waiting)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield waiting
        finally:
            mine.discard(waiting)
            if not mine and self._waiting.get(trust_id) is mine:
                del self._waiting[trust_id]

    async def _look(self) -> None:
        """Look at every log that somebody waits on, for as long as anybody does. What one look does not find, the next does."""
        at_once = asyncio.Semaphore(_AT_ONCE)
        while self._waiting:
            await asyncio.gather(*(self._look_at(trust_id, at_once) for trust_id in list(self._waiting)))
            await asyncio.sleep(self._look_seconds)

    async def _look_at(self, trust_id: UUID, at_once: asyncio.Semaphore) -> None:
        try:
            async with at_once:
                head = await self._head_of(trust_id)
        except Exception as error:
            if not is_outage(error):
                log.exception("looking for news")
            head = 0
        self._wake(trust_id, head)

    async def _head_of(self, trust_id: UUID) -> int:
        async with self._database.reader(Actor(trust_id, "feed", frozenset[Role]())) as reader:
            return await head_position(reader)

    def _wake(self, trust_id: UUID, head: int) -> None:
        """Those whom the log has passed; all of them once the service is about to stop."""
        stopping = self._stopping()
        for waiting in self._waiting.get(trust_id, ()):
            if (stopping or waiting.position < head) and not waiting.woken.done():
                waiting.woken.set_result(None)
