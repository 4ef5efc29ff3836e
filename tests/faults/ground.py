"""Throwaway databases on the run's own server, and the service on them in this process."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from app.config import Settings
from app.db import migrate
from app.db.database import Database
from app.db.embedded import EmbeddedPostgres
from app.domain.events import created
from app.domain.trusts import Trust
from app.domain.vocabulary import TrustKind
from app.main import create_app
from tests.conftest import PEPPER, UNHURRIED, Installation, drop_database, load, make_database

PACKS = ("kestrel", "larkfield")


async def prepare(server: EmbeddedPostgres) -> None:
    """The two templates: `empty` is migrated, `packed` has both packs too."""
    await make_database(server, "empty")
    await migrate.bootstrap(server.dsn(user="postgres", database="empty"))
    await migrate.migrate(server.dsn(user="milepost_migrate", database="empty"))
    await make_database(server, "packed", template="empty")
    database = Database(server.dsn(user="milepost_app", database="packed"))
    await database.open()
    for name in PACKS:
        await load(database, name)
    await database.close()


@asynccontextmanager
async def throwaway(server: EmbeddedPostgres, template: str | None) -> AsyncIterator[str]:
    """The name of a database that is gone afterwards."""
    name = f"f_{uuid.uuid4().hex[:12]}"
    await make_database(server, name, template=template)
    try:
        yield name
    finally:
        await drop_database(server, name)


@asynccontextmanager
async def service(server: EmbeddedPostgres, template: str, **more: Any) -> AsyncIterator[Installation]:
    """The service on a throwaway database."""
    async with throwaway(server, template) as name:
        database = Database(server.dsn(user="milepost_app", database=name), **{"pool_size": 4, **more})
        app = create_app(database, Settings(**UNHURRIED), pepper=PEPPER)
        async with app.router.lifespan_context(app):
            yield Installation(server, name, database, app)


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn, server_settings={"search_path": "app, public"})
    try:
        yield connection
    finally:
        await connection.close()


async def found_trust(installation: Installation, code: str) -> None:
    """A trust with nothing in it yet."""
    actor = installation.actor(code)
    async with installation.database.begin(actor) as work:
        trust = Trust.named(actor.trust_id, code=code, name=f"{code} Trust", kind=TrustKind.MULTI_ACADEMY_TRUST)
        work.add(trust)
        work.record(created(trust))
