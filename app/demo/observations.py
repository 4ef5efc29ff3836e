"""What was seen in the demo trust's academies: lessons, learning walks and books, and what inspections judged."""

from datetime import date, timedelta
from typing import Any, Final

from app.demo.chance import Chance
from app.demo.readings import terms
from app.demo.schools import School
from app.demo.wording import Wording

_KINDS: Final = {"lesson": 55, "learning_walk": 25, "book_scrutiny": 15, "strand_review": 5}
_FOCUS: Final = ("routines", "questioning", "feedback", "reading", "challenge", "behaviour")
_OBSERVERS: Final = ("HT", "DHT", "CURR", "SIP", "DoE")
_STRENGTHS: Final = ("routines are known to all", "questions reach every pupil", "books show work of one standard")
_NEXT: Final = ("give more time to write", "check answers before moving on", "plan for those who finish first")
_EACH_TERM: Final = 4
_FIRST, _LAST_WEEK = 7, 70
_JUDGED: Final = 4
"""Four of five lessons and walks are judged."""

_AREAS: Final = (
    "leadership-and-governance", "curriculum-and-teaching", "achievement", "attendance-and-behaviour",
    "personal-development-and-well-being", "inclusion",
)  # fmt: skip
_CARD: Final = {
    "exceptional": 5,
    "strong-standard": 27,
    "expected-standard": 47,
    "needs-attention": 20,
    "urgent-improvement": 1,
}
_CARDED: Final = (2, 5, 8)
"""Every so many academies one was inspected under the report card."""


def observations_of(school: School, chance: Chance) -> list[dict[str, Any]]:
    if school.is_small:
        return []
    wording = Wording.drawn(school, chance)
    made = [
        _observation(school, place, wording, chance.child()) for place in range(len(terms())) for _ in range(_EACH_TERM)
    ]
    alike: dict[tuple[str, str], int] = {}
    for one in sorted(made, key=lambda told: told["on"]):
        nth = alike[one["kind"], one["on"]] = alike.get((one["kind"], one["on"]), 0) + 1
        one["nth"] = nth
    return made


def _observation(school: School, place: int, wording: Wording, chance: Chance) -> dict[str, Any]:
    """Grades get better from term to term; nothing says whose lesson it was."""
    kind = chance.weighted(_KINDS)
    day = date.fromisoformat(terms()[place].starts_on) + timedelta(days=chance.within(_FIRST, _LAST_WEEK))
    day -= timedelta(days=max(0, day.isoweekday() - 5))
    told: dict[str, Any] = {
        "academy": school.code,
        "kind": kind,
        "on": day.isoformat(),
        "observers": chance.some(_OBSERVERS, chance.within(1, 2)),
        "subject": wording.subject,
        "yearGroup": wording.years,
        "focus": chance.some(_FOCUS, chance.within(1, 2)),
    }
    if kind in ("lesson", "learning_walk") and chance.below(5) < _JUDGED:
        grades = {"outstanding": 6 + 2 * place, "good": 44 + 4 * place, "requires_improvement": 40, "inadequate": 8}
        told |= {"judged": True, "progressGrade": chance.weighted(grades)}
    else:
        told |= {"strengths": chance.one(_STRENGTHS), "nextSteps": chance.one(_NEXT)}
    return told


def inspections_of(school: School, chance: Chance) -> list[dict[str, Any]]:
    """An overall grade from before September 2024; for some also a report card. Neither is translated into the other."""
    grade = chance.weighted({1: 12, 2: 55, 3: 25, 4: 8})
    day = date(2022, 1, 10) + timedelta(days=7 * chance.within(0, 120))
    made = [_judged(school, "ofsted-overall", "overall-effectiveness", f"overall-{grade}", day)]
    if not school.is_small and school.no % 9 in _CARDED:
        card = date(2025, 11, 18) + timedelta(days=7 * chance.within(0, 28))
        made += [_judged(school, "ofsted-report-card", area, f"card-{chance.weighted(_CARD)}", card) for area in _AREAS]
        made.append(_judged(school, "ofsted-report-card", "safeguarding", "card-met", card))
    return made


def _judged(school: School, framework: str, area: str, grade: str, on: date) -> dict[str, Any]:
    return {
        "academy": school.code,
        "inspectionFramework": framework,
        "inspectionArea": area,
        "inspectionGrade": grade,
        "inspectedOn": on.isoformat(),
        "publishedOn": (on + timedelta(days=38)).isoformat(),
    }
