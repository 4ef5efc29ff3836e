"""Observations of lessons, learning walks and book scrutiny: evidence of practice, never a grade of a teacher."""

from datetime import date
from typing import ClassVar

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.entity import AcademyRecord, Entity, Word, holds, of_academy
from app.domain.errors import Fault, Invalid
from app.domain.measure_vocabulary import ObservationKind, ProgressGrade


class Observation(AcademyRecord, table=True):
    """What was seen on a day. Nothing in it says whose lesson it was; observers are told by the codes of their posts."""

    __tablename__ = "observation"
    __table_args__ = of_academy(
        holds(
            "grade", "progress_grade is null or judged",
            refusal="Only an observation that is judged has a grade of progress. Mark it as judged, or leave the grade out.",
        ),
    )  # fmt: skip

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"strengths", "next_steps"})
    SENSITIVE: ClassVar[frozenset[str]] = PERSONAL | {"progress_grade"}
    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | {"recorded_by"}
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"academy_id", "kind", "on"}

    kind: ObservationKind = Field(sa_type=Word(ObservationKind))
    on: date
    observers: list[str] = Field(
        default_factory=list, sa_type=ARRAY(Text), description="Codes of the posts that observed; never of whom."
    )
    subject: str | None = None
    year_group: str | None = None
    groups_seen: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), description="Codes of pupil groups seen.")
    focus: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), description="What was looked for.")
    judged: bool = Field(default=False, description="Whether the progress of pupils was judged.")
    progress_grade: ProgressGrade | None = Field(
        default=None,
        sa_type=Word(ProgressGrade),
        description="Told to those who review and to whoever recorded it; null for all others.",
    )
    strengths: str | None = None
    next_steps: str | None = None
    recorded_by: str | None = Field(default=None, description="Whose it is: whoever recorded it sees it.")

    def check(self) -> None:
        if self.judged and self.progress_grade is None:
            sentence = "A judged observation needs its grade of progress. Give one, or mark it as not judged."
            raise Invalid(sentence, faults=[Fault("/progressGrade", "grade-missing", sentence)])
        if self.progress_grade is not None and not self.judged:
            sentence = "Only an observation that is judged has a grade of progress. Mark it as judged, or leave it out."
            raise Invalid(sentence, faults=[Fault("/progressGrade", "not-judged", sentence)])
