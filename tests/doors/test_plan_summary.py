"""The plan's summary: one answer, its counts adding up, told only to those who see the plan."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.domain.roles import Permission
from app.queries.published import record_model
from app.queries.summaries import PLAN_SUMMARIES
from tests.conftest import Installation

TRUSTS = ("kestrel", "larkfield")


async def address(client: httpx.AsyncClient) -> str:
    (plan,) = (await client.get("/v1/plans")).json()["items"]
    return f"/v1/plans/{plan['id']}/summary"


async def summary(client: httpx.AsyncClient) -> Any:
    answer = await client.get(await address(client))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def patch(client: httpx.AsyncClient, plural: str, code: str, **change: Any) -> None:
    (record,) = (await client.get(f"/v1/{plural}", params={"code": code})).json()["items"]
    headers = {"If-Match": f'"v{record["version"]}"', "Content-Type": "application/merge-patch+json"}
    answer = await client.patch(f"/v1/{plural}/{record['id']}", json=change, headers=headers)
    assert answer.status_code == 200, answer.text


def leaves(counts: Any) -> int:
    return sum(map(leaves, counts.values())) if isinstance(counts, dict) else counts


@pytest.mark.parametrize("trust", TRUSTS)
async def test_the_summary_has_its_published_shape(shared: Installation, trust: str) -> None:
    async with shared.client(shared.keys[trust]) as client:
        body = await summary(client)

    model = record_model(PLAN_SUMMARIES).model_validate(body)

    assert set(body) == set(type(model).model_fields)


@pytest.mark.parametrize("trust", TRUSTS)
@pytest.mark.parametrize(
    ("group", "total", "breakdowns"),
    [
        ("areas", "total", ["byKind"]),
        ("objectives", "total", ["byArea"]),
        ("actions", "total", ["byStatus", "byArea", "byDueKind", "byMonth"]),
        ("steps", "total", ["byDueKind", "byMonth"]),
        (
            "milestones",
            "total",
            ["byStatus", "byAreaAndWindow", "byConfidence", "byTimeliness", "byMeasured", "byKind", "byMonth"],
        ),
        ("targets", "total", ["byAreaPhaseAndKind"]),
        ("targets", "unserved", ["unservedByAreaAndPhase"]),
        ("flags", "unresolved", ["byCode", "byReference"]),
    ],
)
async def test_a_breakdown_adds_up(
    shared: Installation, trust: str, group: str, total: str, breakdowns: list[str]
) -> None:
    async with shared.client(shared.keys[trust]) as client:
        counts = (await summary(client))[group]

    assert {name: leaves(counts[name]) for name in breakdowns} == dict.fromkeys(breakdowns, counts[total])


async def test_only_targets_of_the_phases_without_detail_are_served_by_no_objective(shared: Installation) -> None:
    async with shared.client(shared.keys["kestrel"]) as client:
        targets = (await summary(client))["targets"]

    sizes = {"OUT": 10, "TLA": 7, "PDBSW": 7, "LM": 7}
    assert targets["unserved"] == 62
    assert targets["unservedByAreaAndPhase"] == {area: {"1": size, "3": size} for area, size in sizes.items()}


async def test_the_summary_follows_every_change(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        before = await summary(client)
        await patch(client, "actions", "L1-A1", status="complete")
        after = await summary(client)

    assert before["actions"]["byStatus"] == {"not_started": 123}
    assert after["actions"]["byStatus"] == {"complete": 1, "not_started": 122}
    assert after["actions"]["overdue"] == before["actions"]["overdue"] - 1
    assert {**after, "actions": before["actions"]} == before


async def test_a_summary_somebody_holds_stays_current_until_something_changes(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        where = await address(client)
        held = (await client.get(where)).headers["etag"]
        again = await client.get(where, headers={"If-None-Match": held})
        await patch(client, "actions", "L1-A1", status="in_progress")
        afterwards = await client.get(where, headers={"If-None-Match": held})

    assert (again.status_code, again.content) == (304, b"")
    assert afterwards.status_code == 200
    assert afterwards.headers["etag"] != held


async def test_the_summary_as_it_was_is_what_it_said_then(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        where = await address(client)
        then, before = datetime.now(UTC).isoformat(), (await client.get(where)).content
        await patch(client, "actions", "L1-A1", status="complete")
        as_it_was = await client.get(where, params={"asOf": then})
        too_early = await client.get(where, params={"asOf": "2016-01-01T00:00:00Z"})

    assert as_it_was.content == before
    assert "etag" not in as_it_was.headers
    assert too_early.status_code == 404


async def test_a_plan_out_of_sight_has_no_summary(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        where = await address(client)
        new = {"code": "OTHER", "name": "Another academy", "type": "converter", "phaseOfEducation": "primary"}
        other = (await client.post("/v1/academies", json=new)).json()
        its_own = (await client.get("/v1/academies", params={"code": "KHS"})).json()["items"][0]
    keys = {
        "its academy": await packed.key("kestrel", academy_ids=[UUID(its_own["id"])]),
        "another academy": await packed.key("kestrel", academy_ids=[UUID(other["id"])]),
        "another trust": await packed.key("larkfield"),
        "no right to read": await packed.key("kestrel", scopes=[Permission.READ_EVENTS]),
    }

    answers = {}
    for who, key in keys.items():
        async with packed.client(key) as client:
            answers[who] = (await client.get(where)).status_code

    assert answers == {"its academy": 200, "another academy": 404, "another trust": 404, "no right to read": 403}


async def test_an_unknown_plan_is_refused_in_a_sentence(shared: Installation) -> None:
    plan_id = uuid4()

    async with shared.client(shared.keys["kestrel"]) as client:
        answer = await client.get(f"/v1/plans/{plan_id}/summary")

    assert (answer.status_code, answer.json()["detail"]) == (404, f"There is no plan with the id {plan_id}.")


async def test_the_day_of_the_summary_is_todays(shared: Installation) -> None:
    async with shared.client(shared.keys["kestrel"]) as client:
        told = (await summary(client))["on"]

    assert abs(date.fromisoformat(told) - datetime.now(UTC).date()).days <= 1
