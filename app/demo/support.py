"""What the demo trust gave its academies by their category, which reviews were held, and which benchmarks hold."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from app.demo.categories import CODE, Categories
from app.demo.chance import Chance
from app.demo.framework_words import BENCHMARKS, ENTITLEMENTS
from app.demo.readings import Span, terms
from app.demo.schools import School, school

_EDITION: Final = {"framework": CODE, "edition": 2}
_ALLOCATED: Final = {"SI": "school_improvement", "SAFE": "safeguarding", "SEND": "inclusion"}
_OVER_CAP: Final = 3
_GIVEN: Final = 4
_HELD: Final = 3
_RECURRING: Final = ("review", "walk", "governance")
_JUDGEMENTS: Final = {"yes": 45, "partly": 35, "no": 15, "not_applicable": 5}
_ASSESSED_ON: Final = "2026-07-06"


def allocations_of(of: School, categories: Categories, chance: Chance) -> list[dict[str, Any]]:
    """Under the offers of its stage for the spring and the summer; in one academy more is given than was allocated."""
    if of.is_small:
        return []
    offers = {code: (unit, by_stage) for code, _, _, _, unit, by_stage, _ in ENTITLEMENTS}
    made = []
    for term, status in zip(terms()[-2:], ("closed", "active"), strict=True):
        for code, team in _ALLOCATED.items():
            unit, by_stage = offers[code]
            least, most = by_stage[int(categories.stage) - 1] or ("1", None)
            quantity = Decimal(most or least or "1")
            made.append({
                "academy": of.code, **_EDITION, "entitlementRule": f"{categories.stage}-{code}", "team": team,
                "unit": unit["unit"], "quantity": quantity, "startsOn": term.starts_on, "endsOn": term.ends_on,
                "status": status, "deliveries": _deliveries(of, term, quantity, chance),
            })  # fmt: skip
    return [*made, *_beside(of, chance)]


def _beside(of: School, chance: Chance) -> Iterator[dict[str, Any]]:
    """Coaching by the head of the academy before it, beside all offers, planned for the year that has begun."""
    if of.no == 1:
        return
    giver = school(of.no - 1)
    yield {
        "academy": of.code, "team": "school_improvement", "unit": "days", "quantity": Decimal(chance.within(2, 5)),
        "startsOn": "2026-09-02", "endsOn": "2026-12-18", "giverAcademy": giver.code, "note": "coaching of the head",
    }  # fmt: skip


def _deliveries(of: School, term: Span, quantity: Decimal, chance: Chance) -> list[dict[str, Any]]:
    share = quantity / _GIVEN
    count = _GIVEN + 1 if of.no == _OVER_CAP else chance.within(1, _GIVEN)
    first = date.fromisoformat(term.starts_on)
    return [
        {"on": (first + timedelta(days=7 + 14 * place)).isoformat(), "quantity": share, "byRole": "SIP"}
        for place in range(count)
    ]


def held_of(of: School, categories: Categories, chance: Chance) -> list[dict[str, Any]]:
    """Recurring reviews of its stage since it came there; the last of some is long ago."""
    if of.is_small:
        return []
    begun = date.fromisoformat(terms()[-1].starts_on)
    return [
        {
            "academy": of.code, **_EDITION, "cadenceRule": f"{categories.stage}-{code}",
            "on": (begun + timedelta(days=28 * place + chance.within(0, 13))).isoformat(), "byRole": "DoE",
        }
        for code in _RECURRING
        for place in range(chance.within(1, _HELD))
    ]  # fmt: skip


def assessments_of(of: School, categories: Categories, chance: Chance) -> list[dict[str, Any]]:
    """The core benchmarks of its stage at the end of the year."""
    if of.is_small:
        return []
    return [
        {
            "academy": of.code, **_EDITION, "benchmark": f"{categories.stage}-{kind}-{thread}", "on": _ASSESSED_ON,
            "judgement": chance.weighted(_JUDGEMENTS),
        }
        for kind, _, thread, _ in BENCHMARKS
        if kind == "core"
    ]  # fmt: skip
