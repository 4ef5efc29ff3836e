"""Entitlement rules: the support a stage is offered, by team and tier, as far as it is said how much."""

from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Numeric
from sqlmodel import Field

from app.domain.entity import Entity, FrameworkRecord, Word, belongs_to, holds, of_framework
from app.domain.framework_vocabulary import EntitlementTier, EntitlementUnit, Period


class EntitlementRule(FrameworkRecord, table=True):
    """One offer. Quantity, unit and period are each empty where none is printed, and are never made up."""

    __tablename__ = "entitlement_rule"
    __table_args__ = of_framework(
        belongs_to("maturity_stage", "framework_id", "stage_id", refusal="The framework has no such stage."),
        belongs_to("framework_condition", "framework_id", "condition_id", refusal="The framework has no such condition."),
        belongs_to("cadence_rule", "framework_id", "cadence_rule_id", refusal="The framework has no such cadence."),
        holds(
            "quantity", "quantity_min is null or quantity_max is null or quantity_max >= quantity_min",
            refusal="An offer cannot be at most less than at least. Put the two quantities in order.",
        ),
    )  # fmt: skip

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"stage_id"}

    stage_id: UUID
    team: str = Field(description='The team that gives it: "school_improvement", "hr".')
    tier: EntitlementTier | None = Field(default=None, sa_type=Word(EntitlementTier))
    label: str
    provider: str | None = Field(default=None, description="The post or team that gives it.")
    unit: EntitlementUnit | None = Field(default=None, sa_type=Word(EntitlementUnit))
    quantity_min: Decimal | None = Field(default=None, sa_type=Numeric, description="At least, or exactly, so much.")
    quantity_max: Decimal | None = Field(default=None, sa_type=Numeric, description="At most so much.")
    period: Period | None = Field(
        default=None, sa_type=Word(Period), description="Per what; null where none is printed."
    )
    printed: str | None = Field(default=None, description="The quantity as printed.")
    condition_id: UUID | None = Field(default=None, description="What has to be so for it to be offered.")
    cadence_rule_id: UUID | None = Field(default=None, description="How often it recurs, where it does.")
