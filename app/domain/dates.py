"""The rule that turns a printed due date into what it means: its kind, the days it covers, or why it covers none."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

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
    text = unicodedata.normalize("NFKC", printed).casefold().translate(_ONE_SPELLING)
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
    if weekday and weekday[:3] != _WEEKDAYS[day.weekday()]:
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
    items = _MONTH_ITEM.findall(text)
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
    return months, any(len(year) == len("17") and 1 <= int(year) <= _LONGEST_MONTH for _, year in items)


def _month_no(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


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
    if (codes[0], _SEASONS.index(first)) >= (codes[1], _SEASONS.index(second)):
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
_LONGEST_MONTH = 31
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SEASONS = ("autumn", "spring", "summer")
_ONE_SPELLING = {ord(mark): "-" for mark in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"} | {
    ord(mark): "'" for mark in "\u2018\u2019\u02bc`"
}
_MALFORMED = _unresolved(DueKind.MALFORMED, DueProblem.UNREADABLE)
_CAN_START = {
    DueKind.DAY, DueKind.MONTH, DueKind.MONTH_START, DueKind.EVENT_IN_MONTH, DueKind.WEEK_IN_MONTH,
    DueKind.TERM, DueKind.PLAN_PHASE, DueKind.YEAR,
}  # fmt: skip

# The grammar. Words that could change a date are never skipped as wording around it: better unread than misread.
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_SEASON = "(?:autumn|spring|summer)"
_YEAR = "(?:[0-9]{4}|'?[0-9]{2})"
_DAY_TH = "[0-9]{1,2}(?:st|nd|rd|th)"
_DAY_NO = f"(?:{_DAY_TH}|[0-9]{{1,2}})"
_MONTH_YEAR = f"{_MONTH}[ ,/-]{{0,2}}{_YEAR}"
_MAYBE_YEAR = f"{_MONTH}(?:[ ,/-]{{0,2}}{_YEAR})?"
_DATE_WORD = (
    f"(?:{_MONTH}|{_SEASON}|phase|term|weeks?|half|early|mid|late|start[a-z]*|begin[a-z]*|commenc[a-z]*|ends?"
    "|before|after|from|since|until|till|between|on-?going|onwards?"
    "|not|or|unless|except|if|each|every|moved|postponed|cancelled|was|tbc)"
)
_WORDS = rf"(?:(?!{_DATE_WORD}\b)[a-z][a-z0-9'&,()+-]* |& )*"
_EVENT = (
    "(?:training days?|inset(?: days?)?|twilights?|reviews?|meetings?|learning walks?|(?:open|parents'?) evenings?)"
)
_LEAD = rf"(?:{_WORDS}(?:by|in|on|due|during|within|for|no later than|-)(?: the)? |before (?:the )?(?=end of ))?"
_TAIL = rf"(?: (?:ready )?for(?: {_WORDS}(?:{_MONTH_YEAR}|[a-z]+))?)?"
_NTH = "(?:1st|2nd|3rd|4th|5th|first|second|third|fourth|last)"
_WEEK = rf"(?:(?:week [1-5]|{_NTH} week)(?: in| of)?|early|mid|late)[ -]"
_EDGE = "(?:(?P<edge>start|beginning|end) of (?:the )?)?"
_CODE = rf"(?P<year>{_YEAR})(?:[/-](?P<code_end>[0-9]{{2}}|20[0-9]{{2}}))?"
_AND = "(?: ?, ?(?:and )?| and | ?[&/+] ?)"
_TO = "(?: ?- ?| to )"
_TWO_TERMS = (
    f"(?P<first>{_SEASON})(?: terms?)?(?: (?P<first_year>{_YEAR}))?(?:{_AND}|{_TO})(?P<second>{_SEASON})(?: terms?)?"
)
_DAY = "(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = "(?:(?P<weekday>(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?),? )?"
_SEP = "[ ,/-]{0,3}"
_GROUP = f"({_MAYBE_YEAR})"
_MONTH_ITEM = re.compile(rf"({_MONTH})(?:[ ,/-]{{0,2}}({_YEAR})(?![0-9]))?")
_NAMED = f"(?:{_MONTH}|{_SEASON})(?: term)?"
_HALF_TERM = rf"(?:(?:{_NAMED}|first|second) )*half[ -]?term(?: [1-6])?(?:,? 20[0-9]{{2}}(?:[/-](?:20)?[0-9]{{2}})?)?"
_CADENCE = "(?:daily|weekly|fortnightly|monthly|quarterly|half[ -]?termly|termly|annual(?:ly)?|yearly)"
_PERIOD = "(?:day|week|fortnight|month|quarter|half[ -]?term|term|year)"

_event = _months(DueKind.EVENT_IN_MONTH, DueAssumption.EVENT_DAY_UNKNOWN)
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        ("|-+|none|n/?a|tb[ca]|to be (?:confirmed|agreed)", _always(DueKind.NONE, DueProblem.NO_DATE)),
        (rf"{_LEAD}(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})", _read_day),
        (rf"{_LEAD}(?P<day>[0-9]{{1,2}})([/.-])(?P<month>[0-9]{{1,2}})\2(?P<year>{_YEAR})", _read_day),
        (rf"{_LEAD}{_WEEKDAY}{_DAY}(?: of)?{_SEP}(?P<month>{_MONTH}){_SEP}(?P<year>{_YEAR}){_TAIL}", _read_day),
        (rf"{_LEAD}{_WEEKDAY}(?P<month>{_MONTH}) ?{_DAY}[ ,]{{1,2}}(?P<year>{_YEAR}){_TAIL}", _read_day),
        (rf"{_LEAD}(?:from )?{_GROUP}{_TO}({_MONTH_YEAR}){_TAIL}", _months(DueKind.MONTH_RANGE)),
        (rf"{_LEAD}between {_GROUP} and ({_MONTH_YEAR}){_TAIL}", _months(DueKind.MONTH_RANGE)),
        (rf"{_LEAD}({_MAYBE_YEAR}(?:{_AND}{_MAYBE_YEAR})*{_AND}{_MONTH_YEAR}){_TAIL}", _months(DueKind.MONTH_LIST)),
        (rf"{_LEAD}{_WEEK}({_MONTH_YEAR}){_TAIL}", _months(DueKind.WEEK_IN_MONTH, DueAssumption.WEEK_UNRESOLVED)),
        (rf"{_WORDS}{_EVENT} (?:in |- )?({_MONTH_YEAR}){_TAIL}", _event),
        (rf"{_LEAD}({_MONTH}) {_EVENT} ({_YEAR}){_TAIL}", _event),
        (rf"{_LEAD}(?:start|beginning) of ({_MONTH_YEAR}){_TAIL}", _months(DueKind.MONTH_START)),
        (rf"{_LEAD}end of ({_MONTH_YEAR}){_TAIL}", _months(DueKind.MONTH_END)),
        (rf"{_LEAD}({_MONTH_YEAR}){_TAIL}", _months(DueKind.MONTH)),
        (rf"{_LEAD}{_EDGE}(?P<season>{_SEASON})(?: term)?,? {_CODE}", _read_term),
        (rf"{_LEAD}{_TWO_TERMS} {_CODE}", _read_two_terms),
        (rf"{_LEAD}{_EDGE}{_HALF_TERM}", _always(DueKind.TERM, DueProblem.NO_CALENDAR_TERM)),
        (rf"{_LEAD}{_EDGE}phase (?P<no>[0-9]{{1,3}})", _read_phase),
        (rf"{_LEAD}(?:end of )?(?:the )?(?:(?:academic|school) )?(?:year )?{_CODE}", _read_year),
        (rf"{_CADENCE}|(?:each|every|once an?|once every) {_PERIOD}", _always(DueKind.RECURRING, DueProblem.RECURRING)),
        ("on[ -]?going|continuous(?:ly)?", _always(DueKind.ONGOING, DueProblem.OPEN_ENDED)),
        (r"(?P<start>.+?)(?: ?[/,&-] ?| and | then | )on[ -]?going", _open_from(DueKind.START_THEN_ONGOING)),
        (r"on[ -]?going from (?P<start>.+)", _open_from(DueKind.START_THEN_ONGOING)),
        (r"(?:from|since|starting)(?: in)? (?P<start>.+?)(?: on(?:wards?)?)?", _open_from(DueKind.OPEN_FROM)),
        (r"(?P<start>.+) on(?:wards?)", _open_from(DueKind.OPEN_FROM)),
        (rf"{_LEAD}{_MONTH}", _always(DueKind.MONTH, DueProblem.NO_YEAR)),
        (rf"{_LEAD}(?:{_DAY_NO}(?: of)? {_MONTH}|{_MONTH} {_DAY_TH})", _always(DueKind.DAY, DueProblem.NO_YEAR)),
        (rf"{_LEAD}{_EDGE}(?:{_SEASON}(?: term)?|term)", _always(DueKind.TERM, DueProblem.NO_YEAR)),
        (rf"{_NAMED}(?:(?:{_AND}|{_TO}| ){_NAMED})+", _always(DueKind.MALFORMED, DueProblem.NO_YEAR)),
    )
)
