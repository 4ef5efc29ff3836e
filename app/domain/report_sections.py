"""The sections that the head teacher's termly report has to have."""

from sqlmodel import Field

from app.domain.entity import FrameworkRecord, of_framework


class ReportSection(FrameworkRecord, table=True):
    __tablename__ = "report_section"
    __table_args__ = of_framework()

    label: str = Field(description="What the section covers.")
