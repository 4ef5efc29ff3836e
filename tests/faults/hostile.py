"""H1, H2: whatever is sent to whatever takes a body, nothing breaks, and a body of any size takes no memory."""

import asyncio
import contextlib
import random
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx

from tests.faults.bars import Bar, Findings, Run
from tests.faults.hostile_inputs import Input, Route, inputs
from tests.faults.servers import Served, a_copy
from tests.faults.wire import Line

LINES: Final = 8
IN_CI: Final = 32
"""Inputs for each route."""
MEGABYTES: Final = 200
TRIES: Final = 3
"""The quickest of them counts: what takes no work may wait for a processor on a shared machine."""
_OF_DEFECT: Final = 12
"""Routes that are tried with the defect: enough to see it."""
_UNLIMITED: Final = {"MILEPOST_FAILURES_PER_MINUTE": "0"}


@asynccontextmanager
async def serving(run: Run, name: str, **more: str) -> AsyncIterator[Served]:
    served = Served(await a_copy(run, name), **more)
    try:
        served.start()
        await served.ready()
        yield served
    finally:
        await asyncio.to_thread(served.abandon)
        shutil.rmtree(served.data, ignore_errors=True)


async def _send_everything(run: Run, *, most: int | None = None, **more: str) -> Findings:
    async with serving(run, "H1", **_UNLIMITED, **more) as served:
        key = next(iter(served.keys.values()))
        routes = (await _routes(served, key))[:most]
        chance = run.random("H1")
        queue = [(route, one) for route in routes for one in _some(inputs(route, key), run, chance)]
        chance.shuffle(queue)
        told: Counter[int] = Counter()
        samples: list[str] = []
        count = len(queue)

        async def work() -> None:
            line = Line(served.url)
            while queue:
                route, one = queue.pop()
                status = (await _answer(line, one))[0]
                told[status] += 1
                if status in (0, 401, 500):
                    samples.append(f"{status} {route.method} {route.path}: {one.name}")
            await line.close()

        await asyncio.gather(*(work() for _ in range(LINES)))
        if told[500]:
            _, fault, why = (served.data / "serve.log").read_text(errors="replace").partition("fault ")
            samples.append(fault + why[:4_000])
        alive = (await Line(served.url).ask(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n", alone=True))[0]
    faults = {
        "answers of 500": told[500],
        "dropped connections": told[0],
        "turned away at the door": told[401],
        "not ready afterwards": int(alive != 200),
    }
    said = ", ".join(f"{many:,} x {status}" for status, many in sorted(told.items()))
    return Findings(f"{count:,} inputs on {len(routes)} routes: {said}", faults, samples)


def _some(every: Iterable[Input], run: Run, chance: random.Random) -> list[Input]:
    """All of them in a campaign. In CI other ones for each route, so that each is sent to many."""
    found = list(every)
    return chance.sample(found, run.size(IN_CI, len(found)))


async def _answer(line: Line, one: Input) -> tuple[int, bytes]:
    return await line.ask(one.raw, alone=one.alone, end=one.name == "a body that breaks off")


async def _routes(served: Served, key: str) -> list[Route]:
    """All that take a body, by the document and GraphQL; each with the id of a record that is there."""
    async with httpx.AsyncClient(base_url=served.url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as asker:
        document = (await asker.get("/openapi.json")).json()
        found = []
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if "requestBody" not in operation:
                    continue
                [(media, content)] = operation["requestBody"]["content"].items()
                shape = document["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
                example: dict[str, Any] = next(iter(shape.get("examples", [])), {})
                names = tuple(shape.get("properties", {})) or ("code",)
                found.append(Route(method.upper(), await _with_id(asker, path), media, example, names))
    query: dict[str, Any] = {
        "query": "query A($v: String) { __typename }",
        "variables": {"v": "a"},
        "operationName": "A",
    }
    manifest = {
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [{"id": "a", "body": "{__typename}"}],
    }
    found.append(Route("POST", "/graphql", "application/json", query, (*query, "extensions", "documentId")))
    found.append(Route("POST", "/graphql/documents", "application/json", manifest, tuple(manifest)))
    return found


async def _with_id(asker: httpx.AsyncClient, path: str) -> str:
    """Of keys an id that is not there: withdrawing ours would end the attack."""
    nobody = path.replace("{id}", "00000000-0000-4000-8000-000000000000")
    if "{id}" not in path or path.startswith("/v1/api-keys"):
        return nobody
    listed = await asker.get(path.partition("/{id}")[0], params={"limit": 1})
    items = listed.json().get("items", []) if listed.status_code == 200 else []
    return path.replace("{id}", items[0]["id"]) if items else nobody


async def _guarded(run: Run) -> Findings:
    return await _send_everything(run)


async def _echoing(run: Run) -> Findings:
    return await _send_everything(
        run, most=_OF_DEFECT, module="tests.faults.answers_unguarded", MILEPOST_TEST_DEFECT="stock-refusals"
    )


async def _send_much(run: Run, *, megabytes: int, **more: str) -> Findings:
    """So much, once announced and once in chunks, while somebody looks at the memory."""
    async with serving(run, "H2", **more) as served:
        for _ in range(20):
            await Line(served.url).ask(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", alone=True)
        before = served.resident
        tries = [
            [await _much(served, megabytes, announced=announced) for _ in range(TRIES)] for announced in (True, False)
        ]
        grown = max(peak for tried in tries for _, _, peak in tried) - before
        told = [min(tried, key=lambda one: one[1]) for tried in tries]
    faults = {
        "not 413": sum(status != 413 for status, _, _ in told),
        "slow": sum(seconds > 1 for _, seconds, _ in told),
        "MB over 20": max(0, round(grown / 1e6) - 20),
    }
    said = ", ".join(f"{status} after {seconds * 1000:.0f} ms" for status, seconds, _ in told)
    return Findings(f"{megabytes} MB announced and in chunks: {said}; memory +{grown / 1e6:.1f} MB", faults)


async def _much(served: Served, megabytes: int, *, announced: bool) -> tuple[int, float, int]:
    """The status, how long it took from the first byte, and the most memory meanwhile."""
    piece = b"x" * (1 << 20)
    framing = f"Content-Length: {megabytes << 20}" if announced else "Transfer-Encoding: chunked"
    head = f"POST /v1/bodies HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{framing}\r\n\r\n"
    line = Line(served.url)
    reader, writer = await asyncio.open_connection(line.host, line.port)
    peak, began = served.resident, time.monotonic()
    answered = asyncio.create_task(reader.readuntil(b"\r\n"))
    with contextlib.suppress(OSError):
        writer.write(head.encode())
        for _ in range(megabytes):
            if answered.done():
                break
            writer.write(piece if announced else b"100000\r\n" + piece + b"\r\n")
            await writer.drain()
            peak = max(peak, served.resident)
        if not answered.done() and not announced:
            writer.write(b"0\r\n\r\n")
    try:
        status = int((await asyncio.wait_for(answered, 60)).split()[1])
    except (OSError, asyncio.IncompleteReadError):
        status = 0
    seconds = time.monotonic() - began
    peak = max(peak, served.resident)
    writer.close()
    return status, seconds, peak


async def _unread(run: Run) -> Findings:
    return await _send_much(run, megabytes=MEGABYTES)


async def _read_whole(run: Run) -> Findings:
    """A fifth of it is enough to be seen, and takes less long."""
    defect = "bodies-of-any-size"
    return await _send_much(
        run, megabytes=MEGABYTES // 5, module="tests.faults.answers_unguarded", MILEPOST_TEST_DEFECT=defect
    )


H1 = Bar("H1", _guarded, "NaN read and told back, as FastAPI does", _echoing, "answers of 500")
H2 = Bar("H2", _unread, "bodies read whole", _read_whole, "MB over 20")
