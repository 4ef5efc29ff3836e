"""Support: put allocations to work and close them; the ledger, what is owed, reviews due, proposals, and what moved beside it."""

from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from app.commands.support import activate, close
from app.db.unit_of_work import UnitOfWork
from app.domain.errors import Invalid
from app.domain.framework_vocabulary import EntitlementUnit
from app.domain.roles import Permission
from app.domain.support import SupportAllocation
from app.operations.asked import AskedOn
from app.operations.bodies import Body, Code, Day, Text
from app.operations.operation import Answer, Change
from app.queries.academies import ACADEMIES
from app.queries.reading import Moment, Reads
from app.queries.reviews_due import ReviewsDue, read_reviews_due
from app.queries.support import SUPPORT_ALLOCATIONS
from app.queries.support_accounts import SupportLedger
from app.queries.support_ledger import Asked, read_support_ledger
from app.queries.support_movement import SupportAndMovement, read_support_and_movement
from app.queries.support_owed import SupportOwed, read_support_owed
from app.queries.support_proposal import SupportProposal, read_support_proposal


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


async def _activate(work: UnitOfWork, allocation_id: UUID, _body: SupportActivation, version: int) -> SupportAllocation:
    return await activate(work, allocation_id, version=version)


async def _close(work: UnitOfWork, allocation_id: UUID, body: SupportClosing, version: int) -> SupportAllocation:
    return await close(work, allocation_id, reason=body.reason, version=version)


async def _ledger(reads: Reads, academy_id: UUID, asked: LedgerAsked, moment: Moment) -> SupportLedger:
    what = Asked(asked.on, asked.starts_on, asked.ends_on, asked.stage_id)
    return await read_support_ledger(reads, academy_id, what, moment)


async def _owed(reads: Reads, _trust_id: UUID, asked: AskedOn, moment: Moment) -> SupportOwed:
    return await read_support_owed(reads, moment, on=asked.on)


async def _reviews_due(reads: Reads, _trust_id: UUID, asked: ReviewsAsked, moment: Moment) -> ReviewsDue:
    return await read_reviews_due(reads, moment, on=asked.on, until=asked.until, academy_id=asked.academy_id)


async def _proposal(reads: Reads, _trust_id: UUID, asked: ProposalAsked, moment: Moment) -> SupportProposal:
    return await read_support_proposal(
        reads, moment, on=asked.on, team=asked.team, unit=asked.unit, available=asked.available
    )


async def _movement(reads: Reads, _trust_id: UUID, asked: MovementAsked, moment: Moment) -> SupportAndMovement:
    if asked.ends_on < asked.starts_on:
        raise Invalid("The last day comes before the first. Put from and to in order.")
    return await read_support_and_movement(
        reads, moment, metric=asked.metric, first=asked.starts_on, last=asked.ends_on
    )


CHANGES: Final = (
    Change(
        name="activateSupportAllocation",
        of=SUPPORT_ALLOCATIONS,
        gives=SUPPORT_ALLOCATIONS,
        path="activation",
        summary="Put an allocation to work",
        doc="A planned allocation becomes active.",
        body=SupportActivation,
        run=_activate,
        key_required=True,
    ),
    Change(
        name="closeSupportAllocation",
        of=SUPPORT_ALLOCATIONS,
        gives=SUPPORT_ALLOCATIONS,
        path="closing",
        summary="Close an allocation",
        doc="Nothing more is delivered under it, and nothing in it changes.",
        body=SupportClosing,
        run=_close,
        key_required=True,
    ),
)
ANSWERS: Final = (
    Answer(
        name="getAcademySupport",
        of=ACADEMIES,
        path="support",
        tag="support-allocations",
        summary="The support ledger of an academy",
        doc="Entitled, allocated, delivered and remaining by offer, team and tier; who gives and who takes. Nothing is converted.",
        asked=LedgerAsked,
        gives=SupportLedger,
        read=_ledger,
    ),
    Answer(
        name="getSupportOwed",
        path="support-owed",
        tag="support-allocations",
        summary="Where promised support is behind",
        doc="Offers by whole periods that have ended, allocations whose days are over, and reviews overdue, across the trust.",
        asked=AskedOn,
        gives=SupportOwed,
        read=_owed,
        missing=False,
    ),
    Answer(
        name="getReviewsDue",
        path="reviews-due",
        tag="reviews-held",
        summary="When recurring reviews are next due",
        doc="From the day each was last held, else from the day the stage began, by the trust's own calendar.",
        asked=ReviewsAsked,
        gives=ReviewsDue,
        read=_reviews_due,
    ),
    Answer(
        name="getSupportProposal",
        path="support-proposal",
        tag="support-allocations",
        summary="A proposed allocation where support is short",
        doc="What is overdue first, the earliest stage first, then in proportion to what is owed. Nothing is allocated by it.",
        asked=ProposalAsked,
        gives=SupportProposal,
        read=_proposal,
        missing=False,
    ),
    Answer(
        name="getSupportAndMovement",
        path="support-and-movement",
        tag="support-allocations",
        summary="Support beside the movement of a metric",
        doc="Academies that were given support beside those of the same stage that were not: an association, with its coverage.",
        asked=MovementAsked,
        gives=SupportAndMovement,
        read=_movement,
        needs=Permission.READ_SENSITIVE,
    ),
)
