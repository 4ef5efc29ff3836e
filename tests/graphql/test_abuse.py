"""Questions made to hurt are refused, each with its code; how long that takes is held by the fault tests."""

from collections.abc import AsyncIterator
from typing import Final

import httpx
import pytest
import pytest_asyncio

from app.db.embedded import EmbeddedPostgres
from app.domain.roles import Role
from tests.conftest import _installed
from tests.graphql.abuse import ASKERS, SHAPES, Over, Shape

Clients = dict[Role, httpx.AsyncClient]
_POSTED: Final = [shape for shape in SHAPES if shape.over is Over.HTTP]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def clients(server: EmbeddedPostgres, empty_template: str) -> AsyncIterator[Clients]:
    """On a trust with nothing in it: what is refused is refused before anything is read."""
    async for installation in _installed(server, empty_template):
        yield {role: installation.client(await installation.key("kestrel", role)) for role in ASKERS}


@pytest.mark.parametrize("shape", _POSTED, ids=[shape.name for shape in _POSTED])
async def test_what_is_made_to_hurt_is_refused_with_its_code(clients: Clients, shape: Shape) -> None:
    headers = {"Content-Type": "application/json", "Accept": "application/graphql-response+json"}

    answer = await clients[shape.asker].post("/graphql", content=shape.body(), headers=headers)

    told = answer.json()
    assert {error["extensions"]["code"] for error in told.get("errors", [])} == ({shape.code} if shape.code else set())
    assert (answer.status_code, "data" in told) == ((400, False) if shape.code else (200, True))
    assert len(answer.content) < 64 << 10
    assert b"Did you mean" not in answer.content
