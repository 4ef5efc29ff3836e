"""What a request makes a service say to PostgreSQL: heard in a service of this process, for the limit and for the count."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
from fastapi import FastAPI

from app.config import Settings
from app.db.database import Database, Reader
from app.domain.actor import Actor
from app.main import create_app
from bench.ground import Ground
from bench.load import Asked
from bench.servers import idiomatic


@dataclass(frozen=True)
class Statement:
    sql: str
    arguments: tuple[Any, ...]


def of_milepost(ground: Ground, asked: Asked) -> list[Statement]:
    """The statements of the last transaction that answers: the one before it looks up the key."""
    database = _Heard(ground.dsn)
    _ask(create_app(database, Settings(), pepper=ground.pepper), asked)
    return database.transactions[-1]


def count_of_idiomatic(ground: Ground, asked: Asked) -> int:
    """How many statements the page takes, the opening and the look-up of the key not counted."""
    app = idiomatic(ground.dsn, ground.pepper)
    _ask(app, asked)
    count: int = app.state.statements
    return count


def _ask(app: FastAPI, asked: Asked) -> None:
    asyncio.run(_asked(app, asked))


async def _asked(app: FastAPI, asked: Asked) -> None:
    headers = dict(line.split(": ", 1) for line in asked.headers)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as client,
    ):
        answer = await (
            client.post(asked.path, content=asked.body, headers=_JSON) if asked.body else client.get(asked.path)
        )
        answer.raise_for_status()


_JSON = {"Content-Type": "application/json", "Accept": "application/json"}


class _Heard(Database):
    """A database that keeps what its readers ask, transaction by transaction."""

    def __init__(self, dsn: str) -> None:
        super().__init__(dsn)
        self.transactions: list[list[Statement]] = []

    @asynccontextmanager
    async def reader(self, actor: Actor, *, noting: str | None = None) -> AsyncIterator[Reader]:
        async with super().reader(actor, noting=noting) as reader:
            heard = _HeardReader(reader)
            self.transactions.append(heard.statements)
            yield heard


class _HeardReader(Reader):
    def __init__(self, reader: Reader) -> None:
        super().__init__(reader._connection, reader.actor)  # noqa: SLF001  the same reader, and its words are kept
        self.statements: list[Statement] = []

    async def value(self, sql: str, *arguments: Any) -> Any:
        self.statements.append(Statement(sql, arguments))
        return await super().value(sql, *arguments)

    async def row(self, sql: str, *arguments: Any) -> asyncpg.Record | None:
        self.statements.append(Statement(sql, arguments))
        return await super().row(sql, *arguments)

    async def rows(self, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        self.statements.append(Statement(sql, arguments))
        return await super().rows(sql, *arguments)
