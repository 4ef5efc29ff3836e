"""Memberships: who may sign in, and as what. People propose themselves by signing in; an administrator decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.db.unit_of_work import UnitOfWork
from app.domain.academies import Academy
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.events import Event, Verb, created
from app.domain.grants import Grant, refuse_more_than_own
from app.domain.ids import uuid7
from app.domain.memberships import Membership, MembershipStatus
from app.domain.roles import Permission, Role
from app.domain.trusts import Trust


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Somebody who signed in and has no membership, and what the provider's groups propose for them."""

    membership_id: UUID
    issuer: str
    subject: str
    label: str | None
    roles: frozenset[Role]
    academy_codes: frozenset[str] | None

    def actor(self, trust_id: UUID) -> Actor:
        """Themselves: somebody who may do nothing yet but ask to be let in."""
        return Actor(trust_id, f"user:{self.membership_id}", frozenset(), frozenset(), channel="pages")


async def propose_member(work: UnitOfWork, newcomer: Newcomer) -> Membership:
    """Done by the newcomer. Nothing comes of it until an administrator confirms it."""
    if await work.find(Trust, work.actor.trust_id) is None:
        raise NotFound("The trust that this identity provider is for is not on this installation.")
    academies = None
    if newcomer.academy_codes is not None:
        known = await work.where(Academy)
        academies = sorted(academy.id for academy in known if academy.code in newcomer.academy_codes)
    membership = Membership(
        trust_id=work.actor.trust_id,
        id=newcomer.membership_id,
        issuer=newcomer.issuer,
        subject=newcomer.subject,
        label=newcomer.label,
        roles=sorted(map(str, newcomer.roles)),
        academy_ids=academies,
        status=MembershipStatus.PROPOSED,
        sessions_from=work.now,
    )
    work.add(membership)
    work.record(Event(record=membership, verb=Verb.PROPOSED))
    return membership


async def add_member(work: UnitOfWork, values: Mapping[str, Any]) -> Membership:
    """By an administrator, before they first sign in. It is in force at once."""
    work.require(Permission.MANAGE_MEMBERS)
    await _refuse_to_give(work, values["roles"], values.get("academy_ids"))
    told = {"id": uuid7(), **values, "roles": sorted(set(map(str, values["roles"])))}
    membership = Membership.of(work.actor.trust_id, told | {"sessions_from": work.now})
    work.add(membership)
    work.record(created(membership))
    return membership


async def confirm_member(
    work: UnitOfWork,
    membership_id: UUID,
    roles: Sequence[Role] | None,
    academy_ids: Sequence[UUID] | None,
    *,
    version: int,
) -> Membership:
    membership = await _administered(work, membership_id, version=version)
    if roles is None:
        refuse_more_than_own(work.actor, membership.grant, what="membership")
    else:
        await _refuse_to_give(work, roles, academy_ids)
    work.record(membership.confirm(roles, academy_ids, at=work.now))
    return membership


async def assign_member(
    work: UnitOfWork,
    membership_id: UUID,
    roles: Sequence[Role],
    academy_ids: Sequence[UUID] | None,
    *,
    version: int,
) -> Membership:
    membership = await _administered(work, membership_id, version=version)
    await _refuse_to_give(work, roles, academy_ids)
    event = membership.assign(roles, academy_ids)
    if event is not None:
        work.record(event)
    return membership


async def end_member(work: UnitOfWork, membership_id: UUID, *, version: int, reason: str | None) -> Membership:
    """They are refused from their next request on, and every session is over."""
    membership = await _administered(work, membership_id, version=version)
    work.record(membership.end(at=work.now, reason=reason))
    return membership


async def sign_out_member(work: UnitOfWork, membership_id: UUID, *, version: int | None) -> Membership:
    """End every session of a page, by an administrator or by the member."""
    if work.actor.subject == f"user:{membership_id}":
        membership = work.current(await work.get(Membership, membership_id), version)
    else:
        membership = await _administered(work, membership_id, version=version)
    work.record(membership.sign_out(at=work.now))
    return membership


async def _administered(work: UnitOfWork, membership_id: UUID, *, version: int | None) -> Membership:
    """The membership, if whoever asks may administer it. That is told before whether it is stale."""
    work.require(Permission.MANAGE_MEMBERS)
    return work.current(await work.get(Membership, membership_id), version)


async def _refuse_to_give(work: UnitOfWork, roles: Sequence[Role], academy_ids: Sequence[UUID] | None) -> None:
    for academy_id in academy_ids or ():
        await work.get(Academy, academy_id)
    academies = None if academy_ids is None else frozenset(academy_ids)
    refuse_more_than_own(work.actor, Grant(roles=frozenset(roles), academies=academies), what="membership")
