"""A proposed allocation where support is short, as it is published."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from app.domain.academies import Academy
from app.domain.framework_vocabulary import EntitlementUnit
from app.domain.intervals import Days
from app.domain.periods import academic_year
from app.domain.support_ledger import LABELS, TotalReading, account_of, exact
from app.domain.support_proposal import RULE, SAID, STEP, Claim, Share, propose
from app.queries.comparison import Number
from app.queries.figures import FrameworkNamed
from app.queries.published import Published
from app.queries.reading import Moment, Reads
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
from app.queries.support_owed import behind_of, meant_for


@dataclass(frozen=True)
class _Entitled:
    """What one academy's offers of a team come to in the academic year."""

    whole: Decimal = Decimal(0)
    delivered: Decimal = Decimal(0)
    to_come: Decimal = Decimal(0)
    owed: Decimal = Decimal(0)
    overdue: Decimal = Decimal(0)

    def with_offer(self, least: Decimal, delivered: Decimal, to_come: Decimal, behind: Decimal) -> "_Entitled":
        """More than was promised under one offer takes nothing from another."""
        owed = max(least - delivered - to_come, Decimal(0))
        return _Entitled(
            whole=self.whole + least,
            delivered=self.delivered + delivered,
            to_come=self.to_come + to_come,
            owed=self.owed + owed,
            overdue=self.overdue + min(max(behind - to_come, Decimal(0)), owed),
        )

    def claim(self, academy: Academy, standing: Standing) -> Claim:
        return Claim(academy.id, academy.code, standing.stage.no, self.owed, self.overdue)


class ProposedShare(Published):
    """What one academy is owed, and what it is proposed."""

    academy: AcademyNamed
    framework: FrameworkNamed
    stage: StageNamed
    entitled: Number = Field(description="In the academic year, by what its stage promises.")
    delivered: Number
    toCome: Number = Field(description="Of open allocations, what is not delivered yet.")
    owed: Number = Field(description="Entitled, and neither delivered nor allocated.")
    overdue: Number = Field(description="As much of that as was due by the day.")
    proposed: Number
    forOverdue: Number
    further: Number


class SupportProposal(Published):
    """Who would get what. A proposal: nothing is allocated by it."""

    rule: str
    said: str
    reading: TotalReading = Field(description="How offers that print no period are counted here.")
    label: str
    on: date
    team: str
    unit: EntitlementUnit
    step: Number
    available: Number
    proposed: Number
    left: Number = Field(description="Less than a step, or more than anybody is owed.")
    shares: list[ProposedShare]
    notEvaluable: list[AcademyNamed] = Field(
        description="Academies whose entitlement cannot be counted: a rate, or terms that the trust's calendar does not have."
    )
    withoutCategory: list[AcademyNamed]


@dataclass(frozen=True)
class _Offers:
    """Whose offers are looked at, and in which unit."""

    team: str
    unit: EntitlementUnit


async def read_support_proposal(
    reads: Reads, moment: Moment, *, on: date | None, team: str, unit: EntitlementUnit, available: Decimal
) -> SupportProposal:
    day = on or moment.today
    estate = await read_estate(reads, moment)
    support = await read_support(reads, moment)
    placed, without = estate.standings(day)
    told: dict[UUID, tuple[Academy, Standing, _Entitled]] = {}
    unknown = []
    for academy, standing in placed:
        entitled = _entitled(estate, support, academy, standing, _Offers(team, unit), day)
        if entitled is None:
            unknown.append(named(academy))
        elif entitled.whole > 0:
            told[academy.id] = academy, standing, entitled
    claims = [entitled.claim(academy, standing) for academy, standing, entitled in told.values()]
    proposal = propose(claims, available)
    return SupportProposal(
        rule=RULE,
        said=SAID,
        reading=TotalReading.NO_PERIOD_WHOLE,
        label=LABELS[TotalReading.NO_PERIOD_WHOLE],
        on=day,
        team=team,
        unit=unit,
        step=STEP,
        available=available,
        proposed=available - proposal.left,
        left=proposal.left,
        shares=[_share(one, *told[one.claim.academy_id]) for one in proposal.shares],
        notEvaluable=unknown,
        withoutCategory=without,
    )


def _entitled(
    estate: Estate, support: Support, academy: Academy, standing: Standing, offers: _Offers, on: date
) -> _Entitled | None:
    """None where an offer cannot be counted: then nobody can say what is owed."""
    year = academic_year(on)
    stretch = Days(max(year.starts_on, standing.since or year.starts_on), year.ends_on)
    found = _Entitled()
    for rule in meant_for(estate, support, academy, standing):
        if rule.team != offers.team or rule.unit is not offers.unit or rule.quantity_min is None:
            continue
        under = support.to(academy.id, rule)
        total = account_of(rule, support.given(under, on), stretch, estate.calendar).totals[0]
        if total.amounts is None or total.amounts.at_least is None:
            return None
        behind = exact(behind_of(support, academy, standing, rule, on, estate).quantity)
        to_come = support.to_come((one for one in under if one.ends_on >= stretch.starts_on), on)
        found = found.with_offer(total.amounts.at_least, total.amounts.delivered, to_come, behind)
    return found


def _share(share: Share, academy: Academy, standing: Standing, entitled: _Entitled) -> ProposedShare:
    return ProposedShare(
        academy=named(academy),
        framework=framework_named(standing.framework),
        stage=stage_named(standing.stage),
        entitled=entitled.whole,
        delivered=entitled.delivered,
        toCome=entitled.to_come,
        owed=entitled.owed,
        overdue=entitled.overdue,
        proposed=share.quantity,
        forOverdue=share.overdue,
        further=share.further,
    )
