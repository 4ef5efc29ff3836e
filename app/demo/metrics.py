"""What the demo trust measures: every metric that its plans and its framework name, and two worked out from observations."""

from decimal import Decimal
from typing import Any, Final

from app.demo.assurance_words import INDICATORS
from app.demo.words import MEASURES
from app.domain.vocabulary import Comparator

_WHOLE: Final = {"rangeMin": Decimal(0), "rangeMax": Decimal(100)}
SHARES: Final = {
    "attendance-rate": ("sessions attended", "possible sessions"),
    "sen-attendance-rate": ("sessions attended", "possible sessions"),
    "persistent-absence-rate": ("pupils who missed a tenth of their sessions or more", "pupils on roll"),
    "plans-reviewed": ("plans reviewed in time", "plans that were due"),
}
_MORE: Final[tuple[dict[str, Any], ...]] = (
    {"code": "attendance-gap", "label": "attendance below national", "unit": "percentage points", "direction": "lower"},
    {"code": "ofsted-overall", "label": "overall effectiveness as inspected", "unit": "grade", "decimals": 0},
    {"code": "ofsted-report-card", "label": "areas of the report card as inspected", "unit": "grade", "decimals": 0},
    {
        "code": "lessons-good-or-better", "label": "lessons with progress good or better", "unit": "% of lessons",
        "direction": "higher", "numerator": "observations judged good or outstanding", "denominator": "observations judged",
        "feed": "observed_good_or_better", **_WHOLE,
    },
    {
        "code": "lessons-outstanding", "label": "lessons with progress outstanding", "unit": "% of lessons",
        "direction": "higher", "numerator": "observations judged outstanding", "denominator": "observations judged",
        "feed": "observed_outstanding", **_WHOLE,
    },
)  # fmt: skip
_BREAKS: Final = {
    "ks2-combined-expected": {"on": "2022-09-01", "label": "the papers were set anew"},
    "attendance-rate": {"on": "2024-08-19", "kind": "soft", "label": "codes of absence changed"},
}


def metrics() -> list[dict[str, Any]]:
    """Under the order of their codes; what plans and framework both measure is one metric."""
    told = {one["code"]: one for one in (*_of_plans(), *_of_framework(), *_MORE)}
    for code, broken in _BREAKS.items():
        told[code] = {**told[code], "breaks": [broken]}
    return [told[code] for code in sorted(told)]


def _of_plans() -> list[dict[str, Any]]:
    measures = {measure.metric: measure for area in MEASURES.values() for measure in area}
    return [
        {
            "code": code,
            "label": measure.label.format(pupils="pupils"),
            "unit": measure.unit,
            "direction": "lower" if measure.comparator is Comparator.AT_MOST else "higher",
            **_shared(code),
            **(_WHOLE if measure.unit == "%" else {}),
        }
        for code, measure in measures.items()
    ]


def _of_framework() -> list[dict[str, Any]]:
    apart = {"tiePolicy"}
    return [
        {
            "code": code,
            "label": label,
            "unit": unit,
            "direction": direction,
            **_shared(code),
            **{name: Decimal(value) if name.startswith("range") else value for name, value in more.items() if name not in apart},
        }
        for code, (label, unit, direction, more, _) in INDICATORS.items()
    ]  # fmt: skip


def _shared(code: str) -> dict[str, Any]:
    if code not in SHARES:
        return {}
    numerator, denominator = SHARES[code]
    return {"numerator": numerator, "denominator": denominator}
