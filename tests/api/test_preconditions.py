"""ETags, and the changes that need them back."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from app.domain.permissions import told_to_few
from app.domain.roles import Role
from app.queries.nouns import NOUNS
from tests.api.samples import SAMPLES, create, create_each
from tests.conftest import Installation, _installed

MERGE = {"Content-Type": "application/merge-patch+json"}
STALE = ['"v7"', '"v0"', '"v999999999"']
MALFORMED = ["v1", '"1"', "*", 'W/"v1"', '"v1", "v2"', '""', '"v1.2026"', '"p4.abc.20261122"']


async def head(installation: Installation) -> int:
    connection = await asyncpg.connect(installation.dsn("postgres"))
    try:
        position: int = await connection.fetchval("select sum(position) from app.event_head")
    finally:
        await connection.close()
    return position


async def first(client: httpx.AsyncClient, plural: str) -> dict[str, Any]:
    found = (await client.get(f"/v1/{plural}?limit=1")).json()["items"]
    if not found:
        pytest.skip(f"neither plan has {plural}")
    record: dict[str, Any] = found[0]
    return record


async def planned(client: httpx.AsyncClient) -> tuple[str, dict[str, Any]]:
    """The address of a milestone that is planned, and the milestone."""
    milestone = (await client.get("/v1/milestones?status=planned&limit=1")).json()["items"][0]
    return f"/v1/milestones/{milestone['id']}", milestone


@pytest.mark.parametrize("plural", NOUNS)
async def test_every_single_record_has_an_etag_of_its_version(packed_trusts: dict[str, Any], plural: str) -> None:
    client, made = packed_trusts["client"], packed_trusts["made"]
    record_id = made.get(plural) or (await first(client, plural))["id"]

    answer = await client.get(f"/v1/{plural}/{record_id}")

    version = f"v{answer.json()['version']}"
    tag = answer.headers["ETag"].strip('"')
    assert tag.partition(".")[0] == version
    depends = NOUNS[plural].clocked or bool(told_to_few(NOUNS[plural].entity))
    assert ("." in tag) == depends, "what depends on the day, or on who asks, has that in its tag"
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("address", ["/v1/plans/{id}", "/v1/plans", "/v1/plans/{id}/page", "/v1/plans/{id}/summary"])
async def test_what_has_not_changed_is_not_sent_again(shared: Installation, address: str) -> None:
    async with shared.client(shared.keys["kestrel"]) as client:
        plan = await first(client, "plans")
        there = address.format(id=plan["id"])
        before = await client.get(there)

        again = await client.get(there, headers={"If-None-Match": before.headers["ETag"]})
        weak = await client.get(there, headers={"If-None-Match": f'"x", W/{before.headers["ETag"]}'})
        any_at_all = await client.get(there, headers={"If-None-Match": "*"})
        other = await client.get(there, headers={"If-None-Match": '"x"'})

        for answer in (again, weak, any_at_all):
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["ETag"] == before.headers["ETag"]
        assert (other.status_code, other.content) == (200, before.content)


async def test_a_tag_of_what_is_not_there_is_no_way_to_learn_of_it(shared: Installation) -> None:
    async with shared.client(shared.keys["larkfield"]) as stranger, shared.client(shared.keys["kestrel"]) as client:
        plan = await first(client, "plans")
        for tail in ("", "/page", "/summary"):
            tag = (await client.get(f"/v1/plans/{plan['id']}{tail}")).headers["ETag"]

            answer = await stranger.get(f"/v1/plans/{plan['id']}{tail}", headers={"If-None-Match": f"{tag}, *"})
            starred = await stranger.get(f"/v1/plans/{plan['id']}{tail}", headers={"If-None-Match": "*"})

            assert (answer.status_code, starred.status_code) == (404, 404)


async def test_a_changed_child_changes_the_pages_tag_and_not_the_records(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        plan = await first(client, "plans")
        record, page = f"/v1/plans/{plan['id']}", f"/v1/plans/{plan['id']}/page"
        tags = [(await client.get(address)).headers["ETag"] for address in (record, page)]
        area = await first(client, "areas")

        changed = await client.patch(
            f"/v1/areas/{area['id']}", json={"label": "New"}, headers={**MERGE, "If-Match": '"v1"'}
        )

        assert changed.status_code == 200, changed.text
        assert (await client.get(record, headers={"If-None-Match": tags[0]})).status_code == 304
        renewed = await client.get(page, headers={"If-None-Match": tags[1]})
        assert renewed.status_code == 200
        assert renewed.headers["ETag"] != tags[1]
        assert '"label":"New"' in renewed.text


async def test_the_tag_of_a_change_is_the_tag_of_the_next_reading(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        area = await first(client, "areas")
        address = f"/v1/areas/{area['id']}"

        changed = await client.patch(address, json={"label": "New"}, headers={**MERGE, "If-Match": '"v1"'})

        assert changed.headers["ETag"] == (await client.get(address)).headers["ETag"] == '"v2"'


def changes(milestone: dict[str, Any], others: dict[str, str]) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """One request of each kind that changes a record, by the name of its route."""
    at = f"/v1/milestones/{milestone['id']}"
    return {
        "changeMilestone": ("PATCH", at, {"label": "New"}),
        "moveMilestone": ("POST", f"{at}/transitions", {"to": "in_progress"}),
        "rateMilestone": ("POST", f"{at}/ratings", {"confidence": "at_risk", "rationale": "Staffing."}),
        "moveMilestoneDueDate": ("POST", f"{at}/due-dates", {"due": "July 2030", "because": "other"}),
        "withdrawObjectiveTarget": (
            "POST", f"/v1/objective-targets/{others['objective-targets']}/withdrawal", {"reason": "No more."},
        ),
        "reviseTarget": ("POST", f"/v1/targets/{others['targets']}/revisions", {"caveat": "x", "reason": "y"}),
        "resolveDataQualityFlag": (
            "POST", f"/v1/data-quality-flags/{others['data-quality-flags']}/resolution", {"resolution": "Asked."},
        ),
        "revokeApiKey": ("POST", f"/v1/api-keys/{others['api-keys']}/revocation", {}),
    }  # fmt: skip


async def ask(client: httpx.AsyncClient, request: tuple[str, str, dict[str, Any]], tag: str | None) -> httpx.Response:
    method, address, body = request
    headers = {"Idempotency-Key": str(uuid4())} | ({} if tag is None else {"If-Match": tag})
    return await client.request(method, address, json=body, headers=headers | (MERGE if method == "PATCH" else {}))


async def test_every_change_asks_for_the_version_it_is_about(packed: Installation) -> None:
    key = await packed.key("kestrel")
    async with packed.client(key) as client:
        _, milestone = await planned(client)
        nouns = ("objective-targets", "targets", "data-quality-flags", "api-keys")
        others = {plural: (await first(client, plural))["id"] for plural in nouns}
        before = await head(packed)
        for name, request in changes(milestone, others).items():
            missing = await ask(client, request, None)
            stale = [await ask(client, request, tag) for tag in STALE]
            malformed = [await ask(client, request, tag) for tag in MALFORMED]

            assert (missing.status_code, missing.json()["type"]) == (428, "/problems/precondition-required"), name
            for answer in stale:
                assert answer.status_code == 412, (name, answer.text)
                assert answer.json()["type"] == "/problems/stale-version"
                assert answer.json()["current"] == 1
            for answer in malformed:
                assert (answer.status_code, answer.json()["type"]) == (412, "/problems/stale-version"), name
        assert await head(packed) == before, "a refused change leaves no event"
        for name, request in changes(milestone, others).items():
            version = (await client.get("/".join(request[1].split("/")[:4]))).json()["version"]
            done = await ask(client, request, f'"v{version}"')
            assert done.status_code == 200, (name, done.text)


async def test_who_may_not_know_is_not_told_that_it_is_stale(packed: Installation) -> None:
    async with (
        packed.client(await packed.key("kestrel")) as client,
        packed.client(await packed.key("larkfield")) as stranger,
        packed.client(await packed.key("kestrel", Role.READER)) as reader,
    ):
        _, milestone = await planned(client)
        nouns = ("objective-targets", "targets", "data-quality-flags", "api-keys")
        others = {plural: (await first(client, plural))["id"] for plural in nouns}
        before = await head(packed)
        for name, request in changes(milestone, others).items():
            for tag in ('"v1"', '"v7"'):
                foreign, forbidden = await ask(stranger, request, tag), await ask(reader, request, tag)

                assert (foreign.status_code, foreign.json()["type"]) == (404, "/problems/not-found"), name
                assert (forbidden.status_code, forbidden.json()["type"]) == (403, "/problems/forbidden"), name
        assert await head(packed) == before


async def test_of_two_who_read_the_same_version_one_is_told_that_it_changed(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        area = await create(client, "bodies", SAMPLES["bodies"]({}, "zz"))
        address = f"/v1/bodies/{area['id']}"

        one = await client.patch(address, json={"label": "One"}, headers={**MERGE, "If-Match": '"v1"'})
        two = await client.patch(address, json={"label": "Two"}, headers={**MERGE, "If-Match": '"v1"'})

        assert one.status_code == 200, one.text
        assert (two.status_code, two.json()["current"]) == (412, 2)
        assert (await client.get(address)).json() == one.json()


@pytest.fixture(name="packed_trusts", scope="session")
async def _packed_trusts(server: Any, packed_template: str) -> Any:
    """An installation that has a record of every noun, for the tests here that only read."""
    async for installation in _installed(server, packed_template):
        key = await installation.key("kestrel")
        async with installation.client(key) as client:
            yield {"client": client, "made": await create_each(client, "zz")}
            assert UUID((await first(client, "api-keys"))["id"])
