"""Where support is owed across a trust, as it is published: offers and allocations that are behind, reviews overdue."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from pydantic import Field

from app.domain.academies import Academy
from app.domain.entitlements import EntitlementRule
from app.domain.framework_vocabulary import Applies, EntitlementTier, EntitlementUnit, Period
from app.domain.review_vocabulary import AllocationStatus
from app.domain.reviews_due import DueState
from app.domain.support_ledger import NoFigure, exact
from app.domain.support_owed import ALLOCATION_ENDED, SAID, Behind, behind
from app.queries.comparison import Number
from app.queries.figures import FrameworkNamed
from app.queries.published import Published
from app.queries.reading import Moment, Reads
from app.queries.reviews_due import ReviewDueOf, due_of, read_reviews
from app.queries.support_estate import (
    AcademyNamed,
    Estate,
    StageNamed,
    Standing,
    Support,
    framework_named,
    named,
    read_estate,
    read_support,
    stage_named,
)


class OwedOfOffer(Published):
    """An offer of which an academy has had less than was due by the day."""

    rule: str = Field(description="How what is expected by now is counted.")
    said: str
    academy: AcademyNamed
    framework: FrameworkNamed
    stage: StageNamed
    since: date | None
    offerId: UUID
    offerCode: str
    team: str
    tier: EntitlementTier | None
    label: str
    unit: EntitlementUnit
    period: Period
    expected: Number = Field(description="To two decimals.")
    delivered: Number
    owed: Number = Field(description="To two decimals.")
    sentence: str


class OwedOfAllocation(Published):
    """An allocation whose last day has passed with less given than was allocated."""

    rule: str
    academy: AcademyNamed
    allocationId: UUID
    team: str
    unit: EntitlementUnit
    quantity: Number
    delivered: Number
    owed: Number
    endsOn: date
    sentence: str


class OfferNotCounted(Published):
    """Offers that promise something of which nobody can say how much is due by now."""

    offerId: UUID
    offerCode: str
    team: str
    framework: FrameworkNamed
    stage: StageNamed
    printed: str | None
    why: NoFigure
    academies: int = Field(description="How many academies it concerns.")


class SupportOwed(Published):
    """Where promised support is behind, across the academies within sight."""

    on: date
    academies: int
    offers: list[OwedOfOffer] = Field(description="The most owed first within each academy.")
    allocations: list[OwedOfAllocation]
    reviews: list[ReviewDueOf] = Field(description="Reviews that are overdue.")
    notCounted: list[OfferNotCounted]
    withoutCategory: list[AcademyNamed]


async def read_support_owed(reads: Reads, moment: Moment, *, on: date | None) -> SupportOwed:
    day = on or moment.today
    estate = await read_estate(reads, moment)
    support = await read_support(reads, moment)
    reviews = await read_reviews(reads, estate, moment, academy_id=None)
    placed, without = estate.standings(day)
    counted = [
        (academy, standing, rule, behind_of(support, academy, standing, rule, day, estate))
        for academy, standing in placed
        for rule in meant_for(estate, support, academy, standing)
    ]
    due = (one for academy, standing in placed for one in due_of(estate, reviews, academy, standing, day))
    return SupportOwed(
        on=day,
        academies=len(estate.academies),
        offers=[_owed(*one) for one in counted if one[3].quantity > 0],
        allocations=_allocations(estate, support, day),
        reviews=[one for one in due if one.state is DueState.OVERDUE],
        notCounted=_not_counted(counted),
        withoutCategory=without,
    )


def meant_for(estate: Estate, support: Support, academy: Academy, standing: Standing) -> Iterable[EntitlementRule]:
    """The offers of its stage that are meant for the academy, as far as any record says."""
    for rule in support.of_stage(standing.stage.id):
        if estate.applies(rule.condition_id, academy)[0] is Applies.YES:
            yield rule


def behind_of(
    support: Support, academy: Academy, standing: Standing, rule: EntitlementRule, on: date, estate: Estate
) -> Behind:
    given = support.given(support.to(academy.id, rule), on)
    return behind(rule, given, standing.since or date.min, on, estate.calendar)


def _owed(academy: Academy, standing: Standing, rule: EntitlementRule, found: Behind) -> OwedOfOffer:
    expected, owed = exact(found.expected.quantity or Fraction(0)), exact(found.quantity)
    assert rule.unit is not None
    assert rule.period is not None
    assert found.expected.rule is not None
    return OwedOfOffer(
        rule=found.expected.rule,
        said=SAID[found.expected.rule],
        academy=named(academy),
        framework=framework_named(standing.framework),
        stage=stage_named(standing.stage),
        since=standing.since,
        offerId=rule.id,
        offerCode=rule.code,
        team=rule.team,
        tier=rule.tier,
        label=rule.label,
        unit=rule.unit,
        period=rule.period,
        expected=expected,
        delivered=found.delivered,
        owed=owed,
        sentence=f"{academy.code} was due {_counted(expected, rule.unit)} by now and has had {_plain(found.delivered)}.",
    )


def _allocations(estate: Estate, support: Support, on: date) -> list[OwedOfAllocation]:
    found = []
    for one in support.every():
        delivered = sum((given.quantity for given in support.given([one], on)), Decimal(0))
        is_over = one.ends_on < on and one.status is not AllocationStatus.CLOSED
        if is_over and delivered < one.quantity and one.academy_id in estate.academies:
            academy = estate.academies[one.academy_id]
            found.append(
                OwedOfAllocation(
                    rule=ALLOCATION_ENDED,
                    academy=named(academy),
                    allocationId=one.id,
                    team=one.team,
                    unit=one.unit,
                    quantity=one.quantity,
                    delivered=delivered,
                    owed=one.quantity - delivered,
                    endsOn=one.ends_on,
                    sentence=(
                        f"{academy.code} was allocated {_counted(one.quantity, one.unit)} until {one.ends_on:%-d %B %Y} "
                        f"and has had {_plain(delivered)}. Give the rest, or close the allocation and say why."
                    ),
                )
            )
    return found


def _not_counted(counted: Iterable[tuple[Academy, Standing, EntitlementRule, Behind]]) -> list[OfferNotCounted]:
    """What promises no quantity at all is not listed: there is nothing to count."""
    found: dict[UUID, OfferNotCounted] = {}
    for _, standing, rule, one in counted:
        why = one.expected.why
        if why in (None, NoFigure.NO_QUANTITY, NoFigure.NOTHING_PROMISED):
            continue
        told = found.get(rule.id) or OfferNotCounted(
            offerId=rule.id,
            offerCode=rule.code,
            team=rule.team,
            framework=framework_named(standing.framework),
            stage=stage_named(standing.stage),
            printed=rule.printed,
            why=why,
            academies=0,
        )
        found[rule.id] = told.model_copy(update={"academies": told.academies + 1})
    return list(found.values())


def _counted(quantity: Decimal, unit: EntitlementUnit) -> str:
    """1 day, 6.67 days, 0.5 fte."""
    return f"{_plain(quantity)} {unit.removesuffix('s') if quantity == 1 else unit}"


def _plain(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"
