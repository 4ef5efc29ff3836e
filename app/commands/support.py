"""What is done to support: allocate it, put it to work, close it, and record what was delivered."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.commands import records
from app.commands.frameworks import create_under_published
from app.db.unit_of_work import UnitOfWork
from app.domain.entitlements import EntitlementRule
from app.domain.frameworks import Framework
from app.domain.permissions import to_write
from app.domain.support import ReviewHeld, SupportAllocation, SupportDelivery


async def allocate(work: UnitOfWork, values: Mapping[str, Any]) -> SupportAllocation:
    """A new allocation, planned: under an offer, which gives its team and unit, or beside all offers."""
    allocation = records.build(work, SupportAllocation, values)
    await records.allow(work, allocation)
    if allocation.entitlement_rule_id is not None and allocation.framework_id is not None:
        rule = await work.find(EntitlementRule, allocation.entitlement_rule_id)
        framework = await work.find(Framework, allocation.framework_id)
        if rule is not None and framework is not None and rule.framework_id == framework.id:
            allocation.draw_on(rule, framework)
    return await records.keep(work, allocation)


async def activate(work: UnitOfWork, allocation_id: UUID, *, version: int) -> SupportAllocation:
    allocation = await _covered(work, allocation_id, version=version)
    work.record(allocation.activate())
    return allocation


async def close(work: UnitOfWork, allocation_id: UUID, *, reason: str | None, version: int) -> SupportAllocation:
    allocation = await _covered(work, allocation_id, version=version)
    work.record(allocation.close(reason))
    return allocation


async def deliver(work: UnitOfWork, values: Mapping[str, Any]) -> SupportDelivery:
    """What was given on a day under an open allocation. More than was allocated is kept."""
    delivery = records.build(work, SupportDelivery, values)
    await records.allow(work, delivery)
    allocation = await work.find(SupportAllocation, delivery.allocation_id)
    if allocation is not None and allocation.academy_id == delivery.academy_id:
        allocation.take(delivery)
    return await records.keep(work, delivery)


async def hold_review(work: UnitOfWork, values: Mapping[str, Any]) -> ReviewHeld:
    """A recurring review that took place, under a cadence that is in force or was."""
    return await create_under_published(work, ReviewHeld, values)


async def _covered(work: UnitOfWork, allocation_id: UUID, *, version: int) -> SupportAllocation:
    allocation = await work.get(SupportAllocation, allocation_id)
    work.require(to_write(SupportAllocation))
    await records.cover(work, allocation)
    return await work.get(SupportAllocation, allocation_id, version=version)
