"""Stretches of the calendar counted from a day: so many weeks, months or terms later, and the period a day is in.

Terms and half-terms are the trust's own. Where its calendar does not reach, there is no answer. The year that something is
done so often in is the academic year, 1 September to 31 August; a year later is the same day of the next.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from app.domain.errors import Invalid
from app.domain.framework_vocabulary import DayBasis, Period
from app.domain.intervals import Calendar, Days

_SATURDAY: Final = 5
_SEPTEMBER: Final = 9


def after(
    day: date, count: int, unit: Period, calendar: Calendar, *, basis: DayBasis = DayBasis.CALENDAR
) -> Days | None:
    """The day so many units later; of terms and half-terms, the whole one."""
    match unit:
        case Period.DAY if basis is DayBasis.SCHOOL:
            return _school_days_after(day, count, calendar)
        case Period.DAY:
            return one_day(day + timedelta(days=count))
        case Period.WEEK:
            return one_day(day + timedelta(weeks=count))
        case Period.MONTH:
            return one_day(_months_after(day, count))
        case Period.YEAR:
            return one_day(_months_after(day, 12 * count))
        case Period.TERM | Period.HALF_TERM:
            return period_around(day, unit, calendar, ahead=count)


def period_around(day: date, unit: Period, calendar: Calendar, *, ahead: int) -> Days | None:
    """The period so many after the one a day is in. A day in the holidays counts to the (half-)term before it."""
    if unit not in (Period.TERM, Period.HALF_TERM):
        return _calendar_period(day, unit, ahead)
    terms = [Days(term.starts_on, term.ends_on) for term in calendar.terms]
    periods = sorted(terms if unit is Period.TERM else calendar.half_terms, key=lambda days: days.starts_on)
    begun = sum(one.starts_on <= day for one in periods)
    place = begun - 1 + ahead
    return periods[place] if begun and place < len(periods) else None


def academic_year(day: date) -> Days:
    year = period_around(day, Period.YEAR, Calendar(), ahead=0)
    assert year is not None, "an academic year needs no calendar"
    return year


def days_asked(first: date | None, last: date | None, *, on: date) -> Days:
    """From one day to another: left out, the ends of the academic year that the day is in, or the first day."""
    starts_on = first or academic_year(on).starts_on
    ends_on = last or academic_year(starts_on).ends_on
    require_order(starts_on, ends_on)
    return Days(starts_on, ends_on)


def require_order(first: date, last: date) -> None:
    if last < first:
        raise Invalid("The last day comes before the first. Put from and to in order.")


def one_day(day: date) -> Days:
    return Days(day, day)


def _months_after(day: date, count: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _calendar_period(day: date, unit: Period, ahead: int) -> Days:
    match unit:
        case Period.WEEK:
            monday = day - timedelta(days=day.weekday()) + timedelta(weeks=ahead)
            return Days(monday, monday + timedelta(days=6))
        case Period.MONTH:
            first = _months_after(day.replace(day=1), ahead)
            return Days(first, _months_after(first, 1) - timedelta(days=1))
        case Period.YEAR:
            year = day.year + ahead - (day.month < _SEPTEMBER)
            return Days(date(year, _SEPTEMBER, 1), date(year + 1, _SEPTEMBER, 1) - timedelta(days=1))
        case _:
            return one_day(day + timedelta(days=ahead))


def _school_days_after(day: date, count: int, calendar: Calendar) -> Days | None:
    """So many weekdays of term later. Half-term breaks are left out where the calendar has half-terms.

    Nothing is counted from a day before the first term: the school days in between are not known.
    """
    whole = (Days(term.starts_on, term.ends_on) for term in calendar.terms)
    taught = sorted(calendar.half_terms or whole, key=lambda one: one.starts_on)
    if not taught or day < taught[0].starts_on:
        return None
    for days in taught:
        at = max(day + timedelta(days=1), days.starts_on)
        while at <= days.ends_on:
            count -= at.weekday() < _SATURDAY
            if count == 0:
                return one_day(at)
            at += timedelta(days=1)
    return None
