"""One empty service for all tests of commands, emptied again after each: quicker than a database for each."""

from collections.abc import AsyncIterator

import pytest_asyncio

from app.db.embedded import EmbeddedPostgres
from app.domain.model import KEPT
from tests.commands.ledger import superuser
from tests.conftest import Installation, _installed

_TABLES = ", ".join([*(entity.noun() for entity in KEPT), "event", "event_text", "event_head", "idempotency"])


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def bare(server: EmbeddedPostgres, empty_template: str) -> AsyncIterator[Installation]:
    async for installation in _installed(server, empty_template):
        yield installation


@pytest_asyncio.fixture
async def empty(bare: Installation) -> AsyncIterator[Installation]:
    yield bare
    await empty_again(bare)


async def empty_again(installation: Installation) -> None:
    async with superuser(installation) as connection:
        await connection.execute("set session_replication_role = replica")
        await connection.execute(f"truncate {_TABLES}")
