"""Bodies that receive reports and decide: governing bodies, committees, boards."""

from sqlmodel import Field

from app.domain.entity import Sourced, Word, unique
from app.domain.vocabulary import BodyKind


class Body(Sourced, table=True):
    __tablename__ = "body"
    __table_args__ = (unique("code", refusal="The trust already has a body with this code. Choose another code."),)

    code: str
    label: str
    kind: BodyKind = Field(sa_type=Word(BodyKind))
