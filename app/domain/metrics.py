"""Metrics: what is measured, how it is made, and where its series breaks."""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Final
from uuid import UUID

from pydantic.alias_generators import to_camel
from sqlalchemy import Numeric
from sqlmodel import Field

from app.domain.entity import Entity, Sourced, Word, belongs_to, holds, unique
from app.domain.errors import Fault, Invalid
from app.domain.events import Event, Verb
from app.domain.framework_vocabulary import DefinitionStatus, Direction
from app.domain.measure_vocabulary import Basis, BreakKind, Feed
from app.domain.ranges import Range

SMALLEST_SHOWN: Final = 6
"""Counts of 1 to 5 are not published unless a metric says otherwise; 3 is the rule of official absence statistics."""


class Metric(Sourced, table=True):
    """A measure, under one code in every plan and framework of the trust. Bands belong to frameworks, never to metrics."""

    __tablename__ = "metric"
    __table_args__ = (
        unique("code", refusal="The trust already has a metric with this code. Choose another code."),
        holds(
            "range", "range_min is null or range_max is null or range_max > range_min",
            refusal="The range of a metric runs from low to high. Put its two ends in order.",
        ),
        holds("valid", "valid_to >= valid_from", refusal="A metric cannot end before it begins."),
    )  # fmt: skip

    DEFINITION: ClassVar[tuple[str, ...]] = (
        "definition", "unit", "direction", "numerator", "denominator", "cohort_basis", "basis", "definition_status",
    )  # fmt: skip
    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | {"definition_version"}
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {*DEFINITION}

    code: str = Field(description="Its name in plans, frameworks and feeds.")
    label: str
    definition: str | None = Field(default=None, description="What it measures and how it is made.")
    unit: str | None = Field(default=None, description='"%", "points"; null where none is printed.')
    direction: Direction | None = Field(
        default=None, sa_type=Word(Direction), description="Which way it gets better; null: neither is said to be."
    )
    numerator: str | None = Field(default=None, description="What is counted.")
    denominator: str | None = Field(default=None, description="Of what.")
    cohort_basis: str | None = Field(
        default=None, description="Whose results: enrolments, pupils at the end of a key stage."
    )
    basis: Basis = Field(default=Basis.PERIOD, sa_type=Word(Basis))
    feed: Feed = Field(default=Feed.READINGS, sa_type=Word(Feed), description="Where its values come from.")
    definition_status: DefinitionStatus = Field(
        default=DefinitionStatus.DEFINED,
        sa_type=Word(DefinitionStatus),
        description="Where nobody says how it is made, values are kept and no official comparison is drawn.",
    )
    definition_version: int = Field(default=1, description="Counts up with every new definition.")
    source_system: str | None = Field(default=None, description="The source that prevails where several send values.")
    valid_from: date | None = Field(default=None, description="First day it is measured.")
    valid_to: date | None = Field(default=None, description="Last day it is measured.")
    range_min: Decimal | None = Field(default=None, sa_type=Numeric, description="The lowest value there can be.")
    range_max: Decimal | None = Field(default=None, sa_type=Numeric, description="The highest value there can be.")
    decimals: int = Field(default=1, ge=0, le=6, description="Decimals it is shown with; values are kept exact.")
    smallest_shown: int = Field(
        default=SMALLEST_SHOWN, ge=1, le=100, description="The smallest count, other than 0, that is published."
    )

    @property
    def range(self) -> Range:
        """Every value there can be."""
        return Range(self.range_min, self.range_min is not None, self.range_max, self.range_max is not None)

    def redefine(self, definition: dict[str, object], *, reason: str) -> Event:
        """Measure something else, or otherwise, under the same code from now on. Readings keep the version they were made by."""
        empty = [name for name, value in definition.items() if value is None and not self.table().c[name].nullable]
        if empty:
            sentence = "It cannot be empty. Give a value, or leave it out to keep it."
            faults = [Fault(f"/{to_camel(name)}", "empty", sentence) for name in empty]
            raise Invalid(f"A metric needs a value of {', '.join(empty)}.", faults=faults)
        if not any(getattr(self, name) != value for name, value in definition.items()):
            raise Invalid("Nothing in this definition differs from the one in force.")
        for name, value in definition.items():
            setattr(self, name, value)
        self.definition_version += 1
        return Event(record=self, verb=Verb.REVISED, reason=reason)

    def require_comparable(self) -> None:
        """Refuse an official comparison of what nobody has defined."""
        if self.definition_status is DefinitionStatus.LOCAL_UNDEFINED:
            sentence = (
                f"Nobody has said how {self.code} is made, so no official figure can stand beside it. Define it first."
            )
            raise Invalid(sentence, faults=[Fault("/metric", "metric-undefined", sentence)])


class SeriesBreak(Sourced, table=True):
    """A day from which values of a metric are not like those before it."""

    __tablename__ = "series_break"
    __table_args__ = (
        belongs_to("metric", "metric_id", refusal="There is no such metric."),
        unique("metric_id", "on", refusal="The metric's series already breaks on this day."),
    )

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"metric_id"}

    metric_id: UUID
    on: date = Field(description="The first day of the new series.")
    kind: BreakKind = Field(default=BreakKind.HARD, sa_type=Word(BreakKind))
    label: str = Field(description="What changed.")
