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


class PlanRule(StrEnum):
    """The rules a plan is checked by. A waiver names one of them."""

    OBJECTIVE_WITHOUT_MEASURE = "plan.objective_without_measure"
    ACTION_WITHOUT_LEAD = "plan.action_without_lead"
    ACTION_WITHOUT_DATE = "plan.action_without_date"
    MILESTONE_WITHOUT_DATE = "plan.milestone_without_date"
    MILESTONE_AFTER_PLAN = "plan.milestone_after_plan"
    TARGET_EASIER = "plan.target_easier"
    FINDING_WITHOUT_OBJECTIVE = "plan.finding_without_objective"
    TOO_MUCH_ON_ONE = "plan.too_much_on_one"
    OBJECTIVE_WITHOUT_EVIDENCE = "plan.objective_without_evidence"
    METRIC_UNDEFINED = "plan.metric_undefined"
    METRIC_WITHOUT_FEED = "plan.metric_without_feed"
    OUT_OF_SEQUENCE = "plan.out_of_sequence"
