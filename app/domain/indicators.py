"""Indicators of an assurance line, the bands their values fall into, and what each band says in words."""

from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Numeric
from sqlmodel import Field

from app.domain.entity import (
    Entity,
    FrameworkRecord,
    Withdrawable,
    Word,
    belongs_to,
    holds,
    of_framework,
    unique,
    within_framework,
)
from app.domain.framework_vocabulary import DefinitionStatus, Direction, TiePolicy
from app.domain.ranges import Range


class Indicator(FrameworkRecord, table=True):
    """A figure that is read in bands. Its range is its own: a rate may pass 100, a value added may be negative."""

    __tablename__ = "indicator"
    __table_args__ = of_framework(
        belongs_to("assurance_line", "framework_id", "line_id", refusal="The framework has no such line."),
        holds(
            "range", "range_min is null or range_max is null or range_max > range_min",
            refusal="The range of an indicator runs from low to high. Put its two ends in order.",
        ),
    )  # fmt: skip

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"line_id"}

    line_id: UUID
    label: str
    metric: str = Field(description="Code of the metric it reads.")
    unit: str | None = None
    direction: Direction = Field(sa_type=Word(Direction), description="Which way it gets better.")
    range_min: Decimal | None = Field(default=None, sa_type=Numeric, description="The lowest value there can be.")
    range_max: Decimal | None = Field(default=None, sa_type=Numeric, description="The highest value there can be.")
    tie_policy: TiePolicy = Field(
        default=TiePolicy.REPORT, sa_type=Word(TiePolicy), description="What a value in two bands is."
    )
    definition_status: DefinitionStatus = Field(
        default=DefinitionStatus.DEFINED,
        sa_type=Word(DefinitionStatus),
        description="Whether the source says how the figure is made.",
    )

    @property
    def range(self) -> Range:
        """Every value there can be."""
        return Range(self.range_min, self.range_min is not None, self.range_max, self.range_max is not None)


class Band(Withdrawable, table=True):
    """An interval of an indicator's values, with open or closed ends as printed, and the level it stands for."""

    __tablename__ = "band"
    __table_args__ = within_framework(
        belongs_to("indicator", "framework_id", "indicator_id", refusal="The framework has no such indicator."),
        belongs_to("rating_level", "framework_id", "level_id", refusal="The framework has no such rating level."),
        unique("indicator_id", "no", refusal="The indicator already has a band with this number."),
        holds(
            "interval", "lo is null or hi is null or hi > lo or (hi = lo and lo_included and hi_included)",
            refusal="A band runs from its lower end to its higher one, and holds at least one value.",
        ),
        holds(
            "ends", "(lo is not null or not lo_included) and (hi is not null or not hi_included)",
            refusal="An end that is not there cannot be within the band.",
        ),
    )  # fmt: skip

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"indicator_id"}

    framework_id: UUID
    indicator_id: UUID
    no: int = Field(default=1, ge=1, description="Order as printed.")
    level_id: UUID
    lo: Decimal | None = Field(default=None, sa_type=Numeric, description="Lower end; null: without end.")
    lo_included: bool = Field(default=False, description="Whether the lower end is within the band.")
    hi: Decimal | None = Field(default=None, sa_type=Numeric, description="Higher end; null: without end.")
    hi_included: bool = Field(default=False, description="Whether the higher end is within the band.")
    printed: str | None = Field(default=None, description="The band as printed.")

    @property
    def range(self) -> Range:
        return Range(self.lo, self.lo_included, self.hi, self.hi_included)


class BandStatement(FrameworkRecord, table=True):
    """What a level says of a line in words; some of the statements restate an indicator's band."""

    __tablename__ = "band_statement"
    __table_args__ = of_framework(
        belongs_to("assurance_line", "framework_id", "line_id", refusal="The framework has no such line."),
        belongs_to("rating_level", "framework_id", "level_id", refusal="The framework has no such rating level."),
        belongs_to("indicator", "framework_id", "indicator_id", refusal="The framework has no such indicator."),
    )

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"line_id", "level_id"}

    line_id: UUID
    level_id: UUID
    label: str
    indicator_id: UUID | None = Field(default=None, description="The indicator whose band it restates.")
