"""One record of each noun of measures, reviews, categories, support and releases, in the trust of the improvement strategy."""

from collections.abc import Mapping
from typing import Any, Final

_ACADEMY: Final = "019a8c20-0a11-7c3e-9d02-6b1f5a7c4e90"
_FRAMEWORK: Final = "019a8c20-0b22-7d4f-8e13-7c2a6b8d5fa1"
_TERM: Final = "019a8c1e-6b3c-7a58-b2e7-91f04ad6c385"
_METRIC: Final = "2c4ca69d-6f82-59ce-bf86-5f97c477e533"
_BATCH: Final = "019a8c20-0d44-7f61-a035-9e4c8daf7bc3"
_READING: Final = "019a8c20-0e55-7072-b146-af5d9eb08cd4"
_REPORT: Final = "019a8c20-0f66-7183-8257-b06eafc19de5"
_REVIEW: Final = "019a8c20-1077-7294-9368-c17fb0d2aef6"
_LINE: Final = "019a8c20-1188-73a5-a479-d280c1e3bf07"
_LEVEL: Final = "019a8c20-1299-74b6-b58a-e391d2f4c018"
_STAGE: Final = "019a8c20-13aa-75c7-869b-f4a2e305d129"
_SUGGESTION: Final = "019a8c20-14bb-76d8-97ac-05b3f416e23a"
_ALLOCATION: Final = "019a8c20-15cc-77e9-a8bd-16c40527f34b"
_RELEASE: Final = "019a8c20-16dd-78fa-b9ce-27d51638045c"
_OF_ACADEMY: Final = {"academyId": _ACADEMY, "academyCode": "HAW"}
_OF_TERM: Final = {**_OF_ACADEMY, "frameworkId": _FRAMEWORK, "termId": _TERM}

MEASURES: Final[Mapping[str, Mapping[str, Any]]] = {
    "metrics": {
        "id": _METRIC, "code": "persistent-absence", "label": "persistent absence", "unit": "%", "direction": "lower",
        "numerator": "pupils who are persistently absent", "denominator": "pupils", "basis": "period",
        "feed": "readings", "definitionStatus": "defined", "definitionVersion": 1, "rangeMin": 0, "rangeMax": 100,
        "decimals": 1, "smallestShown": 3, "sourceDocument": "S0", "sourceLine": 123,
    },
    "series-breaks": {
        "id": "019a8c20-17ee-790b-8adf-38e6274915ad", "metricId": _METRIC, "metricCode": "persistent-absence",
        "on": "2024-09-01", "kind": "soft", "label": "Attendance codes changed.",
    },
    "reading-batches": {
        "id": _BATCH, "source": "MIS", "asAt": "2024-12-20T18:00:00.000000Z", "note": "Autumn term",
        "academyIds": [_ACADEMY], "recorded": 1, "restated": 0, "unchanged": 0,
        "digest": "a2b8cf8e9a3f0b54f0c9d6a4ff0a84a4bb1b2a6e7c1c8b3a5d8e6f90123c4d5e",
    },
    "readings": {
        "id": _READING, "batchId": _BATCH, "metricId": _METRIC, "metricCode": "persistent-absence", "metricVersion": 1,
        **_OF_ACADEMY, "grain": "term", "startsOn": "2026-09-02", "endsOn": "2026-12-18", "value": 22.4,
        "numerator": 215, "denominator": 960, "source": "MIS", "recordedAt": "2026-12-20T18:00:00.000000Z",
        "current": True,
    },
    "target-points": {
        "id": "019a8c20-18ff-7a1c-9be0-49f7385a26be", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "targetId": "019a8c20-1a00-7b2d-acf1-5a08496b37cf", "on": "2017-12-31", "comparator": "below", "value": 24.3,
        "printed": "< 24.3 %",
    },
    "check-waivers": {
        "id": "019a8c20-1b11-7c3e-bd02-6b195a7c48d0", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "rule": "plan.action_without_lead", "subjectId": "019a8c20-1c22-7d4f-8e13-7c2a6b8d59e1",
        "because": "The post is advertised.", "until": "2018-01-31",
    },
    "observations": {
        "id": "019a8c20-1d33-7e50-9f24-8d3b7c9e6af2", **_OF_ACADEMY, "kind": "lesson", "on": "2026-10-06",
        "observers": ["SIP", "SLT"], "subject": "mathematics", "yearGroup": "Year 8", "groupsSeen": ["disadvantaged"],
        "focus": ["questioning"], "judged": True, "progressGrade": "good", "strengths": "Questions reached everybody.",
    },
    "inspection-outcomes": {
        "id": "019a8c20-1e44-7f61-a035-9e4c8daf7b03", **_OF_ACADEMY,
        "inspectionFrameworkId": "019a8c20-1f55-7072-b146-af5d9eb08c14",
        "inspectionGradeId": "019a8c20-2066-7183-8257-b06eafc19d25", "gradeCode": "overall-3", "inspectedOn": "2022-05-11",
        "publishedOn": "2022-06-20",
    },
    "benchmark-assessments": {
        "id": "019a8c20-2177-7294-9368-c17fb0d2ae36", **_OF_ACADEMY, "frameworkId": _FRAMEWORK,
        "benchmarkId": "019a8c20-2288-73a5-a479-d280c1e3bf47", "benchmarkCode": "SG-R-1", "on": "2026-11-10",
        "judgement": "partly", "note": "Middle leaders are still new.",
    },
    "head-reports": {"id": _REPORT, **_OF_TERM, "status": "submitted", "submittedOn": "2026-11-30"},
    "head-report-sections": {
        "id": "019a8c20-2399-74b6-b58a-e391d2f4c058", **_OF_ACADEMY, "reportId": _REPORT,
        "sectionId": "019a8c20-24aa-75c7-869b-f4a2e305d169", "sectionCode": "attendance",
        "body": "Attendance of Year 10 rose after tutor calls began.",
    },
    "assurance-reviews": {
        "id": _REVIEW, **_OF_TERM, "termStartsOn": "2026-09-02", "scheduledOn": "2026-12-10",
        "leadRole": "Director of Education", "reportId": _REPORT, "status": "open",
        "openedAt": "2026-12-10T09:00:00.000000Z",
    },
    "review-evidence": {
        "id": "019a8c20-25bb-76d8-97ac-05b3f416e27a", **_OF_ACADEMY, "reviewId": _REVIEW, "frameworkId": _FRAMEWORK,
        "lineId": _LINE, "lineCode": "persistent-absence", "indicatorId": "019a8c20-26cc-77e9-a8bd-16c40527f38b",
        "indicatorCode": "persistent-absence", "metric": "persistent-absence", "readingId": _READING, "value": 22.4,
        "startsOn": "2026-09-02", "endsOn": "2026-12-18", "levelIds": [_LEVEL], "certainty": "certain",
        "sentence": "22.4 lies in below 74.5: assured.",
    },
    "assurance-ratings": {
        "id": "019a8c20-27dd-78fa-b9ce-27d51638049c", **_OF_ACADEMY, "reviewId": _REVIEW, "frameworkId": _FRAMEWORK,
        "lineId": _LINE, "lineCode": "persistent-absence", "levelId": _LEVEL, "levelCode": "assured",
        "suggestedLevelId": _LEVEL, "suggestedLevelCode": "assured", "suggestion": "suggested",
        "ratedBy": "key:h3kq7w2n",
    },
    "category-suggestions": {
        "id": _SUGGESTION, **_OF_ACADEMY, "frameworkId": _FRAMEWORK, "on": "2026-07-10", "agreement": "agree",
        "stageId": _STAGE, "stageCode": "improve", "explanation": {},
    },
    "category-decisions": {
        "id": "019a8c20-28ee-790b-8adf-38e6274915cd", **_OF_ACADEMY, "frameworkId": _FRAMEWORK, "stageId": _STAGE,
        "stageCode": "improve", "decidedOn": "2026-07-10", "effectiveFrom": "2026-09-01", "no": 1, "chairRole": "CEO",
        "attendees": ["Director of Education", "head teacher"], "evidence": ["assurance"],
        "suggestionId": _SUGGESTION, "nextReviewOn": "2027-07-09",
    },
    "support-allocations": {
        "id": _ALLOCATION, **_OF_ACADEMY, "frameworkId": _FRAMEWORK,
        "entitlementRuleId": "019a8c20-29ff-7a1c-9be0-49f7385a26de", "team": "school_improvement", "unit": "days",
        "quantity": 6, "startsOn": "2026-09-01", "endsOn": "2027-07-20", "status": "active", "delivered": 1.5,
    },
    "support-deliveries": {
        "id": "019a8c20-2b00-7b2d-acf1-5a08496b37ef", **_OF_ACADEMY, "allocationId": _ALLOCATION, "on": "2026-10-06",
        "quantity": 1.5, "byRole": "school improvement partner",
    },
    "reviews-held": {
        "id": "019a8c20-2c11-7c3e-bd02-6b195a7c48f0", **_OF_ACADEMY, "frameworkId": _FRAMEWORK,
        "cadenceRuleId": "019a8c20-2d22-7d4f-8e13-7c2a6b8d5901", "cadenceCode": "governance-review",
        "on": "2026-06-18", "byRole": "governance lead",
    },
    "releases": {
        "id": _RELEASE, "code": "attendance-2026-autumn", "label": "Attendance, autumn term 2026",
        "metrics": ["persistent-absence"], "grain": "term", "startsOn": "2026-09-02", "endsOn": "2026-12-18",
        "publishedAt": "2027-01-11T08:00:00.000000Z", "figures": 2, "protected": 1, "withheld": [],
        "digest": "0f90123c4d5ea2b8cf8e9a3f0b54f0c9d6a4ff0a84a4bb1b2a6e7c1c8b3a5d8e",
    },
    "released-figures": {
        "id": "019a8c20-2e33-7e50-9f24-8d3b7c9e6a12", "releaseId": _RELEASE, "metricId": _METRIC,
        "metricCode": "persistent-absence", **_OF_ACADEMY, "value": 22.4, "numerator": 215, "denominator": 960,
    },
}  # fmt: skip
