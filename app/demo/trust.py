"""The demo trust as a pack: the same for the same seed, and its first academies the same at every scale."""

from typing import Any, Final

from app.demo.assured import assured
from app.demo.chance import Chance
from app.demo.framework import frameworks
from app.demo.metrics import metrics
from app.demo.oddities import OF_FRAMEWORKS, OF_PLANS, OF_TRUST, oddities
from app.demo.organisation import TRUST, bodies, inspection_frameworks, people_of, pupil_groups, trust_people
from app.demo.phased_plans import phased_plan
from app.demo.priority_plans import priority_plan
from app.demo.schools import MOST, NAMED, School, school
from app.demo.terms import academic_years
from app.domain.errors import Invalid
from app.packs.format import Pack

SEED: Final = 20


def demo_pack(*, seed: int = SEED, academies: int = NAMED) -> Pack:
    """Raises Invalid where it has no academies to give: it has from 1 to 1,000."""
    if not 1 <= academies <= MOST:
        raise Invalid(
            f"The demo trust has from 1 to {MOST:,} academies, not {academies:,}. Ask for a number in between."
        )
    chance = Chance(seed)
    schools = [school(no) for no in range(1, academies + 1)]
    plans = [_plan(one, chance.child()) for one in schools]
    return Pack.model_validate({
        "format": 1,
        "trust": TRUST,
        "academies": [one.record() for one in schools],
        "academicYears": academic_years(),
        "bodies": bodies(schools),
        "people": [*trust_people(), *(person for one in schools for person in people_of(one))],
        "pupilGroups": pupil_groups(),
        "metrics": metrics(),
        "inspectionFrameworks": inspection_frameworks(),
        "frameworks": [{**one, "oddities": oddities(OF_FRAMEWORKS)} for one in frameworks()],
        "plans": plans,
        **assured(schools, plans, seed),
        "oddities": oddities(OF_TRUST),
    })  # fmt: skip


def _plan(of: School, chance: Chance) -> dict[str, Any]:
    """The two shapes take turns."""
    plan = phased_plan(of, chance) if of.no % 2 else priority_plan(of, chance)
    return {**plan, "oddities": oddities(OF_PLANS)}
