"""What is done to support, with a real database: allocations and deliveries, their events, and refusals with nothing written."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from app.commands.frameworks import assess_benchmark, next_edition
from app.commands.records import change, withdraw
from app.commands.support import activate, allocate, close, deliver, hold_review
from app.domain.academies import Academy
from app.domain.benchmark_assessments import BenchmarkAssessment
from app.domain.benchmarks import Benchmark
from app.domain.cadences import CadenceRule
from app.domain.entitlements import EntitlementRule
from app.domain.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound, StaleVersion
from app.domain.review_vocabulary import AllocationStatus, Held
from app.domain.roles import Role
from app.domain.support import ReviewHeld, SupportAllocation, SupportDelivery
from tests.commands.ledger import refused, said, telling
from tests.conftest import Installation

CLOSED = "This allocation is closed, so nothing more is delivered under it, and nothing in it changes."


async def academy(installation: Installation, code: str = "REEDBED") -> UUID:
    async with installation.database.begin(installation.actor("avocet")) as work:
        return (await work.where(Academy, code=code))[0].id


async def allocated(installation: Installation, offer: str | None = "1-SI-C2", **values: Any) -> SupportAllocation:
    async with installation.database.begin(installation.actor("avocet")) as work:
        rules = await work.where(EntitlementRule, code=offer) if offer else []
        under = {"framework_id": rules[0].framework_id, "entitlement_rule_id": rules[0].id} if rules else {}
        given = {
            "academy_id": (await work.where(Academy, code="REEDBED"))[0].id, "team": "school_improvement",
            "unit": "days", "quantity": Decimal(6), "starts_on": date(2023, 9, 4), "ends_on": date(2024, 7, 23),
        }  # fmt: skip
        return await allocate(work, {**given, **under, **values})


async def delivered(installation: Installation, one: SupportAllocation, **values: Any) -> SupportDelivery:
    async with installation.database.begin(installation.actor("avocet")) as work:
        given = {
            "academy_id": one.academy_id, "allocation_id": one.id, "on": date(2023, 10, 6), "quantity": Decimal("1.5"),
        }  # fmt: skip
        return await deliver(work, {**given, **values})


async def closed(installation: Installation, one: SupportAllocation, *, version: int = 1) -> SupportAllocation:
    async with installation.database.begin(installation.actor("avocet")) as work:
        return await close(work, one.id, reason="The post is vacant.", version=version)


async def test_an_allocation_is_planned_put_to_work_and_closed_and_tells_so(packed: Installation) -> None:
    async with telling(packed, "avocet") as told:
        one = await allocated(packed)
        async with packed.database.begin(packed.actor("avocet")) as work:
            await activate(work, one.id, version=1)
        gift = await delivered(packed, one)
        await closed(packed, one, version=2)

    assert told.types == [
        "support_allocation.created",
        "support_allocation.activated",
        "support_delivery.created",
        "support_allocation.closed",
    ]
    assert said(told.events[3]) == {
        "type": "support_allocation.closed",
        "noun": "support_allocation",
        "subject": str(one.id),
        "plan": None,
        "academies": [str(one.academy_id)],
        "actor": "test",
        "channel": "rest",
        "on": None,
        "detail": {},
        "data": {"before": {"status": "active", "version": 2}, "after": {"status": "closed", "version": 3}},
        "reason": "The post is vacant.",
        "texts": {},
    }
    async with packed.database.begin(packed.actor("avocet")) as work:
        kept = await work.get(SupportAllocation, one.id)
        assert (kept.status, kept.version) == (AllocationStatus.CLOSED, 3)
        assert (await work.get(SupportDelivery, gift.id)).quantity == Decimal("1.5")


async def test_more_than_was_allocated_is_kept(packed: Installation) -> None:
    one = await allocated(packed, quantity=Decimal(1))

    gift = await delivered(packed, one, quantity=Decimal("2.5"))

    async with packed.database.begin(packed.actor("avocet")) as work:
        assert (await work.get(SupportDelivery, gift.id)).quantity == Decimal("2.5")


async def test_an_allocation_is_of_its_offers_team_and_unit_and_of_a_published_framework(packed: Installation) -> None:
    async with refused(
        packed,
        Invalid,
        "The offer 1-SI-C2 is counted in days, and nothing is converted. Allocate it in days.",
    ):
        await allocated(packed, unit="visits")
    async with refused(
        packed, Invalid, "The offer 1-SI-C2 is one of the team school_improvement, not of hr. Name its team."
    ):
        await allocated(packed, team="hr")
    async with refused(packed, Invalid, "An offer stands in a framework. Give the framework too."):
        await allocated(packed, framework_id=None)
    async with refused(packed, Invalid, "The framework has no such offer."):
        await allocated(packed, entitlement_rule_id=uuid4())
    async with refused(packed, Invalid, "Support cannot end before it starts."):
        await allocated(packed, ends_on=date(2023, 9, 3))
    async with refused(packed, Invalid, "An academy gives support to another one."):
        await allocated(packed, giver_academy_id=await academy(packed))


async def test_support_beside_all_offers_names_its_own_team_and_unit(packed: Installation) -> None:
    one = await allocated(
        packed, offer=None, team="peers", unit="visits", giver_academy_id=await academy(packed, "AVOCET")
    )

    assert (one.team, one.unit, one.entitlement_rule_id, one.status) == ("peers", "visits", None, "planned")


async def test_what_was_given_lies_within_the_allocations_days(packed: Installation) -> None:
    one = await allocated(packed)
    sentence = "The allocation runs from 4 September 2023 to 23 July 2024. Name a day within it, or change the allocation first."
    for day in (date(2023, 9, 3), date(2024, 7, 24)):
        async with refused(packed, Invalid, sentence):
            await delivered(packed, one, on=day)
    async with refused(packed, Invalid, "The academy has no such allocation."):
        await delivered(packed, one, academy_id=await academy(packed, "SALTPAN"))


async def test_nothing_more_happens_under_a_closed_allocation(packed: Installation) -> None:
    one = await allocated(packed)
    gift = await delivered(packed, one)
    await closed(packed, one)

    async with refused(packed, Conflict, CLOSED):
        await delivered(packed, one)
    for kind, record_id, version in ((SupportAllocation, one.id, 2), (SupportDelivery, gift.id, 1)):
        async with refused(packed, Conflict, CLOSED), packed.database.begin(packed.actor("avocet")) as work:
            await change(work, kind, record_id, {"quantity": Decimal(9)}, version=version)
        async with refused(packed, Conflict, CLOSED), packed.database.begin(packed.actor("avocet")) as work:
            await withdraw(work, kind, record_id, version=version, reason="A slip.")
    async with refused(packed, IllegalMove, "A support allocation that is closed cannot become closed."):
        await closed(packed, one, version=2)
    async with (
        refused(packed, IllegalMove, "A support allocation that is closed cannot become active."),
        packed.database.begin(packed.actor("avocet")) as work,
    ):
        await activate(work, one.id, version=2)


async def test_an_allocation_that_has_deliveries_is_not_withdrawn(packed: Installation) -> None:
    one = await allocated(packed)
    await delivered(packed, one)

    async with (
        refused(
            packed,
            Conflict,
            "Records in use still refer to it (1 of kind support delivery). Withdraw them first.",
        ),
        packed.database.begin(packed.actor("avocet")) as work,
    ):
        await withdraw(work, SupportAllocation, one.id, version=1, reason="A slip.")


async def test_a_delivery_in_flight_when_the_allocation_is_closed_is_refused(packed: Installation) -> None:
    one = await allocated(packed)
    sentence = "Somebody has just closed this allocation, so nothing more is delivered under it."

    async with packed.database.begin(packed.actor("avocet")) as work:
        await work.get(SupportAllocation, one.id)
        await closed(packed, one)
        given = {"academy_id": one.academy_id, "allocation_id": one.id, "on": date(2023, 10, 6), "quantity": Decimal(1)}
        async with refused(packed, Conflict, sentence):
            await deliver(work, given)


async def test_only_whoever_may_and_reaches_the_academy_closes_support_and_at_the_version_read(
    packed: Installation,
) -> None:
    one = await allocated(packed)
    elsewhere = frozenset({await academy(packed, "SALTPAN")})
    lacks = (
        "This credential may not do that: it lacks the permission write_support. Ask an administrator of your trust."
    )

    async with (
        refused(packed, Forbidden, lacks),
        packed.database.begin(packed.actor("avocet", Role.ACADEMY_HEAD)) as work,
    ):
        await close(work, one.id, reason=None, version=1)
    async with (
        refused(packed, NotFound, f"There is no support allocation with the id {one.id}."),
        packed.database.begin(packed.actor("avocet", Role.IMPROVEMENT_PARTNER, academies=elsewhere)) as work,
    ):
        await close(work, one.id, reason=None, version=1)
    async with (
        refused(
            packed,
            StaleVersion,
            "You changed version 2 of this record, but it is now at version 1. Read it again and repeat your change.",
        ),
        packed.database.begin(packed.actor("avocet")) as work,
    ):
        await activate(work, one.id, version=2)


async def test_a_draft_is_not_followed_by_what_is_held_or_judged_and_an_edition_in_force_is(
    packed: Installation,
) -> None:
    async with packed.database.begin(packed.actor("plover")) as work:
        (cadence, *_), (benchmark, *_) = await work.where(CadenceRule), await work.where(Benchmark)
        draft = await next_edition(work, cadence.framework_id)
        (later, *_) = await work.where(CadenceRule, framework_id=draft.id)
        (other, *_) = await work.where(Benchmark, framework_id=draft.id)
        (there, *_) = await work.where(Academy)
    one = {"academy_id": there.id, "on": date(2023, 11, 7)}

    for kind, record, part in ((hold_review, later, "cadence_rule_id"), (assess_benchmark, other, "benchmark_id")):
        values = {**one, "framework_id": draft.id, part: record.id, "judgement": Held.YES}
        said_so = f"Edition {draft.edition} of {draft.code} is a draft. Publish it first."
        async with refused(packed, Conflict, said_so), packed.database.begin(packed.actor("plover")) as work:
            await kind(work, values)
    async with packed.database.begin(packed.actor("plover")) as work:
        await hold_review(work, {**one, "framework_id": cadence.framework_id, "cadence_rule_id": cadence.id})
        await assess_benchmark(
            work, {**one, "framework_id": benchmark.framework_id, "benchmark_id": benchmark.id, "judgement": Held.YES}
        )
    async with packed.database.begin(packed.actor("plover")) as work:
        held = [one.framework_id for one in await work.where(ReviewHeld, on=one["on"])]
        judged = [one.framework_id for one in await work.where(BenchmarkAssessment, on=one["on"])]
    assert (held, judged) == ([cadence.framework_id], [benchmark.framework_id])
