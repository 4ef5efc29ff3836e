"""Rules that are asked with figures rather than of records: hours lost, cohort shares, the path of a self-evaluation."""

from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.domain.cohort_shares import COHORT_SHARE, SHORT_TERM_WINS, cohort_share
from app.domain.learning_hours import HOURS_LOST, hours_lost
from app.domain.roles import Permission
from app.domain.self_evaluation import SELF_EVALUATION, Reach, Standing, check_ranks
from app.operations.operation import Answer
from app.queries.comparison import Number
from app.queries.published import Published
from app.queries.reading import Moment, Reads, read_record
from app.queries.revival import told
from app.queries.trusts import TRUSTS

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


async def _hours_lost(reads: Reads, trust_id: UUID, asked: Sessions, moment: Moment) -> HoursLost:
    trust = told((await read_record(reads, TRUSTS, trust_id, moment)).body)
    hours = trust["hoursPerSession"] if asked.hours is None else asked.hours
    return HoursLost(
        rule=HOURS_LOST,
        missedSessions=asked.missed,
        hoursPerSession=hours,
        hoursLost=hours_lost(asked.missed, None if hours is None else Decimal(hours)),
    )


async def _cohort_share(reads: Reads, _trust_id: UUID, asked: Cohort, _moment: Moment) -> CohortShareOf:
    reads.actor.require(Permission.READ)
    share = cohort_share(asked.size, asked.share)
    return CohortShareOf(
        rule=COHORT_SHARE,
        size=asked.size,
        share=asked.share,
        exact=share.exact,
        pupils=share.pupils,
        rounding=share.rounding,
    )


async def _self_evaluation(reads: Reads, _trust_id: UUID, asked: Areas, _moment: Moment) -> SelfEvaluationPath:
    reads.actor.require(Permission.READ)
    check = check_ranks(asked.reach, (None if rank == _NOT_JUDGED else int(rank) for rank in asked.rank), asked.at)
    return SelfEvaluationPath(
        rule=SELF_EVALUATION,
        reach=asked.reach,
        at=asked.at,
        standing=check.standing,
        areas=check.areas,
        reached=check.reached,
        notReached=check.not_reached,
        notJudged=check.not_judged,
    )


ANSWERS: Final = (
    Answer(
        name="calculateHoursLost",
        path="calculations/hours-lost",
        tag="calculations",
        summary="Hours of learning lost to missed sessions",
        doc="Missed sessions times the hours of one, exact.",
        asked=Sessions,
        gives=HoursLost,
        read=_hours_lost,
        missing=False,
    ),
    Answer(
        name="calculateCohortShare",
        path="calculations/cohort-share",
        tag="calculations",
        summary="How many pupils a share of a cohort is",
        doc="The exact figure and whole pupils, with the rounding between them named.",
        asked=Cohort,
        gives=CohortShareOf,
        read=_cohort_share,
        tagged=False,
        missing=False,
    ),
    Answer(
        name="calculateSelfEvaluation",
        path="calculations/self-evaluation",
        tag="calculations",
        summary="Whether all areas, or most, stand at a grade",
        doc="Yes, no, or not evaluable while an area that nobody has judged could decide it, with the counts.",
        asked=Areas,
        gives=SelfEvaluationPath,
        read=_self_evaluation,
        tagged=False,
        missing=False,
    ),
)
