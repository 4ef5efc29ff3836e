"""Releases: figures as they were published, small numbers protected, frozen for good."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Index, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.entity import Entity, Fact, Withdrawable, Word, belongs_to, holds, unique
from app.domain.measure_vocabulary import Grain
from app.domain.protection import Symbol


class Release(Withdrawable, table=True):
    """What the trust let out on a day: figures of some metrics in a period, for whoever may not see single readings."""

    __tablename__ = "release"
    __table_args__ = (unique("code", refusal="The trust already has a release with this code. Choose another code."),)

    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | {"published_at", "figures", "protected", "withheld", "digest"}
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"metrics", "grain", "starts_on", "ends_on"}

    code: str
    label: str
    metrics: list[str] = Field(sa_type=ARRAY(Text), description="Codes of the metrics it is about.")
    grain: Grain = Field(sa_type=Word(Grain))
    starts_on: date
    ends_on: date
    published_at: datetime = Field(sa_type=DateTime(timezone=True))
    figures: int = Field(default=0, description="How many figures it has.")
    protected: int = Field(default=0, description="How many of them are not shown, to protect small numbers.")
    withheld: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        description="Codes of the metrics whose table could not be protected.",
    )
    digest: str = Field(default="", description="SHA-256 over its figures in the order of their ids, in hex.")


class ReleasedFigure(Fact, table=True):
    """One figure of a release, or the symbol that stands for it. `academy_id` null: the trust; `group_id` null: all pupils."""

    __tablename__ = "released_figure"
    __table_args__ = (
        belongs_to("release", "release_id", refusal="There is no such release."),
        belongs_to("metric", "metric_id", refusal="There is no such metric."),
        belongs_to("academy", "academy_id", refusal="There is no such academy."),
        belongs_to("pupil_group", "group_id", refusal="There is no such pupil group."),
        belongs_to("reading", "reading_id", refusal="There is no such reading."),
        holds("shown", "num_nonnulls(value, symbol) = 1", refusal="A figure is a value or the symbol that stands for it."),
        Index("uq_released_figure_cell", "trust_id", "release_id", "metric_id", "academy_id", "group_id", unique=True,
              postgresql_nulls_not_distinct=True, info={"refusal": "The release already has this figure."}),
    )  # fmt: skip

    KEPT_BY: ClassVar[str] = "release_id"

    release_id: UUID
    metric_id: UUID
    academy_id: UUID | None = None
    group_id: UUID | None = None
    reading_id: UUID | None = Field(default=None, description="The reading it shows or stands for; null of a sum.")
    value: Decimal | None = Field(default=None, sa_type=Numeric, description="Rounded to the metric's decimals.")
    numerator: Decimal | None = Field(default=None, sa_type=Numeric)
    denominator: Decimal | None = Field(default=None, sa_type=Numeric)
    symbol: Symbol | None = Field(default=None, sa_type=Word(Symbol))
