"""Categories decided, over HTTP: in force by day, the stay and its end, the next review; and drafts rehearsed."""

from typing import Any

import httpx

from app.queries.categories import AcademyCategory, TrustCategories
from app.queries.rehearsals import Rehearsal
from tests.api.samples import create
from tests.conftest import Installation
from tests.doors.asking import Door
from tests.doors.test_categorisation import academy_of, send
from tests.doors.test_plan_rollups import find, patch


async def stages_of(client: httpx.AsyncClient, framework: str) -> dict[str, str]:
    return {one["code"]: one["id"] for one in await Door(client).every("maturity-stages", frameworkId=framework)}


async def decide(client: httpx.AsyncClient, stage: str, on: str, **more: Any) -> dict[str, Any]:
    framework = (await Door(client).every("frameworks"))[0]["id"]
    body = {
        "academyId": await academy_of(client, code="fellside"), "frameworkId": framework,
        "stageId": (await stages_of(client, framework))[stage], "decidedOn": on, "effectiveFrom": on, "chairRole": "CEO",
        "reason": "As the visits showed.", **more,
    }  # fmt: skip
    return await create(client, "category-decisions", body)


async def category(client: httpx.AsyncClient, **asked: str) -> dict[str, Any]:
    academy = await academy_of(client, code="fellside")
    answer = await client.get(f"/v1/academies/{academy}/category", params=asked)
    AcademyCategory.model_validate_json(answer.content)
    found: dict[str, Any] = answer.json()
    return found


async def test_decisions_for_one_stage_are_one_stay_with_an_end_and_a_review(packed: Installation) -> None:
    async with packed.client(await packed.key("merlin")) as client:
        await decide(client, "1", "2023-01-09")
        first = await decide(client, "2", "2023-09-01", nextReviewOn="2024-07-01")
        again = await decide(client, "2", "2024-09-02", nextReviewOn="2025-07-01")
        early, late, over = [await category(client, on=day) for day in ("2024-08-31", "2025-03-01", "2025-07-02")]
        none = await category(client, on="2022-09-01")
        trust = await client.get("/v1/categories", params={"on": "2025-07-02"})

    assert (early["decision"]["id"], late["decision"]["id"]) == (first["id"], again["id"])
    assert (early["decision"]["effectiveTo"], late["decision"]["effectiveTo"]) == ("2024-09-01", None)
    assert {name: late["stay"][name] for name in ("since", "days", "expectedFrom", "expectedTo", "overstayed")} == {
        "since": "2023-09-01", "days": 547, "expectedFrom": "2024-09-01", "expectedTo": "2025-03-01", "overstayed": False,
    }  # fmt: skip
    assert (over["stay"]["overstayed"], over["nextReviewOn"], over["reviewOverdue"]) == (True, "2025-07-01", True)
    assert [one["stage"]["code"] for one in late["history"]] == ["2", "2", "1"]
    assert (none["decision"], none["stay"], none["reviewOverdue"]) == (None, None, False)
    assert late["suggestion"]["agrees"] is None
    TrustCategories.model_validate_json(trust.content)
    told = trust.json()
    assert (told["byStage"], told["undecided"], told["overstayed"], told["reviewsOverdue"]) == ({"2": 1}, 1, 1, 1)
    assert over in told["academies"]


async def test_a_stage_without_a_duration_is_never_overstayed_and_the_suggestion_may_agree(
    packed: Installation,
) -> None:
    async with packed.client(await packed.key("merlin")) as client:
        await patch(client, "metrics", "progress-8", rangeMin=-2, rangeMax=2)
        await send(client, "fellside", 0.1)
        academy, grade = await academy_of(client, code="fellside"), await find(client, "inspection-grades", "overall-2")
        await create(client, "inspection-outcomes", {
            "academyId": academy, "inspectionFrameworkId": grade["inspectionFrameworkId"], "inspectionGradeId": grade["id"],
            "inspectedOn": "2023-05-10",
        })  # fmt: skip
        await decide(client, "3", "2024-09-02", reason=None)
        stays, moved = await category(client, on="2026-09-01"), await category(client, on="2024-08-31")

    assert (stays["stay"]["overstayed"], stays["stay"]["whyNoEnd"]) == (None, "no_duration")
    assert (stays["suggestion"]["stage"]["code"], stays["suggestion"]["agrees"]) == ("3", True)
    assert (moved["suggestion"]["stage"]["code"], moved["suggestion"]["agrees"]) == ("3", None)


async def test_a_draft_is_replayed_over_past_terms_beside_the_edition_in_force(packed: Installation) -> None:
    async with packed.client(await packed.key("merlin")) as client:
        await patch(client, "metrics", "progress-8", rangeMin=-2, rangeMax=2)
        await send(client, "fellside", -0.3)
        await send(client, "beckmoor", 0.9)
        year = await create(
            client, "academic-years", {"code": "2024/25", "startsOn": "2024-09-01", "endsOn": "2025-08-31"}
        )
        for no, (name, starts, ends) in enumerate(
            [("autumn", "2024-09-03", "2024-12-20"), ("spring", "2025-01-06", "2025-04-04")], 1
        ):
            await create(client, "terms", {
                "academicYearId": year["id"], "no": no, "name": name, "startsOn": starts, "endsOn": ends,
            })  # fmt: skip
        framework = (await Door(client).every("frameworks"))[0]
        draft = (await client.post(f"/v1/frameworks/{framework['id']}/editions", json={})).json()
        measure = next(one for one in await Door(client).every("indicative-measures", frameworkId=draft["id"])
                       if one["code"] == "2-P8")  # fmt: skip
        headers = {"If-Match": f'"v{measure["version"]}"', "Content-Type": "application/merge-patch+json"}
        await client.patch(f"/v1/indicative-measures/{measure['id']}", json={"value": -0.4}, headers=headers)
        asked = {"from": "2024-09-01", "to": "2025-02-28"}
        answer = await client.get(f"/v1/frameworks/{draft['id']}/rehearsal", params=asked)
        same = await client.get(f"/v1/frameworks/{framework['id']}/rehearsal", params=asked)

    Rehearsal.model_validate_json(answer.content)
    (term,) = answer.json()["terms"]
    assert (term["term"], term["on"], term["compared"], term["stagesChanged"]) == ("autumn", "2024-12-20", 2, 0)
    (changed,) = term["academies"]
    assert (changed["academy"], changed["against"]["edition"], changed["agreementBefore"]) == ("fellside", 1, "partial")
    assert changed["metrics"] == [{
        "metric": "progress-8", "inspectionFramework": None, "value": -0.3, "before": ["2"], "after": ["3"],
        "intervalBefore": "above -0.5 to under 0", "intervalAfter": "-0.4 to under 0.25",
    }]  # fmt: skip
    assert [one["academies"] for one in same.json()["terms"]] == [[]]
    assert answer.json()["knowledge"] == "as_known_now"


async def test_a_rehearsed_band_says_whose_indicator_would_have_had_another_level(packed: Installation) -> None:
    async with packed.client(await packed.key("avocet")) as client:
        door = Door(client)
        year = {"code": "2023/24", "startsOn": "2023-09-01", "endsOn": "2024-08-31"}
        days = {"startsOn": "2023-09-04", "endsOn": "2023-12-20"}
        year_id = (await create(client, "academic-years", year))["id"]
        await create(client, "terms", {"academicYearId": year_id, "no": 1, "name": "autumn", **days})
        below, above = (one["code"] for one in (await door.every("academies"))[:2])
        rows = [
            {"metric": "attendance", "academy": academy, "grain": "term", **days, "value": value}
            for academy, value in ((below, 75), (above, 90))
        ]
        await create(client, "reading-batches", {"source": "mis", "readings": rows})
        framework = (await door.every("frameworks"))[0]
        draft = (await client.post(f"/v1/frameworks/{framework['id']}/editions", json={})).json()
        indicator = next(
            one for one in await door.every("indicators", frameworkId=draft["id"]) if one["code"] == "attendance"
        )
        bands = {one["levelCode"]: one for one in await door.every("bands", indicatorId=indicator["id"])}
        for level, change in (("assured", {"lo": 80}), ("not_yet_assured", {"hi": 80})):
            headers = {"If-Match": f'"v{bands[level]["version"]}"', "Content-Type": "application/merge-patch+json"}
            patched = await client.patch(f"/v1/bands/{bands[level]['id']}", json=change, headers=headers)
            assert patched.status_code == 200, patched.text
        asked = {"from": "2023-09-01", "to": "2024-02-28"}
        answer = await client.get(f"/v1/frameworks/{draft['id']}/rehearsal", params=asked)

    Rehearsal.model_validate_json(answer.content)
    (term,) = answer.json()["terms"]
    assert (term["levelsChanged"], [one["academy"] for one in term["academies"]]) == (1, [below])
    ((changed,),) = (one["indicators"] for one in term["academies"])
    assert (changed["indicator"], changed["metric"], changed["value"]) == ("attendance", "attendance", 75)
    assert (changed["before"]["level"], changed["after"]["level"]) == ("assured", "not_yet_assured")


async def test_a_rehearsal_names_the_days_in_order(shared: Installation) -> None:
    async with shared.client(shared.keys["merlin"]) as client:
        framework = (await Door(client).every("frameworks"))[0]["id"]
        answer = await client.get(
            f"/v1/frameworks/{framework}/rehearsal", params={"from": "2025-09-01", "to": "2024-09-01"}
        )

    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, ["/from"])
