"""Examples for the contract: one record of each noun, most of them as the packs load them, and bodies made from them."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic.alias_generators import to_camel

from app.db.noun import Noun
from app.queries.nouns import NOUNS

# What a merge patch is most likely to change, the likeliest first.
_LEADING: Final = ("label", "title", "name", "note", "code", "printed", "detail", "value", "endsOn", "due", "kind")
_REQUESTS: Final[Mapping[str, Any]] = {
    "ApiKeyCreate": {"label": "Night run of the MIS", "roles": ["leader"], "expiresOn": "2027-08-31"},
    "DueDateMove": {
        "due": "end of March 2018", "because": "staffing", "reason": "The attendance officer starts in January.",
    },
    "FlagResolution": {"resolution": "The trust's data manager found the figure in the March report."},
    "KeyRevocation": {},
    "MilestoneRating": {
        "confidence": "at_risk", "rationale": "Attendance in Year 10 has not risen since September.",
    },
    "MilestoneTransition": {"to": "in_progress", "on": "2017-09-04"},
    "TargetRevision": {
        "comparator": "at_least", "value": 93.0, "printed": "93 %", "reason": "The governors asked for more.",
    },
    "Withdrawal": {"reason": "It stood in the plan twice."},
}  # fmt: skip
_EVENT: Final = {
    "position": 581, "type": "milestone.created", "noun": "milestone",
    "subject": "de8495d7-da76-5641-acd7-d2ee25427951", "plan": "4743295a-1140-5c20-a74c-fa6b9e50bbe5",
    "academies": ["ae634f2c-fae3-5046-bdf4-79b80044dc80"],
    "trust": "fb2079ce-4725-55d2-86fe-591dedbbe85d", "actor": "pack:kestrel", "channel": "pack", "on": None,
    "recordedAt": "2026-11-22T00:11:17.304431Z", "detail": {}, "data": {"before": {}, "after": {"code": "P1-M1-1"}},
    "reason": None, "reasonDigest": None, "textDigests": {}, "texts": {},
    "hash": "7c997e2c74bebd90e29c4cde9a79689bb970cbdcfa03dfe3ce901da6148ba26e",
}  # fmt: skip
# Of a plan still being written.
_SUMMARY: Final = {
    "id": "4743295a-1140-5c20-a74c-fa6b9e50bbe5", "code": "poap", "title": "Post-inspection action plan, phase 2",
    "on": "2017-09-04", "areas": {"total": 1, "byKind": {"area": 1}},
    "objectives": {"total": 1, "byArea": {"PDBSW": 1}, "printedTables": 1, "printedTablesByArea": {"PDBSW": 1}},
    "actions": {
        "total": 2, "byStatus": {"not_started": 2}, "byArea": {"PDBSW": 2}, "byDueKind": {"month": 1, "none": 1},
        "byMonth": {"2017-09": 1, "none": 1}, "withoutLead": 1, "withoutDueDate": 1, "withoutLastDay": 1, "overdue": 0,
    },
    "leads": {"byCode": {"JWe": 1}, "byPrintedForm": {"JWe": 1}}, "crossReferences": {"total": 0},
    "steps": {"total": 0, "byDueKind": {}, "byMonth": {}},
    "milestones": {
        "total": 1, "byStatus": {"planned": 1}, "byAreaAndWindow": {"PDBSW": {"1": 1}}, "byConfidence": {"not_rated": 1},
        "byTimeliness": {"not_due": 1}, "byMeasured": {"numeric": 1}, "byKind": {"milestone": 1},
        "byMonth": {"2017-10": 1}, "withoutComparator": 1,
    },
    "targets": {
        "total": 1, "byAreaPhaseAndKind": {"PDBSW": {"2": {"numeric": 1}}}, "withoutComparator": 0, "unserved": 0,
        "unservedByAreaAndPhase": {},
    },
    "flags": {
        "total": 1, "unresolved": 1, "byCode": {"comparator_missing": 1}, "byReference": {"S0-O6": 1},
    },
    "budgets": [{
        "code": "B2", "currency": "GBP", "printedTotal": 89270, "computedTotal": 89270, "confirmedTotal": 69270,
        "provisionalTotal": 20000, "reconciles": True,
    }],
}  # fmt: skip
_ANSWERS: Final[Mapping[str, Any]] = {
    "EventList": {"items": [_EVENT]},
    "EventPage": {"items": [_EVENT], "nextAfter": 581, "more": True},
    "DeprecationList": {"items": []},
    "Health": {"status": "ok"},
    "PlanSummary": _SUMMARY,
    "NewApiKey": {
        "id": "019a8c1e-5d2f-7b64-9a3c-4f6de02b7c18",
        "key": "mp_live_7mqhttshevk5fbx6leo63o7ilu_h3kq7w2n_<52 letters of secret><6 of checksum>",
    },
}  # fmt: skip
# Members that are null are left out; `record` fills them in.
RECORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "trusts": {
        "id": "fb2079ce-4725-55d2-86fe-591dedbbe85d", "code": "kestrel", "name": "Kestrel Learning Trust",
        "kind": "multi_academy_trust", "reviewerMustDiffer": False, "dueSoonDays": 14, "overdueGraceDays": 0,
        "sourceDocument": "S0", "sourceLine": 154,
    },
    "academies": {
        "id": "ae634f2c-fae3-5046-bdf4-79b80044dc80", "code": "KHS", "sourceDocument": "S0", "sourceLine": 703,
        "name": "Kestrel High School", "type": "sponsor_led", "phaseOfEducation": "secondary",
    },
    "academy-identifiers": {
        "id": "019a8c1e-66e1-7cd0-a4f8-3b72d95e1c06", "academyId": "ae634f2c-fae3-5046-bdf4-79b80044dc80",
        "kind": "urn", "value": "900001", "validFrom": "2015-09-01",
    },
    "academic-years": {
        "id": "019a8c1e-6a10-7f22-8d41-0c5be3a9d7f4", "code": "2026/27", "startsOn": "2026-09-01",
        "endsOn": "2027-08-31",
    },
    "terms": {
        "id": "019a8c1e-6b3c-7a58-b2e7-91f04ad6c385", "academicYearId": "019a8c1e-6a10-7f22-8d41-0c5be3a9d7f4",
        "no": 1, "name": "autumn", "startsOn": "2026-09-02", "endsOn": "2026-12-18",
    },
    "half-terms": {
        "id": "019a8c1e-6c97-7e03-8b15-d84a2f70c9be", "termId": "019a8c1e-6b3c-7a58-b2e7-91f04ad6c385", "no": 1,
        "startsOn": "2026-09-02", "endsOn": "2026-10-23",
    },
    "people": {
        "id": "9a7da900-eec1-5b0a-90f4-24cdb04668f6", "code": "JWe", "sourceDocument": "S0", "sourceLine": 415,
        "kind": "person", "status": "active", "aliases": ["JWE"],
    },
    "bodies": {
        "id": "fc689cac-ba1c-5cf2-8115-fa391d34a27d", "code": "LGB", "sourceDocument": "S0", "sourceLine": 484,
        "label": "local governing body", "kind": "governing_body",
    },
    "pupil-groups": {
        "id": "5d1cbe08-b458-5f3a-9c2e-f51dba4725b2", "code": "all", "sourceDocument": "S0", "sourceLine": 48,
        "label": "all pupils", "aliases": [],
    },
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
        "field": "due", "detail": "Read as month and year; it could be a day of the month.", "raw": "Sept 17",
        "reference": "S0-O23",
    },
    "api-keys": {
        "id": "019a8c1e-5d2f-7b64-9a3c-4f6de02b7c18", "code": "h3kq7w2n", "label": "Night run of the MIS",
        "roles": ["leader"], "createdAt": "2026-09-01T08:00:00.000000Z", "expiresOn": "2027-08-31",
    },
}  # fmt: skip


def examples(schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The example of each schema that has one, by the schema's name."""
    made = {**_REQUESTS, **_ANSWERS}
    for plural, noun in NOUNS.items():
        if plural in RECORDS:
            made |= _of(noun, schemas)
    return {name: value for name, value in made.items() if name in schemas}


def record(noun: Noun) -> dict[str, Any]:
    told = {"version": 1, **RECORDS[noun.plural]}
    return {item.name: told.get(item.name) for item in noun.columns()}


def _of(noun: Noun, schemas: Mapping[str, Any]) -> dict[str, Any]:
    made = {
        noun.title: record(noun),
        f"{noun.title}List": {"items": [record(noun)], "nextCursor": None},
        f"{noun.title}Page": _page(noun),
    }
    known = {**RECORDS[noun.plural], "due": RECORDS[noun.plural].get("duePrinted")}
    if creation := schemas.get(f"{noun.title}Create"):
        made.setdefault(f"{noun.title}Create", _creation(known, creation))
    if patch := schemas.get(f"{noun.title}Patch"):
        first = next((name for name in _LEADING if name in patch["properties"] and known.get(name)), None)
        made[f"{noun.title}Patch"] = {first: known[first]} if first else {}
    return {name: value for name, value in made.items() if name not in _REQUESTS}


def _creation(known: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """What the record says of itself, but for its id: trying it makes a new record, under a code of its own."""
    told = [name for name in schema["properties"] if known.get(name) is not None]
    return {name: known[name] for name in told if name not in ("id", "sourceDocument", "sourceLine")}


def _page(noun: Noun) -> dict[str, Any]:
    """The record with those of its children that are among the examples."""
    above = record(noun)
    below: dict[str, Any] = {}
    for child in noun.children():
        is_ours = RECORDS.get(child.noun().plural, {}).get(to_camel(child.column)) == above["id"]
        below[child.name] = [_page(child.noun())] if is_ours else []
    return above | below
