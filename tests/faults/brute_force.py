"""A4: who floods the door with wrong keys is refused before the database is asked, and the owner of the key never waits for it.

Two seconds of flood alternate with two of quiet, so that both are measured on the same machine under the same other load. The
99th percentile of the owner's waits may grow by a fifth; or by the noise, which is how much it differs between one half of the
quiet times and the other, and five milliseconds at least.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Final

from tests.faults.bars import Bar, Findings, Run
from tests.faults.flood import ADDRESSES, CONNECTIONS, LOOKED_UP, PUT_OFF, SLICE, is_attacked
from tests.faults.hostile import serving
from tests.faults.servers import PROJECT
from tests.faults.wire import Line

RATE: Final = 500
LIMIT: Final = 10
FLOOR: Final = 0.005
TRIES: Final = 3
SETTLING: Final = 0.25
"""Seconds at the start of each slice that count for neither."""


async def _under_flood(run: Run, **more: str) -> Findings:
    seconds = run.size(24, 120)
    async with serving(run, "A4", **more) as served:
        key = next(iter(served.keys.values()))
        line = Line(served.url)
        ask = f"GET /v1/plans?limit=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
        for _ in range(50):
            await line.ask(ask)
        until = time.time() + seconds
        flood = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.faults.flood", served.url, key, str(RATE), str(until),
            cwd=PROJECT, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        quiet, attacked, refused = await _ask_on(line, ask, until)
        told = json.loads((await flood.communicate())[0])
    p99 = _p99([wait for _, wait in quiet]), _p99(attacked)
    halves = [_p99([wait for at, wait in quiet if int(at // (2 * SLICE)) % 2 == half]) for half in (0, 1)]
    allowed = max(1.2 * p99[0], p99[0] + abs(halves[0] - halves[1]), p99[0] + FLOOR)
    by_request = {address: told[address].get("401", 0) for address in ADDRESSES}
    in_conversation = {address: told[address].get(str(LOOKED_UP), 0) for address in ADDRESSES}
    let_in = {address: by_request[address] + in_conversation[address] for address in ADDRESSES}
    # A run may see two minutes; and what was under way when the tenth failed is answered.
    most = 2 * LIMIT + CONNECTIONS + 1
    faults = {
        "owner refused": refused,
        "guesses too many": sum(max(0, count - most) for count in let_in.values()),
        "guesses in conversations too many": sum(max(0, count - most) for count in in_conversation.values()),
        "ms over": max(0, round((p99[1] - allowed) * 1000)),
    }
    unheard = sum(told[address].get(str(PUT_OFF), 0) for address in ADDRESSES)
    tried = sum(sum(counts.values()) for counts in told.values())
    return Findings(
        f"{tried:,} guesses over {len(ADDRESSES) * CONNECTIONS} connections of {len(ADDRESSES)} addresses, "
        f"{sum(by_request.values())} looked up over HTTP, {sum(in_conversation.values())} over WebSocket and {unheard:,} put off; "
        f"owner p99 {p99[0] * 1000:.1f} ms quiet, {p99[1] * 1000:.1f} ms attacked, "
        f"{allowed * 1000:.1f} ms allowed, of {len(quiet) + len(attacked):,}",
        faults,
    )


async def _ask_on(line: Line, ask: bytes, until: float) -> tuple[list[tuple[float, float]], list[float], int]:
    """The owner's waits in quiet times, with when they were, and under attack; and how often the owner was refused."""
    quiet, attacked, refused = list[tuple[float, float]](), list[float](), 0
    while (now := time.time()) < until:
        began = time.perf_counter()
        status, _ = await line.ask(ask)
        wait = time.perf_counter() - began
        refused += status != 200
        if now % SLICE > SETTLING and is_attacked(now) == is_attacked(now + wait):
            if is_attacked(now):
                attacked.append(wait)
            else:
                quiet.append((now, wait))
        await asyncio.sleep(0.005)
    return quiet, attacked, refused


def _p99(waits: Sequence[float]) -> float:
    return statistics.quantiles(waits, n=100)[98]


async def _limited(run: Run) -> Findings:
    """Where nothing but the waits is found, it is looked at again: the attackers have the same two processors."""
    for _ in range(TRIES):
        findings = await _under_flood(run, MILEPOST_FAILURES_PER_MINUTE=str(LIMIT))
        if set(findings.found) != {"ms over"}:
            break
    return findings


async def _unlimited(run: Run) -> Findings:
    return await _under_flood(run, MILEPOST_FAILURES_PER_MINUTE="0")


A4 = Bar("A4", _limited, "no limit on wrong keys", _unlimited, "guesses too many")
