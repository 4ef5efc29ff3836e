"""The support ledger of an academy: entitled, allocated, delivered and remaining, offer by offer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.domain.academies import Academy
from app.domain.entitlements import EntitlementRule
from app.domain.framework_vocabulary import Applies
from app.domain.intervals import Days
from app.domain.periods import days_asked
from app.domain.support import SupportAllocation
from app.domain.support_ledger import (
    ACCOUNT,
    LABELS,
    TOTALS,
    Account,
    Amounts,
    NoFigure,
    TeamTotal,
    Total,
    TotalReading,
    account_of,
    team_totals,
)
from app.queries.academies import ACADEMIES
from app.queries.reading import Moment, Reads, read_record
from app.queries.revival import read_all
from app.queries.stages import MATURITY_STAGES
from app.queries.support_accounts import (
    AllocationOfSupport,
    AllocationStanding,
    OfferOfSupport,
    PeriodOfSupport,
    SupportLedger,
    TeamSupport,
    TotalOfSupport,
    UnitOfSupport,
)
from app.queries.support_estate import (
    Estate,
    Standing,
    Support,
    framework_named,
    named,
    read_estate,
    read_support,
    stage_named,
)


@dataclass(frozen=True)
class Asked:
    """The stretch of days, the day by which things are counted, and a stage to look at instead of the one in force."""

    on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    stage_id: UUID | None = None


@dataclass(frozen=True)
class _Books:
    """What the parts of the answer look at."""

    estate: Estate
    academy: Academy
    codes: Mapping[UUID, str]
    stretch: Days
    on: date


async def read_support_ledger(reads: Reads, academy_id: UUID, asked: Asked, moment: Moment) -> SupportLedger:
    """Of the academic year the day is in, unless other days are asked for."""
    on = asked.on or moment.today
    estate = await read_estate(reads, moment, academy_id=academy_id)
    standing = await _standing(reads, estate, academy_id, asked.stage_id, on, moment)
    stretch = days_asked(asked.starts_on, asked.ends_on, on=on)
    codes = {UUID(one["id"]): one["code"] for one in await read_all(reads, ACADEMIES, moment)}
    books = _Books(estate, estate.academies[academy_id], codes, stretch, on)
    taken = await read_support(reads, moment, academyId=academy_id)
    return _published(books, standing, taken, await read_support(reads, moment, giverAcademyId=academy_id))


async def _standing(
    reads: Reads, estate: Estate, academy_id: UUID, stage_id: UUID | None, on: date, moment: Moment
) -> Standing | None:
    found = estate.standing(academy_id, on)
    if stage_id is None or (found is not None and found.stage.id == stage_id):
        return found
    await read_record(reads, MATURITY_STAGES, stage_id, moment)
    stage = estate.stages[stage_id]
    return Standing(stage, estate.frameworks[stage.framework_id], None)


def _published(books: _Books, standing: Standing | None, taken: Support, given: Support) -> SupportLedger:
    rules = taken.of_stage(standing.stage.id) if standing else []
    since = standing.since if standing else None
    stretch = _from(books.stretch, since)
    accounts = [
        (one, _account(books, taken, one, stretch) if stretch else Account(why=NoFigure.NOTHING_PROMISED))
        for one in rules
    ]
    mine = [one for one in taken.every() if _meets(one, books.stretch)]
    offered = {one.id for one in rules}
    return SupportLedger(
        rule=ACCOUNT,
        on=books.on,
        startsOn=books.stretch.starts_on,
        endsOn=books.stretch.ends_on,
        academy=named(books.academy),
        framework=framework_named(standing.framework) if standing else None,
        stage=stage_named(standing.stage) if standing else None,
        since=since,
        offers=[_offer(books, taken, rule, account) for rule, account in accounts],
        totals=[_team(one) for one in team_totals(_meant(books, accounts))],
        taken=[_allocation(books, taken, one) for one in mine],
        beside=[one.id for one in mine if one.entitlement_rule_id not in offered],
        given=[_allocation(books, given, one) for one in given.every() if _meets(one, books.stretch)],
    )


def _from(stretch: Days, since: date | None) -> Days | None:
    """The offers of a stage are an academy's from the day it is in it; none of these days where that comes after them."""
    if since is None or since <= stretch.starts_on:
        return stretch
    return Days(since, stretch.ends_on) if since <= stretch.ends_on else None


def _account(books: _Books, support: Support, rule: EntitlementRule, stretch: Days) -> Account:
    given = support.given(support.to(books.academy.id, rule), books.on)
    return account_of(rule, given, stretch, books.estate.calendar)


def _meant(
    books: _Books, accounts: Iterable[tuple[EntitlementRule, Account]]
) -> Iterable[tuple[EntitlementRule, Account]]:
    """Offers that are meant for this academy as far as any record says; the others are told, and not added up."""
    for rule, account in accounts:
        if books.estate.applies(rule.condition_id, books.academy)[0] is Applies.YES:
            yield rule, account


def _meets(allocation: SupportAllocation, stretch: Days) -> bool:
    return allocation.starts_on <= stretch.ends_on and stretch.starts_on <= allocation.ends_on


def _offer(books: _Books, support: Support, rule: EntitlementRule, account: Account) -> OfferOfSupport:
    applies, condition = books.estate.applies(rule.condition_id, books.academy)
    under = [one for one in support.to(books.academy.id, rule) if _meets(one, books.stretch)]
    return OfferOfSupport(
        id=rule.id,
        code=rule.code,
        team=rule.team,
        tier=rule.tier,
        label=rule.label,
        applies=applies,
        condition=condition,
        unit=rule.unit,
        quantityMin=rule.quantity_min,
        quantityMax=rule.quantity_max,
        period=rule.period,
        printed=rule.printed,
        why=account.why,
        given=[_unit(books, support, [one for one in under if one.unit is unit]) for unit in _units(under)],
        periods=[
            PeriodOfSupport(startsOn=one.days.starts_on, endsOn=one.days.ends_on, **_amounts(one.amounts))
            for one in account.periods
        ],
        totals=[_total(one, sum((given.quantity for given in under), Decimal(0))) for one in account.totals],
        allocationIds=[one.id for one in under],
    )


def _units(allocations: Iterable[SupportAllocation]) -> list[Any]:
    return sorted({one.unit for one in allocations})


def _unit(books: _Books, support: Support, allocations: list[SupportAllocation]) -> UnitOfSupport:
    quantities = [(one, _delivered(books, support, one)) for one in allocations]
    return UnitOfSupport(
        unit=allocations[0].unit,
        allocated=sum((one.quantity for one in allocations), Decimal(0)),
        toCome=support.to_come(allocations, books.on),
        delivered=sum((given for _, given in quantities), Decimal(0)),
        overAllocated=sum((max(given - one.quantity, Decimal(0)) for one, given in quantities), Decimal(0)),
    )


def _delivered(books: _Books, support: Support, allocation: SupportAllocation) -> Decimal:
    return sum((one.quantity for one in support.given([allocation], books.on)), Decimal(0))


def _amounts(amounts: Amounts) -> dict[str, Any]:
    return {
        "atLeast": amounts.at_least,
        "atMost": amounts.at_most,
        "delivered": amounts.delivered,
        "remaining": amounts.remaining,
        "percent": amounts.percent,
        "overCap": amounts.over_cap,
    }


def _total(total: Total, allocated: Decimal) -> TotalOfSupport:
    none = dict.fromkeys(("atLeast", "atMost", "delivered", "remaining", "percent", "overCap"))
    told = none if total.amounts is None else _amounts(total.amounts)
    if total.reading is not TotalReading.AS_PRINTED:
        told = {**told, "percent": None}
    cap = None if total.amounts is None else total.amounts.at_most
    return TotalOfSupport(
        reading=total.reading,
        label=LABELS[total.reading],
        times=total.times,
        why=total.why,
        allocated=allocated,
        allocatedOverCap=None if cap is None else max(allocated - cap, Decimal(0)),
        **told,
    )


def _team(total: TeamTotal) -> TeamSupport:
    return TeamSupport(
        rule=TOTALS,
        team=total.team,
        unit=total.unit,
        reading=total.reading,
        label=LABELS[total.reading],
        atLeast=total.at_least,
        atMost=total.at_most,
        delivered=total.delivered,
        why=total.why,
    )


def _allocation(books: _Books, support: Support, allocation: SupportAllocation) -> AllocationOfSupport:
    rule = support.rules.get(allocation.entitlement_rule_id) if allocation.entitlement_rule_id else None
    delivered = _delivered(books, support, allocation)
    given = support.given([allocation], books.on)
    within = (one.quantity for one in given if allocation.starts_on <= one.on <= allocation.ends_on)
    return AllocationOfSupport(
        id=allocation.id,
        standing=_standing_of(books, allocation, rule),
        offerCode=rule.code if rule else None,
        team=allocation.team,
        unit=allocation.unit,
        quantity=allocation.quantity,
        delivered=delivered,
        overAllocated=max(delivered - allocation.quantity, Decimal(0)),
        outsideDays=delivered - sum(within, Decimal(0)),
        startsOn=allocation.starts_on,
        endsOn=allocation.ends_on,
        status=allocation.status,
        takerId=allocation.academy_id,
        taker=books.codes.get(allocation.academy_id),
        giverId=allocation.giver_academy_id,
        giver=books.codes.get(allocation.giver_academy_id) if allocation.giver_academy_id else None,
    )


def _standing_of(
    books: _Books, allocation: SupportAllocation, rule: EntitlementRule | None
) -> AllocationStanding | None:
    """By the category on the allocation's first day. Of an academy that was not read there is nothing to say."""
    if allocation.academy_id != books.academy.id:
        return None
    if rule is None:
        return AllocationStanding.BESIDE_OFFERS
    standing = books.estate.standing(allocation.academy_id, allocation.starts_on)
    if standing is None:
        return AllocationStanding.NO_CATEGORY
    within = standing.stage.id == rule.stage_id
    return AllocationStanding.WITHIN_CATEGORY if within else AllocationStanding.OUTSIDE_CATEGORY
