"""Queries at random are answered as graphql-core answers them, field by field, over records read whole."""

from collections.abc import AsyncIterator
from random import Random

import pytest
import pytest_asyncio

from app.db.embedded import EmbeddedPostgres
from tests.conftest import _installed
from tests.graphql.oracle.comparing import Comparison
from tests.graphql.oracle.defects import DEFECTS, planted
from tests.graphql.oracle.ground import compared

QUERIES = 200
SEED = 20_261_121
"""Here every run is the same run. Others are run by `./dev faults`."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def comparison(server: EmbeddedPostgres, packed_template: str) -> AsyncIterator[Comparison]:
    async for installation in _installed(server, packed_template):
        yield await compared(installation, "kestrel")


async def test_queries_at_random_are_answered_as_by_the_oracle(comparison: Comparison) -> None:
    await comparison.run(QUERIES, Random(SEED))

    print(f"seed {SEED}: {comparison.counted}")  # noqa: T201  what was compared is told with -s
    assert [str(one) for one in comparison.differences] == []
    assert comparison.documents == QUERIES
    assert comparison.too_large < QUERIES / 20


@pytest.mark.parametrize("defect", DEFECTS[:3])
async def test_the_oracle_sees_a_planted_defect(comparison: Comparison, defect: str) -> None:
    fresh = comparison.again()

    with planted(defect):
        await fresh.run(QUERIES, Random(SEED), stop_at=1, shrinks=False)

    assert len(fresh.differences) == 1
