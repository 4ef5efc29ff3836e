"""The demo trust's academies: twelve of mixed kinds, told one by one, and as many more as a bench asks for."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from app.domain.vocabulary import AcademyType as Type
from app.domain.vocabulary import PhaseOfEducation as Phase
from app.domain.vocabulary import Sector

MOST: Final = 1000
NAMED: Final = 12


@dataclass(frozen=True)
class School:
    no: int
    code: str
    name: str
    type: Type
    phase: Phase | None
    sector: Sector
    faith: str | None
    joined_on: date
    opened_on: date

    @property
    def is_small(self) -> bool:
        """The further academies fill lists and totals; their plans are short."""
        return self.no > NAMED

    @property
    def initials(self) -> tuple[str, ...]:
        """People the plan names by initials alone, as plans do: one who is known, and in every fourth academy one who is not."""
        if self.is_small:
            return ()
        known = f"{_CONSONANTS[self.no]}{_CONSONANTS[-self.no]}{_VOWELS[self.no % 5]}"
        unknown = f"{_CONSONANTS[self.no + 2]}{_CONSONANTS[self.no]}{_VOWELS[self.no % 3]}"
        return (known, unknown) if self.no % 4 == 1 else (known,)

    def record(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": self.name,
            "type": self.type,
            "phaseOfEducation": self.phase,
            "faith": self.faith,
            "joinedOn": self.joined_on,
            "identifiers": [*self._urns(), self._number("ukprn", 19900000), self._number("laestab", 9991000)],
        }

    def _number(self, kind: str, above: int, begins: date | None = None, ends: date | None = None) -> dict[str, Any]:
        """Numbers from ranges that no real school has been given."""
        return {"kind": kind, "value": str(above + self.no), "validFrom": begins or self.opened_on, "validTo": ends}

    def _urns(self) -> list[dict[str, Any]]:
        """A school that a sponsor took over began anew under another URN on the day it joined."""
        if self.type is not Type.SPONSOR_LED or self.opened_on == self.joined_on:
            return [self._number("urn", 900000)]
        former = self._number("urn", 990000, ends=self.joined_on - timedelta(days=1))
        return [former, self._number("urn", 900000, self.joined_on)]


_CONSONANTS, _VOWELS = "BCDFGHJKLMNPRSTW", "aeiou"
_NONE, _COFE, _CATHOLIC = "none", "Church of England", "Roman Catholic"
_TWELVE: Final = (
    ("ALD", "Alderwisp Church of England Primary School", Type.CONVERTER, Phase.PRIMARY, Sector.PRIMARY, _COFE,
     "2014-04-01", "2014-04-01"),
    ("BRI", "Brindlemoor Primary Academy", Type.SPONSOR_LED, Phase.PRIMARY, Sector.PRIMARY, _NONE,
     "2017-09-01", "2017-09-01"),
    ("CAN", "Candlefen Catholic Primary School", Type.CONVERTER, Phase.PRIMARY, Sector.PRIMARY, _CATHOLIC,
     "2019-01-01", "2019-01-01"),
    ("DUN", "Dunsparrow Primary School", Type.FREE_SCHOOL, Phase.PRIMARY, Sector.PRIMARY, None,
     "2021-09-01", "2021-09-01"),
    ("ESK", "Eskerlode High School", Type.SPONSOR_LED, Phase.SECONDARY, Sector.SECONDARY, _NONE,
     "2022-02-01", "2011-09-01"),
    ("FAR", "Farthinglea School", Type.CONVERTER, Phase.SECONDARY, Sector.SECONDARY, _NONE,
     "2013-08-01", "2013-08-01"),
    ("GUL", "Gullsmere Academy", Type.SPONSOR_LED, Phase.SECONDARY, Sector.SECONDARY, _NONE,
     "2016-01-01", "2016-01-01"),
    ("HAR", "Harrowquill School", Type.FREE_SCHOOL, Phase.ALL_THROUGH, Sector.ALL_THROUGH, _NONE,
     "2018-09-01", "2018-09-01"),
    ("IVE", "Ivelodge School", Type.SPECIAL_CONVERTER, None, Sector.SPECIAL, _NONE,
     "2020-03-01", "2020-03-01"),
    ("JUN", "Juniper Reach School", Type.FREE_SPECIAL, None, Sector.SPECIAL, _NONE,
     "2023-09-01", "2023-09-01"),
    ("KIT", "Kittiwake Bridge Centre", Type.ALTERNATIVE_PROVISION, None, Sector.ALTERNATIVE_PROVISION, _NONE,
     "2021-04-01", "2021-04-01"),
    ("LAR", "Larkspinney Sixth Form College", Type.SIXTEEN_TO_NINETEEN, Phase.SIXTEEN_PLUS, Sector.SIXTEEN_PLUS, _NONE,
     "2024-08-01", "2024-08-01"),
)  # fmt: skip

_FIRST: Final = (
    "Amber", "Bramble", "Cinder", "Dapple", "Ember", "Feather", "Gannet", "Hazel", "Inkle", "Jackdaw", "Kestle",
    "Lantern", "Marram", "Nettle", "Osprey", "Pepper", "Quarrel", "Redshank", "Saffron", "Tansy", "Umber", "Velvet",
    "Whimbrel", "Yarrow", "Thimble", "Spindle", "Pewter", "Oatmeal", "Mallow", "Linnet", "Hopper", "Gosling", "Flint",
    "Dunnock", "Cobble", "Bittern", "Avens", "Teasel", "Sedge", "Rushen",
)  # fmt: skip
_LAST: Final = (
    "acre", "beck", "combe", "dyke", "edge", "fold", "garth", "holme", "ings", "knoll", "leap", "mere", "ness", "oaks",
    "pool", "rigg", "sands", "thwaite", "vale", "wold", "yard", "slade", "croft", "hythe", "spire",
)  # fmt: skip
_KINDS: Final = (
    ("Primary School", Type.CONVERTER, Phase.PRIMARY, Sector.PRIMARY),
    ("Primary Academy", Type.SPONSOR_LED, Phase.PRIMARY, Sector.PRIMARY),
    ("Primary School", Type.FREE_SCHOOL, Phase.PRIMARY, Sector.PRIMARY),
    ("High School", Type.CONVERTER, Phase.SECONDARY, Sector.SECONDARY),
    ("Academy", Type.SPONSOR_LED, Phase.SECONDARY, Sector.SECONDARY),
    ("Special School", Type.SPECIAL_CONVERTER, None, Sector.SPECIAL),
)


def school(no: int) -> School:
    """The academy with this number: the same one in every trust, whatever its seed and scale."""
    if no <= NAMED:
        code, name, type_, phase, sector, faith, joined, opened = _TWELVE[no - 1]
        return School(
            no, code, name, type_, phase, sector, faith, date.fromisoformat(joined), date.fromisoformat(opened)
        )
    first, last = _FIRST[no % len(_FIRST)], _LAST[no // len(_FIRST) % len(_LAST)]
    ending, type_, phase, sector = _KINDS[no % len(_KINDS)]
    joined_on = date(2012 + no % 14, 9, 1)
    return School(no, f"A{no:04}", f"{first}{last} {ending}", type_, phase, sector, _NONE, joined_on, joined_on)
