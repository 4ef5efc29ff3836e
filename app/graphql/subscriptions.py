"""Subscriptions: the fields of that name, and what an operation that selects one of them asks to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from graphql import FieldNode
from graphql.execution.collect_fields import FieldDetailsList

from app.graphql.ids import record_id
from app.graphql.plan import Asked, Root, Shape, Statement, Walk
from app.graphql.planner import Planner
from app.graphql.prepared import Prepared
from app.graphql.refusing import refused
from app.graphql.sources import Source
from app.graphql.types import Field, Given, make, object_of
from app.queries.events import Event
from app.queries.milestones import MILESTONES

_LONGEST: Final = 100
_FURTHEST: Final = 2**62
_AFTER: Final = Given("BigInt | None", "The last position you have; 0 for the beginning. Left out: from now on.")
_PLAN: Final = Given("ID | None", "Those of this plan and of what is in it.")
_RESUMED: Final = "Resume after the last position you saw: nothing is missed, and nothing told twice."


def subscription_fields() -> dict[str, Field]:
    """Every field of Subscription."""
    event = object_of(Event)
    make(
        "MilestoneEvent",
        "Something that happened to a milestone.",
        {
            "position": Field("BigInt"),
            "type": Field("str", "`noun.verbed`, such as `milestone.met`."),
            "recordedAt": Field("datetime"),
            "event": Field(event),
            "milestone": Field(
                f"{MILESTONES.title} | None", "As it now is; null where it is out of your sight by now."
            ),
        },
    )
    return {
        "events": Field(
            event,
            f"Every event after a position, in their order, and then those that come. {_RESUMED}",
            {
                "after": _AFTER,
                "type": Given("str | None", "Those of this type, such as `milestone.met`."),
                "subject": Given("ID | None", "Those of this record."),
                "planId": _PLAN,
                "academyId": Given("ID | None", "Those that concern this academy."),
                "actor": Given("str | None", "Those done by this actor, as events say it."),
            },
        ),
        "milestones": Field(
            "MilestoneEvent",
            f"Whatever happened to milestones after a position, and then what comes. {_RESUMED}",
            {"after": _AFTER, "planId": _PLAN, "milestoneId": Given("ID | None", "Those of this milestone.")},
        ),
    }


@dataclass(frozen=True)
class Now:
    """A milestone as it now is, as it was selected."""

    statement: Statement
    walk: Walk


Part = tuple[str, str, Shape | Now | None]
"""A key of the answer, the field it shows, and what of that."""


@dataclass(frozen=True)
class Filters:
    """Where to begin, and which events are meant. `after` of None is the head of the log."""

    after: int | None
    kind: str | None
    subject: UUID | None
    plan: UUID | None
    academy: UUID | None
    actor: str | None
    noun: str | None


class Subscription:
    """What an operation asks to be told. `parts` where it is told of milestones, else `event`."""

    key: str
    node: FieldNode
    event: Shape | None = None
    parts: tuple[Part, ...] = ()

    def __init__(self, prepared: Prepared, operation_name: str | None, variables: Mapping[str, Any]) -> None:
        operation = prepared.operation(operation_name)
        values = prepared.values(operation, variables)
        root = prepared.schema.subscription_type
        assert root is not None
        self._given: dict[str, Source] = {}
        self.variables: Mapping[str, Any] = values.coerced
        self.plan = Planner(prepared.schema, prepared.fragments, operation, values).plan(root, self._root)

    def filters(self, asked: Asked) -> Filters:
        """The arguments' values. A record's id may be plain or global."""
        given = {name: asked.value(source) for name, source in self._given.items()}
        after = given.get("after")
        if after is not None and not 0 <= after <= _FURTHEST:
            raise refused("invalid", "`after` is a position of the log: 0, or one that an event had.", self.node)
        of_milestones = self.event is None
        return Filters(
            after=after,
            kind=self._text(given, "type"),
            subject=self._id(given, "milestoneId", MILESTONES.title) if of_milestones else self._id(given, "subject"),
            plan=self._id(given, "planId", "Plan"),
            academy=self._id(given, "academyId", "Academy"),
            actor=self._text(given, "actor"),
            noun=MILESTONES.entity.noun() if of_milestones else None,
        )

    def _text(self, given: Mapping[str, Any], name: str) -> str | None:
        text: str | None = given.get(name)
        if text is not None and (len(text) > _LONGEST or "\0" in text):
            raise refused("invalid", f"`{name}` has at most {_LONGEST} characters.", self.node)
        return text

    def _id(self, given: Mapping[str, Any], name: str, title: str | None = None) -> UUID | None:
        if name not in given:
            return None
        return record_id(str(given[name]), title)

    def _root(self, planner: Planner, key: str, details: FieldDetailsList) -> Root:
        self.key, self.node = key, details[0].node
        self._given = planner.arguments("Subscription", self.node)
        if self.node.name.value == "events":
            self.event = planner.shape(object_of(Event), details)
        else:
            self.parts = tuple(self._part(planner, *one) for one in planner.subfields("MilestoneEvent", details))
        return Root(key, self.node)

    def _part(self, planner: Planner, key: str, details: FieldDetailsList) -> Part:
        match details[0].node.name.value:
            case "event":
                return key, "event", planner.shape(object_of(Event), details)
            case "milestone":
                return key, "milestone", Now(*planner.selected(MILESTONES, details))
            case name:
                return key, name, None
