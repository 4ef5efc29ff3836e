"""Assurance reviews: an academy in a term, its evidence frozen when the review opens, its lines rated by people."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import DateTime, Index, Numeric, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.entity import AcademyRecord, Entity, Word, belongs_to, of_academy, unique
from app.domain.errors import Conflict, Fault, IllegalMove, Invalid
from app.domain.events import Event, Verb
from app.domain.measure_vocabulary import Absence
from app.domain.review_vocabulary import Certainty, ReviewStatus, SuggestionStatus

_NEXT: Final = {
    ReviewStatus.SCHEDULED: {ReviewStatus.OPEN},
    ReviewStatus.OPEN: {ReviewStatus.SUBMITTED},
    ReviewStatus.SUBMITTED: {ReviewStatus.OPEN, ReviewStatus.MODERATED},
    ReviewStatus.MODERATED: {ReviewStatus.SIGNED_OFF},
    ReviewStatus.SIGNED_OFF: {ReviewStatus.SUPERSEDED},
    ReviewStatus.SUPERSEDED: frozenset[ReviewStatus](),
}
_VERBS: Final = {
    ReviewStatus.OPEN: Verb.OPENED,
    ReviewStatus.SUBMITTED: Verb.SUBMITTED,
    ReviewStatus.MODERATED: Verb.MODERATED,
    ReviewStatus.SIGNED_OFF: Verb.SIGNED_OFF,
    ReviewStatus.SUPERSEDED: Verb.SUPERSEDED,
}


class AssuranceReview(AcademyRecord, table=True):
    __tablename__ = "assurance_review"
    __table_args__ = of_academy(
        belongs_to("framework", "framework_id", refusal="There is no such framework."),
        belongs_to("term", "term_id", refusal="There is no such term."),
        belongs_to("head_report", "academy_id", "report_id", refusal="The academy has no such report."),
        belongs_to("assurance_review", "academy_id", "supersedes_id", refusal="The academy has no such review."),
        Index(
            "uq_assurance_review_term", "trust_id", "academy_id", "framework_id", "term_id", unique=True,
            postgresql_where=text("status <> 'superseded' and withdrawn_at is null"),
            info={"refusal": "The academy already has a review for this term. Supersede that one to review again."},
        ),
    )  # fmt: skip

    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | {
        "status", "opened_at", "submitted_by", "signed_off_at", "signed_off_by", "supersedes_id",
    }  # fmt: skip
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"academy_id", "framework_id", "term_id"}

    framework_id: UUID
    term_id: UUID
    scheduled_on: date | None = Field(default=None, description="The day it is to be held.")
    lead_role: str = Field(description="The post that leads it.")
    report_id: UUID | None = Field(default=None, description="The head teacher's report that it follows.")
    status: ReviewStatus = Field(default=ReviewStatus.SCHEDULED, sa_type=Word(ReviewStatus))
    opened_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True), description="When its evidence was frozen."
    )
    submitted_by: str | None = Field(default=None, description="The credential that submitted it.")
    signed_off_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    signed_off_by: str | None = Field(default=None, description="The credential that signed it off.")
    supersedes_id: UUID | None = Field(default=None, description="The review it takes the place of.")

    @property
    def in_use(self) -> bool:
        return super().in_use and self.status is not ReviewStatus.SUPERSEDED

    def move(self, to: ReviewStatus, *, reason: str | None = None) -> Event:
        """One step of its life, or a refusal that changes nothing."""
        legal = _NEXT[self.status]
        if to not in legal:
            names = ", ".join(sorted(legal)) or "nothing any more"
            raise IllegalMove(
                f"A {self.status.replace('_', ' ')} review cannot become {to.replace('_', ' ')}. It can become {names}.",
                legal=sorted(legal),
            )
        returned = self.status is ReviewStatus.SUBMITTED and to is ReviewStatus.OPEN
        if returned and not reason:
            sentence = "Say why the review goes back, so that its lead knows what to mend."
            raise Invalid(sentence, faults=[Fault("/reason", "reason-missing", sentence)])
        self.status = to
        return Event(record=self, verb=Verb.RETURNED if returned else _VERBS[to], reason=reason)

    def require_open(self) -> None:
        if self.status is not ReviewStatus.OPEN:
            raise Conflict(f"Lines are rated while a review is open, and this one is {self.status.replace('_', ' ')}.")

    def require_submitted(self) -> None:
        if self.status is not ReviewStatus.SUBMITTED:
            raise Conflict(
                f"Ratings are moderated once a review is submitted, and this one is {self.status.replace('_', ' ')}."
            )


class ReviewEvidence(AcademyRecord, table=True):
    """What was known of one indicator when the review opened. Readings restated afterwards change nothing here."""

    __tablename__ = "review_evidence"
    __table_args__ = of_academy(
        belongs_to("assurance_review", "academy_id", "review_id", refusal="The academy has no such review."),
        belongs_to("assurance_line", "framework_id", "line_id", refusal="The framework has no such line."),
        belongs_to("indicator", "framework_id", "indicator_id", refusal="The framework has no such indicator."),
        belongs_to("reading", "reading_id", refusal="There is no such reading."),
        unique("review_id", "indicator_id", refusal="The review already has evidence of this indicator."),
    )

    review_id: UUID
    framework_id: UUID
    line_id: UUID
    indicator_id: UUID
    metric: str = Field(description="Code of the metric that was read.")
    reading_id: UUID | None = Field(default=None, description="The reading as it stood; null where there was none.")
    value: Decimal | None = Field(default=None, sa_type=Numeric)
    absence: Absence | None = Field(default=None, sa_type=Word(Absence))
    starts_on: date | None = None
    ends_on: date | None = None
    level_ids: list[UUID] = Field(
        default_factory=list, sa_type=ARRAY(Uuid), description="Every level whose band holds it."
    )
    certainty: Certainty = Field(sa_type=Word(Certainty))
    sentence: str = Field(description="What the bands say of it, in words.")


class AssuranceRating(AcademyRecord, table=True):
    """How people rate one line. It may differ from what the figures suggest, and then says why."""

    __tablename__ = "assurance_rating"
    __table_args__ = of_academy(
        belongs_to("assurance_review", "academy_id", "review_id", refusal="The academy has no such review."),
        belongs_to("assurance_line", "framework_id", "line_id", refusal="The framework has no such line."),
        belongs_to("rating_level", "framework_id", "level_id", refusal="The framework has no such level."),
        belongs_to("rating_level", "framework_id", "suggested_level_id", refusal="The framework has no such level."),
        belongs_to("rating_level", "framework_id", "moderated_from_id", refusal="The framework has no such level."),
        unique("review_id", "line_id", refusal="The review already rates this line. Change that rating."),
    )

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"rationale", "moderation_reason"})
    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | {
        "framework_id", "suggested_level_id", "suggestion", "moderated_from_id", "moderation_reason", "rated_by",
    }  # fmt: skip
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"academy_id", "review_id", "line_id"}

    review_id: UUID
    framework_id: UUID
    line_id: UUID
    level_id: UUID
    rationale: str | None = Field(default=None, description="Why; needed where the rating differs from the suggestion.")
    suggested_level_id: UUID | None = Field(default=None, description="What the figures suggested when it was rated.")
    suggestion: SuggestionStatus = Field(
        sa_type=Word(SuggestionStatus), description="Whether the figures could suggest a level, and why not."
    )
    moderated_from_id: UUID | None = Field(default=None, description="The level before moderation.")
    moderation_reason: str | None = None
    rated_by: str = Field(description="The credential that rated it.")

    def check(self) -> None:
        differs = self.suggested_level_id is not None and self.level_id != self.suggested_level_id
        if differs and not self.rationale:
            sentence = "This rating differs from what the figures suggest. Say why in its rationale."
            raise Invalid(sentence, faults=[Fault("/rationale", "rationale-missing", sentence)])

    def moderate(self, level_id: UUID, *, reason: str) -> Event:
        """Another level after comparing academies; the first one stays readable."""
        if level_id == self.level_id:
            raise Invalid("The rating has this level already. Moderate to another level, or leave it.")
        if self.moderated_from_id is None:
            self.moderated_from_id = self.level_id
        self.level_id, self.moderation_reason = level_id, reason
        return Event(record=self, verb=Verb.MODERATED)
