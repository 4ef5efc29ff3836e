"""What HTTP clients expect besides: preferences, traces, notice before an end, and the trust's own rules."""

from datetime import date

import pytest

from app.api.deprecations import Deprecation
from app.domain.roles import Role
from tests.conftest import Installation

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


async def test_a_caller_who_prefers_it_is_spared_the_record(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        academy = (await client.get("/v1/academies")).json()["items"][0]
        address, headers = f"/v1/academies/{academy['id']}", {"If-Match": '"v1"', "Prefer": "return=minimal"}
        change = {**headers, "Content-Type": "application/merge-patch+json"}

        answer = await client.patch(address, content=b'{"name": "Kestrel Academy"}', headers=change)
        kept = await client.get(address)

    assert (answer.status_code, answer.content) == (204, b"")
    assert (answer.headers["etag"], answer.headers["preference-applied"]) == ('"v2"', "return=minimal")
    assert kept.json()["name"] == "Kestrel Academy"


async def test_a_retry_may_prefer_what_the_first_try_did_not(packed: Installation) -> None:
    body = {"code": "north", "label": "North board", "kind": "trust_board"}
    async with packed.client(await packed.key("kestrel")) as client:
        first = await client.post("/v1/bodies", json=body, headers={"Idempotency-Key": "a"})
        again = await client.post("/v1/bodies", json=body, headers={"Idempotency-Key": "a", "Prefer": "return=minimal"})

    assert (first.status_code, again.status_code) == (201, 204)
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"


async def test_a_trace_goes_into_the_problem(shared: Installation) -> None:
    async with shared.client() as client:
        answer = await client.get("/v1/plans", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})

    assert answer.json()["traceId"] == TRACE
    assert answer.headers["x-request-id"] == TRACE


async def test_what_is_on_its_way_out_is_told_in_headers_and_in_a_list(empty: Installation) -> None:
    empty.app.state.deprecated["listPlans"] = Deprecation(
        "listPlans", date(2026, 11, 1), date(2027, 11, 1), "listEvents"
    )
    async with empty.client(await empty.key("kestrel")) as client:
        leaving, staying = await client.get("/v1/plans"), await client.get("/v1/academies")
        told = await client.get("/v1/deprecations")

    assert leaving.headers["deprecation"] == "@1793491200"
    assert leaving.headers["sunset"] == "Mon, 01 Nov 2027 00:00:00 GMT"
    assert leaving.headers["link"] == '</v1/deprecations>; rel="deprecation"'
    assert "deprecation" not in staying.headers
    notice = {"operation": "listPlans", "since": "2026-11-01", "endsOn": "2027-11-01", "instead": "listEvents"}
    assert told.json() == {"items": [notice]}


def test_nothing_ends_without_a_years_notice() -> None:
    with pytest.raises(ValueError, match="twelve months"):
        Deprecation("listPlans", date(2026, 11, 1), date(2027, 10, 31), "listEvents")


async def test_a_trust_sets_its_own_rules(packed: Installation) -> None:
    async with (
        packed.client(await packed.key("kestrel")) as client,
        packed.client(await packed.key("kestrel", Role.ACADEMY_HEAD)) as head,
    ):
        trust = (await client.get("/v1/trusts")).json()["items"][0]
        headers = {"If-Match": '"v1"', "Content-Type": "application/merge-patch+json"}

        refused = await head.patch(f"/v1/trusts/{trust['id']}", content=b'{"dueSoonDays": 30}', headers=headers)
        changed = await client.patch(f"/v1/trusts/{trust['id']}", content=b'{"dueSoonDays": 30}', headers=headers)
        beyond = await client.patch(f"/v1/trusts/{trust['id']}", content=b'{"dueSoonDays": 366}', headers=headers)

    assert refused.status_code == 403
    assert (changed.status_code, changed.json()["dueSoonDays"], changed.json()["version"]) == (200, 30, 2)
    assert beyond.status_code == 422
