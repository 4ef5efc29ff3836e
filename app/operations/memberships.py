"""Memberships: what an administrator decides about them, and what is said to do it."""

from typing import Final
from uuid import UUID

from pydantic import Field, model_validator

from app.commands.memberships import assign_member, confirm_member, end_member, sign_out_member
from app.db.unit_of_work import UnitOfWork
from app.domain.memberships import Membership
from app.domain.roles import Role
from app.operations.bodies import Body, Text
from app.operations.operation import Change
from app.queries.memberships import MEMBERSHIPS

_ROLES: Final = "What they may do."
_ACADEMIES: Final = "The academies they see; left out: all of the trust."


class MembershipConfirmation(Body):
    """With nothing said, what was proposed is confirmed; with roles, these and these academies are given instead."""

    roles: list[Role] | None = Field(default=None, min_length=1, max_length=10, description=_ROLES)
    academy_ids: list[UUID] | None = Field(default=None, max_length=200, description=_ACADEMIES)

    @model_validator(mode="after")
    def _academies_come_with_roles(self) -> "MembershipConfirmation":
        if self.academy_ids is not None and self.roles is None:
            raise ValueError("name the roles too where you decide the academies")
        return self


class MembershipAssignment(Body):
    """All that they may do from now on: what is not named is taken away."""

    roles: list[Role] = Field(min_length=1, max_length=10, description=_ROLES)
    academy_ids: list[UUID] | None = Field(default=None, max_length=200, description=_ACADEMIES)


class MembershipEnding(Body):
    """Why they leave, if it is worth saying."""

    reason: Text | None = Field(default=None, description="Why, in a sentence.")


class MembershipSignOut(Body):
    """Nothing needs to be said: every session of theirs on a page is over."""


async def _confirm(work: UnitOfWork, membership_id: UUID, body: MembershipConfirmation, version: int) -> Membership:
    return await confirm_member(work, membership_id, body.roles, body.academy_ids, version=version)


async def _assign(work: UnitOfWork, membership_id: UUID, body: MembershipAssignment, version: int) -> Membership:
    return await assign_member(work, membership_id, body.roles, body.academy_ids, version=version)


async def _end(work: UnitOfWork, membership_id: UUID, body: MembershipEnding, version: int) -> Membership:
    return await end_member(work, membership_id, version=version, reason=body.reason)


async def _sign_out(work: UnitOfWork, membership_id: UUID, _body: MembershipSignOut, version: int) -> Membership:
    return await sign_out_member(work, membership_id, version=version)


CHANGES: Final = (
    Change(
        name="confirmMembership",
        of=MEMBERSHIPS,
        gives=MEMBERSHIPS,
        path="confirmation",
        summary="Let a member in",
        doc="Of somebody who signed in and was proposed, or of somebody who comes back after an end.",
        body=MembershipConfirmation,
        run=_confirm,
    ),
    Change(
        name="assignMembership",
        of=MEMBERSHIPS,
        gives=MEMBERSHIPS,
        path="assignment",
        summary="Give a member other roles or academies",
        doc="It takes effect with the member's next request. Nobody gives more than they have.",
        body=MembershipAssignment,
        run=_assign,
    ),
    Change(
        name="endMembership",
        of=MEMBERSHIPS,
        gives=MEMBERSHIPS,
        path="ending",
        summary="End a membership",
        doc="It takes effect with the member's next request, however they signed in.",
        body=MembershipEnding,
        run=_end,
    ),
    Change(
        name="signOutMembership",
        of=MEMBERSHIPS,
        gives=MEMBERSHIPS,
        path="sign-out",
        summary="Sign a member out everywhere",
        doc="Every session of theirs on a page is over. Tokens of the provider are ended at the provider.",
        body=MembershipSignOut,
        run=_sign_out,
    ),
)
