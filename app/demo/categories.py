"""How the demo trust's academies came to their categories: what the executive decided, mostly what the measures propose."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from app.demo.chance import Chance
from app.demo.proposals import Proposals
from app.demo.readings import TRAILING
from app.demo.schools import School

CODE: Final = "improvement-framework"
_FIRST_DAYS: Final = ("2023-10-02", "2024-10-07")
_THIRD: Final = "2025-11-03"
_LATEST: Final = "2026-05-11"
_OVERSTAYER: Final = TRAILING
"""The academy that has been in the first stage, of 6 to 12 weeks, since November 2025."""
_DIFFERS: Final = 7
"""The academy whose last decision is not what the measures propose."""
_UNKNOWN: Final = {"2": 30, "3": 50, "4": 20}
"""Where nothing is known of an academy yet, the visits alone decide."""
_ATTENDEES: Final = ("CEO", "DoE", "SEND-T", "SAFE-T")
_EVIDENCE: Final = ("visits", "data", "inspection", "self-evaluation", "audits")
_AGREED: Final = (
    "the measures and the visit reports say the same",
    "as the measures point, and nothing seen in visits speaks against it",
    "the earliest stage of those that the measures point to, as the framework asks",
)
_BY_VISITS: Final = "by the visit reports alone, because no results and no inspection were known"
_OTHERWISE: Final = (
    "a stage later than the measures point to, because the new head has begun well and results lag behind"
)


@dataclass(frozen=True)
class Categories:
    """The decisions of one academy, and the stage it is in now."""

    stage: str
    since: str
    decisions: list[dict[str, Any]]


def categories_of(school: School, proposals: Proposals, chance: Chance) -> Categories:
    """One decision a year since it joined, the last two by the second edition; the further academies have the last alone."""
    days = [_LATEST] if school.is_small else [*_FIRST_DAYS, _THIRD]
    days = [day for day in days if day > school.joined_on.isoformat()]
    if not school.is_small and school.no != _OVERSTAYER:
        days.append(_LATEST)
    decisions = [
        _decision(school, day, proposals, chance, differs=school.no == _DIFFERS and day == _LATEST) for day in days
    ]
    return Categories(decisions[-1]["stage"], days[-1], decisions)


def edition_on(day: str) -> int:
    return 1 if day < "2025-09-01" else 2


def _decision(school: School, day: str, proposals: Proposals, chance: Chance, *, differs: bool) -> dict[str, Any]:
    decided = date.fromisoformat(day) - timedelta(days=4)
    stage, reason = _agreed(proposals.on(decided, edition_on(day)), chance, differs=differs)
    return {
        "academy": school.code, "framework": CODE, "edition": edition_on(day), "stage": stage,
        "decidedOn": decided.isoformat(), "effectiveFrom": day, "chairRole": "CEO", "attendees": chance.some(_ATTENDEES, 3),
        "evidence": ["visits"] if reason == _BY_VISITS else chance.some(_EVIDENCE, 3), "reason": reason,
        "nextReviewOn": (decided + timedelta(days=182)).isoformat(),
    }  # fmt: skip


def _agreed(proposed: str | None, chance: Chance, *, differs: bool) -> tuple[str, str]:
    """The stage, and the meeting's words for it."""
    if proposed is None:
        return chance.weighted(_UNKNOWN), _BY_VISITS
    if differs:
        return str(int(proposed) + 1), _OTHERWISE
    return proposed, chance.one(_AGREED)
