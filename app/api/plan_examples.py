"""One record of each noun of plans, most of them as the packs load them."""

from collections.abc import Mapping
from typing import Any, Final

PLANS: Final[Mapping[str, Mapping[str, Any]]] = {
    "plans": {
        "id": "4743295a-1140-5c20-a74c-fa6b9e50bbe5", "code": "poap", "sourceDocument": "S0", "sourceLine": 1,
        "title": "Post-inspection action plan, phase 2", "type": "post_inspection", "status": "active",
        "startsOn": "2017-03-01", "endsOn": "2018-12-31", "partial": True,
        "aspiration": "judged good within 20 months",
    },
    "plan-academies": {
        "id": "6c93c0da-e040-53f0-8d62-5de1aefc3b4b", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "academyId": "ae634f2c-fae3-5046-bdf4-79b80044dc80",
    },
    "plan-phases": {
        "id": "30d69df9-1e7f-5b4d-b31b-7c1cc3efe0e8", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5", "code": "2",
        "sourceDocument": "S0", "sourceLine": 42, "no": 2, "printed": "August \u201917 \u2013 March \u201918",
        "startsOn": "2017-08-01", "endsOn": "2018-03-31",
    },
    "areas": {
        "id": "1972582c-81d4-51d8-b74c-112c7960e158", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "code": "PDBSW", "sourceDocument": "S0", "sourceLine": 976, "no": 4, "kind": "area",
        "label": "personal development, behaviour, safety, wellbeing", "aliases": ["PDB&W", "PD,B,S&W"],
    },
    "statements": {
        "id": "f5c7ac93-688b-55bd-994f-51c1e9bbddad", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "code": "CAD-4", "sourceDocument": "S0", "sourceLine": 1005, "kind": "cadence",
        "label": "attendance meeting, year teams", "cadence": "weekly",
    },
    "evaluation-methods": {
        "id": "9f2a504a-a2d1-5784-9df6-c9d8a9db81ca", "planId": "bdcf0083-c574-5d86-87fd-5364bac4ac5c",
        "code": "P1-EM-1", "sourceDocument": "S1", "sourceLine": 59, "areaId": "63ab8510-1e28-5bbc-a789-537d0dc06007",
        "label": "governing body progress review", "printedLine": 1, "cadence": "termly",
    },
    "findings": {
        "id": "52d80838-5bed-5029-bc57-c50c3582262e", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "code": "PDBSW-1", "sourceDocument": "S0", "sourceLine": 984,
        "areaId": "1972582c-81d4-51d8-b74c-112c7960e158",
        "label": "attendance of all, above all disadvantaged and SEND",
    },
    "targets": {
        "id": "bf58f451-ef2e-5d1b-8d37-a179acdebe3b", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "code": "PDBSW-1-2", "dueKind": "none", "dueUnresolved": "no_date", "sourceDocument": "S0", "sourceLine": 130,
        "areaId": "1972582c-81d4-51d8-b74c-112c7960e158", "phaseId": "30d69df9-1e7f-5b4d-b31b-7c1cc3efe0e8", "no": 1,
        "kind": "numeric", "label": "attendance for the period", "metric": "attendance", "comparator": "above",
        "value": 92.8, "unit": "%", "printed": "92.8 %", "groupId": "5d1cbe08-b458-5f3a-9c2e-f51dba4725b2",
        "groupPrinted": "all students", "revision": 1, "areaCode": "PDBSW", "phaseCode": "2",
        "comparatorAssumed": False,
    },
    "target-versions": {
        "id": "01a20097-c7a2-7c6d-b2bf-05ca03533dac", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "targetId": "bf58f451-ef2e-5d1b-8d37-a179acdebe3b", "revision": 1, "comparator": "above", "value": 92.8,
        "unit": "%", "printed": "92.8 %",
    },
    "objectives": {
        "id": "5e90c981-a951-5659-9ce0-3433d8f32043", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5", "code": "P1",
        "sourceDocument": "S0", "sourceLine": 997, "areaId": "1972582c-81d4-51d8-b74c-112c7960e158",
        "findingId": "52d80838-5bed-5029-bc57-c50c3582262e", "no": 1, "label": "attendance strategies reviewed, all",
        "printedTable": 15, "areaCode": "PDBSW",
    },
    "objective-targets": {
        "id": "492d0e6d-9db5-50ee-a055-dd2abfc3badc", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "objectiveId": "5e90c981-a951-5659-9ce0-3433d8f32043", "targetId": "bf58f451-ef2e-5d1b-8d37-a179acdebe3b",
    },
    "cross-references": {
        "id": "8c97df78-b24a-5adb-9726-45b1dffab579", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "code": "O1-A1", "sourceDocument": "S0", "sourceLine": 854,
        "objectiveId": "b4db61bc-5e11-5265-b5b0-13421b86edab", "toAreaId": "f7adbf4f-f459-5de5-b21f-30e09f2529eb",
        "printedBullet": 90, "label": "see TLA section",
    },
    "actions": {
        "id": "b99fd9aa-1ac5-511f-929a-29054ac49eae", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "code": "P1-A10", "duePrinted": "Sept 17", "dueKind": "month", "dueStartsOn": "2017-09-01",
        "dueEndsOn": "2017-09-30", "dueAssumed": "short_form", "sourceDocument": "S0", "sourceLine": 1007,
        "objectiveId": "5e90c981-a951-5659-9ce0-3433d8f32043", "printedBullet": 106, "label": "PSO first-day calls",
        "status": "not_started", "areaCode": "PDBSW", "objectiveCode": "P1", "isOverdue": True,
    },
    "action-steps": {
        "id": "e55e9eb6-2518-5330-8a41-b77785ed9c96", "planId": "bdcf0083-c574-5d86-87fd-5364bac4ac5c",
        "code": "P1-1.1/1", "duePrinted": "September 2014", "dueKind": "month", "dueStartsOn": "2014-09-01",
        "dueEndsOn": "2014-09-30", "sourceDocument": "S1", "sourceLine": 62,
        "actionId": "b0410475-5a9d-5ff8-a275-fc98644e5c10", "no": 1, "label": "learning handbook",
    },
    "responsibilities": {
        "id": "9712b063-4327-5c73-85f8-b4d7ba35e0a7", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "actionId": "b99fd9aa-1ac5-511f-929a-29054ac49eae", "personId": "9a7da900-eec1-5b0a-90f4-24cdb04668f6",
        "role": "lead", "no": 1, "printed": "JWe", "personCode": "JWe",
    },
    "milestone-windows": {
        "id": "93190a8e-db30-5acb-8e24-48f09f4839de", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5", "code": "W1",
        "duePrinted": "End of October 2017", "dueKind": "month_end", "dueStartsOn": "2017-10-01",
        "dueEndsOn": "2017-10-31", "sourceDocument": "S0", "sourceLine": 188,
        "phaseId": "30d69df9-1e7f-5b4d-b31b-7c1cc3efe0e8", "no": 1,
    },
    "milestones": {
        "id": "de8495d7-da76-5641-acd7-d2ee25427951", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "code": "P1-M1-1", "duePrinted": "End of October 2017", "dueKind": "month_end", "dueStartsOn": "2017-10-01",
        "dueEndsOn": "2017-10-31", "sourceDocument": "S0", "sourceLine": 1011,
        "objectiveId": "5e90c981-a951-5659-9ce0-3433d8f32043", "windowId": "93190a8e-db30-5acb-8e24-48f09f4839de",
        "no": 1, "kind": "milestone", "label": "attendance", "measured": "numeric", "value": 91.8, "unit": "%",
        "printed": "91.8%", "groupId": "5d1cbe08-b458-5f3a-9c2e-f51dba4725b2", "dataPending": False,
        "status": "planned", "confidence": "not_rated", "baselineDueOn": "2017-10-31", "dueMoves": 0,
        "areaCode": "PDBSW", "objectiveCode": "P1", "windowNo": 1, "timeliness": "overdue", "isOverdue": True,
    },
    "evidence": {
        "id": "019a8c1e-70f2-7d49-9c68-5ea13b86f027", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "milestoneId": "de8495d7-da76-5641-acd7-d2ee25427951",
        "note": "Attendance report of 27 October: 91.9 % for the half-term, all students.",
        "link": "https://reports.example/attendance/2017-10-27", "addedBy": "key:h3kq7w2n",
    },
    "budgets": {
        "id": "52d4f29e-82d1-5cdf-baf4-048dcef9295b", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5", "code": "B2",
        "sourceDocument": "S0", "sourceLine": 1, "phaseId": "30d69df9-1e7f-5b4d-b31b-7c1cc3efe0e8", "currency": "GBP",
        "printedTotal": 89270, "computedTotal": 89270, "confirmedTotal": 69270, "provisionalTotal": 20000,
        "reconciles": True,
    },
    "budget-lines": {
        "id": "f04a94b7-9375-54d0-839e-e6faa609d20e", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "code": "B2-1", "sourceDocument": "S0", "sourceLine": 7, "budgetId": "52d4f29e-82d1-5cdf-baf4-048dcef9295b",
        "no": 1, "label": "external consultants", "amount": 2000, "status": "confirmed", "printed": "£2,000",
    },
    "statutory-targets": {
        "id": "b906626a-39a6-5d9f-9839-936b9eb30e7a", "planId": "bdcf0083-c574-5d86-87fd-5364bac4ac5c",
        "code": "CAPPED-2013-L-actual", "sourceDocument": "S1", "sourceLine": 47, "measure": "average capped points",
        "year": 2013, "site": "L", "kind": "actual",
    },
    "data-quality-flags": {
        "id": "0d4d8528-cd9c-55a2-9371-d1519f30821b", "planId": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
        "code": "due_short_form", "onNoun": "action", "recordId": "b99fd9aa-1ac5-511f-929a-29054ac49eae",
        "field": "due", "raw": "Sept 17", "reference": "S0-O23",
        "detail": (
            "Read as month and year; it could be a day of the month. "
            "Treatment: a short form that may be month and year or day of month."
        ),
    },
}  # fmt: skip
