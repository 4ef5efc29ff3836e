"""One record of each noun of frameworks and inspections, as the packs load them."""

from collections.abc import Mapping
from typing import Any, Final

FRAMEWORKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "inspection-frameworks": {
        "id": "9488e81d-616d-5094-871a-d93dac649f8c", "code": "ofsted-overall", "label": "Ofsted, four overall grades",
        "validTo": "2024-09-01",
    },
    "inspection-areas": {
        "id": "99ea5cb4-0252-5d0a-b8dc-53863ddb351c", "inspectionFrameworkId": "9488e81d-616d-5094-871a-d93dac649f8c",
        "code": "overall-effectiveness", "no": 1, "label": "overall effectiveness", "verdict": "graded",
    },
    "inspection-grades": {
        "id": "c22618d8-e0cb-551f-a184-5343fb27b757", "inspectionFrameworkId": "9488e81d-616d-5094-871a-d93dac649f8c",
        "code": "overall-4", "grade": "4", "label": "inadequate", "rank": 4, "verdict": "graded",
    },
    "frameworks": {
        "id": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74", "version": 2, "code": "improvement-strategy",
        "sourceDocument": "S4", "sourceLine": 5, "edition": 1, "title": "School improvement strategy 2023-24",
        "printedPeriod": "2023-2024", "validFrom": "2023-09-01", "validTo": "2024-08-31", "nestedReading": "report",
        "measurePolicy": "report", "status": "published", "publishedAt": "2026-11-22T03:41:21.097996Z",
        "inForce": False,
    },
    "framework-conditions": {
        "id": "90562037-64c2-5e69-93b7-8e9d0660ddc7", "frameworkId": "da40b3fc-a874-5aaa-ba67-169a0d928eb7",
        "code": "church-school", "sourceDocument": "S3", "sourceLine": 125, "no": 1, "label": "a church school",
        "attribute": "faith", "values": [],
    },
    "strands": {
        "id": "07e0044d-2bbb-5185-94bd-ca5cf64d9a74", "frameworkId": "da40b3fc-a874-5aaa-ba67-169a0d928eb7",
        "code": "BA", "sourceDocument": "S3", "sourceLine": 282, "no": 5, "label": "behaviour and attendance",
        "aliases": [],
    },
    "maturity-stages": {
        "id": "c31f5326-55db-50e5-83c4-5cbcb6880117", "frameworkId": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74",
        "code": "1", "sourceDocument": "S4", "sourceLine": 279, "no": 1, "name": "Stabilise", "aliases": [],
        "openEnded": False,
    },
    "indicative-measures": {
        "id": "f3467e4a-7a5f-56cd-8265-5d01f2a4e7b7", "frameworkId": "0a275045-2925-52c4-be91-400908947d46",
        "code": "1-OFSTED", "sourceDocument": "S2", "sourceLine": 56, "no": 2,
        "stageId": "7ca079d2-8a6e-58e3-97b6-9a0079d42434", "metric": "ofsted-overall",
        "inspectionGradeId": "c22618d8-e0cb-551f-a184-5343fb27b757", "printed": "Ofsted Grade 4", "role": "profile",
        "stageCode": "1", "inspectionGradeCode": "overall-4",
    },
    "framework-statements": {
        "id": "c8dc306b-0e31-55ff-93e2-6901eb8ace5e", "frameworkId": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74",
        "code": "TEAM-6", "sourceDocument": "S4", "sourceLine": 178, "no": 43, "kind": "duty",
        "label": "benchmark data across the trust", "holder": "central team",
    },
    "cadence-rules": {
        "id": "a6ca893b-1c04-50b4-ae0c-7d74547d1fde", "frameworkId": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74",
        "code": "categorisation", "sourceDocument": "S4", "sourceLine": 259, "no": 1,
        "activity": "categorisation of each academy", "printed": "annually", "everyMin": 1, "unit": "year",
        "atLeast": True, "anchors": [], "lead": "CEO", "attended": [], "dayBasis": "calendar",
    },
    "benchmark-sets": {
        "id": "a6686e57-7653-55cd-8802-ae02b1c317a9", "frameworkId": "da40b3fc-a874-5aaa-ba67-169a0d928eb7",
        "code": "inclusion", "sourceDocument": "S3", "sourceLine": 269, "no": 2,
        "label": "inclusion benchmarks of the four stages",
    },
    "benchmarks": {
        "id": "1e50458f-3f17-5067-b3dd-143ec4500118", "frameworkId": "da40b3fc-a874-5aaa-ba67-169a0d928eb7",
        "code": "1-BA-6", "metric": "attendance-below-national", "value": 3, "valueTo": 5, "unit": "%",
        "printed": "3-5% below Nationals", "sourceDocument": "S3", "sourceLine": 289, "no": 6,
        "setId": "a6686e57-7653-55cd-8802-ae02b1c317a9", "stageId": "7ac3b09b-c7fb-59f4-b08e-dde9e94d9f85",
        "strandId": "07e0044d-2bbb-5185-94bd-ca5cf64d9a74", "label": "attendance 3-5% below, gaps narrowing",
        "relativeTo": "national", "thread": "attendance_inclusion", "stageCode": "1", "setCode": "inclusion",
        "strandCode": "BA",
    },
    "template-items": {
        "id": "447c2d12-100f-5841-af8d-54de051a43a9", "frameworkId": "0a275045-2925-52c4-be91-400908947d46",
        "code": "2-BEH-5", "metric": "enrichment-access", "value": 50, "unit": "%", "printed": "50% of students",
        "sourceDocument": "S2", "sourceLine": 70, "no": 26, "stageId": "ddac2efa-aa2e-5c1a-a8e1-2a2d39aab9c7",
        "strandId": "d2966a78-4c03-556d-ab47-b8f1003163e7", "label": "enrichment reaches half of the students",
        "thread": "enrichment", "stageCode": "2", "strandCode": "BEH",
    },
    "entitlement-rules": {
        "id": "842cec7e-7aa8-5159-a507-fdf9c09855b1", "frameworkId": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74",
        "code": "1-HR-C4", "sourceDocument": "S4", "sourceLine": 279, "no": 15,
        "stageId": "c31f5326-55db-50e5-83c4-5cbcb6880117", "team": "hr", "tier": "core",
        "label": "engagement of HR professionals", "provider": "HR professionals", "unit": "days", "quantityMax": 10,
        "printed": "Up to 10 days' equivalent", "stageCode": "1",
    },
    "rating-scales": {
        "id": "2b6553a9-555c-55e4-b50b-bd2423b81229", "frameworkId": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74",
        "code": "assurance", "sourceDocument": "S4", "sourceLine": 376, "no": 1, "label": "termly assurance rating",
    },
    "rating-levels": {
        "id": "68058dd2-39bb-51d9-9229-2504c18058ba", "frameworkId": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74",
        "code": "not_yet_assured", "sourceDocument": "S4", "sourceLine": 380, "no": 2,
        "scaleId": "2b6553a9-555c-55e4-b50b-bd2423b81229", "scaleCode": "assurance",
    },
    "rating-labels": {
        "id": "44c18b81-823a-56e9-a93b-207431611bfb", "frameworkId": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74",
        "levelId": "68058dd2-39bb-51d9-9229-2504c18058ba", "context": "key", "label": "Actions are in place",
        "levelCode": "not_yet_assured",
    },
    "assurance-sections": {
        "id": "6f8bae9b-f3cd-5964-801b-666412fb1e38", "frameworkId": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74",
        "code": "QOE", "sourceDocument": "S4", "sourceLine": 403, "no": 4, "label": "Quality of Education",
        "scaleId": "2b6553a9-555c-55e4-b50b-bd2423b81229", "scaleCode": "assurance",
    },
    "assurance-lines": {
        "id": "1be3fadd-70f8-51ac-8571-52a0d2578f87", "frameworkId": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74",
        "code": "attendance", "sourceDocument": "S4", "sourceLine": 405, "no": 2,
        "sectionId": "6f8bae9b-f3cd-5964-801b-666412fb1e38", "label": "Attendance", "aliases": [], "sectionCode": "QOE",
    },
    "indicators": {
        "id": "5cdefddf-4d92-502e-9cd8-e9e71e4abd6e", "frameworkId": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74",
        "code": "attendance", "sourceDocument": "S4", "sourceLine": 426, "no": 1,
        "lineId": "1be3fadd-70f8-51ac-8571-52a0d2578f87", "label": "attendance", "metric": "attendance", "unit": "%",
        "direction": "higher", "rangeMin": 0, "rangeMax": 100, "tiePolicy": "report",
        "definitionStatus": "local_undefined", "lineCode": "attendance",
    },
    "bands": {
        "id": "389736fc-865f-5c07-8882-836e09531f09", "frameworkId": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74",
        "indicatorId": "5cdefddf-4d92-502e-9cd8-e9e71e4abd6e", "no": 2,
        "levelId": "68058dd2-39bb-51d9-9229-2504c18058ba", "lo": 50, "loIncluded": True, "hi": 70, "hiIncluded": True,
        "printed": "between 50% and 70%", "indicatorCode": "attendance", "levelCode": "not_yet_assured",
    },
    "band-statements": {
        "id": "8ec1d48f-2be2-5136-8c1a-54d1eb0f21cc", "frameworkId": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74",
        "code": "attendance-N1", "sourceDocument": "S4", "sourceLine": 426, "no": 4,
        "lineId": "1be3fadd-70f8-51ac-8571-52a0d2578f87", "levelId": "68058dd2-39bb-51d9-9229-2504c18058ba",
        "label": "attendance 50 to 70%", "indicatorId": "5cdefddf-4d92-502e-9cd8-e9e71e4abd6e",
        "lineCode": "attendance", "levelCode": "not_yet_assured",
    },
    "report-sections": {
        "id": "c85bd242-4cc7-5410-ab5d-9126d882c2b0", "frameworkId": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74",
        "code": "attendance", "sourceDocument": "S4", "sourceLine": 361, "no": 7,
        "label": "attendance and how it moves",
    },
    "evidence-kinds": {
        "id": "44c350b4-8b99-5989-93b9-cf2d4a9e184a", "frameworkId": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74",
        "code": "inspection", "sourceDocument": "S4", "sourceLine": 263, "no": 1,
        "label": "inspection report and grade, and whether one is imminent",
    },
}  # fmt: skip
COMPARISON: Final[Mapping[str, Any]] = {
    "before": {
        "id": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74", "code": "improvement-strategy", "edition": 1,
        "title": "School improvement strategy 2023-24", "validFrom": "2023-09-01", "validTo": "2024-08-31",
    },
    "after": {
        "id": "01a20164-03f5-778a-869b-25aea0219d5f", "code": "improvement-strategy", "edition": 2,
        "title": "School improvement strategy 2023-24", "validFrom": "2024-09-01", "validTo": None,
    },
    "counts": {
        "framework": {"added": 0, "removed": 0, "changed": 1}, "band": {"added": 0, "removed": 0, "changed": 1},
    },
    "changes": [
        {
            "noun": "framework", "code": "", "change": "changed", "label": "School improvement strategy 2023-24",
            "fields": [
                {"field": "validFrom", "before": "2023-09-01", "after": "2024-09-01"},
                {"field": "validTo", "before": "2024-08-31", "after": None},
            ],
        },
        {
            "noun": "band", "code": "attendance/2", "change": "changed", "label": None,
            "fields": [
                {"field": "hi", "before": 70, "after": 75},
                {"field": "printed", "before": "between 50% and 70%", "after": "between 50% and 75%"},
            ],
        },
    ],
}  # fmt: skip
INTERVALS: Final[Mapping[str, Any]] = {
    "kind": "indicator", "recordId": "34d1404d-77dd-51fd-a2b3-037e2f5a8f1b", "metric": None,
    "about": "The bands of cohort progressing to own targets, reading",
    "intervals": [
        {"name": "50% or above", "range": "50 or above"}, {"name": "Between 35 - 50%", "range": "35 to 50"},
        {"name": "Less than 35%", "range": "below 35"},
    ],
    "gaps": [],
    "overlaps": [{
        "range": "exactly 50", "of": ["50% or above", "Between 35 - 50%"],
        "sentence": (
            "The bands of cohort progressing to own targets, reading: 50% or above, Between 35 - 50% all hold "
            "exactly 50. It is kept as printed."
        ),
    }],
}  # fmt: skip
# Of whom something is expected, and by which stage.
EXPECTED_OF: Final[Mapping[str, Any]] = {
    "on": "2024-03-01",
    "academy": {
        "id": "7f9c9291-fa63-546b-8b94-29cb025be094", "code": "AVOCET", "name": "Avocet College", "sector": None,
    },
    "stage": {
        "id": "c31f5326-55db-50e5-83c4-5cbcb6880117", "code": "1", "no": 1, "name": "Stabilise",
        "frameworkId": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74", "framework": "improvement-strategy", "edition": 1,
        "inForce": True, "fits": "yes", "durationPrinted": None, "openEnded": False, "endsFrom": None, "endsTo": None,
    },
}  # fmt: skip
