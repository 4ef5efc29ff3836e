"""The closed lists of words that metrics, readings, observations and targets use."""

from enum import StrEnum


class Grain(StrEnum):
    """The kind of period a reading is of. Readings of different grains are never compared or joined into one line."""

    ANNUAL = "annual"
    TERM = "term"
    HALF_TERM = "half_term"
    MONTH = "month"
    WEEK = "week"
    WINDOW = "window"


class Absence(StrEnum):
    """Why there is no value. Missing is never zero."""

    NOT_COLLECTED = "not_collected"
    NOT_APPLICABLE = "not_applicable"
    SUPPRESSED = "suppressed"
    NOT_AVAILABLE = "not_available"
    AWAITING_RESULTS = "awaiting_results"


class OfficialScope(StrEnum):
    """Whose figure an official comparator is. It is read from a publication, never worked out from academies."""

    ENGLAND = "england"
    ENGLAND_OTHER = "england_other"
    LOCAL_AUTHORITY = "local_authority"
    SIMILAR_SCHOOLS = "similar_schools"
    EXPECTATION = "expectation"


class Basis(StrEnum):
    """What a value is about: the whole of its period so far, the period alone, or one day."""

    PERIOD_TO_DATE = "period_to_date"
    PERIOD = "period"
    POINT = "point"


class Feed(StrEnum):
    """Where the values of a metric come from: pushed as readings, or worked out from observations held here."""

    READINGS = "readings"
    OBSERVED_GOOD_OR_BETTER = "observed_good_or_better"
    OBSERVED_OUTSTANDING = "observed_outstanding"


class BreakKind(StrEnum):
    """A hard break ends every line drawn before it; a soft one is told beside the line."""

    HARD = "hard"
    SOFT = "soft"


class ObservationKind(StrEnum):
    LESSON = "lesson"
    LEARNING_WALK = "learning_walk"
    BOOK_SCRUTINY = "book_scrutiny"
    STRAND_REVIEW = "strand_review"


class ProgressGrade(StrEnum):
    """What was judged of pupils' progress, best first. It is never a grade of a teacher."""

    OUTSTANDING = "outstanding"
    GOOD = "good"
    REQUIRES_IMPROVEMENT = "requires_improvement"
    INADEQUATE = "inadequate"


class Trend(StrEnum):
    """Which way a series has to move, beside the value a target asks for."""

    RISING = "rising"
    FALLING = "falling"
    NOT_FALLING = "not_falling"
    NOT_RISING = "not_rising"


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    AMBIGUOUS = "ambiguous"
    NOT_EVALUABLE = "not_evaluable"
