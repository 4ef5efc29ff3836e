"""A trust's own calendar: academic years, their terms and half-terms. Nothing is assumed where a trust has set none."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from app.domain.entity import Entity, Sourced, Withdrawable, belongs_to, holds, unique
from app.domain.intervals import TermDates


def _no_overlap(owner: str, sentence: str) -> ExcludeConstraint:
    return ExcludeConstraint(
        ("trust_id", "="),
        (owner, "="),
        (text("daterange(starts_on, ends_on, '[]')"), "&&"),
        name=f"ex_no_overlap_within_{owner}",
        using="gist",
        where=text("withdrawn_at is null"),
        info={"refusal": sentence},
    )


class AcademicYear(Sourced, table=True):
    """One academic year: "2026/27"."""

    __tablename__ = "academic_year"
    __table_args__ = (
        unique("code", refusal="The trust's calendar already has this academic year."),
        holds("dates", "ends_on > starts_on", refusal="An academic year cannot end before it begins."),
    )

    code: str = Field(description='"2026/27".')
    starts_on: date
    ends_on: date


class Term(Withdrawable, table=True):
    __tablename__ = "term"
    __table_args__ = (
        belongs_to("academic_year", "academic_year_id", refusal="There is no such academic year."),
        unique("academic_year_id", "no", refusal="The academic year already has a term with this number."),
        holds("dates", "ends_on >= starts_on", refusal="A term cannot end before it begins."),
        _no_overlap("academic_year_id", "Terms of one academic year do not overlap. Change the dates of one of them."),
    )

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"academic_year_id", "no"}

    academic_year_id: UUID
    no: int = Field(ge=1, le=6)
    name: str = Field(description='What due dates call it: "autumn".')
    starts_on: date
    ends_on: date

    def dates(self, year_code: str) -> TermDates:
        """The term as due dates and cadences look at it."""
        return TermDates(self.name, year_code, self.starts_on, self.ends_on)


class HalfTerm(Withdrawable, table=True):
    __tablename__ = "half_term"
    __table_args__ = (
        belongs_to("term", "term_id", refusal="There is no such term."),
        unique("term_id", "no", refusal="The term already has a half-term with this number."),
        holds("dates", "ends_on >= starts_on", refusal="A half-term cannot end before it begins."),
        _no_overlap("term_id", "Half-terms of one term do not overlap. Change the dates of one of them."),
    )

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"term_id", "no"}

    term_id: UUID
    no: int = Field(ge=1, le=2)
    starts_on: date
    ends_on: date
