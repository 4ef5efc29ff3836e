"""Making releases has an address of its own: what can be shown is worked out between two transactions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.api.bodies import json_of
from app.api.credentials import Caller
from app.api.openapi import answers, body_of
from app.api.writing import Writing
from app.operations.releases import ReleaseCreate, prepare
from app.queries.published import record_model
from app.queries.releases import RELEASES

router = APIRouter(prefix="/v1/releases", tags=["releases"])


@router.post(
    "", name="createRelease", summary="Release figures, small numbers protected", status_code=201,
    **answers(record_model(RELEASES), 400, 401, 403, 404, 409, 413, 415, 422, status=201, headers=("ETag", "Location"),
              extra=body_of(ReleaseCreate, key=True)),
)  # fmt: skip
async def create(
    request: Request, actor: Caller, body: Annotated[ReleaseCreate, Depends(json_of(ReleaseCreate))]
) -> Response:
    """A metric whose small numbers no hiding can protect is withheld as a whole and named in `withheld`."""
    order = body.order()
    writing = Writing(request, actor, RELEASES, status=201)
    if (answered := await writing.replay()) is not None:
        return answered
    return await writing.run(await prepare(request.app.state.database, actor, order))
