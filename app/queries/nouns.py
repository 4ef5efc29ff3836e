"""Every noun that can be read, by its name in addresses."""

from types import MappingProxyType
from typing import Final

from app.queries.academies import ACADEMIES, ACADEMY_IDENTIFIERS
from app.queries.actions import ACTION_STEPS, ACTIONS, RESPONSIBILITIES
from app.queries.areas import AREAS
from app.queries.assurance import ASSURANCE_LINES, ASSURANCE_SECTIONS
from app.queries.benchmarks import BENCHMARK_SETS, BENCHMARKS
from app.queries.budgets import BUDGET_LINES, BUDGETS
from app.queries.cadences import CADENCE_RULES
from app.queries.calendars import ACADEMIC_YEARS, HALF_TERMS, TERMS
from app.queries.entitlements import ENTITLEMENT_RULES
from app.queries.flags import DATA_QUALITY_FLAGS
from app.queries.frameworks import EVIDENCE_KINDS, FRAMEWORK_CONDITIONS, FRAMEWORKS, REPORT_SECTIONS, STRANDS
from app.queries.indicators import BAND_STATEMENTS, BANDS, INDICATORS
from app.queries.inspection import INSPECTION_AREAS, INSPECTION_FRAMEWORKS, INSPECTION_GRADES
from app.queries.keys import API_KEYS
from app.queries.milestones import EVIDENCE, MILESTONES
from app.queries.objectives import CROSS_REFERENCES, OBJECTIVE_TARGETS, OBJECTIVES
from app.queries.people import BODIES, PEOPLE, PUPIL_GROUPS
from app.queries.plans import PLAN_ACADEMIES, PLAN_PHASES, PLANS
from app.queries.ratings import RATING_LABELS, RATING_LEVELS, RATING_SCALES
from app.queries.stages import INDICATIVE_MEASURES, MATURITY_STAGES
from app.queries.statements import EVALUATION_METHODS, FINDINGS, FRAMEWORK_STATEMENTS, STATEMENTS
from app.queries.targets import STATUTORY_TARGETS, TARGET_VERSIONS, TARGETS
from app.queries.template_items import TEMPLATE_ITEMS
from app.queries.trusts import TRUSTS
from app.queries.windows import MILESTONE_WINDOWS

NOUNS: Final = MappingProxyType(
    {
        noun.plural: noun
        for noun in (
            TRUSTS, ACADEMIES, ACADEMY_IDENTIFIERS, ACADEMIC_YEARS, TERMS, HALF_TERMS, PEOPLE, BODIES, PUPIL_GROUPS,
            INSPECTION_FRAMEWORKS, INSPECTION_AREAS, INSPECTION_GRADES, FRAMEWORKS, FRAMEWORK_CONDITIONS, STRANDS,
            MATURITY_STAGES, INDICATIVE_MEASURES, FRAMEWORK_STATEMENTS, CADENCE_RULES, BENCHMARK_SETS, BENCHMARKS,
            TEMPLATE_ITEMS, ENTITLEMENT_RULES, RATING_SCALES, RATING_LEVELS, RATING_LABELS, ASSURANCE_SECTIONS,
            ASSURANCE_LINES, INDICATORS, BANDS, BAND_STATEMENTS, REPORT_SECTIONS, EVIDENCE_KINDS,
            PLANS, PLAN_ACADEMIES, PLAN_PHASES, AREAS, STATEMENTS, EVALUATION_METHODS, FINDINGS, TARGETS, TARGET_VERSIONS,
            OBJECTIVES, OBJECTIVE_TARGETS, CROSS_REFERENCES, ACTIONS, ACTION_STEPS, RESPONSIBILITIES, MILESTONE_WINDOWS,
            MILESTONES, EVIDENCE, BUDGETS, BUDGET_LINES, STATUTORY_TARGETS, DATA_QUALITY_FLAGS, API_KEYS,
        )
    }
)  # fmt: skip
