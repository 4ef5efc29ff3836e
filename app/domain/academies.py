"""Academies, and the identifiers they have had: the academy stays the same when its URN changes."""

import re
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from sqlmodel import Field

from app.domain.entity import Entity, Sourced, Withdrawable, Word, belongs_to, holds, unique
from app.domain.errors import Fault, Invalid
from app.domain.events import Event, Verb
from app.domain.vocabulary import AcademyType, IdentifierKind, PhaseOfEducation, Sector

_SHAPES: Final = {
    IdentifierKind.URN: (re.compile(r"[0-9]{6}"), "A URN is six digits."),
    IdentifierKind.UKPRN: (re.compile(r"1[0-9]{7}"), "A UKPRN is eight digits and begins with 1."),
    IdentifierKind.LAESTAB: (
        re.compile(r"[0-9]{7}"),
        "A LAESTAB is seven digits: three for the authority, four for the school.",
    ),
}

_BY_TYPE: Final = {
    AcademyType.SPECIAL_SPONSOR_LED: Sector.SPECIAL,
    AcademyType.SPECIAL_CONVERTER: Sector.SPECIAL,
    AcademyType.FREE_SPECIAL: Sector.SPECIAL,
    AcademyType.ALTERNATIVE_PROVISION: Sector.ALTERNATIVE_PROVISION,
    AcademyType.SIXTEEN_TO_NINETEEN: Sector.SIXTEEN_PLUS,
}
_BY_PHASE: Final = {
    PhaseOfEducation.NURSERY: Sector.PRIMARY,
    PhaseOfEducation.PRIMARY: Sector.PRIMARY,
    PhaseOfEducation.MIDDLE_DEEMED_PRIMARY: Sector.PRIMARY,
    PhaseOfEducation.SECONDARY: Sector.SECONDARY,
    PhaseOfEducation.MIDDLE_DEEMED_SECONDARY: Sector.SECONDARY,
    PhaseOfEducation.SIXTEEN_PLUS: Sector.SIXTEEN_PLUS,
    PhaseOfEducation.ALL_THROUGH: Sector.ALL_THROUGH,
}


def sector_of(kind: AcademyType | None, phase: PhaseOfEducation | None) -> Sector | None:
    by_type = _BY_TYPE.get(kind) if kind is not None else None
    return by_type or (_BY_PHASE.get(phase) if phase is not None else None)


class Academy(Sourced, table=True):
    """A school of the trust. Its own id never changes; URN, UKPRN and LAESTAB are dated identifiers."""

    __tablename__ = "academy"
    __table_args__ = (unique("code", refusal="The trust already has an academy with this code. Choose another code."),)

    code: str = Field(description="The trust's own short name for it.")
    name: str
    type: AcademyType | None = Field(default=None, sa_type=Word(AcademyType))
    phase_of_education: PhaseOfEducation | None = Field(default=None, sa_type=Word(PhaseOfEducation))
    faith: str | None = Field(
        default=None, description="Religious character; `none` where it has none, null where it is unknown."
    )
    joined_on: date | None = Field(default=None, description="The day it joined the trust.")

    @property
    def sector(self) -> Sector | None:
        """The kind of school it is, as frameworks tell kinds apart: by its type, else by its phase of education."""
        return sector_of(self.type, self.phase_of_education)


class AcademyIdentifier(Withdrawable, table=True):
    """A number the outside world knew an academy by, and the days on which it did."""

    __tablename__ = "academy_identifier"
    __table_args__ = (
        belongs_to("academy", "academy_id", refusal="There is no such academy."),
        holds(
            "dates", "valid_to is null or valid_to >= valid_from", refusal="An identifier cannot end before it begins."
        ),
        unique(
            "academy_id",
            "kind",
            "valid_from",
            refusal="The academy already has an identifier of this kind from that day.",
        ),
    )

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"academy_id", "kind", "value", "valid_from"}

    academy_id: UUID
    kind: IdentifierKind = Field(sa_type=Word(IdentifierKind))
    value: str = Field(description="A string: leading zeros count.")
    valid_from: date
    valid_to: date | None = Field(default=None, description="The last day it was valid; null while it still is.")

    def check(self) -> None:
        shape, sentence = _SHAPES[self.kind]
        if not shape.fullmatch(self.value):
            raise Invalid(sentence, faults=[Fault("/value", "malformed-identifier", sentence)])

    def end(self, *, on: date) -> Event:
        """A new identifier takes over: this one was valid up to and including the day given."""
        self.valid_to = on
        return Event(record=self, verb=Verb.ENDED, on=on)
