"""Writing a trust back: what was exported loads equal, here and elsewhere, whatever the trust holds."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings

from app.commands.academies import identify_academy
from app.commands.flags import resolve_flag
from app.commands.milestones import Transition, move_due_date, move_milestone, rate_milestone
from app.commands.records import change, create, withdraw
from app.commands.targets import revise_target
from app.db.embedded import EmbeddedPostgres
from app.db.unit_of_work import UnitOfWork
from app.domain.academies import Academy
from app.domain.actions import Action, Responsibility
from app.domain.areas import Area
from app.domain.check_waivers import CheckWaiver
from app.domain.due_columns import DueColumns
from app.domain.entity import Entity
from app.domain.errors import Conflict
from app.domain.events import created
from app.domain.flags import DataQualityFlag
from app.domain.frameworks import Framework
from app.domain.indicators import Band
from app.domain.metrics import Metric
from app.domain.milestones import Milestone
from app.domain.model import ABOVE, ENTITIES
from app.domain.objectives import Objective
from app.domain.observations import Observation
from app.domain.people import Person
from app.domain.plans import Plan
from app.domain.pupil_groups import PupilGroup
from app.domain.ratings import RatingLabel, RatingLevel, RatingScale
from app.domain.readings import ReadingBatch
from app.domain.reviews import AssuranceReview, ReviewEvidence
from app.domain.statements import Statement
from app.domain.support import SupportAllocation
from app.domain.targets import Target
from app.domain.vocabulary import ActionStatus, Confidence, DateMoveReason, PlanStatus
from app.domain.vocabulary import MilestoneStatus as S
from app.packs.exported_oddities import natural
from app.packs.exporting import Exported, export_pack
from app.packs.format import Pack
from app.packs.items import records_of
from app.packs.layout import SCOPES, by_kind, places, references, scope_of
from app.packs.loading import load_pack
from app.packs.outcome import Loaded
from app.packs.reading import MOST_FILES, read_pack
from app.packs.shapes import RecordShape, Shape, Sourced
from app.packs.writing import sheets_of, text_of, write_pack
from tests.api.samples import SAMPLES, create_each
from tests.api.samples import create as post
from tests.commands.ledger import nothing_written, refused
from tests.conftest import PACKED, PACKS, Installation, _installed
from tests.packs.any_pack import TRICKY, packs
from tests.packs.likeness import differences, likeness

WIDE = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck), report_multiple_bugs=False)
AS_DRAWN = settings(WIDE, phases=[Phase.explicit, Phase.generate])
"""Whole trusts in databases: making a failing one smaller would take minutes."""
_trusts = count(1)


@pytest_asyncio.fixture(scope="module")
async def elsewhere(server: EmbeddedPostgres, empty_template: str) -> AsyncIterator[Installation]:
    """A service that has never heard of the trusts that are brought to it; each test brings its own."""
    async for installation in _installed(server, empty_template):
        yield installation


@pytest_asyncio.fixture(scope="module")
async def origin(server: EmbeddedPostgres, empty_template: str) -> AsyncIterator[Installation]:
    """A service in which trusts are made, each test its own."""
    async for installation in _installed(server, empty_template):
        yield installation


async def exported(installation: Installation, trust: str) -> Exported:
    async with installation.database.begin(installation.actor(trust)) as work:
        return await export_pack(work)


async def loaded(installation: Installation, pack: Pack) -> Loaded:
    async with installation.database.begin(installation.actor(pack.trust.code)) as work:
        return await load_pack(work, pack)


def reread(pack: Pack) -> Pack:
    """The pack as it stands in files, read again."""
    with TemporaryDirectory() as folder:
        write_pack(pack, Path(folder))
        return read_pack(Path(folder)).pack


def files(pack: Pack) -> dict[str, str]:
    return {name: text_of(content) for name, content in sheets_of(pack)}


def plain(told: Any) -> Any:
    """A pack's content with every digit of its numbers, however they are written."""
    match told:
        case dict():
            return {name: plain(value) for name, value in told.items()}
        case list():
            return [plain(value) for value in told]
        case Decimal():
            return f"{told.copy_abs() if told == 0 else told:f}"
        case _:
            return told


def said(pack: Pack) -> dict[Any, Any]:
    """Every record of a pack by its id, with its values; a state that is left out is left out here too."""
    items, _ = records_of(pack)
    return {item.id: plain({"noun": item.kind.noun(), "due": item.due, **item.values}) for item in items}


@pytest.mark.parametrize("trust", PACKED)
async def test_an_export_loads_into_its_own_trust_with_no_change(shared: Installation, trust: str) -> None:
    pack = reread((await exported(shared, trust)).pack)

    async with nothing_written(shared):
        again = await loaded(shared, pack)

    assert again.nothing_changed
    assert (again.created, again.changed, again.changes) == ({}, {}, [])


@pytest.mark.parametrize("trust", PACKED)
async def test_an_export_makes_the_same_records_elsewhere_and_exports_to_the_same_bytes(
    shared: Installation, elsewhere: Installation, trust: str
) -> None:
    first = await exported(shared, trust)

    await loaded(elsewhere, reread(first.pack))

    assert differences(await likeness(shared, trust), await likeness(elsewhere, trust)) == {}
    assert files((await exported(elsewhere, trust)).pack) == files(first.pack)
    assert first.left_out == {"keys": 1}


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(WIDE, max_examples=25)
@given(pack=packs())
def test_any_pack_that_is_written_is_read_again_equal(pack: Pack) -> None:
    again = reread(pack)

    assert again == pack
    assert plain(again.model_dump()) == plain(pack.model_dump())


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(AS_DRAWN, max_examples=8)
@given(pack=packs())
async def test_any_trust_comes_back_from_the_database_equal(
    origin: Installation, elsewhere: Installation, pack: Pack
) -> None:
    pack.trust.code = f"any-{next(_trusts)}"

    await loaded(origin, pack)
    first = await exported(origin, pack.trust.code)
    again = await loaded(origin, reread(first.pack))
    await loaded(elsewhere, reread(first.pack))

    was, became = said(pack), said(first.pack)
    assert {one: {name: became[one][name] for name in values} for one, values in was.items()} == was
    assert became.keys() == was.keys()
    assert (first.left_out, again.changes) == ({}, [])
    assert differences(*[await likeness(one, pack.trust.code) for one in (origin, elsewhere)]) == {}
    assert files((await exported(elsewhere, pack.trust.code)).pack) == files(first.pack)


def bare(trust: str) -> dict[str, Any]:
    return {"format": 1, "trust": {"code": trust, "name": "Made by hand", "kind": "federation"}}


async def founded(installation: Installation, trust: str) -> None:
    """A trust with nothing in it: all that a pack has to bring."""
    await loaded(installation, Pack.model_validate(bare(trust)))


async def made_by_hand(installation: Installation, trust: str) -> dict[str, str]:
    """A trust of one record of each kind, made over HTTP, their ids by plural; its draft framework's scale has two levels."""
    await founded(installation, trust)
    async with installation.client(await installation.key(trust)) as client:
        made = await create_each(client, "zz")
        level = await post(client, "rating-levels", {**SAMPLES["rating-levels"](made, "yy"), "no": 2})
        for level_id in (made["rating-levels"], level["id"]):
            label = {**SAMPLES["rating-labels"](made, "yy"), "levelId": level_id, "context": "bands"}
            await post(client, "rating-labels", label)
    await second_level(installation, trust, UUID(made["published:rating-levels"]))
    return made


async def second_level(installation: Installation, trust: str, first: UUID) -> None:
    """The framework in force has a scale of one level, which no pack can hold; past its publication no command adds one."""
    async with installation.database.begin(installation.actor(trust)) as work:
        level = await work.get(RatingLevel, first)
        of = {"framework_id": level.framework_id}
        second = RatingLevel.of(work.actor.trust_id, {**of, "code": "yy-F", "scale_id": level.scale_id, "no": 2})
        label = RatingLabel.of(work.actor.trust_id, {**of, "level_id": second.id, "context": "key", "label": "Second"})
        for made in (second, label):
            work.add(made)
            work.record(created(made))


async def lived_in(installation: Installation, trust: str, made: dict[str, str]) -> None:
    """What people do to it afterwards: met, done, promised anew, cleared up, taken out of use, closed."""
    async with installation.database.begin(installation.actor(trust)) as work:
        milestone = UUID(made["milestones"])
        await move_due_date(work, milestone, "12 March 2027", because=DateMoveReason.CLOSURE, reason=None, version=1)
        await rate_milestone(work, milestone, Confidence.AT_RISK, rationale="Late.", version=2)
        for to, notes in ((S.IN_PROGRESS, []), (S.SUBMITTED, ["Seen.", "Seen again.", "08"]), (S.MET, [])):
            version = (await work.get(Milestone, milestone)).version
            await move_milestone(
                work, milestone, Transition(to=to, evidence=[{"note": n} for n in notes]), version=version
            )
        await change(work, Action, UUID(made["actions"]), {"status": ActionStatus.COMPLETE}, version=1)
        promise = {"value": Decimal("64.50"), "caveat": "no: yes"}
        await revise_target(work, UUID(made["targets"]), promise, reason="More.", version=1)
        await withdraw(work, Statement, UUID(made["statements"]), version=1, reason="Not ours.")
        on = {"plan_id": UUID(made["plans"]), "on_noun": "area", "record_id": UUID(made["areas"])}
        for code, detail in (("vague", "It is vague."), ("vague", "So is this."), ("bare", "Treatment: none.")):
            await create(work, DataQualityFlag, {**on, "code": code, "detail": detail})
        flag = (await work.where(DataQualityFlag, code="bare"))[0]
        await resolve_flag(work, flag.id, resolution="Asked.", version=1)
        await create(
            work, DataQualityFlag, {**on, "record_id": UUID(made["evidence"]), "code": "odd", "detail": "Odd."}
        )
        await closed_plan(work)


async def closed_plan(work: UnitOfWork) -> None:
    told = {"code": "old", "title": "Old plan", "type": "standards", "starts_on": date(2014, 9, 1)}
    plan = await create(work, Plan, {**told, "ends_on": date(2015, 8, 31)})
    await create(work, Area, {"plan_id": plan.id, "code": "A", "no": 1, "kind": "priority", "label": "Old priority"})
    await change(work, Plan, plan.id, {"status": PlanStatus.CLOSED}, version=1)


async def test_a_trust_made_by_hand_comes_back_and_what_is_left_out_is_told(
    origin: Installation, elsewhere: Installation
) -> None:
    made = await made_by_hand(origin, "by-hand")
    await lived_in(origin, "by-hand", made)

    first = await exported(origin, "by-hand")
    await loaded(elsewhere, reread(first.pack))

    assert first.left_out == {
        "flags on records that have no code of their own or are withdrawn": 1,
        "flags that a pack has no words for": 1,
        "flags that repeat another of the same field": 1,
        "keys": 1,
        "memberships": 1,
        "promises that targets made formerly": 1,
        "withdrawn records (statement)": 1,
    }
    differ = differences(await likeness(origin, "by-hand"), await likeness(elsewhere, "by-hand"))
    left, found = ([json.loads(flag) for flag in flags] for flags in differ.pop("data_quality_flag"))
    assert sorted(flag["detail"] for flag in left) == ["Odd.", "So is this.", "zz is unclear"]
    raised = {"amount_provisional", "interval_gap", "period_missing"}
    assert {flag["code"] for flag in found} == raised, "what a rule finds, loading raises"
    (was,), (became,) = ([json.loads(one) for one in some] for some in differ.pop("target"))
    assert became == {**was, "revision": 1}
    assert differ.keys() == {"target_version"}, "the former promise stays behind"
    assert files((await exported(elsewhere, "by-hand")).pack) == files(first.pack)


UNFINISHED = "/frameworks/zz/scales/zz-1/levels: List should have at least 2 items after validation, not 1"
FOREIGN = (
    "/frameworks/zz/sections/zz-1/lines/zz-1/indicators/zz-1/bands/0/level: "
    "The level 'other-1' is not of the section's scale, 'zz-1'; name one that is"
)


@pytest.mark.parametrize(("trust", "wrong"), [("unfinished", UNFINISHED), ("foreign", FOREIGN)])
async def test_what_no_pack_can_hold_is_refused_with_its_place(origin: Installation, trust: str, wrong: str) -> None:
    made = await made_by_hand(origin, trust)
    async with origin.database.begin(origin.actor(trust)) as work:
        if wrong is UNFINISHED:
            for label in await work.where(RatingLabel, context="bands"):
                await withdraw(work, RatingLabel, label.id, version=1, reason="Another day.")
            level = (await work.where(RatingLevel, code="yy-1"))[0]
            await withdraw(work, RatingLevel, level.id, version=1, reason="Another day.")
        else:
            whole = {"framework_id": UUID(made["frameworks"])}
            scale = await create(work, RatingScale, {**whole, "code": "other", "label": "Other scale"})
            for no in (1, 2):
                level = await create(
                    work, RatingLevel, {**whole, "code": f"other-{no}", "scale_id": scale.id, "no": no}
                )
                called = {"level_id": level.id, "context": "key", "label": "Other"}
                await create(work, RatingLabel, {**whole, **called})
            (first,) = await work.where(RatingLevel, code="other-1")
            await change(work, Band, UUID(made["bands"]), {"level_id": first.id}, version=1)

    sentence = f"A pack cannot hold the trust as it stands: {wrong}. Mend these records and export again."
    async with refused(origin, Conflict, sentence):
        await exported(origin, trust)


async def test_what_stands_below_or_refers_to_what_is_withdrawn_is_left_out_and_told(
    origin: Installation, elsewhere: Installation
) -> None:
    made = await made_by_hand(origin, "superseded")
    async with origin.database.begin(origin.actor("superseded")) as work:
        for code in ("gone", "lost"):
            group = await create(work, PupilGroup, {"code": code, "label": "Pupils"})
            plan, area = UUID(made["plans"]), UUID(made["areas"])
            above = await create(
                work, Objective, {"plan_id": plan, "area_id": area, "code": code, "label": "Objective"}
            )
            told = {"plan_id": plan, "code": code, "no": 7, "label": "It is so.", "group_id": group.id}
            under = {"objective_id": above.id} if code == "gone" else {"area_id": area}
            milestone = await create(work, Milestone, told | under)
            await move_milestone(work, milestone.id, Transition(to=S.SUPERSEDED), version=1)
            await withdraw(work, Objective, above.id, version=1, reason="Replaced.")
            await withdraw(work, PupilGroup, group.id, version=1, reason="Replaced.")

    first = await exported(origin, "superseded")
    await loaded(elsewhere, reread(first.pack))

    assert first.left_out == {
        "flags that a pack has no words for": 1,
        "keys": 1,
        "memberships": 1,
        "records below what is withdrawn (milestone)": 1,
        "references to what is withdrawn": 1,
        "withdrawn records (objective)": 2,
        "withdrawn records (pupil group)": 2,
    }
    differ = differences(await likeness(origin, "superseded"), await likeness(elsewhere, "superseded"))
    mine, theirs = ([json.loads(one) for one in some] for some in differ["milestone"])
    (gone,), (lost,) = ([one for one in mine if one["code"] == code] for code in ("gone", "lost"))
    assert theirs == [{**lost, "group_id": None}]
    assert mine in ([gone, lost], [lost, gone])


async def test_a_trust_that_was_lived_in_since_its_pack_came_loads_its_own_export_unchanged(
    origin: Installation, empty: Installation
) -> None:
    await loaded(origin, read_pack(PACKS / "kestrel").pack)
    async with origin.database.begin(origin.actor("kestrel")) as work:
        await meet(work, [one for one in await work.where(Milestone) if one.measured != "numeric"][:3])
        flag = (await work.where(DataQualityFlag, code="due_unresolved", on_noun="action"))[0]
        action = await work.get(Action, flag.record_id)
        await change(work, Action, action.id, {"due": "31 May 2018"}, version=1)
        person = (await work.where(Person))[0]
        named = {"plan_id": action.plan_id, "action_id": action.id, "person_id": person.id, "role": "monitor"}
        await create(work, Responsibility, {**named, "no": 3, "printed": "08"})
        number = {"academy_id": (await work.where(Academy))[0].id, "kind": "urn", "value": "012345"}
        await identify_academy(work, {**number, "valid_from": date(2020, 9, 1)})
        await identify_academy(work, {**number, "value": "123456", "valid_from": date(2025, 9, 1)})
        raised = {"plan_id": action.plan_id, "on_noun": "action", "record_id": action.id}
        await create(work, DataQualityFlag, {**raised, "code": "vague", "detail": "It is vague.", "raw": "soon"})

    first = await exported(origin, "kestrel")
    again = await loaded(origin, reread(first.pack))
    await loaded(empty, reread(first.pack))

    assert again.changes == []
    assert first.left_out == {}
    assert differences(await likeness(origin, "kestrel"), await likeness(empty, "kestrel")) == {}
    assert files((await exported(empty, "kestrel")).pack) == files(first.pack)


async def meet(work: UnitOfWork, milestones: list[Milestone]) -> None:
    for milestone in milestones:
        evidence: list[Mapping[str, Any]] = [{"note": f"Seen {no} times.", "link": "a: b"} for no in (3, 1, 2)]
        await move_milestone(work, milestone.id, Transition(to=S.SUBMITTED, evidence=evidence), version=1)
        await move_milestone(work, milestone.id, Transition(to=S.MET), version=2)


def test_what_an_export_says_of_a_field_stands_for_what_a_rule_would_say_of_it() -> None:
    days = {"startsOn": date(2026, 9, 1), "endsOn": date(2027, 8, 31)}
    action = {"code": "A1", "label": "Act", "due": "soon"}
    area = {"code": "A", "no": 1, "kind": "area", "label": "Teaching", "actions": [action]}
    plan = {"code": "P", "title": "Plan", "type": "rapid", **days, "areas": [area]}
    former = {
        "code": "due_unresolved",
        "label": "It was unclear.",
        "on": ["action:A1"],
        "field": "due",
        "raw": "in May",
    }

    raised = [
        sorted((item.values["code"], item.values["raw"]) for item in records_of(pack)[0] if "raw" in item.values)
        for pack in (
            Pack.model_validate({**bare("flags"), "plans": [one]}) for one in (plan, {**plan, "oddities": [former]})
        )
    ]

    assert raised == [
        [("due_unresolved", "soon"), ("lead_missing", None)],
        [("due_unresolved", "in May"), ("lead_missing", None)],
    ]


async def test_of_several_finds_on_one_record_only_the_resolved_one_comes_resolved(
    origin: Installation, empty: Installation
) -> None:
    await loaded(origin, read_pack(PACKS / "merlin").pack)
    async with origin.database.begin(origin.actor("merlin")) as work:
        flags = await work.where(DataQualityFlag, code="measure_overlap")
        await resolve_flag(work, flags[0].id, resolution="The first match.", version=1)

    await loaded(empty, reread((await exported(origin, "merlin")).pack))

    assert len(flags) > 1
    assert differences(await likeness(origin, "merlin"), await likeness(empty, "merlin")) == {}


def test_a_text_that_yaml_takes_for_something_else_stays_the_text_it_is() -> None:
    people = [{"code": f"P{place}", "kind": "role", "label": text} for place, text in enumerate(TRICKY)]
    pack = Pack.model_validate({**bare("texts"), "people": people})

    assert [one.label for one in reread(pack).people] == list(TRICKY)


def test_codes_are_written_in_the_order_people_count_in() -> None:
    assert sorted(["B1", "A10", "A2", "²", "A02", "1²", "10", "9"], key=natural) == [
        *("1²", "9", "10", "A02", "A2", "A10", "B1", "²"),
    ]


@pytest.mark.parametrize("plans", [0, 3, 120])
def test_each_framework_and_plan_has_a_file_while_a_folder_may_hold_so_many(plans: int) -> None:
    days = {"startsOn": date(2026, 9, 1), "endsOn": date(2027, 8, 31)}
    told = [{"code": f"P {place}", "title": "Plan", "type": "rapid", **days} for place in range(plans)]
    frameworks = [{"code": code, "title": "Framework", "published": False} for code in ("a b", "a-b", "A.b")]
    pack = Pack.model_validate({**bare("many"), "plans": told, "frameworks": frameworks})

    assert reread(pack) == pack
    assert len(files(pack)) == {0: 4, 3: 7, 120: 42}[plans] <= MOST_FILES


@pytest.mark.parametrize("kind", [kind for kind in ENTITIES if kind in by_kind()], ids=lambda kind: kind.noun())
def test_every_column_of_a_record_has_its_place_in_a_pack(kind: type[Entity]) -> None:
    shape = by_kind()[kind]
    told_otherwise = {
        Framework: {"status", "published_at"},  # `published`
        Target: {"revision"},  # counts the promises that are left out
        Responsibility: {"role"},  # `leads` and `monitors`
        Metric: {"definition_version"},  # counts the definitions that are left out
        CheckWaiver: {"subject_id"},  # `subject`, with its noun
        ReadingBatch: {"academy_ids", "recorded", "restated", "unchanged", "digest", "recorded_by"},  # worked out
        Observation: {"recorded_by"},  # whoever loads the pack
        SupportAllocation: {"plan_id"},  # `plan`
        AssuranceReview: {"supersedes_id"},  # what others took the place of is left out
        ReviewEvidence: {"level_ids", "reading_id"},  # `levels`; readings have no name
    }.get(kind, set())
    inherited = (
        {"academy_id", "framework_id"} if all(issubclass(one, RecordShape) for one in above_shapes(shape)) else set()
    )
    places = {column for parent in above(shape) for column, owner in ABOVE[kind.noun()] if owner is parent}
    source = {"source_document", "source_line"} if issubclass(shape, Sourced) else set()
    due = DueColumns.DUE if "due" in shape.model_fields else set()
    named = {reference.column for reference in references(shape).values()}

    kept = {column.name for column in kind.columns()} - {"trust_id", "id", "version", "withdrawn_at"}
    told = (kept & shape.model_fields.keys()) | places | source | due | named | (inherited & kept)
    assert kept - told_otherwise == told - told_otherwise


def above_shapes(shape: type[RecordShape]) -> tuple[type[Shape], ...]:
    return tuple(one for one in places()[shape] if one is not Pack) or (Pack,)


def above(shape: type[RecordShape]) -> set[type[Entity]]:
    parents = {parent.KIND for parent in places()[shape] if issubclass(parent, RecordShape)}
    scope = scope_of(shape.KIND)
    return parents | ({SCOPES[scope]} if scope else set())
