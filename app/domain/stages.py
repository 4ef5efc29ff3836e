"""Maturity stages: how far an academy has come. They are not the time-boxed phases of a plan."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.entity import Entity, FrameworkRecord, Word, belongs_to, holds, of_framework, unique
from app.domain.errors import Fault, Invalid
from app.domain.framework_vocabulary import MeasureRole, Period
from app.domain.intervals import Calendar, Days
from app.domain.periods import after
from app.domain.ranges import Range, range_of
from app.domain.vocabulary import Comparator


class MaturityStage(FrameworkRecord, table=True):
    """A stage, in order. Its duration keeps the unit it is printed in; none printed means that nothing expires."""

    __tablename__ = "maturity_stage"
    __table_args__ = of_framework(
        unique("framework_id", "no", refusal="The framework already has a stage with this number."),
        holds(
            "duration",
            "duration_min is null or duration_max is null or duration_max >= duration_min",
            refusal="A stage cannot last at most less than at least. Put the two durations in order.",
        ),
        holds(
            "duration_unit",
            "(duration_unit is null) = (duration_min is null and duration_max is null)",
            refusal="A duration needs its unit, and a unit its duration: give both or neither.",
        ),
    )

    name: str
    aliases: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), description="What it is called elsewhere.")
    duration_printed: str | None = Field(default=None, description='As printed: "12 - 18 months".')
    duration_min: int | None = Field(default=None, ge=1, le=1000, description="At least so many units.")
    duration_max: int | None = Field(default=None, ge=1, le=1000, description="At most so many units.")
    duration_unit: Period | None = Field(default=None, sa_type=Word(Period))
    open_ended: bool = Field(default=False, description="Whether it is said to go on without end.")

    def check(self) -> None:
        if self.open_ended and self.duration_max is not None:
            sentence = "A stage that goes on without end cannot last at most so long. Drop one of the two."
            raise Invalid(sentence, faults=[Fault("/openEnded", "duration-contradiction", sentence)])

    def expected_end(self, entered_on: date, calendar: Calendar) -> Days | None:
        """From the earliest to the latest day an academy leaves it; none where nothing says so.

        Where only "at most" is printed, it may leave on any day from the one it came.
        """
        if self.duration_unit is None or self.duration_max is None:
            return None
        first: Days | None = Days(entered_on, entered_on)
        if self.duration_min is not None:
            first = after(entered_on, self.duration_min, self.duration_unit, calendar)
        last = after(entered_on, self.duration_max, self.duration_unit, calendar)
        return first.until_end_of(last) if first and last else None


class IndicativeMeasure(FrameworkRecord, table=True):
    """A figure or an inspection grade that points to a stage. It suggests; people decide."""

    __tablename__ = "indicative_measure"
    __table_args__ = of_framework(
        belongs_to("maturity_stage", "framework_id", "stage_id", refusal="The framework has no such stage."),
        belongs_to("inspection_grade", "inspection_grade_id", refusal="There is no such inspection grade."),
        holds(
            "one_test",
            "num_nonnulls(value, inspection_grade_id) = 1 and (value is null) = (comparator is null)",
            refusal="A measure tests a value by a comparator, or an inspection grade: give one of the two.",
        ),
    )

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"stage_id"}

    stage_id: UUID
    metric: str = Field(description="Code of the metric it tests.")
    comparator: Comparator | None = Field(default=None, sa_type=Word(Comparator), description="As printed.")
    value: Decimal | None = Field(default=None, sa_type=Numeric)
    inspection_grade_id: UUID | None = Field(default=None, description="The grade that points to the stage.")
    printed: str | None = Field(default=None, description="The test as printed.")
    role: MeasureRole = Field(
        default=MeasureRole.PROFILE,
        sa_type=Word(MeasureRole),
        description="What being matched means: a profile of the stage, a way in or a way out.",
    )

    @property
    def range(self) -> Range | None:
        """The values that match; none where a grade is tested."""
        if self.comparator is None or self.value is None:
            return None
        return range_of(self.comparator, self.value)
