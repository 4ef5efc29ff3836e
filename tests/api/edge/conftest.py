"""The application under limits of its own, on the database that all tests read."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from app.api.edge.connections import protocol_for
from app.config import Settings
from app.main import create_app
from tests.conftest import PEPPER, UNHURRIED, Installation

Edged = Callable[..., FastAPI]


@pytest.fixture
def edged(shared: Installation) -> Edged:
    """The application with these limits, and none of the others."""

    def make(**limits: Any) -> FastAPI:
        return create_app(shared.database, Settings(**UNHURRIED | limits), pepper=PEPPER)

    return make


def client(app: FastAPI, key: str | None = None, *, address: str = "192.0.2.1") -> httpx.AsyncClient:
    """A client at an address."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 40_000))
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.AsyncClient(transport=transport, base_url="http://milepost.test", headers=headers)


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[tuple[str, int]]:
    """The application on a socket, by the server that `milepost serve` uses; its address."""
    settings = app.state.settings
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        log_level="critical",
        http=protocol_for(settings),
        timeout_keep_alive=settings.keep_alive_seconds,
        limit_concurrency=settings.connections,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    server.capture_signals = nullcontext  # type: ignore[method-assign,assignment]  # the test runner has handlers of its own
    running = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110  uvicorn offers a flag to look at, and nothing to wait on
        await asyncio.sleep(0.01)
    try:
        yield "127.0.0.1", listening.getsockname()[1]
    finally:
        server.should_exit = True
        await running
