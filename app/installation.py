"""Where this Milepost keeps its data: the embedded PostgreSQL in a folder, or a PostgreSQL of its owner's."""

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import asyncpg
from pydantic import SecretStr

from app.config import Settings
from app.db import migrate
from app.db.checks import refuse_unsafe
from app.db.database import Database
from app.db.embedded import EmbeddedPostgres
from app.db.unit_of_work import UnitOfWork
from app.domain.actor import Actor
from app.domain.ids import trust_id
from app.domain.roles import Role
from app.domain.trusts import Trust

T = TypeVar("T")

DATABASE: Final = "milepost"


class Unavailable(RuntimeError):
    """A command cannot do its work here; the sentence says what to set."""


@dataclass(frozen=True)
class Installation:
    """The database's addresses, one for each role, and the secret that keys depend on."""

    settings: Settings
    postgres: EmbeddedPostgres | None

    @property
    def app_dsn(self) -> str:
        return self._dsn("milepost_app", self.settings.database_url, "MILEPOST_DATABASE_URL")

    @property
    def migrate_dsn(self) -> str:
        return self._dsn("milepost_migrate", self.settings.migrate_url, "MILEPOST_MIGRATE_URL")

    @property
    def ops_dsn(self) -> str:
        return self._dsn("milepost_ops", self.settings.ops_url, "MILEPOST_OPS_URL")

    @property
    def pepper(self) -> bytes:
        if self.settings.secret is not None:
            return self.settings.secret.get_secret_value().encode()
        return _secret_in(self.settings.data)

    async def bring_up_to_date(self) -> None:
        """Roles, schema and migrations. On a database of one's own, MILEPOST_MIGRATE_URL must be a login that may."""
        if self.postgres is not None:
            await self._make_database(self.postgres)
            await migrate.bootstrap(self.postgres.dsn(user="postgres", database=DATABASE))
        else:
            await migrate.bootstrap(self.migrate_dsn)
        await migrate.migrate(self.migrate_dsn)

    async def _make_database(self, postgres: EmbeddedPostgres) -> None:
        connection = await asyncpg.connect(postgres.dsn(user="postgres", database="postgres"))
        try:
            if not await connection.fetchval("select 1 from pg_database where datname = $1", DATABASE):
                await connection.execute(f"create database {DATABASE}")
        except asyncpg.DuplicateDatabaseError:
            return  # another process made it at the same moment
        finally:
            await connection.close()

    def _dsn(self, role: str, url: SecretStr | None, setting: str) -> str:
        if self.postgres is not None:
            return self.postgres.dsn(user=role, database=DATABASE)
        if url is None:
            raise Unavailable(f"This needs the database as {role}: set {setting} to its address.")
        return url.get_secret_value().replace("postgresql+asyncpg://", "postgresql://", 1)


@contextmanager
def installed(settings: Settings) -> Iterator[Installation]:
    """The installation, its embedded server started if it has one. The server stops when the last process lets go."""
    if not settings.is_embedded:
        yield Installation(settings, None)
        return
    settings.data.mkdir(parents=True, exist_ok=True)
    postgres = EmbeddedPostgres(settings.data / "postgres")
    postgres.start()
    try:
        yield Installation(settings, postgres)
    finally:
        postgres.close(wait=10)


def on_database(settings: Settings, run: Callable[[Database], Awaitable[T]]) -> T:
    """Run something on the database, the embedded one brought up to date first."""
    return _run(settings, lambda _, database: run(database))


def in_trust(settings: Settings, code: str, run: Callable[[UnitOfWork, Installation], Awaitable[T]]) -> T:
    """Run something in one transaction of a trust, as its administrator at the command line."""
    actor = Actor(trust_id(code), "cli", frozenset({Role.ADMINISTRATOR}), channel="cli")

    async def whole(installation: Installation, database: Database) -> T:
        async with database.begin(actor) as work:
            if await work.find(Trust, actor.trust_id) is None:
                raise Unavailable(f"There is no trust with the code {code}. `milepost load` makes one from a pack.")
            return await run(work, installation)

    return _run(settings, whole)


def _run(settings: Settings, run: Callable[[Installation, Database], Awaitable[T]]) -> T:
    async def whole(installation: Installation) -> T:
        if installation.postgres is not None:
            await installation.bring_up_to_date()
        database = Database(installation.app_dsn)
        await database.open()
        try:
            await refuse_unsafe(database)
            return await run(installation, database)
        finally:
            await database.close()

    with installed(settings) as installation:
        return asyncio.run(whole(installation))


def write_private(path: Path, text: str) -> None:
    """Replace a file that only its owner may read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _secret_in(folder: Path) -> bytes:
    """The installation's secret, made at the first need. Of two processes that make it at once, one wins."""
    path = folder / "secret"
    if not path.exists():
        draft = folder / f".secret.{os.getpid()}"
        write_private(draft, secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()
