"""What is answered of promises and figures: verdicts, levels, gaps, observations counted."""

from collections.abc import Mapping
from typing import Any, Final

_PLAN: Final = "4743295a-1140-5c20-a74c-fa6b9e50bbe5"
_ACADEMY: Final = "ae634f2c-fae3-5046-bdf4-79b80044dc80"
_READING: Final = {
    "readingId": "019a8c20-3a01-7b2d-8cf1-5a08496b37d1", "metric": "attendance", "groupId": None, "official": None,
    "grain": "term", "startsOn": "2017-09-04", "endsOn": "2017-12-21", "value": 92.8, "absence": None,
    "numerator": 46400, "denominator": 50000, "source": "MIS", "recordedAt": "2018-01-08T09:00:00.000000Z",
}  # fmt: skip
_POINTS: Final = [
    {
        "on": "2017-10-31", "value": 91.8, "comparator": None, "source": "milestone",
        "id": "de8495d7-da76-5641-acd7-d2ee25427951", "code": "P1-M1-1", "printed": "91.8%",
    },
    {
        "on": "2018-03-31", "value": 92.8, "comparator": "above", "source": "target",
        "id": "bf58f451-ef2e-5d1b-8d37-a179acdebe3b", "code": "PDBSW-1-2", "printed": "92.8 %",
    },
]  # fmt: skip
_VERDICT: Final = {
    "academyId": _ACADEMY, "academyCode": "KHS", "verdict": "not_met", "reason": "falls_short",
    "sentence": "92.8 is not above 92.8 yet.", "rule": "target.as_printed", "comparator": "above",
    "comparatorAssumed": False, "value": 92.8, "isOver": False, "reading": _READING, "gap": None, "other": None,
    "trend": None,
    "trajectory": {
        "rule": "trajectory.stepwise", "points": _POINTS, "expected": 91.8, "pointsDisagree": False, "current": _READING,
        "difference": 1.0, "standing": "ahead",
        "runway": {"endsOn": "2018-03-31", "remaining": 0, "weeksLeft": 11, "basis": "calendar", "perWeek": 0},
    },
}  # fmt: skip
_TARGET: Final = {
    "noun": "target", "id": "bf58f451-ef2e-5d1b-8d37-a179acdebe3b", "code": "PDBSW-1-2",
    "label": "attendance for the period", "planId": _PLAN, "on": "2018-01-13", "rule": "promise.by_latest_figure",
    "kind": "numeric", "metric": "attendance", "groupId": "5d1cbe08-b458-5f3a-9c2e-f51dba4725b2", "gapGroupId": None,
    "gapOfficial": None, "comparator": "above", "target": 92.8, "unit": "%", "printed": "92.8 %", "revision": 1,
    "trend": None, "trendCondition": None, "caveat": None, "startsOn": "2017-08-01", "endsOn": "2018-03-31",
    "academies": [_VERDICT],
}  # fmt: skip
_LEVELS: Final = [
    {
        "id": "019a8c20-3b02-7c3e-9d02-6b1f5a7c4ea2", "code": "assured", "no": 1,
        "labels": {"key": "Assured", "bands": "Assured"},
    },
    {
        "id": "019a8c20-3c03-7d4f-8e13-7c2a6b8d5fb3", "code": "not_yet_assured", "no": 2,
        "labels": {"key": "Actions are in place", "bands": "Not yet assured"},
    },
]  # fmt: skip
EVALUATIONS: Final[Mapping[str, Any]] = {
    "PromiseEvaluated": _TARGET,
    "PlanEvaluations": {
        "id": _PLAN, "code": "poap", "title": "Post-inspection action plan, phase 2", "on": "2018-01-13",
        "rule": "promise.by_latest_figure", "byVerdict": {"not_met": 1}, "milestonesByVerdict": {}, "targets": [_TARGET],
        "milestones": [],
    },
    "IndicatorEvaluation": {
        "id": "019a8c20-3d04-7e50-9f24-8d3b7c9e6bc4", "code": "severe-absence", "label": "severe absence",
        "metric": "severe-absence", "unit": "%", "lineCode": "persistent-absence",
        "framework": {"id": "019a8c20-0b22-7d4f-8e13-7c2a6b8d5fa1", "code": "assurance", "edition": 1}, "value": 27.5,
        "rule": "bands.ties_reported", "tiePolicy": "report", "certainty": "ambiguous", "level": None, "levels": _LEVELS,
        "matched": [
            {
                "id": "019a8c20-3e05-7f61-a035-9e4c8daf7cd5", "no": 1, "level": "assured", "range": "below 28",
                "printed": "less than 28%",
            },
            {
                "id": "019a8c20-3f06-7072-b146-af5d9eb08de6", "no": 2, "level": "not_yet_assured", "range": "27 to 40",
                "printed": "between 27%-40%",
            },
        ],
        "numericOnly": False, "statements": [],
        "sentence": "27.5 of severe absence is Assured (less than 28%) and Not yet assured (between 27%-40%). "
        "The framework does not say which of them counts.",
    },
    "GroupGap": {
        "academyId": _ACADEMY, "academyCode": "KHS", "on": "2018-12-31", "rule": "gap.group_minus_other",
        "metric": "attainment-8", "group": "disadvantaged", "other": "england_other", "gap": -14.7, "behind": 14.7,
        "direction": "higher", "reason": None, "sentence": "disadvantaged is 14.7 behind england other.",
        "reading": {
            **_READING, "metric": "attainment-8", "groupId": "019a8c20-4007-7183-8257-b06eafc19df7", "grain": "annual",
            "startsOn": "2017-09-01", "endsOn": "2018-08-31", "value": 35.1, "numerator": None, "denominator": None,
        },
        "otherReading": {
            **_READING, "readingId": "019a8c20-4108-7294-9368-c17fb0d2af08", "metric": "attainment-8",
            "official": "england_other", "grain": "annual", "startsOn": "2017-09-01", "endsOn": "2018-08-31",
            "value": 49.8, "numerator": None, "denominator": None, "source": "DfE performance tables",
        },
    },
    "ObservationSummary": {
        "academyId": _ACADEMY, "academyCode": "KHS", "startsOn": "2017-09-01", "endsOn": "2017-12-21", "kind": "lesson",
        "judged": 24, "unjudged": 3, "reason": None,
        "goodOrBetter": {
            "rule": "observations.good_or_better_of_judged", "count": 17, "exact": 70.83333333333333, "shown": 70.8,
            "rounding": "half_away_from_zero", "movement": "rising", "movementReason": None,
        },
        "outstanding": {
            "rule": "observations.outstanding_of_judged", "count": 3, "exact": 12.5, "shown": 12.5,
            "rounding": "half_away_from_zero", "movement": "level", "movementReason": None,
        },
        "parts": [
            {
                "grain": "half_term", "startsOn": "2017-09-04", "endsOn": "2017-10-20", "judged": 8, "unjudged": 1,
                "goodOrBetter": 5, "outstanding": 1,
            },
            {
                "grain": "half_term", "startsOn": "2017-10-30", "endsOn": "2017-12-21", "judged": 16, "unjudged": 2,
                "goodOrBetter": 12, "outstanding": 2,
            },
        ],
        "targets": [
            {
                "id": "019a8c20-4209-73a5-a479-d280c1e3bf19", "code": "TLA-7-2", "label": "progress good or better",
                "planId": _PLAN, "planCode": "poap", "metric": "lessons-good-or-better", "endsOn": "2018-03-31",
                "verdict": "not_met", "reason": "trend_not_met",
                "sentence": "about 70.83 is at least 70. No comparator is printed: at least is assumed. "
                "But the series is not rising, as it has to be.",
            },
        ],
    },
}  # fmt: skip
