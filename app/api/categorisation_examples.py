"""Examples of categories: proposed, supposed, decided and rehearsed."""

from collections.abc import Mapping
from typing import Any, Final

_ACADEMY: Final = {"academyId": "ae634f2c-fae3-5046-bdf4-79b80044dc80", "academy": "KHS"}
_NAMED: Final = {"id": "0a275045-2925-52c4-be91-400908947d46", "code": "secondary-strategy", "edition": 1}
_REPAIR: Final = {"id": "2c1b5d1e-3c64-5c0e-9d0a-6a8e4f3b7c21", "code": "2", "no": 2, "name": "Repair"}
_IMPROVE: Final = {"id": "71fee0b1-00c5-5e46-a6f4-701648f36384", "code": "3", "no": 3, "name": "Improve"}
_WHEN: Final = {"on": "2024-10-01", "asKnownAt": None}
_CRITERIA: Final = [
    {"code": "2-P8", "stage": "2", "role": "profile", "needs": "below 0", "printed": "below 0.00", "verdict": "met"},
    {
        "code": "4-P8",
        "stage": "4",
        "role": "profile",
        "needs": "above 0.25",
        "printed": "above 0.25",
        "verdict": "not_met",
    },
]
_READING: Final = {
    "readingId": "019a8c20-1b22-7c3e-8d02-6b1f5a7c4e90", "metric": "progress-8", "groupId": None, "official": None,
    "grain": "annual", "startsOn": "2023-09-01", "endsOn": "2024-08-31", "value": -0.3, "absence": None,
    "numerator": None, "denominator": None, "source": "DfE", "recordedAt": "2024-10-01T08:00:00.000000Z",
}  # fmt: skip
_PROPOSED: Final = {
    **_ACADEMY, **_WHEN,
    "framework": {**_NAMED, "nestedReading": "first_match", "measurePolicy": "report", "fits": "yes"},
    "agreement": "agree", "stage": _REPAIR, "rule": "stage.each_measure_reported",
    "sentence": "Every measure points to Repair.", "barredBy": [], "missing": [],
    "pointing": [{"stage": "2", "metrics": ["progress-8"]}],
    "metrics": [{
        "metric": "progress-8", "inspectionFramework": None, "criteria": _CRITERIA, "matches": ["2"], "points": ["2"],
        "gap": False, "interval": "above -0.5 to under 0", "rule": "measure.one_match", "why": None,
        "sentence": "progress-8: above -0.5 to under 0 is as Repair (below 0) asks. It points to Repair.",
        "value": -0.3, "reading": _READING, "judgements": [], "supposed": False,
    }],
    "benchmarks": [],
    "evidence": [{"code": "assurance", "label": "termly assurance"}],
    "ratings": [],
    "wayOut": {
        "rule": "stage.fewest_changes_then_nearest", "why": None, "sentence": None,
        "ways": [{
            "stage": _IMPROVE, "criteria": 1, "share": 0.075, "reachable": True, "obstacles": [],
            "changes": [{
                "metric": "progress-8", "inspectionFramework": None, "fromValue": -0.3, "fromGrades": [], "to": "0",
                "toValue": 0, "toIncluded": True, "toGrade": None, "share": 0.075,
            }],
        }],
    },
}  # fmt: skip
_DECISION: Final = {
    "id": "019a8c20-28ee-790b-8adf-38e6274915cd", "framework": _NAMED, "stage": _REPAIR, "decidedOn": "2023-07-10",
    "effectiveFrom": "2023-09-01", "effectiveTo": None, "overruled": False, "chairRole": "CEO", "reason": None,
    "suggestionId": "019a8c20-27dd-78fa-b9ce-27d51638049c", "nextReviewOn": "2024-07-09",
}  # fmt: skip
_CATEGORY: Final = {
    **_ACADEMY, **_WHEN, "decision": _DECISION,
    "stay": {
        "since": "2023-09-01", "days": 396, "expectedFrom": "2024-09-01", "expectedTo": "2025-03-01", "overstayed": False,
        "whyNoEnd": None, "rule": "category.consecutive_decisions_are_one_stay",
        "durationRule": "category.latest_day_expected_by_the_framework",
    },
    "nextReviewOn": "2024-07-09", "reviewOverdue": True,
    "suggestion": {"framework": _NAMED, "agreement": "agree", "stage": _REPAIR, "agrees": True},
    "history": [_DECISION],
}  # fmt: skip
CATEGORISATION: Final[Mapping[str, Any]] = {
    "WhatIf": {"on": "2024-10-01", "readings": {"progress-8": 0.1}, "grades": {"ofsted-overall": "overall-2"}},
    "AcademyCategorisation": _PROPOSED,
    "TrustCategorisation": {**_WHEN, "academies": [_PROPOSED], "byAgreement": {"agree": 1}, "byStage": {"2": 1}},
    "AcademyCategory": _CATEGORY,
    "TrustCategories": {
        **_WHEN, "academies": [_CATEGORY], "byStage": {"2": 1}, "undecided": 0, "overstayed": 0, "reviewsOverdue": 1,
    },
    "Rehearsal": {
        "framework": {**_NAMED, "edition": 2}, "startsOn": "2023-09-01", "endsOn": "2024-08-31",
        "knowledge": "as_known_now", "asKnownAt": None, "rule": "rehearsal.ends_of_terms_beside_the_edition_in_force",
        "notFitting": [],
        "terms": [{
            "year": "2023/24", "term": "Summer", "on": "2024-07-22", "compared": 2, "withoutEdition": [],
            "stagesChanged": 1, "levelsChanged": 0,
            "academies": [{
                **_ACADEMY, "against": _NAMED, "stageBefore": "2", "stageAfter": "3", "stageChanged": True,
                "agreementBefore": "agree", "agreementAfter": "agree", "indicators": [],
                "metrics": [{
                    "metric": "progress-8", "inspectionFramework": None, "value": -0.3, "before": ["2"], "after": ["3"],
                    "intervalBefore": "above -0.5 to under 0", "intervalAfter": "-0.4 to under 0.25",
                }],
            }],
        }],
    },
}  # fmt: skip
"""By the name of the schema."""
