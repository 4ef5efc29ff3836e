"""The rule that turns a printed due date into what it means: its kind, the days it covers, or why it covers none."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from app.domain import date_words as w  # one letter, since the readers below are made of them
from app.domain.intervals import Calendar, Days, PhaseDates, TermDates, academic_year_code, whole_month, year_code
from app.domain.vocabulary import DueKind

__all__ = [
    "Calendar", "Due", "DueAssumption", "DueProblem", "PhaseDates", "TermDates", "academic_year_code", "read_due",
]  # fmt: skip


class DueProblem(StrEnum):
    """Why a due date has no last day."""

    NO_DATE = "no_date"
    NO_YEAR = "no_year"
    NO_CALENDAR_TERM = "no_calendar_term"
    AMBIGUOUS_YEAR = "ambiguous_year"
    PHASE_ONLY = "phase_only"
    YEAR_ONLY = "year_only"
    OPEN_ENDED = "open_ended"
    RECURRING = "recurring"
    UNREADABLE = "unreadable"


class DueAssumption(StrEnum):
    """What was taken for granted to reach the range; a person may confirm it."""

    SHORT_FORM = "short_form"
    WEEK_UNRESOLVED = "week_unresolved"
    EVENT_DAY_UNKNOWN = "event_day_unknown"


@dataclass(frozen=True)
class Due:
    """A due date as printed and as read. It is overdue only after `ends_on`, and never while unresolved."""

    printed: str | None
    kind: DueKind
    starts_on: date | None = None
    ends_on: date | None = None
    unresolved: DueProblem | None = None
    assumed: DueAssumption | None = None

    @property
    def is_resolved(self) -> bool:
        return self.ends_on is not None and self.unresolved is None


NO_CALENDAR = Calendar()
LONGEST_READ = 200

Reader = Callable[[re.Match[str], Calendar], Due]
"""Reads a text whose form is known; raises ValueError where the date itself cannot be."""


def read_due(printed: str | None, calendar: Calendar = NO_CALENDAR) -> Due:
    """Read any text at all: what cannot be read is malformed and unresolved, and nothing is raised."""
    text = _normalise(printed or "")
    if len(text) > LONGEST_READ:
        return replace(_MALFORMED, printed=printed)
    return replace(_read(text, calendar), printed=printed)


def _normalise(printed: str) -> str:
    """One spelling of spaces, dashes, apostrophes and case; no full stops after abbreviations."""
    text = unicodedata.normalize("NFKC", printed).casefold().translate(w.ONE_SPELLING)
    text = re.sub(r"(?<=[a-z])\.", "", text).replace(":", " - ")
    return " ".join(text.split()).strip(" .,;()[]")


def _read(text: str, calendar: Calendar) -> Due:
    for pattern, reader in _READERS:
        if match := pattern.fullmatch(text):
            try:
                return reader(match, calendar)
            except ValueError:
                return _MALFORMED
    return _MALFORMED


def _resolved(kind: DueKind, days: Days, assumed: DueAssumption | None = None) -> Due:
    return Due(None, kind, days.starts_on, days.ends_on, assumed=assumed)


def _unresolved(kind: DueKind, problem: DueProblem) -> Due:
    return Due(None, kind, unresolved=problem)


def _always(kind: DueKind, problem: DueProblem) -> Reader:
    return lambda _match, _calendar: _unresolved(kind, problem)


def _read_day(match: re.Match[str], _calendar: Calendar) -> Due:
    """A weekday that contradicts its date makes the date unreadable: nobody can say which of the two was meant."""
    part = match.groupdict()
    month = int(part["month"]) if part["month"].isdigit() else _month_no(part["month"])
    day = date(_year(part["year"]), month, int(part["day"]))
    weekday = part.get("weekday")
    if weekday and weekday[:3] != w.WEEKDAYS[day.weekday()]:
        raise ValueError(weekday)
    return _resolved(DueKind.DAY, Days(day, day))


def _months(kind: DueKind, assumed: DueAssumption | None = None) -> Reader:
    """Reads the months a pattern captured, from the first day of the first to the last day of the last."""

    def read(match: re.Match[str], _calendar: Calendar) -> Due:
        months, is_short = _month_items(" ".join(filter(None, match.groups())))
        days = months[0].until_end_of(months[-1])
        if kind is DueKind.MONTH_START:
            days = days.first_day()
        return _resolved(kind, days, DueAssumption.SHORT_FORM if is_short else assumed)

    return read


def _month_items(text: str) -> tuple[list[Days], bool]:
    """The months in order, and whether one reads as a day too ("Sept 17").

    A month with no year takes the next printed one, or the year before where that would run backwards.
    """
    items = w.MONTH_ITEM.findall(text)
    year, later, months = _year(items[-1][1]), 12, list[Days]()
    for name, printed_year in reversed(items):
        month = _month_no(name)
        year = _year(printed_year) if printed_year else year - (month > later)
        months.insert(0, whole_month(year, month))
        later = month
    if months[0].starts_on.year < FIRST_YEAR or any(
        after.starts_on < before.starts_on for before, after in pairwise(months)
    ):
        raise ValueError(text)
    return months, any(len(year) == len("17") and 1 <= int(year) <= w.LONGEST_MONTH for _, year in items)


def _month_no(name: str) -> int:
    return w.MONTHS.index(name[:3]) + 1


def _year(printed: str) -> int:
    year = int(printed.removeprefix("'"))
    year = year + FIRST_YEAR if year < 100 else year  # noqa: PLR2004  two digits
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(printed)
    return year


def _read_term(match: re.Match[str], calendar: Calendar) -> Due:
    edge, season, year, code_end = match.group("edge", "season", "year", "code_end")
    term = calendar.term(season, _term_year_code(season, year, code_end))
    return _within(DueKind.TERM, term, edge, DueProblem.NO_CALENDAR_TERM)


def _read_two_terms(match: re.Match[str], calendar: Calendar) -> Due:
    """Which spring is "autumn/spring 2014"? Nobody can say, so it stays unresolved; "2014/15" would tell."""
    first, second, first_year, year, code_end = match.group("first", "second", "first_year", "year", "code_end")
    if first == "autumn" and not first_year and not code_end:
        return _unresolved(DueKind.TWO_TERMS, DueProblem.AMBIGUOUS_YEAR)
    codes = (
        _term_year_code(first, first_year or year, None if first_year else code_end),
        _term_year_code(second, year, code_end),
    )
    if (codes[0], w.SEASONS.index(first)) >= (codes[1], w.SEASONS.index(second)):
        raise ValueError(match.string)
    starting, ending = calendar.term(first, codes[0]), calendar.term(second, codes[1])
    if starting is None or ending is None:
        return _unresolved(DueKind.TWO_TERMS, DueProblem.NO_CALENDAR_TERM)
    return _resolved(DueKind.TWO_TERMS, starting.until_end_of(ending))


def _term_year_code(season: str, year: str, code_end: str | None) -> str:
    """The academic year 2017/18 holds autumn 2017, spring 2018 and summer 2018."""
    printed = _year(year)
    if code_end:
        return _checked_year_code(printed, code_end)
    return year_code(printed if season == "autumn" else printed - 1)


def _checked_year_code(first_year: int, code_end: str) -> str:
    code = year_code(first_year)
    if code[-2:] != code_end[-2:]:
        raise ValueError(code_end)
    return code


def _read_phase(match: re.Match[str], calendar: Calendar) -> Due:
    """A phase alone is not a due date; its printed start or end is, once the plan dates its phases."""
    edge, no = match.group("edge", "no")
    phase = calendar.phase(int(no)) if edge else None
    return _within(DueKind.PLAN_PHASE, phase, edge, DueProblem.PHASE_ONLY)


def _within(kind: DueKind, days: Days | None, edge: str | None, problem: DueProblem) -> Due:
    if days is None:
        return _unresolved(kind, problem)
    return _resolved(kind, days if edge in {None, "end"} else days.first_day())


def _read_year(match: re.Match[str], _calendar: Calendar) -> Due:
    year, code_end = _year(match["year"]), match["code_end"]
    if code_end:
        _checked_year_code(year, code_end)
    return _unresolved(DueKind.YEAR, DueProblem.YEAR_ONLY)


def _open_from(kind: DueKind) -> Reader:
    """Reads the printed start like any other due; the end is open, so it is never overdue."""

    def read(match: re.Match[str], calendar: Calendar) -> Due:
        start = _read(match["start"], calendar)
        if start.kind not in _CAN_START:
            raise ValueError(match.string)
        return replace(start, kind=kind, ends_on=None, unresolved=DueProblem.OPEN_ENDED)

    return read


FIRST_YEAR, LAST_YEAR = 2000, 2100
_MALFORMED = _unresolved(DueKind.MALFORMED, DueProblem.UNREADABLE)
_CAN_START = {
    DueKind.DAY, DueKind.MONTH, DueKind.MONTH_START, DueKind.EVENT_IN_MONTH, DueKind.WEEK_IN_MONTH,
    DueKind.TERM, DueKind.PLAN_PHASE, DueKind.YEAR,
}  # fmt: skip

_event = _months(DueKind.EVENT_IN_MONTH, DueAssumption.EVENT_DAY_UNKNOWN)
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        ("|-+|none|n/?a|tb[ca]|to be (?:confirmed|agreed)", _always(DueKind.NONE, DueProblem.NO_DATE)),
        (rf"{w.LEAD}(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})", _read_day),
        (rf"{w.LEAD}(?P<day>[0-9]{{1,2}})([/.-])(?P<month>[0-9]{{1,2}})\2(?P<year>{w.YEAR})", _read_day),
        (
            rf"{w.LEAD}{w.WEEKDAY}{w.DAY}(?: of)?{w.SEP}(?P<month>{w.MONTH}){w.SEP}(?P<year>{w.YEAR}){w.TAIL}",
            _read_day,
        ),
        (
            rf"{w.LEAD}{w.WEEKDAY}(?P<month>{w.MONTH}) ?{w.DAY}[ ,]{{1,2}}(?P<year>{w.YEAR}){w.TAIL}",
            _read_day,
        ),
        (
            rf"{w.LEAD}(?:from )?{w.GROUP}{w.TO}({w.MONTH_YEAR}){w.TAIL}",
            _months(DueKind.MONTH_RANGE),
        ),
        (rf"{w.LEAD}between {w.GROUP} and ({w.MONTH_YEAR}){w.TAIL}", _months(DueKind.MONTH_RANGE)),
        (
            rf"{w.LEAD}({w.MAYBE_YEAR}(?:{w.AND}{w.MAYBE_YEAR})*{w.AND}{w.MONTH_YEAR}){w.TAIL}",
            _months(DueKind.MONTH_LIST),
        ),
        (
            rf"{w.LEAD}{w.WEEK}({w.MONTH_YEAR}){w.TAIL}",
            _months(DueKind.WEEK_IN_MONTH, DueAssumption.WEEK_UNRESOLVED),
        ),
        (rf"{w.WORDS}{w.EVENT} (?:in |- )?({w.MONTH_YEAR}){w.TAIL}", _event),
        (rf"{w.LEAD}({w.MONTH}) {w.EVENT} ({w.YEAR}){w.TAIL}", _event),
        (rf"{w.LEAD}(?:start|beginning) of ({w.MONTH_YEAR}){w.TAIL}", _months(DueKind.MONTH_START)),
        (rf"{w.LEAD}end of ({w.MONTH_YEAR}){w.TAIL}", _months(DueKind.MONTH_END)),
        (rf"{w.LEAD}({w.MONTH_YEAR}){w.TAIL}", _months(DueKind.MONTH)),
        (rf"{w.LEAD}{w.EDGE}(?P<season>{w.SEASON})(?: term)?,? {w.CODE}", _read_term),
        (rf"{w.LEAD}{w.TWO_TERMS} {w.CODE}", _read_two_terms),
        (rf"{w.LEAD}{w.EDGE}{w.HALF_TERM}", _always(DueKind.TERM, DueProblem.NO_CALENDAR_TERM)),
        (rf"{w.LEAD}{w.EDGE}phase (?P<no>[0-9]{{1,3}})", _read_phase),
        (rf"{w.LEAD}(?:end of )?(?:the )?(?:(?:academic|school) )?(?:year )?{w.CODE}", _read_year),
        (
            rf"{w.CADENCE}|(?:each|every|once an?|once every) {w.PERIOD}",
            _always(DueKind.RECURRING, DueProblem.RECURRING),
        ),
        ("on[ -]?going|continuous(?:ly)?", _always(DueKind.ONGOING, DueProblem.OPEN_ENDED)),
        (r"(?P<start>.+?)(?: ?[/,&-] ?| and | then | )on[ -]?going", _open_from(DueKind.START_THEN_ONGOING)),
        (r"on[ -]?going from (?P<start>.+)", _open_from(DueKind.START_THEN_ONGOING)),
        (r"(?:from|since|starting)(?: in)? (?P<start>.+?)(?: on(?:wards?)?)?", _open_from(DueKind.OPEN_FROM)),
        (r"(?P<start>.+) on(?:wards?)", _open_from(DueKind.OPEN_FROM)),
        (rf"{w.LEAD}{w.MONTH}", _always(DueKind.MONTH, DueProblem.NO_YEAR)),
        (
            rf"{w.LEAD}(?:{w.DAY_NO}(?: of)? {w.MONTH}|{w.MONTH} {w.DAY_TH})",
            _always(DueKind.DAY, DueProblem.NO_YEAR),
        ),
        (rf"{w.LEAD}{w.EDGE}(?:{w.SEASON}(?: term)?|term)", _always(DueKind.TERM, DueProblem.NO_YEAR)),
        (
            rf"{w.NAMED}(?:(?:{w.AND}|{w.TO}| ){w.NAMED})+",
            _always(DueKind.MALFORMED, DueProblem.NO_YEAR),
        ),
    )
)
