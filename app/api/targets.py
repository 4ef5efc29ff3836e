"""Revising a target: a change of the promise makes a new version."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from app.api.bodies import Body, Number, Text, json_of
from app.api.credentials import Caller
from app.api.openapi import RecordId, answers, body_of
from app.api.preconditions import expected_version
from app.api.writing import Writing
from app.commands.targets import revise_target
from app.domain.vocabulary import Comparator
from app.queries.published import record_model
from app.queries.targets import TARGETS

router = APIRouter(prefix="/v1/targets", tags=["targets"])


class TargetRevision(Body):
    """What is promised from now on. What is left out stays promised as it is."""

    comparator: Comparator | None = None
    value: Number | None = None
    unit: Text | None = None
    printed: Text | None = None
    trend_condition: Text | None = None
    caveat: Text | None = None
    reason: Text = Field(description="Why the promise changes.")


@router.post(
    "/{id}/revisions", name="reviseTarget", summary="Change what a target promises",
    **answers(record_model(TARGETS), 400, 401, 403, 404, 409, 412, 413, 415, 422, 428, headers=("ETag",),
              extra=body_of(TargetRevision, match=True, key=True)),
)  # fmt: skip
async def revise(
    record_id: RecordId,
    request: Request,
    actor: Caller,
    body: Annotated[TargetRevision, Depends(json_of(TargetRevision))],
) -> Response:
    """The former promise stays readable as a version of its own."""
    version, promise = expected_version(request), body.given()
    reason = promise.pop("reason")
    return await Writing(request, actor, TARGETS).run(
        lambda work: revise_target(work, record_id, promise, reason=reason, version=version)
    )
