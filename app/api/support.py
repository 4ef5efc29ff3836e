"""Support: put allocations to work and close them; the ledger, what is owed, reviews due, proposals, and what moved beside it."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from app.api.bodies import Body, Code, Day, Text, json_of
from app.api.computed import AskedOn, answer_of
from app.api.credentials import Caller
from app.api.openapi import RecordId, answers, body_of
from app.api.preconditions import expected_version
from app.api.problems import Refused
from app.api.writing import Writing, needs_key
from app.commands.support import activate, close
from app.domain.framework_vocabulary import EntitlementUnit
from app.queries.published import record_model
from app.queries.reviews_due import ReviewsDue, read_reviews_due
from app.queries.support import SUPPORT_ALLOCATIONS
from app.queries.support_accounts import SupportLedger
from app.queries.support_ledger import Asked, read_support_ledger
from app.queries.support_movement import SupportAndMovement, read_support_and_movement
from app.queries.support_owed import SupportOwed, read_support_owed
from app.queries.support_proposal import SupportProposal, read_support_proposal

allocations = APIRouter(prefix="/v1/support-allocations", tags=["support-allocations"])
ledger = APIRouter(prefix="/v1", tags=["support-allocations"])
reviews = APIRouter(prefix="/v1/reviews-due", tags=["reviews-held"])
_FAILURES: Final = (400, 401, 403, 404, 409, 412, 413, 415, 422, 428)


class SupportActivation(Body):
    """Nothing need be said: the support begins."""


class SupportClosing(Body):
    """Why no more is given."""

    reason: Text | None = None


class LedgerAsked(AskedOn):
    """Which days, and which stage."""

    starts_on: Day | None = Field(
        default=None, alias="from", description="The first day; left out: of the academic year that `on` is in."
    )
    ends_on: Day | None = Field(
        default=None, alias="to", description="The last day; left out: of the academic year that the first day is in."
    )
    stage_id: UUID | None = Field(
        default=None, alias="stageId", description="By the offers of this stage; left out: of the category in force."
    )


class ReviewsAsked(AskedOn):
    """Whose reviews, and how far ahead."""

    academy_id: UUID | None = Field(default=None, alias="academyId", description="Of this academy alone.")
    until: Day | None = Field(default=None, description="Only what may begin by this day; left out: all.")


class ProposalAsked(AskedOn):
    """What there is to share out."""

    team: Annotated[Text, Field(max_length=200)] = Field(description="The team that gives it.")
    unit: EntitlementUnit = Field(description="Nothing is converted: only offers in this unit count.")
    available: Decimal = Field(ge=0, le=10_000, decimal_places=4, description="How much there is.")


class MovementAsked(AskedOn):
    """Which metric, and between which days."""

    metric: Code = Field(description="Code of the metric.")
    starts_on: Day = Field(alias="from", description="The day before support began to count.")
    ends_on: Day = Field(alias="to", description="The last day.")


def _in_order(first: date, last: date) -> None:
    if last < first:
        raise Refused("invalid", "The last day comes before the first. Put from and to in order.")


@allocations.post(
    "/{id}/activation", name="activateSupportAllocation", summary="Put an allocation to work",
    **answers(record_model(SUPPORT_ALLOCATIONS), *_FAILURES, headers=("ETag",),
              extra=body_of(SupportActivation, match=True, key_required=True)),
)  # fmt: skip
async def activate_allocation(
    record_id: RecordId,
    request: Request,
    actor: Caller,
    _body: Annotated[SupportActivation, Depends(json_of(SupportActivation))],
) -> Response:
    """A planned allocation becomes active."""
    needs_key(request)
    version = expected_version(request)
    return await Writing(request, actor, SUPPORT_ALLOCATIONS).run(
        lambda work: activate(work, record_id, version=version)
    )


@allocations.post(
    "/{id}/closing", name="closeSupportAllocation", summary="Close an allocation",
    **answers(record_model(SUPPORT_ALLOCATIONS), *_FAILURES, headers=("ETag",),
              extra=body_of(SupportClosing, match=True, key_required=True)),
)  # fmt: skip
async def close_allocation(
    record_id: RecordId,
    request: Request,
    actor: Caller,
    body: Annotated[SupportClosing, Depends(json_of(SupportClosing))],
) -> Response:
    """Nothing more is delivered under it, and nothing in it changes."""
    needs_key(request)
    version = expected_version(request)
    return await Writing(request, actor, SUPPORT_ALLOCATIONS).run(
        lambda work: close(work, record_id, reason=body.reason, version=version)
    )


@ledger.get(
    "/academies/{id}/support", name="getAcademySupport", summary="The support ledger of an academy",  # noqa: FAST003  RecordId is its alias
    **answers(SupportLedger, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_support(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[LedgerAsked, Query()]
) -> Response:
    """Entitled, allocated, delivered and remaining by offer, team and tier; who gives and who takes. Nothing is converted."""
    what = Asked(asked.on, asked.starts_on, asked.ends_on, asked.stage_id)
    return await answer_of(
        request,
        actor,
        lambda reader, moment: read_support_ledger(reader, record_id, what, moment),
        as_known_at=asked.as_known_at,
    )


@ledger.get(
    "/support-owed", name="getSupportOwed", summary="Where promised support is behind",
    **answers(SupportOwed, 304, 401, 403, 422, headers=("ETag",)),
)  # fmt: skip
async def get_owed(request: Request, actor: Caller, asked: Annotated[AskedOn, Query()]) -> Response:
    """Offers by whole periods that have ended, allocations whose days are over, and reviews overdue, across the trust."""
    return await answer_of(
        request,
        actor,
        lambda reader, moment: read_support_owed(reader, moment, on=asked.on),
        as_known_at=asked.as_known_at,
    )


@reviews.get(
    "", name="getReviewsDue", summary="When recurring reviews are next due",
    **answers(ReviewsDue, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_reviews_due(request: Request, actor: Caller, asked: Annotated[ReviewsAsked, Query()]) -> Response:
    """From the day each was last held, else from the day the stage began, by the trust's own calendar."""
    return await answer_of(
        request,
        actor,
        lambda reader, moment: read_reviews_due(
            reader, moment, on=asked.on, until=asked.until, academy_id=asked.academy_id
        ),
        as_known_at=asked.as_known_at,
    )


@ledger.get(
    "/support-proposal", name="getSupportProposal", summary="A proposed allocation where support is short",
    **answers(SupportProposal, 304, 401, 403, 422, headers=("ETag",)),
)  # fmt: skip
async def get_proposal(request: Request, actor: Caller, asked: Annotated[ProposalAsked, Query()]) -> Response:
    """What is overdue first, the earliest stage first, then in proportion to what is owed. Nothing is allocated by it."""
    return await answer_of(
        request,
        actor,
        lambda reader, moment: read_support_proposal(
            reader, moment, on=asked.on, team=asked.team, unit=asked.unit, available=asked.available
        ),
        as_known_at=asked.as_known_at,
    )


@ledger.get(
    "/support-and-movement", name="getSupportAndMovement", summary="Support beside the movement of a metric",
    **answers(SupportAndMovement, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_movement(request: Request, actor: Caller, asked: Annotated[MovementAsked, Query()]) -> Response:
    """Academies that were given support beside those of the same stage that were not: an association, with its coverage."""
    _in_order(asked.starts_on, asked.ends_on)
    return await answer_of(
        request,
        actor,
        lambda reader, moment: read_support_and_movement(
            reader, moment, metric=asked.metric, first=asked.starts_on, last=asked.ends_on
        ),
        as_known_at=asked.as_known_at,
    )
