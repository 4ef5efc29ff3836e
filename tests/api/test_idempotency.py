"""A POST that is repeated under its Idempotency-Key happens once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx

from app.config import Settings
from app.db.database import Database
from app.domain.keys import KeyText
from app.domain.roles import Role
from app.main import create_app
from tests.api.samples import SAMPLES
from tests.conftest import PEPPER, UNHURRIED, Installation

KEY = {"Idempotency-Key": "one key"}
BODY = SAMPLES["bodies"]({}, "zz")


async def asked_of(installation: Installation, sql: str, *arguments: Any) -> Any:
    connection = await asyncpg.connect(installation.dsn("postgres"), server_settings={"search_path": "app"})
    try:
        return await connection.fetchval(sql, *arguments)
    finally:
        await connection.close()


async def counted(installation: Installation, sql: str) -> int:
    found: int = await asked_of(installation, sql)
    return found


BODIES = "select count(*) from body where code = 'zz'"
EVENTS = "select count(*) from event where type = 'body.created' and convert_from(body, 'UTF8') like '%\"zz\"%'"
KEYS = "select count(*) from idempotency"


def told(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """What a caller goes by."""
    names = ("ETag", "Location", "Content-Type", "Cache-Control")
    return answer.status_code, answer.content, {name: answer.headers[name] for name in names}


async def planned(client: httpx.AsyncClient) -> str:
    milestone = (await client.get("/v1/milestones?status=planned&limit=1")).json()["items"][0]
    return f"/v1/milestones/{milestone['id']}"


async def test_a_repeated_request_gets_the_first_ones_answer(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        first = await client.post("/v1/bodies", json=BODY, headers=KEY)

        again = await client.post("/v1/bodies", json=BODY, headers=KEY)

        assert first.status_code == 201, first.text
        assert told(again) == told(first)
        assert "Idempotency-Replayed" not in first.headers
        assert again.headers["Idempotency-Replayed"] == "true"
        assert await counted(packed, BODIES) == 1
        assert await counted(packed, EVENTS) == 1


async def test_a_key_used_for_another_body_or_version_is_refused(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        await client.post("/v1/bodies", json=BODY, headers=KEY)
        address = await planned(client)
        moving = {"to": "in_progress"}
        moved = await client.post(f"{address}/transitions", json=moving, headers={**KEY, "If-Match": '"v1"'})

        other_body = await client.post("/v1/bodies", json={**BODY, "label": "Other"}, headers=KEY)
        other_version = await client.post(f"{address}/transitions", json=moving, headers={**KEY, "If-Match": '"v2"'})

        assert moved.status_code == 200, moved.text
        for answer in (other_body, other_version):
            assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")
        assert await counted(packed, BODIES) == 1


async def test_transitions_ask_for_a_key(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        address = await planned(client)
        bodies: dict[str, dict[str, Any]] = {
            "transitions": {"to": "in_progress"},
            "ratings": {"confidence": "at_risk", "rationale": "Staffing."},
            "due-dates": {"due": "July 2030", "because": "other"},
        }
        for what, body in bodies.items():
            answer = await client.post(f"{address}/{what}", json=body, headers={"If-Match": '"v1"'})

            assert (answer.status_code, answer.json()["type"]) == (400, "/problems/idempotency-key-missing")
        assert (await client.get(address)).json()["version"] == 1


async def test_a_key_is_printable_and_short(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        for key in (b"", b"x" * 256, b"caf\xe9", b"a\tb"):
            answer = await client.post("/v1/bodies", json=BODY, headers={b"Idempotency-Key": key})

            assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-request"), key
        assert await counted(packed, BODIES) == 0
        longest = await client.post("/v1/bodies", json=BODY, headers={"Idempotency-Key": "x" * 255})
        assert longest.status_code == 201


async def test_sixty_four_at_once_make_one_record_and_get_one_answer(packed: Installation) -> None:
    """Bar D6 of the reliability notes, at its size."""
    async with packed.client(await packed.key("kestrel")) as client:
        answers = await asyncio.gather(
            *(client.post("/v1/bodies", json=BODY, headers=KEY, timeout=60) for _ in range(64))
        )

    assert len({answer.content for answer in answers}) == 1, {answer.status_code for answer in answers}
    assert {answer.status_code for answer in answers} == {201}
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 63
    assert await counted(packed, BODIES) == 1
    assert await counted(packed, EVENTS) == 1


async def test_a_key_belongs_to_one_actor_and_one_address(packed: Installation) -> None:
    async with (
        packed.client(await packed.key("kestrel")) as one,
        packed.client(await packed.key("kestrel")) as two,
        packed.client(await packed.key("larkfield")) as stranger,
    ):
        await one.post("/v1/bodies", json=BODY, headers=KEY)

        elsewhere = await one.post("/v1/pupil-groups", json=SAMPLES["pupil-groups"]({}, "zz"), headers=KEY)
        of_two = await two.post("/v1/bodies", json={**BODY, "code": "yy"}, headers=KEY)
        of_stranger = await stranger.post("/v1/bodies", json=BODY, headers=KEY)

        for answer in (elsewhere, of_two, of_stranger):
            assert answer.status_code == 201, answer.text
            assert "Idempotency-Replayed" not in answer.headers


async def test_whoever_may_no_longer_read_a_record_is_not_told_it_again(packed: Installation) -> None:
    key = await packed.key("kestrel", Role.SENIOR_LEADER)
    async with packed.client(await packed.key("kestrel")) as owner, packed.client(key) as leader:
        academy = (await owner.get("/v1/academies?limit=1")).json()["items"][0]["id"]
        body = {"academyId": academy, "kind": "lesson", "on": "2026-10-05", "strengths": "Questions went round."}
        headers = {"Idempotency-Key": "told-once"}
        first = await leader.post("/v1/observations", json=body, headers=headers)
        text = KeyText.read(key)
        assert text is not None
        await asked_of(packed, "update api_key set roles = '{bi_reader}' where code = $1 returning code", text.code)
        again = await leader.post("/v1/observations", json=body, headers=headers)

    assert first.status_code == 201, first.text
    assert (again.status_code, "Questions went round" in again.text) == (403, False)


async def test_a_refused_request_keeps_nothing_and_can_be_mended(packed: Installation) -> None:
    async with (
        packed.client(await packed.key("kestrel")) as client,
        packed.client(await packed.key("kestrel", Role.READER)) as reader,
    ):
        address = await planned(client)
        no_version = await client.post(f"{address}/transitions", json={"to": "in_progress"}, headers=KEY)
        illegal = await client.post(f"{address}/transitions", json={"to": "met"}, headers={**KEY, "If-Match": '"v1"'})
        invalid = await client.post("/v1/bodies", json={**BODY, "kind": "nonsense"}, headers=KEY)
        forbidden = await reader.post("/v1/bodies", json=BODY, headers=KEY)
        statuses = [answer.status_code for answer in (no_version, illegal, invalid, forbidden)]

        kept = await counted(packed, KEYS)
        mended = await client.post("/v1/bodies", json=BODY, headers=KEY)
        moved = await client.post(
            f"{address}/transitions", json={"to": "in_progress"}, headers={**KEY, "If-Match": '"v1"'}
        )

        assert statuses == [428, 409, 422, 403]
        assert kept == 0
        assert (mended.status_code, moved.status_code) == (201, 200), moved.text


async def test_a_key_older_than_thirty_days_is_new_again(packed: Installation) -> None:
    clock = [datetime.now(UTC)]
    database = Database(packed.dsn("milepost_app"), pool_size=2, clock=lambda: clock[0])
    app = create_app(database, Settings(**UNHURRIED), pepper=PEPPER)
    async with app.router.lifespan_context(app):
        later = Installation(packed.server, packed.name, database, app)
        async with later.client(await later.key("kestrel")) as client:
            await client.post("/v1/bodies", json=BODY, headers=KEY)
            other = {**BODY, "code": "yy"}

            clock[0] += timedelta(days=30)
            on_the_last_day = await client.post("/v1/bodies", json=other, headers=KEY)
            clock[0] += timedelta(seconds=1)
            after = await client.post("/v1/bodies", json=other, headers=KEY)
            again = await client.post("/v1/bodies", json=other, headers=KEY)

    assert on_the_last_day.status_code == 422
    assert (after.status_code, "Idempotency-Replayed" in after.headers) == (201, False)
    assert told(again) == told(after)
    assert again.headers["Idempotency-Replayed"] == "true"
