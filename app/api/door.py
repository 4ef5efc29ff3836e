"""The REST door: every noun's addresses, and the operations that some of them have besides."""

from functools import cache
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, FastAPI
from pydantic import Field

from app.api import (
    assurance,
    calculations,
    categorisation,
    deprecations,
    evaluations,
    events,
    flags,
    frameworks,
    golden_thread,
    guard,
    head_reports,
    health,
    keys,
    metrics,
    milestones,
    openapi,
    plans,
    problems,
    readings,
    releases,
    reviews,
    rollups,
    support,
    targets,
)
from app.api.bodies import Body, Text
from app.api.pages import router as pages
from app.api.resources import Resource, kept, router_of
from app.commands import academies, actions
from app.commands import categorisation as category_commands
from app.commands import frameworks as framework_commands
from app.commands import head_reports as head_report_commands
from app.commands import milestones as milestone_commands
from app.commands import plans as plan_commands
from app.commands import reviews as review_commands
from app.commands import support as support_commands
from app.commands import targets as target_commands
from app.queries.nouns import NOUNS


class Named(Body):
    """Somebody who leads or monitors."""

    person_id: UUID
    printed: Annotated[Text, Field(max_length=60)] | None = Field(
        default=None, description="The code as printed there."
    )


def _named(role: str) -> tuple[Any, Any]:
    return list[Named], Field(default_factory=list, max_length=50, description=f"Whoever {role} it.")


_RESPONSIBLE: Final = {"leads": _named("leads"), "monitors": _named("monitors")}
_ACADEMIES: Final[tuple[Any, Any]] = (
    list[UUID],
    Field(default_factory=list, max_length=500, description="The academies it is for; none: the whole trust."),
)
_TARGETS: Final[tuple[Any, Any]] = (
    list[UUID],
    Field(default_factory=list, max_length=200, description="The targets it serves."),
)

_OWN_WAYS: Final[dict[str, dict[str, Any]]] = {
    "trusts": {"create": None},
    "target-versions": {"create": None, "change": False, "withdraw": None},
    "api-keys": {"create": None, "change": False},
    "academy-identifiers": {"create": academies.identify_academy},
    "plans": {"create": plan_commands.make_plan, "extras": {"academy_ids": _ACADEMIES}},
    "plan-academies": {"create": plan_commands.widen_plan, "change": False, "withdraw": plan_commands.narrow_plan},
    "frameworks": {"withdraw": framework_commands.withdraw_draft},
    "objectives": {"create": actions.set_objective, "extras": {"target_ids": _TARGETS}},
    "actions": {"create": actions.set_action, "extras": _RESPONSIBLE},
    "action-steps": {"create": actions.set_step, "extras": _RESPONSIBLE},
    "targets": {"create": target_commands.set_target},
    "milestones": {"create": milestone_commands.set_milestone, "withdraw": None},
    "evidence": {"create": milestone_commands.add_evidence},
    "readings": {"create": None, "change": False, "withdraw": None},
    "reading-batches": {"create": None, "change": False, "withdraw": None},
    "review-evidence": {"create": None, "change": False, "withdraw": None},
    "head-reports": {"create": head_report_commands.begin_report},
    "head-report-sections": {"create": head_report_commands.write_section},
    "assurance-reviews": {
        "create": review_commands.schedule_review,
        "change": False,
        "withdraw": review_commands.take_back_review,
    },
    "assurance-ratings": {"create": None, "change": False, "withdraw": None},
    "support-allocations": {"create": support_commands.allocate},
    "support-deliveries": {"create": support_commands.deliver},
    "reviews-held": {"create": support_commands.hold_review},
    "benchmark-assessments": {"create": framework_commands.assess_benchmark},
    "category-suggestions": {
        "create": category_commands.suggest_category,
        "extras": categorisation.SUGGESTED,
        "change": False,
        "withdraw": None,
    },
    "category-decisions": {"create": category_commands.decide_category, "change": False, "withdraw": None},
    "releases": {"create": None, "change": False, "withdraw": None},
    "released-figures": {"create": None, "change": False, "withdraw": None},
}


def resources() -> list[Resource]:
    made = []
    for plural, noun in NOUNS.items():
        own = _OWN_WAYS.get(plural, {})
        made.append(Resource(noun, **({"create": kept(noun)} | own)))
    return made


@cache
def _routers() -> tuple[APIRouter, ...]:
    """Each noun's addresses, made once: a router holds no state, and the bodies it publishes take a second to make."""
    return tuple(router_of(resource) for resource in resources())


def install(app: FastAPI, *, max_body_bytes: int) -> None:
    """Give the application its REST door."""
    for router in _routers():
        app.include_router(router)
    for module in (plans, frameworks, milestones, deprecations, targets, flags, events, calculations, keys, health):
        app.include_router(module.router)
    app.include_router(rollups.load)
    app.include_router(rollups.budgets)
    app.include_router(rollups.data_quality)
    app.include_router(golden_thread.router)
    app.include_router(frameworks.of_stages)
    for router in (evaluations.of_targets, evaluations.of_milestones, evaluations.of_plans, evaluations.of_indicators):
        app.include_router(router)
    app.include_router(evaluations.of_academies)
    app.include_router(head_reports.router)
    app.include_router(reviews.router)
    app.include_router(assurance.heat_map)
    app.include_router(assurance.calibration)
    app.include_router(readings.router)
    app.include_router(releases.router)
    app.include_router(metrics.router)
    app.include_router(metrics.of_academies)
    app.include_router(support.allocations)
    app.include_router(support.ledger)
    app.include_router(support.reviews)
    for router in (
        categorisation.of_academies,
        categorisation.of_trust,
        categorisation.in_force,
        categorisation.of_frameworks,
    ):
        app.include_router(router)
    app.include_router(pages)
    problems.install(app)
    openapi.install(app)
    app.state.deprecated = deprecations.by_operation()
    app.add_middleware(guard.Guard, max_body_bytes=max_body_bytes, deprecated=app.state.deprecated)
