"""One service with two identity providers for all tests of identity: what they add has names of its own."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from app.db.embedded import EmbeddedPostgres
from tests.conftest import Installation, _installed
from tests.identity.forgeries import World, prepare
from tests.identity.provider import FakeProvider, fake_provider


@pytest.fixture(scope="package")
def here() -> Iterator[FakeProvider]:
    with fake_provider() as provider:
        yield provider


@pytest.fixture(scope="package")
def there() -> Iterator[FakeProvider]:
    with fake_provider("/tenant") as provider:
        yield provider


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def known(server: EmbeddedPostgres, packed_template: str) -> AsyncIterator[Installation]:
    async for installation in _installed(server, packed_template):
        yield installation


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def world(known: Installation, here: FakeProvider, there: FakeProvider) -> World:
    return await prepare(known, here, there)
