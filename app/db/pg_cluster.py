"""The database cluster of the embedded server: made on first use, and refused when another major version made it."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from app.db import keeper
from app.db.pg_account import make_private
from app.db.pg_binaries import EmbeddedPostgresError, version_of

if TYPE_CHECKING:
    from pathlib import Path

_BUILTIN_LOCALE_SINCE = 17


def make_cluster(server: keeper.Server) -> None:
    """Make the cluster unless there is one already. An interrupted run leaves only a `data.init` behind."""
    major, _ = version_of(server.binaries, server.account)
    if (server.data / "PG_VERSION").exists():
        _check_major(server.data, major)
        return
    unfinished = server.root / "data.init"
    shutil.rmtree(unfinished, ignore_errors=True)
    make_private(unfinished, server.account)
    _initdb(server, unfinished, major)
    unfinished.rename(server.data)
    _sync(server.root)


def _check_major(data: Path, major: int) -> None:
    found = int((data / "PG_VERSION").read_text())
    if found == major:
        return
    message = (
        f"{data} was made by PostgreSQL {found}, and the server found is PostgreSQL {major}. Set MILEPOST_PG_BIN to "
        f"the bin folder of a PostgreSQL {found}; or, to move to {major}, take a pg_dump with the old server, move the "
        "folder away, start again and restore the dump."
    )
    raise EmbeddedPostgresError(message)


def _initdb(server: keeper.Server, folder: Path, major: int) -> None:
    command = [str(server.binaries / "initdb"), "-D", str(folder), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
    # The same order of text on every machine.
    command += ["--locale=C"]
    if major >= _BUILTIN_LOCALE_SINCE:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if server.fast:
        command += ["--no-sync"]
    run_as, environment = server.account.run_as, keeper.environment()
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env=environment, **run_as)
    if done.returncode:
        message = (
            f"PostgreSQL could not make a database in {server.root}; mend what it says, or set MILEPOST_DATABASE_URL "
            f"to a server that already runs. It says: {done.stderr.strip()}"
        )
        raise EmbeddedPostgresError(message)


def _sync(folder: Path) -> None:
    """Make the rename last through a power failure: the next start would delete what is still called data.init."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
