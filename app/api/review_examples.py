"""Examples of what is done to head teachers' reports and assurance reviews, and of what is worked out from them."""

from collections.abc import Mapping
from typing import Any, Final

_FRAMEWORK: Final = {"id": "019a8c20-0b22-7d4f-8e13-7c2a6b8d5fa1", "code": "improvement-strategy", "edition": 1}
_LINE: Final = "019a8c20-1188-73a5-a479-d280c1e3bf07"
_LEVEL: Final = "019a8c20-1299-74b6-b58a-e391d2f4c018"
_TERM: Final = "019a8c1e-6b3c-7a58-b2e7-91f04ad6c385"
_REVIEW: Final = "019a8c20-1077-7294-9368-c17fb0d2aef6"
_SENTENCE: Final = "72.1 of persistent absence is assured (below 74.5)."
_SUGGESTIONS: Final = {
    "reviewId": _REVIEW, "status": "open", "framework": _FRAMEWORK, "rule": "assurance.worst_of_indicators",
    "on": "2026-12-10", "frozenAt": "2026-12-10T09:00:00Z",
    "lines": [{
        "lineId": _LINE, "lineCode": "persistent-absence", "label": "Persistent Absence", "sectionCode": "QOE",
        "status": "suggested", "levelId": _LEVEL, "levelCode": "assured", "possibleLevelCodes": [], "numericOnly": False,
        "notEvidenced": [],
        "evidence": [{
            "indicatorId": "019a8c20-26cc-77e9-a8bd-16c40527f38b", "indicatorCode": "persistent-absence",
            "metric": "persistent-absence", "readingId": "019a8c20-0e55-7072-b146-af5d9eb08cd4", "value": 72.1,
            "absence": None, "startsOn": "2026-09-02", "endsOn": "2026-10-23", "levelCodes": ["assured"],
            "certainty": "certain", "sentence": _SENTENCE,
        }],
        "sentence": f"The figures suggest assured for Persistent Absence. {_SENTENCE}",
    }],
}  # fmt: skip
_COUNTS: Final = {
    "cells": 1, "rated": 1, "byLevel": {"assured": 1, "not_yet_assured": 0, "intervention_required": 0},
}  # fmt: skip
_HEAT_MAP: Final = {
    "framework": _FRAMEWORK, "rule": "assurance.counts_per_level", "on": "2026-12-10", "counts": _COUNTS,
    "levels": [
        {"code": code, "no": no, "scaleCode": "assurance", "colour": None}
        for no, code in enumerate(("assured", "not_yet_assured", "intervention_required"), start=1)
    ],
    "terms": [{
        "id": _TERM, "name": "autumn", "year": "2026/27", "startsOn": "2026-09-02", "endsOn": "2026-12-18", **_COUNTS,
    }],
    "lines": [{
        "id": _LINE, "code": "persistent-absence", "label": "Persistent Absence", "sectionCode": "QOE", **_COUNTS,
    }],
    "academies": [{
        "id": "019a8c20-0a11-7c3e-9d02-6b1f5a7c4e90", "code": "HAW", "name": "Haw Academy", **_COUNTS,
        "terms": [{
            "termId": _TERM, "reviewId": _REVIEW, "status": "open",
            "cells": [{
                "line": "persistent-absence", "level": "assured", "suggested": "assured", "suggestion": "suggested",
                "moderated": False,
            }],
        }],
    }],
}  # fmt: skip
_CALIBRATED: Final = {
    "ratings": 3, "againstSuggested": {"better": 1, "same": 1, "worse": 0, "notComparable": 1},
    "againstEventual": {"better": 2, "same": 0, "worse": 0, "notComparable": 1},
    "moderatedToBetter": 0, "moderatedToWorse": 1,
}  # fmt: skip
REVIEWS: Final[Mapping[str, Any]] = {
    "ReportSubmission": {},
    "ReviewOpening": {},
    "LineRating": {"lineId": _LINE, "levelId": _LEVEL, "rationale": "Two year groups are far above the rest."},
    "ReviewSubmission": {},
    "ReviewReturn": {"reason": "The rationale of persistent absence names no evidence."},
    "ReviewModeration": {
        "ratings": [{"lineId": _LINE, "levelId": _LEVEL, "reason": "Other academies with these figures are rated so."}],
    },
    "ReviewSignOff": {},
    "ReviewSupersession": {"reason": "The autumn census was sent again."},
    "ReviewSuggestions": _SUGGESTIONS,
    "HeatMap": _HEAT_MAP,
    "CalibrationReport": {
        "framework": _FRAMEWORK, "rule": "calibration.counts_of_better_and_worse", "total": _CALIBRATED,
        "byLine": [{"lineId": _LINE, "lineCode": "persistent-absence", "label": "Persistent Absence", **_CALIBRATED}],
        "byLeadRole": [{"leadRole": "Director of Education", **_CALIBRATED}],
    },
}  # fmt: skip
"""By the name of the published model or body."""
