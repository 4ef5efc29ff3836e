"""Who asks: an actor with a trust, roles and a set of academies, and what each role may do."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from app.domain.errors import Forbidden


class Permission(StrEnum):
    READ = "read"
    READ_EVENTS = "read_events"
    WRITE_ORGANISATION = "write_organisation"
    WRITE_FRAMEWORKS = "write_frameworks"
    WRITE_PLANS = "write_plans"
    SUBMIT_MILESTONES = "submit_milestones"
    REVIEW_MILESTONES = "review_milestones"
    READ_SENSITIVE = "read_sensitive"
    RECORD_MEASURES = "record_measures"
    OBSERVE = "observe"
    WRITE_HEAD_REPORTS = "write_head_reports"
    REVIEW_ACADEMIES = "review_academies"
    SIGN_OFF_REVIEWS = "sign_off_reviews"
    DECIDE_CATEGORIES = "decide_categories"
    WRITE_SUPPORT = "write_support"
    PUBLISH_RELEASES = "publish_releases"
    READ_SCHEMA = "read_schema"
    MANAGE_DOCUMENTS = "manage_documents"
    MANAGE_KEYS = "manage_keys"


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    TRUST_EXECUTIVE = "trust_executive"
    IMPROVEMENT_PARTNER = "improvement_partner"
    REVIEWER = "reviewer"
    ACADEMY_HEAD = "academy_head"
    LEADER = "leader"
    READER = "reader"


_READING: Final = frozenset({Permission.READ, Permission.READ_EVENTS})
_SEEING: Final = _READING | {Permission.READ_SENSITIVE}
_PLANNING: Final = _SEEING | {Permission.WRITE_PLANS, Permission.SUBMIT_MILESTONES}
_REVIEWING: Final = frozenset({Permission.REVIEW_MILESTONES, Permission.REVIEW_ACADEMIES, Permission.OBSERVE})

MAY: Final = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(Permission),
        Role.TRUST_EXECUTIVE: frozenset(Permission) - {Permission.MANAGE_KEYS},
        Role.IMPROVEMENT_PARTNER: _PLANNING
        | _REVIEWING
        | {Permission.RECORD_MEASURES, Permission.WRITE_SUPPORT, Permission.READ_SCHEMA},
        Role.REVIEWER: _SEEING | _REVIEWING,
        Role.ACADEMY_HEAD: _PLANNING | {Permission.RECORD_MEASURES, Permission.OBSERVE, Permission.WRITE_HEAD_REPORTS},
        Role.LEADER: _SEEING | {Permission.SUBMIT_MILESTONES, Permission.OBSERVE},
        Role.READER: _READING,
    }
)


@dataclass(frozen=True)
class Actor:
    """Somebody with a verified credential.

    `academies` of None means every academy of the trust. `scopes` of None means all that the roles give; otherwise
    the credential may do only what both allow. `documents_only`: of GraphQL it runs trusted documents and nothing else.
    """

    trust_id: UUID
    subject: str
    roles: frozenset[Role]
    academies: frozenset[UUID] | None = None
    scopes: frozenset[Permission] | None = None
    channel: str = "rest"
    documents_only: bool = False

    def may(self, permission: Permission) -> bool:
        allowed = any(permission in MAY[role] for role in self.roles)
        return allowed and (self.scopes is None or permission in self.scopes)

    def require(self, permission: Permission) -> None:
        if not self.may(permission):
            raise Forbidden(
                f"This credential may not do that: it lacks the permission {permission}. Ask an administrator of your trust."
            )

    def sees(self, academies: frozenset[UUID]) -> bool:
        """Whether a record about these academies is within sight; one about none belongs to the whole trust."""
        return self.academies is None or not academies or bool(self.academies & academies)

    def reaches(self, academies: frozenset[UUID]) -> bool:
        """Whether the actor may change a record about these academies: every one of them must be theirs."""
        return self.academies is None or (bool(academies) and academies <= self.academies)
