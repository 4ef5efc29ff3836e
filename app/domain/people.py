"""People as their documents name them: codes with aliases. No rule needs anybody's name."""

from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.entity import Sourced, Word, belongs_to, unique
from app.domain.vocabulary import PersonKind, PersonStatus


class Person(Sourced, table=True):
    """Whoever can lead or monitor: a person, a role, a group or a body, known by a code."""

    __tablename__ = "person"
    __table_args__ = (
        unique("code", refusal="The trust already has a person or role with this code. Choose another code."),
        belongs_to("body", "body_id", refusal="There is no such body."),
    )

    code: str = Field(description="As printed.")
    kind: PersonKind = Field(sa_type=Word(PersonKind))
    label: str | None = Field(default=None, description="The post or body the code stands for. Never a person's name.")
    status: PersonStatus = Field(
        default=PersonStatus.ACTIVE,
        sa_type=Word(PersonStatus),
        description="`undefined`: used but never explained; `to_confirm`: may be another code's alias, for a person to say.",
    )
    aliases: list[str] = Field(
        default_factory=list, sa_type=ARRAY(Text), description="Other printed forms of the code."
    )
    body_id: UUID | None = Field(default=None, description="The body, where the code stands for one.")
