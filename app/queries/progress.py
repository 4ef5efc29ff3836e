"""How far a plan has come, as it is published: both counts beside every percentage, never an average."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from app.domain.plan_facts import ActionFact, MilestoneFact, PlanFacts
from app.domain.progress import (
    COMPLETION,
    Share,
    Tally,
    by_area,
    by_lead,
    by_objective,
    by_window,
    due_soon,
    overdue,
    tally_actions,
    tally_milestones,
)
from app.queries.comparison import Number
from app.queries.plan_facts import read_plan_facts
from app.queries.published import Published
from app.queries.reading import Moment, Reads


class ActionProgress(Published):
    """Actions. Cross-references are none."""

    total: int
    counted: int = Field(description="Those that are not cancelled.")
    complete: int
    percentComplete: Number | None = Field(
        description="Of those counted, to one decimal; null where nothing is counted."
    )
    overdue: int = Field(description="Open, and past the last day and the trust's grace. An unresolved date never is.")
    dueSoon: int = Field(description="Open, and within the trust's days of notice before the last day.")
    byStatus: dict[str, int]


class MilestoneProgress(Published):
    """Milestones and criteria of success."""

    total: int
    counted: int = Field(description="Those that are neither withdrawn nor superseded.")
    met: int
    metOnTime: int
    metLate: int
    percentMet: Number | None = Field(description="Of those counted, to one decimal; null where nothing is counted.")
    overdue: int
    dueSoon: int
    byStatus: dict[str, int]
    byTimeliness: dict[str, int]


class Part(Published):
    """One area, objective, lead or window; all null: what has none."""

    id: UUID | None
    code: str | None
    label: str | None


class AreaProgress(Part):
    """What stands in one area or under one priority."""

    actions: ActionProgress
    milestones: MilestoneProgress


class ObjectiveProgress(Part):
    """What stands under one objective; what stands directly under a priority has none."""

    actions: ActionProgress
    milestones: MilestoneProgress


class LeadProgress(Part):
    """The actions that one person or role leads as a whole. An action that two lead is counted for each."""

    actions: ActionProgress


class WindowProgress(Part):
    """The milestones that are checked in one window."""

    dueEndsOn: date | None
    milestones: MilestoneProgress


class DueRecord(Published):
    """One action or milestone with its date."""

    noun: str = Field(description="`action` or `milestone`.")
    id: UUID
    code: str
    label: str | None
    areaCode: str
    duePrinted: str | None
    dueEndsOn: date


class PlanProgress(Published):
    """How far a plan has come on a day."""

    id: UUID
    code: str
    title: str
    on: date
    rule: str = Field(description="The rule of every percentage: done, of what is counted.")
    actions: ActionProgress
    milestones: MilestoneProgress
    crossReferences: int = Field(description="Pointers to another part of the plan, counted nowhere else.")
    byArea: list[AreaProgress]
    byObjective: list[ObjectiveProgress]
    byLead: list[LeadProgress] = Field(description="Who leads most comes first; null: what nobody leads.")
    byWindow: list[WindowProgress]
    overdue: list[DueRecord] = Field(description="Actions and milestones, the longest overdue first.")
    dueSoon: list[DueRecord]


async def read_progress(reads: Reads, plan_id: UUID, moment: Moment) -> PlanProgress:
    return progress_of(await read_plan_facts(reads, plan_id, moment))


def progress_of(plan: PlanFacts) -> PlanProgress:
    return PlanProgress(
        id=plan.id,
        code=plan.code,
        title=plan.title,
        on=plan.on,
        rule=COMPLETION,
        actions=_actions(tally_actions(plan.actions)),
        milestones=_milestones(tally_milestones(plan.milestones)),
        crossReferences=plan.cross_references,
        byArea=[AreaProgress(**_part(plan, one), **_both(one)) for one in by_area(plan)],
        byObjective=[ObjectiveProgress(**_part(plan, one), **_both(one)) for one in by_objective(plan)],
        byLead=[LeadProgress(**_part(plan, one), actions=_actions(one.actions)) for one in by_lead(plan)],
        byWindow=_windows(plan),
        overdue=_dated(plan, overdue(plan)),
        dueSoon=_dated(plan, due_soon(plan)),
    )


def _windows(plan: PlanFacts) -> list[WindowProgress]:
    days: Mapping[UUID | None, date | None] = {one.id: one.due_ends_on for one in plan.windows}
    return [
        WindowProgress(**_part(plan, one), dueEndsOn=days.get(one.of), milestones=_milestones(one.milestones))
        for one in by_window(plan)
    ]


def _part(plan: PlanFacts, share: Share) -> dict[str, Any]:
    if share.of is None:
        return {"id": None, "code": None, "label": None}
    _, record = plan.records[share.of]
    return {"id": share.of, "code": record.code, "label": record.label}


def _both(share: Share) -> dict[str, Any]:
    return {"actions": _actions(share.actions), "milestones": _milestones(share.milestones)}


def _actions(tally: Tally) -> ActionProgress:
    return ActionProgress(
        total=tally.total,
        counted=tally.counted,
        complete=tally.done,
        percentComplete=tally.percent_done,
        overdue=tally.overdue,
        dueSoon=tally.due_soon,
        byStatus=dict(tally.by_status),
    )


def _milestones(tally: Tally) -> MilestoneProgress:
    return MilestoneProgress(
        total=tally.total,
        counted=tally.counted,
        met=tally.done,
        metOnTime=tally.by_timeliness.get("met_on_time", 0),
        metLate=tally.by_timeliness.get("met_late", 0),
        percentMet=tally.percent_done,
        overdue=tally.overdue,
        dueSoon=tally.due_soon,
        byStatus=dict(tally.by_status),
        byTimeliness=dict(tally.by_timeliness),
    )


def _dated(plan: PlanFacts, records: Iterable[ActionFact | MilestoneFact]) -> list[DueRecord]:
    return [
        DueRecord(
            noun=plan.records[one.id][0],
            id=one.id,
            code=one.code,
            label=one.label,
            areaCode=plan.records[one.area_id][1].code,
            duePrinted=one.due_printed,
            dueEndsOn=one.due_ends_on,
        )
        for one in records
        if one.due_ends_on is not None
    ]
