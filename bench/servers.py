"""Each service in a process of its own, as uvicorn serves it, on a port the system chooses."""

import asyncio
import multiprocessing
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final
from uuid import UUID

import uvicorn
from fastapi import FastAPI

from app.config import Settings
from app.db.database import Database
from app.main import create_app
from bench.loader_graph import create_loader_graph
from bench.orm_page import create_peer

POOL: Final = 8
MANY: Final = 1 << 40
SPAWN: Final = multiprocessing.get_context("spawn")
Maker = Callable[[str, bytes], FastAPI]


@dataclass(frozen=True)
class Served:
    port: int
    pid: int


def milepost(dsn: str, pepper: bytes) -> FastAPI:
    """Its limits count every request, and are too high to refuse any."""
    settings = Settings(requests_per_minute=MANY, requests_per_minute_of_address=MANY)
    return create_app(Database(dsn, pool_size=POOL), settings, pepper=pepper)


def idiomatic(dsn: str, pepper: bytes) -> FastAPI:
    return create_peer(Database(dsn, pool_size=POOL), dsn, pool_size=POOL, pepper=pepper)


def loader_graph(trust_id: UUID, dsn: str, _: bytes) -> FastAPI:
    return create_loader_graph(dsn, trust_id, pool_size=POOL)


@contextmanager
def served(make: Maker, dsn: str, pepper: bytes) -> Iterator[Served]:
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=_serve, args=(make, dsn, pepper, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        port: int = ours.recv()
        yield Served(port, process.pid or 0)
    finally:
        process.terminate()
        process.join(10)


def _serve(make: Maker, dsn: str, pepper: bytes, told: Connection) -> None:
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    config = uvicorn.Config(make(dsn, pepper), log_level="warning", access_log=False, server_header=False)
    server = uvicorn.Server(config)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_until_stopped(server, listening, told))


async def _until_stopped(server: uvicorn.Server, listening: socket.socket, told: Connection) -> None:
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not serving.done():  # noqa: ASYNC110  uvicorn offers a flag to look at, no more
        await asyncio.sleep(0.02)
    if server.started:
        told.send(listening.getsockname()[1])
    await serving
