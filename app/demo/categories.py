"""How the demo trust's academies came to their categories: what the measures said, and what the executive decided."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from app.demo.chance import Chance
from app.demo.schools import School

CODE: Final = "improvement-framework"
_STAGES: Final = {"1": 10, "2": 30, "3": 40, "4": 20}
_FIRST_DAYS: Final = ("2023-10-02", "2024-10-07")
_THIRD: Final = "2025-11-03"
_LATEST: Final = "2026-05-11"
_OVERSTAYER: Final = 5
"""The academy that has been in the first stage, of 6 to 12 weeks, since November 2025."""
_DIFFERS: Final = 7
"""The academy whose decision is not what the measures suggest."""
_ATTENDEES: Final = ("CEO", "DoE", "SEND-T", "SAFE-T")
_EVIDENCE: Final = ("visits", "data", "inspection", "self-evaluation", "audits")


@dataclass(frozen=True)
class Categories:
    """The suggestions and decisions of one academy, and the stage it is in now."""

    stage: str
    since: str
    suggestions: list[dict[str, Any]]
    decisions: list[dict[str, Any]]


def categories_of(school: School, chance: Chance) -> Categories:
    """One decision a year, the last two by the second edition; the further academies have the last alone."""
    days = [_LATEST] if school.is_small else [*_FIRST_DAYS, _THIRD]
    if not school.is_small and school.no != _OVERSTAYER:
        days.append(_LATEST)
    begun = chance.weighted(_STAGES)
    suggestions, decisions = [], []
    stage = begun
    for place, day in enumerate(days):
        stage = _next(begun, place, chance) if school.no != _OVERSTAYER or day != _THIRD else "1"
        differs = school.no == _DIFFERS and day == days[-1]
        suggested = str(min(4, int(stage) + 1)) if differs and stage != "4" else "3" if differs else stage
        suggestion = _suggestion(school, day, suggested)
        suggestions += [] if school.is_small else [suggestion]
        decisions.append(
            _decision(school, day, stage, suggested, chance) | ({} if school.is_small else _of(suggestion))
        )
    return Categories(stage, days[-1], suggestions, decisions)


def edition_on(day: str) -> int:
    return 1 if day < "2025-09-01" else 2


def _next(begun: str, place: int, chance: Chance) -> str:
    """An academy mostly moves on by one stage every other year, and sometimes back."""
    moved = place // 2 - (1 if chance.below(10) == 0 else 0)
    return str(max(1, min(4, int(begun) + moved)))


def _suggestion(school: School, day: str, stage: str) -> dict[str, Any]:
    on = (date.fromisoformat(day) - timedelta(days=6)).isoformat()
    explanation = {
        "rule": "demo.as_generated",
        "stage": stage,
        "missing": [],
        "sentence": f"The measures agree on stage {stage}.",
    }
    return {
        "academy": school.code, "framework": CODE, "edition": edition_on(day), "on": on, "agreement": "agree", "stage": stage,
        "explanation": json.dumps(explanation, sort_keys=True),
    }  # fmt: skip


def _of(suggestion: dict[str, Any]) -> dict[str, Any]:
    named = [suggestion[name] for name in ("academy", "framework", "edition", "on")]
    return {"suggestion": "/".join(map(str, [*named, 1]))}


def _decision(school: School, day: str, stage: str, suggested: str, chance: Chance) -> dict[str, Any]:
    decided = date.fromisoformat(day) - timedelta(days=4)
    why = "the new head has only just begun" if stage != suggested else None
    return {
        "academy": school.code, "framework": CODE, "edition": edition_on(day), "stage": stage,
        "decidedOn": decided.isoformat(), "effectiveFrom": day, "chairRole": "CEO", "attendees": chance.some(_ATTENDEES, 3),
        "evidence": chance.some(_EVIDENCE, 3), "reason": "by the visit reports alone" if school.is_small else why,
        "nextReviewOn": (decided + timedelta(days=182)).isoformat(),
    }  # fmt: skip
