"""What is asked of the database, and how often, by who asks whether the service is ready."""

import asyncio
from typing import Any

import pytest

from app.api import health
from app.db.database import Database
from tests.api.edge.conftest import client
from tests.conftest import Installation


async def test_however_many_ask_whether_it_is_ready_the_database_is_asked_once(
    empty: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, honest = [], Database.bare

    async def bare(database: Database, sql: str) -> Any:
        asked.append(sql)
        await asyncio.sleep(0.02)
        return await honest(database, sql)

    monkeypatch.setattr(Database, "bare", bare)
    async with client(empty.app) as asker:
        told = await asyncio.gather(*(asker.get("/readyz") for _ in range(20)))
        told.append(await asker.get("/readyz"))
        once = len(asked)
        monkeypatch.setattr(health, "REMEMBERED", 0)
        empty.app.state.schema._until = 0
        await asker.get("/readyz")

    assert {answer.status_code for answer in told} == {200}
    assert (once, len(asked)) == (1, 2)


async def test_a_database_that_failed_is_asked_again_when_that_is_forgotten(
    empty: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [ConnectionRefusedError()]
    honest = Database.bare

    async def bare(database: Database, sql: str) -> Any:
        if failures:
            raise failures.pop()
        return await honest(database, sql)

    monkeypatch.setattr(Database, "bare", bare)
    async with client(empty.app) as asker:
        told = [(await asker.get("/readyz")).status_code for _ in range(2)]
        empty.app.state.schema._until = 0
        told.append((await asker.get("/readyz")).status_code)

    assert told == [503, 503, 200]
