"""What the clients find: the service with one pack in it, a second academy, and a key that sees the first one alone."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from tests.faults.servers import PROJECT, Served

PACK: Final = "kestrel"


@dataclass(frozen=True)
class Given:
    """What every program is handed, as a file.

    `narrow_key` sees `academy` and nothing of `other_academy`; `documents_key` runs trusted documents alone.
    """

    url: str
    key: str
    narrow_key: str
    documents_key: str
    wrong_key: str
    academy: str
    other_academy: str
    openapi: str
    sdl: str
    work: str


@asynccontextmanager
async def service(folder: Path) -> AsyncIterator[Served]:
    """Served as `./dev serve` does, from a data folder of its own."""
    packs, data = folder / "packs", folder / "data"
    packs.mkdir()
    data.mkdir()
    (packs / PACK).symlink_to(PROJECT / "packs" / PACK)
    served = Served(data, MILEPOST_PACKS=str(packs), MILEPOST_GRAPHQL_AT_START="true")
    try:
        served.start()
        await served.ready()
        yield served
        await served.stop()
    finally:
        await asyncio.to_thread(served.abandon)


async def lay(served: Served, work: Path) -> Path:
    """Make what the clients need over REST. The file that tells them of it."""
    key = served.keys[PACK]
    async with httpx.AsyncClient(base_url=served.url, headers={"Authorization": f"Bearer {key}"}) as asking:
        academy = (await _told(asking.get("/v1/academies")))["items"][0]["id"]
        other = (await _told(asking.post("/v1/academies", json={"code": "OAK", "name": "Oak Lane Primary School"})))[
            "id"
        ]
        narrow_key = await _key(asking, academyIds=[academy])
        documents_key = await _key(asking, documentsOnly=True)
    given = Given(
        url=served.url,
        key=key,
        narrow_key=narrow_key,
        documents_key=documents_key,
        wrong_key=key[:-8] + "a" * 8,
        academy=academy,
        other_academy=other,
        openapi=str(PROJECT / "openapi" / "openapi.json"),
        sdl=str(PROJECT / "openapi" / "schema.graphql"),
        work=str(work),
    )
    path = work / "given.json"
    path.write_text(json.dumps(asdict(given), indent=2))
    return path


async def _key(asking: httpx.AsyncClient, **more: Any) -> str:
    body = {"label": "clients", "roles": ["administrator"], **more}
    return str((await _told(asking.post("/v1/api-keys", json=body)))["key"])


async def _told(asking: Awaitable[httpx.Response]) -> Any:
    """What was answered, as JSON; an AssertionError if it was refused."""
    answer = await asking
    assert answer.is_success, answer.text
    return answer.json()
