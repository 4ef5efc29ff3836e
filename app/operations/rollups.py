"""What is counted across a trust: the half-term load map, budgets, and what is unclear."""

from datetime import date
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.domain.intervals import Days
from app.domain.load_map import HEAVY_HALF_TERM
from app.domain.periods import days_asked
from app.operations.bodies import Day
from app.operations.operation import Answer
from app.queries.budget_totals import TrustBudgets, read_budget_totals
from app.queries.data_quality import DataQualityTotals, read_data_quality
from app.queries.load_map import TrustLoad, read_load_map
from app.queries.reading import Moment, Reads


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


async def _load(reads: Reads, _trust_id: UUID, asked: Stretch, moment: Moment) -> TrustLoad:
    days = asked.days(moment.today)
    return await read_load_map(reads, days, academy_id=asked.academy_id, limit=asked.limit, moment=moment)


async def _budgets(reads: Reads, _trust_id: UUID, asked: OfPlan, moment: Moment) -> TrustBudgets:
    return await read_budget_totals(reads, asked.plan_id, moment)


async def _data_quality(reads: Reads, _trust_id: UUID, asked: OfSource, moment: Moment) -> DataQualityTotals:
    return await read_data_quality(reads, moment, plan_id=asked.plan_id, framework_id=asked.framework_id)


ANSWERS: Final = (
    Answer(
        name="getLoadMap",
        path="load-map",
        tag="plans",
        summary="What falls due in each half-term, on whom and where",
        doc="Actions, steps, milestones and windows of review, with collisions, and warnings of holidays and last Fridays.",
        asked=Stretch,
        gives=TrustLoad,
        read=_load,
        missing=False,
    ),
    Answer(
        name="getBudgetTotals",
        path="budget-totals",
        tag="budgets",
        summary="What budgets come to",
        doc="Printed, computed, confirmed and provisional apart, for each budget and for each currency.",
        asked=OfPlan,
        gives=TrustBudgets,
        read=_budgets,
    ),
    Answer(
        name="getDataQualityTotals",
        path="data-quality-totals",
        tag="data-quality-flags",
        summary="How much is unclear, by fault and by document",
        doc="Data-quality flags counted, what is resolved apart from what is not.",
        asked=OfSource,
        gives=DataQualityTotals,
        read=_data_quality,
        missing=False,
    ),
)
