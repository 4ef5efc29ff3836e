"""The packs hold what their sources print: every figure that needs no calendar is counted from the YAML alone."""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.packs.assurance_shapes import LineShape
from app.packs.format import Pack
from app.packs.framework_shapes import EntitlementShape, FrameworkShape, StageShape
from app.packs.plan_shapes import ActionShape, AreaShape, MilestoneShape, TargetShape
from app.packs.reading import read_pack

HERE = Path(__file__).parent
PACKS = HERE.parents[1] / "packs"

# Counted where due dates are read, so by the tests that go through the service.
S0_READS_DATES = {
    "actions_by_due_kind",
    "actions_due_on_or_before",
    "actions_with_month_window_ending",
    "actions_with_resolved_end",
}
S1_READS_DATES = {"criteria_after_plan_end", "steps_due_month", "timeline_by_kind"}

# Terms are dated by the trust's own calendar, which S4 does not print.
S4_NEEDS_TERMS = {
    "cells_all_academies_year",
    "cells_per_academy_year",
    "head_reports_per_year",
    "qoe_cells_per_academy_year",
    "terms",
}


def load(trust: str) -> Pack:
    return read_pack(PACKS / trust).pack


def printed(source: str) -> dict[str, Any]:
    figures: dict[str, Any] = json.loads((HERE / f"figures_{source}.json").read_text(encoding="utf-8"))
    return figures


@pytest.fixture(scope="module")
def kestrel() -> Pack:
    return load("kestrel")


@pytest.fixture(scope="module")
def larkfield() -> Pack:
    return load("larkfield")


@pytest.fixture(scope="module")
def merlin() -> Pack:
    return load("merlin")


@pytest.fixture(scope="module")
def plover() -> Pack:
    return load("plover")


@pytest.fixture(scope="module")
def avocet() -> Pack:
    return load("avocet")


def actions_of(area: AreaShape) -> list[ActionShape]:
    return [action for objective in area.objectives for action in objective.actions]


def milestones_of(area: AreaShape) -> list[MilestoneShape]:
    return [milestone for objective in area.objectives for milestone in objective.milestones]


def cross_references_in(area: AreaShape) -> int:
    return sum(len(objective.cross_references) for objective in area.objectives)


def tables_of(area: AreaShape) -> set[int | None]:
    return {objective.printed_table for objective in area.objectives}


def bullets_in(area: AreaShape) -> set[int | None]:
    pointers = [pointer for objective in area.objectives for pointer in objective.cross_references]
    return {*(action.printed_bullet for action in actions_of(area)), *(row.printed_bullet for row in pointers)}


def by_window(milestones: list[MilestoneShape]) -> dict[str, int]:
    return Counter(str(milestone.window).removeprefix("W") for milestone in milestones)


def by_kind(targets: list[TargetShape]) -> dict[str, int]:
    numeric = sum(target.kind == "numeric" for target in targets)
    return {"total": len(targets), "numeric": numeric, "qualitative": len(targets) - numeric}


def same_in_every_phase(targets: list[TargetShape]) -> int:
    (size,) = set(Counter(target.phase for target in targets).values())
    return size


def test_the_kestrel_pack_holds_every_figure_of_s0(kestrel: Pack) -> None:
    (plan,) = kestrel.plans
    people = {person.code: person for person in kestrel.people}
    targets, numeric = plan.targets, [target for target in plan.targets if target.kind == "numeric"]
    milestones = [milestone for area in plan.areas for milestone in milestones_of(area)]
    actions = [action for area in plan.areas for action in actions_of(area)]
    owners = [lead for action in actions for lead in action.leads]
    in_person = [lead for lead in owners if people[lead.person].kind == "person"]
    pointers = sum(cross_references_in(area) for area in plan.areas)
    unconfirmed = {code for code, person in people.items() if person.status == "to_confirm"}
    phases = [phase.code for phase in plan.phases]
    counted = {
        "areas": len(plan.areas),
        "kpi_statements": len(targets),
        "kpi_numeric": len(numeric),
        "kpi_qualitative": sum(target.kind == "qualitative" for target in targets),
        "kpi_by_phase": {phase: by_kind([target for target in targets if target.phase == phase]) for phase in phases},
        "kpi_numeric_without_comparator": sum(target.comparator is None for target in numeric),
        "kpi_by_area_per_phase": {
            area.code: same_in_every_phase([target for target in targets if target.area == area.code])
            for area in plan.areas
        },
        "kpi_numeric_by_area_phase": {
            area.code: {
                phase: sum(target.area == area.code and target.phase == phase for target in numeric) for phase in phases
            }
            for area in plan.areas
        },
        "detail_tables": len(set.union(*map(tables_of, plan.areas))),
        "printed_action_bullets": len(set.union(*map(bullets_in, plan.areas))),
        "objectives": sum(len(area.objectives) for area in plan.areas),
        "action_rows": len(actions) + pointers,
        "cross_reference_rows": pointers,
        "own_actions": len(actions),
        "per_area": {
            area.code: {
                "objectives": len(area.objectives),
                "tables": len(tables_of(area)),
                "action_rows": len(actions_of(area)) + cross_references_in(area),
                "own_actions": len(actions_of(area)),
                "milestones": by_window(milestones_of(area)),
            }
            for area in plan.areas
        },
        "milestones": len(milestones),
        "milestones_by_window": by_window(milestones),
        "milestones_numeric": sum(milestone.measured == "numeric" for milestone in milestones),
        "milestones_mixed": sum(milestone.measured == "mixed" for milestone in milestones),
        "milestones_numeric_without_comparator": sum(
            milestone.measured == "numeric" and milestone.comparator is None for milestone in milestones
        ),
        "actions_by_owner_printed": Counter(
            [lead.printed for lead in owners] + ["(none)" for action in actions if not action.leads]
        ),
        "actions_by_owner_normalised": Counter(
            [f"{lead.person}?" if lead.person in unconfirmed else lead.person for lead in owners]
            + ["(none)" for action in actions if not action.leads]
        ),
        "actions_without_owner": sum(not action.leads for action in actions),
        "actions_without_date": sum(action.due is None for action in actions),
        "actions_without_both": sum(not action.leads and action.due is None for action in actions),
        "actions_with_short_ambiguous_date": sum(
            bool(re.fullmatch(r"[A-Z][a-z]+ \d\d", action.due or "")) for action in actions
        ),
        "kpi_relative_to_unstated_target_phase2": sum(
            target.caveat == "refers to a target that is not stated" for target in targets
        ),
        "budget_items": sum(len(budget.lines) for budget in plan.budgets),
        "owner_codes_printed": len({lead.printed for lead in in_person}),
        "owner_people_after_merge": len({lead.person for lead in in_person} - unconfirmed),
        "owner_people_if_PMcK_separate": len({lead.person for lead in in_person}),
        "group_owners": len({lead.person for lead in owners if people[lead.person].kind != "person"}),
    }
    assert counted == {key: value for key, value in printed("s0").items() if key not in S0_READS_DATES}


def test_the_detail_tables_and_bullets_of_s0_are_numbered_without_a_gap(kestrel: Pack) -> None:
    areas = kestrel.plans[0].areas
    (governance,) = [objective for objective in areas[0].objectives if objective.code == "L6"]
    assert set.union(*map(tables_of, areas)) == set(range(1, 20))
    assert set.union(*map(bullets_in, areas)) == set(range(1, 126))
    assert (len(governance.actions), len({action.printed_bullet for action in governance.actions})) == (10, 8)


def test_the_kestrel_budget_reaches_its_printed_total_only_with_the_provisional_line(kestrel: Pack) -> None:
    (budget,) = kestrel.plans[0].budgets
    amounts = Counter[str]()
    for line in budget.lines:
        amounts[line.status] += int(line.amount)
    assert (dict(amounts), budget.printed_total) == ({"confirmed": 69270, "provisional": 20000}, Decimal(89270))


def test_the_larkfield_pack_holds_every_figure_of_s1(larkfield: Pack) -> None:
    (plan,) = larkfield.plans
    actions = [action for area in plan.areas for action in area.actions]
    criteria = [milestone for area in plan.areas for milestone in area.milestones]
    defined = [person for person in larkfield.people if person.status != "undefined"]
    plan_words = set(re.findall(r"\w+", plan.model_dump_json(exclude={"oddities"})))
    printed_numbers = Counter(action.printed_no for action in actions)
    columns = {"student_outcome": "student outcome", "milestone": "milestone"}

    def by_date(area: AreaShape, kind: str) -> dict[str, Any]:
        column = [milestone for milestone in area.milestones if milestone.kind == kind]
        dates = Counter((milestone.due or "undated").replace("Sept ", "September ") for milestone in column)
        return {"total": len(column), "by_date": dates}

    counted = {
        "priorities": len(plan.areas),
        "actions": len(actions),
        "actions_by_priority": {str(area.no): len(area.actions) for area in plan.areas},
        "printed_number_collisions": sorted(str(number) for number, times in printed_numbers.items() if times > 1),
        "timeline_rows": sum(len(action.steps) for action in actions),
        "timeline_rows_by_priority": {
            str(area.no): sum(len(action.steps) for action in area.actions) for area in plan.areas
        },
        "success_criteria": len(criteria),
        "success_by_column": Counter(columns[criterion.kind] for criterion in criteria),
        "success_numeric": sum(criterion.measured == "numeric" for criterion in criteria),
        "success_by_priority_column": {
            f"{area.code} {column}": by_date(area, kind) for area in plan.areas for kind, column in columns.items()
        },
        "undated_criteria": sum(criterion.due is None for criterion in criteria),
        "evaluation_methods_lines_split": {str(area.no): len(area.evaluation_methods) for area in plan.areas},
        "evaluation_methods_printed": {
            str(area.no): len({method.printed_line for method in area.evaluation_methods}) for area in plan.areas
        },
        "diagnosis_points": sum(statement.kind == "diagnosis" for area in plan.areas for statement in area.statements),
        "abbreviations": len(defined),
        "abbreviation_kinds": Counter(person.kind for person in defined),
        "codes_never_used": sum(person.code not in plan_words for person in defined),
        "monitoring_activities": sum(statement.kind == "monitoring_activity" for statement in plan.statements),
        "actions_led_by": Counter(lead.person for action in actions for lead in action.leads),
    }
    assert counted == {key: value for key, value in printed("s1").items() if key not in S1_READS_DATES}


def test_the_larkfield_grid_has_sixty_cells_and_no_value(larkfield: Pack) -> None:
    cells = larkfield.plans[0].statutory_targets
    assert (len({cell.code for cell in cells}), {cell.value for cell in cells}) == (60, {None})


def kinds_of_statements(stage: StageShape) -> dict[str, int]:
    kinds = Counter(str(statement.kind) for statement in stage.statements)
    return {"descriptors": kinds["descriptor"], "leadership_qualities": kinds["leadership_quality"]}


def items_by_strand(framework: FrameworkShape, stage: StageShape) -> dict[str, int]:
    """Under the name that the stage prints for the strand."""
    labels = {strand.code: strand.label for strand in framework.strands}
    return Counter((item.strand_printed or labels[str(item.strand)]).lower() for item in stage.items)


def test_the_merlin_pack_holds_every_figure_of_s2(merlin: Pack) -> None:
    (framework,) = merlin.frameworks
    stages = framework.stages
    measures = Counter(measure.metric for stage in stages for measure in stage.measures)
    (strands_per_phase,) = {len({item.strand for item in stage.items}) for stage in stages}
    counted = {
        "phases": len(stages),
        "descriptors": sum(kinds_of_statements(stage)["descriptors"] for stage in stages),
        "leadership_qualities": sum(kinds_of_statements(stage)["leadership_qualities"] for stage in stages),
        "plan_items": sum(len(stage.items) for stage in stages),
        "per_phase": {
            stage.code: {
                **kinds_of_statements(stage),
                "plan_items": len(stage.items),
                "by_strand": items_by_strand(framework, stage),
            }
            for stage in stages
        },
        "strands_per_phase": strands_per_phase,
        "p8_thresholds": measures["progress-8"],
        "ofsted_grades": measures["ofsted-overall"],
        "durations_numeric": sum(stage.duration_unit is not None for stage in stages),
        "durations_missing": sum(stage.duration_printed is None for stage in stages),
        "durations_open": sum(stage.open_ended for stage in stages),
    }
    assert counted == printed("s2")


def benchmarks_of(stages: list[StageShape], set_code: str) -> dict[str, int]:
    """By strand."""
    return Counter(benchmark.strand for stage in stages for benchmark in stage.benchmarks if benchmark.set == set_code)


def listed(stages: list[StageShape], name: str) -> int:
    return sum(cadence.printed_list == name for stage in stages for cadence in stage.cadences)


def test_the_plover_pack_holds_every_figure_of_s3(plover: Pack) -> None:
    stages = plover.frameworks[0].stages
    main, inclusion = benchmarks_of(stages, "main"), benchmarks_of(stages, "inclusion")
    counted = {
        "phases": len(stages),
        "strands": len(main),
        "benchmarks": sum(main.values()),
        "actions": sum(len(stage.items) for stage in stages),
        "qa_activities": listed(stages, "qa"),
        "inclusion_benchmarks": sum(inclusion.values()),
        "inclusion_trust_support": listed(stages, "inclusion-support"),
        "per_phase": {
            stage.code: {
                "benchmarks": benchmarks_of([stage], "main"),
                "benchmarks_total": sum(benchmarks_of([stage], "main").values()),
                "actions": len(stage.items),
                "qa": listed([stage], "qa"),
                "inclusion": benchmarks_of([stage], "inclusion"),
                "inclusion_total": sum(benchmarks_of([stage], "inclusion").values()),
                "trust_support": listed([stage], "inclusion-support"),
            }
            for stage in stages
        },
        "forums": sum(body.kind == "forum" for body in plover.bodies),
        "per_strand_totals": main,
        "inclusion_strand_totals": inclusion,
    }
    assert counted == printed("s3")


def offers_of(stage: StageShape) -> dict[str, Any]:
    """By team and tier; a team whose offers have no tier has their plain number."""
    teams: dict[str, list[EntitlementShape]] = {}
    for offer in stage.entitlements:
        teams.setdefault(offer.team, []).append(offer)
    by_team = {team: Counter(str(offer.tier) for offer in offers) for team, offers in teams.items()}
    plain = {team: tiers["None"] if set(tiers) == {"None"} else tiers for team, tiers in by_team.items()}
    return {**plain, "total": len(stage.entitlements)}


def statements_by_level(lines: list[LineShape], levels: list[str]) -> list[int]:
    counts = Counter(statement.level for line in lines for statement in line.statements)
    return [counts[level] for level in levels]


def test_the_avocet_pack_holds_every_figure_of_s4(avocet: Pack) -> None:
    (framework,) = avocet.frameworks
    (scale,) = framework.scales
    lines = [line for section in framework.sections for line in section.lines]
    described = [line for line in lines if line.statements]
    indicators = [indicator for line in lines for indicator in line.indicators]
    networks = sum(body.kind == "network" for body in avocet.bodies)
    yearly = [cadence for cadence in framework.cadences if (cadence.every_min, cadence.unit) == (1, "year")]
    counted = {
        "academies": len(avocet.academies),
        "categories": len(framework.stages),
        "assurance_sections": len(framework.sections),
        "assurance_lines": len(lines),
        "lines_by_section": {section.label: len(section.lines) for section in framework.sections},
        "kpi_categories": len(described),
        "kpi_categories_with_numeric": sum(bool(line.indicators) for line in described),
        "kpi_categories_without_numeric": sum(not line.indicators for line in described),
        "numeric_indicators": len(indicators),
        "numeric_bands": sum(len(indicator.bands) for indicator in indicators),
        "descriptor_statements": sum(len(line.statements) for line in lines),
        "descriptor_by_band": statements_by_level(lines, [level.code for level in scale.levels]),
        "lines_without_bands": sum(not line.statements and not line.indicators for line in lines),
        "networks": networks,
        "evidence_sources": len(framework.evidence_kinds),
        "head_report_areas": len(framework.report_sections),
        "offers": {stage.name.upper(): offers_of(stage) for stage in framework.stages},
        "offers_total": sum(len(stage.entitlements) for stage in framework.stages),
        "deep_dives_per_year_if_each_network_each_academy": (
            networks * len(avocet.academies) * sum(cadence.code == "deep-dives" for cadence in yearly)
        ),
    }
    assert counted == {key: value for key, value in printed("s4").items() if key not in S4_NEEDS_TERMS}


def test_every_indicator_of_the_avocet_pack_has_a_band_for_each_level(avocet: Pack) -> None:
    (framework,) = avocet.frameworks
    levels = [level.code for level in framework.scales[0].levels]
    bands = [
        [band.level for band in indicator.bands]
        for section in framework.sections
        for line in section.lines
        for indicator in line.indicators
    ]
    assert bands == [levels] * 12


@pytest.mark.parametrize(
    ("trust", "source", "rows"), [("merlin", "S2", 13), ("plover", "S3", 19), ("avocet", "S4", 22)]
)
def test_every_oddity_of_a_framework_has_its_entries_in_order(trust: str, source: str, rows: int) -> None:
    (framework,) = load(trust).frameworks
    references = [oddity.ref for oddity in framework.oddities]
    assert list(dict.fromkeys(references)) == [f"{source}-O{row}" for row in range(1, rows + 1)]
    assert all(oddity.by_rule or oddity.on for oddity in framework.oddities)


@pytest.mark.parametrize(("trust", "source"), [("merlin", "S2"), ("plover", "S3"), ("avocet", "S4")])
def test_everything_a_framework_source_prints_says_where(trust: str, source: str) -> None:
    (framework,) = load(trust).frameworks
    printed_at = [
        record.source
        for stage in framework.stages
        for record in [stage, *stage.statements, *stage.measures, *stage.benchmarks, *stage.items, *stage.entitlements]
    ]
    assert {source_line.document if source_line else None for source_line in printed_at} == {source}


@pytest.mark.parametrize(("trust", "source", "rows"), [("kestrel", "S0", 35), ("larkfield", "S1", 25)])
def test_every_oddity_of_the_source_has_one_entry(trust: str, source: str, rows: int) -> None:
    (plan,) = load(trust).plans
    assert [oddity.ref for oddity in plan.oddities] == [f"{source}-O{row}" for row in range(1, rows + 1)]
    assert all(oddity.by_rule != bool(oddity.on) for oddity in plan.oddities)
