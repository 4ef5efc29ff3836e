"""Every failure is a problem document that says what to do, and nothing about the program."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from app.domain.actor import Actor
from app.domain.roles import Role
from app.operations.refusals import KINDS
from tests.api.samples import SAMPLES, operations
from tests.conftest import Installation

BODY = SAMPLES["bodies"]({}, "zz")
JSON = {"Content-Type": "application/json"}
TEXT = "the text of an exception"
SHOUTS = ("Traceback", "asyncpg", "sqlalchemy", "pydantic", 'File "', TEXT)  # fmt: skip


def assert_problem(answer: httpx.Response, kind: str) -> dict[str, Any]:
    """The answer is a problem of this kind, whole and discreet."""
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["type"]) == (KINDS[kind].status, f"/problems/{kind}"), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert body["title"] == KINDS[kind].title
    assert body["status"] == answer.status_code
    assert len(body["detail"]) > 20
    assert body["traceId"] == answer.headers["X-Request-Id"]
    assert not [shout for shout in SHOUTS if shout.lower() in answer.text.lower()]
    return body


@pytest.fixture
async def client(shared: Installation) -> AsyncIterator[httpx.AsyncClient]:
    async with shared.client(shared.keys["kestrel"]) as made:
        yield made


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_problem_has_a_page(shared: Installation, kind: str) -> None:
    async with shared.client() as client:
        page = await client.get(f"/problems/{kind}")
        contents = await client.get("/problems")

    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert f"Status {KINDS[kind].status}." in page.text
    assert f'href="/problems/{kind}"' in contents.text


async def test_a_request_id_is_echoed_where_it_is_a_decent_one(client: httpx.AsyncClient) -> None:
    given = await client.get("/v1/nonsense", headers={"X-Request-Id": "abc-1.2_3"})
    odd = await client.get("/v1/nonsense", headers={"X-Request-Id": "<script>"})
    healthy = await client.get("/healthz", headers={"X-Request-Id": "abc-1.2_3"})

    assert assert_problem(given, "not-found")["traceId"] == "abc-1.2_3"
    assert len(assert_problem(odd, "not-found")["traceId"]) == 32
    assert healthy.headers["X-Request-Id"] == "abc-1.2_3"


@pytest.mark.parametrize(
    "address", ["/v1", "/v1/nonsense", "/v1/plans/", "/v1/plans/abc", "/problems/nonsense", "/x/y"]
)
async def test_an_address_that_is_none_is_not_found(client: httpx.AsyncClient, address: str) -> None:
    assert_problem(await client.get(address), "not-found")


async def test_a_method_an_address_does_not_take_is_told_all_that_it_does(shared: Installation) -> None:
    taken: dict[str, set[str]] = {}
    for method, path, _ in operations(shared.app):
        taken.setdefault(path.replace("{id}", "00000000-0000-4000-8000-000000000000"), set()).add(method)
    async with shared.client(shared.keys["kestrel"]) as client:
        for path, methods in taken.items():
            answer = await client.request("DELETE", path.replace("{name}", "invalid"))

            assert_problem(answer, "method-not-allowed")
            assert set(answer.headers["Allow"].split(", ")) == methods, path


async def test_who_shows_no_key_is_asked_for_one(shared: Installation) -> None:
    good = shared.keys["kestrel"]
    parts = good.split("_")
    broken = ["", "Bearer", "Bearer ", "Basic abc", f"Basic {good}", "Bearer nonsense", f"Bearer {good}x", f"Bearer {good[:-1]}",
              f"Bearer {'_'.join([*parts[:3], 'aaaaaaaaaaaa', parts[4]])}", "Bearer mp_test_!_a_b"]  # fmt: skip
    async with shared.client() as client:
        for given in broken:
            answer = await client.get("/v1/plans", headers={"Authorization": given} if given else {})

            assert_problem(answer, "unauthenticated")
            assert answer.headers.get_list("WWW-Authenticate") == ['Bearer realm="milepost"', 'Basic realm="milepost"']


async def test_a_revoked_or_expired_key_opens_nothing(packed: Installation) -> None:
    admin = await packed.key("kestrel")
    text = await packed.key("kestrel", Role.READER, expires_on=datetime.now(UTC).date())
    async with packed.client(admin) as owner, packed.client(text) as client:
        assert (await client.get("/v1/plans")).status_code == 200
        code = text.split("_")[3]
        key = (await owner.get(f"/v1/api-keys?code={code}")).json()["items"][0]

        revoked = await owner.post(f"/v1/api-keys/{key['id']}/revocation", json={}, headers={"If-Match": '"v1"'})

        assert revoked.status_code == 200, revoked.text
        assert_problem(await client.get("/v1/plans"), "unauthenticated")
    connection = await asyncpg.connect(packed.dsn("postgres"))
    await connection.execute("update app.api_key set expires_on = current_date - 2")
    await connection.close()
    async with packed.client(admin) as owner:
        assert_problem(await owner.get("/v1/plans"), "unauthenticated")


MALFORMED = {
    "nothing": b"",
    "half": b'{"code": "x"',
    "no JSON": b"code=x",
    "NaN": b'{"code": NaN}',
    "Infinity": b'{"code": -Infinity}',
    "too large a number": b'{"code": 1e400}',
    "a number no parser keeps": b'{"code": 0.1000000000000000055511151231257827}',
    "endless digits": b'{"code": ' + b"9" * 5000 + b"}",
    "lone surrogate": b'{"code": "\\ud800"}',
    "raw NUL": b'{"code": "\x00"}',
    "not UTF-8": b'{"code": "\xff"}',
    "UTF-16": '{"code": "x"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"code": "x"}',
    "a name twice": b'{"code": "x", "code": "y"}',
    "a name twice below": b'{"code": {"a": 1, "a": 2}}',
    "deep": b'{"code":' + b"[" * 40 + b"]" * 40 + b"}",
    "very deep": b"[" * 100_000 + b"]" * 100_000,
    "trailing": b'{"code": "x"} {}',
    "comment": b'{"code": "x" /* y */}',
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_what_parsers_read_differently_is_no_json(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.post("/v1/bodies", content=MALFORMED[name], headers=JSON)

    assert_problem(answer, "malformed-json")
    assert (await client.get("/v1/bodies?code=zz")).json()["items"] == []


INVALID: dict[str, tuple[str, bytes, str]] = {
    "text for a number": ("areas", b'{"no": "1"}', "/no"),
    "truth for a number": ("areas", b'{"no": true}', "/no"),
    "a fraction for a whole number": ("areas", b'{"no": 1.5}', "/no"),
    "too large a whole number": ("areas", b'{"no": 99999999999}', "/no"),
    "text for a figure": ("budget-lines", b'{"amount": "1.5"}', "/amount"),
    "truth for a figure": ("budget-lines", b'{"amount": true}', "/amount"),
    "too many decimals": ("budget-lines", b'{"amount": 0.0000001}', "/amount"),
    "too many digits": ("budget-lines", b'{"amount": 123456789012345678901}', "/amount"),
    "a number for text": ("bodies", b'{"label": 1}', "/label"),
    "a number for truth": ("plans", b'{"partial": 1}', "/partial"),
    "NUL": ("bodies", b'{"label": "a\\u0000b"}', "/label"),
    "a control character": ("bodies", b'{"label": "a\\u001bb"}', "/label"),
    "empty text": ("bodies", b'{"label": ""}', "/label"),
    "long text": ("bodies", b'{"label": "' + b"x" * 2001 + b'"}', "/label"),
    "a long text in a key": ("statutory-targets", b'{"measure": "' + b"x" * 201 + b'"}', "/measure"),
    "an odd code": ("bodies", b'{"code": "a\\u202eb"}', "/code"),
    "a code that ends its line": ("bodies", b'{"code": "a\\n"}', "/code"),
    "an unknown word": ("bodies", b'{"kind": "x"}', "/kind"),
    "an unknown member": ("bodies", b'{"colour": "red"}', "/colour"),
    "a derived member": ("bodies", b'{"withdrawnAt": null}', "/withdrawnAt"),
    "another trust": ("bodies", b'{"trustId": "00000000-0000-4000-8000-000000000000"}', "/trustId"),
    "a column's name": ("areas", b'{"plan_id": null}', "/plan_id"),
    "no id": ("bodies", b'{"id": "1"}', "/id"),
    "a day before our time": ("plans", b'{"startsOn": "0001-01-01"}', "/startsOn"),
    "an instant for a day": ("plans", b'{"startsOn": "2026-09-01T00:00:00Z"}', "/startsOn"),
    "a number for a day": ("plans", b'{"startsOn": 0}', "/startsOn"),
    "a list": ("bodies", b"[]", ""),
    "null": ("bodies", b"null", ""),
    "too long a list": ("pupil-groups", b'{"aliases": [' + b",".join([b'"x"'] * 201) + b"]}", "/aliases"),
    "no list": ("pupil-groups", b'{"aliases": "x"}', "/aliases"),
    "a fault within a list": ("pupil-groups", b'{"aliases": ["a", 1]}', "/aliases/1"),
}


@pytest.mark.parametrize("name", INVALID)
async def test_what_does_not_fit_is_refused_where_it_stands(client: httpx.AsyncClient, name: str) -> None:
    plural, content, pointer = INVALID[name]

    answer = await client.post(f"/v1/{plural}", content=content, headers=JSON)

    problem = assert_problem(answer, "invalid")
    assert pointer in [error["pointer"] for error in problem["errors"]]


async def test_what_was_sent_is_not_echoed(client: httpx.AsyncClient) -> None:
    sent = "Ms Private Person"

    answers = [
        await client.post("/v1/bodies", json={**BODY, "kind": sent}),
        await client.post("/v1/bodies", json={**BODY, "label": [sent]}),
        await client.get("/v1/bodies", params={"kind": sent, "limit": sent}),
    ]

    for answer in answers:
        assert_problem(answer, "invalid")
        assert sent not in answer.text


@pytest.mark.parametrize(
    "media", [None, "text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json"]
)
async def test_a_body_of_another_media_type_is_not_read(client: httpx.AsyncClient, media: str | None) -> None:
    headers = {} if media is None else {"Content-Type": media}

    answer = await client.post("/v1/bodies", content=b"{}", headers=headers)

    assert_problem(answer, "unsupported-media-type")


async def test_a_patch_is_a_merge_patch(client: httpx.AsyncClient) -> None:
    plan = (await client.get("/v1/plans")).json()["items"][0]

    answer = await client.patch(f"/v1/plans/{plan['id']}", json={}, headers={"If-Match": '"v1"'})

    assert_problem(answer, "unsupported-media-type")
    assert answer.headers["Accept-Patch"] == "application/merge-patch+json"


async def test_a_compressed_body_is_not_unpacked(client: httpx.AsyncClient) -> None:
    for coding in ("gzip", "br", "identity, gzip"):
        answer = await client.post("/v1/bodies", content=b"x", headers={**JSON, "Content-Encoding": coding})

        assert_problem(answer, "unsupported-media-type")


async def test_a_body_past_the_limit_is_not_read_whole(shared: Installation, client: httpx.AsyncClient) -> None:
    limit = shared.app.state.settings.max_body_bytes
    told = 0

    async def parts() -> AsyncIterator[bytes]:
        nonlocal told
        for _ in range(1000):
            told += 65_536
            yield b" " * 65_536

    by_length = await client.post("/v1/bodies", content=b" " * (limit + 1), headers=JSON)
    by_parts = await client.post("/v1/bodies", content=parts(), headers=JSON)
    largest = await client.post("/v1/bodies", content=b" " * limit, headers=JSON)

    for answer in (by_length, by_parts):
        assert_problem(answer, "payload-too-large")
        assert answer.headers["Connection"] == "close"
    assert told <= limit + 2 * 65_536
    assert_problem(largest, "malformed-json")


@pytest.mark.parametrize("length", [b"-1", b"1.5", b"abc", b"\xb2", b"9" * 5000, b""])
async def test_a_length_that_is_none_is_refused(client: httpx.AsyncClient, length: bytes) -> None:
    headers = [(b"Content-Type", b"application/json"), (b"Content-Length", length)]
    answer = await client.post("/v1/bodies", content=b"{}", headers=headers)

    assert_problem(answer, "payload-too-large")


async def test_headers_past_the_limit_are_refused(client: httpx.AsyncClient) -> None:
    many = await client.get("/v1/plans", headers={f"X-{number}": "x" for number in range(70)})
    large = await client.get("/v1/plans", headers={"X-Large": "x" * 17_000})

    assert_problem(many, "headers-too-large")
    assert_problem(large, "headers-too-large")


QUERIES = {
    "an unknown parameter": ("/v1/plans?colour=red", "#query/colour"),
    "one unknown to a record": ("/v1/trusts/{trust}?colour=red", "#query/colour"),
    "one unknown to a page": ("/v1/plans/{trust}/page?colour=red", "#query/colour"),
    "one unknown to events": ("/v1/events?colour=red", "#query/colour"),
    "one unknown to a history": ("/v1/trusts/{trust}/history?colour=red", "#query/colour"),
    "no limit": ("/v1/plans?limit=0", "#query/limit"),
    "too large a limit": ("/v1/plans?limit=501", "#query/limit"),
    "a limit in words": ("/v1/plans?limit=ten", "#query/limit"),
    "an unknown order": ("/v1/plans?sort=colour", "#query/sort"),
    "an odd truth": ("/v1/plans?includeWithdrawn=yes", "#query/includeWithdrawn"),
    "no id": ("/v1/areas?planId=1", "#query/planId"),
    "NUL": ("/v1/plans?code=%00", "#query/code"),
    "no zone": ("/v1/plans?asOf=2026-01-01T00:00:00", "#query/asOf"),
    "before our time": ("/v1/plans?asOf=0001-01-01T00:00:00%2B14:00", "#query/asOf"),
    "after our time": ("/v1/plans?asOf=9999-12-31T23:59:59-14:00", "#query/asOf"),
    "of a record": ("/v1/trusts/{trust}?asOf=0001-01-01T00:00:00%2B14:00", "#query/asOf"),
    "an endless position": ("/v1/events?after=99999999999999999999", "#query/after"),
    "a position below": ("/v1/events?after=-1", "#query/after"),
    "a word twice": ("/v1/plans?limit=5&limit=x", "#query/limit"),
}


@pytest.mark.parametrize("name", QUERIES)
async def test_a_parameter_that_is_none_is_refused_by_name(client: httpx.AsyncClient, name: str) -> None:
    address, pointer = QUERIES[name]
    trust = (await client.get("/v1/trusts")).json()["items"][0]["id"]

    answer = await client.get(address.format(trust=trust))

    problem = assert_problem(answer, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


async def test_the_future_is_not_known(client: httpx.AsyncClient) -> None:
    plan = (await client.get("/v1/plans")).json()["items"][0]
    later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    for address in ("/v1/plans", f"/v1/plans/{plan['id']}", f"/v1/plans/{plan['id']}/page"):
        problem = assert_problem(await client.get(address, params={"asOf": later}), "invalid")

        assert problem["detail"].startswith("That instant lies in the future.")


async def test_a_cursor_is_good_for_its_own_list_only(client: httpx.AsyncClient) -> None:
    page = (await client.get("/v1/actions?limit=2")).json()
    cursor = page["nextCursor"]
    flipped = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    broken = {
        "nonsense": "/v1/actions?cursor=nonsense",
        "not even letters": "/v1/actions?cursor=%F0%9F%98%80",
        "an odd length": f"/v1/actions?cursor={cursor}A",
        "altered": f"/v1/actions?cursor={flipped}",
        "cut": f"/v1/actions?cursor={cursor[:-4]}",
        "of another noun": f"/v1/milestones?cursor={cursor}",
        "of another order": f"/v1/actions?sort=-code&cursor={cursor}",
        "of another filter": f"/v1/actions?status=complete&cursor={cursor}",
    }
    for name, address in broken.items():
        problem = assert_problem(await client.get(address), "invalid")

        assert problem["detail"].startswith("This cursor is not one of this list's."), name
    assert (await client.get(f"/v1/actions?limit=5&cursor={cursor}")).status_code == 200, (
        "another page size is no other list"
    )


async def test_a_fault_of_ours_keeps_its_text_to_itself(
    shared: Installation, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    @asynccontextmanager
    async def broken(actor: Actor) -> AsyncIterator[None]:
        raise RuntimeError(TEXT)
        yield

    monkeypatch.setattr(shared.database, "reader", broken)

    answer = await client.get("/v1/plans", headers={"X-Request-Id": "find-me"})

    assert_problem(answer, "internal")
    assert TEXT in caplog.text
    assert "find-me" in caplog.text


async def test_a_database_that_is_away_asks_for_another_try(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        assert (await client.get("/v1/plans")).status_code == 200
        connection = await asyncpg.connect(packed.server.dsn(user="postgres", database="postgres"))
        try:
            killed = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1"
            await connection.execute(f'alter database "{packed.name}" connection limit 0')
            await connection.fetch(killed, packed.name)

            reading = [await client.get(address) for address in ("/v1/plans", "/v1/events", "/readyz")]
            writing = await client.post("/v1/bodies", json=BODY)
            alive = await client.get("/healthz")
        finally:
            await connection.execute(f'alter database "{packed.name}" connection limit -1')
            await connection.close()

        for answer in (*reading, writing):
            assert_problem(answer, "unavailable")
            assert int(answer.headers["Retry-After"]) > 0
        assert alive.status_code == 200
        back = [await client.post("/v1/bodies", json=BODY) for _ in range(6)]
        assert [answer.status_code for answer in back] == [201, *[409] * 5], "once it is back, requests are answered"


async def test_a_closed_pool_asks_for_another_try(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        pool = packed.database._pool
        assert pool is not None
        await pool.close()

        answer = await client.get("/v1/plans")

        assert_problem(answer, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0


async def test_a_service_that_is_shutting_down_says_so(packed: Installation) -> None:
    packed.app.state.draining = True
    async with packed.client() as client:
        answer = await client.get("/readyz")

        assert_problem(answer, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0
