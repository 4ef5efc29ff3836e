"""What a plan promises, told flat in one statement: its targets and milestones, and how they hang together."""

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from app.db.noun import Computed, Noun
from app.domain.measure_vocabulary import OfficialScope, Trend
from app.domain.plan_facts import Coded, Fact
from app.domain.plans import Plan
from app.domain.promises import Promise
from app.domain.trajectories import Point, PointSource, points_to
from app.domain.vocabulary import Comparator, MeasureKind, MilestoneStatus
from app.queries.milestones import MILESTONES
from app.queries.objectives import OBJECTIVE_TARGETS
from app.queries.plans import PLAN_ACADEMIES, PLAN_PHASES, PLANS
from app.queries.reading import Moment, Reads, read_record
from app.queries.revival import told
from app.queries.summaries import plan_records
from app.queries.targets import TARGET_POINTS, TARGETS


class PhaseDays(Fact):
    id: UUID
    code: str
    starts_on: date
    ends_on: date


class Numeric(Coded):
    """What targets and milestones share: a value to reach, by a metric, of a group."""

    comparator: Comparator | None = None
    value: Decimal | None = None
    unit: str | None = None
    printed: str | None = None
    metric: str | None = None
    group_id: UUID | None = None
    due_ends_on: date | None = None


class TargetPromise(Numeric):
    phase_id: UUID | None = None
    kind: MeasureKind
    gap_group_id: UUID | None = None
    gap_official: OfficialScope | None = None
    trend: Trend | None = None
    trend_metric: str | None = None
    trend_condition: str | None = None
    caveat: str | None = None
    revision: int = 1

    @property
    def is_gap(self) -> bool:
        return self.gap_group_id is not None or self.gap_official is not None


class MilestonePromise(Numeric):
    objective_id: UUID | None = None
    area_id: UUID | None = None
    measured: MeasureKind
    status: MilestoneStatus

    @property
    def parent(self) -> UUID | None:
        return self.objective_id or self.area_id


class PointPromise(Fact):
    id: UUID
    target_id: UUID
    on: date
    comparator: Comparator | None = None
    value: Decimal
    printed: str | None = None


class ServedTarget(Fact):
    objective_id: UUID
    target_id: UUID


class PlanPromises(Fact):
    """A plan's promises in use. Those of a phase end with it, if they have no day of their own."""

    id: UUID
    code: str
    title: str
    starts_on: date
    academies: tuple[UUID, ...] = ()
    phases: tuple[PhaseDays, ...] = ()
    targets: tuple[TargetPromise, ...] = ()
    milestones: tuple[MilestonePromise, ...] = ()
    points: tuple[PointPromise, ...] = ()
    served: tuple[ServedTarget, ...] = ()

    @cached_property
    def _phases(self) -> dict[UUID, PhaseDays]:
        return {one.id: one for one in self.phases}

    @property
    def numeric_milestones(self) -> tuple[MilestonePromise, ...]:
        """Those with a value to reach. A milestone that another has taken the place of promises nothing."""
        return tuple(one for one in self.milestones if one.value is not None)

    def phase_of(self, target: TargetPromise) -> PhaseDays | None:
        return self._phases.get(target.phase_id) if target.phase_id else None

    def of_target(self, target: TargetPromise, everybody: frozenset[UUID]) -> Promise:
        phase = self.phase_of(target)
        named = Promise.__dataclass_fields__.keys() & TargetPromise.model_fields.keys()
        values = {name: getattr(target, name) for name in named}
        values["group_id"] = None if target.group_id in everybody else target.group_id
        end = target.due_ends_on or (phase.ends_on if phase else None)
        return Promise(**values, starts_on=phase.starts_on if phase else None, ends_on=end)

    def of_milestone(self, milestone: MilestonePromise, everybody: frozenset[UUID]) -> Promise:
        """A figure from before the plan began says nothing of it."""
        return Promise(
            kind=milestone.measured,
            metric=milestone.metric,
            comparator=milestone.comparator,
            value=milestone.value,
            printed=milestone.printed,
            group_id=None if milestone.group_id in everybody else milestone.group_id,
            starts_on=self.starts_on,
            ends_on=milestone.due_ends_on,
        )

    def way_to(self, target: TargetPromise) -> list[Point]:
        """The dated points that lead up to a target, and the target at its end."""
        if target.value is None:
            return []
        own = [
            Point(source=PointSource.TARGET_POINT, **one.model_dump(exclude={"target_id"}))
            for one in self.points
            if one.target_id == target.id
        ]
        objectives = {one.objective_id for one in self.served if one.target_id == target.id}
        leading = [one for one in self.numeric_milestones if one.objective_id in objectives and _alike(one, target)]
        phase = self.phase_of(target)
        end = target.due_ends_on or (phase.ends_on if phase else None)
        last = _point(target, PointSource.TARGET, end) if end else None
        milestones = [one for one in _dated(leading) if end is None or one.on <= end]
        return points_to(own, [] if target.is_gap else milestones, last)

    def way_past(self, milestone: MilestonePromise) -> list[Point]:
        """The milestones of one metric and group that stand where this one does, itself among them."""
        beside = [one for one in self.numeric_milestones if one.parent == milestone.parent and _alike(one, milestone)]
        return points_to([], _dated(beside), None)


def _alike(one: Numeric, other: Numeric) -> bool:
    return one.metric is not None and (one.metric, one.group_id) == (other.metric, other.group_id)


def _dated(milestones: list[MilestonePromise]) -> list[Point]:
    return [_point(one, PointSource.MILESTONE, one.due_ends_on) for one in milestones if one.due_ends_on is not None]


def _point(one: Numeric, source: PointSource, on: date) -> Point:
    assert one.value is not None
    return Point(
        on=on, value=one.value, comparator=one.comparator, source=source, id=one.id, code=one.code, printed=one.printed
    )


def _rows(name: str, noun: Noun, *fields: str, order: str = "id") -> Computed:
    records = plan_records(noun, " ".join(f'"{field}"' for field in ("id", order, *fields)))
    sql = f"select coalesce(json_agg(row_to_json(q) order by q.\"{order}\"), '[]') from ({records}) q"
    return Computed(name, sql, Any)


_OF_PLAN: Final = plan_records(PLAN_ACADEMIES, '"academyId"')
_ACADEMIES: Final = f"select coalesce(json_agg(q.\"academyId\"), '[]') from ({_OF_PLAN}) q"
_NUMERIC: Final = ("code", "label", "comparator", "value", "unit", "printed", "metric", "groupId", "dueEndsOn")
PLAN_PROMISES: Final = Noun(
    name="planPromises",
    plural="plan-promises",
    title="PlanPromises",
    entity=Plan,
    doc="A plan and what it promises.",
    fields=(
        *(item for item in PLANS.columns() if item.name in ("id", "code", "title", "startsOn")),
        Computed("academies", _ACADEMIES, Any),
        _rows("phases", PLAN_PHASES, "code", "startsOn", "endsOn"),
        _rows(
            "targets",
            TARGETS,
            *_NUMERIC,
            *("phaseId", "kind", "gapGroupId", "gapOfficial", "trend", "trendMetric", "trendCondition"),
            *("caveat", "revision"),
            order="code",
        ),
        _rows("milestones", MILESTONES, *_NUMERIC, "objectiveId", "areaId", "measured", "status", order="code"),
        _rows("points", TARGET_POINTS, "targetId", "on", "comparator", "value", "printed", order="on"),
        _rows("served", OBJECTIVE_TARGETS, "objectiveId", "targetId"),
    ),
    filters={},
    sorts={},
)


async def read_promises(reads: Reads, plan_id: UUID, moment: Moment) -> PlanPromises:
    """In one statement, whatever the plan holds."""
    facts = told((await read_record(reads, PLAN_PROMISES, plan_id, moment)).body)
    gone = MilestoneStatus.SUPERSEDED
    facts["milestones"] = [one for one in facts["milestones"] if one["status"] != gone]
    return PlanPromises.model_validate(facts)
