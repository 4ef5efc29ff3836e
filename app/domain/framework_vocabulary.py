"""The closed lists of words that frameworks use; those of the organisation and of plans are in `vocabulary`."""

from enum import StrEnum


class FrameworkStatus(StrEnum):
    """Superseded: another edition takes over the day after its last day. It was in force until then."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class NestedReading(StrEnum):
    """How a value is read that the measures of several stages match: all of them told, or the first in stage order."""

    REPORT = "report"
    FIRST_MATCH = "first_match"


class MeasurePolicy(StrEnum):
    """How the stages that single measures suggest are joined: told one by one, all must agree, or the earliest stage."""

    REPORT = "report"
    ALL = "all"
    MOST_CAUTIOUS = "most_cautious"


class MeasureRole(StrEnum):
    """Whether a stage's measure describes the academies in it, lets them in, or lets them out."""

    PROFILE = "profile"
    ENTRY = "entry"
    EXIT = "exit"


class Period(StrEnum):
    """A stretch of the calendar. Terms and half-terms are the trust's own and never converted without its calendar."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    HALF_TERM = "half_term"
    TERM = "term"
    YEAR = "year"


class DayBasis(StrEnum):
    CALENDAR = "calendar"
    SCHOOL = "school"


class AcademyAttribute(StrEnum):
    """What a condition may look at."""

    FAITH = "faith"
    TYPE = "type"
    PHASE_OF_EDUCATION = "phase_of_education"
    SECTOR = "sector"


class Applies(StrEnum):
    """Whether something conditional applies to an academy. To judge: no record says so, a person has to."""

    YES = "yes"
    NO = "no"
    TO_JUDGE = "to_judge"


class FrameworkStatementKind(StrEnum):
    """Printed lists of a framework that carry no rule of their own."""

    AIM = "aim"
    ATTENDEE = "attendee"
    AUDIENCE = "audience"
    CAPACITY = "capacity"
    DEFINITION = "definition"
    DELEGATION = "delegation"
    DESCRIPTOR = "descriptor"
    DOCUMENT_SECTION = "document_section"
    DUTY = "duty"
    KEY_FEATURE = "key_feature"
    LEADERSHIP_QUALITY = "leadership_quality"
    NOTE = "note"
    STANCE = "stance"
    STRATEGIC_PRIORITY = "strategic_priority"
    STRATEGY_POINT = "strategy_point"
    TERM_UNDEFINED = "term_undefined"
    THRESHOLD = "threshold"
    VALUE = "value"
    VISION = "vision"


class EntitlementTier(StrEnum):
    CORE = "core"
    ENHANCED = "enhanced"
    BESPOKE = "bespoke"


class EntitlementUnit(StrEnum):
    DAYS = "days"
    FTE = "fte"
    VISITS = "visits"
    MEETINGS = "meetings"
    HOURS = "hours"


class Direction(StrEnum):
    """Which way a measure gets better."""

    HIGHER = "higher"
    LOWER = "lower"


class TiePolicy(StrEnum):
    """What a value in two bands is: ambiguous with both told, or the better or the worse of them."""

    REPORT = "report"
    BETTER = "better"
    WORSE = "worse"


class DefinitionStatus(StrEnum):
    """Whether the source says how a figure is made. Where it does not, no national comparison is drawn."""

    DEFINED = "defined"
    LOCAL_UNDEFINED = "local_undefined"


class InspectionVerdict(StrEnum):
    GRADED = "graded"
    MET_OR_NOT_MET = "met_or_not_met"
