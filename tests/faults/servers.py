"""A real Milepost in processes of its own: the command that serves, its keeper, its PostgreSQL; and ways to kill them."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import httpx

from app.db.embedded import EmbeddedPostgres
from app.first_start import KEYS_FILE
from app.installation import DATABASE
from app.serving import LOCK_FILE
from tests.faults.bars import Run

PROJECT = Path(__file__).resolve().parents[2]

_UNHURRIED: Final = {
    "MILEPOST_GRAPHQL_AT_START": "false",
    "MILEPOST_REQUESTS_PER_MINUTE": "0",
    "MILEPOST_REQUESTS_PER_MINUTE_OF_ADDRESS": "0",
}
"""Services that are killed by the hundred make the GraphQL schema only where it is asked; all who ask share an address."""


class Served:
    """One data folder and the process that serves it. `module` may be another than the service's own command line."""

    def __init__(self, data: Path, *, module: str = "app.cli", **settings: str) -> None:
        self.data = data
        self._command = [sys.executable, "-m", module, "serve"]
        self._environment = os.environ | {**_UNHURRIED, "MILEPOST_DATA": str(data), "MILEPOST_PORT": "0"} | settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def postgres(self) -> EmbeddedPostgres:
        """Another handle on the same server: it can be held on to, or asked for an address."""
        return EmbeddedPostgres(self.data / "postgres")

    @property
    def url(self) -> str:
        """Where it was last served; empty until it has been announced."""
        with contextlib.suppress(FileNotFoundError):
            return (self.data / LOCK_FILE).read_text()
        return ""

    @property
    def keys(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.data / KEYS_FILE).read_text())
        return found

    def dsn(self, user: str) -> str:
        return self.postgres.dsn(user=user, database=DATABASE)

    def start(self) -> None:
        with (self.data / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=PROJECT, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    async def ready(self, within: float = 120) -> None:
        """Until it says it is. Raises an AssertionError with the end of its log if it ended, or never says so."""
        deadline = time.monotonic() + within
        async with httpx.AsyncClient(timeout=2) as client:
            while time.monotonic() < deadline and self.is_running:
                with contextlib.suppress(httpx.HTTPError, httpx.InvalidURL, httpx.UnsupportedProtocol):
                    if (await client.get(f"{self.url}/readyz")).status_code == 200:
                        return
                await asyncio.sleep(0.05)
        code = self._process.poll() if self._process is not None else None
        raise AssertionError(f"not ready; exit {code}; its log: {self.log}")

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def resident(self) -> int:
        """Bytes of memory that the serving process has. Linux alone tells."""
        assert self._process is not None
        return int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    @property
    def log(self) -> str:
        return (self.data / "serve.log").read_text(errors="replace")[-3000:]

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL to the serving process alone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    async def ended(self, within: float) -> int:
        """Its exit code."""
        assert self._process is not None
        return await asyncio.to_thread(self._process.wait, within)

    async def stop(self) -> int:
        self.signal(signal.SIGTERM)
        return await self.ended(60)

    def kill_database(self) -> None:
        """SIGKILL to the postmaster and every child of it, at one go. The keeper lives."""
        lines = (self.postgres.data / "postmaster.pid").read_text().split("\n")
        postmaster = int(lines[0])
        for pid in (postmaster, *_children(postmaster)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def abandon(self) -> None:
        """Kill it and wait until its database has stopped, so that the folder can be deleted."""
        self.kill()
        held = self.postgres
        with contextlib.suppress(Exception):
            held.start()
            held.close(wait=20)


async def a_copy(run: Run, name: str) -> Path:
    """A data folder of its own with both packs in it: a copy of one that was served for the first time and stopped."""
    original = run.folder / "served"
    if not original.exists():
        served = Served(run.data_folder("first"))
        try:
            served.start()
            await served.ready()
            assert await served.stop() == 0, served.log
        finally:
            await asyncio.to_thread(served.abandon)
        served.data.rename(original)
    copy = run.data_folder(name)
    await asyncio.to_thread(subprocess.run, ["cp", "-a", f"{original}/.", str(copy)], check=True)
    return copy


def _children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(status.parent.name))
    return found
