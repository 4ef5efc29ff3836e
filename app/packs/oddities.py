"""What a pack leaves unclear: faults the service finds by rule, and those the pack itself declares."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.domain import ids
from app.domain.actions import Action, ActionStep
from app.domain.budgets import BudgetLine
from app.domain.dates import Due, DueAssumption, DueProblem
from app.domain.entity import Entity
from app.domain.flags import DataQualityFlag
from app.domain.milestones import Milestone
from app.domain.model import ENTITIES
from app.domain.people import Person
from app.domain.plans import Plan
from app.domain.targets import Target
from app.domain.vocabulary import AmountStatus, MeasureKind, PersonStatus
from app.packs import format as shape
from app.packs.flatten import Flattener, Item

NOUNS: Final = {
    "phase": "plan_phase",
    "window": "milestone_window",
    "step": "action_step",
    "budgetLine": "budget_line",
    "statutoryTarget": "statutory_target",
    "evaluationMethod": "evaluation_method",
    "crossReference": "cross_reference",
    "pupilGroup": "pupil_group",
}
_KINDS: Final = {kind.noun(): kind for kind in ENTITIES}
_OF_TRUST: Final = {"person", "body", "pupil_group", "academy"}


@dataclass(frozen=True)
class Found:
    """A fault found by rule on one record."""

    code: str
    detail: str
    field: str | None = None
    raw: str | None = None


def flags(pack: shape.Pack, items: list[Item], dues: dict[UUID, Due]) -> list[Item]:
    """Every flag of a pack, as records to be loaded like any other."""
    whole = Flattener(ids.trust_id(pack.trust.code))
    references = {
        code: oddity.ref
        for plan in pack.plans
        for oddity in plan.oddities
        for code in (*([oddity.code] if oddity.by_rule else []), *oddity.also)
    }
    lives = {whole.id(Plan, plan.code): plan for plan in pack.plans}
    made: list[Item] = []
    led = {
        item.values["action_id"] for item in items if item.values.get("role") == "lead" and not item.values["step_id"]
    }
    stepped = {item.values["action_id"] for item in items if item.kind is ActionStep}
    for item in items:
        due = None if item.id in stepped and item.due is None else dues.get(item.id)
        made.extend(
            _flag(whole, item.path, item.kind, item.id, item.plan_id, found, references.get(found.code))
            for found in _found(item, due, lives, led)
        )
    for place, plan in enumerate(pack.plans):
        made.extend(_declared(whole, f"/plans/{place}", plan))
    return made


def _declared(whole: Flattener, path: str, plan: shape.PlanShape) -> Iterator[Item]:
    for place, oddity in enumerate(plan.oddities):
        for key in oddity.on:
            name, _, code = key.partition(":")
            noun = NOUNS.get(name, name)
            kind = _KINDS[noun]
            full = code if noun in _OF_TRUST or noun == "plan" else f"{plan.code}/{code}"
            found = Found(oddity.code, oddity.label)
            plan_id = whole.id(Plan, plan.code)
            yield _flag(whole, f"{path}/oddities/{place}", kind, whole.id(kind, full), plan_id, found, oddity.ref)


def _flag(
    whole: Flattener,
    path: str,
    kind: type[Entity],
    record_id: UUID,
    plan_id: UUID | None,
    found: Found,
    ref: str | None,
) -> Item:
    values: dict[str, Any] = {"plan_id": plan_id, "on_noun": kind.noun(), "record_id": record_id, "code": found.code}
    values |= {"detail": found.detail, "field": found.field, "raw": found.raw, "reference": ref}
    key = f"{found.code}/{kind.noun()}/{record_id}/{found.field}/{ref}"
    return Item(path, DataQualityFlag, whole.id(DataQualityFlag, key), values)


def _found(item: Item, due: Due | None, lives: dict[UUID, shape.PlanShape], led: set[UUID]) -> Iterator[Found]:
    rules: dict[type[Entity], Callable[[Item], Iterator[Found]]] = {
        Target: _comparator,
        Milestone: _comparator,
        Person: _person,
        BudgetLine: _amount,
    }
    if item.kind in rules:
        yield from rules[item.kind](item)
    if item.kind is Action and item.id not in led:
        yield Found("lead_missing", "Nobody is named as its lead. None is assumed.", "leads")
    if due is not None and item.kind in (Action, ActionStep, Milestone):
        yield from _due(due, lives[item.plan_id] if item.plan_id else None)


def _comparator(item: Item) -> Iterator[Found]:
    numeric = (item.values.get("kind"), item.values.get("measured"))
    if MeasureKind.NUMERIC in numeric and item.values.get("comparator") is None:
        detail = "A number with no printed comparator. Evaluations state the one they assume."
        yield Found("comparator_missing", detail, "comparator", item.values.get("printed"))


def _person(item: Item) -> Iterator[Found]:
    if item.values["status"] is PersonStatus.UNDEFINED:
        yield Found("code_undefined", "The code is used and never explained. Ask whoever wrote the plan.", "status")
    if item.values["status"] is PersonStatus.TO_CONFIRM:
        yield Found("alias_to_confirm", "It may be another code's alias. A person has to confirm it.", "status")


def _amount(item: Item) -> Iterator[Found]:
    if item.values["status"] is AmountStatus.PROVISIONAL:
        yield Found("amount_provisional", "The amount is still to be confirmed.", "status", item.values.get("printed"))


_ASSUMED: Final = {
    DueAssumption.SHORT_FORM: Found("due_short_form", "Read as month and year; it could be a day of the month."),
    DueAssumption.WEEK_UNRESOLVED: Found(
        "week_unresolved", "The week needs the school's calendar; the month stands for it."
    ),
    DueAssumption.EVENT_DAY_UNKNOWN: Found(
        "event_day_unknown", "The event's day is not known; the month stands for it."
    ),
}


def _due(due: Due, plan: shape.PlanShape | None) -> Iterator[Found]:
    if due.unresolved is DueProblem.NO_DATE:
        yield Found("due_missing", "No due date is given. None is assumed, and it is never overdue.", "due")
    elif due.unresolved is not None:
        reason = due.unresolved.replace("_", " ")
        yield Found(
            "due_unresolved", f"The due date does not resolve ({reason}); it is never overdue.", "due", due.printed
        )
    if due.assumed is not None:
        rule = _ASSUMED[due.assumed]
        yield Found(rule.code, rule.detail, "due", due.printed)
    if plan is not None and _outside(due, plan):
        yield Found(
            "outside_plan_life", "The date lies outside the plan's life. It is kept, not shifted.", "due", due.printed
        )


def _outside(due: Due, plan: shape.PlanShape) -> bool:
    before = due.ends_on is not None and due.ends_on < plan.starts_on
    after = due.starts_on is not None and due.starts_on > plan.ends_on
    return before or after
