"""The support ledger: what an offer promises in a stretch of days, and what was allocated and given of it.

Days, visits and full-time equivalents are never converted or added up. Where an offer prints no period, its total is told
in both readings, and there is no percentage of the year.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from app.domain.entitlements import EntitlementRule
from app.domain.framework_vocabulary import EntitlementUnit, Period
from app.domain.intervals import Calendar, Days
from app.domain.periods import period_around
from app.domain.rounding import rounded

ACCOUNT: Final = "support.entitlement_by_period"
TOTALS: Final = "support.totals_by_team_and_unit"


class TotalReading(StrEnum):
    """How often a quantity counts: in each printed period; where none is printed, once in the whole or once a term."""

    AS_PRINTED = "as_printed"
    NO_PERIOD_WHOLE = "no_period_whole"
    NO_PERIOD_PER_TERM = "no_period_per_term"


LABELS: Final = {
    TotalReading.AS_PRINTED: "as printed",
    TotalReading.NO_PERIOD_WHOLE: "as printed, no period: once in the whole",
    TotalReading.NO_PERIOD_PER_TERM: "as printed, no period: once in each term",
}


class NoFigure(StrEnum):
    """Why something has no figure."""

    NO_QUANTITY = "no_quantity"
    NO_UNIT = "no_unit"
    NO_PERIOD = "no_period"
    NOTHING_PROMISED = "nothing_promised"
    CALENDAR_NOT_SET = "calendar_not_set"
    RATE = "rate"
    CONDITION = "condition"


@dataclass(frozen=True)
class Given:
    """Support that was given on a day."""

    on: date
    quantity: Decimal


@dataclass(frozen=True)
class Amounts:
    """A promise and what was given of it. `at_least` is owed; beyond `at_most` it is over the cap, and told."""

    at_least: Decimal | None
    at_most: Decimal | None
    delivered: Decimal

    @property
    def remaining(self) -> Decimal | None:
        """What may still be given: up to the cap, or where there is none up to the quantity promised."""
        ceiling = self.at_least if self.at_most is None else self.at_most
        return None if ceiling is None else max(ceiling - self.delivered, Decimal(0))

    @property
    def owed(self) -> Decimal | None:
        return None if self.at_least is None else max(self.at_least - self.delivered, Decimal(0))

    @property
    def over_cap(self) -> Decimal | None:
        return None if self.at_most is None else max(self.delivered - self.at_most, Decimal(0))

    @property
    def percent(self) -> Decimal | None:
        """Of what is promised, or of the cap where that is all that is printed; to one decimal."""
        whole = self.at_most if self.at_least is None else self.at_least
        return rounded(100 * self.delivered / whole, decimals=1) if whole else None


@dataclass(frozen=True)
class PeriodAccount:
    """One printed period. What is given in the holidays counts to the term before them."""

    days: Days
    amounts: Amounts


@dataclass(frozen=True)
class Total:
    """The whole stretch in one reading; without amounts, why."""

    reading: TotalReading
    times: int | None
    amounts: Amounts | None
    why: NoFigure | None = None


@dataclass(frozen=True)
class Account:
    """What an offer comes to in a stretch of days."""

    periods: tuple[PeriodAccount, ...] = ()
    totals: tuple[Total, ...] = ()
    why: NoFigure | None = None


def account_of(rule: EntitlementRule, given: Iterable[Given], stretch: Days, calendar: Calendar) -> Account:
    """Every period that the stretch meets is counted whole: nothing printed is shared out over days."""
    if rule.quantity_min is None and rule.quantity_max is None:
        return Account(why=NoFigure.NO_QUANTITY)
    if rule.unit is None:
        return Account(why=NoFigure.NO_UNIT)
    if rule.period is None:
        return Account(totals=_both_readings(rule, list(given), stretch, calendar), why=NoFigure.NO_PERIOD)
    periods = periods_meeting(stretch, rule.period, calendar)
    if periods is None:
        why = NoFigure.CALENDAR_NOT_SET
        return Account(totals=(Total(TotalReading.AS_PRINTED, None, None, why),), why=why)
    each = tuple(
        PeriodAccount(one, _amounts(rule, delivered, 1))
        for one, delivered in _by_period(rule, given, periods, calendar)
    )
    return Account(periods=each, totals=(_printed_total(rule, each),))


def periods_meeting(stretch: Days, unit: Period, calendar: Calendar) -> list[Days] | None:
    """The periods that have a day in the stretch, in order; none at all where the calendar does not know them."""
    if unit is Period.TERM:
        known = [Days(term.starts_on, term.ends_on) for term in calendar.terms]
    elif unit is Period.HALF_TERM:
        known = list(calendar.half_terms)
    else:
        known = list(_counted(stretch, unit))
    met = [one for one in known if one.starts_on <= stretch.ends_on and stretch.starts_on <= one.ends_on]
    return sorted(met, key=lambda one: one.starts_on) or None


def _counted(stretch: Days, unit: Period) -> Iterable[Days]:
    day = stretch.starts_on
    while day <= stretch.ends_on:
        one = period_around(day, unit, Calendar(), ahead=0)
        assert one is not None, "these need no calendar"
        yield one
        day = one.ends_on + timedelta(days=1)


def _by_period(
    rule: EntitlementRule, given: Iterable[Given], periods: Sequence[Days], calendar: Calendar
) -> Iterable[tuple[Days, Decimal]]:
    assert rule.period is not None, "asked of offers with a period"
    delivered = dict.fromkeys(periods, Decimal(0))
    for one in given:
        period = period_around(one.on, rule.period, calendar, ahead=0)
        if period in delivered:
            delivered[period] += one.quantity
    return delivered.items()


def _printed_total(rule: EntitlementRule, each: Sequence[PeriodAccount]) -> Total:
    """A full-time equivalent is a rate: that of one week is not added to that of the next."""
    if rule.unit is EntitlementUnit.FTE:
        return Total(TotalReading.AS_PRINTED, len(each), None, NoFigure.RATE)
    delivered = sum((one.amounts.delivered for one in each), Decimal(0))
    return Total(TotalReading.AS_PRINTED, len(each), _amounts(rule, delivered, len(each)))


def _both_readings(
    rule: EntitlementRule, given: Sequence[Given], stretch: Days, calendar: Calendar
) -> tuple[Total, ...]:
    within = (one.quantity for one in given if stretch.starts_on <= one.on <= stretch.ends_on)
    delivered = sum(within, Decimal(0))
    terms = periods_meeting(stretch, Period.TERM, calendar)
    whole = Total(TotalReading.NO_PERIOD_WHOLE, 1, _amounts(rule, delivered, 1))
    if rule.unit is EntitlementUnit.FTE:
        return whole, Total(TotalReading.NO_PERIOD_PER_TERM, None, None, NoFigure.RATE)
    if terms is None:
        return whole, Total(TotalReading.NO_PERIOD_PER_TERM, None, None, NoFigure.CALENDAR_NOT_SET)
    return whole, Total(TotalReading.NO_PERIOD_PER_TERM, len(terms), _amounts(rule, delivered, len(terms)))


def _amounts(rule: EntitlementRule, delivered: Decimal, times: int) -> Amounts:
    return Amounts(
        at_least=None if rule.quantity_min is None else rule.quantity_min * times,
        at_most=None if rule.quantity_max is None else rule.quantity_max * times,
        delivered=delivered,
    )


@dataclass(frozen=True)
class TeamTotal:
    """What the offers of one team in one unit come to together, in one reading."""

    team: str
    unit: EntitlementUnit
    reading: TotalReading
    at_least: Decimal | None
    at_most: Decimal | None
    delivered: Decimal | None
    why: NoFigure | None = None


def team_totals(accounts: Iterable[tuple[EntitlementRule, Account]]) -> list[TeamTotal]:
    """By team and unit. With an offer that prints no period the two readings stand side by side: 8 days a year, or 12."""
    groups: dict[tuple[str, EntitlementUnit], list[Account]] = {}
    for rule, account in accounts:
        if rule.unit is not None and account.totals and rule.unit is not EntitlementUnit.FTE:
            groups.setdefault((rule.team, rule.unit), []).append(account)
    found = []
    for (team, unit), members in sorted(groups.items()):
        readings = sorted({total.reading for account in members for total in account.totals if len(account.totals) > 1})
        found += [
            _team_total(team, unit, reading, members)
            for reading in sorted(readings, key=list(TotalReading).index) or [TotalReading.AS_PRINTED]
        ]
    return found


def _team_total(team: str, unit: EntitlementUnit, reading: TotalReading, accounts: Sequence[Account]) -> TeamTotal:
    chosen = [next((t for t in one.totals if t.reading is reading), one.totals[0]) for one in accounts]
    why = next((total.why for total in chosen if total.amounts is None), None)
    amounts = [total.amounts for total in chosen if total.amounts is not None]
    if why is not None:
        return TeamTotal(team, unit, reading, None, None, None, why)
    least = [one.at_least for one in amounts if one.at_least is not None]
    most = [one.at_most for one in amounts if one.at_most is not None]
    return TeamTotal(
        team, unit, reading,
        at_least=sum(least, Decimal(0)) if least else None,
        at_most=sum(most, Decimal(0)) if len(most) == len(amounts) else None,
        delivered=sum((one.delivered for one in amounts), Decimal(0)),
    )  # fmt: skip


def exact(value: Fraction) -> Decimal:
    """A share as it is shown: to two decimals."""
    return rounded(Decimal(value.numerator) / Decimal(value.denominator), decimals=2)
