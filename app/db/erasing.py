"""Erasing what stands beside the log and in kept answers. Only the operations role may: the application's login cannot.

Every statement names the trust itself, since row security does not hold that role. Erased text becomes null, and the hashed
bytes, which hold no more than its salted digest, stay as they are.
"""

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from app.db.idempotency import KEPT
from app.db.unit_of_work import UnitOfWork
from app.domain.entity import Entity
from app.domain.erasure import ERASED, in_sql
from app.domain.retention import CHANGED, Rule

_MENTIONS: Final = (
    "exists (select 1 from unnest({texts}::text[]) said where position(lower(said) in lower({value})) > 0)"
)
_TEXT_LEFT: Final = f"f.value is not null and f.value <> '{ERASED}' and f.value <> 'erased:' || e.subject_id"
_OF_RECORDS: Final = f"""
update event_text x set reason = case when $4 then null else x.reason end, fields = coalesce((
  select jsonb_object_agg(f.key, case when $3::text[] is null or f.key = any($3) then 'null'::jsonb else f.value end)
  from jsonb_each(x.fields) f), '{{}}')
from event e
where x.trust_id = $1 and e.trust_id = x.trust_id and e.position = x.position and e.subject_id = any($2::uuid[])
  and ($4 and x.reason is not null or exists (
    select 1 from jsonb_each_text(x.fields) f where ($3::text[] is null or f.key = any($3)) and {_TEXT_LEFT}))"""
_IN_REASON: Final = _MENTIONS.format(texts="$2", value="x.reason")
_IN_FIELD: Final = _MENTIONS.format(texts="$2", value="f.value #>> '{}'")
_SAYING: Final = f"""
update event_text x set reason = case when {_IN_REASON} then null else x.reason end, fields = coalesce((
  select jsonb_object_agg(f.key, case when {_IN_FIELD} then 'null'::jsonb else f.value end) from jsonb_each(x.fields) f), '{{}}')
from event e
where x.trust_id = $1 and e.trust_id = x.trust_id and e.position = x.position and e.noun <> all($3::text[])
  and ({_IN_REASON} or exists (select 1 from jsonb_each(x.fields) f where {_IN_FIELD}))"""
_REASONS: Final = """
update event_text x set reason = null from event e
where x.trust_id = $1 and e.trust_id = x.trust_id and e.position = x.position and x.reason is not null and e.recorded_at < $2"""
_ANSWERS: Final = f"""
delete from idempotency i where i.trust_id = $1 and (i.actor = any($2::text[])
  or {_MENTIONS.format(texts="$3", value="convert_from(i.body, 'UTF8')")})"""
_OLD_ANSWERS: Final = "delete from idempotency where created_at < $1::timestamptz - $2::interval"
_OLD_READS: Final = "delete from sensitive_read where trust_id = $1 and recorded_at < $2"


def mentioning(value: str, texts: str) -> str:
    """A condition: the text holds one of these, however they are capitalised. `texts` is a placeholder."""
    return _MENTIONS.format(texts=texts, value=value)


async def erase_texts_of(
    work: UnitOfWork, records: Collection[UUID], columns: Collection[str] | None, *, reasons: bool = False
) -> int:
    """Of every event of these records: the texts of these columns (None: of all), and the reasons where asked. How many events."""
    return _count(await work.raw.execute(_OF_RECORDS, work.actor.trust_id, list(records), columns, reasons))


async def erase_texts_saying(work: UnitOfWork, texts: Collection[str], *, but: Collection[str]) -> int:
    """Every reason and text beside an event that holds one of these, but those of these nouns. How many events."""
    return _count(await work.raw.execute(_SAYING, work.actor.trust_id, list(texts), list(but))) if texts else 0


async def erase_reasons_before(work: UnitOfWork, day: date) -> int:
    return _count(await work.raw.execute(_REASONS, work.actor.trust_id, day))


async def forget_answers(work: UnitOfWork, actors: Collection[str], texts: Collection[str]) -> int:
    """The answers kept for retries that these actors got, or that hold one of these texts."""
    return _count(await work.raw.execute(_ANSWERS, work.actor.trust_id, list(actors), list(texts)))


async def forget_old_answers(work: UnitOfWork) -> int:
    """Those too old to be given again, of every trust: nobody is told what was in them."""
    return _count(await work.raw.execute(_OLD_ANSWERS, work.now, KEPT))


async def forget_reads_before(work: UnitOfWork, day: date) -> int:
    return _count(await work.raw.execute(_OLD_READS, work.actor.trust_id, day))


async def saying(work: UnitOfWork, kind: type[Entity], column: str, texts: Collection[str]) -> list[UUID]:
    """The records of a kind in whose column one of these stands."""
    value = f't."{column}"'
    query = f"select t.id from {kind.noun()} t where t.trust_id = $1 and {mentioning(value, '$2')} order by t.id"
    return [row["id"] for row in await work.rows(query, work.actor.trust_id, list(texts))]


async def past_their_time(work: UnitOfWork, rule: Rule, *, most: int | None = None) -> list[UUID]:
    """The records whose text is still there and should no longer be, oldest id first."""
    kind, day = rule.kind, rule.keep.before(work.today)
    text = " or ".join(
        f't."{column}" is distinct from {in_sql(kind, column, "t.id") or "null"}' for column in sorted(kind.PERSONAL)
    )
    logged = (
        "exists (select 1 from event e join event_text x on x.trust_id = e.trust_id and x.position = e.position, "
        f"jsonb_each_text(x.fields) f where e.trust_id = t.trust_id and e.subject_id = t.id and {_TEXT_LEFT})"
    )
    since = "(select max(e.recorded_at) from event e where e.trust_id = t.trust_id and e.subject_id = t.id)::date"
    since = since if rule.after == CHANGED else f't."{rule.after}"'
    over = _OVER.get(kind.noun(), "true")
    query = (
        f"select t.id from {kind.noun()} t where t.trust_id = $1 and {over} and {since} < $2 and ({text} or {logged}) "
        "order by t.id limit $3"
    )
    return [row["id"] for row in await work.rows(query, work.actor.trust_id, day, most)]


_OVER: Final = {"membership": "t.status = 'ended'"}
"""What has to be over besides before time runs out."""


def _count(told: str) -> int:
    return int(told.rsplit(" ", 1)[-1])
