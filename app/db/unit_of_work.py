"""One writing transaction: get, add, record, attempt. Leaving it flushes, then appends the events."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from uuid import UUID

import asyncpg
from pydantic.alias_generators import to_camel
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.db.constraints import refusal_for
from app.db.event_log import Entry, append
from app.db.opening import lent
from app.domain.actor import Actor
from app.domain.clock import civil_day
from app.domain.entity import Entity, Withdrawable
from app.domain.errors import Conflict, Forbidden, NotFound, StaleVersion
from app.domain.events import Event
from app.domain.grants import covers
from app.domain.keys import ApiKey
from app.domain.memberships import Membership
from app.domain.model import ABOVE, metadata
from app.domain.plans import PlanAcademy
from app.domain.pseudonyms import refuse_upn
from app.domain.readings import ReadingBatch
from app.domain.roles import Permission

E = TypeVar("E", bound=Entity)
_CREDENTIALS: Final = (ApiKey, Membership)


class UnrecordedChange(AssertionError):
    """A record was changed and no event tells of it: a fault of the program, never of the caller."""


def _ranks(records: list[Entity]) -> Iterator[list[Entity]]:
    """Records of one kind, those first that none of the others has to be there for."""
    own = [column for column, kind in ABOVE[records[0].noun()] if isinstance(records[0], kind)]
    waiting = {record.id: record for record in records}
    while own and waiting:
        ready = [one for one in waiting.values() if not any(getattr(one, column) in waiting for column in own)]
        if not ready:
            break
        yield ready
        done = {one.id for one in ready}
        waiting = {record_id: one for record_id, one in waiting.items() if record_id not in done}
    if waiting:
        yield list(waiting.values())


def _refuse_pupil_numbers(values: Mapping[str, Any]) -> None:
    """Here, since every door and every pack comes by."""
    for name, value in values.items():
        for text in value if isinstance(value, list) else (value,):
            if isinstance(text, str):
                refuse_upn(text, pointer=f"/{to_camel(name)}")


class UnitOfWork:
    def __init__(
        self, connection: AsyncConnection, raw: asyncpg.Connection, actor: Actor, clock: Callable[[], datetime]
    ) -> None:
        self.actor = actor
        self.now = clock().astimezone(UTC)
        self.raw = raw
        self._clock = clock
        self._session = AsyncSession(bind=connection, expire_on_commit=False, autoflush=False)
        self._known: dict[Entity, dict[str, Any]] = {}
        self._pending: dict[tuple[str, UUID], Entity] = {}
        self._entries: list[Entry] = []
        self._appended = 0
        self._held: set[tuple[str, UUID]] = set()
        self._plan_academies: dict[UUID, frozenset[UUID]] = {}

    @property
    def today(self) -> date:
        return civil_day(self.now)

    @property
    def entries(self) -> int:
        """How many events have been recorded so far."""
        return self._appended + len(self._entries)

    def require(self, permission: Permission) -> None:
        self.actor.require(permission)

    async def get(self, kind: type[E], record_id: UUID, *, version: int | None = None) -> E:
        """The record, at the version the caller read. Whether it may be seen and changed is told before whether it is stale."""
        record = await self.find(kind, record_id)
        academies = frozenset[UUID]() if record is None else await self.academies_of(record)
        if record is None or not self._sees(record, academies):
            raise NotFound(f"There is no {kind.noun().replace('_', ' ')} with the id {record_id}.")
        if version is not None and not self.actor.reaches(academies):
            raise Forbidden("This concerns academies that are not all yours. Ask somebody whose role covers them.")
        return self.current(record, version)

    def _sees(self, record: Entity, academies: frozenset[UUID]) -> bool:
        if isinstance(record, _CREDENTIALS):
            return covers(self.actor, record.academy_ids)
        return self.actor.sees(academies)

    def current(self, record: E, version: int | None) -> E:
        """The record, if it is at the version the caller read. To be asked last, for it tells that there is such a record."""
        if version is not None and record.version != version:
            raise StaleVersion(expected=version, current=record.version)
        return record

    async def find(self, kind: type[E], record_id: UUID) -> E | None:
        """The record, whoever asks; also one that was added and is not written yet."""
        pending = self._pending.get((kind.noun(), record_id))
        if isinstance(pending, kind):
            return pending
        record = await self._session.get(kind, (self.actor.trust_id, record_id))
        if record is not None and record not in self._known:
            self._known[record] = record.state()
        return record

    async def where(self, kind: type[E], /, **values: Any) -> list[E]:
        """The live records whose columns have these values."""
        await self.flush()
        query = select(kind).where(col(kind.trust_id) == self.actor.trust_id)
        for name, value in values.items():
            query = query.where(col(getattr(kind, name)) == value)
        if issubclass(kind, Withdrawable):
            query = query.where(col(kind.withdrawn_at).is_(None))
        records = list((await self._session.exec(query)).all())
        for record in records:
            self._known.setdefault(record, record.state())
        return records

    def add(self, record: Entity) -> None:
        """A new record. It reaches the database at the next flush; its event must be recorded too."""
        if self._pending.setdefault((record.noun(), record.id), record) is not record:
            raise Conflict("There is already a record with this id. Choose another id, or leave it out.")
        self._known[record] = {}

    def record(self, event: Event) -> None:
        """Put what happened into the log, with what it changed read off the record itself, and count its version up."""
        record = event.record
        before = self._known[record]
        if before:
            record.version += 1
        if isinstance(record, PlanAcademy):
            self._plan_academies.pop(record.plan_id, None)
        after = record.state()
        changed = {name: value for name, value in after.items() if name not in before or before[name] != value}
        self._known[record] = after
        _refuse_pupil_numbers(changed | {"reason": event.reason})
        was = {name: before[name] for name in changed if name in before}
        self._entries.append(Entry.of(event, before=was, after=changed))

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A part that may be refused without undoing the rest: a savepoint that forgets the part's events too."""
        await self.flush()
        kept = len(self._entries)
        await self.raw.execute("savepoint attempt")
        try:
            yield
            await self.flush()
        except BaseException:
            await self.raw.execute("rollback to savepoint attempt")
            del self._entries[kept:]
            self._pending.clear()
            self._session.expunge_all()
            await self._session.rollback()
            self._known.clear()
            self._held.clear()
            self._plan_academies.clear()
            raise
        await self.raw.execute("release savepoint attempt")

    async def flush(self) -> None:
        """Write what is pending, in the order the tables need; a broken constraint becomes the refusal it names."""
        try:
            order = {table.name: place for place, table in enumerate(metadata.sorted_tables)}
            pending, self._pending = list(self._pending.values()), {}
            for noun in sorted({record.noun() for record in pending}, key=order.__getitem__):
                for rank in _ranks([record for record in pending if record.noun() == noun]):
                    self._session.add_all(rank)
                    await self._session.flush()
            await self._session.flush()
        except StaleDataError as error:
            raise StaleVersion(expected=0, current=None) from error
        except (IntegrityError, ProgrammingError) as error:
            raise refusal_for(error) from error

    async def academies_of(self, record: Entity) -> frozenset[UUID]:
        """The academies a record is about; none where it belongs to the whole trust."""
        if record.noun() == "academy":
            return frozenset({record.id})
        if (academy_id := getattr(record, "academy_id", None)) is not None:
            return frozenset({academy_id})
        if isinstance(record, (ReadingBatch, *_CREDENTIALS)):
            return frozenset(record.academy_ids or ())
        plan_id = record.id if record.noun() == "plan" else getattr(record, "plan_id", None)
        if plan_id is None:
            return frozenset()
        if plan_id not in self._plan_academies:
            links = await self.where(PlanAcademy, plan_id=plan_id)
            self._plan_academies[plan_id] = frozenset(link.academy_id for link in links)
        return self._plan_academies[plan_id]

    async def hold(self, sql: str, record: Entity) -> Any:
        """Lock the row of a record until the end, once, and tell what the statement reads of it; None if it was held before."""
        key = (sql, record.id)
        if key in self._held:
            return None
        self._held.add(key)
        return await self.raw.fetchval(sql, self.actor.trust_id, record.id)

    async def value(self, sql: str, *arguments: Any) -> Any:
        """One value read inside this transaction, after what has been written so far."""
        await self.flush()
        return await self.raw.fetchval(sql, *arguments)

    async def row(self, sql: str, *arguments: Any) -> asyncpg.Record | None:
        """One row read inside this transaction, after what has been written so far."""
        await self.flush()
        return await self.raw.fetchrow(sql, *arguments)

    async def rows(self, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        """Rows read inside this transaction, after what has been written so far."""
        await self.flush()
        found: list[asyncpg.Record] = await self.raw.fetch(sql, *arguments)
        return found

    @asynccontextmanager
    async def lent_sight(self) -> AsyncIterator[None]:
        """As a reader's: for what is told in numbers that are large enough."""
        async with lent(self.raw, self.actor):
            yield

    async def write_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """One statement for many rows that are no records of the session; a broken constraint is refused as ever."""
        try:
            await self.raw.executemany(sql, rows)
        except (asyncpg.IntegrityConstraintViolationError, asyncpg.InsufficientPrivilegeError) as error:
            raise refusal_for(error) from error

    async def finish(self) -> None:
        """Flush, see that every change was recorded, and append the events as the last act of the transaction.

        Whoever wants to read the new events back may call it before: what is recorded later is appended at the end.
        """
        await self.flush()
        for record, known in self._known.items():
            if record.state() != known:
                raise UnrecordedChange(f"{record.noun()} {record.id} changed and no event says so")
        if self._entries:
            self._plan_academies.clear()
            academies = {item.record: await self.academies_of(item.record) for item in self._entries}
            await append(self.raw, self.actor, self._entries, academies, clock=self._clock)
            self._appended += len(self._entries)
            self._entries.clear()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._session.close()
