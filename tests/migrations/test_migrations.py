"""Migrations: one line of them, each reversible, ending at the models, and leaving no hole in row security."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio
from alembic.script import ScriptDirectory

from app.db import migrate
from app.db.catalogue import CHECKS, holes
from app.db.checks import UnsafeDatabase
from app.db.embedded import EmbeddedPostgres
from tests.faults.ground import connected, throwaway
from tests.faults.holes import HOLES
from tests.faults.migrations import differences, walk, with_one_column_more


@pytest_asyncio.fixture
async def migrated(server: EmbeddedPostgres, empty_template: str) -> AsyncIterator[str]:
    """The name of a database with every migration done."""
    async with throwaway(server, empty_template) as name:
        yield name


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(migrate.config()).get_heads()) == 1


async def test_every_revision_goes_up_down_and_up_without_a_hole(server: EmbeddedPostgres, empty_template: str) -> None:
    async with throwaway(server, None) as name:
        await migrate.bootstrap(server.dsn(user="postgres", database=name))
        dsn = server.dsn(user="milepost_migrate", database=name)

        found = await walk(dsn)

        assert found == 0
        assert await migrate.current(dsn) == migrate.head()


async def test_the_models_say_what_the_database_has(server: EmbeddedPostgres, migrated: str) -> None:
    dsn = server.dsn(user="milepost_migrate", database=migrated)

    assert await differences(dsn) == []
    assert [one[0] for one in await differences(dsn, with_one_column_more())] == ["add_column"]


async def test_the_catalogue_lint_finds_nothing(server: EmbeddedPostgres, migrated: str) -> None:
    async with connected(server.dsn(user="milepost_migrate", database=migrated)) as connection:
        assert await holes(connection) == []


def test_every_check_of_the_lint_has_a_hole_to_find() -> None:
    assert set(HOLES) == set(CHECKS)


@pytest.mark.parametrize("kind", CHECKS)
async def test_the_lint_reports_a_planted_hole(server: EmbeddedPostgres, empty_template: str, kind: str) -> None:
    async with connected(server.dsn(user="postgres", database=empty_template)) as connection:
        await connection.execute("begin")
        await connection.execute(HOLES[kind])

        found = await holes(connection)

        assert kind in {hole.kind for hole in found}
        await connection.execute("rollback")


async def test_a_migration_that_leaves_a_hole_is_refused(server: EmbeddedPostgres, migrated: str) -> None:
    connection = await asyncpg.connect(server.dsn(user="postgres", database=migrated))
    await connection.execute("grant truncate on app.plan to milepost_app")
    await connection.close()

    with pytest.raises(UnsafeDatabase, match="more granted than reading and writing rows: plan"):
        await migrate.migrate(server.dsn(user="milepost_migrate", database=migrated))
