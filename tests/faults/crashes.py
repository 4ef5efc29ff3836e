"""D1, D2: kill the application, kill the database, again and again under traffic, and count what became of it."""

import asyncio
import random
import shutil
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from app.db.verification import verify_all
from tests.faults.bars import Bar, Findings, Run
from tests.faults.ground import connected
from tests.faults.servers import Served, a_copy
from tests.faults.traffic import Traffic

_TOLD = """
select told, count(*) from (
  select coalesce(reason, fields->>'note') as told from app.event_text) t where told like 'k-%' group by told"""
_NOTES = "select note, count(*) from app.evidence where note like 'k-%' group by note"
_REPEATED = 150  # Acknowledged changes that are sent once more at the end.
_KILLS_PER_KEEPER = 5  # A keeper waits longer after each crash, and takes a server that dies too often for broken.


@asynccontextmanager
async def _under_traffic(run: Run, name: str, **more: str) -> AsyncIterator[tuple[Served, Traffic, random.Random]]:
    served = Served(await a_copy(run, name), **more)
    chance = run.random(name)
    try:
        served.start()
        await served.ready()
        traffic = Traffic(lambda: served.url, served.keys, chance)
        try:
            await traffic.start()
            yield served, traffic, chance
        finally:
            await traffic.close()
    finally:
        await asyncio.to_thread(served.abandon)
        shutil.rmtree(served.data, ignore_errors=True)


async def _kill_app(served: Served, _: int, chance: random.Random) -> None:
    """Half the time its database lives on, as one of its owner's would; at times it is killed once more, half started."""
    held = served.postgres if chance.random() < 0.5 else None
    if held is not None:
        await asyncio.to_thread(held.start)
    served.kill()
    served.start()
    if chance.random() < 0.2:
        await asyncio.sleep(chance.uniform(0.2, 3))
        served.kill()
        served.start()
    if held is not None:
        await served.ready()
        await asyncio.to_thread(held.close)


async def _kill_database(served: Served, number: int, _: random.Random) -> None:
    served.kill_database()
    if number % _KILLS_PER_KEEPER == _KILLS_PER_KEEPER - 1:
        await served.stop()
        served.start()


async def _crash(
    served: Served, traffic: Traffic, chance: random.Random, *, kills: int, kill: Callable[..., Awaitable[None]]
) -> Findings:
    """Each kill falls among acknowledgements; the next comes once the service, back again, has given some more."""
    recoveries = []
    await traffic.more(16, within=60)
    for number in range(kills):
        await asyncio.sleep(chance.uniform(0, 0.2))
        killed_at = time.monotonic()
        await kill(served, number, chance)
        recoveries.append(await traffic.more(16, within=120) - killed_at)
    await traffic.stop()
    faults, samples = await _count(served, traffic)
    recoveries.sort()
    counted = (
        f"{kills} kills, {len(traffic.acknowledged):,} acknowledged, {traffic.replays} replays used, "
        f"back after {statistics.median(recoveries):.1f} s (p50) {recoveries[-1]:.1f} s (max)"
    )
    return Findings(counted, faults, samples)


async def _count(served: Served, traffic: Traffic) -> tuple[Counter[str], list[str]]:
    faults = Counter(dict.fromkeys(("lost", "doubled", "wrong replays", "refused", "broken logs"), 0))
    async with connected(served.dsn("postgres")) as connection:
        told = dict(await connection.fetch(_TOLD))
        notes = dict(await connection.fetch(_NOTES))
    kept = [one for one in traffic.acknowledged.values() if one.makes != "setup"]
    lost = [one for one in kept if one.key not in told or (one.makes == "note" and one.key not in notes)]
    faults["lost"] = len(lost)
    faults["doubled"] = sum(count > 1 for count in (*told.values(), *notes.values()))
    faults["refused"] = len(traffic.refused)
    for one in kept[-_REPEATED // 2 :] + kept[: _REPEATED // 2]:
        again = await traffic.repeat(one)
        same = (again.status_code, again.content, again.headers.get("etag")) == (one.status, one.answer, one.tag)
        faults["wrong replays"] += not same or "idempotency-replayed" not in again.headers
    async with connected(served.dsn("milepost_ops")) as connection:
        broken = [str(verdict) for verdict in await verify_all(connection) if verdict.fault]
    faults["broken logs"] = len(broken)
    return faults, [*(f"lost: {one.key} {one.path}" for one in lost), *traffic.refused, *broken]


async def _app(run: Run) -> Findings:
    async with _under_traffic(run, "D1") as ground:
        return await _crash(*ground, kills=run.size(50, 100), kill=_kill_app)


async def _app_that_answers_early(run: Run) -> Findings:
    async with _under_traffic(run, "D1-teeth", module="tests.faults.answers_early") as ground:
        return await _crash(*ground, kills=3, kill=_kill_app)


async def _database(run: Run) -> Findings:
    async with _under_traffic(run, "D2") as ground:
        return await _crash(*ground, kills=run.size(30, 100), kill=_kill_database)


async def _database_that_does_not_wait(run: Run) -> Findings:
    """Only its own writes are made to wait for nothing: a synchronous neighbour would carry them to disk along the way."""
    async with _under_traffic(run, "D2-teeth") as ground:
        async with connected(ground[0].dsn("postgres")) as connection:
            await connection.execute("alter system set wal_writer_delay = '10s'")
            await connection.execute("alter role milepost_app set synchronous_commit = off")
            await connection.execute("select pg_reload_conf()")
        return await _crash(*ground, kills=_KILLS_PER_KEEPER, kill=_kill_database)


D1 = Bar("D1", _app, "answers before the commit", _app_that_answers_early, "lost")
D2 = Bar("D2", _database, "synchronous_commit = off", _database_that_does_not_wait, "lost")
