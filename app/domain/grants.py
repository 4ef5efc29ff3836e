"""What a credential gives, and the one rule of giving: nobody gives more than they may do and see themselves."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.domain.actor import Actor, permitted
from app.domain.errors import Forbidden
from app.domain.roles import Permission, Role

_ROLES: Final = frozenset[str](Role)
_PERMISSIONS: Final = frozenset[str](Permission)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a key or a membership gives. `scopes` of None: no narrower than its roles; `academies` of None: all."""

    roles: frozenset[Role]
    academies: frozenset[UUID] | None
    scopes: frozenset[Permission] | None = None
    documents_only: bool = False

    @property
    def permissions(self) -> frozenset[Permission]:
        return permitted(self.roles, self.scopes)


def refuse_more_than_own(actor: Actor, grant: Grant, *, what: str) -> None:
    """`what` names the credential in the sentences: key, membership."""
    if not all(actor.may(permission) for permission in grant.permissions):
        raise Forbidden(
            f"A {what} cannot be given more than whoever gives it may do. Name fewer roles, or narrower scopes."
        )
    if actor.documents_only and not grant.documents_only:
        raise Forbidden(f"A key that runs trusted documents alone gives no {what} that runs others. Set documentsOnly.")
    if not covers(actor, grant.academies):
        raise Forbidden(f"A {what} cannot see more academies than whoever gives it. Name your own in academyIds.")


def covers(actor: Actor, academies: Collection[UUID] | None) -> bool:
    """Whether somebody sees all that a credential sees; one without academies sees the whole trust."""
    return actor.academies is None or (academies is not None and actor.academies.issuperset(academies))


def roles_named(names: Iterable[str]) -> frozenset[Role]:
    """The roles that are stored under these names. One that there is no more gives nothing."""
    return frozenset(Role(name) for name in names if name in _ROLES)


def permissions_named(names: Iterable[str]) -> frozenset[Permission]:
    """Likewise of the scopes of a key."""
    return frozenset(Permission(name) for name in names if name in _PERMISSIONS)
