"""What each role is promised, written by hand in the field's words: the oracle of the matrix. It reads no table of the product."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.domain.roles import Role


class Group(StrEnum):
    """Kinds of record that everybody sees alike."""

    REFERENCE = "reference"
    ORDINARY = "ordinary"
    REVIEWS = "reviews"
    SENSITIVE = "sensitive"
    OBSERVATIONS = "observations"
    MEASURES = "measures"
    PUBLISHED = "published"
    CREDENTIALS = "credentials"


class Sight(StrEnum):
    """How many of them somebody sees: all of their academies', those signed off, those they recorded themselves, none."""

    ALL = "all"
    SIGNED_OFF = "signed_off"
    OWN = "own"
    NONE = "none"


_KINDS: Final[Mapping[Group, str]] = {
    Group.REFERENCE: """
        trusts academies academy-identifiers academic-years terms half-terms bodies pupil-groups metrics series-breaks
        inspection-frameworks inspection-areas inspection-grades frameworks framework-conditions strands maturity-stages
        indicative-measures framework-statements cadence-rules benchmark-sets benchmarks template-items entitlement-rules
        rating-scales rating-levels rating-labels assurance-sections assurance-lines indicators bands band-statements
        report-sections evidence-kinds""",
    Group.ORDINARY: """
        people plans plan-academies plan-phases areas statements evaluation-methods findings targets target-versions
        target-points objectives objective-targets cross-references actions action-steps responsibilities milestone-windows
        milestones evidence budgets budget-lines statutory-targets check-waivers data-quality-flags inspection-outcomes
        benchmark-assessments category-decisions support-allocations support-deliveries reviews-held trusted-documents""",
    Group.REVIEWS: "assurance-reviews assurance-ratings",
    Group.SENSITIVE: "head-reports head-report-sections review-evidence category-suggestions",
    Group.OBSERVATIONS: "observations",
    Group.MEASURES: "readings reading-batches",
    Group.PUBLISHED: "releases released-figures",
    Group.CREDENTIALS: "api-keys memberships",
}
GROUP_OF: Final[Mapping[str, Group]] = {plural: group for group, words in _KINDS.items() for plural in words.split()}
_ABOUT_ACADEMIES: Final = """
    academies academy-identifiers plans plan-academies plan-phases areas statements evaluation-methods findings targets
    target-versions target-points objectives objective-targets cross-references actions action-steps responsibilities
    milestone-windows milestones evidence budgets budget-lines statutory-targets check-waivers data-quality-flags
    observations inspection-outcomes benchmark-assessments head-reports head-report-sections assurance-reviews review-evidence
    assurance-ratings category-suggestions category-decisions support-allocations support-deliveries reviews-held
    readings reading-batches released-figures api-keys memberships"""
OF_ACADEMIES: Final = frozenset(_ABOUT_ACADEMIES.split())
"""What is about academies. The rest belongs to the whole trust: seen from every academy, changed by who covers them all."""

# In the order of the groups above: reference, ordinary, reviews, sensitive, observations, measures, published, credentials.
_A, _S, _O, _N = Sight.ALL, Sight.SIGNED_OFF, Sight.OWN, Sight.NONE
_SIGHT: Final[Mapping[Role, tuple[Sight, ...]]] = {
    Role.ADMINISTRATOR: (_A, _A, _A, _A, _A, _A, _A, _A),
    Role.TRUST_EXECUTIVE: (_A, _A, _A, _A, _A, _A, _A, _N),
    Role.DIRECTOR_OF_EDUCATION: (_A, _A, _A, _A, _A, _A, _A, _N),
    Role.IMPROVEMENT_PARTNER: (_A, _A, _A, _A, _A, _A, _A, _N),
    Role.REVIEWER: (_A, _A, _A, _A, _A, _A, _A, _N),
    Role.ACADEMY_HEAD: (_A, _A, _A, _A, _A, _A, _A, _N),
    Role.SENIOR_LEADER: (_A, _A, _A, _A, _A, _A, _A, _N),
    Role.MIDDLE_LEADER: (_A, _A, _S, _N, _O, _N, _A, _N),
    Role.GOVERNOR: (_A, _A, _S, _N, _N, _N, _A, _N),
    Role.OBSERVER: (_A, _N, _N, _N, _O, _N, _N, _N),
    Role.MIS_INTEGRATION: (_N, _N, _N, _N, _N, _O, _N, _N),
    Role.BI_READER: (_N, _N, _N, _N, _N, _N, _A, _N),
    Role.READER: (_A, _A, _S, _N, _N, _N, _A, _N),
}
SIGHT: Final = {role: dict(zip(Group, row, strict=True)) for role, row in _SIGHT.items()}

_ABOVE: Final = frozenset({Role.ADMINISTRATOR, Role.TRUST_EXECUTIVE})
_DIRECTORS: Final = _ABOVE | {Role.DIRECTOR_OF_EDUCATION}
_PARTNERS: Final = _DIRECTORS | {Role.IMPROVEMENT_PARTNER}
_REVIEWERS: Final = _PARTNERS | {Role.REVIEWER}
_LEADERS: Final = frozenset({Role.ACADEMY_HEAD, Role.SENIOR_LEADER, Role.MIDDLE_LEADER})
_SEEING: Final = _REVIEWERS | {Role.ACADEMY_HEAD, Role.SENIOR_LEADER}
_READING: Final = _SEEING | {Role.MIDDLE_LEADER, Role.GOVERNOR, Role.READER}

FOLLOWING: Final = _READING - {Role.GOVERNOR}
"""Whoever is told what happened, and what was: events, histories, answers as of a day."""
GRADES_TOLD_TO: Final = _REVIEWERS
"""To whom the judgement of a lesson is told, besides whoever recorded it."""


def may_follow(role: Role, plural: str) -> bool:
    """Whether somebody is told the history of such records: an observation's, those who review; else, who sees all of them."""
    if role not in FOLLOWING:
        return False
    return role in _REVIEWERS if plural == "observations" else SIGHT[role][GROUP_OF[plural]] is Sight.ALL


class Duty(StrEnum):
    """What there is to do, by whose work it is."""

    ORGANISATION = "keep the organisation's records"
    FRAMEWORKS = "write frameworks"
    PLANS = "write plans"
    MILESTONES = "report on milestones"
    EVIDENCE = "add evidence"
    MEASURES = "record measures"
    OBSERVATIONS = "observe"
    HEAD_REPORTS = "write head teachers' reports"
    REVIEWS = "review academies"
    SIGN_OFF = "sign off reviews"
    CATEGORIES = "decide categories"
    SUPPORT = "give support"
    RELEASES = "release figures"
    DOCUMENTS = "list trusted documents"
    CREDENTIALS = "manage keys and memberships"


DOES: Final[Mapping[Duty, frozenset[Role]]] = {
    Duty.ORGANISATION: _ABOVE,
    Duty.FRAMEWORKS: _DIRECTORS,
    Duty.PLANS: _PARTNERS | {Role.ACADEMY_HEAD},
    Duty.MILESTONES: _REVIEWERS | _LEADERS,
    Duty.EVIDENCE: _PARTNERS | _LEADERS,
    Duty.MEASURES: _PARTNERS | {Role.ACADEMY_HEAD, Role.MIS_INTEGRATION},
    Duty.OBSERVATIONS: _REVIEWERS | _LEADERS | {Role.OBSERVER},
    Duty.HEAD_REPORTS: _ABOVE | {Role.ACADEMY_HEAD},
    Duty.REVIEWS: _REVIEWERS,
    Duty.SIGN_OFF: _DIRECTORS,
    Duty.CATEGORIES: _ABOVE,
    Duty.SUPPORT: _PARTNERS,
    Duty.RELEASES: _DIRECTORS,
    Duty.DOCUMENTS: _ABOVE,
    Duty.CREDENTIALS: frozenset({Role.ADMINISTRATOR}),
}

_WRITTEN: Final[Mapping[Duty, str]] = {
    Duty.ORGANISATION: """
        trusts academies academy-identifiers academic-years terms half-terms bodies people pupil-groups metrics series-breaks
        inspection-frameworks inspection-areas inspection-grades""",
    Duty.FRAMEWORKS: """
        frameworks framework-conditions strands maturity-stages indicative-measures framework-statements cadence-rules
        benchmark-sets benchmarks template-items entitlement-rules rating-scales rating-levels rating-labels
        assurance-sections assurance-lines indicators bands band-statements report-sections evidence-kinds""",
    Duty.PLANS: """
        plans plan-academies plan-phases areas statements evaluation-methods findings targets target-points objectives
        objective-targets cross-references actions action-steps responsibilities milestone-windows milestones evidence
        budgets budget-lines statutory-targets check-waivers data-quality-flags""",
    Duty.MEASURES: "reading-batches",
    Duty.OBSERVATIONS: "observations",
    Duty.HEAD_REPORTS: "head-reports head-report-sections",
    Duty.REVIEWS: "assurance-reviews inspection-outcomes benchmark-assessments",
    Duty.CATEGORIES: "category-suggestions category-decisions",
    Duty.SUPPORT: "support-allocations support-deliveries reviews-held",
    Duty.RELEASES: "releases",
    Duty.DOCUMENTS: "trusted-documents",
    Duty.CREDENTIALS: "api-keys memberships",
}
DUTY_OF_KIND: Final = {plural: duty for duty, words in _WRITTEN.items() for plural in words.split()}
_DUTY_OF_OPERATION: Final[Mapping[str, Duty]] = {
    "createEvidence": Duty.EVIDENCE,
    "moveMilestone": Duty.MILESTONES,
    "rateMilestone": Duty.MILESTONES,
    "signOffReview": Duty.SIGN_OFF,
    "supersedeReview": Duty.SIGN_OFF,
}


def duty_of(operation: str, plural: str) -> Duty:
    """Whose work an operation that writes is. A kind that stands nowhere above has no row, and that fails."""
    return _DUTY_OF_OPERATION.get(operation) or DUTY_OF_KIND[plural]


_TO_READERS: Final = """
    getPlanSummary getPlanProgress checkPlan getPlanCoverage getGoldenThread compareFrameworks reportIntervals
    getFrameworkCoverage getExpectations evaluateIndicator summariseObservations getAcademyCategory getTrustCategories
    getAcademySupport getSupportOwed getReviewsDue getSupportProposal getHeatMap getLoadMap getBudgetTotals
    getDataQualityTotals calculateHoursLost calculateCohortShare calculateSelfEvaluation"""
_TO_THOSE_WHO_SEE: Final = """
    evaluateTarget evaluateMilestone evaluatePlan getGroupGap getMetricSpread getAcademySeries categoriseAcademy
    supposeCategorisation categoriseTrust rehearseFramework getSupportAndMovement getReviewSuggestions"""
ANSWERED: Final[Mapping[str, frozenset[Role]]] = {
    **dict.fromkeys(_TO_READERS.split(), _READING),
    **dict.fromkeys(_TO_THOSE_WHO_SEE.split(), _SEEING),
    "getCalibration": _DIRECTORS,
    "listEvents": FOLLOWING,
    "listSensitiveReads": _ABOVE,
}
"""Computed answers, and to whom they are given."""

_WITHOUT_A_CREDENTIAL: Final = """
    GET:/ GET:/docs GET:/redoc GET:/openapi.json HEAD:/openapi.json GET:/healthz GET:/readyz GET:/problems
    GET:/problems/{name}"""
FREE: Final = frozenset(_WITHOUT_A_CREDENTIAL.split())
"""What everybody may ask, without a credential: it tells nothing of any trust."""
SIGNING_IN: Final = frozenset({"GET:/me", "GET:/sign-in", "GET:/sign-in/callback", "POST:/sign-out"})
"""The pages of signing in: they know a session and no credential, and have tests of their own."""
OF_NO_TRUST: Final = frozenset({"GET:/v1/deprecations"})
"""What everybody with a credential may ask, whatever they may read."""

# Told only to a credential that covers every academy: who read what is of the whole trust.
OF_THE_WHOLE_TRUST: Final = frozenset({"listSensitiveReads"})
