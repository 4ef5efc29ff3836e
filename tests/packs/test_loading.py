"""Loading a pack: what it makes, that a second load changes nothing, and what it may and may not move afterwards."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.commands.academies import identify_academy
from app.commands.flags import resolve_flag
from app.commands.frameworks import end_framework
from app.commands.milestones import Transition, move_due_date, move_milestone
from app.commands.records import create, withdraw
from app.db.unit_of_work import UnitOfWork
from app.domain import ids
from app.domain.actions import Action
from app.domain.benchmarks import Benchmark
from app.domain.bodies import Body
from app.domain.errors import Conflict
from app.domain.flags import DataQualityFlag
from app.domain.framework_vocabulary import FrameworkStatus
from app.domain.frameworks import Framework
from app.domain.milestones import Milestone
from app.domain.people import Person
from app.domain.statements import Statement
from app.domain.targets import Target, TargetVersion
from app.domain.vocabulary import BodyKind, DateMoveReason, IdentifierKind, MilestoneStatus, PersonKind, PlanStatus
from app.packs.flatten import oddities
from app.packs.format import Pack
from app.packs.framework_shapes import EntitlementShape, StrandShape
from app.packs.items import records_of
from app.packs.loading import load_pack
from app.packs.organisation_shapes import IdentifierShape
from app.packs.outcome import Change, Loaded, Unloadable
from app.packs.plan_shapes import ActionShape
from app.packs.reading import BrokenPack, read_pack
from tests.commands.ledger import nothing_written, refused, superuser, telling
from tests.conftest import PACKED, PACKS, Installation, load

COUNTS = {
    "kestrel": Counter(
        {
            "metric": 11,
            "academy": 1,
            "action": 123,
            "area": 4,
            "body": 3,
            "budget": 1,
            "budget_line": 6,
            "cross_reference": 4,
            "data_quality_flag": 152,
            "finding": 15,
            "milestone": 95,
            "milestone_window": 3,
            "objective": 20,
            "objective_target": 36,
            "person": 13,
            "plan": 1,
            "plan_academy": 1,
            "plan_phase": 3,
            "pupil_group": 8,
            "responsibility": 117,
            "statement": 23,
            "target": 93,
            "trust": 1,
        }
    ),
    "larkfield": Counter(
        {
            "metric": 3,
            "academy": 2,
            "action": 22,
            "action_step": 66,
            "area": 3,
            "body": 3,
            "data_quality_flag": 136,
            "evaluation_method": 20,
            "milestone": 69,
            "person": 28,
            "plan": 1,
            "plan_academy": 2,
            "pupil_group": 7,
            "responsibility": 126,
            "statement": 29,
            "statutory_target": 60,
            "trust": 1,
        }
    ),
    "merlin": Counter(
        {
            "metric": 4,
            "academy": 2,
            "body": 4,
            "cadence_rule": 3,
            "data_quality_flag": 65,
            "framework": 1,
            "framework_condition": 8,
            "framework_statement": 66,
            "indicative_measure": 8,
            "inspection_area": 10,
            "inspection_framework": 2,
            "inspection_grade": 15,
            "maturity_stage": 4,
            "person": 5,
            "strand": 6,
            "template_item": 133,
            "trust": 1,
        }
    ),
    "plover": Counter(
        {
            "metric": 5,
            "academy": 2,
            "benchmark": 161,
            "benchmark_set": 2,
            "body": 7,
            "cadence_rule": 51,
            "data_quality_flag": 112,
            "entitlement_rule": 3,
            "framework": 1,
            "framework_condition": 3,
            "framework_statement": 13,
            "inspection_framework": 1,
            "inspection_grade": 1,
            "maturity_stage": 4,
            "person": 10,
            "strand": 6,
            "template_item": 55,
            "trust": 1,
        }
    ),
    "avocet": Counter(
        {
            "metric": 12,
            "academy": 6,
            "assurance_line": 28,
            "assurance_section": 4,
            "band": 36,
            "band_statement": 113,
            "body": 11,
            "cadence_rule": 41,
            "data_quality_flag": 107,
            "entitlement_rule": 88,
            "evidence_kind": 9,
            "framework": 1,
            "framework_condition": 4,
            "framework_statement": 114,
            "indicator": 12,
            "maturity_stage": 4,
            "person": 24,
            "rating_label": 6,
            "rating_level": 3,
            "rating_scale": 1,
            "report_section": 10,
            "trust": 1,
        }
    ),
}
FLAGS = {
    "kestrel": Counter(
        {
            "S0-O1": 1,
            "S0-O2": 1,
            "S0-O3": 1,
            "S0-O4": 4,
            "S0-O5": 9,
            "S0-O6": 21,
            "S0-O7": 2,
            "S0-O8": 6,
            "S0-O9": 2,
            "S0-O10": 1,
            "S0-O11": 2,
            "S0-O12": 2,
            "S0-O13": 3,
            "S0-O14": 2,
            "S0-O15": 3,
            "S0-O16": 1,
            "S0-O17": 5,
            "S0-O18": 1,
            "S0-O19": 10,
            "S0-O20": 1,
            "S0-O21": 4,
            "S0-O22": 1,
            "S0-O23": 11,
            "S0-O24": 12,
            "S0-O25": 4,
            "S0-O26": 4,
            "S0-O27": 7,
            "S0-O28": 4,
            "S0-O29": 2,
            "S0-O30": 6,
            "S0-O31": 4,
            "S0-O32": 4,
            "S0-O33": 4,
            "S0-O34": 2,
            "S0-O35": 5,
        }
    ),
    "larkfield": Counter(
        {
            "S1-O1": 4,
            "S1-O2": 1,
            "S1-O3": 14,
            "S1-O4": 1,
            "S1-O5": 8,
            "S1-O6": 10,
            "S1-O7": 6,
            "S1-O8": 2,
            "S1-O9": 3,
            "S1-O10": 4,
            "S1-O11": 2,
            "S1-O12": 1,
            "S1-O13": 16,
            "S1-O14": 4,
            "S1-O15": 15,
            "S1-O16": 9,
            "S1-O17": 3,
            "S1-O18": 3,
            "S1-O19": 3,
            "S1-O20": 2,
            "S1-O21": 4,
            "S1-O22": 4,
            "S1-O23": 4,
            "S1-O24": 3,
            "S1-O25": 1,
            "due_missing": 9,
        }
    ),
    "merlin": Counter(
        {
            "S2-O1": 2,
            "S2-O2": 3,
            "S2-O3": 1,
            "S2-O4": 8,
            "S2-O5": 4,
            "S2-O6": 4,
            "S2-O7": 2,
            "S2-O8": 25,
            "S2-O9": 2,
            "S2-O10": 1,
            "S2-O11": 7,
            "S2-O12": 1,
            "S2-O13": 2,
            "term_undefined": 3,
        }
    ),
    "plover": Counter(
        {
            "S3-O1": 4,
            "S3-O2": 7,
            "S3-O3": 1,
            "S3-O4": 1,
            "S3-O5": 2,
            "S3-O6": 2,
            "S3-O7": 7,
            "S3-O8": 2,
            "S3-O9": 5,
            "S3-O10": 4,
            "S3-O11": 5,
            "S3-O12": 3,
            "S3-O13": 1,
            "S3-O14": 18,
            "S3-O15": 2,
            "S3-O16": 9,
            "S3-O17": 7,
            "S3-O18": 4,
            "S3-O19": 4,
            "cadence_missing": 24,
        }
    ),
    "avocet": Counter(
        {
            "S4-O1": 1,
            "S4-O2": 1,
            "S4-O3": 6,
            "S4-O4": 12,
            "S4-O5": 3,
            "S4-O6": 1,
            "S4-O7": 3,
            "S4-O8": 6,
            "S4-O9": 2,
            "S4-O10": 3,
            "S4-O11": 1,
            "S4-O12": 2,
            "S4-O13": 1,
            "S4-O14": 14,
            "S4-O15": 3,
            "S4-O16": 1,
            "S4-O17": 12,
            "S4-O18": 4,
            "S4-O19": 1,
            "S4-O20": 1,
            "S4-O21": 1,
            "S4-O22": 3,
            "cadence_missing": 5,
            "code_undefined": 2,
            "duration_missing": 4,
            "numeric_bands_missing": 6,
            "statement_repeated": 2,
            "term_undefined": 6,
        }
    ),
}
UNLISTED = {
    "kestrel": set(),
    # Under S1's layout the dates stand with the steps, so its actions have none: no row of its oddities says so.
    "larkfield": {"due_missing"},
    "merlin": {"term_undefined"},
    "plover": {"cadence_missing"},
    "avocet": {
        *("cadence_missing", "code_undefined", "duration_missing"),
        *("numeric_bands_missing", "statement_repeated", "term_undefined"),
    },
}
"""What rules find and no source's own list of oddities has a row for."""
FOUND_TOO = {"S1-O6": 2, "S2-O5": 1, "S2-O11": 1, "S3-O7": 3, "S3-O12": 1, "S4-O7": 1}
"""Of oddities that name records by hand, how many flags a rule raises beside them."""


def pack(name: str = "kestrel") -> Pack:
    return read_pack(PACKS / name).pack


async def reload(installation: Installation, changed: Pack) -> Loaded:
    async with installation.database.begin(installation.actor(changed.trust.code)) as work:
        return await load_pack(work, changed)


@pytest.mark.parametrize("name", PACKED)
async def test_a_pack_makes_one_record_of_each_thing_it_names(empty: Installation, name: str) -> None:
    async with telling(empty, name) as told:
        loaded = await load(empty.database, name)

    # A target's first promise is kept as a version of its own, which the pack does not name.
    # A framework is written as a draft and published once it is whole.
    made = Counter(event["type"] for event in told.events)
    assert loaded.created == COUNTS[name]
    assert (loaded.changed, loaded.unchanged) == (Counter(), Counter())
    also = {"target_version.created": loaded.created["target"], "framework.published": loaded.created["framework"]}
    assert made == +Counter({f"{noun}.created": count for noun, count in COUNTS[name].items()} | also)
    async with superuser(empty) as connection:
        rows = {noun: await connection.fetchval(f"select count(*) from {noun}") for noun in COUNTS[name]}
    assert rows == COUNTS[name]


@pytest.mark.parametrize("name", PACKED)
async def test_every_oddity_of_the_pack_raises_its_flags(shared: Installation, name: str) -> None:
    async with shared.database.begin(shared.actor(name)) as work:
        raised = Counter(flag.reference or flag.code for flag in await work.where(DataQualityFlag))

    declared = [oddity for _, _, oddity, _ in oddities(pack(name))]
    assert raised == FLAGS[name]
    assert set(raised) == {oddity.ref for oddity in declared} | UNLISTED[name]
    by_hand: Counter[str] = Counter()
    for oddity in declared:
        by_hand[str(oddity.ref)] += 0 if oddity.by_rule else len(oddity.on)
    assert {ref: raised[ref] - FOUND_TOO.get(ref, 0) for ref in +by_hand} == +by_hand


async def test_actions_with_neither_owner_nor_date_carry_both_flags_of_their_oddity(packed: Installation) -> None:
    async with packed.database.begin(packed.actor("kestrel")) as work:
        flags = await work.where(DataQualityFlag, reference="S0-O19")

    assert Counter(flag.code for flag in flags) == Counter({"lead_missing": 6, "due_missing": 4})


@pytest.mark.parametrize("name", PACKED)
async def test_a_second_load_changes_nothing_and_says_so(shared: Installation, name: str) -> None:
    async with nothing_written(shared):
        loaded = await load(shared.database, name)

    assert loaded.nothing_changed
    assert (loaded.created, loaded.changed) == (Counter(), Counter())
    assert loaded.unchanged == COUNTS[name]


async def test_a_changed_label_changes_exactly_that_record(packed: Installation) -> None:
    other = pack()
    other.plans[0].areas[1].label = "Teaching, spelt otherwise"

    async with telling(packed) as told:
        loaded = await reload(packed, other)

    assert (loaded.created, loaded.changed) == (Counter(), Counter({"area": 1}))
    (event,) = told.events
    assert event["type"] == "area.changed"
    key = f"{other.plans[0].code}/{other.plans[0].areas[1].code}"
    assert event["subject"] == str(ids.named_id(ids.trust_id("kestrel"), "area", key))
    assert event["data"] == {
        "before": {"label": pack().plans[0].areas[1].label, "version": 1},
        "after": {"label": "Teaching, spelt otherwise", "version": 2},
    }


async def test_a_changed_rule_of_the_trust_changes_the_trust(packed: Installation) -> None:
    other = pack()
    other.trust.reviewer_must_differ = not other.trust.reviewer_must_differ

    async with telling(packed) as told:
        loaded = await reload(packed, other)

    assert loaded.changed == Counter({"trust": 1})
    assert told.types == ["trust.changed"]


async def test_a_changed_promise_revises_the_target_with_a_new_version(packed: Installation) -> None:
    other = pack()
    (shape,) = [one for one in other.plans[0].targets if one.kind == "numeric"][:1]
    shape.value = Decimal("12.5")

    async with telling(packed) as told:
        loaded = await reload(packed, other)

    assert loaded.changed == Counter({"target": 1})
    assert [(event["type"], event["reason"]) for event in told.events] == [
        ("target.revised", "The pack promises something else."),
        ("target_version.created", None),
    ]
    async with packed.database.begin(packed.actor("kestrel")) as work:
        (target,) = await work.where(Target, code=shape.code)
        versions = await work.where(TargetVersion, target_id=target.id)
        assert (target.value, target.revision) == (Decimal("12.5"), 2)
        assert sorted(version.revision for version in versions) == [1, 2]


async def test_a_column_that_is_given_once_cannot_be_changed_by_a_pack(packed: Installation) -> None:
    other = pack()
    other.plans[0].phases[0].no = 9
    sentence = "/plans/0/phases/0: no of a plan phase cannot change once it is loaded. Give it another code."

    async with refused(packed, Conflict, sentence):
        await reload(packed, other)


async def test_a_packs_date_never_moves_an_agreed_one(packed: Installation) -> None:
    async with packed.database.begin(packed.actor("kestrel")) as work:
        milestone = min((one for one in await work.where(Milestone) if one.window_id), key=lambda one: one.code)
        moved = await move_due_date(
            work, milestone.id, "12 March 2027", because=DateMoveReason.CLOSURE, reason=None, version=1
        )
    other = pack()
    for window in other.plans[0].windows:
        window.due = "May 2018"

    loaded = await reload(packed, other)

    assert loaded.changed == Counter({"milestone_window": len(other.plans[0].windows)})
    async with packed.database.begin(packed.actor("kestrel")) as work:
        agreed = await work.get(Milestone, milestone.id)
        assert (agreed.due_ends_on, agreed.version) == (date(2027, 3, 12), moved.version)
        dues = {one.due_ends_on for one in await work.where(Milestone)}
    assert date(2018, 5, 31) not in dues


async def test_a_moved_action_date_is_read_anew(packed: Installation) -> None:
    other = pack()
    action = next(a for area in other.plans[0].areas for objective in area.objectives for a in objective.actions)
    action.due = "May 2018"

    async with telling(packed) as told:
        loaded = await reload(packed, other)

    assert loaded.changed == Counter({"action": 1})
    assert told.events[0]["data"]["after"]["dueEndsOn"] == "2018-05-31"


async def test_what_was_withdrawn_here_is_not_brought_back(packed: Installation) -> None:
    async with packed.database.begin(packed.actor("kestrel")) as work:
        statement = (await work.where(Statement))[0]
        milestone = (await work.where(Milestone))[0]
        flag = (await work.where(DataQualityFlag))[0]
        await withdraw(work, Statement, statement.id, version=1, reason="Not ours.")
        await move_milestone(
            work, milestone.id, Transition(to=MilestoneStatus.WITHDRAWN, reason="Not ours."), version=1
        )
        await resolve_flag(work, flag.id, resolution="Asked.", version=1)

    async with nothing_written(packed):
        loaded = await load(packed.database, "kestrel")

    assert loaded.nothing_changed
    assert loaded.unchanged == COUNTS["kestrel"]


async def test_what_a_trust_adds_itself_is_left_alone(packed: Installation) -> None:
    async with packed.database.begin(packed.actor("kestrel")) as work:
        await create(work, Body, {"code": "own", "label": "Our own committee", "kind": BodyKind.COMMITTEE})

    async with nothing_written(packed):
        await load(packed.database, "kestrel")


async def test_a_record_made_by_hand_under_the_same_code_conflicts_with_a_sentence(empty: Installation) -> None:
    code = pack().people[0].code
    async with empty.database.begin(empty.actor("kestrel")) as work:
        await create(work, Person, {"code": code, "kind": PersonKind.ROLE})

    sentence = "/people/0: The trust already has a person or role with this code. Choose another code."
    async with refused(empty, Unloadable, sentence):
        await load(empty.database, "kestrel")


async def test_a_load_that_is_killed_leaves_nothing(empty: Installation) -> None:
    class Killed(BaseException):
        pass

    def kill(done: int, of: int) -> None:
        if done == of // 2:
            raise Killed

    async with nothing_written(empty):
        with pytest.raises(Killed):
            async with empty.database.begin(empty.actor("kestrel")) as work:
                await load_pack(work, pack(), progress=kill)

    loaded = await load(empty.database, "kestrel")
    assert loaded.created == COUNTS["kestrel"]


async def test_a_load_that_fails_at_the_end_leaves_nothing(
    empty: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: UnitOfWork) -> None:
        raise ConnectionError

    async with nothing_written(empty):
        monkeypatch.setattr(UnitOfWork, "finish", fail)
        with pytest.raises(ConnectionError):
            await load(empty.database, "kestrel")
        monkeypatch.undo()


async def test_a_broken_pack_loads_nothing(empty: Installation, tmp_path: Any) -> None:
    text = (PACKS / "kestrel" / "plan.yaml").read_text(encoding="utf-8")
    (tmp_path / "trust.yaml").write_bytes((PACKS / "kestrel" / "trust.yaml").read_bytes())
    (tmp_path / "plan.yaml").write_text(text.replace("area: LM", "area: LX", 1), encoding="utf-8")

    async with nothing_written(empty):
        with pytest.raises(BrokenPack) as caught:
            async with empty.database.begin(empty.actor("kestrel")) as work:
                await load_pack(work, read_pack(tmp_path).pack)

    assert [fault.file for fault in caught.value.faults] == ["plan.yaml"]


async def test_a_packs_records_are_the_same_whoever_loads_them(empty: Installation) -> None:
    first, _ = records_of(pack())
    again, _ = records_of(pack())

    assert [(item.kind, item.id, item.values) for item in first] == [
        (item.kind, item.id, item.values) for item in again
    ]
    assert len({(item.kind, item.id) for item in first}) == len(first)


async def test_an_academys_new_urn_is_not_undone_by_the_next_load(packed: Installation) -> None:
    numbered = pack()
    old = {"kind": "urn", "value": "100001", "validFrom": "2010-09-01"}
    numbered.academies[0].identifiers = [IdentifierShape.model_validate(old)]
    first = await reload(packed, numbered)
    async with packed.database.begin(packed.actor("kestrel")) as work:
        academy_id = ids.named_id(ids.trust_id("kestrel"), "academy", numbered.academies[0].code)
        values = {"academy_id": academy_id, "kind": IdentifierKind.URN, "value": "654321"}
        await identify_academy(work, {**values, "valid_from": date(2026, 9, 1)})

    async with nothing_written(packed):
        await reload(packed, numbered)

    assert first.created == Counter({"academy_identifier": 1})


def editions(*told: dict[str, Any], **more: Any) -> Pack:
    """A trust with a framework of two linked benchmarks, in editions that differ as told."""
    benchmark = {"set": "main", "strand": "TL"}
    stage = {
        "code": "1",
        "name": "Stabilise",
        "benchmarks": [
            {**benchmark, "code": "1-1", "label": "books are marked", "linkedTo": "1-2"},
            {**benchmark, "code": "1-2", "label": "marking is read"},
        ],
    }
    whole = {
        "code": "stages",
        "title": "Framework of one stage",
        "strands": [{"code": "TL", "label": "teaching and learning"}],
        "benchmarkSets": [{"code": "main", "label": "benchmarks"}],
        "stages": [stage],
    }
    trust = {"code": "dunlin", "name": "Dunlin Learning Trust", "kind": "multi_academy_trust"}
    return Pack.model_validate({"format": 1, "trust": trust, **more, "frameworks": [{**whole, **one} for one in told]})


async def frameworks_of(installation: Installation, trust: str = "dunlin") -> list[dict[str, Any]]:
    async with superuser(installation) as connection:
        rows = await connection.fetch(
            "select edition, title, status, valid_from, valid_to, version from framework where trust_id = $1"
            " order by edition",
            ids.trust_id(trust),
        )
    return [dict(row) for row in rows]


@pytest.mark.parametrize("part", ["its title", "a label in it", "one record more"])
async def test_a_published_framework_that_the_pack_says_otherwise_is_refused_with_its_place(
    packed: Installation, part: str
) -> None:
    other = pack("merlin")
    framework, place = other.frameworks[0], "/frameworks/0"
    if part == "its title":
        framework.title = "Another title"
    elif part == "a label in it":
        framework.stages[1].items[2].label, place = "otherwise", "/frameworks/0/stages/1/items/2"
    else:
        framework.strands.append(StrandShape.model_validate({"code": "NEW", "label": "new strand"}))
        place = f"/frameworks/0/strands/{len(framework.strands) - 1}"

    sentence = (
        f"{place}: Edition 1 of secondary-strategy is published, so nothing in it changes any more. "
        "Make a new edition and change that."
    )
    async with refused(packed, Unloadable, sentence):
        await reload(packed, other)


async def test_another_edition_in_the_pack_takes_over_from_the_one_in_force(empty: Installation) -> None:
    first = {"edition": 1, "validFrom": "2025-09-01"}
    await reload(empty, editions(first))
    both = editions(first, {"edition": 2, "validFrom": "2026-09-01", "title": "Framework of one stage, anew"})

    async with telling(empty, "dunlin") as told:
        loaded = await reload(empty, both)

    assert loaded.created["framework"] == 1
    assert loaded.changed == Counter({"framework": 1})
    (change,) = [one for one in loaded.changes if one.fields is not None]
    assert change == Change(
        "framework",
        "stages/1",
        "/frameworks/0",
        {
            "status": (FrameworkStatus.PUBLISHED, FrameworkStatus.SUPERSEDED),
            "valid_to": (None, date(2026, 8, 31)),
        },
    )
    assert told.types[-2:] == ["framework.superseded", "framework.published"]
    assert [
        (one["edition"], one["status"], one["valid_from"], one["valid_to"]) for one in await frameworks_of(empty)
    ] == [
        (1, "superseded", date(2025, 9, 1), date(2026, 8, 31)),
        (2, "published", date(2026, 9, 1), None),
    ]
    async with nothing_written(empty):
        assert (await reload(empty, both)).nothing_changed


async def test_a_draft_stays_a_draft_and_a_later_load_may_change_and_publish_it(empty: Installation) -> None:
    draft = {"published": False}
    await reload(empty, editions(draft))

    again = await reload(empty, editions({**draft, "title": "Another title"}))
    drafts = await frameworks_of(empty)
    published = await reload(empty, editions({"title": "Another title", "validFrom": "2026-09-01"}))

    assert (again.created, again.changed) == (Counter(), Counter({"framework": 1}))
    assert [(one["status"], one["title"], one["valid_from"]) for one in drafts] == [("draft", "Another title", None)]
    assert (published.created, published.changed) == (Counter(), Counter({"framework": 1}))
    (change,) = published.changes
    assert change.fields == {
        "status": (FrameworkStatus.DRAFT, FrameworkStatus.PUBLISHED),
        "valid_from": (None, date(2026, 9, 1)),
    }
    assert [one["status"] for one in await frameworks_of(empty)] == ["published"]


async def test_publishing_a_draft_is_told_even_where_nothing_else_changes(empty: Installation) -> None:
    await reload(empty, editions({"published": False}))

    loaded = await reload(empty, editions({}))

    assert not loaded.nothing_changed
    assert [str(change) for change in loaded.changes] == ["~ framework stages/1: status: draft -> published"]
    assert (loaded.changed["framework"], loaded.unchanged["framework"]) == (1, 0)


async def test_closing_a_plan_is_told_even_where_nothing_else_changes(packed: Installation) -> None:
    other = pack()
    other.plans[0].status = PlanStatus.CLOSED

    loaded = await reload(packed, other)

    assert [str(change) for change in loaded.changes] == ["~ plan poap: status: active -> closed"]
    assert loaded.changed == Counter({"plan": 1})


async def test_what_only_the_database_refuses_is_told_with_the_place_of_the_very_record(empty: Installation) -> None:
    wrong = editions({})
    wrong.frameworks[0].stages[0].entitlements = [
        EntitlementShape.model_validate(
            {"code": code, "team": "hr", "label": "Help", "quantityMin": least, "quantityMax": 2}
        )
        for code, least in (("E1", 1), ("E2", 3), ("E3", 2))
    ]

    sentence = (
        "/frameworks/0/stages/0/entitlements/1: An offer cannot be at most less than at least. "
        "Put the two quantities in order."
    )
    async with refused(empty, Unloadable, sentence):
        await reload(empty, wrong)


async def test_two_frameworks_in_force_for_one_kind_of_school_are_refused_with_the_place_of_the_later(
    empty: Installation,
) -> None:
    sentence = (
        "/frameworks/1: Another framework for the same kind of school is in force on one of these days. End it first."
    )
    async with refused(empty, Unloadable, sentence):
        await reload(empty, editions({}, {"code": "steps"}))


async def test_records_may_refer_to_one_another_in_a_circle(empty: Installation) -> None:
    circle = editions({})
    one, other = circle.frameworks[0].stages[0].benchmarks
    one.linked_to, other.linked_to = other.code, one.code

    await reload(empty, circle)

    async with empty.database.begin(empty.actor("dunlin")) as work:
        links = {each.code: each.linked_to_id for each in await work.where(Benchmark)}
        codes = {each.id: each.code for each in await work.where(Benchmark)}
    assert {code: codes[link] for code, link in links.items() if link} == {"1-1": "1-2", "1-2": "1-1"}
    async with nothing_written(empty):
        assert (await reload(empty, circle)).nothing_changed


async def test_a_record_that_is_there_may_come_to_refer_to_a_new_one(packed: Installation) -> None:
    other = pack()
    actions = other.plans[0].areas[0].objectives[0].actions
    actions.append(ActionShape.model_validate({"code": "NEW", "label": "Do it as well.", "due": "May 2018"}))
    actions[0].related_to = "NEW"

    loaded = await reload(packed, other)

    assert (loaded.created["action"], loaded.changed) == (1, Counter({"action": 1}))
    async with packed.database.begin(packed.actor("kestrel")) as work:
        by_code = {action.code: action for action in await work.where(Action)}
    assert by_code[actions[0].code].related_to_id == by_code["NEW"].id


async def test_a_framework_ended_here_is_not_begun_again_by_its_pack(empty: Installation) -> None:
    whole = editions({"validFrom": "2025-09-01"})
    await reload(empty, whole)
    async with empty.database.begin(empty.actor("dunlin")) as work:
        (framework,) = await work.where(Framework)
        await end_framework(work, framework.id, on=date(2027, 8, 31), version=framework.version)

    async with nothing_written(empty):
        assert (await reload(empty, whole)).nothing_changed
