"""What is asked of a plan besides its page: its summary, its progress, its checks, its coverage and its golden thread."""

from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.domain.plan_checks import HEAVY_LOAD
from app.operations.asked import AsOf, Nothing
from app.operations.operation import Answer, without_head
from app.queries.coverage import PlanCoverage, read_plan_coverage
from app.queries.golden_thread import GoldenThreads, read_golden_threads
from app.queries.plan_checks import PlanChecks, read_plan_checks
from app.queries.plans import PLANS
from app.queries.progress import PlanProgress, read_progress
from app.queries.published import record_model
from app.queries.reading import Moment, Reads, read_record
from app.queries.summaries import PLAN_SUMMARIES


class Limit(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=HEAVY_LOAD, ge=1, le=1000, description="Open actions on one person that are too many.")


async def _summary(reads: Reads, plan_id: UUID, _asked: AsOf, moment: Moment) -> tuple[bytes, int]:
    read = await read_record(reads, PLAN_SUMMARIES, plan_id, moment)
    return read.body, read.head


async def _progress(reads: Reads, plan_id: UUID, _asked: AsOf, moment: Moment) -> PlanProgress:
    return await read_progress(reads, plan_id, moment)


async def _checks(reads: Reads, plan_id: UUID, asked: Limit, moment: Moment) -> PlanChecks:
    return await read_plan_checks(reads, plan_id, asked.limit, moment)


async def _coverage(reads: Reads, plan_id: UUID, _asked: Nothing, moment: Moment) -> PlanCoverage:
    return await read_plan_coverage(reads, plan_id, moment)


async def _golden_thread(reads: Reads, plan_id: UUID, _asked: AsOf, moment: Moment) -> GoldenThreads:
    return await read_golden_threads(reads, plan_id, moment)


ANSWERS: Final = (
    Answer(
        name="getPlanSummary",
        of=PLANS,
        path="summary",
        tag="plans",
        summary="What a plan counts up to",
        doc="Counts of the plan's records, never averages. Cross-references are never counted as actions.",
        asked=AsOf,
        gives=record_model(PLAN_SUMMARIES),
        read=without_head(_summary),
        read_at=_summary,
    ),
    Answer(
        name="getPlanProgress",
        of=PLANS,
        path="progress",
        tag="plans",
        summary="How far a plan has come",
        doc="By area, objective, lead and window, with both counts beside each percentage, and what is overdue or due soon.",
        asked=AsOf,
        gives=PlanProgress,
        read=_progress,
    ),
    Answer(
        name="checkPlan",
        of=PLANS,
        path="checks",
        tag="plans",
        summary="What is worth looking at in a plan",
        doc="Each rule with what it found. What is waived is told apart with its reason; what cannot be asked, with why.",
        asked=Limit,
        gives=PlanChecks,
        read=_checks,
    ),
    Answer(
        name="getPlanCoverage",
        of=PLANS,
        path="coverage",
        tag="plans",
        summary="What a plan leaves unmeasured",
        doc="Targets that no milestone measures, and milestones that no target stands behind, each with why.",
        asked=Nothing,
        gives=PlanCoverage,
        read=_coverage,
    ),
    Answer(
        name="getGoldenThread",
        of=PLANS,
        path="golden-thread",
        tag="plans",
        summary="What hangs on each finding and priority of a plan",
        doc="From finding to objective, target, action, milestone, support and evidence. What is empty is named.",
        asked=AsOf,
        gives=GoldenThreads,
        read=_golden_thread,
    ),
)
