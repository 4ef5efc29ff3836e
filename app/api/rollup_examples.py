"""Examples of what is counted and checked over plans, frameworks and the whole trust."""

from collections.abc import Mapping
from typing import Any, Final

_PLAN: Final = {"id": "4743295a-1140-5c20-a74c-fa6b9e50bbe5", "code": "poap"}
_AREA: Final = {
    "id": "1972582c-81d4-51d8-b74c-112c7960e158", "code": "PDBSW",
    "label": "personal development, behaviour, safety, wellbeing",
}  # fmt: skip
_OBJECTIVE: Final = {
    "id": "5e90c981-a951-5659-9ce0-3433d8f32043", "code": "P1", "label": "attendance strategies reviewed, all",
}  # fmt: skip
_ACTIONS: Final = {
    "total": 10, "counted": 9, "complete": 3, "percentComplete": 33.3, "overdue": 1, "dueSoon": 1,
    "byStatus": {"cancelled": 1, "complete": 3, "in_progress": 4, "not_started": 2},
}  # fmt: skip
_MILESTONES: Final = {
    "total": 3, "counted": 3, "met": 1, "metOnTime": 1, "metLate": 0, "percentMet": 33.3, "overdue": 0, "dueSoon": 0,
    "byStatus": {"met": 1, "planned": 2}, "byTimeliness": {"met_on_time": 1, "not_due": 2},
}  # fmt: skip
_DUE: Final = {
    "id": "b99fd9aa-1ac5-511f-929a-29054ac49eae", "code": "P1-A10", "label": "PSO first-day calls",
    "duePrinted": "Sept 17", "dueEndsOn": "2017-09-30",
}  # fmt: skip
_PROGRESS: Final = {
    **_PLAN, "title": "Post-inspection action plan, phase 2", "on": "2017-11-06", "rule": "progress.done_of_counted",
    "actions": _ACTIONS, "milestones": _MILESTONES, "crossReferences": 4,
    "byArea": [{**_AREA, "actions": _ACTIONS, "milestones": _MILESTONES}],
    "byObjective": [{**_OBJECTIVE, "actions": _ACTIONS, "milestones": _MILESTONES}],
    "byLead": [{"id": "9a7da900-eec1-5b0a-90f4-24cdb04668f6", "code": "JWe", "label": None, "actions": _ACTIONS}],
    "byWindow": [{
        "id": "93190a8e-db30-5acb-8e24-48f09f4839de", "code": "W1", "label": None, "dueEndsOn": "2017-10-31",
        "milestones": _MILESTONES,
    }],
    "overdue": [{"noun": "action", "areaCode": "PDBSW", **_DUE}],
    "dueSoon": [],
}  # fmt: skip
_CHECKS: Final = {
    **_PLAN, "on": "2017-11-06", "limit": 13, "open": 1, "waived": 1,
    "byRule": [
        {"rule": "plan.action_without_lead", "open": 0, "waived": 1},
        {"rule": "plan.target_easier", "open": 1, "waived": 0},
    ],
    "concerns": [
        {
            "rule": "plan.action_without_lead", "noun": "action", "subjectId": "6b7369dc-0460-568c-bd6b-cd1cf85207cd",
            "code": "P1-A1", "sentence": "P1-A1 (pastoral structure reviewed) is led by nobody: name a lead.",
            "waived": True,
            "waiver": {
                "id": "019a8c1e-93b4-7c20-8f6d-2c81d05be7a3", "because": "The post is filled in January.",
                "until": "2018-01-31",
            },
        },
        {
            "rule": "plan.target_easier", "noun": "target", "subjectId": "7b638fc1-02d2-580b-bc69-b9d0b4914018",
            "code": "OUT-5-3",
            "sentence": "OUT-5-3 (Attainment 8) asks for 21.0 where OUT-5-1 asked for 27.5, and higher is better.",
            "waived": False, "waiver": None,
        },
    ],
    "notEvaluable": [{
        "rule": "plan.objective_without_evidence",
        "sentence": "The trust's calendar does not hold the two terms up to 6 November 2017. Add them.",
    }],
}  # fmt: skip
_COVERAGE: Final = {
    **_PLAN, "rule": "coverage.by_link_or_flag", "targets": 31, "measured": 30, "milestones": 95, "backed": 94,
    "targetsWithoutMilestone": [{
        "id": "657ce663-6780-56a2-91df-f031a8fec6a8", "code": "PDBSW-5-2", "label": "internal isolation reduced",
        "areaCode": "PDBSW", "phaseCode": "2", "why": "flagged",
    }],
    "criteriaWithoutTarget": [{
        "id": "38e97474-18e2-548d-ac4f-81fab9e4b95e", "code": "P5-M1-1", "label": "sessions lost to exclusion",
        "areaCode": "PDBSW", "why": "flagged",
    }],
    "targetGaps": {"flagged": 1}, "criterionGaps": {"flagged": 1},
}  # fmt: skip
_FRAMEWORK_COVERAGE: Final = {
    "id": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74", "framework": "improvement-strategy", "edition": 1,
    "rule": "coverage.by_link_or_flag", "lines": 28, "banded": 27, "indicators": 12, "read": 11,
    "linesWithoutBands": [{
        "id": "019a8c1e-a0c1-7d5e-8b3a-7e4410f2c9d8", "code": "FM-1", "label": "budget monitoring", "sectionCode": "FM",
        "why": "nothing",
    }],
    "indicatorsWithoutMetric": [{
        "id": "019a8c1e-a5f2-7a90-9c1d-5d2b7de6403f", "code": "ATT-1", "label": "attendance", "lineCode": "ATT",
        "metric": "attendance", "why": "local_undefined",
    }],
    "lineGaps": {"nothing": 1}, "metricGaps": {"local_undefined": 1},
}  # fmt: skip
_LOAD: Final = {
    "startsOn": "2017-09-01", "endsOn": "2018-08-31", "limit": 8,
    "halfTerms": [{
        "id": "019a8c1e-b1d3-7f48-a2e0-93c7f6a1548b", "name": "autumn 1, 2017/18", "startsOn": "2017-09-04",
        "endsOn": "2017-10-20", "total": 12, "byKind": {"action": 9, "milestone": 3},
        "academies": [{
            "id": "ae634f2c-fae3-5046-bdf4-79b80044dc80", "code": "KHS", "total": 12,
            "byKind": {"action": 9, "milestone": 3},
        }],
        "people": [
            {"id": "9a7da900-eec1-5b0a-90f4-24cdb04668f6", "code": "JWe", "total": 9, "byKind": {"action": 9}},
            {"id": None, "code": None, "total": 3, "byKind": {"milestone": 3}},
        ],
        "collisions": [{
            "rule": "load.more_than_limit", "personId": "9a7da900-eec1-5b0a-90f4-24cdb04668f6", "code": "JWe", "due": 9,
            "sentence": "JWe has 9 due in autumn 1, 2017/18, and 8 is the limit.",
        }],
    }],
    "warnings": [{
        "kind": "milestone", "id": "de8495d7-da76-5641-acd7-d2ee25427951", "planId": _PLAN["id"], "code": "P1-M1-1",
        "label": "attendance", "duePrinted": "End of October 2017", "dueEndsOn": "2017-10-31",
        "rule": "load.in_holiday",
        "sentence": "P1-M1-1 is due by 31 October 2017, in a holiday. Agree another day, or say why it stays.",
    }],
    "beyondCalendar": [{"kind": "action", "planId": _PLAN["id"], **_DUE}],
}  # fmt: skip
_MONEY: Final = {
    "currency": "GBP", "printedTotal": 89270, "computedTotal": 89270, "confirmedTotal": 69270,
    "provisionalTotal": 20000, "reconciles": True, "fullyConfirmed": False,
}  # fmt: skip
_BUDGETS: Final = {
    "rule": "budget.lines_add_up",
    "items": [{
        "id": "52d4f29e-82d1-5cdf-baf4-048dcef9295b", "planId": _PLAN["id"], "planCode": "poap", "phaseCode": "2",
        "code": "B2", **_MONEY,
    }],
    "totals": [{"budgets": 1, **_MONEY}],
}  # fmt: skip
_THREADS: Final = {
    "planId": _PLAN["id"], "on": "2017-11-06", "rule": "golden_thread.findings_then_areas",
    "lastReviewSignedOffOn": None, "lastReviewHeldOn": "2017-10-12", "lastObservationOn": "2017-10-19",
    "threads": [{
        "kind": "area", **_AREA, "objectives": [{**_OBJECTIVE, "targets": 1, "lastEvidenceOn": None}], "targets": 1,
        "actions": 10, "milestones": 3, "support": [], "lastEvidenceOn": None, "empty": ["support", "evidence"],
    }],
    "empty": {"objectives": 0, "targets": 0, "actions": 0, "milestones": 0, "support": 1, "evidence": 1},
}  # fmt: skip
ROLLUPS: Final[Mapping[str, Any]] = {
    "GoldenThreads": _THREADS,
    "PlanProgress": _PROGRESS,
    "PlanChecks": _CHECKS,
    "PlanCoverage": _COVERAGE,
    "FrameworkCoverage": _FRAMEWORK_COVERAGE,
    "TrustLoad": _LOAD,
    "TrustBudgets": _BUDGETS,
    "DataQualityTotals": {
        "flags": 3, "resolved": 1, "unresolved": 2,
        "byCode": [
            {"code": "comparator_missing", "flags": 2, "resolved": 1, "unresolved": 1},
            {"code": "due_short_form", "flags": 1, "resolved": 0, "unresolved": 1},
        ],
        "byDocument": [{
            "document": "S0", "flags": 3, "resolved": 1, "unresolved": 2,
            "byCode": {"comparator_missing": 2, "due_short_form": 1},
        }],
    },
    "HoursLost": {"rule": "attendance.hours_lost", "missedSessions": 40, "hoursPerSession": 2.5, "hoursLost": 100},
    "CohortShareOf": {
        "rule": "cohort.share_of_year", "size": 182, "share": 25, "exact": 45.5, "pupils": 46,
        "rounding": "half_away_from_zero",
    },
    "SelfEvaluationPath": {
        "rule": "self_evaluation.areas_at", "reach": "all", "at": 3, "standing": "yes", "areas": 4, "reached": 4,
        "notReached": 0, "notJudged": 0,
    },
}  # fmt: skip
"""By the name of the published model."""
