"""Memberships: what a person or an application that signs in with the trust's identity provider may do here."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.actor import Actor
from app.domain.entity import Entity, Word, holds, unique
from app.domain.errors import Conflict, Forbidden
from app.domain.events import Event, Verb, changed
from app.domain.grants import Grant, roles_named
from app.domain.roles import Role

_SUBJECT: Final = "user:"


class MemberKind(StrEnum):
    """Whether somebody signs in, or something does by itself."""

    PERSON = "person"
    APPLICATION = "application"


class MembershipStatus(StrEnum):
    """`proposed`: signed in once, and an administrator has not confirmed it yet."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"


class Membership(Entity, table=True):
    """The log knows a member by the membership's id, so what says who it is can be erased."""

    __tablename__ = "membership"
    __table_args__ = (
        unique("issuer", "subject", refusal="The trust already has a membership of this subject of this issuer."),
        holds("subject", "length(subject) between 1 and 255", refusal="A subject has 1 to 255 characters."),
        holds("roles", "status <> 'active' or cardinality(roles) > 0", refusal="A membership in force has a role."),
    )

    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | {"status", "sessions_from"}
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"issuer", "subject", "kind"}
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"subject", "label"})

    issuer: str = Field(description="The identity provider, as its tokens name it.")
    subject: str = Field(description="The provider's own id for them, which never changes: never an e-mail address.")
    label: str | None = Field(default=None, description="Who it is, in words. The provider's at the first sign-in.")
    kind: MemberKind = Field(default=MemberKind.PERSON, sa_type=Word(MemberKind))
    roles: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    academy_ids: list[UUID] | None = Field(
        default=None, sa_type=ARRAY(Uuid), description="The academies they see; null: all of the trust."
    )
    status: MembershipStatus = Field(default=MembershipStatus.ACTIVE, sa_type=Word(MembershipStatus))
    sessions_from: datetime = Field(
        sa_type=DateTime(timezone=True), description="Whoever signed in on a page before that has to sign in again."
    )

    @property
    def grant(self) -> Grant:
        academies = None if self.academy_ids is None else frozenset(self.academy_ids)
        return Grant(roles=roles_named(self.roles), academies=academies)

    def actor(self, channel: str) -> Actor:
        """Whoever signed in, so long as an administrator lets them."""
        if self.status is MembershipStatus.PROPOSED:
            raise Forbidden("You have signed in, and an administrator of your trust has still to confirm you.")
        if self.status is MembershipStatus.ENDED:
            raise Forbidden("Your membership has ended. Ask an administrator of your trust if it should not have.")
        return Actor(self.trust_id, f"{_SUBJECT}{self.id}", self.grant.roles, self.grant.academies, channel=channel)

    def confirm(self, roles: Sequence[Role] | None, academy_ids: Sequence[UUID] | None, *, at: datetime) -> Event:
        """Let them in, as decided; without roles, as proposed. Also whoever comes back after an end."""
        if self.status is MembershipStatus.ACTIVE:
            raise Conflict("This membership is in force already. Assign it other roles or academies instead.")
        if roles is not None:
            self._assign(roles, academy_ids)
        if not self.roles:
            raise Conflict("Nothing was proposed for this membership. Name the roles it is to have.")
        self.status = MembershipStatus.ACTIVE
        self.sessions_from = at
        return Event(record=self, verb=Verb.CONFIRMED)

    def assign(self, roles: Sequence[Role], academy_ids: Sequence[UUID] | None) -> Event | None:
        """Other roles, other academies; nothing happened where they are the same."""
        if self.status is not MembershipStatus.ACTIVE:
            raise Conflict(f"This membership is {self.status}. Confirm it, with the roles it is to have.")
        before = (self.roles, self.academy_ids)
        self._assign(roles, academy_ids)
        return None if before == (self.roles, self.academy_ids) else changed(self)

    def end(self, *, at: datetime, reason: str | None) -> Event:
        if self.status is MembershipStatus.ENDED:
            raise Conflict("This membership has ended already.")
        self.status = MembershipStatus.ENDED
        self.sessions_from = at
        return Event(record=self, verb=Verb.ENDED, reason=reason)

    def sign_out(self, *, at: datetime) -> Event:
        """Every session of a page that began before now is over."""
        self.sessions_from = at
        return Event(record=self, verb=Verb.SIGNED_OUT)

    def _assign(self, roles: Sequence[Role], academy_ids: Sequence[UUID] | None) -> None:
        self.roles = sorted({str(role) for role in roles})
        self.academy_ids = None if academy_ids is None else sorted(set(academy_ids))


def membership_of(actor: Actor) -> UUID | None:
    """The membership by which somebody is known; None where it is a key."""
    return UUID(actor.subject.removeprefix(_SUBJECT)) if actor.subject.startswith(_SUBJECT) else None
