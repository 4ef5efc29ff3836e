"""Subscriptions: the log of events from a position on, and then whatever comes, each told as finished JSON."""

import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from graphql import GraphQLError, GraphQLObjectType
from graphql.execution.collect_fields import FieldDetailsList, collect_fields, collect_subfields
from strawberry.types import ExecutionResult

from app.db.database import Database
from app.domain.actor import Actor, Permission
from app.graphql.execute import MOST_ROWS, cut, selected
from app.graphql.feed import Feed, StoppingError
from app.graphql.limits import RefusedDocument
from app.graphql.plan import TITLES, Asked, Plan, Planner, Shape, Statement, Walk, as_uuid, forbidden
from app.graphql.prepared import Prepared
from app.graphql.refusing import refused
from app.graphql.telling import errors_of
from app.graphql.types import Field, Given, make, object_of
from app.queries.events import Event, read_after
from app.queries.milestones import MILESTONES
from app.queries.reading import Reads, head_position

BATCH: Final = 100
"""Events read at a time."""
_LONGEST: Final = 100
_FURTHEST: Final = 2**62
_AFTER: Final = Given("BigInt | None", "The last position you have. Left out: from now on. 0: from the beginning.")
_PLAN: Final = Given("ID | None", "Those of this plan and of what is in it.")
_TITLES: Final = {"planId": "Plan", "academyId": "Academy", "milestoneId": "Milestone"}
Renew = Callable[[], Awaitable[Actor]]
"""Looks the key up again: whose it is now, or a refusal."""


def subscription_fields() -> dict[str, Field]:
    """Every field of Subscription."""
    event = object_of(Event)
    make(
        "MilestoneEvent",
        "Something that happened to a milestone, and the milestone as it now is.",
        {
            "position": Field("BigInt"),
            "type": Field("str", "`noun.verbed`, such as `milestone.met`."),
            "recordedAt": Field("datetime"),
            "event": Field(event),
            "milestone": Field("Milestone | None", "Null where it is out of your sight by now."),
        },
    )
    told = "Every event after a position, in order, then those that come. Resume after the last position you saw."
    return {
        "events": Field(
            event,
            told,
            {
                "after": _AFTER,
                "type": Given("str | None", "Such as `milestone.met`."),
                "subject": Given("ID | None", "Those of this record."),
                "planId": _PLAN,
                "academyId": Given("ID | None", "Those that concern this academy."),
                "actor": Given("str | None", "Who did it, as events say it."),
            },
        ),
        "milestones": Field(
            "MilestoneEvent",
            f"Milestones as they change. {told}",
            {"after": _AFTER, "planId": _PLAN, "milestoneId": Given("ID | None", "This milestone alone.")},
        ),
    }


@dataclass(frozen=True)
class Subscriber:
    """Who subscribes, and how to find out whether they still may."""

    actor: Actor
    renew: Renew
    trace_id: str


async def subscribe(
    prepared: Prepared,
    operation_name: str | None,
    variables: Mapping[str, Any],
    *,
    subscriber: Subscriber,
    database: Database,
    feed: Feed,
) -> AsyncGenerator[ExecutionResult, None]:
    """The results, one for each event, without end. Refused before the first where it may not be."""
    feed.refuse_more()
    planned = _Planned(prepared, operation_name, variables)
    following = _Following(planned, subscriber, database, feed)
    await following.begin()
    return following.results()


class _Planned:
    """What an operation asks to be told."""

    def __init__(self, prepared: Prepared, operation_name: str | None, variables: Mapping[str, Any]) -> None:
        self._prepared = prepared
        self._operation = prepared.operation(operation_name)
        self._values = prepared.values(self._operation, variables)
        self._planner = Planner(prepared.schema, prepared.fragments, self._operation, self._values)
        self.variables = self._values.coerced
        self.key, self._details = self._root()
        node = self._details[0].node
        self.after, self.filters = _filters(
            {name: Asked.value(self, source) for name, source in self._planner.arguments("Subscription", node).items()}  # type: ignore[arg-type]
        )
        self.parts = self._parts(node.name.value)

    def _root(self) -> tuple[str, FieldDetailsList]:
        root = self._prepared.schema.subscription_type
        assert root is not None
        collected = collect_fields(
            self._prepared.schema, self._prepared.fragments, self._values, root, self._operation, hide_suggestions=True
        )
        found = list(collected.grouped_field_set.items())
        if len(found) != 1:
            raise RefusedDocument(refused("invalid", "A subscription selects one field."))
        return found[0]
