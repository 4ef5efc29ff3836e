"""Progress, checks and coverage over HTTP: the ledger's figures, and what changes and waivers make of them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from app.domain.roles import Permission
from app.queries.coverage import FrameworkCoverage, PlanCoverage
from app.queries.plan_checks import PlanChecks
from app.queries.progress import PlanProgress
from app.queries.published import Published
from tests.conftest import Installation
from tests.doors.asking import figures_of

S0, S1 = figures_of("s0"), figures_of("s1")
MODELS: dict[str, type[Published]] = {"progress": PlanProgress, "checks": PlanChecks, "coverage": PlanCoverage}


async def address(client: httpx.AsyncClient, what: str) -> str:
    (plan,) = (await client.get("/v1/plans")).json()["items"]
    return f"/v1/plans/{plan['id']}/{what}"


async def told(client: httpx.AsyncClient, what: str, **parameters: Any) -> Any:
    answer = await client.get(await address(client, what), params=parameters)
    assert answer.status_code == 200, answer.text
    MODELS[what].model_validate_json(answer.content)
    return answer.json()


async def asked(shared: Installation, trust: str, what: str) -> Any:
    async with shared.client(shared.keys[trust]) as client:
        return await told(client, what)


async def find(client: httpx.AsyncClient, plural: str, code: str) -> dict[str, Any]:
    (record,) = (await client.get(f"/v1/{plural}", params={"code": code})).json()["items"]
    return dict(record)


async def patch(client: httpx.AsyncClient, plural: str, code: str, **change: Any) -> None:
    record = await find(client, plural, code)
    headers = {"If-Match": f'"v{record["version"]}"', "Content-Type": "application/merge-patch+json"}
    answer = await client.patch(f"/v1/{plural}/{record['id']}", json=change, headers=headers)
    assert answer.status_code == 200, answer.text


def counts(parts: list[dict[str, Any]], group: str, name: str = "total") -> dict[str, int]:
    return {part["code"] or "(none)": part[group][name] for part in parts}


async def test_progress_counts_what_the_ledger_counts(shared: Installation) -> None:
    progress = await asked(shared, "kestrel", "progress")

    areas = S0["per_area"]
    assert (progress["actions"]["total"], progress["crossReferences"]) == (
        S0["own_actions"],
        S0["cross_reference_rows"],
    )
    assert counts(progress["byArea"], "actions") == {area: one["own_actions"] for area, one in areas.items()}
    assert counts(progress["byArea"], "milestones") == {
        area: sum(one["milestones"].values()) for area, one in areas.items()
    }
    assert counts(progress["byWindow"], "milestones") == {f"W{no}": n for no, n in S0["milestones_by_window"].items()}
    assert len(progress["byObjective"]) == S0["objectives"]
    assert counts(progress["byLead"], "actions") == {
        code.removesuffix("?"): count for code, count in S0["actions_by_owner_normalised"].items()
    }
    assert progress["actions"]["overdue"] == S0["actions_with_resolved_end"]
    assert len(progress["overdue"]) == S0["actions_with_resolved_end"] + S0["milestones"]
    days = [one["dueEndsOn"] for one in progress["overdue"]]
    assert days == sorted(days)


async def test_progress_of_a_plan_without_objectives_stands_under_its_priorities(shared: Installation) -> None:
    progress = await asked(shared, "larkfield", "progress")

    priorities = S1["actions_by_priority"]
    assert counts(progress["byArea"], "actions") == {f"P{no}": count for no, count in priorities.items()}
    assert counts(progress["byLead"], "actions") == S1["actions_led_by"]
    assert counts(progress["byObjective"], "actions") == {"(none)": S1["actions"]}
    assert progress["milestones"]["byTimeliness"]["unresolved"] == S1["undated_criteria"]


async def test_progress_follows_what_is_done_and_tells_late_from_on_time(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        before = await told(client, "progress")
        await patch(client, "actions", "L1-A1", status="complete")
        await patch(client, "actions", "L1-A2", status="cancelled")
        milestones = [await find(client, "milestones", code) for code in ("L1-M1-1", "L1-M1-2")]
        for milestone, day in zip(milestones, ("2017-10-31", "2017-11-01"), strict=True):
            where, version = f"/v1/milestones/{milestone['id']}/transitions", 1
            await client.post("/v1/evidence", json={"milestoneId": milestone["id"], "note": "Seen in lessons."})
            for to in ("in_progress", "submitted", "met"):
                headers = {"If-Match": f'"v{version}"', "Idempotency-Key": str(uuid4())}
                answer = await client.post(where, json={"to": to, "on": day}, headers=headers)
                assert answer.status_code == 200, answer.text
                version = answer.json()["version"]
        after = await told(client, "progress")

    (objective,) = (part for part in after["byObjective"] if part["code"] == "L1")
    actions = {"total": 7, "counted": 6, "complete": 1, "percentComplete": 16.7, "dueSoon": 0}
    met = {"total": 5, "counted": 5, "met": 2, "metOnTime": 1, "metLate": 1, "percentMet": 40.0}
    assert {name: objective["actions"][name] for name in actions} == actions
    assert {name: objective["milestones"][name] for name in met} == met
    assert after["milestones"]["overdue"] == before["milestones"]["overdue"] - 2
    assert len(after["overdue"]) == len(before["overdue"]) - 4


async def test_progress_as_it_was_is_what_it_said_then(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        then, before = datetime.now(UTC).isoformat(), await told(client, "progress")
        await patch(client, "actions", "L1-A1", status="complete")
        as_it_was = await told(client, "progress", asOf=then)
        now = await told(client, "progress")

    assert as_it_was == before
    assert now["actions"]["complete"] == 1


async def test_what_is_within_the_trusts_notice_is_due_soon(packed: Installation) -> None:
    soon = datetime.now(UTC).date() + timedelta(days=5)
    async with packed.client(await packed.key("kestrel")) as client:
        plan = (await client.get("/v1/plans")).json()["items"][0]
        objective = await find(client, "objectives", "L1")
        new = {
            "planId": plan["id"],
            "objectiveId": objective["id"],
            "code": "NEW",
            "label": "a visit",
            "due": f"{soon:%-d %B %Y}",
        }
        await client.post("/v1/actions", json=new)
        progress = await told(client, "progress")

    assert [(one["code"], one["dueEndsOn"]) for one in progress["dueSoon"]] == [("NEW", str(soon))]
    assert progress["actions"]["dueSoon"] == 1


def open_by_rule(checks: dict[str, Any]) -> dict[str, int]:
    return {one["rule"].removeprefix("plan."): one["open"] for one in checks["byRule"] if one["open"]}


def subjects(checks: dict[str, Any], rule: str) -> set[str]:
    return {one["code"] for one in checks["concerns"] if one["rule"] == f"plan.{rule}"}


async def test_the_checks_find_what_the_ledger_calls_odd(shared: Installation) -> None:
    checks = await asked(shared, "kestrel", "checks")

    found = open_by_rule(checks)
    assert found["action_without_lead"] == S0["actions_without_owner"]
    assert found["action_without_date"] == S0["actions_without_date"]
    assert subjects(checks, "action_without_date") == {"L5-A6", "T5-A3", "P1-A1", "P3-A2"}
    assert subjects(checks, "too_much_on_one") == {"ADo", "JWe", "WLe", "RCo"}
    assert subjects(checks, "target_easier") == {"OUT-5-3"}
    assert (checks["limit"], checks["open"], checks["waived"]) == (13, len(checks["concerns"]), 0)
    assert sum(found.values()) == checks["open"]


async def test_the_checks_of_a_plan_without_objectives(shared: Installation) -> None:
    checks = await asked(shared, "larkfield", "checks")

    assert open_by_rule(checks) == {
        "objective_without_measure": 1,
        "milestone_without_date": S1["undated_criteria"],
        "milestone_after_plan": S1["criteria_after_plan_end"],
        "too_much_on_one": 1,
        "out_of_sequence": 2,
    }
    assert subjects(checks, "objective_without_measure") == {"P2"}
    assert subjects(checks, "out_of_sequence") == {"P2-2.4/1", "P1-MS-16"}
    assert [one["rule"] for one in checks["notEvaluable"]] == ["plan.objective_without_evidence"]


async def test_a_waived_concern_is_told_apart_until_its_last_day(packed: Installation) -> None:
    rule, today = "plan.action_without_lead", datetime.now(UTC).date()
    async with packed.client(await packed.key("kestrel")) as client:
        plan = (await client.get("/v1/plans")).json()["items"][0]
        until = {"L2-A3": today + timedelta(days=2), "L3-A7": today - timedelta(days=2)}
        for code, day in until.items():
            action = await find(client, "actions", code)
            waiver = {"planId": plan["id"], "rule": rule, "subjectId": action["id"], "because": "x", "until": str(day)}
            made = await client.post("/v1/check-waivers", json=waiver)
            assert made.status_code == 201, made.text
        checks = await told(client, "checks")

    shown = {one["code"]: one for one in checks["concerns"] if one["rule"] == rule}
    (counted,) = (one for one in checks["byRule"] if one["rule"] == rule)
    assert (counted["open"], counted["waived"], checks["waived"]) == (5, 1, 1)
    assert shown["L2-A3"]["waived"]
    assert (shown["L2-A3"]["waiver"]["because"], shown["L2-A3"]["waiver"]["until"]) == ("x", str(until["L2-A3"]))
    assert (shown["L3-A7"]["waived"], shown["L3-A7"]["waiver"]) == (False, None)


async def test_evidence_is_looked_for_in_the_terms_of_the_trusts_calendar(packed: Installation) -> None:
    today = datetime.now(UTC).date()
    async with packed.client(await packed.key("kestrel")) as client:
        year = {"code": "now", "startsOn": str(today - timedelta(days=200)), "endsOn": str(today + timedelta(days=100))}
        year_id = (await client.post("/v1/academic-years", json=year)).json()["id"]
        for no, (first, last) in enumerate(((-200, -100), (-90, 20)), 1):
            days = {"startsOn": str(today + timedelta(days=first)), "endsOn": str(today + timedelta(days=last))}
            await client.post("/v1/terms", json={"academicYearId": year_id, "no": no, "name": f"term {no}", **days})
        milestone = await find(client, "milestones", "L1-M1-1")
        before = await told(client, "checks")
        await client.post("/v1/evidence", json={"milestoneId": milestone["id"], "note": "Seen in lessons."})
        after = await told(client, "checks")

    assert subjects(before, "objective_without_evidence") - subjects(after, "objective_without_evidence") == {"L1"}
    assert open_by_rule(before)["objective_without_evidence"] == S0["objectives"]


async def test_a_metric_that_is_recorded_is_asked_for_its_direction_and_its_values(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        (metric,) = (await client.get("/v1/metrics?code=basics-4-plus")).json()["items"]
        said = {"direction": "lower", "reason": "Fewer are wanted."}
        address, headers = f"/v1/metrics/{metric['id']}/redefinition", {"If-Match": f'"v{metric["version"]}"'}
        made = await client.post(address, json=said, headers=headers)
        assert made.status_code == 200, made.text
        checks = await told(client, "checks")

    basics = {"OUT-8-1", "OUT-8-2", "OUT-8-3"}
    assert basics <= subjects(checks, "metric_without_feed")
    assert not subjects(checks, "metric_undefined") & basics
    assert subjects(checks, "target_easier") == {"OUT-5-3", "OUT-8-3"}


async def test_a_metric_whose_only_value_was_taken_back_is_not_fed(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        (metric,) = (await client.get("/v1/metrics?code=basics-4-plus")).json()["items"]
        (academy, *_) = (await client.get("/v1/academies")).json()["items"]
        period = {"grain": "annual", "startsOn": "2016-09-01", "endsOn": "2017-08-31"}
        reading = {"metric": metric["code"], "academy": academy["code"], **period}
        found = []
        for value in ({"value": 55}, {"absence": "not_available"}):
            sent = await client.post("/v1/reading-batches", json={"source": "mis", "readings": [reading | value]})
            assert sent.status_code < 300, sent.text
            found.append({"OUT-8-1"} & subjects(await told(client, "checks"), "metric_without_feed"))

    assert found == [set(), {"OUT-8-1"}]


async def test_coverage_lists_targets_that_nothing_measures(shared: Installation) -> None:
    coverage = await asked(shared, "kestrel", "coverage")

    flagged = {one["code"] for one in coverage["targetsWithoutMilestone"] if one["why"] == "flagged"}
    assert flagged == {"PDBSW-5-2", "PDBSW-6-2"}
    assert coverage["targetGaps"] == {"flagged": 2, "no_objective": 62}
    assert (coverage["targets"], coverage["measured"]) == (93, 29)
    assert {one["code"] for one in coverage["criteriaWithoutTarget"]} == {"P5-M1-1", "P5-M2-1", "P5-M3-1"}
    assert (coverage["milestones"], coverage["backed"]) == (95, 92)


async def test_no_criterion_of_a_plan_without_targets_is_backed(shared: Installation) -> None:
    coverage = await asked(shared, "larkfield", "coverage")

    assert (coverage["milestones"], coverage["backed"]) == (S1["success_criteria"], 0)
    assert coverage["criterionGaps"] == {"area_has_none": S1["success_criteria"]}


async def test_coverage_of_a_framework_lists_lines_without_bands(shared: Installation) -> None:
    figures = figures_of("s4")
    async with shared.client(shared.keys["avocet"]) as client:
        (framework,) = (await client.get("/v1/frameworks")).json()["items"]
        answer = await client.get(f"/v1/frameworks/{framework['id']}/coverage")

    coverage = FrameworkCoverage.model_validate_json(answer.content)
    assert (coverage.lines, coverage.banded) == (figures["assurance_lines"], figures["kpi_categories_with_numeric"])
    assert coverage.lineGaps == {
        "nothing": figures["lines_without_bands"],
        "statements_only": figures["kpi_categories_without_numeric"],
    }
    assert (coverage.indicators, coverage.read) == (figures["numeric_indicators"], 0)
    assert (coverage.framework, coverage.edition) == (framework["code"], framework["edition"])


async def test_nobody_is_told_of_a_plan_out_of_sight(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        where = {what: await address(client, what) for what in MODELS}
        new = {"code": "OTHER", "name": "Another academy", "type": "converter", "phaseOfEducation": "primary"}
        other = (await client.post("/v1/academies", json=new)).json()
        held = {what: (await client.get(one)).headers["etag"] for what, one in where.items()}
        again = {
            (await client.get(where[what], headers={"If-None-Match": tag})).status_code for what, tag in held.items()
        }
    keys = {
        "another academy": await packed.key("kestrel", academy_ids=[UUID(other["id"])]),
        "another trust": await packed.key("larkfield"),
        "no right to read": await packed.key("kestrel", scopes=[Permission.READ_EVENTS]),
    }

    answers = {}
    for who, key in keys.items():
        async with packed.client(key) as client:
            answers[who] = {(await client.get(one)).status_code for one in where.values()}

    assert again == {304}
    assert answers == {"another academy": {404}, "another trust": {404}, "no right to read": {403}}
