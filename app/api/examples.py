"""Examples for the contract: what is asked for and answered, most of it made from one record of each noun."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic.alias_generators import to_camel

from app.api.categorisation_examples import CATEGORISATION
from app.api.evaluation_examples import EVALUATIONS
from app.api.framework_examples import COMPARISON, EXPECTED_OF, FRAMEWORKS, INTERVALS
from app.api.measure_examples import MEASURES
from app.api.organisation_examples import ORGANISATION
from app.api.plan_examples import PLANS
from app.api.reading_examples import READINGS
from app.api.review_examples import REVIEWS
from app.api.rollup_examples import ROLLUPS
from app.api.support_examples import SUPPORT
from app.db.noun import Noun
from app.queries.cadences import CADENCE_RULES
from app.queries.entitlements import ENTITLEMENT_RULES
from app.queries.nouns import NOUNS

# What a merge patch is most likely to change, the likeliest first.
_LEADING: Final = ("label", "title", "name", "note", "code", "printed", "detail", "value", "endsOn", "due", "kind")
_REQUESTS: Final[Mapping[str, Any]] = {
    "ApiKeyCreate": {
        "label": "Night run of the MIS", "roles": ["mis_integration"], "integration": "mis", "expiresOn": "2027-08-31",
    },
    "DueDateMove": {
        "due": "end of March 2018", "because": "staffing", "reason": "The attendance officer starts in January.",
    },
    "Ending": {"on": "2024-08-31"},
    "FlagResolution": {"resolution": "The trust's data manager found the figure in the March report."},
    "KeyRevocation": {},
    "MilestoneRating": {
        "confidence": "at_risk", "rationale": "Attendance in Year 10 has not risen since September.",
    },
    "MilestoneTransition": {"to": "in_progress", "on": "2017-09-04"},
    "MembershipAssignment": {"roles": ["senior_leader"], "academyIds": ["ae634f2c-fae3-5046-bdf4-79b80044dc80"]},
    "MembershipConfirmation": {"roles": ["academy_head"], "academyIds": ["ae634f2c-fae3-5046-bdf4-79b80044dc80"]},
    "MembershipEnding": {"reason": "Moves to another trust at the end of term."},
    "MembershipSignOut": {},
    "NextEdition": {},
    "Publication": {"validFrom": "2024-09-01"},
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
    "SensitiveReadPage": {
        "items": [{
            "recordedAt": "2026-11-20T15:12:08.114201Z", "actor": "user:019a8c1e-5d2f-7b64-9a3c-4f6de02b7c18",
            "noun": "observation", "recordId": "019a8c1e-5d2f-7b64-9a3c-4f6de02b7c19", "channel": "rest",
            "purpose": "GET /v1/observations",
        }],
        "nextAfter": None,
    },
    "Comparison": COMPARISON,
    "DeprecationList": {"items": []},
    "Health": {"status": "ok"},
    "IntervalReports": {"items": [INTERVALS]},
    "PlanSummary": _SUMMARY,
    "NewApiKey": {
        "id": "019a8c1e-5d2f-7b64-9a3c-4f6de02b7c18",
        "key": "mp_live_7mqhttshevk5fbx6leo63o7ilu_h3kq7w2n_<52 letters of secret><6 of checksum>",
    },
}  # fmt: skip
RECORDS: Final[Mapping[str, Mapping[str, Any]]] = {**ORGANISATION, **FRAMEWORKS, **PLANS, **MEASURES}
"""One record of each noun, by its plural. Members that are null are left out; `record` fills them in."""


def examples(schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The example of each schema that has one, by the schema's name."""
    made = {
        **CATEGORISATION, **_REQUESTS, **_ANSWERS, **EVALUATIONS, **ROLLUPS, **READINGS, **SUPPORT, **REVIEWS,
        "Expectations": _expectations(),
    }  # fmt: skip
    for plural, noun in NOUNS.items():
        if plural in RECORDS:
            made |= _of(noun, schemas)
    return {name: value for name, value in made.items() if name in schemas}


def record(noun: Noun) -> dict[str, Any]:
    told = {"version": 1, **RECORDS[noun.plural]}
    return {item.name: told.get(item.name) for item in noun.columns()}


def _expectations() -> dict[str, Any]:
    due = {"dueFrom": "2024-09-01", "dueTo": "2024-09-01", "noDueDate": None}
    applies = {"applies": "yes", "condition": None}
    return {
        **EXPECTED_OF,
        "benchmarks": [],
        "templateItems": [],
        "entitlements": [{**applies, "entitlement": record(ENTITLEMENT_RULES)}],
        "reviews": [{**applies, "cadence": record(CADENCE_RULES), **due}],
    }


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
