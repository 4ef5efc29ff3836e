"""What was measured, judged, decided and given in the demo trust, academy by academy, each from picks of its own."""

from dataclasses import dataclass
from typing import Any, Final

from app.demo.categories import Categories, categories_of
from app.demo.chance import Chance
from app.demo.half_term import half_term_batch
from app.demo.observations import inspections_of, observations_of
from app.demo.proposals import Proposals
from app.demo.readings import Figures, batches
from app.demo.reviews import head_reports_of, reviews_of
from app.demo.schools import School
from app.demo.support import allocations_of, assessments_of, held_of

_APART: Final = 7919
"""Keeps these picks apart from those of the plans, whatever the seed."""


@dataclass(frozen=True)
class _Academy:
    school: School
    figures: Figures
    observations: list[dict[str, Any]]
    inspections: list[dict[str, Any]]
    categories: Categories
    chance: Chance


def assured(schools: list[School], plans: list[dict[str, Any]], seed: int) -> dict[str, list[dict[str, Any]]]:
    academies = [_academy(one, Chance((seed + 1) * _APART + one.no)) for one in schools]
    told: dict[str, list[dict[str, Any]]] = {
        "readings": [
            *batches([one.figures for one in academies]),
            half_term_batch(plans, {one.school.code: one.figures.roll for one in academies}, seed),
        ]
    }
    for one in academies:
        for name, records in _records(one).items():
            told.setdefault(name, []).extend(records)
    return told


def _academy(school: School, chance: Chance) -> _Academy:
    figures, meetings, more = Figures.drawn(school, chance.child()), chance.child(), chance.child()
    observations, inspections = observations_of(school, more.child()), inspections_of(school, more.child())
    categories = categories_of(school, Proposals(figures, inspections), meetings)
    return _Academy(school, figures, observations, inspections, categories, more)


def _records(of: _Academy) -> dict[str, list[dict[str, Any]]]:
    school, categories, chance = of.school, of.categories, of.chance
    return {
        "observations": of.observations,
        "inspectionOutcomes": of.inspections,
        "benchmarkAssessments": assessments_of(school, categories, chance.child()),
        "headReports": head_reports_of(school, chance.child()),
        "assuranceReviews": reviews_of(school, of.figures, chance.child()),
        "categoryDecisions": categories.decisions,
        "supportAllocations": allocations_of(school, categories, chance.child()),
        "reviewsHeld": held_of(school, categories, chance.child()),
    }
