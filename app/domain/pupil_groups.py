"""Pupil groups, each under its own code until a trust confirms that two are the same."""

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.entity import Sourced, unique


class PupilGroup(Sourced, table=True):
    __tablename__ = "pupil_group"
    __table_args__ = (
        unique("code", refusal="The trust already has a pupil group with this code. Choose another code."),
    )

    code: str
    label: str
    aliases: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), description="Other names, once confirmed.")
    confirmed_by: str | None = Field(default=None, description="Role of whoever confirmed the aliases.")
