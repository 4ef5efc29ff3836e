"""Examples of support: an academy's ledger, what is owed, reviews due, a proposal, and what moved beside it."""

from collections.abc import Mapping
from typing import Any, Final

_ACADEMY: Final = {"id": "019a8c20-0a11-7c3e-9d02-6b1f5a7c4e90", "code": "HAW", "name": "Hawthorn Academy"}
_FRAMEWORK: Final = {"id": "51ac8c33-d5e1-5903-bf3b-8dbd773bae74", "code": "improvement-strategy", "edition": 1}
_STAGE: Final = {"id": "c31f5326-55db-50e5-83c4-5cbcb6880117", "code": "1", "no": 1, "name": "Stabilise"}
_PLACED: Final = {"academy": _ACADEMY, "framework": _FRAMEWORK, "stage": _STAGE}
_OFFER: Final = "4d5df7a2-9c0b-5a3c-8f5e-2f6b6a1d7c31"
_ALLOCATION: Final = "019a8c20-15cc-77e9-a8bd-16c40527f34b"
_TERMS: Final = (("2026-09-02", "2026-12-18"), ("2027-01-04", "2027-03-25"), ("2027-04-12", "2027-07-21"))
_NO_CATEGORY: Final = {"id": "019a8c20-2f44-7f61-a035-9e4c8daf7b13", "code": "ROW", "name": "Rowan Academy"}


def _amounts(least: int, delivered: float, percent: float) -> dict[str, Any]:
    remaining = max(least - delivered, 0)
    return {
        "atLeast": least, "atMost": None, "delivered": delivered, "remaining": remaining, "percent": percent,
        "overCap": None,
    }  # fmt: skip


_LEDGER: Final = {
    "rule": "support.entitlement_by_period", "on": "2027-02-01", "startsOn": "2026-09-01", "endsOn": "2027-08-31",
    **_PLACED, "since": "2026-09-01",
    "offers": [{
        "id": _OFFER, "code": "1-SI-C2", "team": "school_improvement", "tier": "core", "label": "focused SIP support",
        "applies": "yes", "condition": None, "unit": "days", "quantityMin": 2, "quantityMax": None, "period": "term",
        "printed": "2 days per term", "why": None,
        "given": [{"unit": "days", "allocated": 6, "toCome": 4.5, "delivered": 1.5, "overAllocated": 0}],
        "periods": [
            {"startsOn": first, "endsOn": last, **_amounts(2, delivered, percent)}
            for (first, last), (delivered, percent) in zip(_TERMS, ((1.5, 75.0), (0, 0.0), (0, 0.0)), strict=True)
        ],
        "totals": [{"reading": "as_printed", "label": "as printed", "times": 3, "why": None, "allocated": 6,
                    "allocatedOverCap": None, **_amounts(6, 1.5, 25.0)}],
        "allocationIds": [_ALLOCATION],
    }],
    "totals": [{
        "rule": "support.totals_by_team_and_unit", "team": "school_improvement", "unit": "days", "reading": "as_printed",
        "label": "as printed", "atLeast": 6, "atMost": None, "delivered": 1.5, "why": None,
    }],
    "taken": [{
        "id": _ALLOCATION, "standing": "within_category", "offerCode": "1-SI-C2", "team": "school_improvement",
        "unit": "days", "quantity": 6, "delivered": 1.5, "overAllocated": 0, "outsideDays": 0, "startsOn": "2026-09-01",
        "endsOn": "2027-07-20", "status": "active", "takerId": _ACADEMY["id"], "taker": "HAW", "giverId": None, "giver": None,
    }],
    "beside": [],
    "given": [],
}  # fmt: skip
_REVIEW: Final = {
    **_PLACED, "cadenceId": "019a8c20-2d22-7d4f-8e13-7c2a6b8d5901", "cadenceCode": "1-review",
    "activity": "termly review from the head teacher's report", "printed": "Termly", "applies": "yes", "condition": None,
    "state": "due", "dueFrom": "2027-01-04", "dueTo": "2027-03-25", "noDueDate": None, "countedFrom": "2026-12-01",
    "lastHeld": "2026-12-01", "held": 1,
}  # fmt: skip
_OWED: Final = {
    "on": "2027-02-01", "academies": 2,
    "offers": [{
        "rule": "support.expected_by_ended_periods",
        "said": "each period that has ended since the academy came under the offer, this academic year, counts in full",
        **_PLACED, "since": "2026-09-01", "offerId": _OFFER, "offerCode": "1-SI-C2", "team": "school_improvement",
        "tier": "core", "label": "focused SIP support", "unit": "days", "period": "term", "expected": 2, "delivered": 1.5,
        "owed": 0.5, "sentence": "HAW was due 2 days by now and has had 1.5.",
    }],
    "allocations": [],
    "reviews": [{**_REVIEW, "state": "overdue", "dueFrom": "2026-09-02", "dueTo": "2026-12-18",
                 "countedFrom": "2026-06-18", "lastHeld": "2026-06-18"}],
    "notCounted": [{
        "offerId": "0c8f6f7e-3a55-5d0e-9b1c-8a7e4d2b6f10", "offerCode": "1-SI-E1", "team": "school_improvement",
        "framework": _FRAMEWORK, "stage": _STAGE, "printed": "An additional 2 days", "why": "no_period", "academies": 1,
    }],
    "withoutCategory": [_NO_CATEGORY],
}  # fmt: skip
_PROPOSAL: Final = {
    "rule": "support.proposal_overdue_then_in_proportion",
    "said": "First what is overdue, the earliest stage first; then what is owed besides.",
    "reading": "no_period_whole", "label": "as printed, no period: once in the whole", "on": "2027-02-01",
    "team": "school_improvement", "unit": "days", "step": 0.5, "available": 3, "proposed": 3, "left": 0,
    "shares": [{
        **_PLACED, "entitled": 6, "delivered": 1.5, "toCome": 0, "owed": 4.5, "overdue": 0.5, "proposed": 3,
        "forOverdue": 0.5, "further": 2.5,
    }],
    "notEvaluable": [], "withoutCategory": [_NO_CATEGORY],
}  # fmt: skip


def _figure(first: str, last: str, value: float) -> dict[str, Any]:
    return {
        "readingId": "019a8c20-0e55-7072-b146-af5d9eb08cd4", "metric": "persistent-absence", "groupId": None,
        "official": None, "grain": "term", "startsOn": first, "endsOn": last, "value": value, "absence": None,
        "numerator": None, "denominator": None, "source": "MIS", "recordedAt": "2027-04-01T18:00:00.000000Z",
    }  # fmt: skip


_MOVEMENT: Final = {
    "rule": "support.association_with_movement",
    "said": "An association only: academies that were given support differ from those that were not in more than the support.",
    "kind": "association", "metric": "persistent-absence", "unit": "%", "direction": "lower", "startsOn": "2026-12-31",
    "endsOn": "2027-03-31", "academies": 2, "covered": 1,
    "stages": [{
        "framework": _FRAMEWORK, "stage": _STAGE,
        "supported": {"academies": 1, "known": 1, "median": -1.2, "lowest": -1.2, "highest": -1.2},
        "notSupported": {"academies": 0, "known": 0, "median": None, "lowest": None, "highest": None},
    }],
    "items": [{
        "academy": _ACADEMY, "stage": _STAGE, "supported": True,
        "support": [{"team": "school_improvement", "unit": "days", "delivered": 1.5, "deliveries": 1}],
        "change": -1.2, "why": None,
        "before": _figure(*_TERMS[0], 22.4), "after": _figure(*_TERMS[1], 21.2),
    }],
}  # fmt: skip
SUPPORT: Final[Mapping[str, Any]] = {
    "SupportActivation": {},
    "SupportClosing": {"reason": "The academy has what it needs."},
    "SupportLedger": _LEDGER,
    "SupportOwed": _OWED,
    "ReviewsDue": {
        "rule": "reviews.next_from_last_held", "on": "2027-02-01", "until": None, "items": [_REVIEW],
        "withoutDate": [], "withoutCategory": [],
    },
    "SupportProposal": _PROPOSAL,
    "SupportAndMovement": _MOVEMENT,
}  # fmt: skip
