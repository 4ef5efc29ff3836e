"""The load map, budgets across a trust and the rules asked with figures, over HTTP."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.domain.budget_totals import BudgetFigures
from app.domain.roles import Permission
from app.queries.budget_totals import TrustBudgets
from app.queries.data_quality import DataQualityTotals
from app.queries.load_map import TrustLoad
from tests.api.samples import create
from tests.conftest import Installation
from tests.doors.asking import Door, figures_of

S0, S1 = figures_of("s0"), figures_of("s1")
HALF_TERMS = (("2017-09-04", "2017-10-19"), ("2017-10-30", "2017-12-21"), ("2018-01-08", "2018-02-08"))


async def load_of(client: httpx.AsyncClient, **asked: Any) -> Any:
    answer = await client.get("/v1/load-map", params={"from": "2017-09-01", "to": "2018-08-31", **asked})
    assert answer.status_code == 200, answer.text
    TrustLoad.model_validate_json(answer.content)
    return answer.json()


@pytest.fixture
async def calendared(packed: Installation) -> AsyncIterator[httpx.AsyncClient]:
    """Kestrel with an academic year, the two halves of its autumn and the first of its spring."""
    async with packed.client(await packed.key("kestrel")) as client:
        year = {"code": "2017/18", "startsOn": "2017-09-01", "endsOn": "2018-08-31"}
        year_id = (await create(client, "academic-years", year))["id"]
        for term_no, name, halves in ((1, "autumn", HALF_TERMS[:2]), (2, "spring", HALF_TERMS[2:])):
            term = {"no": term_no, "name": name, "startsOn": halves[0][0], "endsOn": halves[-1][1]}
            term_id = (await create(client, "terms", {"academicYearId": year_id, **term}))["id"]
            for no, (first, last) in enumerate(halves, 1):
                await create(client, "half-terms", {"termId": term_id, "no": no, "startsOn": first, "endsOn": last})
        yield client


async def test_every_dated_record_falls_in_a_half_term_a_holiday_or_beyond_the_calendar(
    calendared: httpx.AsyncClient,
) -> None:
    load = await load_of(calendared)
    ends = S0["actions_with_month_window_ending"]

    # What is due in December is due in autumn; the end of December lies in the holiday.
    names = ["autumn 1, 2017/18", "autumn 2, 2017/18", "spring 1, 2017/18"]
    assert [(one["startsOn"], one["endsOn"]) for one in load["halfTerms"]] == list(HALF_TERMS)
    assert {one["name"]: one["byKind"] for one in load["halfTerms"]} == dict(
        zip(
            names,
            (
                {"action": ends["2017-09-05"] + ends["2017-09-30"]},
                {
                    "action": ends["2017-10-31"] + ends["2017-11-30"] + ends["2017-12-31"],
                    "milestone": S0["milestones_by_window"]["1"],
                    "review": 1,
                },
                {"action": ends["2018-01-31"]},
            ),
            strict=True,
        )
    )
    assert Counter((one["rule"], one["kind"]) for one in load["warnings"]) == {
        ("load.in_holiday", "milestone"): S0["milestones_by_window"]["2"],
        ("load.in_holiday", "review"): 1,
    }
    assert Counter(one["kind"] for one in load["beyondCalendar"]) == {
        "action": ends["2018-03-31"],
        "milestone": S0["milestones_by_window"]["3"],
        "review": 1,
    }


async def test_a_half_term_is_told_whole_however_few_of_its_days_are_asked_for(calendared: httpx.AsyncClient) -> None:
    year = await load_of(calendared)

    for half_term in year["halfTerms"]:
        day = half_term["endsOn"]
        of_a_day = await load_of(calendared, **{"from": day, "to": day})
        assert of_a_day["halfTerms"] == [half_term]
        assert (of_a_day["warnings"], of_a_day["beyondCalendar"]) == ([], [])


async def test_too_much_on_one_person_in_a_half_term_collides(calendared: httpx.AsyncClient) -> None:
    usual, high = await load_of(calendared), await load_of(calendared, limit=1000)
    half_term = usual["halfTerms"][0]

    heavy = {one["code"]: one["total"] for one in half_term["people"] if one["id"] and one["total"] > 8}
    assert heavy
    assert {one["code"]: one["due"] for one in half_term["collisions"]} == heavy
    assert (usual["limit"], high["limit"]) == (8, 1000)
    assert [one["collisions"] for one in high["halfTerms"]] == [[], [], []]
    (academy,) = half_term["academies"]
    assert (academy["code"], academy["total"]) == ("KHS", half_term["total"])


async def test_the_last_friday_of_a_half_term_is_warned_of(calendared: httpx.AsyncClient) -> None:
    plan = (await calendared.get("/v1/plans")).json()["items"][0]
    area = (await calendared.get("/v1/areas")).json()["items"][0]
    new = {"planId": plan["id"], "areaId": area["id"], "code": "NEW", "label": "a visit", "due": "13 October 2017"}
    await create(calendared, "actions", new)

    load = await load_of(calendared)

    (warned,) = (one for one in load["warnings"] if one["rule"] == "load.last_friday")
    assert (warned["code"], warned["sentence"]) == (
        "NEW",
        "NEW is due by 13 October 2017, on the last Friday of a half-term. Agree another day, or say why it stays.",
    )


async def test_without_a_calendar_everything_lies_beyond_it_and_steps_are_told(shared: Installation) -> None:
    async with shared.client(shared.keys["larkfield"]) as client:
        door = Door(client)
        load = await door.get("load-map", **{"from": "2013-01-01", "to": "2015-12-31"})
        steps = await door.count("action-steps", dueResolved="true")
        (academy, *_) = await door.every("academies")
        of_one = await door.get("load-map", **{"from": "2013-01-01", "to": "2015-12-31", "academyId": academy["id"]})

    kinds = Counter(one["kind"] for one in load["beyondCalendar"])
    assert (load["halfTerms"], load["warnings"]) == ([], [])
    assert kinds == {"step": steps, "milestone": S1["success_criteria"] - S1["undated_criteria"]}
    assert of_one["beyondCalendar"] == load["beyondCalendar"], "the plan is for both academies"


async def test_what_is_cancelled_falls_due_no_more_and_the_map_ends_after_it_starts(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        before = await load_of(client)
        action = (await client.get("/v1/actions", params={"code": "L1-A1"})).json()["items"][0]
        change = {"If-Match": '"v1"', "Content-Type": "application/merge-patch+json"}
        await client.patch(f"/v1/actions/{action['id']}", json={"status": "cancelled"}, headers=change)
        after = await load_of(client)
        backwards = await client.get("/v1/load-map", params={"from": "2018-01-01", "to": "2017-12-31"})

    gone = {one["code"] for one in before["beyondCalendar"]} - {one["code"] for one in after["beyondCalendar"]}
    assert gone == {"L1-A1"}
    assert (backwards.status_code, backwards.json()["detail"]) == (
        422,
        "The last day comes before the first. Put from and to in order.",
    )


async def test_a_map_without_days_is_of_the_academic_year(shared: Installation) -> None:
    async with shared.client(shared.keys["kestrel"]) as client:
        load = await Door(client).get("load-map")
        later = await Door(client).get("load-map", **{"from": "2026-01-15"})

    first, last = date.fromisoformat(load["startsOn"]), date.fromisoformat(load["endsOn"])
    assert (first.month, first.day, last + timedelta(days=1)) == (9, 1, first.replace(year=first.year + 1))
    assert (later["startsOn"], later["endsOn"]) == ("2026-01-15", "2026-08-31")


async def test_a_map_and_totals_hold_nothing_of_an_academy_out_of_sight(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        new = {"code": "OTHER", "name": "Another academy", "type": "converter", "phaseOfEducation": "primary"}
        other = (await client.post("/v1/academies", json=new)).json()
        plan = (await client.get("/v1/plans")).json()["items"][0]
    elsewhere = await packed.key("kestrel", academy_ids=[UUID(other["id"])])
    other_trust = await packed.key("larkfield")
    blind = await packed.key("kestrel", scopes=[Permission.READ_EVENTS])

    async with packed.client(elsewhere) as client:
        load = await load_of(client)
        totals = (await client.get("/v1/budget-totals")).json()
        named = await client.get("/v1/budget-totals", params={"planId": plan["id"]})
    async with packed.client(other_trust) as client:
        foreign = await client.get("/v1/budget-totals", params={"planId": plan["id"]})
    async with packed.client(blind) as client:
        refused = {(await client.get(f"/v1/{path}")).status_code for path in ("load-map", "budget-totals")}

    assert (load["beyondCalendar"], totals["items"], totals["totals"]) == ([], [], [])
    assert (named.status_code, foreign.status_code, refused) == (404, 404, {403})


async def test_budgets_are_told_printed_computed_confirmed_and_provisional(shared: Installation) -> None:
    async with shared.client(shared.keys["kestrel"]) as client:
        answer = await client.get("/v1/budget-totals")

    budgets = TrustBudgets.model_validate_json(answer.content)
    money = {
        "currency": "GBP", "printedTotal": 89270, "computedTotal": 89270, "confirmedTotal": 69270,
        "provisionalTotal": 20000, "reconciles": True, "fullyConfirmed": False,
    }  # fmt: skip
    assert [one.model_dump(include=set(money)) for one in budgets.items] == [money]
    assert [one.model_dump() for one in budgets.totals] == [{**money, "budgets": 1}]


async def test_the_database_and_the_rule_agree_on_what_reconciles(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        phase = (await client.get("/v1/plan-phases", params={"code": "1"})).json()["items"][0]
        for code, printed, amount in (("X1", 1200, 1200.5), ("X2", None, 10), ("X3", 10, None), ("X4", 7.1, 7.1)):
            budget = {"planId": phase["planId"], "phaseId": phase["id"], "code": code, "printedTotal": printed}
            made = await create(client, "budgets", {name: value for name, value in budget.items() if value is not None})
            if amount is not None:
                line = {"code": f"{code}-1", "no": 1, "label": "cover", "amount": amount, "status": "confirmed"}
                await create(client, "budget-lines", {"planId": phase["planId"], "budgetId": made["id"], **line})
        answer = await client.get("/v1/budget-totals", params={"planId": phase["planId"]})

    budgets = TrustBudgets.model_validate_json(answer.content)
    told = {one.code: (one.reconciles, one.fullyConfirmed) for one in budgets.items}
    by_rule = {
        one.code: BudgetFigures(
            currency=one.currency, printed=one.printedTotal, computed=one.computedTotal, confirmed=one.confirmedTotal,
            provisional=one.provisionalTotal, lines=1, provisional_lines=0,
        ).reconciles
        for one in budgets.items
    }  # fmt: skip
    assert told == {
        "B2": (True, False),
        "X1": (False, True),
        "X2": (None, True),
        "X3": (False, None),
        "X4": (True, True),
    }
    assert by_rule == {code: reconciles for code, (reconciles, _) in told.items()}
    assert budgets.totals[0].printedTotal is None


async def test_flags_are_counted_by_fault_and_by_document(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        (flag, *_) = (await client.get("/v1/data-quality-flags", params={"code": "due_short_form"})).json()["items"]
        headers = {"If-Match": '"v1"', "Idempotency-Key": "once"}
        answer = await client.post(
            f"/v1/data-quality-flags/{flag['id']}/resolution", json={"resolution": "A month."}, headers=headers
        )
        assert answer.status_code == 200, answer.text
        flags = await Door(client).every("data-quality-flags", planId=flag["planId"])
        totals = DataQualityTotals.model_validate(await Door(client).get("data-quality-totals", planId=flag["planId"]))

    codes = Counter(one["code"] for one in flags)
    assert (totals.flags, totals.resolved, totals.unresolved) == (len(flags), 1, len(flags) - 1)
    assert {one.code: one.flags for one in totals.byCode} == codes
    assert [one.resolved for one in totals.byCode if one.code == "due_short_form"] == [1]
    assert [(one.document, one.flags, one.byCode) for one in totals.byDocument] == [("S0", len(flags), codes)]


CALCULATIONS = {
    "hours-lost?missedSessions=11&hoursPerSession=2.75": {
        "rule": "attendance.hours_lost", "missedSessions": 11, "hoursPerSession": 2.75, "hoursLost": 30.25,
    },
    "hours-lost?missedSessions=11": {
        "rule": "attendance.hours_lost", "missedSessions": 11, "hoursPerSession": None, "hoursLost": None,
    },
    "cohort-share?size=182": {
        "rule": "cohort.share_of_year", "size": 182, "share": 25, "exact": 45.5, "pupils": 46,
        "rounding": "half_away_from_zero",
    },
    "self-evaluation?reach=all&at=3&rank=3&rank=2&rank=none": {
        "rule": "self_evaluation.areas_at", "reach": "all", "at": 3, "standing": "not_evaluable", "areas": 3,
        "reached": 2, "notReached": 0, "notJudged": 1,
    },
    "self-evaluation?reach=majority&at=3&rank=3&rank=2&rank=none": {
        "rule": "self_evaluation.areas_at", "reach": "majority", "at": 3, "standing": "yes", "areas": 3,
        "reached": 2, "notReached": 0, "notJudged": 1,
    },
}  # fmt: skip


@pytest.mark.parametrize("asked", CALCULATIONS)
async def test_a_rule_is_asked_with_figures(shared: Installation, asked: str) -> None:
    async with shared.client(shared.keys["kestrel"]) as client:
        answer = await client.get(f"/v1/calculations/{asked}")

    assert (answer.status_code, answer.json()) == (200, CALCULATIONS[asked])


async def test_figures_are_answered_only_to_those_who_may_read(packed: Installation) -> None:
    paths = ("hours-lost?missedSessions=1", "cohort-share?size=1", "self-evaluation?reach=all&at=1&rank=1")
    async with packed.client(await packed.key("kestrel", scopes=[Permission.READ_EVENTS])) as client:
        answers = {(await client.get(f"/v1/calculations/{path}")).status_code for path in paths}

    assert answers == {403}
