"""Tampering is found (bar E1): whatever is done to the log or behind its back, and no alarm where nothing was done."""

import asyncio
import hashlib
import json
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from app import cli
from app.db import verification
from app.db.event_log import Entry, append
from app.db.verification import Head, Verdict, verify, verify_all
from app.domain.bodies import Body
from app.domain.erasure import in_sql
from app.domain.events import created
from app.domain.model import KEPT
from app.domain.vocabulary import BodyKind
from app.installation import Installation as Installed
from tests.conftest import PACKED, Installation, _installed, drop_database, make_database
from tests.db.acts import School

Rows = list[dict[str, Any]]


@asynccontextmanager
async def connected(installation: Installation, login: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(installation.dsn(login), server_settings={"search_path": "app, public"})
    try:
        yield connection
    finally:
        await connection.close()


async def verdict(installation: Installation, noted: Head | None = None) -> Verdict:
    async with connected(installation, "milepost_ops") as connection:
        return await verify(connection, installation.actor("kestrel").trust_id, noted=noted)


class Intruder:
    """A superuser with the triggers switched off, inside one transaction that is undone afterwards."""

    def __init__(self, connection: asyncpg.Connection, trust: UUID, other: UUID, rows: Rows) -> None:
        self.connection, self.trust, self.other, self.rows = connection, trust, other, rows

    @property
    def last(self) -> int:
        return len(self.rows)

    async def do(self, sql: str, *arguments: Any) -> None:
        done = await self.connection.execute(sql, *arguments)
        assert done.split()[-1] != "0", f"nothing was tampered with: {sql}"

    async def edit(self, position: int, column: str, value: Any) -> None:
        await self.do(
            f"update event set {column} = $3 where trust_id = $1 and position = $2", self.trust, position, value
        )

    async def rehash(self, start: int, bodies: dict[int, bytes], *, head: bool = True) -> None:
        """Make the chain right again from a position on, with other bodies."""
        previous = bytes(32) if start == 1 else self.rows[start - 2]["hash"]
        made = []
        for row in self.rows[start - 1 :]:
            body = bodies.get(row["position"], row["body"])
            digest = hashlib.sha256(previous + body).digest()
            made.append((self.trust, row["position"], body, previous, digest))
            previous = digest
        await self.connection.executemany(
            "update event set body = $3, previous_hash = $4, hash = $5 where trust_id = $1 and position = $2", made
        )
        if head:
            await self.do("update event_head set hash = $2 where trust_id = $1", self.trust, previous)

    async def renumber(self, gone: set[int]) -> None:
        """Take events out and close the gaps: positions, chain and head are right again."""
        kept = [row for row in self.rows if row["position"] not in gone]
        await self.connection.execute("delete from event where trust_id = $1", self.trust)
        previous, made = bytes(32), []
        for position, row in enumerate(kept, start=1):
            was = f'"position":{row["position"]},'.encode()
            assert was in row["body"]
            body = row["body"].replace(was, f'"position":{position},'.encode())
            digest = hashlib.sha256(previous + body).digest()
            columns = {**row, "position": position, "body": body, "previous_hash": previous, "hash": digest}
            made.append(tuple(columns.values()))
            previous = digest
        names = ", ".join(self.rows[0])
        marks = ", ".join(f"${n}" for n in range(1, len(self.rows[0]) + 1))
        await self.connection.executemany(f"insert into event ({names}) values ({marks})", made)
        await self.do(
            "update event_head set position = $2, hash = $3 where trust_id = $1", self.trust, len(kept), previous
        )


def changed(body: bytes) -> bytes:
    """The same event, by somebody else."""
    was = json.loads(body)["actor"].encode()
    return body.replace(b'"actor":"' + was, b'"actor":"x' + was)


async def edit_body(it: Intruder, at: int) -> str:
    await it.edit(at, "body", changed(it.rows[at - 1]["body"]))
    return f"{at}: its bytes are not those that were hashed"


async def edit_body_and_its_hash(it: Intruder, at: int) -> str:
    body = changed(it.rows[at - 1]["body"])
    await it.edit(at, "body", body)
    await it.edit(at, "hash", hashlib.sha256(it.rows[at - 1]["previous_hash"] + body).digest())
    return f"{at}: its columns differ from its bytes"


async def edit_time(it: Intruder, at: int) -> str:
    await it.edit(at, "recorded_at", it.rows[at - 1]["recorded_at"] + timedelta(microseconds=1))
    return f"{at}: its columns differ from its bytes"


async def edit_column(it: Intruder, at: int) -> str:
    await it.edit(at, "type", "body.forgotten")
    return f"{at}: its columns differ from its bytes"


async def edit_academies(it: Intruder, at: int) -> str:
    await it.edit(at, "academies", [it.other])
    return f"{at}: its columns differ from its bytes"


async def delete_one(it: Intruder, at: int) -> str:
    await it.do("delete from event where trust_id = $1 and position = $2", it.trust, at)
    if at == it.last:
        return f"{at}: the head of the log does not stand at its last event"
    return f"{at + 1}: an event before it is missing"


async def swap_two(it: Intruder, at: int) -> str:
    """Two neighbours change places."""
    first = min(at, it.last - 1)
    sql = "update event set position = $3 where trust_id = $1 and position = $2"
    for was, now in ((first, 10**6), (first + 1, first), (10**6, first + 1)):
        await it.do(sql, it.trust, was, now)
    return f"{first}: it is not chained to the event before it"


async def move_to_another_trust(it: Intruder, at: int) -> str:
    sql = "update event set trust_id = $3, position = $4 where trust_id = $1 and position = $2"
    await it.do(sql, it.trust, at, it.other, 10**6)
    if at == it.last:
        return f"{at}: the head of the log does not stand at its last event"
    return f"{at + 1}: an event before it is missing"


async def copy_one(it: Intruder, at: int) -> str:
    """The same event again, at the end."""
    row = {**it.rows[at - 1], "position": it.last + 1}
    marks = ", ".join(f"${n}" for n in range(1, len(row) + 1))
    await it.do(f"insert into event ({', '.join(row)}) values ({marks})", *row.values())
    return f"{it.last + 1}: it is not chained to the event before it"


async def alter_reason(it: Intruder, at: int) -> str:
    """A reason is put beside an event that had another, or none."""
    await it.connection.execute(
        "insert into event_text values ($1, $2, 'salt', 'I was told to.', '{}')"
        " on conflict (trust_id, position) do update set reason = 'I was told to.'",
        it.trust,
        at,
    )
    return f"{at}: the reason beside it is not the one it was recorded with"


async def alter_text(it: Intruder, at: int) -> str:
    await it.connection.execute(
        """insert into event_text values ($1, $2, 'salt', null, '{"note": "Nothing was seen."}')"""
        """ on conflict (trust_id, position) do update set fields = '{"note": "Nothing was seen."}'""",
        it.trust,
        at,
    )
    return f"{at}: the text beside it is not the one it was recorded with"


async def rehash_with_columns_left(it: Intruder, at: int) -> str:
    await it.rehash(at, {at: changed(it.rows[at - 1]["body"])})
    return f"{at}: its columns differ from its bytes"


async def rehash_to_no_json(it: Intruder, at: int) -> str:
    await it.rehash(at, {at: b"\xff{nothing"})
    return f"{at}: its bytes are no JSON"


async def rehash_to_another_json(it: Intruder, at: int) -> str:
    await it.rehash(at, {at: b'{"type":[],"position":"one"}'})
    return f"{at}: its columns differ from its bytes"


KINDS: list[Callable[[Intruder, int], Awaitable[str]]] = [
    edit_body, edit_body_and_its_hash, edit_time, edit_column, edit_academies, delete_one, swap_two,
    move_to_another_trust, copy_one, alter_reason, alter_text, rehash_with_columns_left, rehash_to_no_json,
    rehash_to_another_json,
]  # fmt: skip


@pytest_asyncio.fixture(scope="module")
async def kept(server, packed_template) -> AsyncIterator[Installation]:
    """A plan with some two hundred commands done to it."""
    async for installation in _installed(server, packed_template):
        school = School(installation, random.Random(7))
        while sum(school.done.values()) < 200:
            await school.act()
        yield installation


@asynccontextmanager
async def tampering(installation: Installation) -> AsyncIterator[Intruder]:
    """Undone afterwards, so that each kind of tampering meets the same log."""
    trust, other = (installation.actor(name).trust_id for name in ("kestrel", "larkfield"))
    async with connected(installation, "postgres") as connection:
        rows = [
            dict(row)
            for row in await connection.fetch("select * from event where trust_id = $1 order by position", trust)
        ]
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("set local session_replication_role = replica")
        try:
            yield Intruder(connection, trust, other, rows)
        finally:
            await transaction.rollback()


async def looked_at(it: Intruder, noted: Head | None = None) -> str:
    """What verification says of the log as the intruder left it."""
    found = await verification._verify(it.connection, it.trust, noted, against_tables=True)
    return f"{found.position}: {found.fault}"


async def test_two_hundred_random_commands_raise_no_alarm(kept: Installation) -> None:
    async with connected(kept, "milepost_ops") as connection:
        verdicts = await verify_all(connection)
        heads = {one.trust_id: one.head for one in verdicts}
        again = await verify_all(connection, noted=heads)

    assert {one.trust_id for one in verdicts} == {kept.actor(name).trust_id for name in PACKED}
    assert {one.fault for one in verdicts} == {None}
    assert again == verdicts
    assert min(head.position for head in heads.values()) > 300


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
async def test_tampering_is_found_at_the_first_bad_row(
    kept: Installation, kind: Callable[[Intruder, int], Awaitable[str]], place: str
) -> None:
    async with tampering(kept) as it:
        at = {"first": 1, "middle": it.last // 2, "last": it.last}[place]

        expected = await kind(it, at)

        assert await looked_at(it) == expected


@pytest.mark.parametrize("place", ["first", "middle", "last"])
async def test_a_log_rewritten_with_all_its_columns_is_found_by_the_noted_head_alone(
    kept: Installation, place: str
) -> None:
    async with tampering(kept) as it:
        at = {"first": 1, "middle": it.last // 2, "last": it.last}[place]
        noted = Head(it.last, it.rows[-1]["hash"])
        body = changed(it.rows[at - 1]["body"])

        await it.rehash(at, {at: body})
        await it.edit(at, "actor", json.loads(body)["actor"])

        assert await looked_at(it) == "None: None"
        assert await looked_at(it, noted) == f"{it.last}: it is not the event whose hash was noted"


@pytest.mark.parametrize("many", [1, 2, 50])
async def test_a_log_cut_short_with_its_head_is_found_by_the_noted_head(kept: Installation, many: int) -> None:
    async with tampering(kept) as it:
        noted = Head(it.last, it.rows[-1]["hash"])
        newest = it.rows[-1 - many]

        await it.do("delete from event where trust_id = $1 and position > $2", it.trust, newest["position"])
        sql = "update event_head set position = $2, hash = $3 where trust_id = $1"
        await it.do(sql, it.trust, newest["position"], newest["hash"])

        assert (await looked_at(it)).startswith("None: the table ")
        assert await looked_at(it, noted) == f"{it.last}: it is not the event whose hash was noted"


@pytest.mark.parametrize("place", ["first", "middle", "last"])
async def test_a_records_whole_history_gone_is_found_by_its_table_and_by_the_noted_head(
    kept: Installation, place: str
) -> None:
    async with tampering(kept) as it:
        noted = Head(it.last, it.rows[-1]["hash"])
        at = {"first": 1, "middle": it.last // 2, "last": it.last}[place]
        subject, noun = it.rows[at - 1]["subject_id"], it.rows[at - 1]["noun"]
        await erase_every_text(it.connection, it.trust)

        await it.renumber({row["position"] for row in it.rows if row["subject_id"] == subject})

        table = f"None: the table {noun} holds something that no event tells of, in {subject}"
        assert await looked_at(it) == table
        await it.do(f"delete from {noun} where trust_id = $1 and id = $2", it.trust, subject)
        assert await looked_at(it) == "None: None"
        assert await looked_at(it, noted) == f"{it.last}: it is not the event whose hash was noted"


@pytest.mark.parametrize("head", [False, True])
async def test_a_forged_event_at_the_end_is_found(kept: Installation, head: bool) -> None:  # noqa: FBT001  pytest names it
    async with tampering(kept) as it:
        noted, newest = Head(it.last, it.rows[-1]["hash"]), it.rows[-1]
        area = await it.connection.fetchrow("select * from area where trust_id = $1 order by id limit 1", it.trust)
        told = {**json.loads(newest["body"]), "position": it.last + 1, "type": "area.changed", "noun": "area"}
        told |= {"subject": str(area["id"]), "plan": str(area["plan_id"]), "reasonDigest": None, "textDigests": {}}
        told["data"] = {"before": {"label": area["label"]}, "after": {"label": "Forged", "version": 99}}
        body = json.dumps(told, sort_keys=True).encode()
        row = {**newest, "position": it.last + 1, "type": "area.changed", "noun": "area", "subject_id": area["id"]}
        row |= {"plan_id": area["plan_id"], "body": body, "previous_hash": newest["hash"]}
        row["hash"] = hashlib.sha256(newest["hash"] + body).digest()
        marks = ", ".join(f"${n}" for n in range(1, len(row) + 1))
        await it.do(f"insert into event ({', '.join(row)}) values ({marks})", *row.values())
        if not head:
            assert await looked_at(it) == f"{it.last + 1}: the head of the log does not stand at its last event"
            return

        sql = "update event_head set position = position + 1, hash = $2 where trust_id = $1"
        await it.do(sql, it.trust, row["hash"])

        assert await looked_at(it) == f"None: the table area holds something that no event tells of, in {area['id']}"
        sql = "update area set label = 'Forged', version = 99 where id = $1"
        await it.do(sql, area["id"])
        # A forgery that adds to the end and to the table alike is a lie the log cannot know: the noted head still stands.
        assert await looked_at(it, noted) == "None: None"


BEHIND = {
    "milestone": "update milestone set status = 'met' where id = $1",
    "plan": "update plan set title = title || ' ' where id = $1",
    "target": "update target set value = coalesce(value, 0) + 0.001 where id = $1",
    "person": "delete from person where id = $1",
    "evidence": "update evidence set note = 'Nothing was seen.' where id = $1",
    "area": "update area set aliases = aliases || array['x'] where id = $1",
    "responsibility": "update responsibility set withdrawn_at = now() where id = $1",
}


@pytest.mark.parametrize("noun", BEHIND)
async def test_a_row_changed_behind_the_logs_back_is_found(kept: Installation, noun: str) -> None:
    async with tampering(kept) as it:
        sql = f"select id from {noun} where trust_id = $1 and withdrawn_at is null order by id limit 1 offset $2"
        for offset in (0, 3):
            record = await it.connection.fetchval(sql, it.trust, offset) or await it.connection.fetchval(
                sql, it.trust, 0
            )
            async with it.connection.transaction():
                savepoint = it.connection.transaction()
                await savepoint.start()
                await it.do(BEHIND[noun], record)

                found = await looked_at(it)

                await savepoint.rollback()
            assert found == f"None: the table {noun} holds something that no event tells of, in {record}"


async def test_a_trust_whose_whole_log_is_gone_is_looked_at_all_the_same(packed: Installation) -> None:
    trust = packed.actor("kestrel").trust_id
    async with connected(packed, "postgres") as connection:
        await connection.execute("set session_replication_role = replica")
        for table in ("event_text", "event", "event_head"):
            await connection.execute(f"delete from {table} where trust_id = $1", trust)
        tables = [await connection.fetchval("select count(*) from trust where trust_id = $1", trust)]

    async with connected(packed, "milepost_ops") as connection:
        verdicts = {one.trust_id: one.fault for one in await verify_all(connection)}

    assert tables == [1]
    assert verdicts[trust] == f"the table trust holds something that no event tells of, in {trust}"
    assert verdicts[packed.actor("larkfield").trust_id] is None


async def erase_every_text(connection: asyncpg.Connection, trust: UUID) -> None:
    """From the log and from the tables."""
    await connection.execute("delete from event_text where trust_id = $1", trust)
    for kind in KEPT:
        for column in sorted(kind.PERSONAL):
            erased = in_sql(kind, column, "id") or "null"
            await connection.execute(f'update {kind.noun()} set "{column}" = {erased} where trust_id = $1', trust)


async def test_erased_text_raises_no_alarm_once_its_table_has_it_no_more_either(packed: Installation) -> None:
    trust = packed.actor("kestrel").trust_id
    school = School(packed, random.Random(3))
    while not school.done["_do_evidence"]:
        await school.act()

    async with connected(packed, "postgres") as connection:
        await connection.execute("delete from event_text where trust_id = $1", trust)
        left = (await verdict(packed)).fault
        await erase_every_text(connection, trust)

    assert left is not None
    assert left.startswith("the table evidence holds something that no event tells of, in ")
    assert (await verdict(packed)).fault is None


async def test_a_log_with_nothing_in_it_can_be_noted(packed: Installation) -> None:
    async with connected(packed, "milepost_ops") as connection:
        nobody = UUID(int=7)
        first = await verify(connection, nobody)

        again = await verify(connection, nobody, noted=first.head)

    assert (first.fault, again) == (None, first)


async def test_verifying_while_others_write_raises_no_alarm(packed: Installation) -> None:
    school, enough = School(packed, random.Random(11)), asyncio.Event()

    async def write() -> None:
        while not enough.is_set():
            await school.act()

    writing = asyncio.ensure_future(write())
    verdicts = [await verdict(packed) for _ in range(6)]
    enough.set()
    await writing

    assert [one.fault for one in verdicts] == [None] * 6
    assert len({one.head for one in verdicts}) > 2


async def test_twenty_thousand_events_are_verified_in_seconds(empty: Installation, capsys) -> None:
    actor = empty.actor("kestrel")
    bodies = [Body(trust_id=actor.trust_id, code=str(no), label="x", kind=BodyKind.COMMITTEE) for no in range(20_000)]
    entries = [Entry.of(created(body), before={}, after=body.state()) for body in bodies]
    nowhere: dict[Any, frozenset[UUID]] = dict.fromkeys(bodies, frozenset())
    async with empty.database.begin(actor) as work:
        columns = [column.name for column in Body.columns()]
        marks = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
        rows = [tuple(body.state().values()) for body in bodies]
        await work.raw.executemany(f"insert into body ({', '.join(columns)}) values ({marks})", rows)
        await append(work.raw, actor, entries, nowhere, clock=empty.database.clock)

    started = time.perf_counter()
    found = await verdict(empty)
    seconds = time.perf_counter() - started

    assert (found.head.position, found.fault) == (20_000, None)
    with capsys.disabled():
        print(f"\nverified {20_000 / seconds:,.0f} events/s")  # noqa: T201  a time is reported, never asserted
    assert seconds < 20


def test_the_command_line_says_so_and_exits_1(
    server, root: Path, packed_template: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`milepost verify` on a database that is whole, noted, tampered with, and cut short."""
    name = "verified"

    async def prepare() -> None:
        await make_database(server, name, template=packed_template)

    async def tamper(*statements: str) -> None:
        connection = await asyncpg.connect(
            server.dsn(user="postgres", database=name), server_settings={"search_path": "app, public"}
        )
        await connection.execute("set session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    @contextmanager
    def installed(settings: Any) -> Any:
        monkeypatch.setattr("app.installation.DATABASE", name)
        yield Installed(settings, server)

    monkeypatch.setattr(cli, "installed", installed)
    asyncio.run(prepare())
    run, heads = CliRunner(), tmp_path / "heads.json"
    try:
        whole = run.invoke(cli.app, ["verify", "--save", str(heads)])
        noted = run.invoke(cli.app, ["verify", "--against", str(heads)])
        one = run.invoke(cli.app, ["verify", "--trust", "kestrel", "--against", str(heads)])
        of_kestrel = "trust_id = (select trust_id from trust where code = 'kestrel')"
        asyncio.run(tamper(f"update event set actor = 'x' where position = 3 and {of_kestrel}"))
        tampered = run.invoke(cli.app, ["verify"])
        other = run.invoke(cli.app, ["verify", "--trust", "larkfield"])
    finally:
        asyncio.run(drop_database(server, name))

    assert [answer.exit_code for answer in (whole, noted, one, tampered, other)] == [0, 0, 0, 1, 0]
    assert len(json.loads(heads.read_text())) == len(PACKED)
    assert re.search(r"at position 3: its columns differ from its bytes", tampered.output)
