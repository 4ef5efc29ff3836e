"""Plans of the second shape: priorities with dated steps under each action, milestones and student outcomes beside them."""

from decimal import Decimal
from typing import Any, Final

from app.demo.chance import Chance
from app.demo.records import led_by, measures_of, monitored_by, promise, rising
from app.demo.schools import School
from app.demo.states import AHEAD, PAST, action_status, last_day, milestone_state
from app.demo.themes import THEMES, Theme
from app.demo.wording import Wording
from app.demo.words import AREAS, METHODS, OPENING
from app.domain.vocabulary import PlanType

OUTCOME_AREAS: Final = {"LG": "QE"}
"""Whose outcomes stand for an area that has none of its own."""
OUTCOME_DUES: Final = ("End of November 2026", "Spring term 2027", "End of July 2027")
_GRID_YEARS: Final = (2026, 2027)
_FIGURE_AREAS: Final = ("QE", "BA")


def priority_plan(school: School, chance: Chance) -> dict[str, Any]:
    wording = Wording.drawn(school, chance)
    codes = chance.some(tuple(AREAS), 1 if school.is_small else 3)
    plan: dict[str, Any] = {
        "code": f"{school.code.lower()}-2026",
        "title": f"{school.name}: standards plan 2026/27",
        "type": PlanType.STANDARDS,
        "academies": [school.code],
        "printedPeriod": "September 2026 to July 2027",
        "startsOn": "2026-09-01",
        "endsOn": "2027-07-31",
        "issuedPrinted": "July 2026",
        "statements": [{"code": code, "kind": kind, "label": wording.fill(text)} for code, kind, text in OPENING],
        "areas": [_priority(no, area, school, chance.child()) for no, area in enumerate(codes, start=1)],
    }
    if not school.is_small:
        plan["statutoryTargets"] = _grid(school, wording, chance)
    return plan


def _priority(no: int, area: str, school: School, chance: Chance) -> dict[str, Any]:
    code = f"P{no}"
    wording = Wording.drawn(school, chance)
    themes = chance.some(THEMES[area], 2 if school.is_small else 4)
    methods = chance.some(METHODS, 2 if school.is_small else 4)
    return {
        "code": code,
        "no": no,
        "kind": "priority",
        "label": AREAS[area],
        "statements": [
            {"code": f"{code}-DG-{place}", "kind": "diagnosis", "label": wording.fill(theme.finding)}
            for place, theme in enumerate(themes, start=1)
        ],
        "evaluationMethods": [
            {"code": f"{code}-EM-{line}", "printedLine": line, "label": wording.fill(label), "cadence": often}
            for line, (label, often) in enumerate(methods, start=1)
        ],
        "actions": [
            _action(f"{code}-{no}.{place}", area, theme, wording, school, chance)
            for place, theme in enumerate(themes, start=1)
        ],
        "milestones": [
            *_outcomes(code, area, wording, school, chance),
            *_milestones(code, themes, wording, school, chance),
        ],
    }


def _action(code: str, area: str, theme: Theme, wording: Wording, school: School, chance: Chance) -> dict[str, Any]:
    """Its dates stand with its steps, so it has none of its own; it is as far as its last step."""
    labels = chance.some(theme.actions, 2 if school.is_small else 3)
    dues = sorted(chance.some((*PAST, *AHEAD), len(labels)), key=lambda due: (last_day(due) is None, last_day(due)))
    return {
        "code": code,
        "printedNo": code.partition("-")[2],
        "label": wording.fill(theme.objective),
        "status": action_status(dues[-1], chance),
        "leads": led_by(school, area, chance, 1 if school.is_small else chance.within(1, 2)),
        "monitors": monitored_by(school, chance),
        "steps": [
            {"code": f"{code}/{no}", "no": no, "label": wording.fill(label), "due": due}
            for no, (label, due) in enumerate(zip(labels, dues, strict=True), start=1)
        ],
    }


def _outcomes(priority: str, area: str, wording: Wording, school: School, chance: Chance) -> list[dict[str, Any]]:
    """What an outcome is to be for a group at three points of the year; the last results do not exist yet."""
    measure = chance.one([one for one in measures_of(school, OUTCOME_AREAS.get(area, area)) if one.of_pupils])
    outcomes = []
    for no, (value, due) in enumerate(zip(rising(measure, chance), OUTCOME_DUES, strict=True), start=1):
        outcome = {
            "code": f"{priority}-SO-{no}", "no": no, "due": due, "kind": "student_outcome", "measured": "numeric",
            "metric": measure.metric,
            **promise(measure, value, wording), "group": wording.group, "dataPending": no == len(OUTCOME_DUES),
        }  # fmt: skip
        outcomes.append(outcome | milestone_state(outcome, due, wording, chance, by=f"{school.code} DHT"))
    return outcomes


def _milestones(
    priority: str, themes: list[Theme], wording: Wording, school: School, chance: Chance
) -> list[dict[str, Any]]:
    """One of each theme's by a date that is past or near, one of its later ones by a date ahead."""
    milestones = []
    told = [(theme.milestones[0], chance.one((*PAST, *AHEAD[:2]))) for theme in themes]
    told += [(theme.milestones[1 + chance.below(2)], chance.one(AHEAD[2:])) for theme in themes]
    for place, (label, due) in enumerate(told, start=1):
        milestone = {
            "code": f"{priority}-MS-{place}", "no": len(OUTCOME_DUES) + place, "due": due, "kind": "milestone",
            "label": wording.fill(label),
        }  # fmt: skip
        milestones.append(milestone | milestone_state(milestone, due, wording, chance, by=f"{school.code} HT"))
    return milestones


def _grid(school: School, wording: Wording, chance: Chance) -> list[dict[str, Any]]:
    """Measure by year, target and actual. This year's actuals are blank: a blank cell is not a zero."""
    cells = []
    for area in _FIGURE_AREAS:
        measure = chance.one(measures_of(school, area))
        values = rising(measure, chance)
        for year, value in zip(_GRID_YEARS, values, strict=False):
            actual = value + Decimal(chance.within(-30, 15)).scaleb(-1) if year == _GRID_YEARS[0] else None
            for kind, cell in (("target", value), ("actual", actual)):
                cells.append({
                    "code": f"{measure.metric}-{year}-{kind}", "measure": wording.fill(measure.label), "year": year,
                    "site": school.code, "kind": kind, "value": cell,
                })  # fmt: skip
    return cells
