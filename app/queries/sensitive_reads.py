"""Who read what is sensitive: the notes that every reading of it leaves, newest first."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from pydantic import Field

from app.domain.clock import LONDON
from app.domain.errors import Fault, Forbidden, Invalid
from app.domain.roles import Permission
from app.queries.published import Published
from app.queries.reading import Reads

_FIND: Final = """
select s.recorded_at, s.actor, s.kind, s.record_id, s.channel, s.purpose from sensitive_read s
where s.trust_id = $1 and ($2::uuid is null or s.record_id = $2) and ($3::text is null or s.actor = $3)
  and ($4::text is null or s.kind = $4) and ($5::timestamptz is null or s.recorded_at >= $5)
  and ($6::timestamptz is null or s.recorded_at < $6)
  and ($7::timestamptz is null or (s.recorded_at, s.actor, s.record_id) < ($7, $8::text, $9::uuid))
order by s.recorded_at desc, s.actor desc, s.record_id desc limit $10"""


class SensitiveRead(Published):
    """Somebody was told something sensitive of one record, in one transaction."""

    recordedAt: datetime
    actor: str = Field(description="Who, as events say it.")
    noun: str = Field(description="The kind of record, as events say it: `observation`.")
    recordId: UUID
    channel: str = Field(description="The door it was told through: `rest`, `graphql`, `cli`.")
    purpose: str = Field(
        description="What was asked for; `writing`, where somebody changed the record and was told it back."
    )


class SensitiveReadPage(Published):
    items: list[SensitiveRead]
    nextAfter: str | None = Field(description="Pass it as `after` to go on, to older ones; null at the end.")


@dataclass(frozen=True, kw_only=True)
class ReadsAsked:
    """What narrows the notes. Days are the trust's own; `before` itself is not among them."""

    record: UUID | None = None
    actor: str | None = None
    noun: str | None = None
    first: date | None = None
    before: date | None = None
    after: str | None = None
    limit: int = 100


async def read_sensitive_reads(reads: Reads, asked: ReadsAsked) -> SensitiveReadPage:
    """The notes of the whole trust: they tell of records by id, so only whoever sees every academy is told them."""
    actor = reads.actor
    actor.require(Permission.READ_AUDIT)
    if actor.academies is not None:
        raise Forbidden("Who read what is told of the whole trust. Ask somebody whose role covers every academy of it.")
    days = (_start(asked.first), _start(asked.before))
    after = (None, None, None) if asked.after is None else _place(asked.after)
    found = await reads.rows(
        _FIND, actor.trust_id, asked.record, asked.actor, asked.noun, *days, *after, asked.limit + 1
    )
    rows = found[: asked.limit]
    items = [
        SensitiveRead(
            recordedAt=row["recorded_at"], actor=row["actor"], noun=row["kind"], recordId=row["record_id"],
            channel=row["channel"], purpose=row["purpose"],
        )
        for row in rows
    ]  # fmt: skip
    return SensitiveReadPage(items=items, nextAfter=_spelt(items[-1]) if len(found) > len(rows) else None)


def _start(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), LONDON)


def _spelt(last: SensitiveRead) -> str:
    return f"{last.recordedAt.isoformat()} {last.actor} {last.recordId}"


def _place(text: str) -> tuple[datetime, str, UUID]:
    try:
        at, actor, record = text.split(" ")
        place = datetime.fromisoformat(at), actor, UUID(record)
    except ValueError:
        place = None
    if place is None or place[0].tzinfo is None:
        sentence = "This is no place in the list. Give `after` the `nextAfter` of the page before."
        raise Invalid(sentence, faults=[Fault("#query/after", "place-unreadable", sentence)])
    return place
