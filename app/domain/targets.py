"""Targets: what a plan promises, by phase or by date, and every version the promise has had."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Numeric
from sqlmodel import Field

from app.domain.due_columns import DueColumns
from app.domain.entity import Entity, PlanRecord, Sourced, Withdrawable, Word, belongs_to, holds, of_plan, unique
from app.domain.errors import Fault, Invalid
from app.domain.events import Event, Verb
from app.domain.measure_vocabulary import OfficialScope, Trend
from app.domain.vocabulary import Comparator, MeasureKind


class Target(PlanRecord, DueColumns, table=True):
    """A promise, numeric or in words: for one group, or for the gap between two, or to an official comparator."""

    __tablename__ = "target"
    __table_args__ = of_plan(
        belongs_to("area", "plan_id", "area_id", refusal="The plan has no such area."),
        belongs_to("plan_phase", "plan_id", "phase_id", refusal="The plan has no such phase."),
        belongs_to("pupil_group", "group_id", refusal="There is no such pupil group."),
        belongs_to("pupil_group", "gap_group_id", refusal="There is no such pupil group."),
        holds(
            "one_gap", "gap_group_id is null or gap_official is null",
            refusal="A gap is to another group or to an official comparator: give one of them.",
        ),
        holds("numeric_value", "kind <> 'numeric' or value is not null", refusal="A numeric target needs a value."),
    )  # fmt: skip

    PROMISE: ClassVar[tuple[str, ...]] = ("comparator", "value", "unit", "printed", "trend_condition", "caveat")
    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | DueColumns.DUE | {"revision"}
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"area_id", "phase_id", "no", "kind", *PROMISE}

    area_id: UUID
    phase_id: UUID | None = None
    no: int = Field(ge=1)
    kind: MeasureKind = Field(sa_type=Word(MeasureKind))
    label: str
    metric: str | None = Field(default=None, description="Code of the metric it is measured by.")
    comparator: Comparator | None = Field(
        default=None,
        sa_type=Word(Comparator),
        description="As printed; null where none is printed, and then evaluation says what it assumed.",
    )
    value: Decimal | None = Field(default=None, sa_type=Numeric)
    unit: str | None = None
    printed: str | None = Field(default=None, description="The number as printed.")
    group_id: UUID | None = Field(default=None, description="The pupil group it is about.")
    group_printed: str | None = None
    relative_to: str | None = None
    gap_group_id: UUID | None = Field(
        default=None, description="The group whose value is taken away: the target is about the gap."
    )
    gap_official: OfficialScope | None = Field(
        default=None, sa_type=Word(OfficialScope), description="The official comparator that is taken away."
    )
    trend: Trend | None = Field(
        default=None,
        sa_type=Word(Trend),
        description="Which way the series has to move besides, as far as it is printed.",
    )
    trend_metric: str | None = Field(
        default=None, description="Code of the metric whose trend is meant; null: its own."
    )
    trend_condition: str | None = None
    caveat: str | None = None
    revision: int = Field(default=1, description="Counts up with every revised promise.")

    def check(self) -> None:
        self._require_value(self.value)

    def _require_value(self, value: object) -> None:
        if self.kind is MeasureKind.NUMERIC and value is None:
            sentence = "A numeric target needs a value. Give one, or make the target qualitative."
            raise Invalid(sentence, faults=[Fault("/value", "value-missing", sentence)])

    def revise(self, promise: dict[str, object], *, reason: str) -> Event:
        """Promise something else from now on. The former promise stays readable as a version of its own."""
        if not any(getattr(self, name) != value for name, value in promise.items()):
            raise Invalid("Nothing in this revision differs from what is promised already.")
        if "value" in promise:
            self._require_value(promise["value"])
        for name, value in promise.items():
            setattr(self, name, value)
        self.revision += 1
        return Event(record=self, verb=Verb.REVISED, reason=reason)

    def as_promised(self) -> "TargetVersion":
        """The promise as it stands, to be kept beside the target."""
        promise = {name: getattr(self, name) for name in self.PROMISE}
        return TargetVersion(
            trust_id=self.trust_id, plan_id=self.plan_id, target_id=self.id, revision=self.revision, **promise
        )


class TargetVersion(Withdrawable, table=True):
    """One promise a target has made. Never changed afterwards, and so never in the way of withdrawing the target."""

    __tablename__ = "target_version"
    __table_args__ = (
        belongs_to("plan", "plan_id", refusal="There is no such plan."),
        belongs_to("target", "plan_id", "target_id", refusal="The plan has no such target."),
        unique("target_id", "revision", refusal="Somebody revised this target at the same moment. Read it again."),
    )

    plan_id: UUID
    target_id: UUID
    revision: int
    comparator: Comparator | None = Field(default=None, sa_type=Word(Comparator))
    value: Decimal | None = Field(default=None, sa_type=Numeric)
    unit: str | None = None
    printed: str | None = None
    trend_condition: str | None = None
    caveat: str | None = None

    @property
    def in_use(self) -> bool:
        return False


class TargetPoint(Sourced, table=True):
    """One dated point of the way to a target. Without points of its own a target is led up to by its objectives' milestones."""

    __tablename__ = "target_point"
    __table_args__ = (
        belongs_to("plan", "plan_id", refusal="There is no such plan."),
        belongs_to("target", "plan_id", "target_id", refusal="The plan has no such target."),
        unique("target_id", "on", refusal="The target already has a point on this day."),
    )

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"target_id"}

    plan_id: UUID
    target_id: UUID
    on: date = Field(description="The day by which the value is expected.")
    comparator: Comparator | None = Field(default=None, sa_type=Word(Comparator), description="As printed.")
    value: Decimal = Field(sa_type=Numeric)
    printed: str | None = Field(default=None, description="The number as printed.")
