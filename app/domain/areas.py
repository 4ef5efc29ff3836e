"""Areas of a plan, or its priorities: the first level below the plan."""

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.entity import PlanRecord, Word, of_plan
from app.domain.vocabulary import AreaKind


class Area(PlanRecord, table=True):
    __tablename__ = "area"
    __table_args__ = of_plan()

    no: int = Field(ge=1, description="Order on the page.")
    kind: AreaKind = Field(sa_type=Word(AreaKind))
    label: str
    scope: str | None = Field(default=None, description="What a priority speaks for, where it says.")
    aliases: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
