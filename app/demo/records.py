"""The records that both shapes of plan are made of: actions, milestones, measured promises."""

from decimal import Decimal
from typing import Any, Final

from app.demo.chance import Chance
from app.demo.schools import School
from app.demo.wording import Wording
from app.demo.words import MEASURES, Measure

LEADS: Final = {
    "LG": ("HT", "DHT", "SLT"),
    "QE": ("CURR", "DHT", "SLT"),
    "BA": ("ATT", "DHT", "DSL"),
    "IN": ("SENDCO", "DSL", "CURR"),
}
SMALL_LEADS: Final = ("HT", "DHT", "SENDCO")
MONITORS: Final = ("LGB", "HT")
TERMS: Final = 3


def led_by(school: School, area: str, chance: Chance, count: int = 1) -> list[dict[str, Any]]:
    roles = chance.some(SMALL_LEADS if school.is_small else (*LEADS[area], *school.initials), count)
    return [{"person": f"{school.code} {role}", "printed": role} for role in roles]


def monitored_by(school: School, chance: Chance) -> list[dict[str, Any]]:
    role = chance.one((*MONITORS, _partner(school)))
    return [{"person": role if role.startswith("SIP") else f"{school.code} {role}", "printed": role}]


def _partner(school: School) -> str:
    """The school improvement partner for this kind of academy."""
    return {"primary": "SIP-P", "special": "SIP-I", "alternative_provision": "SIP-I"}.get(school.sector, "SIP-S")


def measures_of(school: School, area: str) -> tuple[Measure, ...]:
    return tuple(measure for measure in MEASURES[area] if school.sector in measure.sectors)


def rising(measure: Measure, chance: Chance) -> list[Decimal]:
    """The value promised for each term: better by one step each time, and never past what there can be."""
    start = chance.within(measure.low, measure.high)
    most = 1000 if measure.unit == "%" else 10**6
    return [Decimal(max(0, min(most, start + no * measure.step))).scaleb(-1) for no in range(1, TERMS + 1)]


def promise(measure: Measure, value: Decimal, wording: Wording) -> dict[str, Any]:
    """The columns of a figure that is promised, printed as the demo's plans print it."""
    label = wording.fill(measure.label)
    return {
        "label": label,
        "comparator": measure.comparator,
        "value": value,
        "unit": measure.unit,
        "printed": f"{value}%" if measure.unit == "%" else f"{value} {measure.unit}",
    }
