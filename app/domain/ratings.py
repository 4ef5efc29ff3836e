"""Rating scales: levels in one order, and what each level is called in each context."""

from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from app.domain.entity import Entity, FrameworkRecord, Withdrawable, belongs_to, of_framework, unique, within_framework


class RatingScale(FrameworkRecord, table=True):
    __tablename__ = "rating_scale"
    __table_args__ = of_framework()

    label: str


class RatingLevel(FrameworkRecord, table=True):
    """A level of a scale. `no` is its one place in the order: 1 is the best."""

    __tablename__ = "rating_level"
    __table_args__ = of_framework(
        belongs_to("rating_scale", "framework_id", "scale_id", refusal="The framework has no such rating scale."),
        unique("scale_id", "no", refusal="The scale already has a level in this place of its order."),
    )

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"scale_id"}

    scale_id: UUID
    colour: str | None = Field(default=None, description="The trust's own choice, as #rrggbb. None is assumed.")


class RatingLabel(Withdrawable, table=True):
    """What a level is called in one context: one level, several labels."""

    __tablename__ = "rating_label"
    __table_args__ = within_framework(
        belongs_to("rating_level", "framework_id", "level_id", refusal="The framework has no such rating level."),
        unique("level_id", "context", refusal="The level already has a label in this context."),
    )

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"level_id", "context"}

    framework_id: UUID
    level_id: UUID
    context: str = Field(description='Where it is called so: "key", "bands", "intranet".')
    label: str
