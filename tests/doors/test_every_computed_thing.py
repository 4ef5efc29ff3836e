"""C1 to C23, each asked over HTTP twice: on a source by the ledger, and on the demo trust by a plain recomputation of its lists."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from app.db.embedded import EmbeddedPostgres
from tests.api.samples import create
from tests.conftest import Installation, _installed, load
from tests.doors.asking import Door
from tests.doors.test_categories import decide
from tests.doors.test_evaluations import PLAN_ON, fill
from tests.doors.test_support import avocet_of, offer_in, plover_of
from tests.reviewing import SUGGESTED, VALUES, Ground

Row = dict[str, Any]
YEAR_START, SUMMER, WORKED = "2025-09-01", "2026-07-21", "2026-05-01"
"""Days of the demo: its last full year, the last term that ended in it, and a day in the midst of its support."""


@dataclass
class Trust(Door):
    """A key of one trust, and what its lists said."""

    lists: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    academies: dict[str, str] = field(default_factory=dict)

    async def all(self, plural: str, **filters: Any) -> list[Row]:
        """Every record of a list, asked for once."""
        key = (plural, str(filters))
        if key not in self.lists:
            self.lists[key] = await self.every(plural, **filters)
        return self.lists[key]

    async def one(self, plural: str, code: str, **filters: Any) -> Row:
        (record,) = await self.all(plural, code=code, **filters)
        return record

    async def of(self, academy: str, about: str, **asked: Any) -> Any:
        return await self.get(f"academies/{self.academies[academy]}/{about}", **asked)


@dataclass
class Trusts:
    installation: Installation
    kestrel: Trust
    larkfield: Trust
    merlin: Trust
    plover: Trust
    avocet: Trust
    demo: Trust


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def trusts(server: EmbeddedPostgres, packed_template: str) -> AsyncIterator[Trusts]:
    """The five sources with what they lack recorded, and the demo as it is loaded."""
    async for installation in _installed(server, packed_template):
        await load(installation.database, "demo")
        made = {}
        for code in ("kestrel", "larkfield", "merlin", "plover", "avocet", "demo"):
            trust = made[code] = Trust(installation.client(await installation.key(code)))
            trust.academies = {one["code"]: one["id"] for one in await trust.every("academies")}
        await fill(made["kestrel"].client)
        await record_in_merlin(made["merlin"])
        await decide_again_in_plover(await plover_of(installation))
        await avocet_of(installation)
        await review_in_avocet(installation, made["avocet"])
        yield Trusts(installation, **made)
        for trust in made.values():
            await trust.client.aclose()


async def record_in_merlin(merlin: Trust) -> None:
    reading = {"metric": "progress-8", "academy": "fellside", "grain": "annual", "startsOn": "2021-09-01",
               "endsOn": "2022-08-31", "value": -0.25}  # fmt: skip
    await create(merlin.client, "reading-batches", {"source": "results", "readings": [reading]})
    grade = await merlin.one("inspection-grades", "overall-3")
    await create(merlin.client, "inspection-outcomes", {
        "academyId": merlin.academies["fellside"], "inspectionFrameworkId": grade["inspectionFrameworkId"],
        "inspectionGradeId": grade["id"], "inspectedOn": "2022-05-10",
    })  # fmt: skip
    await decide(merlin.client, "2", "2023-09-01")


async def decide_again_in_plover(plover: Any) -> None:
    await plover.decide("brookfield", "2", "2024-09-02")


async def review_in_avocet(installation: Installation, avocet: Trust) -> None:
    """Readings of a term in three academies, and a review of one in which five lines are rated."""

    async def ids(plural: str, key: str = "code") -> dict[Any, UUID]:
        return {one[key]: UUID(one["id"]) for one in await avocet.every(plural)}

    (framework,) = await avocet.every("frameworks")
    ground = Ground(
        installation, UUID(framework["id"]), await ids("academies"), await ids("terms", "no"),
        await ids("assurance-lines"), await ids("rating-levels"), list((await ids("report-sections")).values()),
    )  # fmt: skip
    await ground.send("REEDBED", VALUES)
    await ground.send("SALTPAN", {"attendance": "60"})
    await ground.send("SANDSPIT", {"attendance": "40"})
    review_id = await ground.opened("REEDBED")
    rated = {"attendance": "assured", "behaviour": "assured", "mathematics": "intervention_required",
             "suspensions": "not_yet_assured", "part-timetables": "assured"}  # fmt: skip
    await ground.rate(review_id, rated)


def exact(value: Any) -> Decimal:
    return Decimal(str(value))


def shown(part: Any, whole: Any) -> Decimal:
    return (100 * exact(part) / exact(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)


COMPARED: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "above": lambda value, bound: value > bound,
    "at_least": lambda value, bound: value >= bound,
    "below": lambda value, bound: value < bound,
    "at_most": lambda value, bound: value <= bound,
}


# C1 Stage suggested by measures


@pytest.mark.parametrize(
    ("score", "stages"),
    [(-0.5, ["1", "2", "3"]), (-0.49, ["2", "3"]), (0, ["3"]), (0.24, ["3"]), (0.25, []), (0.26, ["4"])],
)
async def test_c1_a_score_matches_the_stages_of_s2_whose_printed_test_it_passes(
    trusts: Trusts, score: float, stages: list[str]
) -> None:
    address = f"/v1/academies/{trusts.merlin.academies['beckmoor']}/categorisation/what-if"
    answer = (await trusts.merlin.client.post(address, json={"readings": {"progress-8": score}})).json()

    (told,) = (one for one in answer["metrics"] if one["metric"] == "progress-8")
    assert (told["matches"], told["gap"]) == (stages, not stages)


async def test_c1_a_recorded_score_and_grade_of_s2_agree(trusts: Trusts) -> None:
    told = await trusts.merlin.of("fellside", "categorisation", on="2023-08-31")

    assert (told["agreement"], told["stage"]["code"], told["missing"]) == ("agree", "2", [])


async def test_c1_demo_every_stage_matched_passes_its_measure(trusts: Trusts) -> None:
    demo, edition = trusts.demo, await edition_2(trusts.demo)
    measures = await demo.all("indicative-measures", frameworkId=edition)
    readings = await demo.all("readings", current="true")
    for academy in demo.academies:
        told = await demo.of(academy, "categorisation", on="2026-08-31")
        (gap,) = (one for one in told["metrics"] if one["metric"] == "outcomes-gap")
        (value,) = (
            one["value"] for one in readings
            if (one["metricCode"], one["academyCode"], one["endsOn"]) == ("outcomes-gap", academy, "2026-08-31")
        )  # fmt: skip
        passed = [
            one["stageCode"] for one in sorted(measures, key=lambda one: one["stageCode"])
            if one["metric"] == "outcomes-gap" and value is not None
            and COMPARED[one["comparator"]](exact(value), exact(one["value"]))
        ]  # fmt: skip
        points = [set(one["points"]) for one in told["metrics"]]
        pointed, common = set().union(*points), set.intersection(*(one for one in points if one))
        agreement = "partial" if common else "conflict"
        if common and all(len(one) == 1 for one in points):
            agreement = "agree"

        assert (gap["value"], gap["matches"], gap["points"]) == (value, passed, passed[:1])
        assert told["stage"]["code"] == min(pointed), "the framework takes the earliest"
        assert told["agreement"] == ("conflict" if told["barredBy"] else agreement), academy


async def edition_2(demo: Trust) -> str:
    (found,) = (one["id"] for one in await demo.all("frameworks") if one["edition"] == 2)
    return str(found)


# C2 Evidence pack for a category meeting


async def test_c2_a_meeting_of_s4_looks_at_nine_kinds_of_evidence_and_no_number_decides(trusts: Trusts) -> None:
    told = await trusts.avocet.of("REEDBED", "categorisation", on="2024-04-10")

    assert (len(told["evidence"]), told["agreement"], told["rule"], told["stage"]) == (
        9, "no_rule", "stage.no_rule_printed", None,
    )  # fmt: skip


async def test_c2_demo_a_meeting_sees_every_benchmark_and_the_ratings_of_the_last_review(trusts: Trusts) -> None:
    demo, edition = trusts.demo, await edition_2(trusts.demo)
    benchmarks = {one["code"] for one in await demo.all("benchmarks", frameworkId=edition)}
    kinds = {one["code"] for one in await demo.all("evidence-kinds", frameworkId=edition)}
    reviews = await demo.all("assurance-reviews")
    for academy in ("ESK", "ALD", "LAR"):
        told = await demo.of(academy, "categorisation", on="2026-08-31")
        done = [one for one in reviews if (one["academyCode"], one["status"]) == (academy, "signed_off")]
        last = max(done, key=lambda one: str(one["termStartsOn"]))
        ratings = await demo.all("assurance-ratings", reviewId=last["id"])

        assert {one["code"] for one in told["benchmarks"]} == benchmarks
        assert {one["code"] for one in told["evidence"]} == kinds
        assert {one["line"]: one["level"] for one in told["ratings"]} == {
            one["lineCode"]: one["levelCode"] for one in ratings
        }


# C3 Band for a value

A, N, I = ["assured"], ["not_yet_assured"], ["intervention_required"]  # noqa: E741  as the bands are called


@pytest.mark.parametrize(
    ("indicator", "value", "levels"),
    [
        ("serious-incident-rate", 299.99, A), ("serious-incident-rate", 300, N), ("rpi-rate", 300.1, I),
        ("attendance", 70, N), ("attendance-value-added", -0.1, I), ("persistent-absence", 74.5, N),
        ("severe-absence", 27.5, A + N), ("severe-absence", 28, N), ("suspension-rate", 129, N),
        ("repeated-suspension-rate", 10, A + N), ("partial-timetable-share", 20.1, I), ("progress-maths", 50, A + N),
    ],
)  # fmt: skip
async def test_c3_a_value_has_the_levels_that_s4_prints_for_it(
    trusts: Trusts, indicator: str, value: float, levels: list[str]
) -> None:
    asked = await trusts.avocet.one("indicators", indicator)
    told = await trusts.avocet.get(f"indicators/{asked['id']}/evaluation", value=value)

    assert [one["code"] for one in told["levels"]] == levels
    assert told["certainty"] == ("certain" if len(levels) == 1 else "ambiguous")


def holds(band: Row, value: Decimal) -> bool:
    lo, hi = band["lo"], band["hi"]
    low = lo is None or value > exact(lo) or (value == exact(lo) and band["loIncluded"])
    return low and (hi is None or value < exact(hi) or (value == exact(hi) and band["hiIncluded"]))


async def test_c3_demo_every_edge_of_a_band_has_the_levels_of_the_bands_that_hold_it(trusts: Trusts) -> None:
    demo, edition = trusts.demo, await edition_2(trusts.demo)
    bands = await demo.all("bands", frameworkId=edition)
    for indicator in await demo.all("indicators", frameworkId=edition):
        mine = [one for one in bands if one["indicatorId"] == indicator["id"]]
        edges = {exact(one[end]) for one in mine for end in ("lo", "hi") if one[end] is not None}
        for value in sorted({edge + step for edge in edges for step in (Decimal("-0.01"), 0, Decimal("0.01"))}):
            told = await demo.get(f"indicators/{indicator['id']}/evaluation", value=str(value))
            lowest, highest = (indicator[name] for name in ("rangeMin", "rangeMax"))
            cannot = (lowest is not None and value < exact(lowest)) or (highest is not None and value > exact(highest))
            held = {one["levelCode"] for one in mine if holds(one, value)}

            assert {one["code"] for one in told["levels"]} == (set() if cannot else held), (indicator["code"], value)


# C4 Suggested line rating


async def test_c4_the_figures_of_s4_suggest_the_worst_of_a_lines_indicators(trusts: Trusts) -> None:
    (review,) = await trusts.avocet.every("assurance-reviews")
    told = await trusts.avocet.get(f"assurance-reviews/{review['id']}/suggestions")

    assert {one["lineCode"]: one["levelCode"] for one in told["lines"] if one["lineCode"] in SUGGESTED} == SUGGESTED
    assert Counter(one["status"] for one in told["lines"]) == {
        "suggested": 7, "ambiguous": 1, "statements_only": 6, "no_bands": 14,
    }  # fmt: skip


async def test_c4_demo_a_line_is_suggested_the_worst_level_of_its_frozen_evidence(trusts: Trusts) -> None:
    demo, edition = trusts.demo, await edition_2(trusts.demo)
    rank = {one["id"]: (one["no"], one["code"]) for one in await demo.all("rating-levels", frameworkId=edition)}
    reviews = [one for one in await demo.all("assurance-reviews") if str(one["termStartsOn"]) == "2026-04-13"]
    assert len(reviews) == len(demo.academies)
    told_of = 0
    for review in reviews:
        told = await demo.get(f"assurance-reviews/{review['id']}/suggestions")
        levels: dict[str, list[list[str]]] = {}
        for one in await demo.all("review-evidence", reviewId=review["id"]):
            levels.setdefault(one["lineCode"], []).append(one["levelIds"])
        for line in told["lines"]:
            found = levels.get(line["lineCode"], [])
            if found and all(len(one) == 1 for one in found):
                told_of += 1
                assert line["levelCode"] == max(rank[one[0]] for one in found)[1], line["lineCode"]
            else:
                assert line["levelCode"] is None or len({rank[one][1] for ids in found for one in ids}) > 1
    assert told_of > 5 * len(reviews) / 2


# C5 Rating grid and rollups


async def test_c5_an_academy_of_s4_has_84_cells_in_its_year(trusts: Trusts) -> None:
    (framework,) = await trusts.avocet.every("frameworks")
    terms = await trusts.avocet.all("terms")
    asked = {"frameworkId": framework["id"], "termFrom": terms_by_no(terms)[1], "termTo": terms_by_no(terms)[3]}
    told = await trusts.avocet.get("heat-map", **asked)

    assert (told["counts"]["cells"], told["counts"]["rated"], told["rule"]) == (
        6 * 84, 5, "assurance.counts_per_level",
    )  # fmt: skip
    assert told["counts"]["byLevel"] == {"assured": 3, "not_yet_assured": 1, "intervention_required": 1}
    assert {one["code"]: (one["cells"], one["rated"]) for one in told["academies"]} == {
        code: (84, 5 if code == "REEDBED" else 0) for code in trusts.avocet.academies
    }


def terms_by_no(terms: list[Row]) -> dict[int, str]:
    return {one["no"]: one["id"] for one in terms}


async def test_c5_demo_the_heat_map_counts_the_ratings_there_are(trusts: Trusts) -> None:
    demo, edition = trusts.demo, await edition_2(trusts.demo)
    terms = [one["id"] for one in sorted(await demo.all("terms"), key=lambda one: str(one["startsOn"]))][6:9]
    told = await demo.get("heat-map", frameworkId=edition, termFrom=terms[0], termTo=terms[2])
    lines = await demo.all("assurance-lines", frameworkId=edition)
    reviews = {
        one["id"]: one for one in await demo.all("assurance-reviews")
        if one["termId"] in terms and one["frameworkId"] == edition and one["status"] != "superseded"
    }  # fmt: skip
    ratings = [one for one in await demo.all("assurance-ratings") if one["reviewId"] in reviews]

    assert (told["counts"]["cells"], told["counts"]["rated"]) == (12 * 3 * len(lines), len(ratings))
    assert {level: n for level, n in told["counts"]["byLevel"].items() if n} == Counter(
        one["levelCode"] for one in ratings
    )
    by_line = Counter(one["lineCode"] for one in ratings)
    assert {one["code"]: (one["cells"], one["rated"]) for one in told["lines"]} == {
        one["code"]: (36, by_line[one["code"]]) for one in lines
    }
    by_academy = Counter(reviews[one["reviewId"]]["academyCode"] for one in ratings)
    assert {one["code"]: one["rated"] for one in told["academies"]} == by_academy
    (esk,) = (one for one in told["academies"] if one["code"] == "ESK")
    cells = {(term["termId"], cell["line"]): cell["level"] for term in esk["terms"] for cell in term["cells"]}
    mine = [one for one in ratings if reviews[one["reviewId"]]["academyCode"] == "ESK"]
    assert {key: level for key, level in cells.items() if level} == {
        (reviews[one["reviewId"]]["termId"], one["lineCode"]): one["levelCode"] for one in mine
    }


# C6 Lessons good or better, and C7 which way the outstanding share moves


async def test_c6_eleven_of_sixteen_judged_lessons_were_good_or_better_at_s0(trusts: Trusts) -> None:
    asked = {"from": "2017-09-01", "to": "2018-03-31"}
    told = await trusts.kestrel.of("KHS", "observation-summary", **asked)
    nothing = await trusts.kestrel.of("KHS", "observation-summary", kind="book_scrutiny", **asked)

    assert (told["judged"], told["unjudged"]) == (16, 1)
    share = told["goodOrBetter"]
    assert (share["count"], share["exact"], share["shown"]) == (11, 68.75, 68.8)
    assert (nothing["judged"], nothing["goodOrBetter"]["exact"], nothing["reason"]) == (0, None, "nothing_judged")


async def test_c7_the_outstanding_share_of_s0_rises_and_one_period_moves_nowhere(trusts: Trusts) -> None:
    told = await trusts.kestrel.of("KHS", "observation-summary", **{"from": "2017-09-01", "to": "2018-03-31"})
    alone = await trusts.kestrel.of("KHS", "observation-summary", **{"from": "2017-09-01", "to": "2017-10-20"})

    parts = [(one["outstanding"], one["judged"]) for one in told["parts"]]
    assert (parts, told["outstanding"]["movement"]) == ([(0, 7), (1, 9)], "rising")
    assert (alone["outstanding"]["movement"], alone["outstanding"]["movementReason"]) == (None, "one_period")


async def lessons_of(demo: Trust, academy: str, first: str, last: str) -> list[Row]:
    return [
        one for one in await demo.all("observations")
        if (one["academyId"], one["kind"]) == (demo.academies[academy], "lesson") and first <= str(one["on"]) <= last
    ]  # fmt: skip


async def test_c6_demo_the_share_is_that_of_the_lessons_listed(trusts: Trusts) -> None:
    judged_in_all = 0
    for academy in trusts.demo.academies:
        asked = {"from": YEAR_START, "to": SUMMER}
        told = await trusts.demo.of(academy, "observation-summary", **asked)
        lessons = await lessons_of(trusts.demo, academy, YEAR_START, SUMMER)
        grades = [one["progressGrade"] for one in lessons if one["judged"]]
        good = sum(grade in {"good", "outstanding"} for grade in grades)
        judged_in_all += len(grades)

        assert (told["judged"], told["unjudged"]) == (len(grades), len(lessons) - len(grades))
        assert (told["goodOrBetter"]["count"], told["outstanding"]["count"]) == (good, grades.count("outstanding"))
        share = told["goodOrBetter"]["shown"]
        assert (share is None) if not grades else exact(share) == shown(good, len(grades))
    assert judged_in_all > 40


async def test_c7_demo_the_movement_is_between_the_last_two_half_terms_in_which_lessons_were_judged(
    trusts: Trusts,
) -> None:
    halves = [one for one in await trusts.demo.all("half-terms") if YEAR_START <= str(one["startsOn"]) <= SUMMER]
    days = sorted((str(one["startsOn"]), str(one["endsOn"])) for one in halves)
    seen = set()
    for academy in trusts.demo.academies:
        told = await trusts.demo.of(academy, "observation-summary", **{"from": YEAR_START, "to": SUMMER})
        shares = []
        for first, last in days:
            judged = [one for one in await lessons_of(trusts.demo, academy, first, last) if one["judged"]]
            if judged:
                best = sum(one["progressGrade"] == "outstanding" for one in judged)
                shares.append(exact(best) / len(judged))
        moved = None
        if len(shares) > 1:
            former, latter = shares[-2:]
            moved = "level" if former == latter else "rising" if latter > former else "falling"
        seen.add(moved)

        assert told["outstanding"]["movement"] == moved, academy
    assert len(seen) > 1


# C8 Target evaluation, and C9 the way there


@pytest.mark.parametrize(
    ("code", "on", "verdict", "value", "assumed"),
    [
        ("OUT-2-1", "2017-08-31", "not_met", -0.6, False),
        ("OUT-2-3", PLAN_ON, "met", -0.29, False),
        ("PDBSW-1-2", "2018-03-31", "not_met", 92.8, False),
        ("PDBSW-3-2", "2018-03-31", "met", 22.6, True),
        ("PDBSW-7-1", "2017-07-31", "not_met", 0.3, False),
        ("PDBSW-7-3", PLAN_ON, "met", 0.19, False),
        ("PDBSW-1-3", "2018-05-01", "not_evaluable", None, False),
    ],
)
async def test_c8_a_target_of_s0_is_judged_exactly_as_it_is_printed(
    trusts: Trusts, code: str, on: str, verdict: str, value: float | None, *, assumed: bool
) -> None:
    target = await trusts.kestrel.one("targets", code)
    (told,) = (await trusts.kestrel.get(f"targets/{target['id']}/evaluation", on=on))["academies"]

    assert (told["verdict"], told["value"], told["comparatorAssumed"]) == (verdict, value, assumed)


async def test_c8_demo_every_target_has_the_verdict_of_the_readings_listed(trusts: Trusts) -> None:
    demo, on = trusts.demo, "2026-11-20"
    esk = {plan["code"]: plan["id"] for plan in await demo.all("plans")}["esk-2026"]
    targets = {one["code"]: one for one in await demo.all("targets", planId=esk)}
    phases = {one["id"]: one for one in await demo.all("plan-phases", planId=esk)}
    everybody = (await demo.one("pupil-groups", "all"))["id"]
    readings = [one for one in await demo.every("readings") if one["academyCode"] == "ESK" and one["current"]]
    told = await demo.get(f"plans/{esk}/evaluations", on=on)

    expected = {}
    for code, target in targets.items():
        phase, group = phases[target["phaseId"]], None if target["groupId"] == everybody else target["groupId"]
        mine = [
            one for one in readings
            if (one["metricCode"], one["groupId"]) == (target["metric"], group)
            and phase["startsOn"] <= one["endsOn"] <= min(on, phase["endsOn"])
        ]  # fmt: skip
        value = max(mine, key=lambda one: str(one["endsOn"]))["value"] if mine else None
        met = value is not None and COMPARED[target["comparator"]](exact(value), exact(target["value"]))
        expected[code] = ("not_evaluable" if value is None else "met" if met else "not_met", value)
    verdicts = {one["code"]: one["academies"][0] for one in told["targets"]}
    assert {code: (one["verdict"], one["value"]) for code, one in verdicts.items()} == expected
    assert told["byVerdict"] == Counter(verdict for verdict, _ in expected.values())
    assert set(told["byVerdict"]) == {"met", "not_met", "not_evaluable"}


async def test_c8_demo_most_figures_that_the_first_plan_promises_for_this_phase_can_be_judged(trusts: Trusts) -> None:
    plan = await trusts.demo.one("plans", "ald-2026")
    told = await trusts.demo.get(f"plans/{plan['id']}/evaluations", on="2026-11-20")
    in_force = [one for one in told["targets"] if one["kind"] == "numeric" and one["endsOn"] == "2026-12-31"]
    judged = [one for one in in_force if one["academies"][0]["verdict"] in {"met", "not_met"}]

    assert len(in_force) == 4
    assert 2 * len(judged) >= len(in_force)


async def test_c9_what_is_expected_by_a_day_of_s0_is_the_last_point_and_a_line_only_if_asked_for(
    trusts: Trusts,
) -> None:
    target = await trusts.kestrel.one("targets", "PDBSW-1-2")
    address = f"targets/{target['id']}/evaluation"
    steps = (await trusts.kestrel.get(address, on="2017-12-01"))["academies"][0]["trajectory"]
    line = (await trusts.kestrel.get(address, on="2017-12-01", interpolate="true"))["academies"][0]["trajectory"]

    assert [one["value"] for one in steps["points"]] == [91.8, 92.3, 92.8, 92.8]
    assert (steps["rule"], steps["expected"]) == ("trajectory.stepwise", 91.8)
    assert line["rule"] == "trajectory.linear_between_points"
    assert float(line["expected"]) == pytest.approx(91.8 + 0.5 * 31 / 61)


async def test_c9_the_same_climb_stands_on_other_days_in_two_priorities_of_s1(trusts: Trusts) -> None:
    (plan,) = await trusts.larkfield.all("plans")
    told = await trusts.larkfield.get(f"plans/{plan['id']}/evaluations", on="2015-01-31")

    ways = {one["code"]: one["academies"][0]["trajectory"]["points"] for one in told["milestones"]}
    assert [[one["value"] for one in ways[code]] for code in ("P1-MS-4", "P3-MS-4")] == [[80, 85, 90, 90]] * 2
    assert [one["on"] for one in ways["P1-MS-4"]] != [one["on"] for one in ways["P3-MS-4"]]


async def test_c9_demo_a_target_is_led_up_to_by_its_milestones_and_itself(trusts: Trusts) -> None:
    demo = trusts.demo
    led = 0
    for plan in await demo.all("plans"):
        told = await demo.get(f"plans/{plan['id']}/evaluations", on="2027-06-01")
        phases = {one["id"]: one for one in await demo.all("plan-phases", planId=plan["id"])}
        served = await demo.all("objective-targets", planId=plan["id"])
        milestones = await demo.all("milestones", planId=plan["id"])
        targets = {one["id"]: one for one in await demo.all("targets", planId=plan["id"])}
        for one in told["targets"]:
            target = targets[one["id"]]
            end = str(phases[target["phaseId"]]["endsOn"])
            if target["kind"] != "numeric" or not end.startswith("2027-08"):
                continue
            objectives = {link["objectiveId"] for link in served if link["targetId"] == target["id"]}
            points = {(end, target["value"])} | {
                (str(each["dueEndsOn"]), each["value"]) for each in milestones
                if each["objectiveId"] in objectives and each["value"] is not None
                and (each["metric"], each["groupId"]) == (target["metric"], target["groupId"])
            }  # fmt: skip
            (way,) = (each["trajectory"] for each in one["academies"])
            past = sorted(point for point in points if point[0] <= "2027-06-01")
            led += len(past)

            assert {(point["on"], point["value"]) for point in way["points"]} == points
            assert way["expected"] == (past[-1][1] if past else None), one["code"]
    assert led > 3


# C10 Group gap


async def test_c10_the_disadvantaged_of_s0_are_14_7_behind_others_nationally(trusts: Trusts) -> None:
    asked = {"metric": "attainment-8", "group": "disadvantaged", "on": PLAN_ON}
    told = await trusts.kestrel.of("KHS", "gap", other="england_other", **asked)
    alone = await trusts.kestrel.of("KHS", "gap", other="pp", **asked)

    assert (told["gap"], told["behind"], told["rule"]) == (-14.7, 14.7, "gap.group_minus_other")
    assert (alone["gap"], alone["reason"]) == (None, "comparator_missing")


async def test_c10_demo_a_gap_is_the_difference_of_two_readings_of_one_term(trusts: Trusts) -> None:
    compared = 0
    readings = {
        (one["academyCode"], one["groupCode"]): one["value"] for one in await trusts.demo.all("readings")
        if one["current"] and (one["metricCode"], one["endsOn"]) == ("attendance-rate", SUMMER) and not one["official"]
    }  # fmt: skip
    for academy in trusts.demo.academies:
        told = await trusts.demo.of(academy, "gap", metric="attendance-rate", group="pp", other="all", on=SUMMER)
        values = [readings.get((academy, group)) for group in ("pp", None)]
        if None in values:
            assert told["gap"] is None
            continue
        compared += 1
        gap = exact(values[0]) - exact(values[1])

        assert (exact(told["gap"]), exact(told["behind"])) == (gap, -gap)
    assert compared > 6


# C11 Period rates


async def test_c11_of_nightly_rows_there_are_as_yet_readings_to_date_with_numerator_and_denominator_in_a_series(
    trusts: Trusts,
) -> None:
    """Nightly rows come with the imports; what they will be worked out to is what a series tells."""
    kestrel = trusts.kestrel
    metric = {"code": "attendance-to-date", "label": "attendance so far", "unit": "%", "basis": "period_to_date",
              "numerator": "sessions attended", "denominator": "sessions possible", "direction": "higher"}  # fmt: skip
    await create(kestrel.client, "metrics", metric)
    rows = [("2017-10-20", 92.5, 9250, 10000), ("2017-12-21", 91.8, 18360, 20000)]
    readings = [
        {"metric": metric["code"], "academy": "KHS", "grain": "window", "startsOn": "2017-09-04", "endsOn": last,
         "value": value, "numerator": part, "denominator": whole}
        for last, value, part, whole in rows
    ]  # fmt: skip
    await create(kestrel.client, "reading-batches", {"source": "registers", "readings": readings})
    told = await kestrel.of("KHS", "series", metric=metric["code"])

    assert (told["metric"]["basis"], told["rule"]) == ("period_to_date", "series.lines_end_at_hard_breaks")
    (line,) = told["lines"]
    assert [(p["startsOn"], p["endsOn"], p["value"], p["numerator"], p["denominator"]) for p in line["points"]] == [
        ("2017-09-04", *row) for row in rows
    ]


async def test_c11_demo_a_series_is_the_readings_of_its_terms_and_each_is_its_numerator_over_its_denominator(
    trusts: Trusts,
) -> None:
    for academy in trusts.demo.academies:
        told = await trusts.demo.of(academy, "series", metric="attendance-rate", on=SUMMER)
        points = [point for line in told["lines"] for point in line["points"]]
        listed = sorted(
            (one["endsOn"], one["value"]) for one in await trusts.demo.all("readings")
            if one["current"] and not one["official"] and one["groupCode"] is None
            and (one["metricCode"], one["academyCode"]) == ("attendance-rate", academy) and one["endsOn"] <= SUMMER
        )  # fmt: skip

        assert [(one["endsOn"], one["value"]) for one in points] == listed
        assert len(points) == 6
        for one in points:
            if one["value"] is not None:
                rate = 100 * exact(one["numerator"]) / exact(one["denominator"])
                assert abs(rate - exact(one["value"])) < Decimal("0.06")


# C12 Overdue and due soon, and C13 completion


async def progress_of(trust: Trust, plan: str) -> Any:
    ids = {one["code"]: one["id"] for one in await trust.all("plans")}
    return await trust.get(f"plans/{ids[plan]}/progress")


async def test_c12_107_actions_of_s0_are_overdue_and_16_never_because_their_date_is_unresolved(trusts: Trusts) -> None:
    told = await progress_of(trusts.kestrel, "poap")
    actions = await trusts.kestrel.all("actions")

    assert (told["actions"]["overdue"], told["actions"]["dueSoon"], told["milestones"]["overdue"]) == (107, 0, 95)
    assert [one["isOverdue"] for one in actions].count(True) == 107
    unresolved = Counter(one["dueKind"] for one in actions if not one["isOverdue"])
    assert unresolved.total() == 16
    assert all(one["dueEndsOn"] is None for one in actions if not one["isOverdue"])


async def test_c12_demo_overdue_is_what_is_open_past_its_day_and_soon_within_a_fortnight(trusts: Trusts) -> None:
    for plan in await trusts.demo.all("plans"):
        told = await progress_of(trusts.demo, plan["code"])
        on = date.fromisoformat(told["on"])
        actions = await trusts.demo.all("actions", planId=plan["id"])
        ends = [
            date.fromisoformat(one["dueEndsOn"]) for one in actions
            if one["dueEndsOn"] and one["status"] in {"not_started", "in_progress"}
        ]  # fmt: skip
        milestones = await trusts.demo.all("milestones", planId=plan["id"])
        late = [
            one for one in milestones
            if one["status"] in {"planned", "in_progress"} and one["dueEndsOn"] and one["dueEndsOn"] < told["on"]
        ]  # fmt: skip

        assert told["actions"]["overdue"] == sum(one < on for one in ends)
        assert told["actions"]["dueSoon"] == sum(on <= one <= on + timedelta(days=14) for one in ends)
        assert told["milestones"]["overdue"] == len(late)


async def test_c13_s0_counts_123_actions_beside_4_cross_references_and_its_milestones_by_area(trusts: Trusts) -> None:
    told = await progress_of(trusts.kestrel, "poap")

    assert (told["actions"]["total"], told["crossReferences"]) == (123, 4)
    assert {one["code"]: one["milestones"]["total"] for one in told["byArea"]} == {
        "LM": 16 + 14 + 14, "TLA": 3 * 8, "OUT": 3 * 3, "PDBSW": 3 * 6,
    }  # fmt: skip
    assert [one["milestones"]["total"] for one in told["byWindow"]] == [33, 31, 31]


async def test_c13_demo_what_is_done_is_counted_by_area_objective_and_window(trusts: Trusts) -> None:
    for plan in await trusts.demo.all("plans"):
        told = await progress_of(trusts.demo, plan["code"])
        actions = await trusts.demo.all("actions", planId=plan["id"])
        milestones = await trusts.demo.all("milestones", planId=plan["id"])
        done = Counter(one["areaCode"] for one in actions if one["status"] == "complete")
        all_of = Counter(one["areaCode"] for one in actions)
        windows = {one["id"]: one["code"] for one in await trusts.demo.all("milestone-windows", planId=plan["id"])}
        counted = [one for one in actions if one["status"] != "cancelled"]
        complete = sum(one["status"] == "complete" for one in counted)

        assert told["actions"]["complete"] == complete
        if counted:
            assert exact(told["actions"]["percentComplete"]) == shown(complete, len(counted))
        assert {
            one["code"]: (one["actions"]["total"], one["actions"]["complete"]) for one in told["byArea"]
            if one["actions"]["total"]
        } == {code: (all_of[code], done[code]) for code in all_of}  # fmt: skip
        objectives = {
            one["code"]: one["actions"]["total"]
            for one in told["byObjective"]
            if one["code"] and one["actions"]["total"]
        }
        assert objectives == Counter(one["objectiveCode"] for one in actions if one["objectiveCode"])
        assert {
            one["code"]: one["milestones"]["total"] for one in told["byWindow"] if one["code"]
        } == Counter(windows[one["windowId"]] for one in milestones if one["windowId"])  # fmt: skip


# C14 Next review due


@pytest.mark.parametrize(
    ("trust", "academy", "cadence", "on", "days"),
    [
        ("plover", "ashcombe", "1-QA-1", "2023-10-01", ("2023-10-16", "2023-10-16")),
        ("plover", "brookfield", "2-ACT-20", "2024-09-10", ("2024-09-30", "2024-10-14")),
        ("plover", "ashcombe", "1-QA-2", "2023-10-01", (None, None)),
        ("avocet", "SALTPAN", "2-governance-review", "2024-02-01", ("2024-10-02", "2024-10-02")),
        ("avocet", "BRACKWATER", "3-governance-review", "2024-02-01", ("2025-09-01", "2025-09-01")),
        ("avocet", "AVOCET", "4-governance-review", "2024-02-01", ("2027-09-01", "2027-09-01")),
    ],
)
async def test_c14_the_next_review_is_due_by_the_cadence_that_s3_or_s4_prints(
    trusts: Trusts, trust: str, academy: str, cadence: str, on: str, days: tuple[str | None, str | None]
) -> None:
    asked: Trust = getattr(trusts, trust)
    told = await asked.get("reviews-due", on=on)

    (found,) = (
        one for one in told["items"] + told["withoutDate"]
        if (one["academy"]["code"], one["cadenceCode"]) == (academy, cadence)
    )  # fmt: skip
    assert (found["dueFrom"], found["dueTo"]) == days
    assert (found["noDueDate"] is None) == (days[0] is not None)


async def test_c14_demo_a_review_every_so_many_weeks_is_counted_from_the_last_one_held(trusts: Trusts) -> None:
    demo, edition = trusts.demo, await edition_2(trusts.demo)
    told = await demo.get("reviews-due", on=WORKED)
    rules = {one["id"]: one for one in await demo.all("cadence-rules", frameworkId=edition)}
    held = [one for one in await demo.all("reviews-held") if one["on"] <= WORKED]
    asked = 0
    for one in told["items"]:
        rule, academy = rules[one["cadenceId"]], one["academy"]["code"]
        if rule["unit"] != "week":
            continue
        asked += 1
        mine = [each["on"] for each in held if (each["academyCode"], each["cadenceRuleId"]) == (academy, rule["id"])]
        start = max(mine, default=(await stay_of(demo, academy, WORKED))[1])
        least = date.fromisoformat(start) + timedelta(weeks=rule["everyMin"])
        most = date.fromisoformat(start) + timedelta(weeks=rule["everyMax"] or rule["everyMin"])

        assert (one["lastHeld"], one["dueFrom"], one["dueTo"]) == (max(mine, default=None), str(least), str(most))
        assert (one["state"] == "overdue") == (str(most) < WORKED)
    assert asked > 3


async def stay_of(demo: Trust, academy: str, on: str) -> tuple[Row, str]:
    """The decision in force, and the first day of those in a row for its stage."""
    decisions = sorted(
        (one for one in await demo.all("category-decisions")
         if one["academyCode"] == academy and one["effectiveFrom"] <= on),
        key=lambda one: (one["effectiveFrom"], one["no"]),
    )  # fmt: skip
    since = decisions[-1]["effectiveFrom"]
    for one in reversed(decisions):
        if one["stageCode"] != decisions[-1]["stageCode"]:
            break
        since = one["effectiveFrom"]
    return decisions[-1], since


# C15 Entitlement against delivered


async def test_c15_two_days_a_term_of_s4_have_4_5_remaining_and_no_period_has_no_percentage(trusts: Trusts) -> None:
    ledger = await trusts.avocet.of("REEDBED", "support", on="2024-02-01")
    per_term, extra, hr = (offer_in(ledger, code) for code in ("1-SI-C2", "1-SI-E1", "1-HR-C4"))

    (total,) = per_term["totals"]
    assert (total["atLeast"], total["delivered"], total["remaining"], total["percent"]) == (6, 1.5, 4.5, 25)
    assert (extra["period"], {one["percent"] for one in extra["totals"]}) == (None, {None})
    assert (hr["totals"][0]["atMost"], hr["totals"][0]["overCap"]) == (10, 1)


async def test_c15_demo_what_remains_is_the_cap_or_the_least_of_all_periods_less_what_was_delivered(
    trusts: Trusts,
) -> None:
    demo = trusts.demo
    allocations = {one["id"]: one for one in await demo.all("support-allocations")}
    periods = {name: await demo.all(name) for name in ("terms", "half-terms")}
    compared = delivered_in_all = 0
    for academy in demo.academies:
        ledger = await demo.of(academy, "support", on=WORKED)
        first, last = max(ledger["startsOn"], ledger["since"]), ledger["endsOn"]
        for offer in ledger["offers"]:
            (total, *more) = offer["totals"] or [{"reading": None}]
            if total["reading"] != "as_printed" or total["why"] or offer["period"] not in {"year", "term", "half_term"}:
                continue
            of = {"term": "terms", "half_term": "half-terms"}.get(offer["period"])
            times = sum(one["startsOn"] <= last and one["endsOn"] >= first for one in periods[of]) if of else 1
            delivered = sum(
                exact(one["quantity"]) for one in await demo.all("support-deliveries")
                if allocations[one["allocationId"]]["entitlementRuleId"] == offer["id"]
                and allocations[one["allocationId"]]["academyId"] == demo.academies[academy]
                and first <= one["on"] <= WORKED
            )  # fmt: skip
            least, most = (
                None if offer[name] is None else times * exact(offer[name]) for name in ("quantityMin", "quantityMax")
            )
            compared += 1
            delivered_in_all += bool(delivered)
            promised, up_to = (least if least is not None else most), (most if most is not None else least)
            assert promised is not None
            assert up_to is not None

            assert (more, total["times"], exact(total["delivered"])) == ([], times, delivered), (academy, offer["code"])
            assert exact(total["remaining"]) == max(up_to - delivered, Decimal(0))
            assert exact(total["percent"]) == shown(delivered, promised)
    assert compared > 24
    assert delivered_in_all > 6


# C16 Stage duration watch


async def test_c16_12_to_18_months_of_s2_and_6_to_12_weeks_of_s3_end_on_their_days(trusts: Trusts) -> None:
    merlin = [(await trusts.merlin.of("fellside", "category", on=on))["stay"] for on in ("2025-03-01", "2025-03-02")]
    plover = (await trusts.plover.of("ashcombe", "category", on="2023-11-01"))["stay"]
    avocet = (await trusts.avocet.of("REEDBED", "category", on="2024-02-01"))["stay"]

    assert [(one["expectedFrom"], one["expectedTo"], one["overstayed"]) for one in merlin] == [
        ("2024-09-01", "2025-03-01", False),
        ("2024-09-01", "2025-03-01", True),
    ]
    assert (plover["expectedFrom"], plover["expectedTo"]) == ("2023-10-16", "2023-11-27")
    assert (avocet["expectedTo"], avocet["overstayed"], avocet["whyNoEnd"]) == (None, None, "no_duration")


def after(start: str, count: int | None, unit: str) -> str | None:
    """So many weeks, months or years later; the demo enters no stage on a day that a month may lack."""
    if count is None:
        return None
    day = date.fromisoformat(start)
    if unit == "week":
        return str(day + timedelta(weeks=count))
    months = day.month - 1 + count * (12 if unit == "year" else 1)
    return str(day.replace(year=day.year + months // 12, month=months % 12 + 1))


async def test_c16_demo_a_stay_ends_as_its_stage_says_counted_from_the_first_decision_in_a_row(trusts: Trusts) -> None:
    on = "2026-11-22"
    told = await trusts.demo.get("categories", on=on)
    stages = {one["id"]: one for one in await trusts.demo.all("maturity-stages")}
    assert len(told["academies"]) == 12
    overstayed = 0
    for one in told["academies"]:
        decision, since = await stay_of(trusts.demo, one["academy"], on)
        stage, stay = stages[decision["stageId"]], one["stay"]
        days = (date.fromisoformat(on) - date.fromisoformat(since)).days

        assert (one["decision"]["id"], stay["since"], stay["days"]) == (decision["id"], since, days)
        if stage["openEnded"]:
            assert (stay["expectedTo"], stay["whyNoEnd"]) == (None, "open_ended")
            continue
        end = after(since, stage["durationMax"], stage["durationUnit"])
        assert end is not None
        assert (stay["expectedTo"], stay["overstayed"]) == (end, end < on)
        if stage["durationMin"] is not None:
            assert stay["expectedFrom"] == after(since, stage["durationMin"], stage["durationUnit"])
        overstayed += end < on
    assert told["overstayed"] == overstayed


# C17 Budget totals


async def test_c17_the_budget_of_s0_adds_up_to_its_printed_total_of_which_20_000_is_provisional(trusts: Trusts) -> None:
    told = await trusts.kestrel.get("budget-totals")

    (total,) = told["totals"]
    assert [total[name] for name in ("printedTotal", "computedTotal", "confirmedTotal", "provisionalTotal")] == [
        89270, 2000 + 11270 + 15000 + 5000 + 36000 + 20000, 69270, 20000,
    ]  # fmt: skip
    assert (total["reconciles"], total["fullyConfirmed"]) == (True, False)


async def test_c17_demo_budgets_are_the_sums_of_their_lines(trusts: Trusts) -> None:
    told = await trusts.demo.get("budget-totals")
    lines = await trusts.demo.all("budget-lines")
    for one in told["items"]:
        mine = [line for line in lines if line["budgetId"] == one["id"]]
        provisional = sum(line["amount"] for line in mine if line["status"] == "provisional")

        assert one["computedTotal"] == sum(line["amount"] for line in mine)
        assert (one["provisionalTotal"], one["confirmedTotal"]) == (provisional, one["computedTotal"] - provisional)
        assert one["reconciles"] == (one["printedTotal"] == one["computedTotal"])
    (total,) = told["totals"]
    assert (total["budgets"], total["computedTotal"]) == (len(told["items"]), sum(line["amount"] for line in lines))


# C18 Coverage gaps


async def test_c18_nothing_measures_two_targets_of_s0_and_no_number_rates_20_of_28_lines_of_s4(trusts: Trusts) -> None:
    (poap,), (standards,) = await trusts.kestrel.all("plans"), await trusts.larkfield.all("plans")
    s0 = await trusts.kestrel.get(f"plans/{poap['id']}/coverage")
    s1 = await trusts.larkfield.get(f"plans/{standards['id']}/coverage")
    (framework,) = await trusts.avocet.all("frameworks")
    s4 = await trusts.avocet.get(f"frameworks/{framework['id']}/coverage")

    unmeasured = {one["code"] for one in s0["targetsWithoutMilestone"]}
    assert {"PDBSW-5-2", "PDBSW-6-2"} <= unmeasured
    assert not {code for code in ("PDBSW-1-2", "PDBSW-2-2", "PDBSW-3-2", "PDBSW-4-2") if code in unmeasured}
    assert (s1["milestones"], s1["backed"], len(s1["criteriaWithoutTarget"])) == (69, 0, 69)
    assert (s4["lines"], s4["banded"], s4["lineGaps"]) == (28, 8, {"nothing": 14, "statements_only": 6})


async def test_c18_demo_what_has_no_link_and_no_band_is_listed(trusts: Trusts) -> None:
    demo, edition = trusts.demo, await edition_2(trusts.demo)
    told = await demo.get(f"frameworks/{edition}/coverage")
    bands = {one["indicatorId"] for one in await demo.all("bands", frameworkId=edition)}
    banded = {one["lineId"] for one in await demo.all("indicators", frameworkId=edition) if one["id"] in bands}
    lines = {one["id"]: one["code"] for one in await demo.all("assurance-lines", frameworkId=edition)}
    assert {one["code"] for one in told["linesWithoutBands"]} == {lines[one] for one in lines.keys() - banded}

    for plan in await demo.all("plans"):
        told = await demo.get(f"plans/{plan['id']}/coverage")
        links = await demo.all("objective-targets", planId=plan["id"])
        milestones = await demo.all("milestones", planId=plan["id"])
        with_milestones = {one["objectiveId"] for one in milestones if one["objectiveId"]}
        measured = {one["targetId"] for one in links if one["objectiveId"] in with_milestones}
        targets = await demo.all("targets", planId=plan["id"])
        aiming = {one["areaId"] for one in targets}
        serving = {one["objectiveId"] for one in links}
        unbacked = {
            one["code"] for one in milestones
            if (one["objectiveId"] not in serving if one["objectiveId"] else one["areaId"] not in aiming)
        }  # fmt: skip

        assert {one["code"] for one in told["targetsWithoutMilestone"]} == {
            one["code"] for one in targets if one["id"] not in measured
        }
        assert {one["code"] for one in told["criteriaWithoutTarget"]} == unbacked


# C19 Data quality list


@pytest.mark.parametrize("trust", ["kestrel", "larkfield", "merlin", "plover", "avocet", "demo"])
async def test_c19_flags_are_counted_by_code_and_by_document(trusts: Trusts, trust: str) -> None:
    asked: Trust = getattr(trusts, trust)
    told = await asked.get("data-quality-totals")
    flags = await asked.all("data-quality-flags")

    assert (told["flags"], told["resolved"]) == (len(flags), sum(one["resolvedAt"] is not None for one in flags))
    assert {one["code"]: one["flags"] for one in told["byCode"]} == Counter(one["code"] for one in flags)
    assert sum(one["flags"] for one in told["byDocument"]) == len(flags)


async def test_c19_the_16_dates_of_s0_that_cannot_be_resolved_and_its_provisional_amount_are_counted(
    trusts: Trusts,
) -> None:
    counts = {one["code"]: one["flags"] for one in (await trusts.kestrel.get("data-quality-totals"))["byCode"]}

    assert counts["due_unresolved"] + counts["due_missing"] == 16
    assert counts["amount_provisional"] == 1


# C20 Self-evaluation path


@pytest.mark.parametrize(
    ("reach", "at", "ranks", "standing"),
    [
        ("all", 3, (3, 3, 3, 3), "yes"), ("all", 3, (2, 3, 3, 4), "no"), ("majority", 2, (2, 2, 2, 3), "yes"),
        ("majority", 2, (2, 2, 3, 3), "no"), ("all", 3, (3, 3, "none", 3), "not_evaluable"),
        ("majority", 2, (2, 2, 2, "none"), "yes"),
    ],
)  # fmt: skip
async def test_c20_all_four_areas_of_s0_or_most_stand_where_its_plan_says(
    trusts: Trusts, reach: str, at: int, ranks: tuple[int | str, ...], standing: str
) -> None:
    told = await trusts.kestrel.get("calculations/self-evaluation", reach=reach, at=at, rank=list(ranks))

    assert (told["standing"], told["areas"]) == (standing, len(ranks))


async def test_c20_demo_the_areas_of_a_report_card_stand_as_their_ranks_say(trusts: Trusts) -> None:
    demo = trusts.demo
    grades = {one["code"]: one for one in await demo.all("inspection-grades")}
    asked = 0
    for academy in demo.academies:
        outcomes = [one for one in await demo.all("inspection-outcomes") if one["academyCode"] == academy]
        ranks = [
            grades[one["gradeCode"]]["rank"] for one in outcomes
            if one["gradeCode"].startswith("card-") and grades[one["gradeCode"]]["verdict"] == "graded"
        ]  # fmt: skip
        if not ranks:
            continue
        asked += 1
        for at in (2, 3, 4):
            all_of = await demo.get("calculations/self-evaluation", reach="all", at=at, rank=ranks)
            most = await demo.get("calculations/self-evaluation", reach="majority", at=at, rank=ranks)
            reached = sum(rank <= at for rank in ranks)

            assert (all_of["standing"] == "yes", all_of["reached"]) == (reached == len(ranks), reached)
            assert (most["standing"] == "yes") == (2 * reached > len(ranks))
    assert asked > 2


# C21 Hours of learning lost, and C22 a cohort


async def test_c21_hours_lost_are_sessions_times_hours_and_unknown_without_hours_as_at_s0(trusts: Trusts) -> None:
    told = await trusts.kestrel.get("calculations/hours-lost", missedSessions=11, hoursPerSession="2.75")
    unknown = await trusts.kestrel.get("calculations/hours-lost", missedSessions=11)

    assert (told["hoursLost"], told["rule"]) == (30.25, "attendance.hours_lost")
    assert (unknown["hoursPerSession"], unknown["hoursLost"]) == (None, None)


async def test_c21_demo_the_sessions_of_a_term_that_were_missed_are_told_in_hours(trusts: Trusts) -> None:
    asked = 0
    for one in await trusts.demo.all("readings"):
        if one["metricCode"] == "attendance-rate" and one["endsOn"] == SUMMER and one["denominator"]:
            missed = one["denominator"] - one["numerator"]
            told = await trusts.demo.get("calculations/hours-lost", missedSessions=missed, hoursPerSession="3.25")
            asked += 1

            assert exact(told["hoursLost"]) == exact(missed) * Decimal("3.25")
    assert asked >= len(trusts.demo.academies)


async def test_c22_a_quarter_of_a_cohort_of_s2_is_told_exactly_and_in_whole_pupils(trusts: Trusts) -> None:
    told = await trusts.merlin.get("calculations/cohort-share", size=182)

    assert (told["share"], told["exact"], told["pupils"], told["rounding"]) == (25, 45.5, 46, "half_away_from_zero")


async def test_c22_demo_a_quarter_of_each_academys_pupils_is_rounded_half_up(trusts: Trusts) -> None:
    sizes = {
        one["denominator"] for one in await trusts.demo.all("readings")
        if one["metricCode"] == "persistent-absence-rate" and one["endsOn"] == SUMMER and one["denominator"]
    }  # fmt: skip
    assert len(sizes) > 5
    for size in sizes:
        told = await trusts.demo.get("calculations/cohort-share", size=size)
        quarter = exact(size) / 4

        assert (exact(told["exact"]), told["pupils"]) == (quarter, int(quarter.quantize(Decimal(1), ROUND_HALF_UP)))


# C23 Trust benchmarking


async def test_c23_three_academies_of_s4_spread_over_31_points_and_the_others_are_listed(trusts: Trusts) -> None:
    metric = await trusts.avocet.one("metrics", "attendance")
    told = await trusts.avocet.get(f"metrics/{metric['id']}/spread", on="2024-03-31")

    assert [told[name] for name in ("median", "lowest", "highest", "range", "label")] == [60, 40, 71, 31, "spread"]
    assert {one["code"]: one["because"] for one in told["excluded"]} == dict.fromkeys(
        ("AVOCET", "BRACKWATER", "TIDEPOOL"), "no_reading"
    )


@pytest.mark.parametrize("metric", ["attendance-rate", "persistent-absence-rate", "suspension-rate", "outcomes-gap"])
async def test_c23_demo_median_and_range_are_those_of_the_latest_readings(trusts: Trusts, metric: str) -> None:
    demo, on = trusts.demo, "2026-08-31"
    asked = await demo.one("metrics", metric)
    told = await demo.get(f"metrics/{asked['id']}/spread", on=on)
    latest: dict[str, Row] = {}
    for one in sorted(await demo.all("readings"), key=lambda one: str(one["endsOn"])):
        if str(one["endsOn"]) > on or not one["current"]:
            continue
        if one["metricCode"] == metric and one["academyCode"] and one["groupCode"] is None:
            latest[one["academyCode"]] = one
    values = [exact(one["value"]) for one in latest.values() if one["value"] is not None]

    assert exact(told["median"]) == median(values)
    assert (exact(told["lowest"]), exact(told["highest"])) == (min(values), max(values))
    assert exact(told["range"]) == max(values) - min(values)
    assert {one["code"] for one in told["included"]} | {one["code"] for one in told["excluded"]} == set(demo.academies)
    assert len(told["included"]) == len(values)
