"""Reading nouns: one record, a record with all below it, a page of a list. Bytes come back as the database built them."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol
from uuid import UUID

from app.db.noun import Noun
from app.db.selection import ListShape, Selection, count, one, page, record, tree
from app.domain.actor import Actor
from app.domain.clock import civil_day
from app.domain.errors import NotFound
from app.domain.permissions import to_read
from app.domain.roles import Permission


class Reads(Protocol):
    """A transaction that can be read from: a reader, or a unit of work in the middle of its work."""

    actor: Actor

    async def row(self, sql: str, *arguments: Any) -> Mapping[str, Any] | None: ...

    async def value(self, sql: str, *arguments: Any) -> Any: ...

    async def rows(self, sql: str, *arguments: Any) -> Sequence[Any]: ...

    def lent_sight(self) -> AbstractAsyncContextManager[None]: ...


@dataclass(frozen=True)
class Moment:
    """When a question is asked: today, and the past instant it is about, if it is."""

    now: datetime
    as_of: datetime | None = None

    @property
    def today(self) -> date:
        return civil_day(self.as_of or self.now)


@dataclass(frozen=True)
class Read:
    """A record's finished bytes, its version, and the position of the trust's log when it was read."""

    body: bytes
    version: int
    head: int


@dataclass(frozen=True)
class Cursor:
    """Where a page ends: the sort key and id of its outermost record."""

    key: str
    id: UUID
    backward: bool = False


@dataclass(frozen=True)
class ListRequest:
    filters: Mapping[str, Any] = field(default_factory=dict)
    sort: str = "code"
    descending: bool = False
    limit: int = 100
    cursor: Cursor | None = None
    withdrawn: bool = False


@dataclass(frozen=True)
class Page:
    """Finished bytes of the records, and the cursors of the pages on either side."""

    items: bytes
    next: Cursor | None
    previous: Cursor | None
    head: int


async def read_record(reads: Reads, noun: Noun, record_id: UUID, moment: Moment) -> Read:
    return await _read(reads, record(noun), record_id, moment)


async def read_tree(reads: Reads, noun: Noun, record_id: UUID, moment: Moment) -> Read:
    """The record with everything below it, in one statement."""
    return await _read(reads, tree(noun), record_id, moment)


async def _read(reads: Reads, selection: Selection, record_id: UUID, moment: Moment) -> Read:
    noun = selection.noun
    reads.actor.require(to_read(noun.entity))
    past = [] if moment.as_of is None else [moment.as_of.astimezone(UTC)]
    row = await reads.row(one(selection, as_of=bool(past)), *_who(reads.actor, moment), record_id, *past)
    if row is None:
        raise NotFound(f"There is no {noun.table.replace('_', ' ')} with the id {record_id}.")
    return Read(row["body"], row["version"], row["head"] or 0)


async def read_page(reads: Reads, noun: Noun, request: ListRequest, moment: Moment) -> Page:
    """One page, by keyset: no row is skipped or shown twice, whatever is written meanwhile."""
    reads.actor.require(to_read(noun.entity))
    shape, arguments = _shape(noun, request, moment)
    cursor = request.cursor
    ends = [] if cursor is None else [cursor.key, cursor.id]
    row = await reads.row(page(record(noun), shape), *_who(reads.actor, moment), request.limit, *arguments, *ends)
    assert row is not None
    keys, ids, backward = row["keys"], row["ids"], shape.backward
    first = Cursor(keys[0], ids[0], backward=True) if keys else None
    last = Cursor(keys[-1], ids[-1]) if keys else None
    return Page(
        items=row["items"],
        next=last if (row["more"] or backward) else None,
        previous=first if (row["more"] if backward else cursor is not None) else None,
        head=row["head"] or 0,
    )


async def count_records(reads: Reads, noun: Noun, request: ListRequest, moment: Moment) -> int:
    """How many records the whole list has: one statement more."""
    shape, arguments = _shape(noun, request, moment)
    total: int = await reads.value(count(noun, shape), *_who(reads.actor, moment), request.limit, *arguments)
    return total


async def head_position(reads: Reads) -> int:
    """The position of the trust's newest event: while it stands still, nothing has changed."""
    head = await reads.value("select position from event_head where trust_id = $1", reads.actor.trust_id)
    return head or 0


def sight(actor: Actor) -> str:
    """A digest of what the actor may see: two actors with the same sight are shown the same."""
    academies = "all" if actor.academies is None else ",".join(sorted(map(str, actor.academies)))
    allowed = ",".join(sorted(actor.permissions))
    own = "" if actor.may(Permission.READ_SENSITIVE) and actor.may(Permission.REVIEW_ACADEMIES) else actor.holder
    return hashlib.sha256(f"{actor.trust_id}|{academies}|{allowed}|{own}".encode()).hexdigest()[:12]


def _shape(noun: Noun, request: ListRequest, moment: Moment) -> tuple[ListShape, list[Any]]:
    names = tuple(sorted(name for name, value in request.filters.items() if value is not None and name in noun.filters))
    cursor = request.cursor
    shape = ListShape(
        filters=names,
        sort=request.sort,
        descending=request.descending,
        after_cursor=cursor is not None,
        backward=cursor is not None and cursor.backward,
        withdrawn=request.withdrawn,
        as_of=moment.as_of is not None,
    )
    past = [] if moment.as_of is None else [moment.as_of.astimezone(UTC)]
    return shape, [*past, *(request.filters[name] for name in names)]


def _who(actor: Actor, moment: Moment) -> tuple[UUID, date, list[UUID] | None]:
    return actor.trust_id, moment.today, None if actor.academies is None else sorted(actor.academies)
