"""The golden thread: from what an inspection found to what is promised, done, supported and seen. Empty cells are the agenda."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.domain.plan_facts import AreaFact, FindingFact, ObjectiveFact, PlanFacts


class Cell(StrEnum):
    """What a thread needs; a cell that is empty is named."""

    OBJECTIVES = "objectives"
    TARGETS = "targets"
    ACTIONS = "actions"
    MILESTONES = "milestones"
    SUPPORT = "support"
    EVIDENCE = "evidence"


@dataclass(frozen=True, kw_only=True)
class Thread:
    """One finding, or one area or priority that no finding stands in, and what hangs on it."""

    start: FindingFact | AreaFact
    objectives: tuple[ObjectiveFact, ...] = ()
    target_ids: frozenset[UUID] = frozenset()
    action_ids: frozenset[UUID] = frozenset()
    milestone_ids: frozenset[UUID] = frozenset()
    allocation_ids: frozenset[UUID] = frozenset()
    last_evidence_on: date | None = None
    empty: tuple[Cell, ...] = ()


def threads(facts: PlanFacts, allocations: Mapping[UUID, Iterable[UUID]]) -> list[Thread]:
    """Every thread of the plan, in the order of its findings, then of its areas. `allocations`: support by objective."""
    with_findings = {finding.area_id for finding in facts.findings}
    starts: list[FindingFact | AreaFact] = [
        *facts.findings,
        *(area for area in facts.areas if area.id not in with_findings),
    ]
    return [_thread(facts, start, allocations) for start in starts]


def _thread(facts: PlanFacts, start: FindingFact | AreaFact, allocations: Mapping[UUID, Iterable[UUID]]) -> Thread:
    objectives = tuple(one for one in facts.objectives if start.id in (one.finding_id, one.area_id))
    ours = {one.id for one in objectives}
    direct = isinstance(start, AreaFact)
    thread = Thread(
        start=start,
        objectives=objectives,
        target_ids=frozenset(target for one in objectives for target in one.target_ids)
        | {one.id for one in facts.targets if direct and one.area_id == start.id},
        action_ids=frozenset(
            one.id for one in facts.actions if one.objective_id in ours or (direct and one.area_id == start.id)
        ),
        milestone_ids=frozenset(
            one.id for one in facts.milestones if one.objective_id in ours or (direct and one.area_id == start.id)
        ),
        allocation_ids=frozenset(allocation for one in ours for allocation in allocations.get(one, ())),
        last_evidence_on=max((one.last_evidence_on for one in objectives if one.last_evidence_on), default=None),
    )
    return _with_agenda(thread, counts_objectives=not direct or bool(objectives))


def _with_agenda(thread: Thread, *, counts_objectives: bool) -> Thread:
    """A plan may hang its actions on a priority itself; then no objective is missing."""
    held = {
        Cell.OBJECTIVES: bool(thread.objectives) or not counts_objectives,
        Cell.TARGETS: bool(thread.target_ids),
        Cell.ACTIONS: bool(thread.action_ids),
        Cell.MILESTONES: bool(thread.milestone_ids),
        Cell.SUPPORT: bool(thread.allocation_ids),
        Cell.EVIDENCE: thread.last_evidence_on is not None,
    }
    empty = tuple(cell for cell, is_held in held.items() if not is_held)
    return replace(thread, empty=empty)
