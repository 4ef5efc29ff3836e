"""All that is held of somebody: the rows in which the registry meets them, what they did, and what was read of it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from pydantic.alias_generators import to_camel
from sqlalchemy.types import ARRAY

from app.db.erasing import mentioning
from app.domain.entity import Entity
from app.domain.errors import NotFound
from app.domain.people import Person
from app.domain.subjects import Met, Subject, Way, met_in, tables
from app.queries.events import told_events
from app.queries.reading import Reads

Rows = list[dict[str, Any]]
_OF: Final[Mapping[Way, str]] = {
    Way.MEMBER: "{value} = any($2::uuid[])",
    Way.PERSON: "{value} = any($3::uuid[])",
    Way.ACTOR: "{value} = any($4::text[])",
    Way.TEXT: mentioning("{value}", "$6"),
}
_EVERY_ARGUMENT: Final = (
    "$2::uuid[] is not null and $3::uuid[] is not null and $4::text[] is not null and $5::text[] is not null"
    " and $6::text[] is not null"
)
_EVENTS: Final = (
    told_events("$1", "null", "'{}'")
    + f""" and {_EVERY_ARGUMENT} and (e.actor = any($4) or e.subject_id = any($2) or e.subject_id = any($3)
  or {mentioning("x.reason", "$6")} or exists (select 1 from jsonb_each_text(x.fields) f where {mentioning("f.value", "$6")}))
order by e.position"""
)
_READS: Final = """
select to_jsonb(s) - 'trust_id' as row from sensitive_read s
where s.trust_id = $1 and (s.actor = any($2::text[]) or s.record_id = any($3::uuid[]))
order by s.recorded_at, s.record_id"""
_ANSWERS: Final = """
select jsonb_build_object('route', i.route, 'key', i.key, 'status', i.status, 'created_at', i.created_at) as row
from idempotency i where i.trust_id = $1 and i.actor = any($2::text[]) order by i.created_at, i.key"""


async def find_member(reads: Reads, member_id: UUID, *mentions: str) -> Subject:
    row = await reads.row(
        "select label from membership where trust_id = $1 and id = $2", reads.actor.trust_id, member_id
    )
    if row is None:
        raise NotFound(f"There is no membership with the id {member_id}. The list of memberships has the ids.")
    return Subject.member(member_id, row["label"], *mentions)


async def find_person(reads: Reads, code: str, *mentions: str) -> Subject:
    query = "select id, code, aliases from person where trust_id = $1 and (code = $2 or $2 = any(aliases)) order by code limit 1"
    row = await reads.row(query, reads.actor.trust_id, code)
    if row is None:
        raise NotFound(f"There is no person with the code {code}. The list of people has the codes.")
    return Subject.person(Person(trust_id=reads.actor.trust_id, **dict(row)), *mentions)


async def find_key(reads: Reads, code: str, *mentions: str) -> Subject:
    if (
        await reads.value("select true from api_key where trust_id = $1 and code = $2", reads.actor.trust_id, code)
        is None
    ):
        raise NotFound(f"There is no key with the code {code}. `milepost keys list` shows those there are.")
    return Subject.key(code, *mentions)


async def export_subject(reads: Reads, subject: Subject) -> dict[str, Any]:
    """Everything, under the names the API has for it. What is sensitive in it is noted, like any other reading of it."""
    held: dict[str, Rows] = {}
    did: list[UUID] = []
    for kind in tables():
        rows = await _rows(reads, subject, kind)
        if rows:
            held[to_camel(kind.noun())] = [_told(kind, row) for row in rows]
        columns = [met.column for met in met_in(kind, Way.ACTOR)]
        did += [UUID(row["id"]) for row in rows if any(row[one] in subject.actors for one in columns)]
    trust = reads.actor.trust_id
    events = await reads.rows(_EVENTS, *_arguments(reads, subject))
    return {
        "subject": subject.name,
        "lookedFor": list(subject.mentions),
        "records": held,
        "events": [json.loads(row["j"]) for row in events],
        "sensitiveReads": _plain(await reads.rows(_READS, trust, list(subject.actors), did)),
        "answersKeptForRetries": _plain(await reads.rows(_ANSWERS, trust, list(subject.actors))),
    }


async def _rows(reads: Reads, subject: Subject, kind: type[Entity]) -> Rows:
    """The rows of one table, without what is secret."""
    conditions = [_condition(kind, met) for met in met_in(kind, *Way) if met.way is not Way.BESIDE]
    row = "to_jsonb(t) - $7::text[]"
    told = f"case when app.noted('{kind.noun()}', t.id) then {row} end" if kind.SENSITIVE else row
    query = (
        f"select {told} as row from {kind.noun()} t where t.trust_id = $1 and {_EVERY_ARGUMENT} "
        f"and ({' or '.join(conditions)}) order by t.id"
    )
    found = await reads.rows(query, *_arguments(reads, subject), ["trust_id", *sorted(kind.SECRET)])
    return [json.loads(one["row"]) for one in found]


def _condition(kind: type[Entity], met: Met) -> str:
    value = f't."{met.column}"'
    if met.way is not Way.POST:
        return _OF[met.way].format(value=value)
    return (
        f"{value} && $5::text[]" if isinstance(kind.table().c[met.column].type, ARRAY) else f"{value} = any($5::text[])"
    )


def _arguments(reads: Reads, subject: Subject) -> tuple[Any, ...]:
    listed = (subject.members, subject.people, subject.actors, subject.posts, subject.mentions)
    return (reads.actor.trust_id, *map(list, listed))


def _told(kind: type[Entity], row: Mapping[str, Any]) -> dict[str, Any]:
    return {to_camel(column.name): row[column.name] for column in kind.columns() if column.name in row}


def _plain(rows: Sequence[Any]) -> Rows:
    return [{to_camel(name): value for name, value in json.loads(row["row"]).items()} for row in rows]
