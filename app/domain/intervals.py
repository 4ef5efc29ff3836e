"""Intervals of days, both ends included: plain ones, and those a trust's calendar and a plan give a name."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_SEPTEMBER = 9


@dataclass(frozen=True)
class Days:
    """From one day to another, both included."""

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise ValueError(f"An interval cannot end on {self.ends_on}, before it starts on {self.starts_on}.")

    def first_day(self) -> "Days":
        return Days(self.starts_on, self.starts_on)

    def until_end_of(self, other: "Days") -> "Days":
        """From the first day of this interval to the last day of the other, whatever lies between."""
        return Days(self.starts_on, other.ends_on)


@dataclass(frozen=True)
class TermDates:
    """A term of the trust's calendar: "Autumn" or "Autumn term" of an academic year such as "2017/18"."""

    name: str
    year_code: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class PhaseDates:
    """A phase of a plan, by its printed number."""

    no: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Calendar:
    """What a printed date may be resolved from. Empty, it resolves no term and no phase."""

    terms: tuple[TermDates, ...] = ()
    phases: tuple[PhaseDates, ...] = ()
    half_terms: tuple[Days, ...] = ()

    def term(self, season: str, year_code: str) -> Days | None:
        """The first term of that name and year. A half-term ("Autumn 1") is not the term."""
        names = {season, f"{season} term"}
        found = (t for t in self.terms if t.year_code == year_code and t.name.strip().casefold() in names)
        return next((Days(t.starts_on, t.ends_on) for t in found), None)

    def phase(self, no: int) -> Days | None:
        return next((Days(p.starts_on, p.ends_on) for p in self.phases if p.no == no), None)


def whole_month(year: int, month: int) -> Days:
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def academic_year_code(day: date) -> str:
    """The academic year a day falls in, 1 September to 31 August, as "2026/27"."""
    return year_code(day.year if day.month >= _SEPTEMBER else day.year - 1)


def year_code(first_year: int) -> str:
    return f"{first_year:04d}/{(first_year + 1) % 100:02d}"
