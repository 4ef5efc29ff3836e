"""Targets: promise, and promise anew. Every promise is kept as a version."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.commands import records
from app.db.unit_of_work import UnitOfWork
from app.domain.events import created
from app.domain.targets import Target


async def set_target(work: UnitOfWork, values: Mapping[str, Any]) -> Target:
    target = await records.create(work, Target, values)
    _keep_version(work, target)
    return target


async def revise_target(
    work: UnitOfWork, target_id: UUID, promise: Mapping[str, Any], *, reason: str, version: int
) -> Target:
    target = await work.get(Target, target_id)
    await records.allow(work, target)
    target = await work.get(Target, target_id, version=version)
    work.record(target.revise(dict(promise), reason=reason))
    _keep_version(work, target)
    return target


def _keep_version(work: UnitOfWork, target: Target) -> None:
    version = target.as_promised()
    work.add(version)
    work.record(created(version))
