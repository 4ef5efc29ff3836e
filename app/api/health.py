"""Whether the process lives, and whether it should be sent requests."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from app.api.openapi import answers
from app.operations.refusals import Refused

router = APIRouter(tags=["health"])


class Health(BaseModel):
    status: str


@router.get("/healthz", name="getHealth", summary="Whether the process lives", **answers(Health))
async def healthz() -> Health:
    """Depends on nothing else."""
    return Health(status="ok")


@router.get("/readyz", name="getReadiness", summary="Whether to send it requests", **answers(Health))
async def readyz(request: Request) -> Health:
    """The database answers, its schema is the one this code was written for, and no shutdown is under way."""
    state = request.app.state
    if state.draining:
        raise Refused("unavailable", "The service is shutting down.", headers={"Retry-After": "5"})
    revision = await state.database.bare("select version_num from public.alembic_version")
    if revision != state.revision:
        raise Refused("unavailable", "The database schema is not the one this version needs: run `milepost migrate`.")
    return Health(status="ok")
