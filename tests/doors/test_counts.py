"""Every figure of S0 and S1, asked over HTTP: by a list's filters, by the plan's summary, or by paging and counting."""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import pytest_asyncio

from app.domain.vocabulary import DueKind, MeasureKind
from tests.conftest import Installation
from tests.doors.asking import Ask, Door, added, both, counted, distinct, figures_of, of_each, references

FIGURES = {at: figures_of(at) for at in ("s0", "s1")}
TRUSTS = {"s0": "kestrel", "s1": "larkfield"}


@dataclass
class PlanDoor(Door):
    """A key of one trust, and the one plan it sees."""

    plan: dict[str, Any]

    async def summary(self) -> Any:
        return await self.get(f"plans/{self.plan['id']}/summary")


@pytest_asyncio.fixture(scope="session")
async def doors(shared: Installation) -> AsyncIterator[dict[str, PlanDoor]]:
    made = {}
    for source, trust in TRUSTS.items():
        client = shared.client(shared.keys[trust])
        (plan,) = (await client.get("/v1/plans")).json()["items"]
        made[source] = PlanDoor(client, plan)
    yield made
    for door in made.values():
        await door.client.aclose()


def summed(*path: str) -> Ask[PlanDoor]:
    async def ask(door: PlanDoor) -> Any:
        found = await door.summary()
        for name in path:
            found = found[name]
        return found

    return ask


# Source S0


async def targets_by_phase(door: PlanDoor) -> Any:
    return {
        phase["code"]: {
            "total": await door.count("targets", phaseId=phase["id"]),
            "numeric": await door.count("targets", phaseId=phase["id"], kind="numeric"),
            "qualitative": await door.count("targets", phaseId=phase["id"], kind="qualitative"),
        }
        for phase in await door.every("plan-phases")
    }


async def targets_by_phase_in_the_summary(door: PlanDoor) -> Any:
    kinds = (MeasureKind.NUMERIC, MeasureKind.QUALITATIVE)
    found: dict[str, Counter[str]] = {}
    for phases in (await door.summary())["targets"]["byAreaPhaseAndKind"].values():
        for phase, by_kind in phases.items():
            found.setdefault(phase, Counter(dict.fromkeys(kinds, 0))).update(
                {**by_kind, "total": sum(by_kind.values())}
            )
    return found


async def targets_by_area_in_any_phase(door: PlanDoor) -> Any:
    """Each area has as many targets in one phase as in another."""
    found: dict[str, set[int]] = {}
    for phase in await door.every("plan-phases"):
        for area, size in (await door.of_each("targets", "areas", "areaId", phaseId=phase["id"])).items():
            found.setdefault(area, set()).add(size)
    return {area: next(iter(sizes)) for area, sizes in found.items() if len(sizes) == 1}


async def numeric_targets_by_area_and_phase(door: PlanDoor) -> Any:
    return {
        area["code"]: await door.of_each("targets", "plan-phases", "phaseId", areaId=area["id"], kind="numeric")
        for area in await door.every("areas")
    }


async def numeric_targets_in_the_summary(door: PlanDoor) -> Any:
    areas = (await door.summary())["targets"]["byAreaPhaseAndKind"]
    return {
        area: {phase: by_kind.get("numeric", 0) for phase, by_kind in phases.items()} for area, phases in areas.items()
    }


async def area_of_each_cross_reference(door: PlanDoor) -> list[str]:
    areas = {objective["id"]: objective["areaCode"] for objective in await door.every("objectives")}
    return [areas[pointer["objectiveId"]] for pointer in await door.every("cross-references")]


async def areas_by_filters(door: PlanDoor) -> Any:
    pointers = Counter(await area_of_each_cross_reference(door))
    return {
        area["code"]: {
            "objectives": await door.count("objectives", areaId=area["id"]),
            "tables": len({o["printedTable"] for o in await door.every("objectives", areaId=area["id"])}),
            "action_rows": await door.count("actions", areaId=area["id"]) + pointers[area["code"]],
            "own_actions": await door.count("actions", areaId=area["id"]),
            "milestones": {
                str(window["no"]): await door.count("milestones", areaId=area["id"], windowNo=window["no"])
                for window in await door.every("milestone-windows")
            },
        }
        for area in await door.every("areas")
    }


async def areas_by_summary(door: PlanDoor) -> Any:
    pointers, found = Counter(await area_of_each_cross_reference(door)), await door.summary()
    return {
        area: {
            "objectives": found["objectives"]["byArea"][area],
            "tables": found["objectives"]["printedTablesByArea"][area],
            "action_rows": own + pointers[area],
            "own_actions": own,
            "milestones": found["milestones"]["byAreaAndWindow"][area],
        }
        for area, own in found["actions"]["byArea"].items()
    }


async def printed_bullets(door: PlanDoor) -> set[int]:
    return {row["printedBullet"] for rows in ("actions", "cross-references") for row in await door.every(rows)}


async def windows_in_the_summary(door: PlanDoor) -> Any:
    found = Counter[str]()
    for by_window in (await door.summary())["milestones"]["byAreaAndWindow"].values():
        found.update(by_window)
    return found


FACT_KINDS = {DueKind.YEAR: "year_only", DueKind.TWO_TERMS: "two_terms_one_year"}


def by_due_kind(plural: str) -> Ask[PlanDoor]:
    async def ask(door: PlanDoor) -> Any:
        counts = {FACT_KINDS.get(kind, str(kind)): await door.count(plural, dueKind=kind) for kind in DueKind}
        return {kind: count for kind, count in counts.items() if count}

    return ask


def by_due_kind_in_the_summary(group: str) -> Ask[PlanDoor]:
    async def ask(door: PlanDoor) -> Any:
        counts = (await door.summary())[group]["byDueKind"]
        return {FACT_KINDS.get(DueKind(kind), kind): count for kind, count in counts.items()}

    return ask


async def by_last_day(door: PlanDoor) -> Any:
    return Counter(action["dueEndsOn"] for action in await door.every("actions", dueResolved="true"))


async def due_on_or_before(door: PlanDoor) -> Any:
    asked = FIGURES["s0"]["actions_due_on_or_before"]
    return {day: await door.count("actions", dueBefore=date.fromisoformat(day) + timedelta(days=1)) for day in asked}


async def leads_printed(door: PlanDoor) -> Any:
    """Paged: each action's own leads, as printed there."""
    leads = Counter(lead["printed"] for lead in await door.every("responsibilities", role="lead", ofStep="false"))
    return leads | {"(none)": await door.count("actions", led="false")}


async def leads_printed_in_the_summary(door: PlanDoor) -> Any:
    found = await door.summary()
    return found["leads"]["byPrintedForm"] | {"(none)": found["actions"]["withoutLead"]}


async def leads_by_code(door: PlanDoor) -> Any:
    """A code that may be another's alias carries a question mark, as in the facts."""
    found, open_codes = await door.summary(), [p["code"] for p in await door.every("people", status="to_confirm")]
    leads = {f"{code}?" if code in open_codes else code: count for code, count in found["leads"]["byCode"].items()}
    return leads | {"(none)": found["actions"]["withoutLead"]}


async def printed_forms_of_people(door: PlanDoor) -> set[str]:
    people = {person["id"] for person in await door.every("people", kind="person")}
    leads = await door.every("responsibilities", role="lead", ofStep="false")
    return {lead["printed"] for lead in leads if lead["personId"] in people}


async def leads_that_are_no_person(door: PlanDoor) -> set[str]:
    return {person["code"] for person in await door.every("people", responsible="true") if person["kind"] != "person"}


S0: dict[str, tuple[Ask[PlanDoor], ...]] = {
    "areas": (counted("areas", kind="area"), summed("areas", "total")),
    "kpi_statements": (counted("targets"), summed("targets", "total")),
    "kpi_numeric": (counted("targets", kind="numeric"),),
    "kpi_qualitative": (counted("targets", kind="qualitative"),),
    "kpi_by_phase": (targets_by_phase, targets_by_phase_in_the_summary),
    "kpi_numeric_without_comparator": (
        counted("targets", comparatorAssumed="true"),
        summed("targets", "withoutComparator"),
    ),
    "kpi_by_area_per_phase": (targets_by_area_in_any_phase,),
    "kpi_numeric_by_area_phase": (numeric_targets_by_area_and_phase, numeric_targets_in_the_summary),
    "detail_tables": (summed("objectives", "printedTables"),),
    "objectives": (counted("objectives"), summed("objectives", "total")),
    "printed_action_bullets": (distinct(printed_bullets),),
    "action_rows": (
        added(counted("actions"), counted("cross-references")),
        added(summed("actions", "total"), summed("crossReferences", "total")),
    ),
    "cross_reference_rows": (counted("cross-references"), summed("crossReferences", "total")),
    "own_actions": (counted("actions"), summed("actions", "total")),
    "per_area": (areas_by_filters, areas_by_summary),
    "milestones": (counted("milestones"), summed("milestones", "total")),
    "milestones_by_window": (
        of_each("milestones", "milestone-windows", "windowId", key="no"),
        windows_in_the_summary,
    ),
    "milestones_numeric": (counted("milestones", measured="numeric"), summed("milestones", "byMeasured", "numeric")),
    "milestones_mixed": (counted("milestones", measured="mixed"), summed("milestones", "byMeasured", "mixed")),
    "actions_by_due_kind": (by_due_kind("actions"), by_due_kind_in_the_summary("actions")),
    "actions_by_owner_printed": (leads_printed, leads_printed_in_the_summary),
    "actions_by_owner_normalised": (leads_by_code,),
    "actions_without_owner": (counted("actions", led="false"), summed("actions", "withoutLead")),
    "actions_without_date": (counted("actions", dueKind="none"), summed("actions", "withoutDueDate")),
    "actions_without_both": (counted("actions", led="false", dueKind="none"),),
    "actions_with_month_window_ending": (by_last_day,),
    "actions_with_resolved_end": (
        counted("actions", dueResolved="true"),
        counted("actions", dueFrom="1900-01-01"),
    ),
    "actions_due_on_or_before": (due_on_or_before,),
    "actions_with_short_ambiguous_date": (
        counted("actions", dueAssumed="short_form"),
        counted("data-quality-flags", code="due_short_form", onNoun="action"),
        summed("flags", "byCode", "due_short_form"),
    ),
    "milestones_numeric_without_comparator": (
        counted("milestones", comparatorAssumed="true"),
        summed("milestones", "withoutComparator"),
    ),
    "kpi_relative_to_unstated_target_phase2": (
        counted("data-quality-flags", code="target_unstated", onNoun="target"),
        summed("flags", "byReference", "S0-O5"),
    ),
    "budget_items": (counted("budget-lines"),),
    "owner_codes_printed": (distinct(printed_forms_of_people),),
    "owner_people_after_merge": (counted("people", kind="person", status="active", responsible="true"),),
    "owner_people_if_PMcK_separate": (counted("people", kind="person", responsible="true"),),
    "group_owners": (distinct(leads_that_are_no_person),),
}


# Source S1


async def colliding_numbers(door: PlanDoor) -> list[str]:
    printed = Counter(action["printedNo"] for action in await door.every("actions"))
    return sorted(number for number, times in printed.items() if times > 1)


async def flagged_numbers(door: PlanDoor) -> list[str]:
    flagged = {flag["recordId"] for flag in await door.every("data-quality-flags", code="printed_number_collides")}
    return sorted({action["printedNo"] for action in await door.every("actions") if action["id"] in flagged})


async def steps_by_priority(door: PlanDoor) -> Any:
    priorities = {action["id"]: action["areaCode"].removeprefix("P") for action in await door.every("actions")}
    return Counter(priorities[step["actionId"]] for step in await door.every("action-steps"))


async def criteria_by_priority_and_column(door: PlanDoor) -> Any:
    """Dates as resolved: a printed "By Sept 2015" ends on the last day of its month."""
    found = {}
    for area in await door.every("areas"):
        for kind in ("student_outcome", "milestone"):
            criteria = await door.every("milestones", areaId=area["id"], kind=kind)
            days = [criterion["dueEndsOn"] for criterion in criteria]
            by_date = Counter(f"{date.fromisoformat(day):%B %Y}" if day else "undated" for day in days)
            found[f"{area['code']} {kind.replace('_', ' ')}"] = {"total": len(criteria), "by_date": by_date}
    return found


async def columns(door: PlanDoor) -> Any:
    return {kind.replace("_", " "): count for kind, count in (await door.summary())["milestones"]["byKind"].items()}


async def after_the_plan(door: PlanDoor) -> int:
    return await door.count("milestones", dueFrom=date.fromisoformat(door.plan["endsOn"]) + timedelta(days=1))


async def evaluation_lines(door: PlanDoor) -> dict[str, int]:
    areas = {area["id"]: str(area["no"]) for area in await door.every("areas")}
    printed = {(areas[method["areaId"]], method["printedLine"]) for method in await door.every("evaluation-methods")}
    return Counter(priority for priority, _ in printed)


async def explained_by_kind(door: PlanDoor) -> Any:
    return Counter(person["kind"] for person in await door.every("people", status="active"))


async def never_named_in_the_plan(door: PlanDoor) -> int:
    """A code is used where the plan's page has it as a word, as lead, as monitor or in a label."""
    words = set(re.findall(r"\w+", json.dumps(await door.get(f"plans/{door.plan['id']}/page"))))
    return sum(person["code"] not in words for person in await door.every("people", status="active"))


async def steps_by_month(door: PlanDoor) -> Any:
    """By the month of the last day; of the first, where a step only has a start."""
    days = [step["dueEndsOn"] or step["dueStartsOn"] for step in await door.every("action-steps")]
    return Counter(day[:7] for day in days if day)


async def steps_by_month_in_the_summary(door: PlanDoor) -> Any:
    return {month: count for month, count in (await door.summary())["steps"]["byMonth"].items() if month != "none"}


async def led_by(door: PlanDoor) -> Any:
    """From the leads on each action's own page."""
    pages = [await door.get(f"actions/{action['id']}/page") for action in await door.every("actions")]
    return Counter(lead["personCode"] for page in pages for lead in page["leads"])


S1: dict[str, tuple[Ask[PlanDoor], ...]] = {
    "priorities": (counted("areas", kind="priority"), summed("areas", "byKind", "priority")),
    "actions": (counted("actions"), summed("actions", "total")),
    "actions_by_priority": (of_each("actions", "areas", "areaId", key="no"),),
    "printed_number_collisions": (colliding_numbers, flagged_numbers),
    "timeline_rows": (counted("action-steps"), summed("steps", "total")),
    "timeline_rows_by_priority": (steps_by_priority,),
    "timeline_by_kind": (by_due_kind("action-steps"), by_due_kind_in_the_summary("steps")),
    "success_criteria": (counted("milestones"), summed("milestones", "total")),
    "success_by_column": (columns,),
    "success_numeric": (counted("milestones", measured="numeric"), summed("milestones", "byMeasured", "numeric")),
    "success_by_priority_column": (criteria_by_priority_and_column,),
    "undated_criteria": (counted("milestones", dueKind="none"), summed("milestones", "byMonth", "none")),
    "criteria_after_plan_end": (
        after_the_plan,
        counted("data-quality-flags", code="outside_plan_life", onNoun="milestone"),
    ),
    "evaluation_methods_lines_split": (of_each("evaluation-methods", "areas", "areaId", key="no"),),
    "evaluation_methods_printed": (evaluation_lines,),
    "diagnosis_points": (counted("statements", kind="diagnosis"),),
    "abbreviations": (counted("people", status="active"),),
    "abbreviation_kinds": (explained_by_kind,),
    "codes_never_used": (
        never_named_in_the_plan,
        counted("data-quality-flags", code="code_unused"),
    ),
    "monitoring_activities": (counted("statements", kind="monitoring_activity"),),
    "steps_due_month": (steps_by_month, steps_by_month_in_the_summary),
    "actions_led_by": (led_by, summed("leads", "byCode")),
}
ASKED = {"s0": S0, "s1": S1}
EVERY_FIGURE = [(source, key) for source, figures in FIGURES.items() for key in figures]


@pytest.mark.parametrize(("source", "key"), EVERY_FIGURE)
async def test_a_figure_of_the_facts_is_the_answer_over_http(doors: dict[str, PlanDoor], source: str, key: str) -> None:
    asks = ASKED[source].get(key, ())

    answers = [await ask(doors[source]) for ask in asks]

    assert answers == [FIGURES[source][key]] * max(len(asks), 1)


def test_nothing_is_asked_that_is_no_figure() -> None:
    assert sorted((source, key) for source, asked in ASKED.items() for key in asked) == sorted(EVERY_FIGURE)


# The ledger's count summary, and the oddities


async def by_count(door: PlanDoor) -> list[int]:
    windows = await windows_in_the_summary(door)
    return [await door.count("milestones"), *(windows[no] for no in sorted(windows))]


async def columns_and_all(door: PlanDoor) -> list[int]:
    found = await columns(door)
    return [await door.count("milestones"), found["milestone"], found["student outcome"]]


async def printed_evaluation_lines(door: PlanDoor) -> int:
    return sum((await evaluation_lines(door)).values())


async def budget(door: PlanDoor) -> Any:
    ((total,), lines) = (await door.summary())["budgets"], await door.every("budget-lines")
    names = ("printedTotal", "computedTotal", "confirmedTotal", "provisionalTotal", "reconciles")
    return [len(lines), *(total[name] for name in names)]


CELLS: dict[tuple[str, str], tuple[Any, Ask[PlanDoor]]] = {
    ("s0", "4 areas"): (4, counted("areas")),
    ("s0", "20 objectives / 19 tables"): ([20, 19], both(counted("objectives"), summed("objectives", "printedTables"))),
    ("s0", "123 own + 4 cross-references"): ([123, 4], both(counted("actions"), counted("cross-references"))),
    ("s0", "95 (33/31/31)"): ([95, 33, 31, 31], by_count),
    ("s0", "93 KPTs: 31 numeric, 62 qualitative"): (
        [93, 31, 62],
        both(counted("targets"), counted("targets", kind="numeric"), counted("targets", kind="qualitative")),
    ),
    ("s0", "8 printed cadences"): (8, counted("statements", kind="cadence")),
    ("s0", "16 printed forms"): (16, distinct(printed_forms_of_people)),
    ("s0", "9-10 people"): (
        [9, 10],
        both(
            counted("people", kind="person", responsible="true", status="active"),
            counted("people", kind="person", responsible="true"),
        ),
    ),
    ("s0", "3 bodies"): ({"CEO/RLT Board", "Chair of Governors", "SLT"}, leads_that_are_no_person),
    ("s0", "budget lines and totals"): ([6, 89270, 89270, 69270, 20000, True], budget),
    ("s0", "35 oddities"): ({f"S0-O{row}" for row in range(1, 36)}, references),
    ("s1", "3 priorities"): (3, counted("areas")),
    ("s1", "no objectives, no tables"): ([0, 0], both(counted("objectives"), summed("objectives", "printedTables"))),
    ("s1", "22 actions, 66 dated steps"): ([22, 66], both(counted("actions"), counted("action-steps"))),
    ("s1", "69 (39 milestone, 30 student outcome)"): ([69, 39, 30], columns_and_all),
    ("s1", "14 numeric criteria; 60 blank grid cells"): (
        [14, 60, 0],
        both(
            counted("milestones", measured="numeric"),
            counted("statutory-targets", filled="false"),
            counted("statutory-targets", filled="true"),
        ),
    ),
    ("s1", "9 diagnosis points"): (9, counted("statements", kind="diagnosis")),
    ("s1", "18 evaluation lines"): (18, printed_evaluation_lines),
    ("s1", "4 IP codes"): (4, counted("statements", kind="monitoring_activity")),
    ("s1", "27 codes, 1 undefined"): (
        [27, 1],
        both(counted("people", status="active"), counted("people", status="undefined")),
    ),
    ("s1", "25 oddities"): ({f"S1-O{row}" for row in range(1, 26)}, references),
}


@pytest.mark.parametrize(("source", "words"), CELLS)
async def test_a_cell_of_the_count_summary_is_the_answer_over_http(
    doors: dict[str, PlanDoor], source: str, words: str
) -> None:
    expected, ask = CELLS[source, words]

    answer = await ask(doors[source])

    assert answer == expected


@pytest.mark.parametrize(
    ("source", "reference"),
    [(at, f"{at.upper()}-O{no}") for at, last in (("s0", 35), ("s1", 25)) for no in range(1, last + 1)],
)
async def test_an_oddity_of_the_source_answers_with_its_flags(
    doors: dict[str, PlanDoor], source: str, reference: str
) -> None:
    flags = await doors[source].every("data-quality-flags", reference=reference)

    assert flags
    assert {flag["reference"] for flag in flags} == {reference}
