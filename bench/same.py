"""That both services show the same page, and how many statements each of them needs for it."""

import asyncio
import http.client
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx

from app.api.credentials import key_of
from app.db.database import Database, Reader
from app.queries.plans import PLANS
from app.queries.reading import Moment, read_tree
from bench.ground import Ground
from bench.servers import peer


class Counted(Reader):
    """A reader that counts its statements."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader._connection, reader.actor)  # noqa: SLF001  the same reader, with a counter
        self.statements = 0

    async def value(self, sql: str, *arguments: Any) -> Any:
        self.statements += 1
        return await super().value(sql, *arguments)

    async def row(self, sql: str, *arguments: Any) -> Mapping[str, Any] | None:
        self.statements += 1
        return await super().row(sql, *arguments)


def fetch(ground: Ground, port: int) -> tuple[bytes, str]:
    """The page and its ETag."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    name, _, value = ground.authorization.partition(": ")
    connection.request("GET", ground.path, headers={name: value})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{ground.path} answered {answer.status}: {body[:500]!r}")
    return body, answer.getheader("ETag", "")


def level(page: bytes) -> Any:
    """The page with `8000.00` and `8000.0` as the same number, `Z` and `+00:00` as the same zone."""
    return json.loads(page.replace(b'+00:00"', b'Z"'), parse_float=Decimal, parse_int=Decimal)


def statements(ground: Ground) -> tuple[int, int]:
    """How many statements a page takes: ours, and the peer's. Neither counts the opening and the look-up of the key."""
    return asyncio.run(_ours(ground)), asyncio.run(_peers(ground))


async def _ours(ground: Ground) -> int:
    database = Database(ground.dsn)
    await database.open()
    try:
        key = await key_of(database, ground.pepper, ground.key)
        if key is None:
            raise SystemExit("The key does not work.")
        async with database.reader(key.actor("bench")) as reader:
            counted = Counted(reader)
            await read_tree(counted, PLANS, ground.plan_id, Moment(database.clock()))
        return counted.statements
    finally:
        await database.close()


async def _peers(ground: Ground) -> int:
    app = peer(ground.dsn, ground.pepper)
    transport = httpx.ASGITransport(app)
    name, _, value = ground.authorization.partition(": ")
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://peer", headers={name: value}) as client,
    ):
        await client.get(ground.path)
    count: int = app.state.statements
    return count
