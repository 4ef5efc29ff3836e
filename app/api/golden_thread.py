"""The golden-thread matrix of a plan."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.asking import AsOf
from app.api.computed import answer_of
from app.api.credentials import Caller
from app.api.openapi import RecordId, answers
from app.queries.golden_thread import GoldenThreads, read_golden_threads

router = APIRouter(prefix="/v1/plans", tags=["plans"])


@router.get(
    "/{id}/golden-thread", name="getGoldenThread", summary="What hangs on each finding and priority of a plan",  # noqa: FAST003  RecordId is its alias
    **answers(GoldenThreads, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_golden_thread(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[AsOf, Query()]
) -> Response:
    """From finding to objective, target, action, milestone, support and evidence. What is empty is named."""
    return await answer_of(
        request,
        actor,
        lambda reader, moment: read_golden_threads(reader, record_id, moment),
        as_known_at=asked.as_of,
    )
