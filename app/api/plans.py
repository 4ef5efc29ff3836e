"""What is asked of a plan besides its page: its summary."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.asking import AsOf, found, moment_of
from app.api.credentials import Caller
from app.api.openapi import RecordId, answers
from app.api.preconditions import page_tag
from app.queries.published import record_model
from app.queries.reading import read_record, sight
from app.queries.summaries import PLAN_SUMMARIES

router = APIRouter(prefix="/v1/plans", tags=["plans"])


@router.get(
    "/{id}/summary", name="getPlanSummary", summary="What a plan counts up to",  # noqa: FAST003  RecordId is its alias
    **answers(record_model(PLAN_SUMMARIES), 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_summary(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[AsOf, Query()]
) -> Response:
    """Counts of the plan's records, never averages. Cross-references are never counted as actions."""
    moment = moment_of(request, asked.as_of)
    async with request.app.state.database.reader(actor) as reader:
        read = await read_record(reader, PLAN_SUMMARIES, record_id, moment)
    return found(request, read.body, None if moment.as_of else page_tag(read.head, sight(actor), moment.today))
