"""Whether the process lives, and whether it should be sent requests."""

import asyncio
import time
from typing import Final

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.datastructures import State

from app.api.openapi import answers
from app.db.database import Database
from app.operations.refusals import Refused

REMEMBERED: Final = 1.0
"""Seconds for which what the database said is believed: however often somebody asks, it is asked no more often."""

router = APIRouter(tags=["health"])


class Health(BaseModel):
    status: str


class Schema:
    """The revision of the database's schema. One question is under way at a time, and all who ask share its answer."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asked: asyncio.Future[str] | None = None
        self._until = 0.0

    async def revision(self) -> str:
        asked = self._asked
        if asked is None or asked.cancelled() or (asked.done() and time.monotonic() > self._until):
            self._asked = asked = asyncio.create_task(self._ask())
            asked.add_done_callback(self._remember)
        return await asyncio.shield(asked)

    async def _ask(self) -> str:
        return str(await self._database.bare("select version_num from public.alembic_version"))

    def _remember(self, asked: asyncio.Future[str]) -> None:
        self._until = time.monotonic() + REMEMBERED
        if not asked.cancelled():
            asked.exception()


@router.get("/healthz", name="getHealth", summary="Whether the process lives", **answers(Health))
async def healthz() -> Health:
    """Depends on nothing else."""
    return Health(status="ok")


@router.get("/readyz", name="getReadiness", summary="Whether to send it requests", **answers(Health))
async def readyz(request: Request) -> Health:
    """The database answers, its schema is the one this code was written for, and no shutdown is under way."""
    state = request.app.state
    if state.draining:
        raise Refused("unavailable", "The service is shutting down.", headers={"Retry-After": "5"})
    if await _schema_of(state).revision() != state.revision:
        raise Refused("unavailable", "The database schema is not the one this version needs: run `milepost migrate`.")
    return Health(status="ok")


def _schema_of(state: State) -> Schema:
    if not hasattr(state, "schema"):
        state.schema = Schema(state.database)
    schema: Schema = state.schema
    return schema
