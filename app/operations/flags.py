"""Resolving a data-quality flag."""

from typing import Final
from uuid import UUID

from pydantic import Field

from app.commands.flags import resolve_flag
from app.db.unit_of_work import UnitOfWork
from app.domain.flags import DataQualityFlag
from app.operations.bodies import Body, Text
from app.operations.operation import Change
from app.queries.flags import DATA_QUALITY_FLAGS


class FlagResolution(Body):
    """How what was unclear has been cleared up."""

    resolution: Text = Field(description="What was decided, and by which role.")


async def _resolve(work: UnitOfWork, flag_id: UUID, body: FlagResolution, version: int) -> DataQualityFlag:
    return await resolve_flag(work, flag_id, resolution=body.resolution, version=version)


CHANGES: Final = (
    Change(
        name="resolveDataQualityFlag",
        of=DATA_QUALITY_FLAGS,
        gives=DATA_QUALITY_FLAGS,
        path="resolution",
        summary="Resolve a data-quality flag",
        doc="A resolved flag stays on record with its resolution.",
        body=FlagResolution,
        run=_resolve,
    ),
)
