"""What is assured: sections of a framework, and the lines in them that are rated."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.entity import Entity, FrameworkRecord, belongs_to, of_framework


class AssuranceSection(FrameworkRecord, table=True):
    __tablename__ = "assurance_section"
    __table_args__ = of_framework(
        belongs_to("rating_scale", "framework_id", "scale_id", refusal="The framework has no such rating scale.")
    )

    label: str
    scale_id: UUID = Field(description="The scale its lines are rated on.")


class AssuranceLine(FrameworkRecord, table=True):
    """A line that is rated. A line without numeric bands is rated by people alone."""

    __tablename__ = "assurance_line"
    __table_args__ = of_framework(
        belongs_to("assurance_section", "framework_id", "section_id", refusal="The framework has no such section.")
    )

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"section_id"}

    section_id: UUID
    label: str
    aliases: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), description="Its other printed labels.")
