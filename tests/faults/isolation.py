"""I3, I4, I5: the database keeps trusts apart by itself, and a pooled connection remembers nobody."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from app.db import database as database_module
from app.db.catalogue import CHECKS, holes
from app.db.database import _living
from app.domain import ids
from app.domain.actor import Actor
from tests.api.samples import create_by_other_ways, create_each, trust_document
from tests.conftest import Installation
from tests.faults.bars import Bar, Findings, Run
from tests.faults.ground import connected, found_trust, service, throwaway
from tests.faults.holes import HOLES

# ---------------------------------------------------------------------------------------------------------------- I3


async def _lint(run: Run) -> Findings:
    async with (
        throwaway(run.server, "empty") as name,
        connected(run.server.dsn(user="milepost_migrate", database=name)) as connection,
    ):
        found = await holes(connection)
        tables = await connection.fetchval(
            "select count(*) from pg_class where relnamespace = 'app'::regnamespace and relkind = 'r'"
        )
    return Findings(f"{len(CHECKS)} checks of {tables} tables", {"holes": len(found)}, [str(hole) for hole in found])


async def _lint_with_holes(run: Run) -> Findings:
    """Red only if every single planted hole was reported under its own name."""
    reported = set()
    async with throwaway(run.server, "empty") as name:
        for kind, statements in HOLES.items():
            async with connected(run.server.dsn(user="postgres", database=name)) as connection:
                await connection.execute("begin")
                await connection.execute(statements)
                reported |= {kind} & {hole.kind for hole in await holes(connection)}
                await connection.execute("rollback")
    missed = set(CHECKS) - reported
    return Findings(
        f"not reported: {', '.join(sorted(missed))}", {"of 19 holes reported": 0 if missed else len(reported)}
    )


I3 = Bar("I3", _lint, "one hole for each check", _lint_with_holes, "of 19 holes reported")

# ---------------------------------------------------------------------------------------------------------------- I4

# Whoever sees everything in a trust: nothing but the trust's own policy is in the way.
_ALL = (
    "set local app.academies = '*'; set local app.may = 'read_sensitive,review_academies'; set local app.holder = 'x'; "
)
CONTEXTS = {
    "unset": "select 1",
    "empty": "set local app.trust_id = ''",
    "malformed": "set local app.trust_id = 'kestrel'",
    "of another trust": f"set local app.trust_id = '{ids.trust_id('larkfield')}'",
}
VICTIM = ids.trust_id("kestrel")
_TABLES = "select tablename from pg_tables where schemaname = 'app' order by 1"
_REFUSALS = (asyncpg.InsufficientPrivilegeError, asyncpg.InvalidTextRepresentationError)


async def _matrix(run: Run, *, planted: str = "select 1") -> Findings:
    async with service(run.server, "packed") as installation:
        await _fill(installation)
        async with (
            connected(installation.dsn("postgres")) as above,
            connected(installation.dsn("milepost_app")) as below,
        ):
            await above.execute(planted)
            tables = [row[0] for row in await above.fetch(_TABLES)]
            faults = Counter({"visible": 0, "writable": 0, "without a row to try": 0})
            samples = []
            for table in tables:
                row = await above.fetchval(
                    f"select to_jsonb(t)::text from {table} t where trust_id = $1 limit 1", VICTIM
                )
                faults["without a row to try"] += row is None
                for context, words in CONTEXTS.items():
                    for attempt, reached in (await _attempts(below, table, words, row)).items():
                        faults["visible" if attempt == "select" else "writable"] += reached
                        samples += [f"{attempt} on {table}, context {context}"] if reached else []
    tried = len(tables) * len(CONTEXTS) * 4
    return Findings(f"{len(tables)} tables x 4 contexts x 4 acts = {tried:,} attempts", faults, samples)


async def _fill(installation: Installation) -> None:
    """One row at least in every table, so that no attempt finds nothing merely because nothing is there."""
    async with installation.client(await installation.key("kestrel")) as client:
        made = await create_each(client, "i4")
        await create_by_other_ways(client, "i4", made)
        body = {"code": "i4-k", "label": "l", "kind": "committee"}
        await client.post("/v1/bodies", json=body, headers={"Idempotency-Key": "i4"})
        revision = {"value": 70, "reason": "Raised."}
        address = f"/v1/targets/{made['targets']}"
        await client.post(f"{address}/revisions", json=revision, headers={"Idempotency-Key": "i4", "If-Match": '"v1"'})
    async with installation.database.begin(installation.actor("kestrel")) as work:
        await trust_document(work, "i4")


async def _attempts(connection: asyncpg.Connection, table: str, words: str, row: str | None) -> dict[str, int]:
    """How many of the victim's rows each act reached. A copy of one of them, if it exists, is what is inserted."""
    acts = {
        "select": f"select count(*) from {table} where trust_id = $1",
        "update": f"with a as (update {table} set trust_id = trust_id where trust_id = $1 returning 1) select count(*) from a",
        "delete": f"with a as (delete from {table} where trust_id = $1 returning 1) select count(*) from a",
    }
    reached = {name: await _reach(connection, words, statement, VICTIM) for name, statement in acts.items()}
    copy = f"insert into {table} select * from jsonb_populate_record(null::{table}, $1) returning 1"
    insert = f"with a as ({copy}) select count(*) from a"
    reached["insert"] = await _reach(connection, words, insert, row or f'{{"trust_id":"{VICTIM}"}}')
    return reached


async def _reach(connection: asyncpg.Connection, words: str, statement: str, argument: object) -> int:
    await connection.execute("begin")
    try:
        await connection.execute(_ALL + words)
        return int(await connection.fetchval(statement, argument))
    except _REFUSALS:
        return 0
    except asyncpg.PostgresError:
        return 1  # a unique key or the guard of the log stopped it: row security had let it past
    finally:
        await connection.execute("rollback")


async def _matrix_with_an_open_policy(run: Run) -> Findings:
    return await _matrix(
        run, planted="drop policy trust on app.evidence; create policy trust on app.evidence using (true)"
    )


I4 = Bar("I4", _matrix, "policy USING (true) on one table", _matrix_with_an_open_policy, "visible")

# ---------------------------------------------------------------------------------------------------------------- I5

TRUSTS = 50
_BY_NOBODY = "select coalesce(current_setting('app.trust_id', true), '') || (select count(*) from app.body)"


class Heard(logging.Handler):
    """Why each request that was told to try again was told so, by its trace id."""

    def __init__(self) -> None:
        super().__init__()
        self.causes: dict[str, str] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple):
            self.causes[str(record.args[0])] = str(record.args[-1])


@contextmanager
def listening() -> Iterator[Heard]:
    """The service's own log, heard and not printed."""
    log, heard = logging.getLogger("milepost"), Heard()
    level, propagates = log.level, log.propagate
    log.addHandler(heard)
    log.setLevel(logging.WARNING)
    log.propagate = False
    try:
        yield heard
    finally:
        log.removeHandler(heard)
        log.setLevel(level)
        log.propagate = propagates


class Crowd:
    """Many callers of many trusts over a pool of four, of whom some hang up."""

    def __init__(self, run: Run, installation: Installation, keys: dict[str, str], heard: "Heard") -> None:
        self._random = run.random("I5")
        self._heard = heard
        self._installation = installation
        self._clients = {code: installation.client(key) for code, key in keys.items()}
        self._gate = asyncio.Semaphore(48)
        kinds = ("answers of another trust", "contexts left behind", "rows of another trust", "failed")
        self.faults = Counter(dict.fromkeys(kinds, 0))
        self.cut = self.probes = self.queued = 0
        self.samples: list[str] = []

    async def call(self, number: int) -> None:
        async with self._gate:
            code = self._random.choice(list(self._clients))
            request = asyncio.create_task(self._ask(code, number))
            if self._random.random() < 0.2:
                await self._hang_up(request)
            if not request.cancelled():
                await request
            if number % 20 == 0:
                await self._probe()

    async def _hang_up(self, request: asyncio.Task[None]) -> None:
        """At a random moment; sometimes again while the service is still tidying up after the first time."""
        await asyncio.wait({request}, timeout=self._random.uniform(0, 0.12))
        for _ in range(self._random.choice((1, 1, 2))):
            request.cancel()
            await asyncio.sleep(0)
        await asyncio.wait({request})
        self.cut += request.cancelled()

    async def _ask(self, code: str, number: int) -> None:
        client = self._clients[code]
        if self._random.random() < 0.5:
            answer = await client.get("/v1/bodies?limit=500")
            labels = [body["label"] for body in answer.json().get("items", [])]
        else:
            body = {"code": f"b{number}", "label": code, "kind": "committee"}
            answer = await client.post("/v1/bodies", json=body, headers={"Idempotency-Key": f"i5-{number}"})
            labels = [answer.json().get("label")]
        if answer.status_code == 503 and self._heard.causes.get(answer.headers["x-request-id"]) == "TimeoutError":
            self.queued += 1  # Two seconds in the queue for a connection: a slow machine, nobody's leftovers.
        elif answer.status_code not in (200, 201):
            cause = self._heard.causes.get(answer.headers["x-request-id"], "")
            self.faults["failed"] += 1
            self.samples.append(f"{answer.status_code} {cause} {answer.text[:200]}")
        elif set(labels) - {code}:
            self.faults["answers of another trust"] += 1

    async def _probe(self) -> None:
        """What a transaction that names no trust sees through each of the two pools."""
        database = self._installation.database
        seen = [await database.bare(_BY_NOBODY)]
        assert database._engine is not None
        async with database._engine.connect() as connection:
            seen.append(await (await _living(connection)).fetchval(_BY_NOBODY))
        self.probes += len(seen)
        self.faults["contexts left behind"] += sum(one != "0" for one in seen)


async def _crowded(run: Run, *, calls: int) -> Findings:
    async with service(run.server, "empty") as installation:
        keys = {}
        for number in range(TRUSTS):
            await found_trust(installation, f"i5-{number}")
            keys[f"i5-{number}"] = await installation.key(f"i5-{number}")
        with listening() as heard:
            crowd = Crowd(run, installation, keys, heard)
            await asyncio.gather(*(crowd.call(number) for number in range(calls)))
        async with connected(installation.dsn("postgres")) as above:
            owners = {ids.trust_id(code): code for code in keys}
            rows = await above.fetch("select trust_id, label from body")
            crowd.faults["rows of another trust"] += sum(owners[row["trust_id"]] != row["label"] for row in rows)
    counted = (
        f"{calls:,} requests of {TRUSTS} trusts over pools of 4, {crowd.cut:,} cut off, {crowd.queued} queued out, "
        f"{crowd.probes:,} looks as nobody"
    )
    return Findings(counted, crowd.faults, crowd.samples)


async def _bleed(run: Run) -> Findings:
    return await _crowded(run, calls=run.size(2_000, 100_000))


async def _bleed_with_session_settings(run: Run) -> Findings:
    with _session_settings():
        return await _crowded(run, calls=400)


@contextmanager
def _session_settings() -> Iterator[None]:
    """The defect: the first words set the trust for the session instead of for the transaction."""
    honest = database_module.opening

    def opening(actor: Actor, *, noting: str | None) -> str:
        return f"select set_config('app.trust_id', '{actor.trust_id}', false); {honest(actor, noting=noting)}"

    database_module.opening = opening
    try:
        yield
    finally:
        database_module.opening = honest


I5 = Bar("I5", _bleed, "set_config(..., false)", _bleed_with_session_settings, "contexts left behind")
