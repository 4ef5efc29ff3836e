"""The statutory grid: measure by year by site, target and actual. A blank cell is null, never zero."""

from decimal import Decimal
from typing import ClassVar

from sqlalchemy import Numeric
from sqlmodel import Field

from app.domain.entity import Entity, PlanRecord, Word, of_plan, unique
from app.domain.vocabulary import StatutoryKind


class StatutoryTarget(PlanRecord, table=True):
    __tablename__ = "statutory_target"
    __table_args__ = of_plan(
        unique(
            "plan_id",
            "measure",
            "year",
            "site",
            "kind",
            refusal="The grid already has this cell. Change its value instead.",
        ),
    )

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"measure", "year", "site", "kind"}

    measure: str
    year: int = Field(ge=2000, le=2100)
    site: str = Field(description="The column's code as printed.")
    kind: StatutoryKind = Field(sa_type=Word(StatutoryKind))
    value: Decimal | None = Field(default=None, sa_type=Numeric)
