"""Assurance reviews: an academy in a term, its evidence frozen when the review opens, its lines rated by people."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import DateTime, Index, Numeric, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.entity import AcademyRecord, Entity, Word, belongs_to, of_academy, unique
from app.domain.errors import Conflict, Fault, Forbidden, IllegalMove, Invalid
from app.domain.events import Event, Verb
from app.domain.head_reports import HeadReport
from app.domain.measure_vocabulary import Absence
from app.domain.review_vocabulary import Certainty, ReportStatus, ReviewStatus, SuggestionStatus

_NEXT: Final = {
    ReviewStatus.SCHEDULED: {Verb.OPENED: ReviewStatus.OPEN},
    ReviewStatus.OPEN: {Verb.SUBMITTED: ReviewStatus.SUBMITTED},
    ReviewStatus.SUBMITTED: {Verb.RETURNED: ReviewStatus.OPEN, Verb.MODERATED: ReviewStatus.MODERATED},
    ReviewStatus.MODERATED: {Verb.SIGNED_OFF: ReviewStatus.SIGNED_OFF},
    ReviewStatus.SIGNED_OFF: {Verb.SUPERSEDED: ReviewStatus.SUPERSEDED},
    ReviewStatus.SUPERSEDED: dict[Verb, ReviewStatus](),
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
        "status", "report_id", "opened_at", "submitted_by", "signed_off_at", "signed_off_by", "supersedes_id",
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

    def open(self, *, at: datetime, report: HeadReport | None, asked: bool) -> Event:
        """Begin. Where the framework asks for a head teacher's report, the one of this term comes first."""
        self._require(Verb.OPENED)
        if asked and (report is None or report.status is not ReportStatus.SUBMITTED):
            raise Conflict(
                "The head teacher's report for this term has not been submitted, and the review follows it. "
                "Ask the head teacher to submit it, then open the review."
            )
        self.report_id, self.opened_at = report.id if report else None, at
        return self._move(Verb.OPENED)

    def submit(self, *, by: str, unrated: Sequence[str]) -> Event:
        """Hand it in. Every line of the framework is rated."""
        self._require(Verb.SUBMITTED)
        if unrated:
            raise Conflict(f"These lines are not rated yet: {', '.join(unrated)}. Rate them, then submit the review.")
        self.submitted_by = by
        return self._move(Verb.SUBMITTED)

    def send_back(self, *, reason: str) -> Event:
        """To its lead again, its evidence as it was frozen."""
        return self._move(Verb.RETURNED, reason=reason)

    def moderate(self, *, by: str, reviewer_must_differ: bool) -> Event:
        self._require(Verb.MODERATED)
        if reviewer_must_differ and by == self.submitted_by:
            raise Forbidden("Your trust asks that somebody else moderates a review than submitted it.")
        return self._move(Verb.MODERATED)

    def sign_off(self, *, at: datetime, by: str) -> Event:
        """Final: nothing in it changes any more."""
        self._require(Verb.SIGNED_OFF)
        self.signed_off_at, self.signed_off_by = at, by
        return self._move(Verb.SIGNED_OFF)

    def supersede(self, *, reason: str) -> tuple[Event, "AssuranceReview"]:
        """Review again: a new one takes its place, and it stays readable as it was."""
        event = self._move(Verb.SUPERSEDED, reason=reason)
        again = AssuranceReview(
            trust_id=self.trust_id,
            academy_id=self.academy_id,
            framework_id=self.framework_id,
            term_id=self.term_id,
            lead_role=self.lead_role,
            supersedes_id=self.id,
        )
        return event, again

    def require_scheduled(self) -> None:
        if self.status is not ReviewStatus.SCHEDULED:
            raise Conflict(f"This review is {_words(self.status)}, so it stays. Only a scheduled one is taken back.")

    def require_open(self) -> None:
        if self.status is not ReviewStatus.OPEN:
            raise Conflict(f"Lines are rated while a review is open, and this one is {_words(self.status)}.")

    def _require(self, verb: Verb) -> None:
        legal = _NEXT[self.status]
        if verb not in legal:
            names = " or ".join(_words(one) for one in legal)
            can = f"It can be {names}." if legal else "It is final."
            raise IllegalMove(
                f"A review that is {_words(self.status)} cannot be {_words(verb)}. {can}",
                legal=[str(one) for one in legal],
            )

    def _move(self, verb: Verb, *, reason: str | None = None) -> Event:
        self._require(verb)
        self.status = _NEXT[self.status][verb]
        return Event(record=self, verb=verb, reason=reason)


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


def _words(value: str) -> str:
    return value.replace("_", " ")
