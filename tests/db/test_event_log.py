"""The event log: gapless positions in commit order, canonical bytes, a chain anybody can recompute, and append-only."""

import asyncio
import hashlib
import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from app.commands.records import change, create
from app.db.event_log import canonical
from app.domain.bodies import Body
from app.domain.events import created
from app.domain.roles import Permission
from app.domain.trusts import Trust
from app.domain.vocabulary import BodyKind
from tests.commands.ledger import superuser
from tests.conftest import Installation

KINDS = list(BodyKind)


class Withdrawn(Exception):
    pass


async def write(installation: Installation, writer: int, dice: random.Random) -> int:
    """Ten transactions of one to four events each, of which about a third are rolled back. How many events stayed."""
    stayed = 0
    for turn in range(10):
        many, regret = dice.randint(1, 4), dice.random() < 0.33
        try:
            async with installation.database.begin(installation.actor("kestrel")) as work:
                for no in range(many):
                    values = {"code": f"{writer}-{turn}-{no}", "label": "x", "kind": dice.choice(KINDS)}
                    await create(work, Body, values)
                    await asyncio.sleep(dice.random() / 500)
                if regret:
                    raise Withdrawn  # noqa: TRY301  leaving the block by an exception is what is tried
            stayed += many
        except Withdrawn:
            continue
    return stayed


async def test_positions_have_no_gaps_and_time_never_runs_backwards_under_twenty_writers(empty: Installation) -> None:
    stayed = sum(await asyncio.gather(*(write(empty, writer, random.Random(writer)) for writer in range(20))))

    async with superuser(empty) as connection:
        rows = await connection.fetch("select position, recorded_at, hash from event order by position")
        head = await connection.fetchrow("select position, hash, recorded_at from event_head")
        bodies = await connection.fetchval("select count(*) from body")
    assert [row["position"] for row in rows] == list(range(1, stayed + 1))
    assert [row["recorded_at"] for row in rows] == sorted(row["recorded_at"] for row in rows)
    assert bodies == stayed
    assert tuple(head) == (stayed, rows[-1]["hash"], rows[-1]["recorded_at"])


async def test_time_never_runs_backwards_though_the_clock_does(empty: Installation) -> None:
    now = datetime.now(UTC)
    for minutes in (0, -30, -60, 1):
        empty.database.clock = lambda minutes=minutes: now + timedelta(minutes=minutes)
        async with empty.database.begin(empty.actor("kestrel")) as work:
            await create(work, Body, {"code": str(minutes), "label": "x", "kind": KINDS[0]})

    async with superuser(empty) as connection:
        told = [row[0] for row in await connection.fetch("select recorded_at from event order by position")]
    tick = timedelta(microseconds=1)
    assert told == [now + tick, now + 2 * tick, now + 3 * tick, now + timedelta(minutes=1)]


async def test_each_trust_counts_for_itself(empty: Installation) -> None:
    for trust in ("kestrel", "larkfield", "kestrel"):
        async with empty.database.begin(empty.actor(trust)) as work:
            code = f"{trust}{work.now:%f}"
            await create(work, Body, {"code": code, "label": "x", "kind": KINDS[0]})

    async with superuser(empty) as connection:
        rows = await connection.fetch("select trust_id, position from event order by 1, 2")
    kestrel, larkfield = (empty.actor(trust).trust_id for trust in ("kestrel", "larkfield"))
    assert {tuple(row) for row in rows} == {(kestrel, 1), (kestrel, 2), (larkfield, 1)}


def test_a_value_has_one_spelling() -> None:
    value = {
        "z": Decimal("91.0"),
        "a": [Decimal("1E+2"), Decimal("-0.10"), Decimal("12345678901234567890.123456")],
        "m": date(2026, 11, 22),
        "i": datetime(2026, 11, 22, 12, 30, tzinfo=UTC),
        "u": UUID("0a4ffb4c-6a80-5b8e-9d57-1d3bb5f6e7a1"),
        "e": Permission.READ,
        "s": 'é "quoted" \n',
        "n": None,
        "b": True,
    }

    spelled = canonical(value)

    assert spelled.decode() == (
        '{"a":[100,-0.10,12345678901234567890.123456],"b":true,"e":"read","i":"2026-11-22T12:30:00.000000Z","m":"2026-11-22",'
        '"n":null,"s":"é \\"quoted\\" \\n","u":"0a4ffb4c-6a80-5b8e-9d57-1d3bb5f6e7a1","z":91.0}'
    )
    assert canonical(dict(reversed(value.items()))) == spelled


def test_what_has_no_spelling_is_not_guessed_at() -> None:
    with pytest.raises(TypeError):
        canonical({"x": object()})


async def test_ten_lines_of_python_recompute_the_chain_and_the_events_told_carry_it(packed: Installation) -> None:
    trust = packed.actor("kestrel").trust_id
    async with superuser(packed) as connection:
        rows = await connection.fetch("select body from event where trust_id = $1 order by position", trust)
        head = await connection.fetchval("select hash from event_head where trust_id = $1", trust)

    previous, chain = bytes(32), []
    for row in rows:
        previous = hashlib.sha256(previous + row["body"]).digest()
        chain.append(previous.hex())

    assert previous == head
    async with packed.client(await packed.key("kestrel")) as client:
        answer = (await client.get("/v1/events?limit=1000")).json()
    assert [event["hash"] for event in answer["items"][: len(chain)]] == chain[:1000]
    for event, row in zip(answer["items"], rows, strict=False):
        beside = {"reason", "texts", "hash"}
        assert {name: value for name, value in event.items() if name not in beside} == json.loads(row["body"])


STATEMENTS = [
    f"{act} where position = 1" if "truncate" not in act else act
    for table in ("event", "event_text")
    for act in (f"update {table} set position = position", f"delete from {table}", f"truncate {table}")
]


@pytest.mark.parametrize("statement", [one for one in STATEMENTS if "event_text" not in one])
@pytest.mark.parametrize("login", ["milepost_app", "milepost_migrate", "postgres"])
async def test_nobody_changes_an_event_not_even_its_owner(shared: Installation, login: str, statement: str) -> None:
    trust = shared.actor("kestrel").trust_id
    connection = await asyncpg.connect(shared.dsn(login), server_settings={"search_path": "app, public"})
    try:
        before = await count_and_digest(shared)
        await connection.execute(f"set app.trust_id = '{trust}'")
        if login == "milepost_migrate":
            await connection.execute("set role milepost_owner")

        refusal = asyncpg.InsufficientPrivilegeError if login == "milepost_app" else asyncpg.RaiseError
        with pytest.raises(refusal, match=r"permission denied|the event log is append-only"):
            await connection.execute(f"{statement} cascade" if "truncate" in statement else statement)

        assert await count_and_digest(shared) == before
    finally:
        await connection.close()


@pytest.mark.parametrize("statement", [one for one in STATEMENTS if "event_text" in one])
async def test_the_application_erases_no_text_beside_the_log(shared: Installation, statement: str) -> None:
    connection = await asyncpg.connect(shared.dsn("milepost_app"), server_settings={"search_path": "app, public"})
    try:
        await connection.execute(f"set app.trust_id = '{shared.actor('kestrel').trust_id}'")

        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def count_and_digest(installation: Installation) -> tuple[int, str]:
    async with superuser(installation) as connection:
        row = await connection.fetchrow(
            "select count(*), md5(string_agg(e::text, '' order by trust_id, position)) from event e"
        )
    return tuple(row)


async def test_the_same_change_in_one_transaction_is_chained_in_the_order_it_was_told(empty: Installation) -> None:
    async with empty.database.begin(empty.actor("kestrel")) as work:
        trust = Trust.named(work.actor.trust_id, code="kestrel", name="Kestrel", kind="multi_academy_trust")
        work.add(trust)
        work.record(created(trust))
        body = await create(work, Body, {"code": "b", "label": "1", "kind": KINDS[0]})
        for turn in range(2, 5):
            await change(work, Body, body.id, {"label": str(turn)}, version=body.version)

    async with superuser(empty) as connection:
        rows = [json.loads(row[0]) for row in await connection.fetch("select body from event order by position")]
    assert [row["position"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["type"] for row in rows] == ["trust.created", "body.created", *["body.changed"] * 3]
    assert [row["data"]["after"].get("label") for row in rows[1:]] == ["1", "2", "3", "4"]
    assert [row["data"]["after"]["version"] for row in rows[1:]] == [1, 2, 3, 4]
