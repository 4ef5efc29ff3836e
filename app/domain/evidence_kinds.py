"""The kinds of evidence a categorisation has to look at."""

from sqlmodel import Field

from app.domain.entity import FrameworkRecord, of_framework


class EvidenceKind(FrameworkRecord, table=True):
    __tablename__ = "evidence_kind"
    __table_args__ = of_framework()

    label: str = Field(description="What is looked at.")
