"""The peer strawberry: types, resolvers and a DataLoader a level, over asyncpg's rows, as strawberry is usually written.

It reads one trust, named when it is made, under the same role and row security, in one transaction for a request; documents
are parsed and validated once. It looks up no key.
"""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg
import strawberry
from fastapi import FastAPI, Request
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.fastapi import GraphQLRouter

from app.db.database import SETTINGS
from app.db.opening import opening
from app.domain.actor import Actor
from app.domain.roles import Role

_PLANS: Final = "select id, code, title from plan where withdrawn_at is null order by code limit $1"
_OBJECTIVES: Final = (
    "select plan_id, id, code, no, label from objective where plan_id = any($1) and withdrawn_at is null order by code"
)
_MILESTONES: Final = (
    "select objective_id, id, code, no, label, status, confidence, due_ends_on "
    "from milestone where objective_id = any($1) and withdrawn_at is null order by code"
)


@strawberry.type
class Milestone:
    uuid: UUID
    code: str
    no: int
    label: str
    status: str
    confidence: str
    due_ends_on: date | None


@strawberry.type
class Objective:
    uuid: UUID
    code: str
    no: int
    label: str

    @strawberry.field
    async def milestones(self, info: strawberry.Info) -> list[Milestone]:
        rows = await info.context["milestones"].load(self.uuid)
        return [Milestone(uuid=row["id"], **_without(row, "id", "objective_id")) for row in rows]


@strawberry.type
class Plan:
    uuid: UUID
    code: str
    title: str

    @strawberry.field
    async def objectives(self, info: strawberry.Info) -> list[Objective]:
        rows = await info.context["objectives"].load(self.uuid)
        return [Objective(uuid=row["id"], **_without(row, "id", "plan_id")) for row in rows]


@strawberry.type
class Query:
    @strawberry.field
    async def plans(self, info: strawberry.Info, first: int) -> list[Plan]:
        rows = await info.context["connection"].fetch(_PLANS, first)
        return [Plan(uuid=row["id"], **_without(row, "id")) for row in rows]


def create_loader_graph(dsn: str, trust_id: UUID, *, pool_size: int) -> FastAPI:
    """A service with plans, objectives and milestones alone."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(dsn, min_size=1, max_size=pool_size, server_settings=SETTINGS) as pool:
            app.state.pool = pool
            yield

    peer = Actor(trust_id, "peer", frozenset({Role.ADMINISTRATOR}))

    async def context(request: Request) -> AsyncIterator[dict[str, Any]]:
        async with request.app.state.pool.acquire() as connection:
            await connection.execute(opening(peer, noting=None))
            try:
                yield {
                    "connection": connection,
                    "objectives": _loader(connection, _OBJECTIVES, "plan_id"),
                    "milestones": _loader(connection, _MILESTONES, "objective_id"),
                }
            finally:
                await connection.execute("rollback")

    schema = strawberry.Schema(
        Query, extensions=[lambda: ParserCache(maxsize=100), lambda: ValidationCache(maxsize=100)]
    )
    app = FastAPI(lifespan=lifespan)
    app.include_router(GraphQLRouter(schema, context_getter=context), prefix="/graphql")
    return app


def _loader(connection: asyncpg.Connection, sql: str, column: str) -> DataLoader[UUID, list[asyncpg.Record]]:
    async def load(keys: list[UUID]) -> list[list[asyncpg.Record]]:
        below = defaultdict(list)
        for row in await connection.fetch(sql, keys):
            below[row[column]].append(row)
        return [below[key] for key in keys]

    return DataLoader(load)


def _without(row: asyncpg.Record, *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
