"""Data-quality flags: raise one, resolve one."""

from uuid import UUID

from app.commands import records
from app.db.unit_of_work import UnitOfWork
from app.domain.flags import DataQualityFlag


async def resolve_flag(work: UnitOfWork, flag_id: UUID, *, resolution: str, version: int) -> DataQualityFlag:
    flag = await work.get(DataQualityFlag, flag_id)
    await records.allow(work, flag)
    flag = await work.get(DataQualityFlag, flag_id, version=version)
    work.record(flag.resolve(at=work.now, resolution=resolution))
    return flag
