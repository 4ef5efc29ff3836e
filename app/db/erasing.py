"""Erasing what stands beside the log and in kept answers. Only the operations role may: the application's login cannot.

Every statement names the trust itself, since row security does not hold that role. The texts of an event go together, and the
salt with the last of them: the hashed bytes stay as they are, and their digests then confirm no guess.
"""

import json
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
    r"exists (select 1 from unnest({texts}::text[]) said"
    r" where {value} ~* ('(?<!\w)' || regexp_replace(said, '([^\w\s])', '\\\1', 'g') || '(?!\w)'))"
)
_TEXT_LEFT: Final = f"f.value is not null and f.value <> '{ERASED}' and f.value <> 'erased:' || e.subject_id"
_WITH_TEXT_LEFT: Final = f"exists (select 1 from jsonb_each_text(x.fields) f where {_TEXT_LEFT})"
_EMPTY: Final = """
update event_text x set salt = '', reason = null, fields = coalesce((
  select jsonb_object_agg(f.key, 'null'::jsonb) from jsonb_each(x.fields) f), '{}')
from event e
where x.trust_id = $1 and e.trust_id = x.trust_id and e.position = x.position"""
_OF_RECORDS: Final = f"""{_EMPTY} and e.subject_id = any($2::uuid[])
  and ($3 and x.reason is not null or {_WITH_TEXT_LEFT})"""
_IN_REASON: Final = _MENTIONS.format(texts="$2", value="x.reason")
_IN_FIELD: Final = _MENTIONS.format(texts="$2", value="f.value")
_SAYING: Final = f"""{_EMPTY} and e.noun <> all($3::text[])
  and ({_IN_REASON} or exists (select 1 from jsonb_each_text(x.fields) f where {_IN_FIELD}))
returning e.subject_id"""
_NO_REASON: Final = """
update event_text x set reason = null,
  salt = case when exists (select 1 from jsonb_each_text(x.fields) f where f.value is not null) then x.salt else '' end
from event e
where x.trust_id = $1 and e.trust_id = x.trust_id and e.position = x.position and x.reason is not null"""
_REASONS_SAYING: Final = f"{_NO_REASON} and e.noun <> all($3::text[]) and {_IN_REASON}"
_REASONS_BEFORE: Final = f"{_NO_REASON} and e.recorded_at < $2"
_LOST: Final = """
select subject_id, noun, key from (
  select distinct on (e.subject_id, f.key) e.subject_id, e.noun, f.key, f.value
  from event e
  join event_text x on x.trust_id = e.trust_id and x.position = e.position
  cross join lateral jsonb_each_text(x.fields) f
  where e.trust_id = $1 and e.subject_id = any($2::uuid[]) order by e.subject_id, f.key, e.position desc) last
where value is null"""
_ANSWERS: Final = """
delete from idempotency i where i.trust_id = $1 and (i.actor = any($2::text[]) or exists (
  select 1 from unnest($3::text[]) said
  where position(lower(said) in lower(convert_from(i.body, 'UTF8') || coalesce(i.headers::text, ''))) > 0))"""
_ANSWERS_ABOUT: Final = """
delete from idempotency i where i.trust_id = $1 and exists (
  select 1 from regexp_matches(convert_from(i.body, 'UTF8'), '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') named
  where named[1] = any($2::text[]))"""
_OLD_ANSWERS: Final = "delete from idempotency where trust_id = $1 and created_at < $2::timestamptz - $3::interval"
_OLD_READS: Final = "delete from sensitive_read where trust_id = $1 and recorded_at < $2"


def mentioning(value: str, texts: str) -> str:
    """A condition: the text holds one of these as whole words, however they are capitalised. `texts` is a placeholder."""
    return _MENTIONS.format(texts=texts, value=value)


async def erase_texts_of(work: UnitOfWork, records: Collection[UUID], *, reasons: bool = False) -> int:
    """Every text beside the events of these records; where asked, also beside events that hold a reason alone. How many events."""
    return _count(await work.raw.execute(_OF_RECORDS, work.actor.trust_id, list(records), reasons))


async def erase_texts_saying(work: UnitOfWork, texts: Collection[str], *, but: Collection[str]) -> list[UUID]:
    """All that stands beside an event that says one of these, but those of these nouns. Of each event, whose it was."""
    found = await work.rows(_SAYING, work.actor.trust_id, list(texts), list(but))
    return [row["subject_id"] for row in found]


async def erase_reasons_saying(work: UnitOfWork, texts: Collection[str], *, but: Collection[str]) -> int:
    """The reasons that say one of these, beside whatever else is told there. How many events."""
    return _count(await work.raw.execute(_REASONS_SAYING, work.actor.trust_id, list(texts), list(but)))


async def lost_texts(work: UnitOfWork, records: Collection[UUID]) -> list[tuple[UUID, str, str]]:
    """Of these records: id, noun and text, as events spell it, where the log no longer has the last that was said."""
    return [
        (row["subject_id"], row["noun"], row["key"]) for row in await work.rows(_LOST, work.actor.trust_id, records)
    ]


async def erase_reasons_before(work: UnitOfWork, day: date) -> int:
    return _count(await work.raw.execute(_REASONS_BEFORE, work.actor.trust_id, day))


async def forget_answers(work: UnitOfWork, actors: Collection[str], texts: Collection[str]) -> int:
    """The answers kept for retries that these actors got, or that hold one of these texts, however JSON spells it."""
    spelled = {one for text in texts for one in (text, *_in_json(text))}
    return _count(await work.raw.execute(_ANSWERS, work.actor.trust_id, list(actors), sorted(spelled)))


async def forget_answers_about(work: UnitOfWork, records: Collection[UUID]) -> int:
    """The answers kept for retries that name one of these records: they tell its texts as they were."""
    return _count(await work.raw.execute(_ANSWERS_ABOUT, work.actor.trust_id, list(map(str, records))))


async def forget_old_answers(work: UnitOfWork) -> int:
    """Those of this trust that are too old to be given again: nobody is told what was in them."""
    return _count(await work.raw.execute(_OLD_ANSWERS, work.actor.trust_id, work.now, KEPT))


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


def _in_json(text: str) -> list[str]:
    return [json.dumps(text, ensure_ascii=escaping)[1:-1] for escaping in (False, True)]


def _count(told: str) -> int:
    return int(told.rsplit(" ", 1)[-1])
