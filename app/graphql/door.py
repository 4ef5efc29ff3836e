"""The GraphQL door: one address for documents, one for manifests, and in development one to explore from."""

import asyncio
from collections.abc import Callable
from typing import Final

from fastapi import FastAPI
from starlette.routing import Mount, Route, WebSocketRoute, request_response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry import Schema

from app.graphql.executor import Executor
from app.graphql.http import EXPLORER, GraphQLDoor
from app.graphql.running import Engine, core
from app.graphql.schema import schema
from app.graphql.trusted import Manifests

ADDRESS: Final = "/graphql"


Made = tuple[Schema, Executor]


def install(app: FastAPI) -> None:
    """Give the application its GraphQL door. Its schema takes seconds to make, so it is made when somebody first asks."""
    _mount(app, _ours)


def mount(app: FastAPI, schema: Schema, executor: Executor) -> None:
    """Give the application a GraphQL door on this schema."""
    _mount(app, lambda: (schema, executor))


def _ours() -> Made:
    return schema(), Engine(schema())


def _mount(app: FastAPI, make: Callable[[], Made]) -> None:
    """Whoever develops may explore it in a browser."""
    settings = app.state.settings
    explorer = settings.is_embedded or settings.environment != "live"
    making = asyncio.Lock()
    graphql = _Lately(make, lambda made: GraphQLDoor(*made, explorer=explorer), making)
    app.router.routes[:0] = [
        Route(f"{ADDRESS}/documents", _Lately(make, _manifests, making), methods=["POST"], include_in_schema=False),
        *([Mount(f"{ADDRESS}/explorer", StaticFiles(directory=EXPLORER))] if explorer else []),
        Route(ADDRESS, graphql, include_in_schema=False),
        WebSocketRoute(ADDRESS, graphql),
    ]


def _manifests(made: Made) -> ASGIApp:
    return request_response(Manifests(core(made[0])).upload)


class _Lately:
    """An endpoint that is made when it is first asked for, once, while others are served.

    Those of one schema share a lock: two threads that make the same types at once break each other's.
    """

    def __init__(self, make: Callable[[], Made], endpoint: Callable[[Made], ASGIApp], making: asyncio.Lock) -> None:
        self._make = make
        self._endpoint = endpoint
        self._made: ASGIApp | None = None
        self._making = making

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._making:
            if self._made is None:
                self._made = self._endpoint(await asyncio.to_thread(self._make))
        await self._made(scope, receive, send)
