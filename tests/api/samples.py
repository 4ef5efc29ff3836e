"""One small body for each noun that can be created, in an order in which each can refer to those before it."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import uuid4
from zlib import crc32

import httpx
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from app.commands.trusted_documents import register_documents
from app.db.unit_of_work import UnitOfWork
from app.domain.model import FRAMEWORK_PARTS
from app.domain.trusted_documents import Listed, digest_of
from app.domain.vocabulary import Sector
from app.queries.nouns import NOUNS

Made = Mapping[str, Any]
"""Ids of the records there are, by the plural of their noun."""


def of_plan(made: Made, mark: str, **more: Any) -> dict[str, Any]:
    return {"planId": made["plans"], "code": f"{mark}-1", **more}


def of_framework(made: Made, mark: str, **more: Any) -> dict[str, Any]:
    """A record of the framework, which is a draft: only a draft is written in."""
    return {"frameworkId": made["frameworks"], "code": f"{mark}-1", "no": 1, **more}


SAMPLES: Final[Mapping[str, Callable[[Made, str], dict[str, Any]]]] = {
    "bodies": lambda _, mark: {"code": mark, "label": f"{mark} governors", "kind": "governing_body"},
    "people": lambda made, mark: {"code": mark, "kind": "role", "label": f"{mark} head", "bodyId": made["bodies"]},
    "pupil-groups": lambda _, mark: {"code": mark, "label": f"{mark} group", "aliases": [f"{mark} alias"]},
    "metrics": lambda _, mark: {"code": f"{mark}-attendance", "label": f"{mark} attendance", "unit": "%", "direction": "higher"},
    "series-breaks": lambda made, mark: {
        "metricId": made["metrics"], "on": "2024-09-01", "label": f"{mark} codes changed",
    },
    "memberships": lambda _, mark: {
        "issuer": f"https://{mark.lower()}.example", "subject": mark, "label": f"{mark} governor", "roles": ["governor"],
    },
    "academies": lambda _, mark: {"code": mark, "name": f"{mark} Academy", "type": "converter"},
    "academy-identifiers": lambda made, mark: {
        "academyId": made["academies"], "kind": "urn", "value": f"{crc32(mark.encode()) % 1_000_000:06}", "validFrom": "2020-09-01",
    },
    "academic-years": lambda _, mark: {"code": f"{mark} 26/27", "startsOn": "2026-09-01", "endsOn": "2027-08-31"},
    "terms": lambda made, mark: {
        "academicYearId": made["academic-years"], "no": 1, "name": f"{mark} autumn",
        "startsOn": "2026-09-01", "endsOn": "2026-12-18",
    },
    "half-terms": lambda made, _: {
        "termId": made["terms"], "no": 1, "startsOn": "2026-09-01", "endsOn": "2026-10-23",
    },
    "inspection-frameworks": lambda _, mark: {"code": mark, "label": f"{mark} report card", "validFrom": "2025-11-10"},
    "inspection-areas": lambda made, mark: {
        "inspectionFrameworkId": made["inspection-frameworks"], "code": f"{mark}-1", "no": 1, "label": f"{mark} area",
    },
    "inspection-grades": lambda made, mark: {
        "inspectionFrameworkId": made["inspection-frameworks"], "code": f"{mark}-1", "grade": "strong",
        "label": f"{mark} strong", "rank": 2,
    },
    "frameworks": lambda _, mark: {"code": mark, "edition": 1, "title": f"{mark} framework", "sector": "primary"},
    "framework-conditions": lambda made, mark: of_framework(
        made, mark, label=f"{mark} sixth form", attribute="sector", values=["sixteen_plus"]
    ),
    "strands": lambda made, mark: of_framework(made, mark, label=f"{mark} leadership"),
    "maturity-stages": lambda made, mark: of_framework(
        made, mark, name=f"{mark} repair", durationMin=12, durationMax=18, durationUnit="month"
    ),
    "indicative-measures": lambda made, mark: of_framework(
        made, mark, stageId=made["maturity-stages"], metric="ofsted", inspectionGradeId=made["inspection-grades"]
    ),
    "framework-statements": lambda made, mark: of_framework(
        made, mark, stageId=made["maturity-stages"], kind="descriptor", label=f"{mark} descriptor",
        conditionId=made["framework-conditions"],
    ),
    "cadence-rules": lambda made, mark: of_framework(
        made, mark, stageId=made["maturity-stages"], activity=f"{mark} review", everyMin=4, everyMax=6, unit="week",
        conditionId=made["framework-conditions"],
    ),
    "benchmark-sets": lambda made, mark: of_framework(made, mark, label=f"{mark} benchmarks"),
    "benchmarks": lambda made, mark: of_framework(
        made, mark, setId=made["benchmark-sets"], stageId=made["maturity-stages"], strandId=made["strands"],
        label=f"{mark} attendance", metric="attendance", comparator="at_least", value=95.5,
        conditionId=made["framework-conditions"],
    ),
    "template-items": lambda made, mark: of_framework(
        made, mark, stageId=made["maturity-stages"], strandId=made["strands"], label=f"{mark} item",
        conditionId=made["framework-conditions"], cadenceRuleId=made["cadence-rules"],
    ),
    "entitlement-rules": lambda made, mark: of_framework(
        made, mark, stageId=made["maturity-stages"], team="hr", tier="core", label=f"{mark} visits", unit="days",
        quantityMax=10, conditionId=made["framework-conditions"], cadenceRuleId=made["cadence-rules"],
    ),
    "rating-scales": lambda made, mark: of_framework(made, mark, label=f"{mark} scale"),
    "rating-levels": lambda made, mark: of_framework(made, mark, scaleId=made["rating-scales"]),
    "rating-labels": lambda made, mark: {
        "frameworkId": made["frameworks"], "levelId": made["rating-levels"], "context": "key",
        "label": f"{mark} assured",
    },
    "assurance-sections": lambda made, mark: of_framework(
        made, mark, label=f"{mark} education", scaleId=made["rating-scales"]
    ),
    "assurance-lines": lambda made, mark: of_framework(
        made, mark, sectionId=made["assurance-sections"], label=f"{mark} attendance"
    ),
    "indicators": lambda made, mark: of_framework(
        made, mark, lineId=made["assurance-lines"], label=f"{mark} attendance", metric="attendance",
        direction="higher", rangeMin=0, rangeMax=100,
    ),
    "bands": lambda made, mark: {
        "frameworkId": made["frameworks"], "indicatorId": made["indicators"], "no": 1,
        "levelId": made["rating-levels"], "lo": 70, "hi": 100, "hiIncluded": True, "printed": f"{mark} above 70%",
    },
    "band-statements": lambda made, mark: of_framework(
        made, mark, lineId=made["assurance-lines"], levelId=made["rating-levels"], label=f"{mark} above 70%",
        indicatorId=made["indicators"],
    ),
    "report-sections": lambda made, mark: of_framework(made, mark, label=f"{mark} attendance"),
    "evidence-kinds": lambda made, mark: of_framework(made, mark, label=f"{mark} surveys"),
    "plans": lambda _, mark: {
        "code": mark, "title": f"{mark} plan", "type": "improvement", "startsOn": "2026-09-01",
        "endsOn": "2027-08-31",
    },
    "plan-academies": lambda made, _: {"planId": made["plans"], "academyId": made["academies"]},
    "plan-phases": lambda made, mark: of_plan(
        made, mark, no=1, printed=f"{mark} phase", startsOn="2026-09-01", endsOn="2027-08-31"
    ),
    "areas": lambda made, mark: of_plan(made, mark, no=1, kind="area", label=f"{mark} teaching"),
    "statements": lambda made, mark: of_plan(made, mark, areaId=made["areas"], kind="aim", label=f"{mark} aim"),
    "evaluation-methods": lambda made, mark: of_plan(made, mark, areaId=made["areas"], label=f"{mark} visits"),
    "findings": lambda made, mark: of_plan(made, mark, areaId=made["areas"], label=f"{mark} finding"),
    "targets": lambda made, mark: of_plan(
        made, mark, areaId=made["areas"], phaseId=made["plan-phases"], no=1, kind="numeric", label=f"{mark} target",
        value=62.5, comparator="at_least", groupId=made["pupil-groups"], due="July 2027",
    ),
    "objectives": lambda made, mark: of_plan(
        made, mark, areaId=made["areas"], findingId=made["findings"], label=f"{mark} objective"
    ),
    "objective-targets": lambda made, _: {
        "planId": made["plans"], "objectiveId": made["objectives"], "targetId": made["targets"],
    },
    "cross-references": lambda made, mark: of_plan(
        made, mark, objectiveId=made["objectives"], toAreaId=made["areas"], label=f"{mark} see there"
    ),
    "actions": lambda made, mark: of_plan(
        made, mark, objectiveId=made["objectives"], label=f"{mark} action", due="end of March 2027",
        leads=[{"personId": made["people"], "printed": f"{mark} lead"}],
    ),
    "action-steps": lambda made, mark: of_plan(
        made, mark, actionId=made["actions"], no=1, label=f"{mark} step", due="12 January 2027"
    ),
    "responsibilities": lambda made, mark: {
        "planId": made["plans"], "actionId": made["actions"], "stepId": made["action-steps"],
        "personId": made["people"], "role": "monitor", "printed": mark,
    },
    "milestone-windows": lambda made, mark: of_plan(
        made, mark, phaseId=made["plan-phases"], no=1, due="December 2026"
    ),
    "milestones": lambda made, mark: of_plan(
        made, mark, objectiveId=made["objectives"], windowId=made["milestone-windows"], no=1,
        label=f"{mark} milestone", responsibleId=made["people"],
    ),
    "evidence": lambda made, mark: {
        "milestoneId": made["milestones"], "note": f"{mark} seen in lessons",
    },
    "budgets": lambda made, mark: of_plan(made, mark, phaseId=made["plan-phases"], printedTotal=1200),
    "budget-lines": lambda made, mark: of_plan(
        made, mark, budgetId=made["budgets"], no=1, label=f"{mark} cover", amount=1200.5
    ),
    "statutory-targets": lambda made, mark: of_plan(
        made, mark, measure=f"{mark} pass", year=2027, site=mark, kind="target", value=71
    ),
    "target-points": lambda made, mark: {
        "planId": made["plans"], "targetId": made["targets"], "on": "2026-12-18", "value": 60, "printed": f"{mark} 60",
    },
    "check-waivers": lambda made, mark: {
        "planId": made["plans"], "rule": "plan.action_without_lead", "subjectId": made["actions"], "because": f"{mark} knows",
    },
    "observations": lambda made, mark: {
        "academyId": made["academies"], "kind": "lesson", "on": "2026-10-06", "observers": [mark], "judged": True,
        "progressGrade": "good", "strengths": f"{mark} questioning",
    },
    "inspection-outcomes": lambda made, _: {
        "academyId": made["academies"], "inspectionFrameworkId": made["inspection-frameworks"],
        "inspectionAreaId": made["inspection-areas"], "inspectionGradeId": made["inspection-grades"],
        "inspectedOn": "2026-01-20",
    },
    "benchmark-assessments": lambda made, mark: {
        "academyId": made["academies"], "frameworkId": made["published:frameworks"],
        "benchmarkId": made["published:benchmarks"], "on": "2026-10-06", "judgement": "partly", "note": f"{mark} visit",
    },
    "head-reports": lambda made, _: {
        "academyId": made["academies"], "frameworkId": made["published:frameworks"], "termId": made["terms"],
    },
    "head-report-sections": lambda made, mark: {
        "academyId": made["academies"], "reportId": made["head-reports"], "sectionId": made["published:report-sections"],
        "body": f"{mark} attendance rose",
    },
    "assurance-reviews": lambda made, mark: {
        "academyId": made["academies"], "frameworkId": made["published:frameworks"], "termId": made["terms"],
        "leadRole": f"{mark} director",
    },
    "category-suggestions": lambda made, _: {
        "academyId": made["academies"], "frameworkId": made["published:frameworks"], "on": "2026-10-06",
    },
    "category-decisions": lambda made, mark: {
        "academyId": made["academies"], "frameworkId": made["published:frameworks"],
        "stageId": made["published:maturity-stages"], "decidedOn": "2026-10-06", "effectiveFrom": "2026-10-06",
        "chairRole": f"{mark} chief executive", "attendees": [f"{mark} director"], "evidence": [f"{mark}-1"],
        "suggestionId": made["category-suggestions"], "reason": f"{mark} knows", "nextReviewOn": "2027-10-05",
    },
    "support-allocations": lambda made, mark: {
        "academyId": made["academies"], "frameworkId": made["published:frameworks"],
        "entitlementRuleId": made["published:entitlement-rules"], "team": "hr", "unit": "days", "quantity": 6,
        "startsOn": "2026-09-01", "endsOn": "2027-07-20", "note": f"{mark} recruitment",
    },
    "support-deliveries": lambda made, mark: {
        "academyId": made["academies"], "allocationId": made["support-allocations"], "on": "2026-10-06", "quantity": 0.5,
        "byRole": f"{mark} partner",
    },
    "reviews-held": lambda made, mark: {
        "academyId": made["academies"], "frameworkId": made["published:frameworks"],
        "cadenceRuleId": made["published:cadence-rules"], "on": "2026-10-06", "byRole": f"{mark} partner",
    },
    "data-quality-flags": lambda made, mark: {
        "planId": made["plans"], "onNoun": "action", "recordId": made["actions"], "code": f"{mark}-vague",
        "detail": f"{mark} is unclear",
    },
}  # fmt: skip


_FRAMEWORK_PARTS: Final = tuple(
    noun.plural for plural in SAMPLES if (noun := NOUNS.get(plural)) and noun.entity in FRAMEWORK_PARTS
)
"""The parts of a framework, in the order of the samples."""


async def create(client: httpx.AsyncClient, plural: str, body: Mapping[str, Any]) -> dict[str, Any]:
    answer = await client.post(f"/v1/{plural}", json=dict(body))
    assert answer.status_code == 201, (plural, answer.text)
    record: dict[str, Any] = answer.json()
    return record


async def create_each(client: httpx.AsyncClient, mark: str) -> dict[str, str]:
    """One record of every noun that can be created, each marked, and the id of each by its plural."""
    made: dict[str, str] = {}
    for plural, sample in SAMPLES.items():
        if plural == "plans":
            made |= await in_force(client, mark, made)
        made[plural] = (await create(client, plural, sample(made, mark)))["id"]
    return made


async def create_by_other_ways(client: httpx.AsyncClient, mark: str, made: Mapping[str, str]) -> dict[str, str]:
    """One record of every noun that comes about by another operation: readings, a rated review, a release."""
    return {
        **await _record_reading(client, mark),
        **await _review_academy(client, made),
        **await _release_reading(client, mark),
    }


async def _record_reading(client: httpx.AsyncClient, mark: str) -> dict[str, str]:
    """A batch of one reading; and the code of the metric, by which a series is asked for."""
    days = {"grain": "month", "startsOn": "2026-01-01", "endsOn": "2026-01-31"}
    row = {"metric": f"{mark}-attendance", "academy": mark, **days, "value": 93.4}
    batch = await create(client, "reading-batches", {"source": mark, "readings": [row]})
    reading = (await client.get(f"/v1/readings?batchId={batch['id']}")).json()["items"][0]
    return {"reading-batches": batch["id"], "readings": reading["id"], "metric": row["metric"]}


async def _review_academy(client: httpx.AsyncClient, made: Mapping[str, str]) -> dict[str, str]:
    """The review opened after the head teacher's report, its one line rated: with frozen evidence, and a rating."""
    review = f"assurance-reviews/{made['assurance-reviews']}"
    rating = {"lineId": made["published:assurance-lines"], "levelId": made["published:rating-levels"], "rationale": "x"}
    bodies: dict[str, tuple[str, dict[str, str]]] = {
        f"head-reports/{made['head-reports']}/submission": ("v1", {}),
        f"{review}/opening": ("v1", {}),
        f"{review}/ratings": ("v2", rating),
    }
    for address, (version, body) in bodies.items():
        headers = {"If-Match": f'"{version}"', "Idempotency-Key": str(uuid4())}
        answer = await client.post(f"/v1/{address}", json=body, headers=headers)
        assert answer.status_code == 200, (address, answer.text)
    of = f"reviewId={made['assurance-reviews']}"
    lists = ("review-evidence", "assurance-ratings")
    return {plural: (await client.get(f"/v1/{plural}?{of}")).json()["items"][0]["id"] for plural in lists}


async def _release_reading(client: httpx.AsyncClient, mark: str) -> dict[str, str]:
    days = {"grain": "month", "startsOn": "2026-01-01", "endsOn": "2026-01-31"}
    body = {"code": mark, "label": f"{mark} attendance", "metrics": [f"{mark}-attendance"], **days}
    release = await create(client, "releases", body)
    figure = (await client.get(f"/v1/released-figures?releaseId={release['id']}")).json()["items"][0]
    return {"releases": release["id"], "released-figures": figure["id"]}


async def trust_document(work: UnitOfWork, mark: str) -> None:
    """A trusted document: over HTTP they come by the manifest, through the other door."""
    text = f"query {mark} {{ trust {{ code }} }}"
    await register_documents(work, [Listed(digest_of(text), text)], {digest_of(text): mark})


async def in_force(client: httpx.AsyncClient, mark: str, made: Mapping[str, str]) -> dict[str, str]:
    """A second framework with one of every part, in force: what is decided, reviewed and supported refers to it."""
    taken = {one["sector"] for one in (await client.get("/v1/frameworks?status=published")).json()["items"]}
    sector = next(sector for sector in reversed(Sector) if sector not in taken)
    framework = {"code": f"{mark}-F", "edition": 1, "title": f"{mark} framework in force", "sector": sector}
    own = {**made, "frameworks": (await create(client, "frameworks", framework))["id"]}
    for plural in _FRAMEWORK_PARTS:
        own[plural] = (await create(client, plural, SAMPLES[plural](own, mark)))["id"]
    address = f"/v1/frameworks/{own['frameworks']}/publication"
    answer = await client.post(address, json={"validFrom": "2020-09-01"}, headers={"If-Match": '"v1"'})
    assert answer.status_code == 200, answer.text
    return {f"published:{plural}": own[plural] for plural in ("frameworks", *_FRAMEWORK_PARTS)}


def operations(app: FastAPI) -> list[tuple[str, str, str]]:
    """Method, path and name of everything the application answers."""
    return sorted(
        (method, str(route.path), str(route.name))
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
    )
