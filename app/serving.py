"""Serving: the database brought up to date, one socket, one process, and a clean end."""

import asyncio
import fcntl
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI
from rich.console import Console

from app.api.edge.connections import protocol_for
from app.config import Settings
from app.db import migrate
from app.db.checks import refuse_unsafe
from app.db.database import Database
from app.first_start import DemoKey, demonstrate, paste
from app.graphql.schema import schema
from app.installation import Installation, Unavailable, installed
from app.logs import clean_logs
from app.main import create_app

LOCK_FILE: Final = "serve.lock"


class DrainingServer(uvicorn.Server):
    """At the first SIGTERM or Ctrl-C: readiness turns false, then no new requests, then the running ones finish."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, drain_seconds: float) -> None:
        super().__init__(config)
        self._app = app
        self._drain_seconds = drain_seconds

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  uvicorn's signature
        if self._app.state.draining:
            self.should_exit = self.force_exit = True
            return
        self._app.state.draining = True
        asyncio.get_running_loop().call_soon_threadsafe(self._stop_later)

    def _stop_later(self) -> None:
        asyncio.get_running_loop().call_later(self._drain_seconds, self._stop)

    def _stop(self) -> None:
        self.should_exit = True


def serve(settings: Settings, console: Console) -> None:
    """Serve until told to stop. On the embedded database the first start loads the packs."""
    clean_logs()
    # uvicorn's own choice, uvloop where there is one. asyncio would hold small answers back on a socket made here.
    loop = uvicorn.Config("app").get_loop_factory()
    with _alone(settings) as announce, installed(settings) as installation, asyncio.Runner(loop_factory=loop) as runner:
        runner.run(_serve(installation, console, announce))


async def _serve(installation: Installation, console: Console, announce: "Announce") -> None:
    settings = installation.settings
    await _bring_up_to_date(installation)
    keys = await _look_over(installation, console)
    if settings.graphql_at_start:
        schema()
    listening = _listen(settings)
    url = f"http://{settings.host}:{listening.getsockname()[1]}"
    app = create_app(Database(installation.app_dsn, pool_size=settings.pool_size), settings, pepper=installation.pepper)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=settings.grace_seconds,
        server_header=False,
        http=protocol_for(settings),
        timeout_keep_alive=settings.keep_alive_seconds,
        limit_concurrency=settings.connections,
        proxy_headers=False,  # whom to believe is a setting of ours
        ws_max_size=settings.max_body_bytes,
        lifespan="on",
    )
    server = DrainingServer(config, app, settings.drain_seconds)
    told = asyncio.create_task(_tell(server, url, keys, console, announce))
    await server.serve(sockets=[listening])
    told.cancel()


async def _bring_up_to_date(installation: Installation) -> None:
    if installation.postgres is not None or installation.settings.migrate_url is not None:
        await installation.bring_up_to_date()
    elif await migrate.current(installation.app_dsn) != migrate.head():
        raise Unavailable(
            "The database is not at the schema this version needs. Run `milepost migrate` with MILEPOST_MIGRATE_URL set, "
            "or set MILEPOST_MIGRATE_URL for serve and it will."
        )


async def _look_over(installation: Installation, console: Console) -> list[DemoKey]:
    """Refuse an unsafe database in a sentence, before any server starts; on the embedded one, see to the first start."""
    database = Database(installation.app_dsn)
    await database.open()
    try:
        await refuse_unsafe(database)
        return await demonstrate(installation, database, console) if installation.settings.is_embedded else []
    finally:
        await database.close()


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise Unavailable(
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}. Set MILEPOST_PORT to a free port."
        ) from None


async def _tell(server: uvicorn.Server, url: str, keys: list[DemoKey], console: Console, announce: "Announce") -> None:
    while not server.started:  # noqa: ASYNC110  uvicorn offers a flag to look at, and nothing to wait on
        await asyncio.sleep(0.02)
    announce.url(url)
    console.print(f"Milepost is serving at {url}")
    console.print(f"Docs: {url}/docs")
    for key in keys:
        console.print(f"\nTry {key.trust} ({key.pack}):")
        console.print(paste(url, key), soft_wrap=True, highlight=False, markup=False)
    sys.stdout.flush()


class Announce:
    """Tells other processes on the data folder where it is served."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor

    def url(self, url: str) -> None:
        if self._descriptor is not None:
            os.truncate(self._descriptor, 0)
            os.pwrite(self._descriptor, url.encode(), 0)


@contextmanager
def _alone(settings: Settings) -> Iterator[Announce]:
    """One server for each data folder; a second one names the first. A database of one's own may have many."""
    if not settings.is_embedded:
        yield Announce(None)
        return
    settings.data.mkdir(parents=True, exist_ok=True)
    path: Path = settings.data / LOCK_FILE
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            url = path.read_text() or "an address it has yet to announce"
            raise Unavailable(f"Milepost is already served from {settings.data} at {url}") from None
        os.truncate(descriptor, 0)
        yield Announce(descriptor)
    finally:
        os.close(descriptor)
