"""Loading a pack: what it makes, that a second load changes nothing, and what it may and may not move afterwards."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.commands.academies import identify_academy
from app.commands.flags import resolve_flag
from app.commands.milestones import Transition, move_due_date, move_milestone
from app.commands.records import create, withdraw
from app.db.unit_of_work import UnitOfWork
from app.domain import ids
from app.domain.bodies import Body
from app.domain.errors import Conflict
from app.domain.flags import DataQualityFlag
from app.domain.milestones import Milestone
from app.domain.people import Person
from app.domain.statements import Statement
from app.domain.targets import Target, TargetVersion
from app.domain.vocabulary import BodyKind, DateMoveReason, IdentifierKind, MilestoneStatus, PersonKind
from app.packs.format import Pack
from app.packs.organisation_shapes import IdentifierShape
from app.packs.loading import Loaded, load_pack, records_of
from app.packs.reading import BrokenPack, read_pack
from tests.commands.ledger import nothing_written, refused, superuser, telling
from tests.conftest import PACKS, Installation, load

COUNTS = {
    "kestrel": Counter(
        {
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
}


def pack(name: str = "kestrel") -> Pack:
    return read_pack(PACKS / name).pack


async def reload(installation: Installation, changed: Pack) -> Loaded:
    async with installation.database.begin(installation.actor(changed.trust.code)) as work:
        return await load_pack(work, changed)


@pytest.mark.parametrize("name", ["kestrel", "larkfield"])
async def test_a_pack_makes_one_record_of_each_thing_it_names(empty: Installation, name: str) -> None:
    async with telling(empty, name) as told:
        loaded = await load(empty.database, name)

    # A target's first promise is kept as a version of its own, which the pack does not name.
    made = Counter(event["type"] for event in told.events)
    assert loaded.created == COUNTS[name]
    assert (loaded.changed, loaded.unchanged) == (Counter(), Counter())
    versions = {"target_version.created": loaded.created["target"]} if loaded.created["target"] else {}
    assert made == {f"{noun}.created": count for noun, count in COUNTS[name].items()} | versions
    async with superuser(empty) as connection:
        rows = {noun: await connection.fetchval(f"select count(*) from {noun}") for noun in COUNTS[name]}
    assert rows == COUNTS[name]


@pytest.mark.parametrize("name", ["kestrel", "larkfield"])
async def test_every_oddity_of_the_pack_raises_its_flags(empty: Installation, name: str) -> None:
    loaded = await load(empty.database, name)

    declared = {oddity.ref for plan in pack(name).plans for oddity in plan.oddities}
    # Under S1's layout the dates stand with the steps, so its actions have none: no row of its oddities says so.
    unlisted = {"kestrel": set(), "larkfield": {"due_missing"}}[name]
    assert loaded.oddities == FLAGS[name]
    assert set(loaded.oddities) == declared | unlisted
    by_hand = Counter(
        {oddity.ref: len(oddity.on) for plan in pack(name).plans for oddity in plan.oddities if not oddity.by_rule}
    )
    found = {"S1-O6": 2}  # Beside the eight named by hand, two without a comparator are found by rule.
    assert {ref: loaded.oddities[ref] - found.get(ref, 0) for ref in by_hand} == by_hand


async def test_actions_with_neither_owner_nor_date_carry_both_flags_of_their_oddity(packed: Installation) -> None:
    async with packed.database.begin(packed.actor("kestrel")) as work:
        flags = await work.where(DataQualityFlag, reference="S0-O19")

    assert Counter(flag.code for flag in flags) == Counter({"lead_missing": 6, "due_missing": 4})


@pytest.mark.parametrize("name", ["kestrel", "larkfield"])
async def test_a_second_load_changes_nothing_and_says_so(packed: Installation, name: str) -> None:
    async with nothing_written(packed):
        loaded = await load(packed.database, name)

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

    sentence = "The trust already has a person or role with this code. Choose another code."
    async with refused(empty, Conflict, sentence):
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
