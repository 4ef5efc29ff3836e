"""The event log as it can be read: what happened after a position, and everything that happened to one record."""

import json
import re
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from pydantic import Field
from pydantic.alias_generators import to_camel

from app.db.noun import Noun
from app.domain.actor import Actor
from app.domain.entity import Entity, Fact
from app.domain.model import ENTITIES
from app.domain.permissions import guarded
from app.domain.roles import Permission
from app.queries.published import Published
from app.queries.reading import Reads

# An event of a sensitive kind is told with a note of who read it.
_NOTED: Final = "({}) or app.noted(e.noun, e.subject_id)".format(
    " and ".join(f"e.noun <> '{kind.noun()}'" for kind in ENTITIES if kind.SENSITIVE)
)
# What a batch of readings tells is of all its academies at once, so it is told to whoever sees them all. So is what is
# told of a credential, and of one for the whole trust it is told to whoever sees the whole trust.
# The stored bytes go out as they are; what stands beside them is spliced in before the closing brace.
_TOLD: Final = f"""left(convert_from(case when {_NOTED} then e.body end, 'UTF8'), -1)
  || ',"reason":' || coalesce(to_json(x.reason)::text, 'null')
  || ',"texts":' || coalesce(x.fields::text, '{{}}')
  || ',"hash":"' || encode(e.hash, 'hex') || '"}}'"""
_FROM: Final = """
from event e left join event_text x on x.trust_id = e.trust_id and x.position = e.position
where e.trust_id = $1 and ($2::uuid[] is null or e.academies = '{}' or e.academies && $2::uuid[])
  and ($2::uuid[] is null or e.noun not in ('reading_batch', 'api_key', 'membership') or e.academies <@ $2::uuid[])
  and ($2::uuid[] is null or e.noun not in ('api_key', 'membership') or e.academies <> '{}')
  and e.noun <> all ($3::text[])"""
_AFTER: Final = f"""
select convert_to('[' || coalesce(string_agg(
    case when e.n <= $5 then {_TOLD} end, ',' order by e.position), '') || ']', 'UTF8') as items,
  coalesce(max(e.position) filter (where e.n <= $5), 0) as last, count(*) as found,
  (select h.position from event_head h where h.trust_id = $1) as head from (
  select e.*, row_number() over (order by e.position) as n {_FROM} and e.position > $4
    and ($6::text is null or e.type = $6) and ($7::uuid is null or e.subject_id = $7) and ($8::uuid is null or e.plan_id = $8)
    and ($9::uuid is null or $9 = any(e.academies)) and ($10::text is null or e.actor = $10)
    and ($11::text is null or e.noun = $11)
  order by e.position limit $5::int + 1) e
left join event_text x on x.trust_id = e.trust_id and x.position = e.position"""
_OF_RECORD: Final = f"""
select convert_to('[' || coalesce(string_agg(j, ',' order by position), '') || ']', 'UTF8') from (
  select {_TOLD} as j, e.position {_FROM} and e.subject_id = any($4::uuid[]) order by e.position) q"""


class EventData(Published):
    """The fields that changed, before and after. A new record has everything in `after`."""

    before: dict[str, Any]
    after: dict[str, Any]


class Event(Published):
    """One thing that happened. `position` has no gaps within a trust, and its order is the order of commits."""

    position: int
    type: str = Field(description="`noun.verbed`, such as `milestone.met`.")
    noun: str
    subject: UUID = Field(description="The record it happened to.")
    plan: UUID | None
    academies: list[UUID]
    trust: UUID
    actor: str
    channel: str = Field(description="The door it came through.")
    on: date | None = Field(description="The day it happened in the world, where that was said.")
    recordedAt: datetime = Field(description="When it was recorded; never runs backwards.")
    detail: dict[str, Any]
    data: EventData
    reason: str | None
    reasonDigest: str | None = Field(
        description="Salted digest of the reason, which is kept apart so that it can be erased."
    )
    textDigests: dict[str, str]
    texts: dict[str, Any] = Field(description="Fields that may hold personal text, until they are erased.")
    hash: str = Field(description="SHA-256 of the previous event's hash and this event's stored bytes, in hex.")


class EventList(Published):
    items: list[Event]


class EventPage(Published):
    items: list[Event]
    nextAfter: int = Field(
        description="Pass it as `after` to go on: the last event told, or the head of the log once there is no more."
    )
    more: bool = Field(description="Whether there is more to fetch at once.")


async def read_after(
    reads: Reads,
    after: int,
    *,
    limit: int,
    kind: str | None = None,
    subject: UUID | None = None,
    plan: UUID | None = None,
    academy: UUID | None = None,
    actor: str | None = None,
    noun: str | None = None,
) -> bytes:
    """Events after a position, as the bytes of an EventPage.

    Once nothing more is found, `nextAfter` is the head of the log: with filters, too, nothing is looked through twice.
    """
    reads.actor.require(Permission.READ_EVENTS)
    who = _who(reads.actor)
    row = await reads.row(_AFTER, *who, after, limit, kind, subject, plan, academy, actor, noun)
    assert row is not None
    if row["found"] > limit:
        return _page(row["items"], row["last"], more=True)
    return _page(row["items"], max(row["head"] or 0, after), more=False)


async def read_history(reads: Reads, subjects: list[UUID]) -> bytes:
    """Everything that happened to these records, oldest first."""
    reads.actor.require(Permission.READ_EVENTS)
    items: bytes = await reads.value(_OF_RECORD, *_who(reads.actor), subjects)
    return b'{"items":' + items + b"}"


def subjects_of(noun: Noun, record_id: UUID, body: bytes) -> list[UUID]:
    """Whose events tell of a record: its own, or of a row kept in batches the batch it came in and the one that restated it."""
    if not issubclass(noun.entity, Fact):
        return [record_id]
    told = json.loads(body)
    return [UUID(told[to_camel(name)]) for name in told_by(noun.entity) if told[to_camel(name)] is not None]


def told_by(kind: type[Entity]) -> tuple[str, ...]:
    """The columns that hold the subjects of the events that tell of such a record."""
    if not issubclass(kind, Fact):
        return ("id",)
    return kind.KEPT_BY, *sorted(name for name in kind.LATER if name.endswith("_in_id"))


def told_events(trust: str, academies: str, hidden: str) -> str:
    """A statement of the events in sight, each as JSON `j`. It ends in its conditions, so that more may follow."""
    bound = {"$1": trust, "$2": academies, "$3": hidden}
    where = re.sub(r"\$[123]\b", lambda found: bound[found[0]], _FROM)
    return f"select ({_TOLD})::json as j, e.position {where}"


def hidden_nouns(actor: Actor) -> list[str]:
    """The nouns whose events are out of the actor's sight."""
    return [noun for noun, needed in guarded().items() if not needed <= actor.permissions]


def _who(actor: Actor) -> tuple[UUID, list[UUID] | None, list[str]]:
    """The first arguments: the trust, the academies in sight, and the nouns that are out of sight."""
    academies = None if actor.academies is None else sorted(actor.academies)
    return actor.trust_id, academies, hidden_nouns(actor)


def _page(items: bytes, last: int, *, more: bool) -> bytes:
    return b'{"items":' + items + f',"nextAfter":{last},"more":{str(more).lower()}}}'.encode()
