"""D9: told to stop, the service says it is not ready, refuses newcomers, and lets the requests under way finish."""

import asyncio
import json
import shutil
import signal
import time
from collections import Counter
from urllib.parse import urlsplit

import httpx

from tests.faults.bars import Bar, Findings, Run
from tests.faults.servers import Served, a_copy

SLOW_SECONDS = 3.0


async def _drain(run: Run, *, grace: int) -> Findings:
    """The slow requests are slow honestly: a body that takes three seconds to arrive, as over a bad line."""
    served = Served(await a_copy(run, "D9"), MILEPOST_GRACE_SECONDS=str(grace))
    count = run.size(4, 100)
    faults = Counter(dict.fromkeys(("dropped", "newcomers served", "refused before not ready", "bad ends"), 0))
    try:
        served.start()
        await served.ready()
        slow = [asyncio.create_task(_slow_change(served, number)) for number in range(count)]
        await asyncio.sleep(0.6)
        told_at = time.monotonic()
        served.signal(signal.SIGTERM)
        seen = await _newcomers(served)
        answers = await asyncio.gather(*slow)
        code = await served.ended(60)
        took = time.monotonic() - told_at
    finally:
        await asyncio.to_thread(served.abandon)
        shutil.rmtree(served.data, ignore_errors=True)
    faults["dropped"] = sum(answer != 201 for answer in answers)
    faults["refused before not ready"] = int("503" not in seen)
    faults["newcomers served"] = int(seen[-1] != "refused")
    faults["bad ends"] = int(code != 0) + int(took > grace + 2)
    said = " ".join(word for at, word in enumerate(seen) if at == 0 or seen[at - 1] != word)
    told = ", ".join(f"{many} x {status}" for status, many in sorted(Counter(answers).items()))
    counted = f"{count} in flight answered {told}; readiness {said}; exit {code} after {took:.1f} s of {grace} + 2"
    return Findings(counted, faults)


async def _slow_change(served: Served, number: int) -> int:
    """The status of one change whose body comes in two halves; 0 where no answer came."""
    at = urlsplit(served.url)
    key = list(served.keys.values())[number % 2]
    body = json.dumps({"code": f"slow-{number}", "label": "Slow governors", "kind": "committee"}).encode()
    head = (
        f"POST /v1/bodies HTTP/1.1\r\nHost: {at.netloc}\r\nAuthorization: Bearer {key}\r\nIdempotency-Key: slow-{number}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    try:
        writer.write(head.encode() + body[:10])
        await writer.drain()
        await asyncio.sleep(SLOW_SECONDS)
        writer.write(body[10:])
        await writer.drain()
        line = await reader.readline()
        return int(line.split()[1]) if line else 0
    except OSError:
        return 0
    finally:
        writer.close()


async def _newcomers(served: Served) -> list[str]:
    """What each new caller met, from the signal until the first that could not connect."""
    seen = []
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and (not seen or seen[-1] != "refused"):
        try:
            async with httpx.AsyncClient(timeout=2) as client:
                seen.append(str((await client.get(f"{served.url}/readyz")).status_code))
        except httpx.ConnectError:
            seen.append("refused")
        except httpx.HTTPError as error:
            seen.append(type(error).__name__)
        await asyncio.sleep(0.02)
    return seen


async def _patient(run: Run) -> Findings:
    return await _drain(run, grace=8)


async def _impatient(run: Run) -> Findings:
    return await _drain(run, grace=1)


D9 = Bar("D9", _patient, "a grace of 1 s for requests of 3 s", _impatient, "dropped")
