"""What a plan page says that no row holds, computed from rows that are loaded: for the peers, whichever ORM loads theirs."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from app.domain.vocabulary import (
    ActionStatus,
    AmountStatus,
    MeasureKind,
    MilestoneStatus,
    ResponsibilityRole,
    Timeliness,
)

_CLOSED: Final = (
    MilestoneStatus.WITHDRAWN,
    MilestoneStatus.SUPERSEDED,
    MilestoneStatus.PARTLY_MET,
    MilestoneStatus.NOT_MET,
)
_PAST: Final = {
    MilestoneStatus.SUBMITTED: Timeliness.AWAITING_REVIEW,
    MilestoneStatus.DEFERRED: Timeliness.NOT_DUE,
}


class SummedBudget:
    lines: list[Any]
    printed_total: Any

    @property
    def computed_total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def confirmed_total(self) -> Decimal:
        return self.computed_total - self.provisional_total

    @property
    def provisional_total(self) -> Decimal:
        return sum((line.amount for line in self.lines if line.status == AmountStatus.PROVISIONAL), Decimal(0))

    @property
    def reconciles(self) -> bool | None:
        return None if self.printed_total is None else bool(self.printed_total == self.computed_total)


class MeasuredTarget:
    kind: Any
    comparator: Any

    @property
    def comparator_assumed(self) -> bool:
        return bool(self.kind == MeasureKind.NUMERIC) and self.comparator is None


class LedStep:
    responsible: list[Any]

    @property
    def leads(self) -> list[Any]:
        return [one for one in self.responsible if one.role == ResponsibilityRole.LEAD]

    @property
    def monitors(self) -> list[Any]:
        return [one for one in self.responsible if one.role == ResponsibilityRole.MONITOR]


class LedAction:
    responsible: list[Any]
    status: Any
    due_ends_on: Any
    is_overdue: bool

    @property
    def leads(self) -> list[Any]:
        return [one for one in self.responsible if one.role == ResponsibilityRole.LEAD and one.step_id is None]

    @property
    def monitors(self) -> list[Any]:
        return [one for one in self.responsible if one.role == ResponsibilityRole.MONITOR and one.step_id is None]

    def judge(self, trust: Any, today: date) -> None:
        is_open = self.status in (ActionStatus.NOT_STARTED, ActionStatus.IN_PROGRESS)
        self.is_overdue = is_open and _is_past(self.due_ends_on, trust, today)


class TimedMilestone:
    status: Any
    due_ends_on: Any
    met_on: Any
    timeliness: Timeliness

    @property
    def is_overdue(self) -> bool:
        return self.timeliness is Timeliness.OVERDUE

    def judge(self, trust: Any, today: date) -> None:
        self.timeliness = self._timeliness(trust, today)

    def _timeliness(self, trust: Any, today: date) -> Timeliness:
        if self.status in _CLOSED:
            return Timeliness.CLOSED
        if self.due_ends_on is None:
            return Timeliness.UNRESOLVED
        if self.status == MilestoneStatus.MET:
            on_time = self.met_on is not None and self.met_on <= self.due_ends_on
            return Timeliness.MET_ON_TIME if on_time else Timeliness.MET_LATE
        if _is_past(self.due_ends_on, trust, today):
            return _PAST.get(self.status, Timeliness.OVERDUE)
        soon = (self.due_ends_on - today).days <= trust.due_soon_days
        return Timeliness.DUE_SOON if soon else Timeliness.NOT_DUE


class PlacedPlan:
    phases: list[Any]
    areas: list[Any]
    targets: list[Any]

    def place(self, trust: Any, people: Mapping[UUID, str], today: date) -> None:
        """Tell every record what it shows of the records it stands under or points at."""
        phase_codes = {phase.id: phase.code for phase in self.phases}
        area_codes = {area.id: area.code for area in self.areas}
        windows = {window.id: window.no for phase in self.phases for window in phase.windows}
        places = {area.id: area.no for area in self.areas}
        self.targets.sort(key=lambda target: places[target.area_id])
        for target in self.targets:
            target.area_code, target.phase_code = area_codes[target.area_id], phase_codes.get(target.phase_id)
        for area, objective_code, above in self._above():
            for milestone in above.milestones:
                milestone.area_code, milestone.objective_code = area.code, objective_code
                milestone.window_no = windows.get(milestone.window_id)
                milestone.judge(trust, today)
            for action in above.actions:
                action.area_code, action.objective_code = area.code, objective_code
                action.judge(trust, today)
                for one in action.responsible:
                    one.person_code = people[one.person_id]

    def _above(self) -> Iterable[tuple[Any, str | None, Any]]:
        """What milestones and actions stand under: each area, and each of its objectives with its code."""
        for area in self.areas:
            yield area, None, area
            for objective in area.objectives:
                objective.area_code = area.code
                yield area, objective.code, objective


def _is_past(day: date | None, trust: Any, today: date) -> bool:
    return day is not None and (today - day).days > int(trust.overdue_grace_days)
