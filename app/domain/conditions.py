"""Conditions: what has to be so of an academy for a benchmark, an item or an offer to be meant for it."""

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.academies import Academy
from app.domain.entity import FrameworkRecord, Word, of_framework
from app.domain.errors import Fault, Invalid
from app.domain.framework_vocabulary import AcademyAttribute, Applies

NO_FAITH = "none"
"""The word for an academy without a religious character; an empty field says that nobody knows."""


class FrameworkCondition(FrameworkRecord, table=True):
    """A condition the records of an academy can answer, or (with no attribute) one that a person has to judge."""

    __tablename__ = "framework_condition"
    __table_args__ = of_framework()

    label: str
    attribute: AcademyAttribute | None = Field(
        default=None,
        sa_type=Word(AcademyAttribute),
        description="What of the academy is looked at; null: a person judges.",
    )
    values: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        description="It holds where the attribute has one of these values; with none given, where it has any but `none`.",
    )

    def check(self) -> None:
        if self.attribute is None and self.values:
            sentence = "Values need the attribute that is to have them. Name it, or leave the values out."
            raise Invalid(sentence, faults=[Fault("/attribute", "attribute-missing", sentence)])

    def applies_to(self, academy: Academy) -> Applies:
        if self.attribute is None:
            return Applies.TO_JUDGE
        value = getattr(academy, self.attribute)
        if value is None:
            return Applies.TO_JUDGE
        word = str(value).casefold()
        held = word in map(str.casefold, self.values) if self.values else word != NO_FAITH
        return Applies.YES if held else Applies.NO
