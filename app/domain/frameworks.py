"""Frameworks: a trust's own stages, measures, bands and support, versioned and dated. All of it is data."""

from datetime import date, datetime, timedelta
from typing import ClassVar, Final

from sqlalchemy import DateTime, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from app.domain.academies import Academy
from app.domain.entity import Entity, Sourced, Word, holds, unique
from app.domain.errors import Conflict, Fault, Invalid
from app.domain.events import Event, Verb
from app.domain.framework_vocabulary import Applies, FrameworkStatus, MeasurePolicy, NestedReading
from app.domain.vocabulary import Sector

_PARTS_OF_ALL_THROUGH: Final = (Sector.PRIMARY, Sector.SECONDARY)


def _one_in_force(name: str, whose: str, sentence: str, *more: tuple[str, str]) -> ExcludeConstraint:
    return ExcludeConstraint(
        ("trust_id", "="),
        (text(whose), "="),
        *more,
        (text("daterange(valid_from, valid_to, '[]')"), "&&"),
        name=name,
        using="gist",
        where=text("status <> 'draft' and withdrawn_at is null"),
        info={"refusal": sentence},
    )


class Framework(Sourced, table=True):
    """One edition of a trust's framework. A draft is written; a published edition never changes, it is superseded.

    Without `valid_from` it has been in force since before anybody wrote it down; without `valid_to` it stays so until
    another edition takes over.
    """

    __tablename__ = "framework"
    __table_args__ = (
        unique("code", "edition", refusal="The framework already has this edition. Give the new one another number."),
        holds("dates", "valid_to >= valid_from", refusal="A framework cannot end before it begins."),
        _one_in_force(
            "ex_framework_one_edition", "code",
            "Two editions of one framework cannot be in force on one day. Let the new one begin after the other ends.",
        ),
        _one_in_force(
            "ex_framework_one_for_sector", "coalesce(sector, 'every')",
            "Another framework for the same kind of school is in force on one of these days. End it first.",
            ("code", "<>"),
        ),
    )  # fmt: skip

    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | {"status", "published_at"}
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"edition"}

    code: str = Field(description="The framework's name; every edition has it.")
    edition: int = Field(default=1, ge=1)
    title: str
    sector: Sector | None = Field(
        default=None, sa_type=Word(Sector), description="The kind of school it is written for; null: every kind."
    )
    printed_period: str | None = Field(default=None, description="The years it says it is for, as printed.")
    valid_from: date | None = Field(default=None, description="First day in force; null: without a beginning.")
    valid_to: date | None = Field(default=None, description="Last day in force; null: until another takes over.")
    nested_reading: NestedReading = Field(
        default=NestedReading.REPORT,
        sa_type=Word(NestedReading),
        description="How a value is read that the measures of several stages match.",
    )
    measure_policy: MeasurePolicy = Field(
        default=MeasurePolicy.REPORT,
        sa_type=Word(MeasurePolicy),
        description="How the stages that single measures suggest are joined. None is printed, so the default reports each.",
    )
    status: FrameworkStatus = Field(default=FrameworkStatus.DRAFT, sa_type=Word(FrameworkStatus))
    published_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))

    def require_draft(self) -> None:
        """Only a draft is written in."""
        if self.withdrawn_at is not None:
            raise Conflict("This draft is withdrawn, so nothing in it changes any more.")
        if self.status is not FrameworkStatus.DRAFT:
            raise Conflict(
                f"Edition {self.edition} of {self.code} is published, so nothing in it changes any more. "
                "Make a new edition and change that."
            )

    def require_published(self) -> None:
        """Reports and reviews follow an edition in which nothing changes any more."""
        if self.status is FrameworkStatus.DRAFT:
            raise Conflict(f"Edition {self.edition} of {self.code} is a draft. Publish it first.")

    def require_in_use(self) -> None:
        """Of a withdrawn draft comes no other."""
        if self.withdrawn_at is not None:
            raise Conflict(
                "This draft is withdrawn, so no edition follows it. Make one from an edition that is in use."
            )

    def is_in_force(self, on: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= on
        over = self.valid_to is not None and self.valid_to < on
        return self.status is not FrameworkStatus.DRAFT and begun and not over

    def publish(self, *, at: datetime, valid_from: date | None, valid_to: date | None) -> Event:
        """In force from the first day to the last, and unchanged from now on."""
        self.require_draft()
        if valid_from is not None and valid_to is not None and valid_to < valid_from:
            sentence = f"It would end on {valid_to}, before it begins on {valid_from}. Put the two in order."
            raise Invalid(sentence, faults=[Fault("/validTo", "dates-reversed", sentence)])
        self.valid_from, self.valid_to = valid_from, valid_to
        self.status, self.published_at = FrameworkStatus.PUBLISHED, at
        return Event(record=self, verb=Verb.PUBLISHED)

    def give_way(self, to: "Framework", *, from_day: date) -> Event:
        """Another edition takes over on this day: this one is in force until the day before, unless it ended sooner."""
        if self.status is not FrameworkStatus.PUBLISHED:
            raise Conflict(
                f"Edition {self.edition} of {self.code} is {self.status}. Only a published edition gives way to another."
            )
        if self.valid_from is not None and self.valid_from >= from_day:
            raise Conflict(
                f"Edition {self.edition} is in force from {self.valid_from}. "
                f"Let edition {to.edition} begin after that day, not on {from_day}."
            )
        self.valid_to = min(self.valid_to or date.max, from_day - timedelta(days=1))
        self.status = FrameworkStatus.SUPERSEDED
        return Event(record=self, verb=Verb.SUPERSEDED, detail={"by": to.edition})

    def end(self, *, on: date) -> Event:
        """The last day in force, with no edition to follow."""
        if self.status is not FrameworkStatus.PUBLISHED:
            raise Conflict(
                f"A {self.status} framework cannot be ended. Only one that is published and not superseded can."
            )
        if self.valid_from is not None and on < self.valid_from:
            sentence = f"It is in force from {self.valid_from}, so it cannot end on {on}. Name that day or a later one."
            raise Invalid(sentence, faults=[Fault("/on", "dates-reversed", sentence)])
        self.valid_to = on
        return Event(record=self, verb=Verb.ENDED, on=on)

    def fits(self, academy: Academy) -> Applies:
        """Whether it is written for this academy's kind of school."""
        if self.sector is None:
            return Applies.YES
        if academy.sector is None or (academy.sector is Sector.ALL_THROUGH and self.sector in _PARTS_OF_ALL_THROUGH):
            return Applies.TO_JUDGE
        return Applies.YES if academy.sector is self.sector else Applies.NO
