"""A real PostgreSQL for the run, a fresh database for each test that writes, and clients on the application itself."""

import gc
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from hypothesis import settings

from app.commands.keys import make_key
from app.config import Settings
from app.db import migrate
from app.db.database import Database
from app.db.embedded import EmbeddedPostgres
from app.domain import ids
from app.domain.actor import Actor
from app.domain.roles import Role
from app.main import create_app
from app.packs.loading import load_pack
from app.packs.reading import read_pack

# How long an example takes is the machine's business, and asserted nowhere.
settings.register_profile("milepost", deadline=None)
settings.load_profile("milepost")

PACKS = Path(__file__).resolve().parent.parent / "packs"
PACKED = ("kestrel", "larkfield", "merlin", "plover", "avocet")
PEPPER = b"a pepper that only the tests use"
UNHURRIED: dict[str, Any] = {
    "requests_per_minute": 0,
    "requests_per_minute_of_address": 0,
    "failures_per_minute": 0,
    "request_seconds": 120,
    "memory_mb": 0,
}
"""The limits of who asks too often or too long are off: all tests ask from one address, some on a busy machine."""


def pytest_collection_finish() -> None:
    """What was imported stays: the garbage collector need not look through it after every few tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def root() -> Iterator[Path]:
    base = Path("/dev/shm")
    if not (base.is_dir() and os.access(base, os.W_OK) and shutil.disk_usage(base).free > 1 << 30):
        base = Path("/tmp")
    folder = base / f"milepost-test-{os.geteuid()}-{os.getpid()}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server(root: Path) -> Iterator[EmbeddedPostgres]:
    postgres = EmbeddedPostgres(root, fast=True)
    postgres.start()
    yield postgres
    postgres.close(wait=10)


@dataclass
class Installation:
    """A database of its own, and the service on it."""

    server: EmbeddedPostgres
    name: str
    database: Database
    app: FastAPI
    keys: dict[str, str] = field(default_factory=dict)

    def dsn(self, user: str) -> str:
        return self.server.dsn(user=user, database=self.name)

    def actor(self, trust: str, *roles: Role, academies: frozenset[uuid.UUID] | None = None) -> Actor:
        return Actor(ids.trust_id(trust), "test", frozenset(roles or (Role.ADMINISTRATOR,)), academies=academies)

    async def key(self, trust: str, *roles: Role, **more: Any) -> str:
        """A key of that trust, as its text."""
        values = {"label": "test", "roles": list(roles or (Role.ADMINISTRATOR,)), **more}
        async with self.database.begin(self.actor(trust)) as work:
            _, text = await make_key(work, values, environment="test", pepper=PEPPER)
        return str(text)

    def client(self, key: str | None = None) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://milepost.test", headers=headers)


async def make_database(server: EmbeddedPostgres, name: str, *, template: str | None = None) -> None:
    admin = await asyncpg.connect(server.dsn(user="postgres", database="postgres"))
    try:
        copy = f'template "{template}" strategy file_copy' if template else ""
        await admin.execute(f'create database "{name}" {copy}')
    finally:
        await admin.close()


async def drop_database(server: EmbeddedPostgres, name: str) -> None:
    admin = await asyncpg.connect(server.dsn(user="postgres", database="postgres"))
    try:
        await admin.execute(f'drop database if exists "{name}" with (force)')
    finally:
        await admin.close()


async def load(database: Database, name: str) -> Any:
    pack = read_pack(PACKS / name).pack
    actor = Actor(ids.trust_id(pack.trust.code), f"pack:{name}", frozenset({Role.ADMINISTRATOR}), channel="pack")
    async with database.begin(actor) as work:
        return await load_pack(work, pack)


@pytest_asyncio.fixture(scope="session")
async def empty_template(server: EmbeddedPostgres) -> str:
    """A migrated database with nothing in it."""
    await make_database(server, "empty")
    await migrate.bootstrap(server.dsn(user="postgres", database="empty"))
    await migrate.migrate(server.dsn(user="milepost_migrate", database="empty"))
    return "empty"


@pytest_asyncio.fixture(scope="session")
async def packed_template(server: EmbeddedPostgres, empty_template: str) -> str:
    """A database with every pack loaded."""
    await make_database(server, "packed", template=empty_template)
    database = Database(server.dsn(user="milepost_app", database="packed"))
    await database.open()
    for name in PACKED:
        await load(database, name)
    await database.close()
    return "packed"


async def _installed(server: EmbeddedPostgres, template: str) -> AsyncIterator[Installation]:
    name = f"t_{uuid.uuid4().hex[:12]}"
    await make_database(server, name, template=template)
    database = Database(server.dsn(user="milepost_app", database=name), pool_size=4)
    app = create_app(database, Settings(**UNHURRIED), pepper=PEPPER)
    async with app.router.lifespan_context(app):
        yield Installation(server, name, database, app)
    await drop_database(server, name)


@pytest_asyncio.fixture
async def empty(server: EmbeddedPostgres, empty_template: str) -> AsyncIterator[Installation]:
    """A service with nothing in it, for this test alone."""
    async for installation in _installed(server, empty_template):
        yield installation


@pytest_asyncio.fixture
async def packed(server: EmbeddedPostgres, packed_template: str) -> AsyncIterator[Installation]:
    """A service with every pack in it, for this test alone."""
    async for installation in _installed(server, packed_template):
        yield installation


@pytest_asyncio.fixture(scope="session")
async def shared(server: EmbeddedPostgres, packed_template: str) -> AsyncIterator[Installation]:
    """A service with every pack in it, for every test that only reads. It has an administrator's key for each trust."""
    async for installation in _installed(server, packed_template):
        for trust in PACKED:
            installation.keys[trust] = await installation.key(trust)
        yield installation


def instant() -> datetime:
    return datetime.now(UTC)
