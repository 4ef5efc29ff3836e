"""How far the demo's plans have come: statuses that fit their dates, seen from one fixed day of the autumn term."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

from app.demo.chance import Chance
from app.demo.terms import academic_years
from app.demo.wording import Wording
from app.demo.words import NOTES
from app.domain.dates import Calendar, TermDates, read_due
from app.domain.vocabulary import ActionStatus, Comparator, Confidence, MilestoneStatus

TODAY: Final = date(2026, 11, 22)
"""The day the states are told for. A constant: the same seed gives the same pack on any day."""
BEGUN: Final = date(2026, 9, 2)
SOON: Final = timedelta(days=60)
_FRIDAY: Final = 5
_NOUGHT, _WHOLE = Decimal("0.0"), Decimal("100.0")

PAST: Final = (
    "11 September 2026", "End of September 2026", "2 October 2026", "by 23 October 2026", "October 2026",
    "6 November 2026", "13 November 2026",
)  # fmt: skip
AHEAD: Final = (
    "27 November 2026", "End of November 2026", "Autumn term 2026", "December 2026", "15 January 2027",
    "End of January 2027", "February 2027", "Spring term 2027", "End of March 2027", "30 April 2027", "May 2027",
    "Summer term 2027", "by 9 July 2027",
)  # fmt: skip
UNSURE: Final = (
    "Half termly", "Ongoing from September 2026", "from January 2027 onwards", "after the mock examinations",
    "week 2 in February 2027",
)  # fmt: skip
"""Dates as plans print them too, of which no last day or only a month can be made out."""
LATER: Final = ("End of January 2027", "12 February 2027", "End of April 2027")
"""Dates agreed anew for what was deferred."""

_S, _A = MilestoneStatus, ActionStatus
_OVER: Final = {_S.MET: 46, _S.PARTLY_MET: 14, _S.NOT_MET: 10, _S.SUBMITTED: 12, _S.IN_PROGRESS: 18}
_NEAR: Final = {_S.PLANNED: 14, _S.IN_PROGRESS: 54, _S.SUBMITTED: 12, _S.MET: 14, _S.DEFERRED: 6}
_FAR: Final = {_S.PLANNED: 88, _S.IN_PROGRESS: 12}
_ACTIONS_OVER: Final = {_A.COMPLETE: 74, _A.IN_PROGRESS: 19, _A.NOT_STARTED: 5, _A.CANCELLED: 2}
_ACTIONS_AHEAD: Final = {_A.NOT_STARTED: 56, _A.IN_PROGRESS: 40, _A.COMPLETE: 4}
_CONFIDENCE: Final = {Confidence.ON_TRACK: 55, Confidence.AT_RISK: 30, Confidence.OFF_TRACK: 15}


@cache
def last_day(due: str | None) -> date | None:
    """By the trust's own calendar; none where the text names no day."""
    terms = tuple(
        TermDates(term["name"], year["code"], date.fromisoformat(term["startsOn"]), date.fromisoformat(term["endsOn"]))
        for year in academic_years()
        for term in year["terms"]
    )
    return read_due(due, Calendar(terms=terms)).ends_on


def due_of_action(chance: Chance) -> str | None:
    if chance.below(60) == 0:
        return None
    return chance.one(chance.weighted({PAST: 42, AHEAD: 54, UNSURE: 4}))


def action_status(due: str | None, chance: Chance) -> ActionStatus | None:
    """None where it has not begun: a pack leaves out what every record begins with."""
    ends_on = last_day(due)
    status = chance.weighted(_ACTIONS_OVER if ends_on and ends_on <= TODAY else _ACTIONS_AHEAD)
    return None if status is ActionStatus.NOT_STARTED else status


def milestone_state(
    milestone: dict[str, Any], due: str, wording: Wording, chance: Chance, *, by: str
) -> dict[str, Any]:
    """What became of a milestone that is due then: its status and what the status brings with it."""
    ends_on = last_day(due)
    assert ends_on is not None
    status = chance.weighted(_OVER if ends_on <= TODAY else _NEAR if ends_on <= TODAY + SOON else _FAR)
    if status is _S.PLANNED:
        return {}
    state: dict[str, Any] = {"status": status, "confidence": _confidence(status, chance)}
    if status is _S.DEFERRED:
        return {**state, "due": chance.one(LATER), "dueMoves": 1, "baselineDueOn": ends_on}
    if status is _S.IN_PROGRESS:
        return state
    note = {"note": wording.fill(chance.one(NOTES)), "addedBy": by}
    state |= {"submittedBy": by, "evidence": [note]}
    if status is _S.MET:
        state["metOn"] = _day_met(ends_on, chance)
        if milestone.get("value") is not None:
            state["achievedValue"] = _reached(milestone, chance)
    return state


def _confidence(status: MilestoneStatus, chance: Chance) -> Confidence:
    fixed = {
        _S.MET: Confidence.ON_TRACK,
        _S.SUBMITTED: Confidence.ON_TRACK,
        _S.NOT_MET: Confidence.OFF_TRACK,
        _S.PARTLY_MET: Confidence.AT_RISK,
    }
    return fixed.get(status) or chance.weighted(_CONFIDENCE)


def _day_met(ends_on: date, chance: Chance) -> date:
    """A weekday around its last day, neither before the year began nor in the future."""
    day = ends_on + timedelta(days=chance.within(-14, 7))
    past = max(BEGUN, min(day, TODAY - timedelta(days=chance.within(4, 9))))
    return past + timedelta(days=max(0, 8 - past.isoweekday()) if past.isoweekday() > _FRIDAY else 0)


def _reached(milestone: dict[str, Any], chance: Chance) -> Decimal:
    """As promised or a little better, and no more than there can be."""
    value: Decimal = milestone["value"]
    better = Decimal(chance.within(0, 12)).scaleb(-1)
    if milestone["comparator"] is Comparator.AT_MOST:
        return max(value - better, _NOUGHT)
    return min(value + better, _WHOLE) if milestone["unit"] == "%" else value + better
