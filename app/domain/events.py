"""What happened: the one shape in which rules tell of a change, and the verbs they use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.domain.entity import Entity


class Verb(StrEnum):
    """The second half of an event's type: `milestone.met`."""

    CREATED = "created"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    # milestones: one for each row of the state machine, then judgements, dates and evidence
    STARTED = "started"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    CARRIED_FORWARD = "carried_forward"
    REOPENED = "reopened"
    DEFERRED = "deferred"
    RESUMED = "resumed"
    SUPERSEDED = "superseded"
    RATED = "rated"
    DUE_MOVED = "due_moved"
    # frameworks and releases
    PUBLISHED = "published"
    # assurance reviews
    OPENED = "opened"
    MODERATED = "moderated"
    SIGNED_OFF = "signed_off"
    # support
    ACTIVATED = "activated"
    CLOSED = "closed"
    # targets, identifiers, keys, flags
    REVISED = "revised"
    ENDED = "ended"
    REVOKED = "revoked"
    RESOLVED = "resolved"
    # memberships
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    SIGNED_OUT = "signed_out"
    # personal text
    ERASED = "erased"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened to one record.

    What changed is read off the record when the event is recorded, so an event cannot disagree with the table.
    `reason` is free text, and so kept where it can be erased; `detail` holds coded facts that no column holds.
    """

    record: Entity
    verb: Verb
    reason: str | None = None
    on: date | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def type(self) -> str:
        return f"{self.record.noun()}.{self.verb}"


def created(record: Entity) -> Event:
    return Event(record=record, verb=Verb.CREATED)


def changed(record: Entity, *, reason: str | None = None) -> Event:
    return Event(record=record, verb=Verb.CHANGED, reason=reason)
