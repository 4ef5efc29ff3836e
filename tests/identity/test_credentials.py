"""Who is let in, and who is not: every kind of credential at the REST door."""

import pytest

from tests.conftest import Installation
from tests.identity.forgeries import FORGERIES, TRUE, World


def test_the_list_is_long_enough() -> None:
    assert len(FORGERIES) >= 25


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forgery_is_refused(known: Installation, world: World, name: str) -> None:
    async with known.client() as client:
        answer = await client.get("/v1/academies?limit=1", headers=dict(FORGERIES[name](world)))

    assert answer.status_code in (400, 401, 403), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", TRUE)
async def test_what_is_true_is_let_in(known: Installation, world: World, name: str) -> None:
    async with known.client() as client:
        answer = await client.get("/me", headers=dict(TRUE[name](world)))

    assert (answer.status_code, answer.json()["trust"]["code"]) == (200, "kestrel"), answer.text
