"""What can be asked over REST, found by walking the application: each operation, asked about the records of one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, Route, WebSocketRoute

from app.queries.nouns import NOUNS
from tests.access.expected import FREE, OF_NO_TRUST, SIGNING_IN
from tests.api.samples import SAMPLES

MERGE: Final = "application/merge-patch+json"
_ELSEWHERE: Final = {"/graphql", "/graphql/documents"}
"""Addresses of the other door: its own matrix asks them."""
_FILES: Final = {"/graphql/explorer", "/static-offline-docs"}
"""What is served of files alone."""
_SAID: Final[Mapping[str, Mapping[str, Any]]] = {
    "withdrawal": {"reason": "x"},
    "transitions": {"to": "in_progress"},
    "milestones/ratings": {"confidence": "at_risk", "rationale": "x"},
    "assurance-reviews/ratings": {"lineId": "{published:assurance-lines}", "levelId": "{published:rating-levels}"},
    "opening": {},
    "submission": {},
    "return": {"reason": "x"},
    "moderation": {},
    "sign-off": {},
    "supersession": {"reason": "x"},
    "due-dates": {"due": "July 2030", "because": "other"},
    "targets/revisions": {"caveat": "x", "reason": "x"},
    "resolution": {"resolution": "x"},
    "revocation": {},
    "publication": {},
    "frameworks/ending": {"on": "2030-08-31"},
    "memberships/ending": {"reason": "x"},
    "memberships/confirmation": {"roles": ["governor"], "academyIds": ["{academies}"]},
    "memberships/assignment": {"roles": ["reader"], "academyIds": ["{academies}"]},
    "memberships/sign-out": {},
    "editions": {},
    "categorisation": {},
    "redefinition": {"unit": "x", "reason": "x"},
    "activation": {},
    "closing": {"reason": "x"},
}
_ASKED: Final[Mapping[str, str]] = {
    "gap": "metric={metric}&other=england",
    "indicators/evaluation": "value=60",
    "comparison": "with={frameworks}",
    "expectations": "academyId={academies}",
    "series": "metric={metric}",
    "load-map": "academyId={academies}",
    "reviews-due": "academyId={academies}",
    "budget-totals": "planId={plans}",
    "data-quality-totals": "planId={plans}",
    "heat-map": "frameworkId={published:frameworks}",
    "calibration": "frameworkId={published:frameworks}",
    "rehearsal": "from=2026-09-01&to=2026-10-01",
    "hours-lost": "missedSessions=4",
    "cohort-share": "size=20&share=50",
    "self-evaluation": "reach=all&at=2&rank=2",
    "observation-summary": "from=2025-09-01&to=2025-12-19",
    "support-and-movement": "metric={metric}&from=2026-01-01&to=2026-02-01",
    "support-proposal": "team=hr&unit=days&available=5",
}
_MADE: Final[Mapping[str, Mapping[str, Any]]] = {
    "api-keys": {"label": "x", "roles": ["reader"], "academyIds": ["{academies}"]},
    "memberships": {"issuer": "https://new.example", "subject": "new", "roles": ["governor"], "academyIds": ["{academies}"]},
    "reading-batches": {
        "source": "new",
        "readings": [
            {
                "metric": "{metric}", "academy": "{mark}", "grain": "month", "startsOn": "2026-03-01", "endsOn": "2026-03-31",
                "value": 1,
            },
        ],
    },
    "releases": {
        "code": "new", "label": "new", "metrics": ["{metric}"], "grain": "month",
        "startsOn": "2026-01-01", "endsOn": "2026-01-31",
    },
    "plans": {
        "code": "new", "title": "new plan", "type": "improvement", "startsOn": "2026-09-01", "endsOn": "2027-08-31",
        "academyIds": ["{academies}"],
    },
}  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """One operation of the REST door. `plural` is empty of what is about no kind of record."""

    method: str
    path: str
    name: str

    @property
    def parts(self) -> list[str]:
        return self.path.split("/")

    @property
    def plural(self) -> str:
        return self.parts[2] if len(self.parts) > 2 and self.parts[2] in NOUNS else ""

    @property
    def names_a_record(self) -> bool:
        return "{id}" in self.parts

    @property
    def tail(self) -> str:
        """What its address has below the record's own."""
        return "/".join(self.parts[4:])

    @property
    def writes(self) -> bool:
        return self.method != "GET" and self.name != "supposeCategorisation"


@dataclass(frozen=True)
class Question:
    """A request. `version` is what it says in If-Match, where the operation asks for one."""

    operation: Operation
    address: str
    body: Mapping[str, Any] | None = None

    def headers(self, version: int = 1) -> dict[str, str]:
        if self.operation.method == "GET":
            return {}
        kind = MERGE if self.operation.method == "PATCH" else "application/json"
        return {"If-Match": f'"v{version}"', "Idempotency-Key": str(uuid4()), "Content-Type": kind}


def operations(app: FastAPI) -> list[Operation]:
    """Everything that the REST door answers to somebody with a credential."""
    found = [
        Operation(method, str(route.path), str(route.name))
        for route in iter_route_contexts(app.routes)
        for method in sorted(route.methods or ())
        if route.path not in _ELSEWHERE and f"{method}:{route.path}" not in FREE | SIGNING_IN
    ]
    return sorted(found, key=lambda one: (one.path, one.method))


def strangers(app: FastAPI) -> list[str]:
    """What is mounted beside the operations, and neither files nor the other door."""
    return [
        str(getattr(route, "path", route))
        for route in app.routes
        if (isinstance(route, (Mount, WebSocketRoute)) or type(route) is Route)
        and getattr(route, "path", "") not in _ELSEWHERE | _FILES
        and f"GET:{getattr(route, 'path', '')}" not in FREE
    ]


def about(operation: Operation, records: Mapping[str, str], record_id: str | None = None) -> Question:
    """The operation asked about these records; about this one, where one is named."""
    of_record = operation.names_a_record
    address = operation.path.replace("{id}", record_id or records[operation.plural]) if of_record else operation.path
    last = operation.parts[-1]
    asked = _ASKED.get(f"{operation.plural}/{last}") or _ASKED.get(last)
    if asked and operation.method == "GET":
        address += "?" + _filled(asked, records)
    return Question(operation, address, _body(operation, records))


def _body(operation: Operation, records: Mapping[str, str]) -> Mapping[str, Any] | None:
    if operation.method == "GET":
        return None
    if operation.method == "PATCH":
        return {}
    if operation.names_a_record:
        doing = operation.parts[4]
        own = f"{operation.plural}/{doing}"
        said: Mapping[str, Any] = _filled(_SAID[own if own in _SAID else doing], records)
        return said
    if operation.plural in _MADE:
        made: Mapping[str, Any] = _filled(_MADE[operation.plural], records)
        return made
    return SAMPLES[operation.plural](records, "qnewq")


def refers(question: Question, records: Mapping[str, str]) -> bool:
    """Whether what is said names any of these records."""
    return any(record in str(question.body) for record in records.values())


def _filled(value: Any, records: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for plural, record_id in records.items():
            value = value.replace(f"{{{plural}}}", record_id)
        return value
    if isinstance(value, list):
        return [_filled(one, records) for one in value]
    if isinstance(value, Mapping):
        return {name: _filled(one, records) for name, one in value.items()}
    return value


def is_free_of_trusts(operation: Operation) -> bool:
    return f"{operation.method}:{operation.path}" in OF_NO_TRUST
