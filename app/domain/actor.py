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
_PLANNING: Final = _READING | {Permission.WRITE_PLANS, Permission.SUBMIT_MILESTONES}

MAY: Final = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(Permission),
        Role.TRUST_EXECUTIVE: _PLANNING
        | {Permission.REVIEW_MILESTONES, Permission.WRITE_ORGANISATION, Permission.WRITE_FRAMEWORKS},
        Role.IMPROVEMENT_PARTNER: _PLANNING | {Permission.REVIEW_MILESTONES},
        Role.REVIEWER: _READING | {Permission.REVIEW_MILESTONES},
        Role.ACADEMY_HEAD: _PLANNING,
        Role.LEADER: _READING | {Permission.SUBMIT_MILESTONES},
        Role.READER: _READING,
    }
)


@dataclass(frozen=True)
class Actor:
    """Somebody with a verified credential.

    `academies` of None means every academy of the trust. `scopes` of None means all that the roles give; otherwise
    the credential may do only what both allow.
    """

    trust_id: UUID
    subject: str
    roles: frozenset[Role]
    academies: frozenset[UUID] | None = None
    scopes: frozenset[Permission] | None = None
    channel: str = "rest"

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
