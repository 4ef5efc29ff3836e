"""Handing in a head teacher's report."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.api.bodies import Body, json_of
from app.api.credentials import Caller
from app.api.openapi import RecordId, answers, body_of
from app.api.preconditions import expected_version
from app.api.writing import Writing, needs_key
from app.commands.head_reports import submit_report
from app.queries.published import record_model
from app.queries.reviews import HEAD_REPORTS

router = APIRouter(prefix="/v1/head-reports", tags=["head-reports"])


class ReportSubmission(Body):
    """Nothing need be said: the report has every section that the framework asks for."""


@router.post(
    "/{id}/submission", name="submitHeadReport", summary="Hand in a head teacher's report",
    **answers(record_model(HEAD_REPORTS), 400, 401, 403, 404, 409, 412, 413, 415, 422, 428, headers=("ETag",),
              extra=body_of(ReportSubmission, match=True, key_required=True)),
)  # fmt: skip
async def submit(
    record_id: RecordId,
    request: Request,
    actor: Caller,
    _body: Annotated[ReportSubmission, Depends(json_of(ReportSubmission))],
) -> Response:
    """Every section of the framework is answered; otherwise the missing ones are named. Nothing changes afterwards."""
    needs_key(request)
    version = expected_version(request)
    return await Writing(request, actor, HEAD_REPORTS).run(lambda work: submit_report(work, record_id, version=version))
