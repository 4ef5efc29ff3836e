"""What is sent and answered about readings: a batch, a series, a spread."""

from collections.abc import Mapping
from typing import Any, Final

from app.api.measure_examples import MEASURES

_METRIC: Final = MEASURES["metrics"]
_READING: Final = MEASURES["readings"]
_POINT: Final = {
    "readingId": _READING["id"], "startsOn": _READING["startsOn"], "endsOn": _READING["endsOn"],
    "value": _READING["value"], "absence": None, "numerator": _READING["numerator"],
    "denominator": _READING["denominator"], "definitionVersion": 1, "source": "MIS",
    "recordedAt": _READING["recordedAt"],
}  # fmt: skip
_OFFICIAL: Final = {
    **_POINT, "readingId": "019a8c20-2a01-7b2d-8cf1-5a08496b37d0", "value": 21.9, "numerator": None, "denominator": None,
    "source": "DfE pupil absence",
}  # fmt: skip
_FIGURE: Final = {
    **{name: value for name, value in _POINT.items() if name != "definitionVersion"},
    "metric": _METRIC["code"], "groupId": None, "official": None, "grain": "term",
}  # fmt: skip

READINGS: Final[Mapping[str, Any]] = {
    "SentReadings": {
        "source": "MIS", "asAt": "2026-12-20T18:00:00Z", "note": "Autumn term",
        "readings": [
            {
                "metric": _METRIC["code"], "academy": _READING["academyCode"], "grain": "term",
                "startsOn": _READING["startsOn"], "endsOn": _READING["endsOn"], "value": 22.4, "numerator": 215,
                "denominator": 960,
            },
            {
                "metric": _METRIC["code"], "academy": _READING["academyCode"], "group": "disadvantaged", "grain": "term",
                "startsOn": _READING["startsOn"], "endsOn": _READING["endsOn"], "absence": "awaiting_results",
            },
        ],
    },
    "BatchCounts": {"recorded": 0, "restated": 0, "unchanged": 2},
    "MetricRedefinition": {
        "definition": "Enrolments that missed a tenth of their possible sessions or more, sessions of study leave left out.",
        "reason": "The department counts it so from this autumn.", "breaksOn": "2026-09-01",
    },
    "AcademySeries": {
        "rule": "series.lines_end_at_hard_breaks", "academyId": _READING["academyId"],
        "academyCode": _READING["academyCode"],
        "metric": {
            name: _METRIC[name]
            for name in (
                "id", "code", "label", "unit", "direction", "basis", "decimals", "definitionStatus", "definitionVersion",
            )
        },
        "groupId": None, "on": "2027-01-11", "grain": "term", "grainRule": "series.grain_of_figure_to_use",
        "otherGrains": ["week"], "lines": [{"points": [_POINT]}],
        "breaks": [{"on": "2024-09-01", "kind": "soft", "label": "Attendance codes changed."}],
        "comparators": [{"official": "england", "points": [_OFFICIAL]}],
    },
    "TrustSpread": {
        "rule": "spread.period_of_most_academies", "label": "spread",
        "note": "This is the spread within the trust. It is no comparator: official comparators are readings of their own.",
        "metricId": _METRIC["id"], "metric": _METRIC["code"], "unit": "%", "groupId": None, "on": "2027-01-11",
        "grain": "term", "startsOn": _READING["startsOn"], "endsOn": _READING["endsOn"], "ofWholeTrust": True,
        "median": 22.4, "lowest": 22.4, "highest": 22.4, "range": 0,
        "included": [{"academyId": _READING["academyId"], "code": _READING["academyCode"], "figure": _FIGURE}],
        "excluded": [
            {
                "academyId": "019a8c20-2b02-7c3e-9d02-6b1f5a7c4ea1", "code": "LIM", "because": "no_reading",
                "figure": None,
            }
        ],
    },
}  # fmt: skip
