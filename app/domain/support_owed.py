"""Where promised support is behind: what an offer promises by a day, in whole periods, against what was given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from app.domain.entitlements import EntitlementRule
from app.domain.framework_vocabulary import EntitlementUnit, Period
from app.domain.intervals import Calendar, Days
from app.domain.periods import academic_year
from app.domain.support_ledger import Given, NoFigure, periods_meeting

BY_ENDED_PERIODS: Final = "support.expected_by_ended_periods"
BY_ENDED_TERMS: Final = "support.expected_by_ended_terms"
ALLOCATION_ENDED: Final = "support.allocation_ended_undelivered"
SAID: Final = {
    BY_ENDED_PERIODS: "each period that has ended since the academy came under the offer, this academic year, counts in full",
    BY_ENDED_TERMS: "a year's quantity falls due in equal parts at the end of each of its terms",
}


@dataclass(frozen=True)
class Expected:
    """How much is expected by a day, by which rule; none, and why."""

    quantity: Fraction | None
    rule: str | None = None
    periods: int = 0
    why: NoFigure | None = None


@dataclass(frozen=True)
class Behind:
    """What was expected by the day, what was given by then, and the difference; nothing where it is not behind."""

    expected: Expected
    delivered: Decimal

    @property
    def quantity(self) -> Fraction:
        if self.expected.quantity is None:
            return Fraction(0)
        return max(self.expected.quantity - Fraction(self.delivered), Fraction(0))


def behind(rule: EntitlementRule, given: Iterable[Given], since: date, on: date, calendar: Calendar) -> Behind:
    """By a day of the academic year it is in, from its first day or the day the academy came under the offer."""
    first = max(academic_year(on).starts_on, since)
    delivered = sum((one.quantity for one in given if first <= one.on <= on), Decimal(0))
    return Behind(_expected(rule, first, on, calendar), delivered)


def _expected(rule: EntitlementRule, first: date, on: date, calendar: Calendar) -> Expected:
    if why := _no_promise(rule):
        return Expected(None, why=why)
    assert rule.period is not None
    assert rule.quantity_min is not None
    if on < first:
        return Expected(Fraction(0), BY_ENDED_PERIODS)
    if rule.period is Period.YEAR:
        return _of_year(Fraction(rule.quantity_min), first, on, calendar)
    periods = periods_meeting(Days(first, on), rule.period, calendar)
    if periods is None and not _reaches(on, rule.period, calendar):
        return Expected(None, why=NoFigure.CALENDAR_NOT_SET)
    ended = sum(first <= one.starts_on and one.ends_on <= on for one in periods or ())
    return Expected(Fraction(rule.quantity_min) * ended, BY_ENDED_PERIODS, ended)


def _no_promise(rule: EntitlementRule) -> NoFigure | None:
    """Only what is to be given at least, in a unit that adds up and per something, can be behind."""
    if rule.quantity_min is None:
        return NoFigure.NO_QUANTITY if rule.quantity_max is None else NoFigure.NOTHING_PROMISED
    if rule.unit is None:
        return NoFigure.NO_UNIT
    if rule.unit is EntitlementUnit.FTE:
        return NoFigure.RATE
    return NoFigure.NO_PERIOD if rule.period is None else None


def _of_year(quantity: Fraction, first: date, on: date, calendar: Calendar) -> Expected:
    terms = periods_meeting(academic_year(on), Period.TERM, calendar)
    if terms is None:
        return Expected(None, why=NoFigure.CALENDAR_NOT_SET)
    ended = sum(first <= one.starts_on and one.ends_on <= on for one in terms)
    return Expected(quantity * ended / len(terms), BY_ENDED_TERMS, ended)


def _reaches(on: date, unit: Period, calendar: Calendar) -> bool:
    """Whether the calendar knows a period of the academic year the day is in, even one still to come."""
    return periods_meeting(academic_year(on), unit, calendar) is not None
