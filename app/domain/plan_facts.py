"""What a plan holds, told flat: what its progress, its checks and its coverage are worked out from."""

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from app.domain.measure_vocabulary import OfficialScope
from app.domain.vocabulary import (
    ActionStatus,
    AreaKind,
    Comparator,
    DueKind,
    MeasureKind,
    MilestoneKind,
    MilestoneStatus,
    Timeliness,
)

NOT_COUNTED: Final = (MilestoneStatus.WITHDRAWN, MilestoneStatus.SUPERSEDED)
"""Milestones that count no more: somebody has taken them back, or put others in their place."""


class Fact(BaseModel):
    """Something that is so on the day. It never changes."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Coded(Fact):
    id: UUID
    code: str
    label: str | None = None


class Dated(Coded):
    due_printed: str | None = None
    due_kind: DueKind = DueKind.NONE
    due_ends_on: date | None = None


class AreaFact(Coded):
    kind: AreaKind


class PhaseFact(Coded):
    no: int


class WindowFact(Dated):
    no: int
    phase_id: UUID


class PersonFact(Coded):
    """Somebody with a part in the plan."""


class FindingFact(Coded):
    area_id: UUID


class ObjectiveFact(Coded):
    area_id: UUID
    finding_id: UUID | None = None
    target_ids: tuple[UUID, ...] = ()
    last_evidence_on: date | None = None


class ActionFact(Dated):
    area_id: UUID
    objective_id: UUID | None = None
    status: ActionStatus = ActionStatus.NOT_STARTED
    is_overdue: bool = False
    is_due_soon: bool = False
    lead_ids: tuple[UUID, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.status in (ActionStatus.NOT_STARTED, ActionStatus.IN_PROGRESS)


class StepFact(Dated):
    no: int
    action_id: UUID


class MilestoneFact(Dated):
    area_id: UUID
    objective_id: UUID | None = None
    window_id: UUID | None = None
    kind: MilestoneKind = MilestoneKind.MILESTONE
    status: MilestoneStatus = MilestoneStatus.PLANNED
    measured: MeasureKind = MeasureKind.QUALITATIVE
    timeliness: Timeliness = Timeliness.NOT_DUE

    @property
    def is_counted(self) -> bool:
        return self.status not in NOT_COUNTED


class Promise(Fact):
    """What a target promised in one of its versions."""

    revision: int
    comparator: Comparator | None = None
    value: Decimal | None = None


class TargetFact(Coded):
    area_id: UUID
    phase_id: UUID | None = None
    kind: MeasureKind
    metric: str | None = None
    group_id: UUID | None = None
    gap_group_id: UUID | None = None
    gap_official: OfficialScope | None = None
    comparator: Comparator | None = None
    value: Decimal | None = None
    revision: int = 1
    versions: tuple[Promise, ...] = ()

    @property
    def measured(self) -> str | None:
        """What it is about: its metric, or the gap between two values of it, which does not get better the same way."""
        is_gap = self.gap_group_id is not None or self.gap_official is not None
        return f"gap in {self.metric}" if is_gap and self.metric else self.metric


class FlagFact(Fact):
    """Something a person or a loader has called unclear, and nobody has resolved."""

    id: UUID
    code: str
    on_noun: str
    record_id: UUID
    detail: str


class PlanFacts(Coded):
    """One plan and everything in use in it."""

    title: str
    on: date
    starts_on: date
    ends_on: date
    areas: tuple[AreaFact, ...] = ()
    phases: tuple[PhaseFact, ...] = ()
    windows: tuple[WindowFact, ...] = ()
    people: tuple[PersonFact, ...] = ()
    findings: tuple[FindingFact, ...] = ()
    objectives: tuple[ObjectiveFact, ...] = ()
    actions: tuple[ActionFact, ...] = ()
    steps: tuple[StepFact, ...] = ()
    milestones: tuple[MilestoneFact, ...] = ()
    targets: tuple[TargetFact, ...] = ()
    flags: tuple[FlagFact, ...] = ()
    cross_references: int = 0

    @cached_property
    def records(self) -> dict[UUID, tuple[str, Coded]]:
        """Every record by its id, with what kind it is."""
        parts: tuple[tuple[str, tuple[Coded, ...]], ...] = (
            ("area", self.areas),
            ("plan_phase", self.phases),
            ("milestone_window", self.windows),
            ("person", self.people),
            ("finding", self.findings),
            ("objective", self.objectives),
            ("action", self.actions),
            ("action_step", self.steps),
            ("milestone", self.milestones),
            ("target", self.targets),
        )
        return {one.id: (noun, one) for noun, records in parts for one in records}

    def flagged(self, code: str) -> frozenset[UUID]:
        """The records that are flagged so, and not resolved."""
        return frozenset(flag.record_id for flag in self.flags if flag.code == code)
