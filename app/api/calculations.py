"""Rules that are asked with figures rather than of records: hours lost, cohort shares, the path of a self-evaluation."""

from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.asking import found
from app.api.computed import answer_of, as_bytes
from app.api.credentials import Caller
from app.api.openapi import answers
from app.domain.actor import Permission
from app.domain.cohort_shares import COHORT_SHARE, SHORT_TERM_WINS, cohort_share
from app.domain.learning_hours import HOURS_LOST, hours_lost
from app.domain.self_evaluation import SELF_EVALUATION, Reach, Standing, check_ranks
from app.queries.comparison import Number
from app.queries.published import Published
from app.queries.reading import Moment, Reads, read_record
from app.queries.revival import told
from app.queries.trusts import TRUSTS

router = APIRouter(prefix="/v1/calculations", tags=["calculations"])
_NOT_JUDGED: Final = "none"


class HoursLost(Published):
    """Hours of learning lost."""

    rule: str
    missedSessions: int
    hoursPerSession: Number | None
    hoursLost: Number | None = Field(description="Exact; null where the hours of a session are not given.")


class CohortShareOf(Published):
    """A share of a cohort."""

    rule: str
    size: int
    share: Number = Field(description="In per cent.")
    exact: Number
    pupils: int
    rounding: str = Field(description="How the exact figure became whole pupils.")


class SelfEvaluationPath(Published):
    """Whether all areas, or most, stand at a grade or better."""

    rule: str
    reach: Reach
    at: int
    standing: Standing = Field(description="`not_evaluable` while an area that is not judged could decide it.")
    areas: int
    reached: int
    notReached: int
    notJudged: int


class Sessions(BaseModel):
    model_config = ConfigDict(extra="forbid")

    missed: int = Field(alias="missedSessions", ge=0, le=10_000_000, description="Sessions missed; a day has two.")
    hours: Decimal | None = Field(
        default=None,
        alias="hoursPerSession",
        gt=0,
        le=12,
        decimal_places=4,
        description="How long a session lasts; left out, what your trust has set. With neither there is no answer.",
    )


class Cohort(BaseModel):
    model_config = ConfigDict(extra="forbid")

    size: int = Field(ge=0, le=1_000_000, description="Pupils in the cohort.")
    share: Decimal = Field(
        default=SHORT_TERM_WINS, gt=0, le=100, decimal_places=4, description="The share asked for, in per cent."
    )


class Areas(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reach: Reach = Field(description="Whether all areas have to stand there, or more than half of them.")
    at: int = Field(ge=1, le=20, description="Rank of the grade, as inspection grades have it: 1 is the best.")
    rank: list[Annotated[str, Field(pattern=r"^([1-9]|1[0-9]|20|none)$")]] = Field(
        min_length=1, max_length=50, description="The rank of each area's grade, one after another; `none`: not judged."
    )


@router.get(
    "/hours-lost", name="calculateHoursLost", summary="Hours of learning lost to missed sessions",
    **answers(HoursLost, 304, 401, 403, 422, headers=("ETag",)),
)  # fmt: skip
async def get_hours_lost(request: Request, actor: Caller, asked: Annotated[Sessions, Query()]) -> Response:
    """Missed sessions times the hours of one, exact."""

    async def read(reads: Reads, moment: Moment) -> HoursLost:
        trust = told((await read_record(reads, TRUSTS, actor.trust_id, moment)).body)
        hours = trust["hoursPerSession"] if asked.hours is None else asked.hours
        return HoursLost(
            rule=HOURS_LOST,
            missedSessions=asked.missed,
            hoursPerSession=hours,
            hoursLost=hours_lost(asked.missed, None if hours is None else Decimal(hours)),
        )

    return await answer_of(request, actor, read)


@router.get(
    "/cohort-share", name="calculateCohortShare", summary="How many pupils a share of a cohort is",
    **answers(CohortShareOf, 401, 403, 422),
)  # fmt: skip
async def get_cohort_share(request: Request, actor: Caller, asked: Annotated[Cohort, Query()]) -> Response:
    """The exact figure and whole pupils, with the rounding between them named."""
    actor.require(Permission.READ)
    share = cohort_share(asked.size, asked.share)
    answer = CohortShareOf(
        rule=COHORT_SHARE,
        size=asked.size,
        share=asked.share,
        exact=share.exact,
        pupils=share.pupils,
        rounding=share.rounding,
    )
    return found(request, as_bytes(answer), None)


@router.get(
    "/self-evaluation", name="calculateSelfEvaluation", summary="Whether all areas, or most, stand at a grade",
    **answers(SelfEvaluationPath, 401, 403, 422),
)  # fmt: skip
async def get_self_evaluation(request: Request, actor: Caller, asked: Annotated[Areas, Query()]) -> Response:
    """Yes, no, or not evaluable while an area that nobody has judged could decide it, with the counts."""
    actor.require(Permission.READ)
    check = check_ranks(asked.reach, (None if rank == _NOT_JUDGED else int(rank) for rank in asked.rank), asked.at)
    answer = SelfEvaluationPath(
        rule=SELF_EVALUATION,
        reach=asked.reach,
        at=asked.at,
        standing=check.standing,
        areas=check.areas,
        reached=check.reached,
        notReached=check.not_reached,
        notJudged=check.not_judged,
    )
    return found(request, as_bytes(answer), None)
