"""The demo trust's termly assurance of the last year: what heads reported, the evidence, and how people rated each line."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from app.demo.assurance_words import INDICATORS, REPORT, SCALES, SECTIONS
from app.demo.chance import Chance
from app.demo.readings import Figures, Span, terms
from app.demo.schools import School
from app.domain.ranges import Range

FRAMEWORK: Final = {"framework": "improvement-framework", "edition": 2}
_REVIEWED: Final = 3
_DIFFERS: Final = 12
_MODERATED: Final = 30
_REPORTED: Final = (
    "as planned this term", "ahead of where the plan expects it", "behind the plan; the next steps are agreed",
    "unchanged since last term", "helped by the trust's visit",
)  # fmt: skip
_RATIONALES: Final = (
    "the visit showed more than the figure does", "the figure rests on few pupils", "the trend matters more than the value",
)  # fmt: skip
_LEVELS: Final = {code: tuple(level for level, _, _ in levels) for code, _, levels in SCALES}


def head_reports_of(school: School, chance: Chance) -> list[dict[str, Any]]:
    if school.is_small:
        return []
    return [
        {
            **_place(school, term),
            "status": "submitted",
            "submittedOn": _day(term, -10),
            "sections": [{"section": code, "body": f"{label}: {chance.one(_REPORTED)}"} for code, label in REPORT],
        }
        for term in terms()[-_REVIEWED:]
    ]


def reviews_of(school: School, figures: Figures, chance: Chance) -> list[dict[str, Any]]:
    """Signed off, each from the readings that were there when it opened."""
    if school.is_small:
        return []
    return [_review(school, term, figures, chance.child()) for term in terms()[-_REVIEWED:]]


def _review(school: School, term: Span, figures: Figures, chance: Chance) -> dict[str, Any]:
    evidence = list(_evidence(term, figures))
    return {
        **_place(school, term),
        "scheduledOn": _day(term, -5),
        "leadRole": "DoE",
        "report": f"{school.code}/{FRAMEWORK['framework']}/{FRAMEWORK['edition']}/{term.key}",
        "status": "signed_off",
        "openedAt": f"{_day(term, 0)}T16:00:00Z",
        "submittedBy": "SIP",
        "signedOffAt": f"{_day(term, 9)}T16:00:00Z",
        "signedOffBy": "CEO",
        "evidence": evidence,
        "ratings": [_rating(*line, evidence, chance) for line in _lines()],
    }


def _place(school: School, term: Span) -> dict[str, Any]:
    return {"academy": school.code, **FRAMEWORK, "term": term.key}


def _day(term: Span, days: int) -> str:
    return (date.fromisoformat(term.ends_on) + timedelta(days=days)).isoformat()


def _lines() -> Iterator[tuple[str, str, tuple[str, ...], bool]]:
    """Each line with its scale, its indicators and whether its levels are told in words."""
    for _, _, scale, lines in SECTIONS:
        yield from ((line, scale, indicators, bool(said)) for line, _, indicators, said in lines)


def _evidence(term: Span, figures: Figures) -> Iterator[dict[str, Any]]:
    for line, _, indicators, _ in _lines():
        for code in indicators:
            known = figures.known(code, term.ends_on)
            told: dict[str, Any] = {"line": line, "indicator": code, "metric": code}
            value = known.get("value") if known else None
            if known is not None:
                told |= {"startsOn": known["startsOn"], "endsOn": known["endsOn"]}
                told |= {"value": value} if value is not None else {"absence": known["absence"]}
            level = None if value is None else _level(code, value)
            said = (
                f"{INDICATORS[code][0]}: {value} lies in {level.replace('_', ' ')}." if level else "There is no value."
            )
            told |= {"levels": [level]} if level else {}
            yield {**told, "certainty": "certain" if level else "not_evaluable", "sentence": said}


def _level(indicator: str, value: Decimal) -> str:
    for level, lo, hi in INDICATORS[indicator][4]:
        within = Range(
            Decimal(lo[1:]) if lo else None, bool(lo and lo.startswith("[")),
            Decimal(hi[:-1]) if hi else None, bool(hi and hi.endswith("]")),
        )  # fmt: skip
        if within.holds(value):
            return level
    raise AssertionError(f"No band of {indicator} holds {value}.")


def _rating(
    line: str,
    scale: str,
    indicators: tuple[str, ...],
    has_words: object,
    evidence: list[dict[str, Any]],
    chance: Chance,
) -> dict[str, Any]:
    """As the worst of its figures suggests, where each of them has a value; now and then otherwise, and then it says why."""
    levels = _LEVELS[scale]
    shown = [one.get("levels") for one in evidence if one["indicator"] in indicators]
    told: dict[str, Any] = {"line": line, "ratedBy": "SIP"}
    if not indicators or not all(shown):
        why = "missing_readings" if indicators else "statements_only" if has_words else "no_bands"
        return {**told, "level": chance.weighted({levels[0]: 40, levels[1]: 40, levels[-1]: 20}), "suggestion": why}
    suggested = max((one[0] for one in shown if one), key=levels.index)
    told |= {"level": suggested, "suggestedLevel": suggested, "suggestion": "suggested"}
    if chance.below(_DIFFERS) == 0:
        other = levels[max(0, levels.index(suggested) - 1)]
        told |= {"level": other, "rationale": chance.one(_RATIONALES)}
    elif chance.below(_MODERATED) == 0 and suggested != levels[-1]:
        told |= {"level": levels[-1], "moderatedFrom": suggested, "rationale": chance.one(_RATIONALES)}
        told |= {"moderationReason": "other academies with this figure are rated so"}
    return told
