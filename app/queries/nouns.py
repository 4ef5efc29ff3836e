"""Every noun that can be read, by its name in addresses."""

from types import MappingProxyType
from typing import Final

from app.queries.academies import ACADEMIES, ACADEMY_IDENTIFIERS
from app.queries.actions import ACTION_STEPS, ACTIONS, RESPONSIBILITIES
from app.queries.areas import AREAS
from app.queries.budgets import BUDGET_LINES, BUDGETS
from app.queries.calendars import ACADEMIC_YEARS, HALF_TERMS, TERMS
from app.queries.flags import DATA_QUALITY_FLAGS
from app.queries.keys import API_KEYS
from app.queries.milestones import EVIDENCE, MILESTONES
from app.queries.objectives import CROSS_REFERENCES, OBJECTIVE_TARGETS, OBJECTIVES
from app.queries.people import BODIES, PEOPLE, PUPIL_GROUPS
from app.queries.plans import PLAN_ACADEMIES, PLAN_PHASES, PLANS
from app.queries.statements import EVALUATION_METHODS, FINDINGS, STATEMENTS
from app.queries.targets import STATUTORY_TARGETS, TARGET_VERSIONS, TARGETS
from app.queries.trusts import TRUSTS
from app.queries.windows import MILESTONE_WINDOWS

NOUNS: Final = MappingProxyType(
    {
        noun.plural: noun
        for noun in (
            TRUSTS, ACADEMIES, ACADEMY_IDENTIFIERS, ACADEMIC_YEARS, TERMS, HALF_TERMS, PEOPLE, BODIES, PUPIL_GROUPS,
            PLANS, PLAN_ACADEMIES, PLAN_PHASES, AREAS, STATEMENTS, EVALUATION_METHODS, FINDINGS, TARGETS, TARGET_VERSIONS,
            OBJECTIVES, OBJECTIVE_TARGETS, CROSS_REFERENCES, ACTIONS, ACTION_STEPS, RESPONSIBILITIES, MILESTONE_WINDOWS,
            MILESTONES, EVIDENCE, BUDGETS, BUDGET_LINES, STATUTORY_TARGETS, DATA_QUALITY_FLAGS, API_KEYS,
        )
    }
)  # fmt: skip
