"""Categories over HTTP: what S2 prints about each edge, S3 and S4 without a rule, what if, and the way out."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import httpx
import pytest

from app.domain.figures import figure_to_use
from app.domain.roles import Role
from app.queries.category_answers import AcademyCategorisation, TrustCategorisation
from app.queries.figures import read_figures
from app.queries.reading import Moment
from app.queries.stage_inputs import read_known
from app.queries.stage_rules import read_categories, read_editions, read_measured
from tests.api.samples import create
from tests.conftest import Installation
from tests.doors.asking import Door
from tests.doors.test_plan_rollups import patch

SCORES = {
    "-0.51": ["1", "2", "3"], "-0.5": ["1", "2", "3"], "-0.49": ["2", "3"], "-0.25": ["2", "3"], "-0.01": ["2", "3"],
    "0.00": ["3"], "0.01": ["3"], "0.24": ["3"], "0.25": [], "0.26": ["4"],
}  # fmt: skip
"""The stages of S2 whose printed test each Progress 8 score satisfies."""
YEAR = {"grain": "annual", "startsOn": "2023-09-01", "endsOn": "2024-08-31"}


async def academy_of(client: httpx.AsyncClient, **filters: Any) -> str:
    return str((await Door(client).every("academies", **filters))[0]["id"])


async def asked(client: httpx.AsyncClient, academy: str, **parameters: Any) -> dict[str, Any]:
    return told(await client.get(f"/v1/academies/{academy}/categorisation", params=parameters))


async def supposed(client: httpx.AsyncClient, academy: str, **body: Any) -> dict[str, Any]:
    return told(await client.post(f"/v1/academies/{academy}/categorisation/what-if", json=body))


def told(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    AcademyCategorisation.model_validate_json(answer.content)
    found: dict[str, Any] = answer.json()
    return found


def metric(answer: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in answer["metrics"] if one["metric"] == code)
    return found


async def test_every_score_of_s2_matches_the_stages_printed_and_points_to_the_first(shared: Installation) -> None:
    async with shared.client(shared.keys["merlin"]) as client:
        academy = await academy_of(client)
        for score, stages in SCORES.items():
            said = metric(await supposed(client, academy, readings={"progress-8": float(score)}), "progress-8")

            assert (said["matches"], said["points"], said["gap"]) == (stages, stages[:1], not stages), score
            met = [one["stage"] for one in said["criteria"] if one["verdict"] == "met"]
            assert met == stages
            assert said["supposed"]


@pytest.mark.parametrize(
    ("score", "grade", "agreement", "stage"),
    [
        (-0.5, 4, "agree", "1"), (-0.25, 3, "agree", "2"), (0.00, 2, "agree", "3"), (0.26, 1, "agree", "4"),
        (-0.25, 2, "conflict", None), (0.25, 2, "partial", None), (0.25, None, "none", None), (None, 3, "partial", None),
    ],
)  # fmt: skip
async def test_the_score_and_the_grade_of_s2_are_joined_only_where_they_agree(
    shared: Installation, score: float | None, grade: int | None, agreement: str, stage: str | None
) -> None:
    readings = {} if score is None else {"progress-8": score}
    grades = {} if grade is None else {"ofsted-overall": f"overall-{grade}"}
    async with shared.client(shared.keys["merlin"]) as client:
        answer = await supposed(client, await academy_of(client), readings=readings, grades=grades)

    assert (answer["agreement"], answer["stage"] and answer["stage"]["code"]) == (agreement, stage)
    assert answer["rule"] == "stage.each_measure_reported"
    assert (answer["framework"]["code"], answer["framework"]["edition"]) == ("secondary-strategy", 1)
    assert (answer["wayOut"]["why"] == "inputs_missing") is (score is None or grade is None)


async def test_what_is_missing_is_said_and_an_ended_inspection_framework_is_named(shared: Installation) -> None:
    async with shared.client(shared.keys["merlin"]) as client:
        answer = await asked(client, await academy_of(client))

    why = {one["metric"]: one["why"] for one in answer["metrics"]}
    assert why == {"progress-8": "no_reading", "ofsted-overall": "inspection_framework_ended"}
    assert answer["missing"] == ["progress-8", "ofsted-overall"]
    assert (answer["agreement"], answer["stage"], answer["wayOut"]["ways"]) == ("none", None, [])
    verdicts = {one["verdict"] for said in answer["metrics"] for one in said["criteria"]}
    assert verdicts == {"not_evaluable"}


async def test_s3_prints_no_rule_so_its_benchmarks_are_told_and_nothing_is_suggested(shared: Installation) -> None:
    async with shared.client(shared.keys["plover"]) as client:
        academy = await academy_of(client)
        answer = await asked(client, academy)
        code = next(one["code"] for one in answer["benchmarks"] if one["applies"] == "yes")
        judged = await supposed(client, academy, judgements={code: "partly"})

    assert (answer["agreement"], answer["stage"], answer["rule"]) == ("no_rule", None, "stage.no_rule_printed")
    assert (answer["wayOut"]["why"], answer["wayOut"]["ways"]) == ("no_rule", [])
    assert answer["benchmarks"]
    assert {one["rule"] for one in answer["benchmarks"]} <= {"benchmark.not_assessed", "benchmark.not_meant"}
    verdicts = {one["code"]: (one["verdict"], one["rule"]) for one in judged["benchmarks"]}
    assert verdicts[code] == ("ambiguous", "benchmark.judged")
    assert judged["agreement"] == "no_rule"


async def test_s4_prints_no_rule_so_its_nine_kinds_of_evidence_are_told(shared: Installation) -> None:
    async with shared.client(shared.keys["avocet"]) as client:
        academy = await academy_of(client)
        then, now = await asked(client, academy, on="2024-01-10"), await asked(client, academy, on="2026-01-10")

    assert (then["agreement"], then["stage"], then["wayOut"]["why"]) == ("no_rule", None, "no_rule")
    assert len(then["evidence"]) == 9
    assert (now["framework"], now["rule"], now["evidence"]) == (None, "framework.none_in_force", [])


async def test_a_supposition_that_the_framework_does_not_know_is_refused(shared: Installation) -> None:
    async with shared.client(shared.keys["merlin"]) as client:
        address = f"/v1/academies/{await academy_of(client)}/categorisation/what-if"
        body = {
            "readings": {"happiness": 1}, "grades": {"ofsted-overall": "card-met", "siams": "1"}, "judgements": {"x": "yes"},
        }  # fmt: skip
        answer = await client.post(address, json=body)

    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("/readings/happiness", "unknown-metric"),
        ("/grades/ofsted-overall", "unknown-grade"),
        ("/grades/siams", "unknown-metric"),
        ("/judgements/x", "unknown-benchmark"),
    ]


async def test_a_reader_who_sees_no_single_values_is_refused(packed: Installation) -> None:
    async with packed.client(await packed.key("merlin", Role.READER)) as client:
        academy = await academy_of(client)
        refused = [
            (await client.get(f"/v1/academies/{academy}/categorisation")).status_code,
            (await client.get("/v1/categorisation")).status_code,
        ]
        category = await client.get(f"/v1/academies/{academy}/category")

    assert refused == [403, 403]
    assert (category.status_code, category.json()["suggestion"]) == (200, None)


async def send(client: httpx.AsyncClient, academy: str, value: float | None, **more: Any) -> None:
    given = {"value": value} if value is not None else {"absence": "not_available"}
    row = {"metric": "progress-8", "academy": academy, **YEAR, **given, **more}
    await create(client, "reading-batches", {"source": "DfE", "readings": [row]})


async def test_readings_and_inspections_are_used_and_what_was_known_then_is_still_told(packed: Installation) -> None:
    async with packed.client(await packed.key("merlin")) as client:
        academy = await academy_of(client, code="fellside")
        await patch(client, "metrics", "progress-8", rangeMin=-2, rangeMax=2)
        grade, area = [
            (await Door(client).every(plural, code=code))[0]
            for plural, code in (("inspection-grades", "overall-3"), ("inspection-areas", "overall-effectiveness"))
        ]
        outcome = await create(client, "inspection-outcomes", {
            "academyId": academy, "inspectionFrameworkId": grade["inspectionFrameworkId"], "inspectionAreaId": area["id"],
            "inspectionGradeId": grade["id"], "inspectedOn": "2023-05-10",
        })  # fmt: skip
        await send(client, "fellside", -0.3)
        known_at = datetime.now(UTC).isoformat()
        before = await asked(client, academy, on="2024-10-01")
        await send(client, "fellside", 0.25)
        after = await asked(client, academy, on="2024-10-01")
        then = await asked(client, academy, on="2024-10-01", asKnownAt=known_at)
        await send(client, "fellside", None)
        absent = await asked(client, academy, on="2024-10-01")
        earlier = await asked(client, academy, on="2024-08-30")
        whole = await client.get("/v1/categorisation", params={"on": "2024-10-01"})

    score = metric(before, "progress-8")
    assert (before["agreement"], before["stage"]["name"]) == ("agree", "Repair")
    assert (score["value"], score["reading"]["value"], score["reading"]["source"]) == (-0.3, -0.3, "DfE")
    assert [one["outcomeId"] for one in metric(before, "ofsted-overall")["judgements"]] == [outcome["id"]]
    (way,) = before["wayOut"]["ways"]
    assert [(one["to"], one["fromValue"], one["share"]) for one in way["changes"]] == [
        ("0", -0.3, 0.075),
        ("grade 2", None, 0.3333),
    ]
    assert (way["stage"]["name"], way["criteria"], way["share"]) == ("Improve", 2, 0.4083)
    assert (after["agreement"], metric(after, "progress-8")["gap"]) == ("partial", True)
    assert {**then, "asKnownAt": None} == before
    assert metric(absent, "progress-8")["why"] == "no_value"
    assert metric(earlier, "progress-8")["why"] == "no_reading"
    TrustCategorisation.model_validate_json(whole.content)
    assert absent in whole.json()["academies"]
    assert whole.json()["byAgreement"] == {"none": 1, "partial": 1}


async def test_sql_and_the_rule_choose_the_same_reading(packed: Installation) -> None:
    """Of generated readings, restated and not, of several sources, grains and groups, the figure to use is one."""
    chance = Random(4)
    async with packed.client(await packed.key("merlin")) as client:
        await patch(client, "metrics", "progress-8", sourceSystem="MIS")
        for _ in range(12):
            rows: dict[str, dict[str, Any]] = {}
            for academy in ("fellside", "beckmoor"):
                starts = date(2026, 1, 1) + timedelta(days=chance.randrange(40))
                ends = starts + timedelta(days=chance.randrange(20))
                rows[academy] = {
                    "metric": "progress-8", "academy": academy, "grain": "window", "startsOn": str(starts), "endsOn": str(ends),
                    **chance.choice([{"value": chance.randrange(-20, 20) / 10}, {"absence": "not_collected"}]),
                }  # fmt: skip
            source = chance.choice(["MIS", "DfE", "CSV"])
            await create(client, "reading-batches", {"source": source, "readings": list(rows.values())})
    moment = Moment(datetime.now(UTC))
    async with packed.database.reader(packed.actor("merlin")) as reader:
        (framework,) = await read_editions(reader, moment)
        measured = await read_measured(reader, moment)
        categories = await read_categories(reader, framework, measured, moment)
        figures = await read_figures(reader, moment, metrics=["progress-8"])
        academies = {one.academy_id for one in figures if one.academy_id}
        for day in (date(2026, 1, 1) + timedelta(days=step) for step in range(60)):
            known = await read_known(reader, categories, sorted(academies), day, moment)
            for of in academies:
                mine = [one for one in figures if one.academy_id == of]
                used = figure_to_use(mine, on=day, source="MIS")
                found = known[of].figures.get("progress-8")
                assert (found is None) is (used is None)
                if used and found:
                    assert (found.value, found.absence) == (used.value, used.absence)
                    assert str(used.reading_id) in str(found.told)
