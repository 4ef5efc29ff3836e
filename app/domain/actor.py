"""Who asks: an actor with a trust, roles and a set of academies."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from app.domain.errors import Forbidden
from app.domain.roles import Permission, Role, allowed_to, with_what_they_bring


def permitted(roles: Iterable[Role], scopes: Iterable[Permission] | None) -> frozenset[Permission]:
    """What a credential with these roles may do; scopes of None: no narrower."""
    given = allowed_to(roles)
    return given if scopes is None else given & with_what_they_bring(scopes)


@dataclass(frozen=True)
class Actor:
    """Somebody with a verified credential.

    `academies` of None means every academy of the trust. `scopes` of None means all that the roles give; otherwise
    the credential may do only what both allow. `documents_only`: of GraphQL it runs trusted documents and nothing else.
    `holder` is to whom what it makes belongs: the keys of one integration have one holder, a person is their own.
    """

    trust_id: UUID
    subject: str
    roles: frozenset[Role]
    academies: frozenset[UUID] | None = None
    scopes: frozenset[Permission] | None = None
    channel: str = "rest"
    documents_only: bool = False
    holder: str = ""

    def __post_init__(self) -> None:
        if not self.holder:
            object.__setattr__(self, "holder", self.subject)

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """All that it may do."""
        return permitted(self.roles, self.scopes)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

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
