"""Resolving a data-quality flag."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from app.api.bodies import Body, Text, json_of
from app.api.credentials import Caller
from app.api.openapi import RecordId, answers, body_of
from app.api.preconditions import expected_version
from app.api.writing import Writing
from app.commands.flags import resolve_flag
from app.queries.flags import DATA_QUALITY_FLAGS
from app.queries.published import record_model

router = APIRouter(prefix="/v1/data-quality-flags", tags=["data-quality-flags"])


class FlagResolution(Body):
    """How what was unclear has been cleared up."""

    resolution: Text = Field(description="What was decided, and by which role.")


@router.post(
    "/{id}/resolution", name="resolveDataQualityFlag", summary="Resolve a data-quality flag",
    **answers(record_model(DATA_QUALITY_FLAGS), 400, 401, 403, 404, 409, 412, 413, 415, 422, 428, headers=("ETag",),
              extra=body_of(FlagResolution, match=True, key=True)),
)  # fmt: skip
async def resolve(
    record_id: RecordId,
    request: Request,
    actor: Caller,
    body: Annotated[FlagResolution, Depends(json_of(FlagResolution))],
) -> Response:
    """A resolved flag stays on record with its resolution."""
    version = expected_version(request)
    return await Writing(request, actor, DATA_QUALITY_FLAGS).run(
        lambda work: resolve_flag(work, record_id, resolution=body.resolution, version=version)
    )
