"""Keeping records: create, change, withdraw; targets, actions, flags; and the unit of work they are written in."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from app.commands.actions import set_action, set_objective, set_step
from app.commands.flags import resolve_flag
from app.commands.plans import make_plan, widen_plan
from app.commands.records import change, create, withdraw
from app.commands.targets import revise_target, set_target
from app.db.unit_of_work import UnitOfWork, UnrecordedChange
from app.domain.academies import Academy
from app.domain.actions import Action, ActionStep
from app.domain.areas import Area
from app.domain.calendars import AcademicYear, Term
from app.domain.errors import Conflict, Fault, Forbidden, Invalid, NotFound, StaleVersion
from app.domain.events import changed
from app.domain.flags import DataQualityFlag
from app.domain.milestones import Milestone
from app.domain.people import Person
from app.domain.plans import Plan
from app.domain.roles import Role
from app.domain.targets import Target, TargetVersion
from app.domain.vocabulary import AreaKind, Comparator, MeasureKind, PersonKind, PlanStatus, PlanType
from tests.commands.ledger import ledger, nothing_written, refused, stopped, superuser, telling
from tests.conftest import Installation

LACKS_PLANS = (
    "This credential may not do that: it lacks the permission write_plans. Ask an administrator of your trust."
)


async def a_plan(installation: Installation, code: str = "sip", *academies: UUID) -> tuple[UUID, UUID]:
    """A plan of one area, and that area."""
    async with installation.database.begin(installation.actor("kestrel")) as work:
        values = {"code": code, "title": code, "type": PlanType.IMPROVEMENT, "academy_ids": academies}
        plan = await make_plan(work, {**values, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31)})
        area = await an_area(work, plan.id, "A1")
        return plan.id, area.id


async def an_area(work: UnitOfWork, plan_id: UUID, code: str) -> Area:
    return await create(work, Area, {"plan_id": plan_id, "code": code, "no": 1, "kind": AreaKind.AREA, "label": code})


def target(plan_id: UUID, area_id: UUID, **more: Any) -> dict[str, Any]:
    values = {"plan_id": plan_id, "area_id": area_id, "code": "T1", "no": 1, "kind": MeasureKind.NUMERIC}
    return {**values, "label": "Attendance", "value": Decimal("95.0"), "comparator": Comparator.AT_LEAST, **more}


async def test_a_change_tells_only_what_changed(empty: Installation) -> None:
    _, area_id = await a_plan(empty)

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        made = await change(work, Area, area_id, {"label": "Teaching", "no": 1}, version=1)

    (event,) = told.events
    assert event["type"] == "area.changed"
    assert event["data"] == {"before": {"label": "A1", "version": 1}, "after": {"label": "Teaching", "version": 2}}
    assert made.version == 2


async def test_a_change_that_changes_nothing_records_nothing(empty: Installation) -> None:
    _, area_id = await a_plan(empty)

    async with nothing_written(empty), empty.database.begin(empty.actor("kestrel")) as work:
        made = await change(work, Area, area_id, {"label": "A1", "no": 1, "aliases": []}, version=1)

    assert made.version == 1


async def test_what_is_given_once_and_what_rules_set_is_not_changed(packed: Installation) -> None:
    async with packed.database.begin(packed.actor("kestrel")) as work:
        milestone = (await work.where(Milestone))[0]
    each = "It is given once, or set by a rule."

    async with nothing_written(packed):
        with stopped(Invalid) as caught:
            async with packed.database.begin(packed.actor("kestrel")) as work:
                values = {"label": "So.", "code": "X", "status": "met", "kind": milestone.kind, "due_moves": 4}
                await change(work, Milestone, milestone.id, values, version=1)

    assert caught.value.sentence == "A change cannot set code, due_moves, status of a milestone."
    assert caught.value.faults == (
        Fault("/code", "fixed", each),
        Fault("/dueMoves", "fixed", each),
        Fault("/status", "fixed", each),
    )


async def test_a_changed_due_date_is_read_by_the_trusts_own_calendar(empty: Installation) -> None:
    plan_id, area_id = await a_plan(empty)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        values = {"code": "2026/27", "starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31)}
        year = await create(work, AcademicYear, values)
        dates = {"starts_on": date(2026, 9, 3), "ends_on": date(2026, 12, 17)}
        await create(work, Term, {"academic_year_id": year.id, "no": 1, "name": "Autumn", **dates})
        given = {"plan_id": plan_id, "area_id": area_id, "code": "X", "label": "Do.", "due": "May 2027"}
        action = await set_action(work, given)

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        made = await change(work, Action, action.id, {"due": "Autumn 2026/27"}, version=1)

    assert (made.due_starts_on, made.due_ends_on, made.due_unresolved) == (date(2026, 9, 3), date(2026, 12, 17), None)
    assert told.types == ["action.changed"]


async def test_a_change_at_a_stale_version_or_by_who_may_not_is_refused(empty: Installation) -> None:
    _, area_id = await a_plan(empty)

    async with nothing_written(empty):
        with stopped(StaleVersion):
            async with empty.database.begin(empty.actor("kestrel")) as work:
                await change(work, Area, area_id, {"label": "x"}, version=2)
    async with (
        refused(empty, Forbidden, LACKS_PLANS),
        empty.database.begin(empty.actor("kestrel", Role.SENIOR_LEADER)) as work,
    ):
        await change(work, Area, area_id, {"label": "x"}, version=1)


async def test_a_record_is_withdrawn_with_a_reason_once_and_stays(empty: Installation) -> None:
    _, area_id = await a_plan(empty)

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        await withdraw(work, Area, area_id, version=1, reason="Merged into another.")
        instant = work.now.isoformat().replace("+00:00", "Z")

    (event,) = told.events
    assert (event["type"], event["reason"]) == ("area.withdrawn", "Merged into another.")
    assert event["data"] == {
        "before": {"withdrawnAt": None, "version": 1},
        "after": {"withdrawnAt": instant, "version": 2},
    }
    withdrawn = "This area is withdrawn, so it does not change any more."
    async with refused(empty, Conflict, withdrawn), empty.database.begin(empty.actor("kestrel")) as work:
        await withdraw(work, Area, area_id, version=2, reason="Again.")
    async with empty.database.begin(empty.actor("kestrel")) as work:
        assert (await work.where(Area), (await work.get(Area, area_id)).label) == ([], "A1")


async def test_a_record_is_not_withdrawn_while_another_in_use_refers_to_it(empty: Installation) -> None:
    plan_id, area_id = await a_plan(empty)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        await set_target(work, target(plan_id, area_id))
        await set_objective(work, {"plan_id": plan_id, "area_id": area_id, "code": "O1", "label": "Do better."})

    sentence = "Records in use still refer to it (1 of kind objective). Withdraw them first."
    async with refused(empty, Conflict, sentence), empty.database.begin(empty.actor("kestrel")) as work:
        await withdraw(work, Area, area_id, version=1, reason="Gone.")


async def test_a_target_can_be_withdrawn_though_its_versions_stay(empty: Installation) -> None:
    plan_id, area_id = await a_plan(empty)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        made = await set_target(work, target(plan_id, area_id))

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        await withdraw(work, Target, made.id, version=1, reason="Not promised any more.")

    assert told.types == ["target.withdrawn"]
    async with empty.database.begin(empty.actor("kestrel")) as work:
        assert [version.revision for version in await work.where(TargetVersion)] == [1]


async def test_a_target_keeps_every_promise_as_a_version(empty: Installation) -> None:
    plan_id, area_id = await a_plan(empty)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        made = await set_target(work, target(plan_id, area_id))

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        await revise_target(work, made.id, {"value": Decimal("96.0")}, reason="95 was reached.", version=1)

    revised, version = told.events
    assert (revised["type"], revised["reason"]) == ("target.revised", "95 was reached.")
    assert revised["data"] == {
        "before": {"value": 95.0, "revision": 1, "version": 1},
        "after": {"value": 96.0, "revision": 2, "version": 2},
    }
    assert version["type"] == "target_version.created"
    assert version["data"]["after"] == {
        "id": version["subject"],
        "version": 1,
        "withdrawnAt": None,
        "planId": str(plan_id),
        "targetId": str(made.id),
        "revision": 2,
        "comparator": "at_least",
        "value": 96.0,
        "unit": None,
        "printed": None,
        "trendCondition": None,
        "caveat": None,
    }
    async with empty.database.begin(empty.actor("kestrel")) as work:
        kept = sorted(await work.where(TargetVersion), key=lambda one: one.revision)
        assert [(one.revision, one.value) for one in kept] == [(1, Decimal("95.0")), (2, Decimal("96.0"))]


async def test_a_revision_of_nothing_a_stale_one_and_one_by_a_leader_are_refused(empty: Installation) -> None:
    plan_id, area_id = await a_plan(empty)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        made = await set_target(work, target(plan_id, area_id))

    same = "Nothing in this revision differs from what is promised already."
    async with refused(empty, Invalid, same), empty.database.begin(empty.actor("kestrel")) as work:
        await revise_target(work, made.id, {"value": Decimal(95)}, reason="So.", version=1)
    async with nothing_written(empty):
        with stopped(StaleVersion):
            async with empty.database.begin(empty.actor("kestrel")) as work:
                await revise_target(work, made.id, {"value": Decimal(96)}, reason="So.", version=2)
    leader = empty.actor("kestrel", Role.SENIOR_LEADER)
    async with refused(empty, Forbidden, LACKS_PLANS), empty.database.begin(leader) as work:
        await revise_target(work, made.id, {"value": Decimal(96)}, reason="So.", version=1)


async def test_an_action_is_set_with_whoever_leads_and_monitors_it(empty: Installation) -> None:
    plan_id, area_id = await a_plan(empty)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        people = [(await create(work, Person, {"code": code, "kind": PersonKind.ROLE})).id for code in ("HT", "DHT")]
    leads = [{"person_id": people[0], "printed": "Head"}, {"person_id": people[1], "printed": None}]

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        given = {"plan_id": plan_id, "area_id": area_id, "code": "X", "label": "Do.", "due": "May 2027"}
        action = await set_action(work, {**given, "leads": leads, "monitors": [{"person_id": people[1]}]})
        step = {"plan_id": plan_id, "action_id": action.id, "code": "X-1", "no": 1, "label": "First."}
        await set_step(work, {**step, "leads": [{"person_id": people[0]}]})

    named = [
        {name: event["data"]["after"][name] for name in ("role", "no", "personId", "printed")}
        for event in told.events
        if event["type"] == "responsibility.created"
    ]
    ht, dht = map(str, people)
    assert told.types == [
        "action.created",
        *["responsibility.created"] * 3,
        "action_step.created",
        "responsibility.created",
    ]
    assert named == [
        {"role": "lead", "no": 1, "personId": ht, "printed": "Head"},
        {"role": "lead", "no": 2, "personId": dht, "printed": None},
        {"role": "monitor", "no": 1, "personId": dht, "printed": None},
        {"role": "lead", "no": 1, "personId": ht, "printed": None},
    ]
    assert told.events[-1]["data"]["after"]["stepId"] == told.events[-2]["subject"]


async def test_an_action_led_by_nobody_known_is_refused_whole(empty: Installation) -> None:
    plan_id, area_id = await a_plan(empty)

    async with (
        refused(empty, Invalid, "There is no such person or role."),
        empty.database.begin(empty.actor("kestrel")) as work,
    ):
        given = {"plan_id": plan_id, "area_id": area_id, "code": "X", "label": "Do."}
        await set_action(work, {**given, "leads": [{"person_id": uuid4()}]})


async def test_an_action_under_an_objective_and_an_area_at_once_is_refused(empty: Installation) -> None:
    plan_id, area_id = await a_plan(empty)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        objective = await set_objective(work, {"plan_id": plan_id, "area_id": area_id, "code": "O1", "label": "Do."})

    sentence = "An action belongs to an objective or to an area: name one of them."
    given = {"plan_id": plan_id, "code": "X", "label": "Do."}
    for parents in ({}, {"area_id": area_id, "objective_id": objective.id}):
        async with refused(empty, Invalid, sentence), empty.database.begin(empty.actor("kestrel")) as work:
            await set_action(work, {**given, **parents})


async def test_an_area_of_another_plan_is_no_area_of_this_one(empty: Installation) -> None:
    plan_id, _ = await a_plan(empty)
    _, elsewhere = await a_plan(empty, "other")
    kinds: list[tuple[Any, dict[str, Any]]] = [
        (set_objective, {"code": "O1", "label": "Do."}),
        (set_action, {"code": "X", "label": "Do."}),
        (set_target, {"code": "T1", "no": 1, "kind": MeasureKind.QUALITATIVE, "label": "So."}),
    ]

    for command, values in kinds:
        async with (
            refused(empty, Invalid, "The plan has no such area."),
            empty.database.begin(empty.actor("kestrel")) as work,
        ):
            await command(work, {"plan_id": plan_id, "area_id": elsewhere, **values})


async def test_an_objective_serves_targets_of_its_own_plan(empty: Installation) -> None:
    plan_id, area_id = await a_plan(empty)
    other_plan, other_area = await a_plan(empty, "other")
    async with empty.database.begin(empty.actor("kestrel")) as work:
        own = await set_target(work, target(plan_id, area_id))
        foreign = await set_target(work, target(other_plan, other_area))
    given = {"plan_id": plan_id, "area_id": area_id, "code": "O1", "label": "Do."}

    async with (
        refused(empty, Invalid, "The plan has no such target."),
        empty.database.begin(empty.actor("kestrel")) as work,
    ):
        await set_objective(work, {**given, "target_ids": [own.id, foreign.id]})
    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        await set_objective(work, {**given, "target_ids": [own.id]})

    assert told.types == ["objective.created", "objective_target.created"]


async def test_a_flag_is_resolved_once_and_how_stays_out_of_the_log(packed: Installation) -> None:
    async with packed.database.begin(packed.actor("kestrel")) as work:
        flag = (await work.where(DataQualityFlag))[0]

    async with telling(packed) as told, packed.database.begin(packed.actor("kestrel")) as work:
        await resolve_flag(work, flag.id, resolution="Mr Reed says it is the deputy.", version=1)
        instant = work.now.isoformat().replace("+00:00", "Z")

    (event,) = told.events
    assert event["type"] == "data_quality_flag.resolved"
    assert event["data"] == {
        "before": {"resolvedAt": None, "version": 1},
        "after": {"resolvedAt": instant, "version": 2},
    }
    assert event["texts"] == {"resolution": "Mr Reed says it is the deputy."}
    sentence = "This flag is already resolved. Raise a new one if the fault has come back."
    async with refused(packed, Conflict, sentence), packed.database.begin(packed.actor("kestrel")) as work:
        await resolve_flag(work, flag.id, resolution="Again.", version=2)
    async with (
        refused(packed, Forbidden, LACKS_PLANS),
        packed.database.begin(packed.actor("kestrel", Role.READER)) as work,
    ):
        await resolve_flag(work, flag.id, resolution="Again.", version=2)


async def test_a_change_that_no_event_tells_of_is_never_committed(empty: Installation) -> None:
    _, area_id = await a_plan(empty)

    async with nothing_written(empty):
        with stopped(UnrecordedChange):
            async with empty.database.begin(empty.actor("kestrel")) as work:
                (await work.get(Area, area_id)).label = "Quietly"
        with stopped(UnrecordedChange):
            async with empty.database.begin(empty.actor("kestrel")) as work:
                day = date(2026, 9, 1)
                values = {"code": "q", "title": "q", "type": PlanType.RAPID, "starts_on": day, "ends_on": day}
                work.add(Plan.of(work.actor.trust_id, values))
        with stopped(UnrecordedChange):
            async with empty.database.begin(empty.actor("kestrel")) as work:
                area = await work.get(Area, area_id)
                area.label = "Told"
                work.record(changed(area))
                area.label = "Not told"


async def test_a_refused_part_leaves_no_rows_and_no_events_while_the_rest_is_committed(empty: Installation) -> None:
    plan_id, _ = await a_plan(empty)
    await a_plan(empty, "other")

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        await an_area(work, plan_id, "A2")
        with stopped(Conflict):
            async with work.attempt():
                await an_area(work, plan_id, "A3")
                await an_area(work, plan_id, "A1")
        with stopped(NotFound):
            async with work.attempt():
                await an_area(work, plan_id, "A4")
                await work.get(Area, uuid4())
        async with work.attempt():
            await an_area(work, plan_id, "A5")
        await an_area(work, plan_id, "A6")

    assert [event["data"]["after"]["code"] for event in told.events] == ["A2", "A5", "A6"]
    async with empty.database.begin(empty.actor("kestrel")) as work:
        assert {area.code for area in await work.where(Area, plan_id=plan_id)} == {"A1", "A2", "A5", "A6"}
    async with superuser(empty) as connection:
        positions = await connection.fetchval("select array_agg(position order by position) from event")
    assert positions == list(range(1, len(positions) + 1))


async def test_a_refused_part_leaves_no_trace_in_the_academies_of_later_events(empty: Installation) -> None:
    plan_id, _ = await a_plan(empty)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        oak = await create(work, Academy, {"code": "oak", "name": "Oak"})

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        with stopped(Conflict):
            async with work.attempt():
                await widen_plan(work, {"plan_id": plan_id, "academy_id": oak.id})
                await work.academies_of(await an_area(work, plan_id, "A9"))
                await an_area(work, plan_id, "A1")
        await an_area(work, plan_id, "A2")

    assert [(event["type"], event["academies"]) for event in told.events] == [("area.created", [])]


async def test_what_was_changed_before_a_refused_part_is_kept(empty: Installation) -> None:
    _, area_id = await a_plan(empty)

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        await change(work, Area, area_id, {"label": "Kept"}, version=1)
        with stopped(NotFound):
            async with work.attempt():
                await change(work, Area, area_id, {"label": "Lost"}, version=2)
                await work.get(Area, uuid4())
        await change(work, Area, area_id, {"no": 2}, version=2)

    assert [event["data"]["after"] for event in told.events] == [
        {"label": "Kept", "version": 2},
        {"no": 2, "version": 3},
    ]
    async with empty.database.begin(empty.actor("kestrel")) as work:
        area = await work.get(Area, area_id)
        assert (area.label, area.no, area.version) == ("Kept", 2, 3)


async def test_a_step_and_a_status_stand_where_they_were_when_all_fails(empty: Installation) -> None:
    plan_id, area_id = await a_plan(empty)
    before = await ledger(empty)

    with stopped(ZeroDivisionError):
        async with empty.database.begin(empty.actor("kestrel")) as work:
            given = {"plan_id": plan_id, "area_id": area_id, "code": "X", "label": "Do."}
            action = await set_action(work, given)
            await create(work, ActionStep, {"plan_id": plan_id, "action_id": action.id, "code": "S", "no": 1})
            await change(work, Plan, plan_id, {"status": PlanStatus.CLOSED}, version=1)
            raise ZeroDivisionError

    assert await ledger(empty) == before


async def test_of_two_who_change_the_same_version_one_is_told_to_read_again(empty: Installation) -> None:
    _, area_id = await a_plan(empty)

    with stopped(StaleVersion):
        async with empty.database.begin(empty.actor("kestrel")) as late:
            await late.get(Area, area_id)
            async with empty.database.begin(empty.actor("kestrel")) as early:
                await change(early, Area, area_id, {"label": "Early"}, version=1)
            await change(late, Area, area_id, {"label": "Late"}, version=1)

    async with empty.database.begin(empty.actor("kestrel")) as work:
        area = await work.get(Area, area_id)
        assert (area.label, area.version) == ("Early", 2)
