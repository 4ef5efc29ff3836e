"""Evidence: notes of what shows that a milestone is so."""

from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from app.domain.entity import Entity, Withdrawable, belongs_to


class Evidence(Withdrawable, table=True):
    """A note of what shows that a milestone is so."""

    __tablename__ = "evidence"
    __table_args__ = (
        belongs_to("plan", "plan_id", refusal="There is no such plan."),
        belongs_to("milestone", "plan_id", "milestone_id", refusal="The plan has no such milestone."),
    )

    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | {"plan_id", "added_by"}
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"milestone_id"}
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"note"})

    plan_id: UUID
    milestone_id: UUID
    note: str = Field(description="What was seen, where, and when.")
    link: str | None = Field(default=None, description="Where it can be looked at.")
    added_by: str | None = None
