"""Following a subscription: batches of events are read, told one by one, and then the next are waited for."""

import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import orjson
from graphql import GraphQLError
from strawberry.types import ExecutionResult

from app.db.database import Database
from app.domain.actor import Actor
from app.domain.roles import Permission
from app.graphql.execute import MOST_ROWS, check, cut, reading, selected
from app.graphql.feed import Feed, StoppingError
from app.graphql.limits import RefusedDocument
from app.graphql.plan import Asked
from app.graphql.subscriptions import Now, Subscription
from app.graphql.telling import errors_of, in_time
from app.queries.events import read_after
from app.queries.published import exact
from app.queries.reading import Reads, head_position

BATCH: Final = 100
PATIENT_BATCH: Final = 10
"""Events read at a time, and at a time where there are computed answers beside them."""
Renew = Callable[[], Awaitable[Actor]]
"""Looks the key up again: whose it is now, or a refusal."""
Told = AsyncGenerator[ExecutionResult, None]
_Event = dict[str, Any]


@dataclass
class Subscriber:
    """Who subscribes, and how to find out whether they still may."""

    actor: Actor
    renew: Renew
    trace_id: str


async def follow(subscription: Subscription, subscriber: Subscriber, database: Database, feed: Feed) -> Told:
    """The results, one for each event, without end. Refused before the first of them where it may not be."""
    results = _Following(subscription, subscriber, database, feed).results()
    await anext(results)
    return results


class _Following:
    """One subscription at work. It goes on only when it is asked for more, so that who is slow holds up nobody."""

    def __init__(self, subscription: Subscription, subscriber: Subscriber, database: Database, feed: Feed) -> None:
        self._subscription = subscription
        self._subscriber = subscriber
        self._database = database
        self._feed = feed
        self._trusted_at = time.monotonic()
        self._filters = subscription.filters(self._asked)
        self._position = self._filters.after or 0

    @property
    def _asked(self) -> Asked:
        return Asked(self._subscriber.actor, self._database.clock(), self._subscription.variables)

    async def _begin(self) -> None:
        """From now on, if nobody says from where."""
        self._allow()
        if self._filters.after is None:
            async with self._database.reader(self._subscriber.actor) as reader:
                self._position = await head_position(reader)

    async def results(self) -> Told:
        """The first stands for having begun, and is told to nobody. What goes wrong afterwards is the last."""
        with self._feed.following(self._subscriber.actor):
            await self._begin()
            yield ExecutionResult(None, None)
            try:
                async with aclosing(self._told()) as told:
                    async for data, errors in told:
                        yield ExecutionResult(data=data, errors=errors or None)  # type: ignore[arg-type]  # spliced when it is sent
            except StoppingError:
                raise
            except Exception as error:  # noqa: BLE001  told, and logged where it is ours
                failed = errors_of(error, trace_id=self._subscriber.trace_id)
                yield ExecutionResult(data=None, errors=list(failed))

    async def _told(self) -> AsyncGenerator[tuple[orjson.Fragment, list[GraphQLError]], None]:
        trust_id = self._subscriber.actor.trust_id
        while True:
            await self._keep_on()
            batch, more = await self._read()
            for one in batch:
                yield one
                await self._keep_on()
            if not more:
                within = max(0.0, self._trusted_at + self._feed.trusted_seconds - time.monotonic())
                await self._feed.wait_past(trust_id, self._position, within=within)

    async def _keep_on(self) -> None:
        """Whether the service goes on, and the key is still good: looked up again every so often."""
        self._feed.keep_on()
        if time.monotonic() - self._trusted_at >= self._feed.trusted_seconds:
            self._subscriber.actor = await self._subscriber.renew()
            self._trusted_at = time.monotonic()
            self._allow()

    def _allow(self) -> None:
        self._subscriber.actor.require(Permission.READ_EVENTS)
        refusal = check(self._subscription.plan, self._asked)
        if refusal is not None:
            raise RefusedDocument(refusal)

    async def _read(self) -> tuple[list[tuple[orjson.Fragment, list[GraphQLError]]], bool]:
        """The next batch, finished, and whether there is more at once. The connection is given back before any is told."""
        filters = self._filters
        plan = replace(self._subscription.plan, notes=True)
        async with in_time(), reading(plan, self._subscriber.actor, self._database) as reader:
            body = await read_after(
                reader, self._position, limit=self._batch(), kind=filters.kind, subject=filters.subject,
                plan=filters.plan, academy=filters.academy, actor=filters.actor, noun=filters.noun,
            )  # fmt: skip
            page: dict[str, Any] = json.loads(body, parse_float=orjson.Fragment)
            milestones: dict[tuple[str, str], tuple[Any, list[GraphQLError]]] = {}
            batch = [await self._finished(event, reader, milestones) for event in page["items"]]
        self._position = page["nextAfter"]
        return batch, page["more"]

    def _batch(self) -> int:
        """Fewer events at a time where much is read beside each, and few where others wait for their turn meanwhile."""
        plan = self._subscription.plan
        return max(1, min(PATIENT_BATCH if plan.fills else BATCH, MOST_ROWS // max(1, plan.rows(self._asked))))

    async def _finished(
        self, event: _Event, reads: Reads, milestones: dict[tuple[str, str], tuple[Any, list[GraphQLError]]]
    ) -> tuple[orjson.Fragment, list[GraphQLError]]:
        subscription = self._subscription
        errors: list[GraphQLError] = []
        if subscription.event is not None:
            told = cut(event, subscription.event)
        else:
            told = {}
            for key, name, below in subscription.parts:
                if isinstance(below, Now):
                    now = key, event["subject"]
                    if now not in milestones:
                        milestones[now] = await self._milestone(key, below, event["subject"], reads)
                    told[key] = milestones[now][0]
                    errors += milestones[now][1]
                else:
                    told[key] = _shown(event, name) if below is None else cut(event, below)
        return orjson.Fragment(orjson.dumps({subscription.key: told}, default=exact)), errors

    async def _milestone(self, key: str, now: Now, record_id: str, reads: Reads) -> tuple[Any, list[GraphQLError]]:
        answered = await selected(now.statement, now.walk, UUID(record_id), self._asked, reads)
        above = [self._subscription.key, key]
        errors = [
            GraphQLError(it.message, it.nodes, path=[*above, *(it.path or ())], extensions=it.extensions)
            for it in answered.errors
        ]
        return None if answered.data is None else orjson.Fragment(answered.data), errors


def _shown(event: Mapping[str, Any], name: str) -> Any:
    return "MilestoneEvent" if name == "__typename" else event[name]
