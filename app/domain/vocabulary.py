"""The closed lists of words the domain uses. Values are snake_case everywhere: in the database, in every door and in packs."""

from enum import StrEnum


class TrustKind(StrEnum):
    MULTI_ACADEMY_TRUST = "multi_academy_trust"
    SINGLE_ACADEMY_TRUST = "single_academy_trust"
    FEDERATION = "federation"
    SPONSOR = "sponsor"


class AcademyType(StrEnum):
    """Establishment types, after the codes of the national register."""

    SPONSOR_LED = "sponsor_led"
    CONVERTER = "converter"
    FREE_SCHOOL = "free_school"
    SPECIAL_SPONSOR_LED = "special_sponsor_led"
    SPECIAL_CONVERTER = "special_converter"
    FREE_SPECIAL = "free_special"
    ALTERNATIVE_PROVISION = "alternative_provision"
    STUDIO_SCHOOL = "studio_school"
    UTC = "utc"
    SIXTEEN_TO_NINETEEN = "sixteen_to_nineteen"
    MAINTAINED = "maintained"


class PhaseOfEducation(StrEnum):
    NURSERY = "nursery"
    PRIMARY = "primary"
    MIDDLE_DEEMED_PRIMARY = "middle_deemed_primary"
    SECONDARY = "secondary"
    MIDDLE_DEEMED_SECONDARY = "middle_deemed_secondary"
    SIXTEEN_PLUS = "sixteen_plus"
    ALL_THROUGH = "all_through"


class Sector(StrEnum):
    """What kind of school a framework is written for. An academy's follows from its type and its phase of education."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    ALL_THROUGH = "all_through"
    SIXTEEN_PLUS = "sixteen_plus"
    SPECIAL = "special"
    ALTERNATIVE_PROVISION = "alternative_provision"


class IdentifierKind(StrEnum):
    URN = "urn"
    UKPRN = "ukprn"
    LAESTAB = "laestab"


class PersonKind(StrEnum):
    PERSON = "person"
    ROLE = "role"
    GROUP = "group"
    BODY = "body"
    ORGANISATION = "organisation"


class PersonStatus(StrEnum):
    ACTIVE = "active"
    UNDEFINED = "undefined"
    TO_CONFIRM = "to_confirm"


class BodyKind(StrEnum):
    GOVERNING_BODY = "governing_body"
    COMMITTEE = "committee"
    TRUST_BOARD = "trust_board"
    LEADERSHIP_TEAM = "leadership_team"
    NETWORK = "network"
    FORUM = "forum"


class PlanType(StrEnum):
    POST_INSPECTION = "post_inspection"
    STANDARDS = "standards"
    IMPROVEMENT = "improvement"
    RAPID = "rapid"


class PlanStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    CLOSED = "closed"


class AreaKind(StrEnum):
    AREA = "area"
    PRIORITY = "priority"


class StatementKind(StrEnum):
    """Printed lists that carry no rule of their own."""

    ASPIRATION = "aspiration"
    AIM = "aim"
    CADENCE = "cadence"
    CONSULTED = "consulted"
    DIAGNOSIS = "diagnosis"
    FOCUS = "focus"
    MONITORING_ACTIVITY = "monitoring_activity"
    PURPOSE = "purpose"
    PROVISION = "provision"
    REVIEW_EVENT = "review_event"
    SELF_EVALUATION = "self_evaluation"
    SYSTEM = "system"
    THRESHOLD = "threshold"
    TERM_UNDEFINED = "term_undefined"
    STAGED_ITEM = "staged_item"
    FOOTNOTE = "footnote"


class MeasureKind(StrEnum):
    """How a target or milestone is judged: against a number, in words, or both."""

    NUMERIC = "numeric"
    QUALITATIVE = "qualitative"
    MIXED = "mixed"


class MilestoneKind(StrEnum):
    MILESTONE = "milestone"
    STUDENT_OUTCOME = "student_outcome"


class Comparator(StrEnum):
    """Printed comparators, used exactly as printed."""

    ABOVE = "above"
    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"
    EQUAL = "equal"


class MilestoneStatus(StrEnum):
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Confidence(StrEnum):
    """A judgement of progress. It never changes a status."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    NOT_RATED = "not_rated"


class Timeliness(StrEnum):
    """Computed from the due date, the status and today; never stored."""

    UNRESOLVED = "unresolved"
    NOT_DUE = "not_due"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    AWAITING_REVIEW = "awaiting_review"
    MET_ON_TIME = "met_on_time"
    MET_LATE = "met_late"
    CLOSED = "closed"


class DateMoveReason(StrEnum):
    """Why a due date moved."""

    STAFFING = "staffing"
    DATA_LATE = "data_late"
    DEPENDENCY = "dependency"
    SCOPE_CHANGED = "scope_changed"
    FUNDING = "funding"
    CLOSURE = "closure"
    CORRECTION = "correction"
    OTHER = "other"


class ActionStatus(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"
    CANCELLED = "cancelled"


class AmountStatus(StrEnum):
    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"
    SPENT = "spent"


class StatutoryKind(StrEnum):
    TARGET = "target"
    ACTUAL = "actual"


class ResponsibilityRole(StrEnum):
    LEAD = "lead"
    MONITOR = "monitor"


class DueKind(StrEnum):
    """What a printed due date turned out to be."""

    NONE = "none"
    DAY = "day"
    WEEK_IN_MONTH = "week_in_month"
    MONTH = "month"
    MONTH_START = "month_start"
    MONTH_END = "month_end"
    MONTH_LIST = "month_list"
    MONTH_RANGE = "month_range"
    EVENT_IN_MONTH = "event_in_month"
    TERM = "term"
    TWO_TERMS = "two_terms"
    PLAN_PHASE = "plan_phase"
    YEAR = "year"
    OPEN_FROM = "open_from"
    RECURRING = "recurring"
    ONGOING = "ongoing"
    START_THEN_ONGOING = "start_then_ongoing"
    MALFORMED = "malformed"


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
