"""H3: connections that are held half open are gone soon after their deadline, and nobody else waits for them."""

import asyncio
import contextlib
import statistics
import time
from typing import Final

from tests.faults.bars import Bar, Findings, Run
from tests.faults.hostile import serving
from tests.faults.wire import Line

DEADLINE: Final = 5
LATER: Final = 2.0
HEALTH: Final = 0.25
_POST: Final = b"POST /v1/bodies HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20\r\n"
HALVES: Final = (
    b"",
    b"\r\n",
    b"G",
    b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    _POST,
    _POST + b'\r\n{"code": ',
)
"""What each of them sends before it sends no more; a third of them goes on, a letter each second."""


async def _hold_open(run: Run, **more: str) -> Findings:
    count = run.size(900, 5_000)
    settings = {
        "MILEPOST_HEAD_SECONDS": str(DEADLINE),
        "MILEPOST_BODY_SECONDS": str(DEADLINE),
        "MILEPOST_CONNECTIONS": str(count * 2),
    }
    async with serving(run, "H3", **settings, **more) as served:
        began = time.monotonic()
        halves = [asyncio.create_task(_half(served.url, number)) for number in range(count)]
        await asyncio.sleep(0.5)
        waits = []
        while time.monotonic() < began + DEADLINE + LATER + 1:
            asked = time.monotonic()
            status, _ = await Line(served.url).ask(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", alone=True)
            waits.append(time.monotonic() - asked if status == 200 else 60.0)
            await asyncio.sleep(0.01)
        lasted = [half.result() for half in halves if half.done()]
        for half in halves:
            half.cancel()
        await asyncio.gather(*halves, return_exceptions=True)
    p99 = statistics.quantiles(waits, n=100)[98]
    faults = {
        "still open": count - sum(seconds <= DEADLINE + LATER for seconds in lasted),
        "ms of others over 250": max(0, round((p99 - HEALTH) * 1000)),
    }
    longest = f"the last gone after {max(lasted):.1f} s" if lasted else "none gone"
    return Findings(f"{count:,} held half open, {longest}; /healthz p99 {p99 * 1000:.0f} ms of {len(waits)}", faults)


async def _half(url: str, number: int) -> float:
    """Seconds until the other side hangs up."""
    line = Line(url)
    reader, writer = await asyncio.open_connection(line.host, line.port)
    began = time.monotonic()
    ended = asyncio.create_task(reader.read())
    try:
        writer.write(HALVES[number % len(HALVES)])
        while not ended.done():
            await asyncio.wait([ended], timeout=1)
            if number % 3 == 0:
                writer.write(b"x" if number % len(HALVES) > 1 else b"")
        with contextlib.suppress(OSError):
            await ended
        return time.monotonic() - began
    finally:
        ended.cancel()
        writer.close()


async def _impatient(run: Run) -> Findings:
    return await _hold_open(run)


async def _stock(run: Run) -> Findings:
    return await _hold_open(run, module="tests.faults.answers_unguarded", MILEPOST_TEST_DEFECT="stock-protocol")


H3 = Bar("H3", _impatient, "the protocol as it comes", _stock, "still open")
