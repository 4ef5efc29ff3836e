"""Actions and steps with whoever leads and monitors them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.commands import records
from app.db.unit_of_work import UnitOfWork
from app.domain.actions import Action, ActionStep, Responsibility
from app.domain.objectives import Objective, ObjectiveTarget
from app.domain.vocabulary import ResponsibilityRole


async def set_action(work: UnitOfWork, values: Mapping[str, Any]) -> Action:
    action = await records.create(work, Action, values)
    await _assign(work, values, plan_id=action.plan_id, action_id=action.id, step_id=None)
    return action


async def set_step(work: UnitOfWork, values: Mapping[str, Any]) -> ActionStep:
    step = await records.create(work, ActionStep, values)
    await _assign(work, values, plan_id=step.plan_id, action_id=step.action_id, step_id=step.id)
    return step


async def set_objective(work: UnitOfWork, values: Mapping[str, Any]) -> Objective:
    """An objective, and links to the targets it serves."""
    objective = await records.create(work, Objective, values)
    for target_id in values.get("target_ids") or ():
        link = {"plan_id": objective.plan_id, "objective_id": objective.id, "target_id": target_id}
        await records.create(work, ObjectiveTarget, link)
    return objective


async def _assign(
    work: UnitOfWork, values: Mapping[str, Any], *, plan_id: UUID, action_id: UUID, step_id: UUID | None
) -> None:
    for role in ResponsibilityRole:
        for no, named in enumerate(values.get(f"{role}s") or (), start=1):
            place = {"plan_id": plan_id, "action_id": action_id, "step_id": step_id, "role": role, "no": no}
            await records.create(work, Responsibility, {**place, **named})
