"""Bringing a database to the newest schema, and knowing whether it is there."""

from pathlib import Path
from typing import Final

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.db.catalogue import holes
from app.db.checks import UnsafeDatabase
from app.db.roles import prepare

SCRIPTS: Final = Path(__file__).resolve().parents[2] / "migrations"


def config() -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(SCRIPTS))
    settings.set_main_option("path_separator", "os")
    return settings


def head() -> str:
    """The revision this code was written for. There is exactly one."""
    revision = ScriptDirectory.from_config(config()).get_current_head()
    assert revision is not None
    return revision


async def bootstrap(dsn: str) -> None:
    """Roles, schema and extension, as superuser."""
    connection = await asyncpg.connect(dsn)
    try:
        await prepare(connection)
    finally:
        await connection.close()


async def migrate(dsn: str, revision: str = "head") -> None:
    """Upgrade to a revision, as a login that may become `milepost_owner`. Of two at once the second waits its turn."""
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(dsn), poolclass=NullPool
    )
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_run, revision)
    finally:
        await engine.dispose()
    await _refuse_holes(dsn)


async def current(dsn: str) -> str | None:
    """The revision the database is at; null where it has none."""
    connection = await asyncpg.connect(dsn)
    try:
        if await connection.fetchval("select to_regclass('public.alembic_version')") is None:
            return None
        revision: str | None = await connection.fetchval("select version_num from public.alembic_version")
        return revision
    finally:
        await connection.close()


async def _refuse_holes(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        found = await holes(connection)
    finally:
        await connection.close()
    if found:
        raise UnsafeDatabase("\n  ".join(["Row security does not hold on this database:", *map(str, found)]))


def _run(connection: Connection, revision: str) -> None:
    settings = config()
    settings.attributes["connection"] = connection
    connection.exec_driver_sql("select pg_advisory_lock(51746)")
    connection.commit()
    try:
        if revision.startswith("-") or revision == "base":
            command.downgrade(settings, revision)
        else:
            command.upgrade(settings, revision)
    finally:
        connection.rollback()
        connection.exec_driver_sql("select pg_advisory_unlock(51746)")
        connection.commit()
