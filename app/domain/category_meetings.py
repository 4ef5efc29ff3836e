"""What a decision about a category has to rest on: a framework in force, a stage and kinds of evidence of it."""

from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

from app.domain.categorisation import CategoryDecision
from app.domain.errors import Fault, Invalid
from app.domain.frameworks import Framework


def require_sound(
    decision: CategoryDecision,
    framework: Framework,
    *,
    stages: Collection[UUID],
    evidence: Collection[str],
    today: date,
) -> None:
    """Refuse a decision that its framework does not carry. `stages` and `evidence` are the framework's own."""
    faults = [*_in_time(decision, framework, today), *_of_framework(decision, framework, stages, evidence)]
    if faults:
        raise Invalid(faults[0].detail, faults=faults)


def require_in_force(framework: Framework, on: date, *, pointer: str) -> None:
    if fault := _not_in_force(framework, on, pointer):
        raise Invalid(fault.detail, faults=[fault])


def _in_time(decision: CategoryDecision, framework: Framework, today: date) -> Iterator[Fault]:
    if decision.decided_on > today:
        yield Fault(
            "/decidedOn", "in-future", f"The meeting of {decision.decided_on} has not been held. Record it afterwards."
        )
    if fault := _not_in_force(framework, decision.effective_from, "/effectiveFrom"):
        yield fault


def _not_in_force(framework: Framework, on: date, pointer: str) -> Fault | None:
    if framework.withdrawn_at is None and framework.is_in_force(on):
        return None
    sentence = (
        f"Edition {framework.edition} of {framework.code} is not in force on {on}. "
        "Name the edition that is, or publish this one first."
    )
    return Fault(pointer, "framework-not-in-force", sentence)


def _of_framework(
    decision: CategoryDecision, framework: Framework, stages: Collection[UUID], evidence: Collection[str]
) -> Iterator[Fault]:
    if decision.stage_id not in stages:
        yield Fault("/stageId", "unknown-stage", f"Edition {framework.edition} of {framework.code} has no such stage.")
    for place, code in enumerate(decision.evidence):
        if code not in evidence:
            known = ", ".join(sorted(evidence)) or "none"
            sentence = f"{framework.code} has no kind of evidence {code}. It has: {known}."
            yield Fault(f"/evidence/{place}", "unknown-evidence", sentence)
