"""What is done to a milestone: set it, move it, rate it, agree another date, add evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.commands import records
from app.db.unit_of_work import UnitOfWork
from app.domain.errors import Conflict
from app.domain.events import created
from app.domain.evidence import Evidence
from app.domain.framework_vocabulary import Direction
from app.domain.ids import uuid7
from app.domain.metrics import Metric
from app.domain.milestones import Milestone, Submission
from app.domain.roles import Permission
from app.domain.trusts import Trust
from app.domain.vocabulary import Confidence, DateMoveReason, MilestoneStatus
from app.domain.windows import MilestoneWindow


@dataclass(frozen=True, kw_only=True)
class Transition:
    """What a caller sends to move a milestone."""

    to: MilestoneStatus
    on: date | None = None
    reason: str | None = None
    evidence: list[Mapping[str, Any]] = field(default_factory=list)
    due: str | None = None
    due_reason: DateMoveReason | None = None
    value: Decimal | None = None
    override: bool = False


async def set_milestone(work: UnitOfWork, values: Mapping[str, Any]) -> Milestone:
    """A new milestone. Its date is its own text, or else its window's; either way it becomes the baseline."""
    milestone = records.build(work, Milestone, values)
    text = values.get("due")
    if text is None and milestone.window_id is not None:
        window = await work.get(MilestoneWindow, milestone.window_id)
        text = window.due_printed
    milestone.first_due(await records.due_of(work, text, plan_id=milestone.plan_id))
    return await records.keep(work, milestone)


async def load_milestone(work: UnitOfWork, values: Mapping[str, Any]) -> Milestone:
    """A milestone that comes with a history from elsewhere: in the status it had there, with the date first agreed."""
    milestone = records.build(work, Milestone, values)
    agreed = milestone.baseline_due_on
    milestone.first_due(await records.due_of(work, values.get("due"), plan_id=milestone.plan_id))
    milestone.baseline_due_on = agreed or milestone.baseline_due_on
    return await records.keep(work, milestone)


async def move_milestone(work: UnitOfWork, milestone_id: UUID, transition: Transition, *, version: int) -> Milestone:
    milestone = await _reached(
        work, milestone_id, Permission.SUBMIT_MILESTONES, Permission.REVIEW_MILESTONES, version=version
    )
    given = await _submission(work, milestone, transition)
    event = milestone.move(transition.to, given)
    for note in transition.evidence:
        _add_evidence(work, milestone, note)
    work.record(event)
    return milestone


async def rate_milestone(
    work: UnitOfWork, milestone_id: UUID, confidence: Confidence, *, rationale: str, version: int
) -> Milestone:
    milestone = await _reached(
        work, milestone_id, Permission.SUBMIT_MILESTONES, Permission.REVIEW_MILESTONES, version=version
    )
    work.record(milestone.rate(confidence, rationale=rationale))
    return milestone


async def move_due_date(
    work: UnitOfWork, milestone_id: UUID, due: str, *, because: DateMoveReason, reason: str | None, version: int
) -> Milestone:
    milestone = await _reached(work, milestone_id, Permission.WRITE_PLANS, version=version)
    agreed = await records.due_of(work, due, plan_id=milestone.plan_id)
    work.record(milestone.move_due(agreed, because=because, reason=reason))
    return milestone


async def add_evidence(work: UnitOfWork, values: Mapping[str, Any]) -> Evidence:
    milestone = await _reached(work, values["milestone_id"], Permission.SUBMIT_MILESTONES, version=None)
    if not milestone.in_use:
        raise Conflict(f"A {milestone.status} milestone takes no more evidence.")
    return _add_evidence(work, milestone, values)


def _add_evidence(work: UnitOfWork, milestone: Milestone, values: Mapping[str, Any]) -> Evidence:
    evidence = Evidence(
        trust_id=milestone.trust_id,
        id=values.get("id") or uuid7(),
        plan_id=milestone.plan_id,
        milestone_id=milestone.id,
        note=values["note"],
        link=values.get("link"),
        added_by=work.actor.subject,
    )
    work.add(evidence)
    work.record(created(evidence))
    return evidence


async def _reached(work: UnitOfWork, milestone_id: UUID, *one_of: Permission, version: int | None) -> Milestone:
    """The milestone, if the actor may see it, may do one of these things, and reaches it."""
    milestone = await work.get(Milestone, milestone_id)
    if not any(work.actor.may(permission) for permission in one_of):
        work.require(one_of[0])
    await records.reach(work, milestone)
    return await work.get(Milestone, milestone_id, version=version)


async def _submission(work: UnitOfWork, milestone: Milestone, transition: Transition) -> Submission:
    trust = await work.get(Trust, work.actor.trust_id)
    kept = await work.where(Evidence, milestone_id=milestone.id)
    return Submission(
        on=transition.on or work.today,
        now=work.now,
        may_submit=work.actor.may(Permission.SUBMIT_MILESTONES),
        by=work.actor.subject,
        reason=transition.reason,
        has_evidence=bool(transition.evidence or kept),
        due=await records.due_of(work, transition.due, plan_id=milestone.plan_id) if transition.due else None,
        due_reason=transition.due_reason,
        value=transition.value,
        override=transition.override,
        direction=await _direction(work, milestone),
        may_review=work.actor.may(Permission.REVIEW_MILESTONES),
        reviewer_must_differ=trust.reviewer_must_differ,
    )


async def _direction(work: UnitOfWork, milestone: Milestone) -> Direction | None:
    """Which way the milestone's metric gets better, where it names one that the trust has."""
    if milestone.metric is None:
        return None
    return next((metric.direction for metric in await work.where(Metric, code=milestone.metric)), None)
