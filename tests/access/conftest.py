"""One ground for all tests of who may see and do what; nothing on it changes."""

from collections.abc import AsyncIterator

import pytest_asyncio

from app.db.embedded import EmbeddedPostgres
from tests.access.ground import Estate, settle
from tests.conftest import _installed


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def estate(server: EmbeddedPostgres, empty_template: str) -> AsyncIterator[Estate]:
    async for installation in _installed(server, empty_template):
        yield await settle(installation)
