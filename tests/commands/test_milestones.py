"""What is done to milestones, with a real database: events whole, refusals with nothing written."""

import hashlib
import json
from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.commands.milestones import (
    Transition,
    add_evidence,
    move_due_date,
    move_milestone,
    rate_milestone,
    set_milestone,
)
from app.commands.plans import widen_plan
from app.commands.records import create, withdraw
from app.domain import ids
from app.domain.academies import Academy
from app.domain.areas import Area
from app.domain.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound, StaleVersion
from app.domain.evidence import Evidence
from app.domain.milestones import Milestone
from app.domain.plans import Plan, PlanPhase
from app.domain.roles import Role
from app.domain.trusts import Trust
from app.domain.vocabulary import Confidence, DateMoveReason, MeasureKind
from app.domain.vocabulary import MilestoneStatus as S
from app.domain.windows import MilestoneWindow
from tests.commands.ledger import nothing_written, refused, said, superuser, telling
from tests.conftest import Installation

KESTREL = ids.trust_id("kestrel")
LACKS_SUBMIT = (
    "This credential may not do that: it lacks the permission submit_milestones. Ask an administrator of your trust."
)
NOTE = "Ms Avery's books showed marking in every lesson."


async def poap(installation: Installation) -> UUID:
    async with installation.database.begin(installation.actor("kestrel")) as work:
        return (await work.where(Plan))[0].id


async def milestone(installation: Installation, **values: Any) -> UUID:
    """A new milestone under the plan's first area."""
    async with installation.database.begin(installation.actor("kestrel")) as work:
        area = min(await work.where(Area), key=lambda one: one.no)
        given = {"plan_id": area.plan_id, "area_id": area.id, "code": "NEW", "no": 90, "label": "It is so."}
        return (await set_milestone(work, {**given, "due": "20 November 2025", **values})).id


async def moved(installation: Installation, record_id: UUID, *, version: int, **transition: Any) -> Milestone:
    async with installation.database.begin(installation.actor("kestrel")) as work:
        return await move_milestone(work, record_id, Transition(**transition), version=version)


async def test_a_milestone_takes_its_windows_date_as_due_and_baseline(packed: Installation) -> None:
    plan_id = await poap(packed)
    async with telling(packed) as told, packed.database.begin(packed.actor("kestrel")) as work:
        area = min(await work.where(Area, plan_id=plan_id), key=lambda one: one.no)
        window = min(await work.where(MilestoneWindow, plan_id=plan_id), key=lambda one: one.code)
        given = {"plan_id": plan_id, "area_id": area.id, "window_id": window.id, "code": "N1", "no": 91, "label": "So."}
        made = await set_milestone(work, given)

    assert told.types == ["milestone.created"]
    after = told.events[0]["data"]["after"]
    assert (made.due_printed, made.due_ends_on) == (window.due_printed, window.due_ends_on)
    assert made.baseline_due_on == window.due_ends_on
    assert made.due_ends_on is not None
    assert {name: after[name] for name in ("duePrinted", "dueEndsOn", "baselineDueOn", "status", "dueMoves")} == {
        "duePrinted": window.due_printed,
        "dueEndsOn": str(window.due_ends_on),
        "baselineDueOn": str(window.due_ends_on),
        "status": "planned",
        "dueMoves": 0,
    }


async def test_its_own_date_goes_before_its_windows(packed: Installation) -> None:
    async with packed.database.begin(packed.actor("kestrel")) as work:
        window = (await work.where(MilestoneWindow))[0]

    record_id = await milestone(packed, window_id=window.id, due="12 March 2019")

    async with packed.database.begin(packed.actor("kestrel")) as work:
        made = await work.get(Milestone, record_id)
        assert (made.due_ends_on, made.baseline_due_on) == (date(2019, 3, 12), date(2019, 3, 12))


async def test_a_window_made_in_the_same_transaction_gives_its_date(packed: Installation) -> None:
    plan_id = await poap(packed)
    async with packed.database.begin(packed.actor("kestrel")) as work:
        phase, area = (await work.where(PlanPhase))[0], (await work.where(Area))[0]
        values = {"plan_id": plan_id, "phase_id": phase.id, "code": "WX", "no": 9, "due": "May 2018"}
        window = await create(work, MilestoneWindow, values)
        given = {"plan_id": plan_id, "area_id": area.id, "window_id": window.id, "code": "N2", "no": 92, "label": "So."}
        made = await set_milestone(work, given)

    assert made.baseline_due_on == date(2018, 5, 31)


async def test_a_milestone_of_no_number_no_parent_or_another_plan_is_refused(packed: Installation) -> None:
    plan_id = await poap(packed)
    value = "A numeric milestone needs a value. Give one, or make the milestone qualitative."
    async with refused(packed, Invalid, value):
        await milestone(packed, measured=MeasureKind.NUMERIC)
    async with refused(packed, Invalid, "The plan has no such area."):
        await milestone(packed, area_id=uuid4())
    async with refused(packed, Invalid, "The plan has no such milestone window."):
        await milestone(packed, window_id=plan_id)


async def test_a_move_tells_of_itself_and_of_its_evidence(packed: Installation) -> None:
    record_id = await milestone(packed)

    async with telling(packed) as told:
        made = await moved(
            packed, record_id, version=1, to=S.SUBMITTED, on=date(2025, 11, 19), evidence=[{"note": NOTE, "link": None}]
        )

    evidence, move = told.events
    assert (made.version, made.status) == (2, S.SUBMITTED)
    assert said(move) == {
        "type": "milestone.submitted",
        "noun": "milestone",
        "subject": str(record_id),
        "plan": str(made.plan_id),
        "academies": move["academies"],
        "actor": "test",
        "channel": "rest",
        "on": "2025-11-19",
        "detail": {},
        "data": {
            "before": {"status": "planned", "submittedBy": None, "version": 1},
            "after": {"status": "submitted", "submittedBy": "test", "version": 2},
        },
        "reason": None,
        "texts": {},
    }
    assert len(move["academies"]) == 1
    assert evidence["type"] == "evidence.created"
    assert evidence["data"]["after"] == {
        "id": evidence["subject"],
        "version": 1,
        "withdrawnAt": None,
        "planId": str(made.plan_id),
        "milestoneId": str(record_id),
        "link": None,
        "addedBy": "test",
    }
    assert evidence["texts"] == {"note": NOTE}


async def test_personal_text_stands_beside_the_log_with_only_a_salted_digest_inside(packed: Installation) -> None:
    record_id = await milestone(packed)

    async with packed.database.begin(packed.actor("kestrel")) as work:
        evidence = await add_evidence(work, {"milestone_id": record_id, "note": NOTE, "link": "https://x.example/1"})
    await moved(packed, record_id, version=1, to=S.WITHDRAWN, reason="Ms Avery has left us.")

    async with superuser(packed) as connection:
        rows = await connection.fetch(
            "select e.body, e.type, x.salt, x.reason, x.fields->>'note' as note from event e join event_text x"
            " using (trust_id, position) where e.subject_id = any($1) order by position",
            [evidence.id, record_id],
        )
    created, withdrawn = (json.loads(row["body"]) for row in rows)
    assert [row["type"] for row in rows] == ["evidence.created", "milestone.withdrawn"]
    assert all(b"Avery" not in row["body"] for row in rows)
    assert (rows[0]["note"], rows[1]["reason"]) == (NOTE, "Ms Avery has left us.")
    assert created["textDigests"] == {"note": hashlib.sha256(rows[0]["salt"] + NOTE.encode()).hexdigest()}
    assert created["data"]["after"]["link"] == "https://x.example/1"
    assert withdrawn["reasonDigest"] == hashlib.sha256(rows[1]["salt"] + b"Ms Avery has left us.").hexdigest()
    assert len({row["salt"] for row in rows}) == 2


async def test_evidence_kept_before_is_enough_to_submit(packed: Installation) -> None:
    record_id = await milestone(packed)
    sentence = "Submitting needs evidence. Add a note of what shows that it is so."
    async with refused(packed, Invalid, sentence):
        await moved(packed, record_id, version=1, to=S.SUBMITTED)
    async with packed.database.begin(packed.actor("kestrel")) as work:
        evidence = await add_evidence(work, {"milestone_id": record_id, "note": NOTE})
    async with packed.database.begin(packed.actor("kestrel")) as work:
        await withdraw(work, Evidence, evidence.id, version=1, reason="A mistake.")
    async with refused(packed, Invalid, sentence):
        await moved(packed, record_id, version=1, to=S.SUBMITTED)
    async with packed.database.begin(packed.actor("kestrel")) as work:
        await add_evidence(work, {"milestone_id": record_id, "note": NOTE})

    made = await moved(packed, record_id, version=1, to=S.SUBMITTED)

    assert made.status is S.SUBMITTED


async def test_a_milestone_is_met_with_the_exact_value_reached(packed: Installation) -> None:
    record_id = await milestone(packed, measured=MeasureKind.NUMERIC, value=Decimal("91.0"), printed="91")
    await moved(packed, record_id, version=1, to=S.SUBMITTED, evidence=[{"note": NOTE}])
    async with refused(
        packed, Invalid, "90.99 does not satisfy at least 91.0. Give the value reached, or override with a reason."
    ):
        await moved(packed, record_id, version=2, to=S.MET, value=Decimal("90.99"))

    async with telling(packed) as told:
        await moved(packed, record_id, version=2, to=S.MET, value=Decimal("91.00"), on=date(2025, 12, 1))

    (event,) = told.events
    assert (event["type"], event["detail"], event["on"]) == ("milestone.met", {"comparatorAssumed": True}, "2025-12-01")
    assert event["data"] == {
        "before": {"status": "submitted", "metOn": None, "achievedValue": None, "version": 2},
        "after": {"status": "met", "metOn": "2025-12-01", "achievedValue": 91.00, "version": 3},
    }
    async with superuser(packed) as connection:
        body = await connection.fetchval("select body from event where type = 'milestone.met'")
        assert b'"achievedValue":91.00,' in body


async def test_an_illegal_move_a_stale_version_and_an_unknown_milestone_write_nothing(packed: Installation) -> None:
    record_id, unknown = await milestone(packed), uuid4()

    async with nothing_written(packed):
        with pytest.raises(IllegalMove) as caught:
            await moved(packed, record_id, version=1, to=S.MET)
        with pytest.raises(StaleVersion) as stale:
            await moved(packed, record_id, version=4, to=S.IN_PROGRESS)
    async with refused(packed, NotFound, f"There is no milestone with the id {unknown}."):
        await moved(packed, unknown, version=1, to=S.IN_PROGRESS)

    assert set(caught.value.legal) == {"in_progress", "submitted", "deferred", "withdrawn", "superseded"}
    assert stale.value.current == 1


async def test_where_the_trust_asks_for_it_whoever_submits_does_not_confirm(packed: Installation) -> None:
    record_id = await milestone(packed)
    async with superuser(packed) as connection:
        await connection.execute("update trust set reviewer_must_differ = true")
    await moved(packed, record_id, version=1, to=S.SUBMITTED, evidence=[{"note": NOTE}])

    sentence = "Your trust asks that somebody else judges a milestone than submitted it."
    async with refused(packed, Forbidden, sentence):
        await moved(packed, record_id, version=2, to=S.MET)


@pytest.mark.parametrize(
    ("role", "to", "lacks"),
    [
        (Role.READER, S.IN_PROGRESS, LACKS_SUBMIT),
        (Role.SENIOR_LEADER, S.WITHDRAWN, "Only a reviewer can do that: this credential lacks the permission review_milestones."),
        (Role.REVIEWER, S.IN_PROGRESS, "This credential lacks the permission submit_milestones. Ask whoever leads the milestone."),
    ],
)  # fmt: skip
async def test_each_role_makes_only_its_own_moves(packed: Installation, role: Role, to: S, lacks: str) -> None:
    record_id = await milestone(packed)

    async with refused(packed, Forbidden, lacks), packed.database.begin(packed.actor("kestrel", role)) as work:
        await move_milestone(work, record_id, Transition(to=to, reason="So."), version=1)


async def test_a_milestone_out_of_sight_is_not_there_and_one_half_in_sight_is_not_moved(packed: Installation) -> None:
    record_id = await milestone(packed)
    async with packed.database.begin(packed.actor("kestrel")) as work:
        elsewhere = await create(work, Academy, {"code": "elsewhere", "name": "Elsewhere Academy"})
    stranger = packed.actor("kestrel", Role.ACADEMY_HEAD, academies=frozenset({elsewhere.id}))

    async with (
        refused(packed, NotFound, f"There is no milestone with the id {record_id}."),
        packed.database.begin(stranger) as work,
    ):
        await move_milestone(work, record_id, Transition(to=S.IN_PROGRESS), version=1)
    async with packed.database.begin(packed.actor("kestrel")) as work:
        await widen_plan(work, {"plan_id": await poap(packed), "academy_id": elsewhere.id})
    sentence = "This concerns academies that are not all yours. Ask somebody whose role covers them."
    async with refused(packed, Forbidden, sentence), packed.database.begin(stranger) as work:
        await move_milestone(work, record_id, Transition(to=S.IN_PROGRESS), version=1)


async def test_a_rating_is_kept_with_its_rationale_and_moves_nothing(packed: Installation) -> None:
    record_id = await milestone(packed)

    async with telling(packed) as told, packed.database.begin(packed.actor("kestrel", Role.REVIEWER)) as work:
        made = await rate_milestone(work, record_id, Confidence.AT_RISK, rationale="Two staff left.", version=1)

    (event,) = told.events
    assert (event["type"], event["reason"], event["on"]) == ("milestone.rated", "Two staff left.", None)
    assert event["data"] == {
        "before": {"confidence": "not_rated", "version": 1},
        "after": {"confidence": "at_risk", "version": 2},
    }
    assert (made.status, made.version) == (S.PLANNED, 2)
    async with nothing_written(packed):
        with pytest.raises(StaleVersion):
            async with packed.database.begin(packed.actor("kestrel")) as work:
                await rate_milestone(work, record_id, Confidence.ON_TRACK, rationale="So.", version=1)


async def test_another_date_is_agreed_with_a_coded_reason_and_the_baseline_stays(packed: Installation) -> None:
    record_id = await milestone(packed)

    async with telling(packed) as told, packed.database.begin(packed.actor("kestrel")) as work:
        made = await move_due_date(
            work, record_id, "end of March 2027", because=DateMoveReason.STAFFING, reason="Two left.", version=1
        )

    (event,) = told.events
    assert (event["type"], event["reason"], event["detail"]) == (
        "milestone.due_moved",
        "Two left.",
        {"because": "staffing"},
    )
    assert event["data"]["after"] == {
        "duePrinted": "end of March 2027",
        "dueKind": "month_end",
        "dueStartsOn": "2027-03-01",
        "dueEndsOn": "2027-03-31",
        "dueMoves": 1,
        "version": 2,
    }
    assert made.baseline_due_on == date(2025, 11, 20)
    leader = packed.actor("kestrel", Role.SENIOR_LEADER)
    lacks = "This credential may not do that: it lacks the permission write_plans. Ask an administrator of your trust."
    async with refused(packed, Forbidden, lacks), packed.database.begin(leader) as work:
        await move_due_date(work, record_id, "May 2027", because=DateMoveReason.OTHER, reason=None, version=2)


async def test_nothing_changes_in_a_plan_that_is_closed(packed: Installation) -> None:
    record_id = await milestone(packed)
    async with superuser(packed) as connection:
        await connection.execute("update plan set status = 'closed' where trust_id = $1", KESTREL)

    sentence = "The plan is closed, so nothing in it changes any more. Set its status to active to go on."
    async with refused(packed, Conflict, sentence):
        await moved(packed, record_id, version=1, to=S.IN_PROGRESS)


async def test_evidence_of_an_unknown_milestone_or_by_a_reader_is_refused(packed: Installation) -> None:
    record_id, unknown = await milestone(packed), uuid4()

    async with (
        refused(packed, NotFound, f"There is no milestone with the id {unknown}."),
        packed.database.begin(packed.actor("kestrel")) as work,
    ):
        await add_evidence(work, {"milestone_id": unknown, "note": NOTE})
    async with (
        refused(packed, Forbidden, LACKS_SUBMIT),
        packed.database.begin(packed.actor("kestrel", Role.READER)) as work,
    ):
        await add_evidence(work, {"milestone_id": record_id, "note": NOTE})


async def test_the_day_of_a_move_is_the_day_in_england(packed: Installation) -> None:
    record_id = await milestone(packed)
    late = packed.database.clock().astimezone(UTC).replace(month=7, day=1, hour=23, minute=30)
    packed.database.clock = lambda: late

    made = await moved(packed, record_id, version=1, to=S.IN_PROGRESS)
    async with packed.database.begin(packed.actor("kestrel")) as work:
        assert work.today == late.date() + timedelta(days=1)
        assert await work.get(Trust, KESTREL) is not None
        assert made.status is S.IN_PROGRESS
