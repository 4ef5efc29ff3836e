"""The head teacher's termly report: one text for each section that the framework asks for, given before the review."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from app.domain.entity import AcademyRecord, Entity, Word, belongs_to, of_academy, unique
from app.domain.errors import Conflict, Fault, Invalid
from app.domain.events import Event, Verb
from app.domain.report_sections import ReportSection
from app.domain.review_vocabulary import ReportStatus


class HeadReport(AcademyRecord, table=True):
    __tablename__ = "head_report"
    __table_args__ = of_academy(
        belongs_to("framework", "framework_id", refusal="There is no such framework."),
        belongs_to("term", "term_id", refusal="There is no such term."),
        unique("academy_id", "framework_id", "term_id", refusal="The academy already has a report for this term."),
    )

    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | {"status", "submitted_on"}
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"academy_id", "framework_id", "term_id"}

    framework_id: UUID
    term_id: UUID
    status: ReportStatus = Field(default=ReportStatus.DRAFT, sa_type=Word(ReportStatus))
    submitted_on: date | None = None

    def require_draft(self) -> None:
        if self.status is not ReportStatus.DRAFT:
            raise Conflict("This report was submitted, so nothing in it changes any more.")

    def require_section(self, section: ReportSection) -> None:
        """Refuse what the framework does not ask for."""
        if section.framework_id != self.framework_id:
            sentence = "The framework of this report asks for no such section. Choose one of its own."
            raise Invalid(sentence, faults=[Fault("/sectionId", "section-of-another-framework", sentence)])

    def submit(self, *, on: date, asked: Sequence[ReportSection], answered: Iterable[UUID]) -> Event:
        """Hand it in. Every section that the framework asks for is in it."""
        self.require_draft()
        done = set(answered)
        missing = [one.label for one in sorted(asked, key=lambda one: one.no) if one.id not in done]
        if missing:
            raise Conflict(
                f"These sections are still missing: {', '.join(missing)}. Write them, then submit the report."
            )
        self.status, self.submitted_on = ReportStatus.SUBMITTED, on
        return Event(record=self, verb=Verb.SUBMITTED, on=on)


class HeadReportSection(AcademyRecord, table=True):
    __tablename__ = "head_report_section"
    __table_args__ = of_academy(
        belongs_to("head_report", "academy_id", "report_id", refusal="The academy has no such report."),
        belongs_to("report_section", "section_id", refusal="There is no such section."),
        unique("report_id", "section_id", refusal="The report already has this section."),
    )

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"body"})
    SENSITIVE: ClassVar[frozenset[str]] = PERSONAL
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"academy_id", "report_id", "section_id"}

    report_id: UUID
    section_id: UUID = Field(description="The section of the framework that it answers.")
    body: str = Field(description="What the head teacher reports.")
