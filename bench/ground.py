"""The ground all targets stand on: one embedded PostgreSQL in a temporary folder, with the packs, the forest and keys."""

import asyncio
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
from rich.console import Console

from app.config import Settings
from app.db.database import Database
from app.db.pg_binaries import find_bin
from app.domain import ids
from app.first_start import KEYS_FILE, demonstrate
from app.installation import Installation, installed
from bench import forest

PACK: Final = "kestrel"
REVIEWED: Final = "demo"


@dataclass(frozen=True)
class Held:
    """A trust, and a key that may read all of it."""

    trust_id: UUID
    key: str

    @property
    def authorization(self) -> str:
        return f"Authorization: Bearer {self.key}"


@dataclass(frozen=True)
class Ground:
    """`packed` has the plan that is asked for, `forest` many plans, `reviewed` many reviews. `superuser`: above all logins."""

    dsn: str
    superuser: str
    socket_dir: Path
    postmaster: int
    version: str
    pepper: bytes
    packed: Held
    plan_id: UUID
    forest: Held
    reviewed: Held

    @property
    def path(self) -> str:
        return f"/v1/plans/{self.plan_id}/page"


@contextmanager
def prepared() -> Iterator[Ground]:
    folder = Path(tempfile.mkdtemp(prefix="milepost-bench-"))
    folder.chmod(0o755)
    kept = [folder]
    try:
        with installed(Settings(data=folder)) as installation:
            if installation.postgres is not None:
                kept.append(installation.postgres.root)
            yield asyncio.run(_prepare(installation))
    finally:
        for path in kept:
            shutil.rmtree(path, ignore_errors=True)


async def _prepare(installation: Installation) -> Ground:
    postgres = installation.postgres
    if postgres is None:
        raise SystemExit("The benchmark runs on the embedded PostgreSQL: unset MILEPOST_DATABASE_URL.")
    await installation.bring_up_to_date()
    database = Database(installation.app_dsn)
    await database.open()
    superuser = postgres.dsn(user="postgres", database="milepost")
    try:
        await demonstrate(installation, database, Console(file=io.StringIO()))
        planted = await forest.plant(superuser, database, installation.pepper)
    finally:
        await database.close()
    plan_id, version = await _looked_up(superuser)
    keys = json.loads((installation.settings.data / KEYS_FILE).read_text())
    return Ground(
        dsn=installation.app_dsn,
        superuser=superuser,
        socket_dir=postgres.socket_dir,
        postmaster=int((postgres.data / "postmaster.pid").read_text().partition("\n")[0]),
        version=version,
        pepper=installation.pepper,
        packed=Held(ids.trust_id(PACK), keys[PACK]),
        plan_id=plan_id,
        forest=Held(ids.trust_id(forest.MEASURED), planted),
        reviewed=Held(ids.trust_id(REVIEWED), keys[REVIEWED]),
    )


async def _looked_up(dsn: str) -> tuple[UUID, str]:
    """The plan's id and PostgreSQL's version; and statistics, as a server that has run for a while has them."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("vacuum analyze")
        plan_id = await connection.fetchval("select id from app.plan where trust_id = $1", ids.trust_id(PACK))
        return plan_id, await connection.fetchval("show server_version")
    finally:
        await connection.close()


def pgbench() -> str:
    return os.fspath(find_bin() / "pgbench")
