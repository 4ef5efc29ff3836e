"""M1, M2: every migration goes up, down and up on each PostgreSQL there is, and makes nobody wait."""

import asyncio
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.db import migrate
from app.db.catalogue import holes
from app.db.embedded import EmbeddedPostgres
from app.domain.model import metadata
from tests.faults.bars import Bar, Findings, Run
from tests.faults.ground import connected, prepare, service, throwaway

WRITTEN_IN_SQL = {
    "event",
    "event_head",
    "event_text",
    "idempotency",
    "sensitive_read",
    "alembic_version",
}  # as in migrations/env.py
OTHERS = {"15": Path("/usr/lib/postgresql/15/bin")}

# ---------------------------------------------------------------------------------------------------------------- M1


def revisions() -> list[str]:
    """Oldest first."""
    script = ScriptDirectory.from_config(migrate.config())
    return [one.revision for one in reversed(list(script.walk_revisions()))]


async def differences(dsn: str, model: MetaData = metadata) -> list[Any]:
    """What autogenerate would still change, of the tables that entities stand for."""
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(dsn, server_settings={"search_path": "app, public"}),
        poolclass=NullPool,
    )
    async with engine.connect() as connection:
        found = await connection.run_sync(_compare, model)
    await engine.dispose()
    return found


def _compare(connection: Connection, model: MetaData) -> list[Any]:
    options = {
        "compare_type": True,
        "compare_server_default": True,
        "include_object": lambda _, name, kind, *__: not (kind == "table" and name in WRITTEN_IN_SQL),
    }
    return compare_metadata(MigrationContext.configure(connection, opts=options), model)


def with_one_column_more() -> MetaData:
    """The defect: a model that no migration knows of."""
    model = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(model)
    model.tables["milestone"].append_column(Column("forgotten", Text()))
    return model


async def walk(dsn: str) -> int:
    """Up, down and up again through each revision; how many holes row security had on the way."""
    found = 0
    for revision in revisions():
        await migrate.migrate(dsn, revision)
        await migrate.migrate(dsn, "-1")
        await migrate.migrate(dsn, revision)
        async with connected(dsn) as connection:
            found += len(await holes(connection))
    await migrate.migrate(dsn, "base")
    await migrate.migrate(dsn)
    return found


async def _on(server: EmbeddedPostgres, model: MetaData = metadata) -> tuple[int, int, str]:
    async with throwaway(server, None) as name:
        await migrate.bootstrap(server.dsn(user="postgres", database=name))
        dsn = server.dsn(user="milepost_migrate", database=name)
        found = await walk(dsn)
        async with connected(dsn) as connection:
            version = await connection.fetchval("show server_version")
        return found, len(await differences(dsn, model)), version.split()[0]


async def _up_down_up(run: Run) -> Findings:
    said, faults = [], {"holes": 0, "differences from the models": 0, "unread plans": 0}
    with _servers(run) as servers:
        for server in servers:
            found, differing, version = await _on(server)
            faults["holes"] += found
            faults["differences from the models"] += differing
            if server is not run.server:
                await prepare(server)
            plans = await _read_plans(server)
            faults["unread plans"] += 2 - plans
            said.append(f"{version}: {len(revisions())} revisions up, down, up, {plans} packs loaded and read")
    missing = [f"not on {name}: {folder} is not there" for name, folder in OTHERS.items() if not folder.exists()]
    return Findings("; ".join(said + missing), faults)


async def _read_plans(server: EmbeddedPostgres) -> int:
    """How many of the two packs' plans read whole, with everything below them."""
    read = 0
    async with service(server, "packed") as installation:
        for trust in ("kestrel", "larkfield"):
            async with installation.client(await installation.key(trust)) as client:
                plan = (await client.get("/v1/plans")).json()["items"][0]
                page = await client.get(f"/v1/plans/{plan['id']}/page")
                read += page.status_code == 200 and len(page.content) > 20_000
    return read


@contextmanager
def _servers(run: Run) -> Iterator[Iterator[EmbeddedPostgres]]:
    """The run's own server, then one of each other version that this machine has."""
    started: list[EmbeddedPostgres] = []

    def each() -> Iterator[EmbeddedPostgres]:
        yield run.server
        for name, folder in OTHERS.items():
            if folder.exists():
                started.append(_start(run.data_folder(f"pg{name}"), folder))
                yield started[-1]

    try:
        yield each()
    finally:
        for server in started:
            server.close(wait=20)


def _start(root: Path, binaries: Path) -> EmbeddedPostgres:
    chosen = os.environ.get("MILEPOST_PG_BIN")
    os.environ["MILEPOST_PG_BIN"] = str(binaries)
    try:
        server = EmbeddedPostgres(root, fast=True)
        server.start()
    finally:
        os.environ.pop("MILEPOST_PG_BIN") if chosen is None else os.environ.update(MILEPOST_PG_BIN=chosen)
    return server


async def _a_column_more(run: Run) -> Findings:
    _, differing, _ = await _on(run.server, with_one_column_more())
    return Findings("the compare", {"differences from the models": differing})


M1 = Bar("M1", _up_down_up, "a model with one column more", _a_column_more, "differences from the models")

# ---------------------------------------------------------------------------------------------------------------- M2

REPORT_SECONDS = 3.0
LONGEST_MS = 250
_WAITING = "connection.execute(text(\"set lock_timeout = '100ms'\"))"
_REVISION = """
from alembic import op
import sqlalchemy as sa
revision, down_revision, branch_labels, depends_on = "9999_column", "{head}", None, None
def upgrade():
    op.add_column("milestone", sa.Column("tried", sa.Text(), nullable=True))
def downgrade():
    op.drop_column("milestone", "tried")
"""


async def _under_a_reader(run: Run, *, patient: bool) -> Findings:
    async with throwaway(run.server, "packed") as name:
        dsn = run.server.dsn(user="milepost_ops", database=name)
        with _one_more_revision(run, patient=patient):
            report = asyncio.create_task(_report(dsn))
            await asyncio.sleep(0.2)
            going = asyncio.create_task(
                asyncio.to_thread(_upgrade, run.server.dsn(user="milepost_migrate", database=name))
            )
            waits = [wait for waits in await asyncio.gather(*(_read(dsn, report) for _ in range(3))) for wait in waits]
            await asyncio.gather(report, going)
        async with connected(dsn) as connection:
            done = await connection.fetchval(
                "select count(*) from information_schema.columns where column_name = 'tried'"
            )
    longest = max(waits) * 1000
    counted = f"{len(waits):,} reads during a report of {REPORT_SECONDS:.0f} s, longest {longest:.0f} ms"
    return Findings(counted, {f"ms over {LONGEST_MS}": max(0, round(longest - LONGEST_MS)), "not migrated": 1 - done})


async def _report(dsn: str) -> None:
    """A long reading transaction."""
    async with connected(dsn) as connection, connection.transaction(readonly=True):
        await connection.fetchval("select count(*) from milestone")
        await asyncio.sleep(REPORT_SECONDS)


async def _read(dsn: str, report: asyncio.Task[None]) -> list[float]:
    """How long each ordinary read took until the report was done."""
    waits = []
    async with connected(dsn) as connection:
        while not report.done():
            started = time.perf_counter()
            await connection.fetchval("select label from milestone limit 1")
            waits.append(time.perf_counter() - started)
            await asyncio.sleep(0.005)
    return waits


def _upgrade(dsn: str) -> None:
    asyncio.run(migrate.migrate(dsn))


@contextmanager
def _one_more_revision(run: Run, *, patient: bool) -> Iterator[None]:
    """A copy of the migrations with a column more; impatient, without the line that keeps a migration from blocking."""
    honest, copy, head = migrate.SCRIPTS, run.data_folder("M2") / "migrations", migrate.head()
    shutil.copytree(honest, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "versions" / "9999_column.py").write_text(_REVISION.format(head=head))
    environment = (copy / "env.py").read_text()
    assert _WAITING in environment
    if not patient:
        (copy / "env.py").write_text(environment.replace(_WAITING, "pass"))
    migrate.SCRIPTS = copy  # type: ignore[misc]  # the defect stands in the copy
    try:
        yield
    finally:
        migrate.SCRIPTS = honest  # type: ignore[misc]  # and away again


async def _patient(run: Run) -> Findings:
    return await _under_a_reader(run, patient=True)


async def _impatient(run: Run) -> Findings:
    return await _under_a_reader(run, patient=False)


M2 = Bar("M2", _patient, "no lock_timeout", _impatient, f"ms over {LONGEST_MS}")
