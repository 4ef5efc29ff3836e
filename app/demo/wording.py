"""The words of one academy: what fills the slots of every text about it."""

from dataclasses import dataclass

from app.demo.chance import Chance
from app.demo.schools import School
from app.demo.words import GROUPS, SUBJECTS, YEARS
from app.domain.vocabulary import Sector

_STUDENTS = frozenset({Sector.SECONDARY, Sector.ALL_THROUGH, Sector.SIXTEEN_PLUS})


@dataclass(frozen=True)
class Wording:
    """One theme's subject, years and group: the same in all of its sentences."""

    pupils: str
    subject: str
    years: str
    group: str

    @classmethod
    def drawn(cls, school: School, chance: Chance) -> "Wording":
        return cls(
            pupils="students" if school.sector in _STUDENTS else "pupils",
            subject=chance.one(SUBJECTS[school.sector]),
            years=chance.one(YEARS[school.sector]),
            group=chance.one(tuple(GROUPS)),
        )

    def fill(self, text: str) -> str:
        group, _ = GROUPS[self.group]
        return text.format(
            pupils=self.pupils, subject=self.subject, years=self.years, group=group.format(pupils=self.pupils)
        )

    @property
    def group_printed(self) -> str:
        return GROUPS[self.group][1]
