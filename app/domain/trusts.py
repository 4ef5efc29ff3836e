"""The trust: who holds the plans, and the rules it has chosen."""

from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Numeric
from sqlmodel import Field

from app.domain.entity import Entity, Word, holds
from app.domain.vocabulary import TrustKind


class Trust(Entity, table=True):
    """A trust, federation or sponsor. Its id is its own trust id."""

    __tablename__ = "trust"
    __table_args__ = (holds("own_trust", "id = trust_id", refusal="A trust's record is its own."),)

    DERIVED: ClassVar[frozenset[str]] = frozenset({"trust_id", "id", "version"})

    trust_id: UUID = Field(primary_key=True)
    code: str = Field(description="Short name, the same on every installation.")
    name: str
    kind: TrustKind = Field(sa_type=Word(TrustKind))
    reviewer_must_differ: bool = Field(
        default=False,
        description="Whether whoever submits a milestone may not be the one who judges it (met, partly met, not met).",
    )
    due_soon_days: int = Field(default=14, ge=0, le=365, description="How long before its last day a date is due soon.")
    overdue_grace_days: int = Field(
        default=0, ge=0, le=365, description="Days after the last day before a date is overdue."
    )
    hours_per_session: Decimal | None = Field(
        default=None, gt=0, le=12, sa_type=Numeric, description="How long a session lasts; null: nobody has said."
    )
    source_document: str | None = Field(default=None)
    source_line: int | None = Field(default=None, ge=1)

    @classmethod
    def named(cls, trust_id: UUID, **values: Any) -> "Trust":
        return cls(trust_id=trust_id, id=trust_id, **values)
