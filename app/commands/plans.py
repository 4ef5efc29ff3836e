"""Making a plan: the plan and the academies it is for, at one go."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.commands import records
from app.db.unit_of_work import UnitOfWork
from app.domain.academies import Academy
from app.domain.errors import Forbidden
from app.domain.events import created
from app.domain.plans import Plan, PlanAcademy
from app.domain.roles import Permission


async def make_plan(work: UnitOfWork, values: Mapping[str, Any]) -> Plan:
    """With no academy named it is for the whole trust, and then only somebody who covers the trust may make it."""
    work.require(Permission.WRITE_PLANS)
    plan = records.build(work, Plan, values)
    academies = [await work.get(Academy, academy_id) for academy_id in values.get("academy_ids") or ()]
    if not work.actor.reaches(frozenset(academy.id for academy in academies)):
        raise Forbidden("You may make plans for your own academies. Name them in academyIds.")
    plan.check()
    work.add(plan)
    work.record(created(plan))
    for academy in academies:
        link = PlanAcademy(trust_id=plan.trust_id, plan_id=plan.id, academy_id=academy.id)
        work.add(link)
        work.record(created(link))
    return plan


async def widen_plan(work: UnitOfWork, values: Mapping[str, Any]) -> PlanAcademy:
    """Make a plan be for one more academy. Whoever does so covers the plan as it is, and the academy."""
    await work.get(Academy, values["academy_id"])
    plan = await work.get(Plan, values["plan_id"])
    await records.allow(work, plan)
    return await records.create(work, PlanAcademy, values)


async def narrow_plan(
    work: UnitOfWork, kind: type[PlanAcademy], link_id: UUID, *, version: int, reason: str
) -> PlanAcademy:
    """Make a plan no longer be for an academy. Without its last one it is for the whole trust, so that needs the trust."""
    link = await work.get(kind, link_id)
    plan = await work.get(Plan, link.plan_id)
    await records.allow(work, plan)
    others = await work.academies_of(plan) - {link.academy_id}
    if not work.actor.reaches(others):
        raise Forbidden(
            "Without this academy the plan would be for the whole trust. Ask somebody whose role covers it."
        )
    return await records.withdraw(work, kind, link_id, version=version, reason=reason)
