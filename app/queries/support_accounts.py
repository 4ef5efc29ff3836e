"""The shapes in which support is published: an offer and its account, an allocation, and the ledger of an academy."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from app.domain.framework_vocabulary import Applies, EntitlementTier, EntitlementUnit, Period
from app.domain.review_vocabulary import AllocationStatus
from app.domain.support_ledger import NoFigure, TotalReading
from app.queries.comparison import Number
from app.queries.figures import FrameworkNamed
from app.queries.published import Published
from app.queries.support_estate import AcademyNamed, StageNamed


class AllocationStanding(StrEnum):
    """Whether an allocation draws on an offer of the category the academy was in on its first day."""

    WITHIN_CATEGORY = "within_category"
    OUTSIDE_CATEGORY = "outside_category"
    BESIDE_OFFERS = "beside_offers"
    NO_CATEGORY = "no_category"


class SupportAmounts(Published):
    """A promise, and what was given of it."""

    atLeast: Number | None = Field(description="What is promised, at least.")
    atMost: Number | None = Field(description="The cap, where one is printed.")
    delivered: Number
    remaining: Number | None = Field(description="Up to the cap, or to what is promised where there is none.")
    percent: Number | None = Field(description="Delivered of what is promised, or of the cap; one decimal.")
    overCap: Number | None = Field(description="Delivered beyond the cap.")


class PeriodOfSupport(SupportAmounts):
    """One printed period."""

    startsOn: date
    endsOn: date


class TotalOfSupport(Published):
    """The whole stretch, in one reading of what is printed."""

    reading: TotalReading
    label: str
    times: int | None = Field(description="How often the quantity counts.")
    allocated: Number = Field(description="By allocations under the offer in these days.")
    allocatedOverCap: Number | None = Field(description="Allocated beyond the cap.")
    atLeast: Number | None
    atMost: Number | None
    delivered: Number | None
    remaining: Number | None
    percent: Number | None = Field(description="Null where no period is printed: there is no percentage of the year.")
    overCap: Number | None
    why: NoFigure | None = Field(description="Why there is no figure.")


class UnitOfSupport(Published):
    """What was allocated and given under an offer in one unit. Units are never converted."""

    unit: EntitlementUnit
    allocated: Number
    toCome: Number = Field(description="Of open allocations, what is not delivered yet.")
    delivered: Number
    overAllocated: Number = Field(description="Delivered beyond what was allocated.")


class OfferOfSupport(Published):
    """One offer of the stage, and how it stands."""

    id: UUID
    code: str
    team: str
    tier: EntitlementTier | None
    label: str
    applies: Applies = Field(description="Whether it is meant for this academy.")
    condition: str | None
    unit: EntitlementUnit | None = Field(description="Null where none is printed: then nothing is compared.")
    quantityMin: Number | None
    quantityMax: Number | None
    period: Period | None = Field(description="Null where none is printed: then both readings of the total are told.")
    printed: str | None
    why: NoFigure | None = Field(description="Why there is no one figure.")
    given: list[UnitOfSupport]
    periods: list[PeriodOfSupport]
    totals: list[TotalOfSupport]
    allocationIds: list[UUID]


class TeamSupport(Published):
    """What the offers of a team in one unit come to together."""

    rule: str
    team: str
    unit: EntitlementUnit
    reading: TotalReading
    label: str
    atLeast: Number | None
    atMost: Number | None
    delivered: Number | None
    why: NoFigure | None


class AllocationOfSupport(Published):
    """An allocation, who gives and who takes."""

    id: UUID
    standing: AllocationStanding | None = Field(
        description="By the category on its first day; null of what is given to another academy."
    )
    offerCode: str | None
    team: str
    unit: EntitlementUnit
    quantity: Number
    delivered: Number
    overAllocated: Number = Field(description="Delivered beyond what was allocated: kept, and told.")
    outsideDays: Number = Field(description="Delivered on days the allocation is no longer for.")
    startsOn: date
    endsOn: date
    status: AllocationStatus
    takerId: UUID
    taker: str | None
    giverId: UUID | None
    giver: str | None = Field(
        description="Code of the academy that gives it; null: a team of the trust, or out of sight."
    )


class SupportLedger(Published):
    """The support of an academy by a day: by offer, by team, beside the offers, and what it gives to others."""

    rule: str
    on: date
    startsOn: date
    endsOn: date
    academy: AcademyNamed
    framework: FrameworkNamed | None
    stage: StageNamed | None = Field(description="The category in force, or the stage asked about; null: none decided.")
    since: date | None = Field(description="First day of the academy's stay in it.")
    offers: list[OfferOfSupport]
    totals: list[TeamSupport]
    taken: list[AllocationOfSupport] = Field(description="Every allocation to the academy in these days.")
    beside: list[UUID] = Field(description="Those of them that draw on no offer of this stage.")
    given: list[AllocationOfSupport] = Field(
        description="What the academy gives to others, as far as you may see them."
    )
