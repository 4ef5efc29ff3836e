"""Benchmarks: what is so of an academy in a stage, by set and strand."""

from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric
from sqlmodel import Field, SQLModel

from app.domain.entity import Entity, FrameworkRecord, Word, belongs_to, holds, of_framework
from app.domain.vocabulary import Comparator


def figures_in_order() -> CheckConstraint:
    return holds(
        "value_to",
        "value_to is null or (value is not null and value_to >= value)",
        refusal="A range runs from its lower figure to its higher one. Give both, in that order.",
    )


class PrintedFigure(SQLModel):
    """A number that a sentence of a framework states, exactly as far as it states it."""

    metric: str | None = Field(default=None, description="Code of the metric it is about.")
    comparator: Comparator | None = Field(default=None, sa_type=Word(Comparator), description="As printed.")
    value: Decimal | None = Field(default=None, sa_type=Numeric, description="The figure; the lower one of a range.")
    value_to: Decimal | None = Field(default=None, sa_type=Numeric, description="The higher figure of a range.")
    unit: str | None = Field(default=None, description="As printed; null where none is.")
    printed: str | None = Field(default=None, description="The figure as printed.")


class BenchmarkSet(FrameworkRecord, table=True):
    """A list of benchmarks. Two sets may say different things of one stage; both are kept."""

    __tablename__ = "benchmark_set"
    __table_args__ = of_framework()

    label: str


class Benchmark(FrameworkRecord, PrintedFigure, table=True):
    __tablename__ = "benchmark"
    __table_args__ = of_framework(
        belongs_to("benchmark_set", "framework_id", "set_id", refusal="The framework has no such benchmark set."),
        belongs_to("maturity_stage", "framework_id", "stage_id", refusal="The framework has no such stage."),
        belongs_to("strand", "framework_id", "strand_id", refusal="The framework has no such strand."),
        belongs_to("framework_condition", "framework_id", "condition_id", refusal="The framework has no such condition."),
        belongs_to("benchmark", "framework_id", "linked_to_id", refusal="The framework has no such benchmark."),
        figures_in_order(),
    )  # fmt: skip

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"set_id", "stage_id", "strand_id"}

    set_id: UUID
    stage_id: UUID
    strand_id: UUID
    label: str
    relative_to: str | None = Field(default=None, description='What the figure is relative to: "national".')
    thread: str | None = Field(default=None, description="What climbs from stage to stage under this name.")
    condition_id: UUID | None = Field(default=None, description="What has to be so for it to be meant.")
    linked_to_id: UUID | None = Field(default=None, description="The same benchmark printed under another strand.")
