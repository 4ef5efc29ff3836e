"""The demo trust: its committed pack is what the generator makes, at every scale it can be read, and it loads."""

import json
import random
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from app.demo.chance import Chance
from app.demo.schools import MOST, school
from app.demo.states import BEGUN, LATER, TODAY, last_day
from app.demo.trust import demo_pack
from app.domain.academies import Academy
from app.domain.categorisation import CategoryDecision, CategorySuggestion
from app.domain.errors import Invalid
from app.domain.flags import DataQualityFlag
from app.domain.framework_vocabulary import FrameworkStatus, Period
from app.domain.frameworks import Framework
from app.domain.inspection import InspectionFramework
from app.domain.milestones import satisfies
from app.domain.people import Person
from app.domain.plans import Plan
from app.domain.stages import MaturityStage
from app.domain.vocabulary import AcademyType, AmountStatus, Comparator, IdentifierKind, MilestoneKind, MilestoneStatus
from app.packs.format import Pack
from app.packs.framework_shapes import CadenceShape, FrameworkShape
from app.packs.items import records_of
from app.packs.loading import load_pack
from app.packs.plan_shapes import MilestoneShape, PlanShape
from app.packs.reading import read_pack
from app.packs.writing import sheets_of, text_of, write_pack
from app.queries.categorisations import read_categorisation
from app.queries.heat_maps import MapAsked, read_heat_map
from app.queries.reading import Moment
from tests.commands.ledger import nothing_written
from tests.conftest import PACKS, Installation

FOLDER = PACKS / "demo"


@pytest.fixture(scope="module")
def demo() -> Pack:
    return demo_pack()


def milestones(plan: PlanShape) -> list[MilestoneShape]:
    own = [milestone for area in plan.areas for milestone in area.milestones]
    return own + [
        milestone for area in plan.areas for objective in area.objectives for milestone in objective.milestones
    ]


def due_of(milestone: MilestoneShape, plan: PlanShape) -> str | None:
    windows = {window.code: window.due for window in plan.windows}
    return milestone.due or (windows[milestone.window] if milestone.window else None)


def cadences(framework: FrameworkShape) -> list[CadenceShape]:
    return [*framework.cadences, *(cadence for stage in framework.stages for cadence in stage.cadences)]


# ---- the pack as it is committed


def test_the_committed_pack_is_what_the_generator_makes_byte_for_byte(demo: Pack) -> None:
    made = {name: text_of(content).encode() for name, content in sheets_of(demo)}
    committed = {path.name: path.read_bytes() for path in FOLDER.iterdir()}

    assert sorted(committed) == sorted(made)
    assert [name for name in made if committed[name] != made[name]] == []
    assert sum(map(len, committed.values())) < 1_000_000


def test_the_committed_pack_reads_back_as_it_was_made(demo: Pack) -> None:
    assert read_pack(FOLDER).pack == demo


# ---- seeds and scales


def test_another_seed_makes_other_plans_of_the_same_academies(demo: Pack) -> None:
    other = demo_pack(seed=21)

    assert (other.academies, other.frameworks) == (demo.academies, demo.frameworks)
    assert [plan.code for plan in other.plans] == [plan.code for plan in demo.plans]
    assert all(one != plan for one, plan in zip(other.plans, demo.plans, strict=True))


def test_the_generator_leaves_pythons_own_chance_alone() -> None:
    random.seed(1)
    before = random.getstate()

    demo_pack(academies=1)

    assert random.getstate() == before


def test_the_first_academies_and_their_plans_are_the_same_at_every_scale(demo: Pack) -> None:
    few, many = demo_pack(academies=5), demo_pack(academies=40)

    assert many.academies[:12] == demo.academies
    assert many.plans[:12] == demo.plans
    assert (few.academies, few.plans) == (demo.academies[:5], demo.plans[:5])
    assert demo_pack(academies=60).plans[:40] == many.plans


def test_a_demo_of_fifty_academies_is_written_and_read_back_without_a_fault(tmp_path: Path) -> None:
    pack = demo_pack(academies=50)

    write_pack(pack, tmp_path / "demo")
    read = read_pack(tmp_path / "demo").pack

    assert (len(read.academies), len(read.plans)) == (50, 50)
    assert read == pack


def test_a_thousand_academies_have_names_codes_and_numbers_of_their_own() -> None:
    schools = [school(no) for no in range(1, MOST + 1)]
    numbers = [(one["kind"], one["value"]) for each in schools for one in each.record()["identifiers"]]

    assert len({each.code for each in schools}) == MOST
    assert len({each.name for each in schools}) == MOST
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("academies", [0, -1, MOST + 1])
def test_a_demo_without_academies_or_with_too_many_is_refused(academies: int) -> None:
    with pytest.raises(Invalid) as refused:
        demo_pack(academies=academies)

    assert refused.value.sentence == (
        f"The demo trust has from 1 to 1,000 academies, not {academies:,}. Ask for a number in between."
    )


def test_picks_are_told_by_the_seed_alone() -> None:
    chance, again = Chance(7), Chance(7)

    drawn = [chance.within(1, 6) for _ in range(200)]
    assert drawn == [again.within(1, 6) for _ in range(200)]
    assert set(drawn) == {1, 2, 3, 4, 5, 6}
    assert chance.some("abc", 5) == ["a", "b", "c"]
    assert {chance.weighted({"often": 1, "never": 0}) for _ in range(50)} == {"often"}


# ---- the organisation


def test_the_twelve_academies_are_of_mixed_kinds(demo: Pack) -> None:
    sectors = Counter(
        Academy(**one.model_dump(include={"type", "phase_of_education"})).sector for one in demo.academies
    )

    assert sectors == Counter(primary=4, secondary=3, special=2, all_through=1, alternative_provision=1, sixteen_plus=1)
    assert {one.faith for one in demo.academies} == {"Church of England", "Roman Catholic", "none", None}
    assert {AcademyType.CONVERTER, AcademyType.SPONSOR_LED, AcademyType.FREE_SCHOOL} <= {
        one.type for one in demo.academies
    }
    assert all(one.joined_on for one in demo.academies)


def test_one_academy_changed_its_urn_on_the_day_it_joined(demo: Pack) -> None:
    (changed,) = [one for one in demo.academies if len(one.identifiers) > len(IdentifierKind)]
    former, present = [one for one in changed.identifiers if one.kind is IdentifierKind.URN]

    assert present.valid_from == changed.joined_on
    assert former.valid_to is not None
    assert (present.valid_from - former.valid_to).days == 1


def test_nobody_has_a_name(demo: Pack) -> None:
    people = [one for one in demo.people if one.kind == "person"]

    assert len(people) == 15
    assert [one.label for one in people] == [None] * 15
    assert {len(one.code.split()[-1]) for one in people} == {3}


def test_the_calendar_has_four_years_and_today_is_in_the_last(demo: Pack) -> None:
    years = demo.academic_years
    terms = [term for year in years for term in year.terms]
    halves = [half for term in terms for half in term.half_terms]

    assert [year.code for year in years] == ["2023/24", "2024/25", "2025/26", "2026/27"]
    assert (len(terms), len(halves)) == (12, 24)
    assert years[-1].starts_on <= TODAY <= years[-1].ends_on
    assert all(one.ends_on < after.starts_on for one, after in pairwise(terms))
    assert all(one.ends_on < after.starts_on for one, after in pairwise(halves))
    assert all(one.starts_on.weekday() < 5 and one.ends_on.weekday() < 5 for one in halves)


# ---- the framework


def test_the_second_edition_differs_from_the_first_in_a_few_things(demo: Pack) -> None:
    first, second = demo.frameworks
    items = [{item.code for stage in one.stages for item in stage.items} for one in (first, second)]
    measures = [{m.code: m.value for stage in one.stages for m in stage.measures} for one in (first, second)]
    changed = {code for code in measures[0] if measures[0][code] != measures[1][code]}

    assert (first.edition, second.edition, first.sector, second.sector) == (1, 2, None, None)
    assert (items[0] - items[1], items[1] - items[0]) == ({"2-remote-learning"}, {"3-use-of-AI"})
    assert changed == {"1-ATT", "2-ATT"}
    assert set(measures[1]) - set(measures[0]) == {"1-CARD", "2-CARD", "3-CARD", "4-CARD"}
    lines = [[line for section in one.sections for line in section.lines] for one in (first, second)]
    assert [one.code for one, other in zip(*lines, strict=True) if one != other] == ["attendance"]


def test_the_framework_has_every_form_of_cadence(demo: Pack) -> None:
    rules = cadences(demo.frameworks[-1])

    assert {rule.unit for rule in rules} >= {
        Period.DAY,
        Period.WEEK,
        Period.MONTH,
        Period.HALF_TERM,
        Period.TERM,
        Period.YEAR,
    }
    assert {rule.period for rule in rules} >= {Period.WEEK, Period.MONTH, Period.HALF_TERM, Period.TERM, Period.YEAR}
    assert any(rule.every_max for rule in rules)
    assert any(rule.anchors for rule in rules)
    assert any(rule.at_least for rule in rules)
    assert any(rule.day_basis == "school" for rule in rules)
    assert any(rule.minutes for rule in rules)
    assert any(rule.attended for rule in rules)


def test_every_value_of_an_indicator_falls_into_one_band_and_attendance_into_one_stage(demo: Pack) -> None:
    items, _ = records_of(demo)
    found = [item.values for item in items if item.kind is DataQualityFlag]

    unclear = Counter(one["code"] for one in found if one["code"].startswith(("interval_", "measure_")))
    assert unclear == Counter(measure_overlap=4)
    assert {one["field"] for one in found if one["code"] == "measure_overlap"} == {"outcomes-gap"}


# ---- the plans


def test_plans_take_turns_in_their_two_shapes_and_hold_a_hundred_records_or_more(demo: Pack) -> None:
    items, _ = records_of(demo)
    sizes = Counter(item.plan_id for item in items if item.plan_id)

    phased, by_priority = demo.plans[::2], demo.plans[1::2]
    assert all(plan.phases and plan.windows and plan.findings and plan.targets and plan.budgets for plan in phased)
    assert all(area.objectives and not area.actions for plan in phased for area in plan.areas)
    assert all(
        area.actions and area.evaluation_methods and area.milestones for plan in by_priority for area in plan.areas
    )
    assert all(not area.objectives for plan in by_priority for area in plan.areas)
    assert (len(sizes), all(100 <= size <= 200 for size in sizes.values())) == (12, True)


def test_every_budget_adds_up_and_has_a_provisional_line(demo: Pack) -> None:
    budgets = [budget for plan in demo.plans for budget in plan.budgets]

    assert len(budgets) == 6
    assert [budget.printed_total for budget in budgets] == [sum(line.amount for line in one.lines) for one in budgets]
    assert all(one.lines[-1].status is AmountStatus.PROVISIONAL for one in budgets)


def test_each_state_of_a_milestone_comes_with_what_it_needs(demo: Pack) -> None:
    told = [(milestone, plan) for plan in demo.plans for milestone in milestones(plan)]

    statuses = Counter(milestone.status for milestone, _ in told)
    assert {*statuses} == {None, *MilestoneStatus} - {
        MilestoneStatus.PLANNED, MilestoneStatus.WITHDRAWN, MilestoneStatus.SUPERSEDED,
    }  # fmt: skip
    for milestone, plan in told:
        ends_on = last_day(due_of(milestone, plan))
        judged = milestone.status in {MilestoneStatus.MET, MilestoneStatus.PARTLY_MET, MilestoneStatus.NOT_MET}
        handed_in = judged or milestone.status is MilestoneStatus.SUBMITTED
        assert ends_on is not None
        assert (bool(milestone.evidence), milestone.submitted_by is not None) == (handed_in, handed_in)
        assert (milestone.met_on is not None) == (milestone.status is MilestoneStatus.MET)
        assert (milestone.status is None) == (milestone.confidence is None)
        if milestone.met_on is not None:
            assert BEGUN <= milestone.met_on < TODAY
            assert milestone.met_on.weekday() < 5
        if milestone.status is MilestoneStatus.NOT_MET:
            assert ends_on <= TODAY
        if milestone.status is MilestoneStatus.DEFERRED:
            assert (milestone.due in LATER, milestone.due_moves) == (True, 1)
            assert milestone.baseline_due_on is not None
            assert milestone.baseline_due_on < ends_on


@pytest.mark.parametrize("seed", [20, 3, 4])
def test_a_figure_that_is_met_has_been_reached_and_no_share_passes_a_hundred(seed: int) -> None:
    told = [milestone for plan in demo_pack(seed=seed).plans for milestone in milestones(plan)]
    met = [one for one in told if one.achieved_value is not None]

    assert len(met) > 0
    for one in met:
        assert one.achieved_value is not None
        assert one.comparator is not None
        assert satisfies(one.achieved_value, one.comparator, one.value)
    shares = [
        value for one in told if one.unit == "%" for value in (one.value, one.achieved_value) if value is not None
    ]
    assert Decimal(0) <= min(shares) <= max(shares) <= Decimal(100)


def test_student_outcomes_rise_and_the_last_are_still_to_come(demo: Pack) -> None:
    for plan in demo.plans[1::2]:
        for area in plan.areas:
            outcomes = [one for one in area.milestones if one.kind is MilestoneKind.STUDENT_OUTCOME]
            values = [one.value for one in outcomes if one.value is not None]
            better = sorted(values, reverse=outcomes[0].comparator is Comparator.AT_MOST)
            assert (len(values), values) == (3, better)
            assert [one.data_pending for one in outcomes] == [False, False, True]


# ---- in a database


async def test_the_demo_loads_and_a_second_load_changes_nothing(empty: Installation, demo: Pack) -> None:
    async with empty.database.begin(empty.actor("demo")) as work:
        loaded = await load_pack(work, demo)

    items, _ = records_of(demo)
    assert loaded.created == Counter(item.kind.noun() for item in items)
    assert all(ref.startswith("D-O") for ref in loaded.oddities)
    async with empty.database.begin(empty.actor("demo")) as work:
        editions = {one.edition: (one.status, str(one.valid_to)) for one in await work.where(Framework)}
        counts = [len(await work.where(kind)) for kind in (Academy, Plan, Person, InspectionFramework)]
    assert editions == {
        1: (FrameworkStatus.SUPERSEDED, "2025-08-31"),
        2: (FrameworkStatus.PUBLISHED, "None"),
    }
    assert counts == [12, 12, len(demo.people), 2]

    async with nothing_written(empty), empty.database.begin(empty.actor("demo")) as work:
        again = await load_pack(work, demo)

    assert again.nothing_changed
    assert again.unchanged == loaded.created


async def test_decisions_of_the_demo_follow_the_measures_but_for_one_and_where_nothing_was_known(
    empty: Installation,
) -> None:
    async with empty.database.begin(empty.actor("demo")) as work:
        await load_pack(work, demo_pack(academies=8))

    differing = {}
    async with empty.database.begin(empty.actor("demo")) as work:
        codes = {one.id: one.code for one in await work.where(Academy)}
        stages = {one.id: one.code for one in await work.where(MaturityStage)}
        decisions = await work.where(CategoryDecision)
        for one in decisions:
            explained = await read_categorisation(
                work, one.academy_id, Moment(work.now), on=one.decided_on, framework_id=one.framework_id
            )
            proposed, decided = explained.stage.code if explained.stage else None, stages[one.stage_id]
            if proposed != decided:
                differing[codes[one.academy_id], str(one.decided_on)] = (proposed, decided, one.reason)
        suggestions = await work.where(CategorySuggestion)
    by_visits = "by the visit reports alone, because no results and no inspection were known"
    assert differing == {
        ("DUN", "2023-09-28"): (None, "3", by_visits),
        ("ESK", "2023-09-28"): (None, "3", by_visits),
        ("GUL", "2026-05-07"): (
            "2", "3", "a stage later than the measures point to, because the new head has begun well and results lag behind",
        ),
    }  # fmt: skip
    assert (len(decisions), suggestions) == (31, [])
    assert all(one.reason for one in decisions)


async def test_a_heat_map_without_terms_is_of_the_last_six_that_have_begun(empty: Installation) -> None:
    async with empty.database.begin(empty.actor("demo")) as work:
        await load_pack(work, demo_pack(academies=1))

    async with empty.database.begin(empty.actor("demo")) as work:
        (framework,) = await work.where(Framework, edition=2)
        body, _ = await read_heat_map(work, MapAsked(framework.id), Moment(datetime(2026, 11, 22, 12, tzinfo=UTC)))
    assert [(one["year"], one["name"]) for one in json.loads(body)["terms"]] == [
        ("2024/25", "Spring"), ("2024/25", "Summer"),
        ("2025/26", "Autumn"), ("2025/26", "Spring"), ("2025/26", "Summer"),
        ("2026/27", "Autumn"),
    ]  # fmt: skip


def test_one_academy_alone_is_in_the_first_stage_and_has_been_there_too_long(demo: Pack) -> None:
    last = {one.academy: (one.stage, str(one.effective_from)) for one in demo.category_decisions}

    assert {code: day for code, (stage, day) in last.items() if stage == "1"} == {"ESK": "2025-11-03"}
