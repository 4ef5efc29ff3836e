"""Making a plan: the plan and the academies it is for, at one go."""

from collections.abc import Mapping
from typing import Any

from app.commands import records
from app.db.unit_of_work import UnitOfWork
from app.domain.academies import Academy
from app.domain.actor import Permission
from app.domain.errors import Forbidden
from app.domain.events import created
from app.domain.plans import Plan, PlanAcademy


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
    work.forget_academies(plan.id)
    return plan


async def widen_plan(work: UnitOfWork, values: Mapping[str, Any]) -> PlanAcademy:
    """Make a plan be for one more academy."""
    await work.get(Academy, values["academy_id"])
    link = await records.create(work, PlanAcademy, values)
    work.forget_academies(link.plan_id)
    return link
