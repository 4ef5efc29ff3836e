"""Strands: the themes that run through the stages of a framework."""

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.entity import FrameworkRecord, of_framework


class Strand(FrameworkRecord, table=True):
    __tablename__ = "strand"
    __table_args__ = of_framework()

    label: str
    aliases: list[str] = Field(
        default_factory=list, sa_type=ARRAY(Text), description="What some stages call it instead."
    )
