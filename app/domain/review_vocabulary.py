"""The closed lists of words that assurance reviews, categorisation and support use."""

from enum import StrEnum


class ReportStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"


class ReviewStatus(StrEnum):
    """Open: the evidence is frozen and lines are rated. A signed-off review never changes; another supersedes it."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    SUBMITTED = "submitted"
    MODERATED = "moderated"
    SIGNED_OFF = "signed_off"
    SUPERSEDED = "superseded"


class Certainty(StrEnum):
    """How sure a level is that a rule gives: one level, several, none because no band holds the value, or no value."""

    CERTAIN = "certain"
    AMBIGUOUS = "ambiguous"
    GAP = "gap"
    OUT_OF_RANGE = "out_of_range"
    NOT_EVALUABLE = "not_evaluable"


class SuggestionStatus(StrEnum):
    """Whether a line's rating could be suggested, and why it could not."""

    SUGGESTED = "suggested"
    AMBIGUOUS = "ambiguous"
    MISSING_READINGS = "missing_readings"
    STATEMENTS_ONLY = "statements_only"
    NO_BANDS = "no_bands"


class Held(StrEnum):
    """Whether a benchmark holds of an academy, as a person judged it."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


class Agreement(StrEnum):
    """What the measures of a framework say together."""

    AGREE = "agree"
    CONFLICT = "conflict"
    PARTIAL = "partial"
    NONE = "none"
    NO_RULE = "no_rule"


class AllocationStatus(StrEnum):
    PLANNED = "planned"
    ACTIVE = "active"
    CLOSED = "closed"
