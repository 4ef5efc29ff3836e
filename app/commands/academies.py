"""Academies' numbers: a new URN takes over from the old one, and the academy stays the same."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.commands import records
from app.db.unit_of_work import UnitOfWork
from app.domain.academies import Academy, AcademyIdentifier
from app.domain.errors import Conflict


async def identify_academy(work: UnitOfWork, values: Mapping[str, Any]) -> AcademyIdentifier:
    """Give an academy a number from a day on. The number of that kind valid until then ends the day before."""
    academy = await work.get(Academy, values["academy_id"])
    identifier = records.build(work, AcademyIdentifier, values)
    await records.allow(work, identifier)
    others = await work.where(AcademyIdentifier, kind=identifier.kind, value=identifier.value)
    if any(other.academy_id != academy.id and other.valid_to is None for other in others):
        raise Conflict(
            f"Another academy has this {identifier.kind.upper()}. End it there first, or correct the number."
        )
    held = await work.where(AcademyIdentifier, academy_id=academy.id, kind=identifier.kind)
    for former in held:
        if former.valid_from >= identifier.valid_from:
            raise Conflict(
                f"The academy already has a {identifier.kind.upper()} from {former.valid_from}. Give a later day."
            )
        if former.valid_to is None or former.valid_to >= identifier.valid_from:
            await records.allow(work, former)
            work.record(former.end(on=identifier.valid_from - timedelta(days=1)))
    return await records.keep(work, identifier)
