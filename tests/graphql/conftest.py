"""One service for all tests of the door itself: the toy schema behind the real door, on an empty database."""

from collections.abc import AsyncIterator

import pytest_asyncio

from app.db.embedded import EmbeddedPostgres
from app.graphql.door import ADDRESS, mount
from tests.conftest import Installation, _installed
from tests.graphql.toy import Toy, schema


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def toy(server: EmbeddedPostgres, empty_template: str) -> AsyncIterator[Installation]:
    async for installation in _installed(server, empty_template):
        routes = installation.app.router.routes
        routes[:] = [route for route in routes if not getattr(route, "path", "").startswith(ADDRESS)]
        mount(installation.app, schema, Toy())
        yield installation
