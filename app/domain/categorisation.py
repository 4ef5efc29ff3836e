"""The category of an academy: what the figures suggested, and what people decided. Two records, each kept for good."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from app.domain.entity import AcademyRecord, Entity, Word, belongs_to, holds, of_academy, unique
from app.domain.errors import Fault, Invalid
from app.domain.review_vocabulary import Agreement


class CategorySuggestion(AcademyRecord, table=True):
    """What the measures of a framework said on a day, with its whole explanation, as it was put before the meeting."""

    __tablename__ = "category_suggestion"
    __table_args__ = of_academy(
        belongs_to("framework", "framework_id", refusal="There is no such framework."),
        belongs_to("maturity_stage", "framework_id", "stage_id", refusal="The framework has no such stage."),
    )

    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | {"agreement", "stage_id", "explanation"}
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"academy_id", "framework_id", "on"}

    framework_id: UUID
    on: date
    agreement: Agreement = Field(sa_type=Word(Agreement))
    stage_id: UUID | None = Field(default=None, description="The stage suggested; null where none is.")
    explanation: dict[str, Any] = Field(
        sa_type=JSONB, description="The answer as it was: criteria, readings, what is missing."
    )


class CategoryDecision(AcademyRecord, table=True):
    """What a meeting agreed. Nothing in it changes: another decision takes its place from its own first day."""

    __tablename__ = "category_decision"
    __table_args__ = of_academy(
        belongs_to("framework", "framework_id", refusal="There is no such framework."),
        belongs_to("maturity_stage", "framework_id", "stage_id", refusal="The framework has no such stage."),
        belongs_to("category_suggestion", "academy_id", "suggestion_id", refusal="The academy has no such suggestion."),
        unique(
            "academy_id",
            "effective_from",
            "no",
            refusal="Somebody decided for the same day at this moment. Read again.",
        ),
        holds("review", "next_review_on > decided_on", refusal="The next review comes after the decision."),
    )

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"reason"})
    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | {"no"}
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {
        "academy_id", "framework_id", "stage_id", "decided_on", "effective_from", "chair_role", "attendees", "evidence",
        "suggestion_id", "reason", "next_review_on",
    }  # fmt: skip

    framework_id: UUID
    stage_id: UUID = Field(description="The stage decided.")
    decided_on: date
    effective_from: date = Field(description="First day in force; until another decision's first day.")
    no: int = Field(default=1, ge=1, description="Of several decisions for the same first day the last prevails.")
    chair_role: str = Field(description="The post that took the chair.")
    attendees: list[str] = Field(
        default_factory=list, sa_type=ARRAY(Text), description="Posts and bodies that were there."
    )
    evidence: list[str] = Field(
        default_factory=list, sa_type=ARRAY(Text), description="Codes of the kinds of evidence that were considered."
    )
    suggestion_id: UUID | None = Field(default=None, description="The suggestion that was before the meeting.")
    reason: str | None = Field(default=None, description="Why; needed where the decision differs from the suggestion.")
    next_review_on: date | None = None

    def agree_with(self, suggested: UUID | None) -> None:
        """Refuse a decision that differs from the suggestion before the meeting and does not say why."""
        if self.stage_id != suggested and not self.reason:
            what = "differs from what the measures suggest" if suggested else "has no suggestion to rest on"
            sentence = f"This decision {what}. Say why in its reason."
            raise Invalid(sentence, faults=[Fault("/reason", "reason-missing", sentence)])
