"""What is counted across a trust: the half-term load map, budgets, and what is unclear."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.bodies import Day
from app.api.computed import answer_of
from app.api.credentials import Caller
from app.api.openapi import answers
from app.domain.intervals import Days
from app.domain.load_map import HEAVY_HALF_TERM
from app.domain.periods import days_asked
from app.queries.budget_totals import TrustBudgets, read_budget_totals
from app.queries.data_quality import DataQualityTotals, read_data_quality
from app.queries.load_map import TrustLoad, read_load_map

load = APIRouter(prefix="/v1/load-map", tags=["plans"])
budgets = APIRouter(prefix="/v1/budget-totals", tags=["budgets"])
data_quality = APIRouter(prefix="/v1/data-quality-totals", tags=["data-quality-flags"])


class Stretch(BaseModel):
    model_config = ConfigDict(extra="forbid")

    starts_on: Day | None = Field(
        default=None, alias="from", description="The first day; left out: of the academic year that today is in."
    )
    ends_on: Day | None = Field(
        default=None, alias="to", description="The last day; left out: of the academic year that the first day is in."
    )
    academy_id: UUID | None = Field(default=None, alias="academyId", description="Plans for this academy alone.")
    limit: int = Field(
        default=HEAVY_HALF_TERM,
        ge=1,
        le=1000,
        description="More than this on one person in one half-term is a collision.",
    )

    def days(self, today: date) -> Days:
        return days_asked(self.starts_on, self.ends_on, on=today)


class OfPlan(BaseModel):
    model_config = ConfigDict(extra="forbid")

    plan_id: UUID | None = Field(default=None, alias="planId", description="Of this plan alone.")


class OfSource(OfPlan):
    framework_id: UUID | None = Field(default=None, alias="frameworkId", description="Of this framework alone.")


@load.get(
    "", name="getLoadMap", summary="What falls due in each half-term, on whom and where",
    **answers(TrustLoad, 304, 401, 403, 422, headers=("ETag",)),
)  # fmt: skip
async def get_load_map(request: Request, actor: Caller, asked: Annotated[Stretch, Query()]) -> Response:
    """Actions, steps, milestones and windows of review, with collisions, and warnings of holidays and last Fridays."""
    return await answer_of(
        request,
        actor,
        lambda reader, moment: read_load_map(
            reader, asked.days(moment.today), academy_id=asked.academy_id, limit=asked.limit, moment=moment
        ),
    )


@budgets.get(
    "", name="getBudgetTotals", summary="What budgets come to",
    **answers(TrustBudgets, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_budget_totals(request: Request, actor: Caller, asked: Annotated[OfPlan, Query()]) -> Response:
    """Printed, computed, confirmed and provisional apart, for each budget and for each currency."""
    return await answer_of(request, actor, lambda reader, moment: read_budget_totals(reader, asked.plan_id, moment))


@data_quality.get(
    "", name="getDataQualityTotals", summary="How much is unclear, by fault and by document",
    **answers(DataQualityTotals, 304, 401, 403, 422, headers=("ETag",)),
)  # fmt: skip
async def get_data_quality(request: Request, actor: Caller, asked: Annotated[OfSource, Query()]) -> Response:
    """Data-quality flags counted, what is resolved apart from what is not."""
    return await answer_of(
        request,
        actor,
        lambda reader, moment: read_data_quality(
            reader, moment, plan_id=asked.plan_id, framework_id=asked.framework_id
        ),
    )
