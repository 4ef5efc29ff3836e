"""The one table of roles: what each is for, and what it may do. Doors, docs and tests read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Permission(StrEnum):
    READ = "read"
    READ_REFERENCE = "read_reference"
    READ_FEEDS = "read_feeds"
    READ_EVENTS = "read_events"
    READ_SENSITIVE = "read_sensitive"
    READ_MEASURES = "read_measures"
    READ_OBSERVATIONS = "read_observations"
    READ_AUDIT = "read_audit"
    READ_SCHEMA = "read_schema"
    WRITE_ORGANISATION = "write_organisation"
    WRITE_FRAMEWORKS = "write_frameworks"
    WRITE_PLANS = "write_plans"
    SUBMIT_MILESTONES = "submit_milestones"
    REVIEW_MILESTONES = "review_milestones"
    RECORD_MEASURES = "record_measures"
    OBSERVE = "observe"
    WRITE_HEAD_REPORTS = "write_head_reports"
    REVIEW_ACADEMIES = "review_academies"
    SIGN_OFF_REVIEWS = "sign_off_reviews"
    DECIDE_CATEGORIES = "decide_categories"
    WRITE_SUPPORT = "write_support"
    PUBLISH_RELEASES = "publish_releases"
    MANAGE_DOCUMENTS = "manage_documents"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_KEYS = "manage_keys"


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    TRUST_EXECUTIVE = "trust_executive"
    DIRECTOR_OF_EDUCATION = "director_of_education"
    IMPROVEMENT_PARTNER = "improvement_partner"
    REVIEWER = "reviewer"
    ACADEMY_HEAD = "academy_head"
    SENIOR_LEADER = "senior_leader"
    MIDDLE_LEADER = "middle_leader"
    GOVERNOR = "governor"
    OBSERVER = "observer"
    MIS_INTEGRATION = "mis_integration"
    BI_READER = "bi_reader"
    READER = "reader"


@dataclass(frozen=True)
class Duty:
    """What a role is: whose work it is, what the credential may do, and whether a machine is meant to hold it."""

    doc: str
    may: frozenset[Permission]
    is_machine: bool = False


_BRINGS: Final[Mapping[Permission, frozenset[Permission]]] = {
    Permission.READ: frozenset({Permission.READ_REFERENCE, Permission.READ_FEEDS}),
    Permission.READ_SENSITIVE: frozenset({Permission.READ_MEASURES, Permission.READ_OBSERVATIONS}),
}


def with_what_they_bring(permissions: Iterable[Permission]) -> frozenset[Permission]:
    """Permissions, and those that come with them."""
    given = frozenset(permissions)
    return given.union(*(_BRINGS.get(permission, frozenset()) for permission in given))


_READING: Final = with_what_they_bring({Permission.READ, Permission.READ_EVENTS})
_SEEING: Final = _READING | with_what_they_bring({Permission.READ_SENSITIVE})
_PLANNING: Final = _SEEING | {Permission.WRITE_PLANS, Permission.SUBMIT_MILESTONES}
_REVIEWING: Final = frozenset({Permission.REVIEW_MILESTONES, Permission.REVIEW_ACADEMIES, Permission.OBSERVE})
_PARTNERING: Final = (
    _PLANNING | _REVIEWING | {Permission.RECORD_MEASURES, Permission.WRITE_SUPPORT, Permission.READ_SCHEMA}
)
_ADMINISTERING: Final = frozenset({Permission.MANAGE_KEYS, Permission.MANAGE_MEMBERS})

ROLES: Final[Mapping[Role, Duty]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: Duty(
            "Runs the trust's installation: everything, and who may do what.", frozenset(Permission)
        ),
        Role.TRUST_EXECUTIVE: Duty(
            "Leads the trust and decides categories: everything but keys and memberships.",
            frozenset(Permission) - _ADMINISTERING,
        ),
        Role.DIRECTOR_OF_EDUCATION: Duty(
            "Directs improvement across academies: frameworks, signing off reviews, publishing figures.",
            _PARTNERING | {Permission.WRITE_FRAMEWORKS, Permission.SIGN_OFF_REVIEWS, Permission.PUBLISH_RELEASES},
        ),
        Role.IMPROVEMENT_PARTNER: Duty("Works with academies on their plans, and reviews them.", _PARTNERING),
        Role.REVIEWER: Duty("Reviews milestones and academies, and observes.", _SEEING | _REVIEWING),
        Role.ACADEMY_HEAD: Duty(
            "Leads an academy: its plans, measures and reports.",
            _PLANNING | {Permission.RECORD_MEASURES, Permission.OBSERVE, Permission.WRITE_HEAD_REPORTS},
        ),
        Role.SENIOR_LEADER: Duty(
            "Leads in an academy: submits milestones, observes, sees what is sensitive there.",
            _SEEING | {Permission.SUBMIT_MILESTONES, Permission.OBSERVE},
        ),
        Role.MIDDLE_LEADER: Duty(
            "Leads a subject or year: submits milestones, and sees the own observations.",
            _READING | {Permission.SUBMIT_MILESTONES, Permission.OBSERVE, Permission.READ_OBSERVATIONS},
        ),
        Role.GOVERNOR: Duty(
            "Governs: plans, reviews once they are signed off, decisions, published figures.",
            with_what_they_bring({Permission.READ}),
        ),
        Role.OBSERVER: Duty(
            "Captures learning walks on a phone, and sees the own ones.",
            frozenset({Permission.READ_REFERENCE, Permission.OBSERVE, Permission.READ_OBSERVATIONS}),
        ),
        Role.MIS_INTEGRATION: Duty(
            "Pushes figures every night, and sees the own batches.",
            frozenset({Permission.RECORD_MEASURES, Permission.READ_MEASURES}),
            is_machine=True,
        ),
        Role.BI_READER: Duty(
            "Pulls feeds and published figures, and nothing else.", frozenset({Permission.READ_FEEDS}), is_machine=True
        ),
        Role.READER: Duty("Reads what is not sensitive, and its history.", _READING),
    }
)


def allowed_to(roles: Iterable[Role]) -> frozenset[Permission]:
    """What somebody with these roles may do."""
    return frozenset[Permission]().union(*(ROLES[role].may for role in roles))
