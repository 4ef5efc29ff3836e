"""The one place that opens transactions. Their first words set the trust and the actor, so row security fails closed."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.db.event_log import canonical
from app.db.opening import lent, opening
from app.db.unit_of_work import UnitOfWork
from app.domain.actor import Actor

Clock = Callable[[], datetime]


def _to_json(value: object) -> str:
    return canonical(value).decode()


def _from_json(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


ACQUIRE_SECONDS: Final = 2.0
PATIENCE_SECONDS: Final = 10.0
"""How long a read that takes long waits for its turn."""
SETTINGS: Final = {
    "search_path": "app, public",
    "timezone": "UTC",
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "30s",
    "jit": "off",
    "application_name": "milepost",
}
READING: Final = SETTINGS | {"plan_cache_mode": "force_generic_plan"}

# What a client sees of a database that is away, restarting or overfull: try again, nothing is known to have happened.
OUTAGES: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a server that dies leaves asyncpg in the middle of a word
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DiskFullError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    PoolTimeoutError,
    OSError,
    TimeoutError,
)


def is_outage(error: BaseException) -> bool:
    """Whether trying again later may help: the fault lies with the database or the load, not with the request."""
    if isinstance(error, OUTAGES):
        return True
    if isinstance(error, DBAPIError):
        cause = error.orig.__cause__ if error.orig is not None else None
        return error.connection_invalidated or (cause is not None and is_outage(cause))
    return False


def utc_now() -> datetime:
    return datetime.now(UTC)


class Reader:
    """A transaction of one trust that reads; READ ONLY unless what it reads is noted."""

    def __init__(self, connection: asyncpg.Connection, actor: Actor) -> None:
        self._connection = connection
        self.actor = actor
        self.tells = True
        """Set to False where nothing of what was read is told after all: then nobody is noted to have read it."""

    async def value(self, sql: str, *arguments: Any) -> Any:
        """The first column of the first row, or None."""
        return await self._connection.fetchval(sql, *arguments)

    async def row(self, sql: str, *arguments: Any) -> asyncpg.Record | None:
        return await self._connection.fetchrow(sql, *arguments)

    async def rows(self, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        found: list[asyncpg.Record] = await self._connection.fetch(sql, *arguments)
        return found

    @asynccontextmanager
    async def lent_sight(self) -> AsyncIterator[None]:
        """For what is told in numbers that are large enough: statements in here see all records of the academies in sight."""
        async with lent(self._connection, self.actor):
            yield


class Database:
    """Two small pools on one PostgreSQL: the session's for writing, a bare one for reading finished bytes.

    The reading one keeps one plan for each statement: left to choose, PostgreSQL plans a page's anew at every request, which
    takes as long as reading it.
    """

    def __init__(self, dsn: str, *, pool_size: int = 8, clock: Clock = utc_now) -> None:
        self._dsn = dsn
        self._size = pool_size
        self.clock = clock
        self._pool: asyncpg.Pool | None = None
        self._engine: AsyncEngine | None = None
        self._turns = asyncio.Semaphore(max(1, pool_size // 2))

    async def open(self) -> None:
        self._pool = await asyncpg.create_pool(
            self._dsn,
            min_size=1,
            max_size=self._size,
            server_settings=READING,
            timeout=5,
            reset=_nothing_to_reset,
            max_cacheable_statement_size=0,  # a plan page's statement is long, and the more worth keeping prepared
        )
        self._engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self._connect,
            json_serializer=_to_json,
            json_deserializer=_from_json,
            isolation_level="AUTOCOMMIT",  # `begin` below speaks the transaction's words itself, in one round trip
            pool_size=self._size,
            max_overflow=0,
            pool_timeout=ACQUIRE_SECONDS,
            hide_parameters=True,
        )

    async def close(self) -> None:
        if self._engine is not None:
            await self._engine.dispose()
        if self._pool is not None:
            await self._pool.close()
        self._engine = self._pool = None

    @asynccontextmanager
    async def reader(self, actor: Actor, *, noting: str | None = None) -> AsyncIterator[Reader]:
        """With `noting`, what is asked for and how, sensitive columns can be read: who did is noted and committed with it."""
        assert self._pool is not None, "open() comes first"
        async with self._pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            try:
                await connection.execute(opening(actor, noting=noting))
                reader = Reader(connection, actor)
                yield reader
                if noting is not None and reader.tells:
                    await connection.execute("commit")
            finally:
                await _end(connection, "rollback")

    @asynccontextmanager
    async def patient_reader(self, actor: Actor, *, noting: str | None = None) -> AsyncIterator[Reader]:
        """A reader for what takes long. These have half of the pool at most, and hold no connection while they wait."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._turns.acquire()
        try:
            async with self.reader(actor, noting=noting) as reader:
                yield reader
        finally:
            self._turns.release()

    @asynccontextmanager
    async def begin(self, actor: Actor) -> AsyncIterator[UnitOfWork]:
        """A writing transaction: committed on leaving the block, with its events; undone whole if anything raised."""
        async with self._writing(actor, ending="commit") as work:
            yield work

    @asynccontextmanager
    async def rehearsal(self, actor: Actor) -> AsyncIterator[UnitOfWork]:
        """A writing transaction that is undone whole, whatever happens: what would come of it can be read inside."""
        async with self._writing(actor, ending="rollback") as work:
            yield work

    @asynccontextmanager
    async def _writing(self, actor: Actor, *, ending: str) -> AsyncIterator[UnitOfWork]:
        assert self._engine is not None, "open() comes first"
        async with self._engine.connect() as sqlalchemy_connection:
            raw = await _living(sqlalchemy_connection)
            try:
                await raw.execute(opening(actor, noting="writing"))
                async with UnitOfWork(sqlalchemy_connection, raw, actor, self.clock) as work:
                    yield work
                    await work.finish()
                await raw.execute(ending)
            except BaseException:
                await _end(raw, "rollback")
                raise

    async def ping(self) -> None:
        assert self._pool is not None, "open() comes first"
        async with self._pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.fetchval("select 1")

    async def bare(self, sql: str) -> Any:
        """One value from the catalogue, outside any trust: for self-checks only."""
        assert self._pool is not None, "open() comes first"
        async with self._pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return await connection.fetchval(sql)

    async def _connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(self._dsn, server_settings=SETTINGS, timeout=5)


async def _living(pooled: AsyncConnection) -> asyncpg.Connection:
    """The connection itself; a new one where it died in the pool, which SQLAlchemy did not see: we speak on it ourselves."""
    while (raw := (await pooled.get_raw_connection()).driver_connection) is None or raw.is_closed():
        await pooled.invalidate()
    return raw


async def _end(connection: asyncpg.Connection, words: str) -> None:
    """End the transaction whatever happened; a connection that cannot say so is thrown away.

    It is said even where none seems to be open: the first words may have been cut off while they were being heard.
    """
    if connection.is_closed():
        return
    try:
        await connection.execute(words, timeout=ACQUIRE_SECONDS)
    except BaseException as error:
        connection.terminate()
        if not isinstance(error, Exception):
            raise


async def _nothing_to_reset(connection: asyncpg.Connection) -> None:
    """Settings are local to a transaction and every transaction is ended, so a used connection carries nothing over."""
    if connection.is_in_transaction():
        connection.terminate()
