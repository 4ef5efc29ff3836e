"""Promises, bands, gaps and observations over HTTP, on the sources: what is answered, to whom, and as known when."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio

from app.db.database import Reader
from app.domain.roles import Role
from app.queries.band_levels import IndicatorEvaluation
from app.queries.evaluations import Asked, PlanEvaluations, PromiseEvaluated, evaluate_plan
from app.queries.group_gaps import GroupGap
from app.queries.observation_summaries import ObservationSummary
from app.queries.published import Published
from app.queries.reading import Moment
from tests.conftest import Installation, _installed

Y17, Y18 = ("annual", "2016-09-01", "2017-08-31"), ("annual", "2017-09-01", "2018-08-31")
PHASES = (
    ("window", "2017-03-01", "2017-07-31"),
    ("window", "2017-08-01", "2018-03-31"),
    ("window", "2018-04-01", "2018-12-31"),
)
# By metric and group, the values of each period: exactly what is promised, but for the last of each.
READ: dict[tuple[str, str | None], list[tuple[tuple[str, str, str], float]]] = {
    ("progress-8", None): [(Y17, -0.6), (Y18, -0.29)],
    ("attainment-8", None): [(Y17, 37.4), (Y18, 39)],
    ("attainment-8", "disadvantaged"): [(Y17, 36.3), (Y18, 35.1)],
    ("attainment-8", "sen"): [(Y17, 27.5), (Y18, 20.9)],
    ("attainment-8", "boys"): [(Y17, 35.3), (Y18, 37)],
    ("basics-4-plus", None): [(Y17, 40), (Y18, 43)],
    ("basics-5-plus", None): [(Y17, 15), (Y18, 17.9)],
    ("attendance", None): list(zip(PHASES, (91.3, 92.8, 94.4), strict=True)),
    ("attendance", "pp"): list(zip(PHASES, (90.6, 91, 92), strict=True)),
    ("persistent-absence", None): list(zip(PHASES, (27.7, 22.6, 19.9), strict=True)),
    ("sessions-lost-to-exclusion", None): list(zip(PHASES, (0.3, 0.25, 0.19), strict=True)),
}
MET = {
    *("OUT-2-3", "OUT-3-1", "OUT-3-3", "OUT-4-1", "OUT-5-1", "OUT-6-1", "OUT-6-3", "OUT-7-1", "OUT-7-3", "OUT-8-1"),
    *("OUT-8-3", "OUT-9-1", "PDBSW-1-3", "PDBSW-2-1", "PDBSW-3-2", "PDBSW-3-3", "PDBSW-7-3"),
    "TLA-7-1",
}
LESSONS = {
    "2017-05-02": ("good", "inadequate", None),
    "2017-10-03": ("good", "good", "good", "good", "inadequate", "inadequate", "inadequate", None),
    "2017-11-21": ("outstanding", *("good",) * 6, "inadequate", "requires_improvement"),
    "2018-05-15": ("good", "good", "inadequate"),
}
PLAN_ON = "2018-12-31"


def batch(*readings: dict[str, Any]) -> dict[str, Any]:
    return {"source": "MIS", "readings": list(readings)}


def row(metric: str, period: tuple[str, str, str], value: float, **more: Any) -> dict[str, Any]:
    grain, first, last = period
    return {
        "metric": metric,
        "academy": "KHS",
        "grain": grain,
        "startsOn": first,
        "endsOn": last,
        "value": value,
        **more,
    }


async def post(client: httpx.AsyncClient, plural: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = await client.post(f"/v1/{plural}", json=body, headers={"Idempotency-Key": str(uuid4()), **more})
    assert answer.status_code in (200, 201), answer.text
    record: dict[str, Any] = answer.json()
    return record


async def told(client: httpx.AsyncClient, model: type[Published], address: str, **parameters: Any) -> Any:
    answer = await client.get(f"/v1/{address}", params=parameters)
    assert answer.status_code == 200, answer.text
    model.model_validate_json(answer.content)
    return answer.json()


async def find(client: httpx.AsyncClient, plural: str, code: str) -> dict[str, Any]:
    (record,) = (await client.get(f"/v1/{plural}", params={"code": code})).json()["items"]
    return dict(record)


async def fill(client: httpx.AsyncClient) -> None:
    """Readings of every numeric target, an official comparator, a calendar, and lessons that were observed."""
    year = await post(client, "academic-years", {"code": "2017/18", "startsOn": "2017-09-01", "endsOn": "2018-08-31"})
    days = {"academicYearId": year["id"], "no": 1, "name": "Autumn", "startsOn": "2017-09-04", "endsOn": "2017-12-21"}
    term = await post(client, "terms", days)
    await post(client, "terms", {**days, "no": 2, "name": "Spring", "startsOn": "2018-01-08", "endsOn": "2018-03-28"})
    for no, first, last in ((1, "2017-09-04", "2017-10-20"), (2, "2017-10-30", "2017-12-21")):
        await post(client, "half-terms", {"termId": term["id"], "no": no, "startsOn": first, "endsOn": last})
    readings = [
        row(metric, period, value, **({"group": group} if group else {}))
        for (metric, group), values in READ.items()
        for period, value in values
    ]
    others = [
        {**row("attainment-8", year, value, official="england_other"), "academy": None}
        for year, value in ((Y17, 50.0), (Y18, 49.8))
    ]
    await post(client, "reading-batches", batch(*readings, *others))
    academy = await find(client, "academies", "KHS")
    for day, grades in LESSONS.items():
        for grade in grades:
            judged = {"judged": True, "progressGrade": grade} if grade else {"judged": False}
            await post(client, "observations", {"academyId": academy["id"], "kind": "lesson", "on": day, **judged})


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def filled(server: Any, packed_template: str) -> AsyncIterator[Installation]:
    async for installation in _installed(server, packed_template):
        for trust in ("kestrel", "avocet", "larkfield"):
            installation.keys[trust] = await installation.key(trust)
        async with installation.client(installation.keys["kestrel"]) as client:
            await fill(client)
        yield installation


@pytest_asyncio.fixture
async def kestrel(filled: Installation) -> AsyncIterator[httpx.AsyncClient]:
    async with filled.client(filled.keys["kestrel"]) as client:
        yield client


async def evaluation(client: httpx.AsyncClient, code: str, on: str, **parameters: Any) -> Any:
    target = await find(client, "targets", code)
    return await told(client, PromiseEvaluated, f"targets/{target['id']}/evaluation", on=on, **parameters)


async def plan_evaluations(client: httpx.AsyncClient, **parameters: Any) -> Any:
    (plan,) = (await client.get("/v1/plans")).json()["items"]
    return await told(client, PlanEvaluations, f"plans/{plan['id']}/evaluations", **parameters)


async def test_every_numeric_target_of_the_source_is_evaluable_and_judged_as_it_is_printed(
    kestrel: httpx.AsyncClient,
) -> None:
    plan = await plan_evaluations(kestrel, on=PLAN_ON)

    numeric = {one["code"]: one["academies"][0] for one in plan["targets"] if one["kind"] == "numeric"}
    assert len(numeric) == 31
    assert {code for code, one in numeric.items() if one["verdict"] == "met"} == MET
    assert {one["verdict"] for code, one in numeric.items() if code not in MET} == {"not_met"}
    assert sum(one["comparatorAssumed"] for one in numeric.values()) == 17
    assert plan["byVerdict"] == {"met": 18, "not_evaluable": 62, "not_met": 13}


async def test_above_92_8_is_not_met_by_92_8_and_the_answer_says_by_which_reading(kestrel: httpx.AsyncClient) -> None:
    target = await evaluation(kestrel, "PDBSW-1-2", "2018-03-31")

    (found,) = target["academies"]
    assert (found["verdict"], found["reason"], found["sentence"]) == (
        "not_met", "falls_short", "92.8 is not above 92.8.",
    )  # fmt: skip
    assert (found["rule"], found["comparator"], found["comparatorAssumed"]) == ("target.as_printed", "above", False)
    reading = (await kestrel.get(f"/v1/readings/{found['reading']['readingId']}")).json()
    assert (reading["value"], reading["startsOn"], reading["endsOn"]) == (92.8, "2017-08-01", "2018-03-31")


async def test_the_milestones_of_its_objective_lead_up_to_a_target(kestrel: httpx.AsyncClient) -> None:
    (found,) = (await evaluation(kestrel, "PDBSW-1-2", "2017-11-15"))["academies"]
    (line,) = (await evaluation(kestrel, "PDBSW-1-2", "2017-12-01", interpolate="true"))["academies"]

    way = found["trajectory"]
    assert [(one["on"], one["value"], one["source"]) for one in way["points"]] == [
        ("2017-10-31", 91.8, "milestone"),
        ("2017-12-31", 92.3, "milestone"),
        ("2018-03-01", 92.8, "milestone"),
        ("2018-03-31", 92.8, "target"),
    ]
    assert (found["verdict"], found["reason"]) == ("not_evaluable", "reading_too_old")
    assert (way["rule"], way["expected"]) == ("trajectory.stepwise", 91.8)
    assert (way["current"]["value"], way["difference"], way["standing"]) == (91.3, -0.5, "behind")
    runway = way["runway"]
    assert (runway["remaining"], runway["endsOn"], runway["basis"]) == (1.5, "2018-03-31", "school")
    assert line["trajectory"]["rule"] == "trajectory.linear_between_points"
    assert float(line["trajectory"]["expected"]) == pytest.approx(91.8 + 0.5 * 31 / 61)


async def test_a_gap_of_14_7_to_others_nationally_is_met_and_told_with_its_sign(kestrel: httpx.AsyncClient) -> None:
    academy = await find(kestrel, "academies", "KHS")
    (found,) = (await evaluation(kestrel, "OUT-7-3", PLAN_ON))["academies"]
    asked = {"metric": "attainment-8", "group": "disadvantaged", "other": "england_other", "on": PLAN_ON}
    gap = await told(kestrel, GroupGap, f"academies/{academy['id']}/gap", **asked)

    assert (found["verdict"], found["value"], found["gap"], found["rule"]) == ("met", 14.7, -14.7, "target.gap_at_most")
    assert (gap["gap"], gap["behind"], gap["reading"], gap["otherReading"]) == (
        -14.7, 14.7, found["reading"], found["other"],
    )  # fmt: skip
    assert gap["sentence"] == "disadvantaged is 14.7 behind england other."


async def test_a_gap_that_cannot_be_told_says_what_is_missing(kestrel: httpx.AsyncClient) -> None:
    academy = await find(kestrel, "academies", "KHS")
    missing = {"metric": "attainment-8", "group": "boys", "other": "pp", "on": PLAN_ON}
    gap = await told(kestrel, GroupGap, f"academies/{academy['id']}/gap", **missing)
    unknown = await kestrel.get(f"/v1/academies/{academy['id']}/gap", params={**missing, "group": "nobody"})

    assert (gap["gap"], gap["reason"], gap["reading"]["value"]) == (None, "comparator_missing", 37)
    assert unknown.status_code == 422
    assert unknown.json()["errors"][0]["pointer"] == "/group"


async def test_lessons_observed_are_counted_and_quoted_by_their_targets(kestrel: httpx.AsyncClient) -> None:
    academy = await find(kestrel, "academies", "KHS")
    asked = {"from": "2017-09-01", "to": "2018-03-31"}
    found = await told(kestrel, ObservationSummary, f"academies/{academy['id']}/observation-summary", **asked)

    assert (found["judged"], found["unjudged"], found["reason"]) == (16, 1, None)
    assert found["goodOrBetter"] == {
        "rule": "observations.good_or_better_of_judged", "count": 11, "exact": 68.75, "shown": 68.8,
        "rounding": "half_away_from_zero", "movement": "rising", "movementReason": None,
    }  # fmt: skip
    assert (found["outstanding"]["count"], found["outstanding"]["exact"], found["outstanding"]["shown"]) == (
        1,
        6.25,
        6.3,
    )
    assert [(one["endsOn"], one["judged"], one["goodOrBetter"], one["outstanding"]) for one in found["parts"]] == [
        ("2017-10-20", 7, 4, 0),
        ("2017-12-21", 9, 7, 1),
    ]
    assert {one["code"]: one["verdict"] for one in found["targets"]} == {
        "TLA-7-1": "met", "TLA-7-2": "not_met", "TLA-7-3": "not_evaluable",
    }  # fmt: skip


async def test_of_nothing_judged_there_is_no_share(kestrel: httpx.AsyncClient) -> None:
    academy = await find(kestrel, "academies", "KHS")
    found = await told(
        kestrel, ObservationSummary, f"academies/{academy['id']}/observation-summary", kind="book_scrutiny"
    )

    assert (found["judged"], found["reason"]) == (0, "nothing_judged")
    assert (found["goodOrBetter"]["count"], found["goodOrBetter"]["exact"], found["goodOrBetter"]["shown"]) == (
        0,
        None,
        None,
    )


async def test_whoever_may_not_see_single_values_is_told_whole_terms_that_are_over_and_no_few(
    filled: Installation,
) -> None:
    async with filled.client(await filled.key("kestrel", Role.READER)) as client:
        academy = await find(client, "academies", "KHS")
        target, plan = await find(client, "targets", "PDBSW-1-2"), (await client.get("/v1/plans")).json()["items"][0]
        summary = f"academies/{academy['id']}/observation-summary"
        term = await told(client, ObservationSummary, summary, **{"from": "2017-09-04", "to": "2017-12-21"})
        refused = [
            (await client.get(f"/v1/{address}", params=parameters)).status_code
            for address, parameters in (
                (summary, {"from": "2017-09-04", "to": "2017-12-20"}),
                (summary, {"from": "2017-09-04", "to": "2017-12-21", "kind": "learning_walk"}),
                (summary, {"from": "2017-09-04", "to": "2017-12-21", "asKnownAt": datetime.now(UTC).isoformat()}),
                (f"targets/{target['id']}/evaluation", {}),
                (f"plans/{plan['id']}/evaluations", {}),
                (f"academies/{academy['id']}/gap", {"metric": "attendance", "other": "england"}),
            )
        ]

    assert (term["judged"], term["unjudged"], term["reason"]) == (16, None, "too_few_to_show")
    assert [term[one]["count"] for one in ("goodOrBetter", "outstanding")] == [None, None], "5 were less than good"
    assert (term["parts"], term["targets"]) == ([], [])
    assert refused == [403] * 6


async def test_fewer_than_six_lessons_are_not_shown_to_everybody(filled: Installation) -> None:
    async with filled.client(filled.keys["larkfield"]) as client:
        year = await post(client, "academic-years", {"code": "Z", "startsOn": "2019-09-01", "endsOn": "2020-08-31"})
        days = {
            "academicYearId": year["id"],
            "no": 1,
            "name": "Autumn",
            "startsOn": "2019-09-03",
            "endsOn": "2019-12-20",
        }
        await post(client, "terms", days)
        academy = (await client.get("/v1/academies")).json()["items"][0]
        lesson = {
            "academyId": academy["id"],
            "kind": "lesson",
            "on": "2019-10-01",
            "judged": True,
            "progressGrade": "good",
        }
        for _ in range(5):
            await post(client, "observations", lesson)
        asked = {"from": days["startsOn"], "to": days["endsOn"]}
        address = f"academies/{academy['id']}/observation-summary"
        trusted = await told(client, ObservationSummary, address, **asked)
        async with filled.client(await filled.key("larkfield", Role.READER)) as reader:
            few = await told(reader, ObservationSummary, address, **asked)
            await post(client, "observations", lesson)
            enough = await told(reader, ObservationSummary, address, **asked)

    assert (trusted["judged"], trusted["goodOrBetter"]["count"]) == (5, 5)
    assert (few["judged"], few["reason"], few["goodOrBetter"]["count"], few["goodOrBetter"]["exact"]) == (
        None, "too_few_to_show", None, None,
    )  # fmt: skip
    assert (enough["judged"], enough["goodOrBetter"]["shown"]) == (6, 100)


async def test_an_answer_follows_what_was_known_and_what_was_promised(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        attendance = row("attendance", PHASES[1], 92.8)
        await post(client, "reading-batches", batch(attendance))
        before = datetime.now(UTC).isoformat()
        await post(client, "reading-batches", batch({**attendance, "value": 92.9}))
        target = await find(client, "targets", "PDBSW-1-2")
        between = datetime.now(UTC).isoformat()
        change = {"value": 93, "reason": "The governors asked for more."}
        await post(client, f"targets/{target['id']}/revisions", change, **{"If-Match": f'"v{target["version"]}"'})
        answers = [
            await evaluation(client, "PDBSW-1-2", PLAN_ON, **({"asKnownAt": at} if at else {}))
            for at in (before, between, None)
        ]

    assert [
        (one["revision"], one["target"], one["academies"][0]["value"], one["academies"][0]["verdict"])
        for one in answers
    ] == [
        (1, 92.8, 92.8, "not_met"),
        (1, 92.8, 92.9, "met"),
        (2, 93, 92.9, "not_met"),
    ]


async def test_a_target_with_points_of_its_own_is_led_up_to_by_them(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        target = await find(client, "targets", "PDBSW-1-2")
        given = {"planId": target["planId"], "targetId": target["id"], "on": "2017-12-21", "value": 92}
        await post(client, "target-points", given)
        (found,) = (await evaluation(client, "PDBSW-1-2", "2018-01-01"))["academies"]

    way = found["trajectory"]
    assert [(one["value"], one["source"]) for one in way["points"]] == [(92, "target_point"), (92.8, "target")]
    assert (way["expected"], way["current"], way["standing"], way["runway"]) == (92, None, None, None)


async def test_a_milestone_is_evaluated_and_stands_among_its_fellows(filled: Installation) -> None:
    async with filled.client(filled.keys["larkfield"]) as client:
        plan = await plan_evaluations(client, on="2015-01-31")

    ways = {one["code"]: one["academies"][0]["trajectory"] for one in plan["milestones"] if one["academies"]}
    assert [one["value"] for one in ways["P1-MS-4"]["points"]] == [80, 85, 90, 90]
    assert [one["value"] for one in ways["P3-MS-4"]["points"]] == [80, 85, 90, 90]
    assert (ways["P1-MS-4"]["expected"], ways["P3-MS-4"]["expected"]) == (85, 85)
    assert ways["P1-MS-4"]["points"][1]["on"] != ways["P3-MS-4"]["points"][1]["on"]


class Counted(Reader):
    """A reader that counts its statements."""

    asked = 0

    async def row(self, sql: str, *arguments: Any) -> asyncpg.Record | None:
        self.asked += 1
        return await super().row(sql, *arguments)

    async def rows(self, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        self.asked += 1
        return await super().rows(sql, *arguments)


async def test_a_whole_plan_takes_ten_statements_whatever_it_promises(filled: Installation) -> None:
    asked = {}
    for trust in ("kestrel", "larkfield"):
        async with filled.database.reader(filled.actor(trust)) as reader:
            counted = Counted(reader._connection, reader.actor)
            plan = await counted.row("select id from plan where trust_id = $1", reader.actor.trust_id)
            assert plan is not None
            await evaluate_plan(counted, plan["id"], Asked(on=date(2018, 3, 31)), Moment(datetime.now(UTC)))
            asked[trust] = counted.asked - 1

    assert asked == {"kestrel": 10, "larkfield": 10}


async def test_an_academy_that_the_plan_is_not_for_is_refused(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        other = await post(client, "academies", {"code": "OTHER", "name": "Another academy", "type": "converter"})
        target = await find(client, "targets", "PDBSW-1-2")
        address = f"/v1/targets/{target['id']}/evaluation"
        answers = [await client.get(address, params={"academyId": one}) for one in (other["id"], str(uuid4()))]

    assert [one.status_code for one in answers] == [422, 404]
    assert answers[0].json()["detail"].startswith("The plan is not for this academy.")


# The edges of every band, and a step beyond: level, or levels of a tie.
A, N, I = "assured", "not_yet_assured", "intervention_required"  # noqa: E741  as the bands are called
EDGES: dict[str, dict[float, Any]] = {
    "serious-incident-rate": {299.9: A, 300: N, 500: N, 500.1: I},
    "rpi-rate": {199.9: A, 200: N, 300: N, 300.1: I},
    "attendance": {70.1: A, 70: N, 50: N, 49.9: I},
    "attendance-value-added": {10.1: A, 10: N, 0: N, -0.1: I},
    "persistent-absence": {74.4: A, 74.5: N, 90: N, 90.1: I},
    "severe-absence": {26.9: A, 27: (A, N), 27.9: (A, N), 28: N, 40: N, 40.1: I},
    "suspension-rate": {49.9: A, 50: N, 129: N, 129.1: I, 400: I},
    "repeated-suspension-rate": {0: A, 9.9: A, 10: (A, N), 10.1: N, 25: N, 25.1: I},
    "partial-timetable-share": {0: A, 9.9: A, 10: (A, N), 10.1: N, 20: N, 20.1: I},
    "progress-reading": {50.1: A, 50: (A, N), 49.9: N, 35: N, 34.9: I},
    "progress-writing": {50.1: A, 50: (A, N), 49.9: N, 35: N, 34.9: I},
    "progress-maths": {50.1: A, 50: (A, N), 49.9: N, 35: N, 34.9: I},
}


async def test_every_edge_of_every_band_has_the_documented_level_or_tie(filled: Installation) -> None:
    found: dict[str, dict[float, Any]] = {}
    async with filled.client(filled.keys["avocet"]) as client:
        for indicator in (await client.get("/v1/indicators", params={"limit": 50})).json()["items"]:
            found[indicator["code"]] = mine = {}
            for value in EDGES[indicator["code"]]:
                one = await told(client, IndicatorEvaluation, f"indicators/{indicator['id']}/evaluation", value=value)
                levels = tuple(level["code"] for level in one["levels"])
                assert one["value"] == value
                assert (one["level"] is None, one["certainty"]) == (
                    (True, "ambiguous") if len(levels) > 1 else (False, "certain")
                )
                mine[value] = levels if len(levels) > 1 else levels[0]

    assert found == EDGES


async def test_a_value_that_cannot_be_is_answered_and_a_level_has_every_label(filled: Installation) -> None:
    async with filled.client(filled.keys["avocet"]) as client:
        indicator = await find(client, "indicators", "attendance")
        address = f"indicators/{indicator['id']}/evaluation"
        beyond = await told(client, IndicatorEvaluation, address, value="100.0000000001")
        inside = await told(client, IndicatorEvaluation, address, value=60)

    assert (beyond["certainty"], beyond["levels"], beyond["framework"]["edition"]) == ("out_of_range", [], 1)
    assert inside["level"]["labels"] == {"key": "Actions are in place", "bands": "Not yet assured"}
    assert (inside["level"]["code"], inside["rule"]) == (N, "bands.ties_reported")
    assert inside["numericOnly"] is bool(inside["statements"])
