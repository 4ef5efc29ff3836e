"""The golden-thread matrix over HTTP: every finding has its row, empty cells are named, and support fills one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from app.api.bodies import MERGE_PATCH
from app.domain.golden_thread import Cell
from app.domain.roles import Role
from tests.conftest import Installation


async def matrix(client: httpx.AsyncClient) -> dict[str, Any]:
    (plan,) = (await client.get("/v1/plans")).json()["items"]
    answer = await client.get(f"/v1/plans/{plan['id']}/golden-thread")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def every(client: httpx.AsyncClient, plural: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get(f"/v1/{plural}?limit=500")).json()["items"]
    return items


async def test_every_finding_has_a_row_and_every_area_without_one_has_its_own(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        told = await matrix(client)
        findings, areas = await every(client, "findings"), await every(client, "areas")
        bare = {area["id"] for area in areas} - {finding["areaId"] for finding in findings}

        assert [row["id"] for row in told["threads"] if row["kind"] == "finding"] == [
            row["id"] for row in told["threads"][: len(findings)]
        ]
        assert {row["id"] for row in told["threads"]} == {finding["id"] for finding in findings} | bare
        assert len(told["threads"]) == len(findings) + len(bare)


async def test_what_hangs_on_a_finding_is_what_its_objectives_hold(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        told = await matrix(client)
        objectives, links = await every(client, "objectives"), await every(client, "objective-targets")
        actions, milestones = await every(client, "actions"), await every(client, "milestones")

        for row in [row for row in told["threads"] if row["kind"] == "finding"]:
            ours = {one["id"] for one in objectives if one["findingId"] == row["id"]}
            assert {one["id"] for one in row["objectives"]} == ours
            assert row["targets"] == len({link["targetId"] for link in links if link["objectiveId"] in ours})
            assert row["actions"] == sum(one["objectiveId"] in ours for one in actions)
            assert row["milestones"] == sum(one["objectiveId"] in ours for one in milestones)


async def test_an_empty_cell_is_named_until_support_and_evidence_fill_it(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        before = await matrix(client)
        row = next(row for row in before["threads"] if row["milestones"] and row["objectives"])
        objective = row["objectives"][0]
        (academy,) = await every(client, "academies")
        allocation = {
            "academyId": academy["id"], "planId": before["planId"], "objectiveId": objective["id"], "team": "teaching",
            "unit": "days", "quantity": 4, "startsOn": "2017-09-01", "endsOn": "2018-03-31",
        }  # fmt: skip
        made = await client.post("/v1/support-allocations", json=allocation)
        assert made.status_code == 201, made.text
        milestone = next(one for one in await every(client, "milestones") if one["objectiveId"] == objective["id"])
        noted = await client.post("/v1/evidence", json={"milestoneId": milestone["id"], "note": "Seen in lessons."})
        assert noted.status_code == 201, noted.text

        after = await matrix(client)

        filled = next(one for one in after["threads"] if one["id"] == row["id"])
        assert {Cell.SUPPORT, Cell.EVIDENCE} <= set(row["empty"])
        assert set(filled["empty"]) == set(row["empty"]) - {Cell.SUPPORT, Cell.EVIDENCE}
        assert filled["support"] == [
            {"allocationId": made.json()["id"], "team": "teaching", "unit": "days", "quantity": 4, "delivered": 0}
        ]
        assert filled["lastEvidenceOn"] == after["on"]
        assert after["empty"]["support"] == before["empty"]["support"] - 1


async def test_evidence_is_of_the_day_it_was_added_however_often_it_is_put_otherwise(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        objective = next(row for row in (await matrix(client))["threads"] if row["milestones"] and row["objectives"])
        ours = {one["id"] for one in objective["objectives"]}
        milestone = next(one for one in await every(client, "milestones") if one["objectiveId"] in ours)
        noted = await client.post("/v1/evidence", json={"milestoneId": milestone["id"], "note": "Seen in lessons."})
        before = await matrix(client)
        later = datetime.now(UTC) + timedelta(days=3)
        packed.database.clock = lambda: later
        address, said = f"/v1/evidence/{noted.json()['id']}", {"note": "Seen in two lessons."}
        put = await client.patch(address, json=said, headers={"If-Match": '"v1"', "Content-Type": MERGE_PATCH})
        after = await matrix(client)

    told = [[row["lastEvidenceOn"] for row in one["threads"]] for one in (before, after)]
    assert put.status_code == 200, put.text
    assert told[0] == told[1]
    assert before["on"] in told[0]


async def test_the_matrix_as_it_was_knows_nothing_of_what_came_later(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        before = await matrix(client)
        instant = (await client.get("/v1/events?after=0&limit=1")).json()["items"][0]["recordedAt"]
        last = (await client.get("/v1/milestones?limit=1")).json()["items"][0]
        await client.post("/v1/evidence", json={"milestoneId": last["id"], "note": "Seen in lessons."})
        now = (await matrix(client))["threads"]

        past = await client.get(f"/v1/plans/{before['planId']}/golden-thread", params={"asOf": instant})

        assert past.status_code == 200, past.text
        assert all(row["lastEvidenceOn"] is None for row in past.json()["threads"])
        assert any(row["lastEvidenceOn"] for row in now)


async def test_the_last_observation_is_told_to_whoever_may_see_observations_and_none_is_told_before_its_day(
    packed: Installation,
) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        (academy,) = await every(client, "academies")
        for day in ("2017-10-19", "2099-01-01"):
            seen = {"academyId": academy["id"], "kind": "learning_walk", "on": day}
            assert (await client.post("/v1/observations", json=seen)).status_code == 201
        told = await matrix(client)
    async with packed.client(await packed.key("kestrel", Role.READER)) as reader:
        hidden = await matrix(reader)

    assert (told["lastObservationOn"], hidden["lastObservationOn"]) == ("2017-10-19", None)
