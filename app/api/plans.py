"""What is asked of a plan besides its page: its summary, its progress, its checks and its coverage."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.asking import AsOf, Nothing, found, moment_of
from app.api.computed import answer_of, as_bytes
from app.api.credentials import Caller
from app.api.openapi import RecordId, answers
from app.api.preconditions import page_tag
from app.domain.plan_checks import HEAVY_LOAD
from app.queries.coverage import PlanCoverage, read_plan_coverage
from app.queries.plan_checks import PlanChecks, read_plan_checks
from app.queries.progress import PlanProgress, read_progress
from app.queries.published import record_model
from app.queries.reading import head_position, read_record, sight
from app.queries.summaries import PLAN_SUMMARIES

router = APIRouter(prefix="/v1/plans", tags=["plans"])


class Limit(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=HEAVY_LOAD, ge=1, le=1000, description="Open actions on one person that are too many.")


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


@router.get(
    "/{id}/progress", name="getPlanProgress", summary="How far a plan has come",  # noqa: FAST003  RecordId is its alias
    **answers(PlanProgress, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_progress(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[AsOf, Query()]
) -> Response:
    """By area, objective, lead and window, with both counts beside each percentage, and what is overdue or due soon."""
    moment = moment_of(request, asked.as_of)
    async with request.app.state.database.reader(actor) as reader:
        answer = await read_progress(reader, record_id, moment)
        tag = None if moment.as_of else page_tag(await head_position(reader), sight(actor), moment.today)
    return found(request, as_bytes(answer), tag)


@router.get(
    "/{id}/checks", name="checkPlan", summary="What is worth looking at in a plan",  # noqa: FAST003  RecordId is its alias
    **answers(PlanChecks, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_checks(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[Limit, Query()]
) -> Response:
    """Each rule with what it found. What is waived is told apart with its reason; what cannot be asked, with why."""
    return await answer_of(
        request, actor, lambda reader, moment: read_plan_checks(reader, record_id, asked.limit, moment)
    )


@router.get(
    "/{id}/coverage", name="getPlanCoverage", summary="What a plan leaves unmeasured",  # noqa: FAST003  RecordId is its alias
    **answers(PlanCoverage, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_coverage(
    record_id: RecordId, request: Request, actor: Caller, _asked: Annotated[Nothing, Query()]
) -> Response:
    """Targets that no milestone measures, and milestones that no target stands behind, each with why."""
    return await answer_of(request, actor, lambda reader, moment: read_plan_coverage(reader, record_id, moment))
