"""Memberships: proposed, confirmed, assigned, ended; and the one rule of giving no more than one has."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.actor import Actor
from app.domain.errors import Conflict, Forbidden
from app.domain.events import Verb
from app.domain.grants import Grant, covers, refuse_more_than_own
from app.domain.memberships import Membership, MembershipStatus
from app.domain.roles import Permission, Role, allowed_to

TRUST, HERE, THERE = UUID(int=1), UUID(int=2), UUID(int=3)
BEGAN = datetime(2026, 9, 1, 8, tzinfo=UTC)
LATER = BEGAN + timedelta(days=1)
ROLES = st.frozensets(st.sampled_from(Role), min_size=1, max_size=3)
ACADEMIES = st.none() | st.frozensets(st.sampled_from([HERE, THERE, UUID(int=4)]))
SCOPES = st.none() | st.frozensets(st.sampled_from(Permission), max_size=4)


def a_membership(status: MembershipStatus, *roles: Role) -> Membership:
    return Membership(
        trust_id=TRUST, id=HERE, issuer="https://login.example", subject="s", roles=list(map(str, roles)),
        academy_ids=[THERE], status=status, sessions_from=BEGAN,
    )  # fmt: skip


def test_a_member_in_force_acts_under_the_membership_and_never_under_a_name() -> None:
    actor = a_membership(MembershipStatus.ACTIVE, Role.ACADEMY_HEAD).actor("rest")

    assert actor == Actor(TRUST, f"user:{HERE}", frozenset({Role.ACADEMY_HEAD}), frozenset({THERE}))


@pytest.mark.parametrize("status", [MembershipStatus.PROPOSED, MembershipStatus.ENDED])
def test_nobody_else_acts(status: MembershipStatus) -> None:
    with pytest.raises(Forbidden):
        a_membership(status, Role.ADMINISTRATOR).actor("rest")


@pytest.mark.parametrize("status", [MembershipStatus.PROPOSED, MembershipStatus.ENDED])
def test_whoever_was_proposed_or_comes_back_is_confirmed(status: MembershipStatus) -> None:
    as_proposed, as_decided = a_membership(status, Role.READER), a_membership(status)

    first = as_proposed.confirm(None, None, at=LATER)
    second = as_decided.confirm([Role.GOVERNOR, Role.GOVERNOR], None, at=LATER)

    assert (first.verb, second.verb) == (Verb.CONFIRMED, Verb.CONFIRMED)
    assert (as_proposed.status, as_proposed.roles, as_proposed.academy_ids) == ("active", ["reader"], [THERE])
    assert (as_decided.roles, as_decided.academy_ids, as_decided.sessions_from) == (["governor"], None, LATER)


@pytest.mark.parametrize(
    ("status", "roles", "sentence"),
    [
        (MembershipStatus.ACTIVE, [Role.READER], "in force already"),
        (MembershipStatus.PROPOSED, [], "Nothing was proposed"),
    ],
)
def test_what_cannot_be_confirmed_stays_as_it_was(status: MembershipStatus, roles: list[Role], sentence: str) -> None:
    membership = a_membership(status, *roles)
    before = membership.state()

    with pytest.raises(Conflict, match=sentence):
        membership.confirm(None, None, at=LATER)

    assert membership.state() == before


def test_the_same_roles_again_are_no_change() -> None:
    membership = a_membership(MembershipStatus.ACTIVE, Role.READER)

    assert membership.assign([Role.READER], [THERE]) is None
    assert membership.assign([Role.READER], [HERE]) is not None
    assert membership.academy_ids == [HERE]


@pytest.mark.parametrize("status", [MembershipStatus.PROPOSED, MembershipStatus.ENDED])
def test_whoever_is_not_in_force_is_assigned_nothing(status: MembershipStatus) -> None:
    membership = a_membership(status, Role.READER)

    with pytest.raises(Conflict):
        membership.assign([Role.ADMINISTRATOR], None)

    assert membership.roles == ["reader"]


def test_an_end_is_an_end_of_every_session_and_happens_once() -> None:
    membership = a_membership(MembershipStatus.ACTIVE, Role.READER)

    event = membership.end(at=LATER, reason="Left.")
    with pytest.raises(Conflict):
        membership.end(at=LATER, reason=None)

    assert (event.type, event.reason, membership.status) == ("membership.ended", "Left.", "ended")
    assert membership.sessions_from == LATER


@given(own=ROLES, own_academies=ACADEMIES, own_scopes=SCOPES, roles=ROLES, academies=ACADEMIES, scopes=SCOPES)
def test_nobody_gives_more_than_they_have(
    own: frozenset[Role],
    own_academies: frozenset[UUID] | None,
    own_scopes: frozenset[Permission] | None,
    roles: frozenset[Role],
    academies: frozenset[UUID] | None,
    scopes: frozenset[Permission] | None,
) -> None:
    giver = Actor(TRUST, "x", own, own_academies, own_scopes)
    made = Actor(TRUST, "y", roles, academies, scopes)
    may = made.permissions <= giver.permissions
    sees = own_academies is None or (academies is not None and academies <= own_academies)

    try:
        refuse_more_than_own(giver, Grant(roles=roles, academies=academies, scopes=scopes), what="key")
        given_it = True
    except Forbidden:
        given_it = False

    assert given_it is (may and sees)
    assert covers(giver, academies) is sees


def test_a_key_of_trusted_documents_gives_no_membership() -> None:
    giver = Actor(TRUST, "x", frozenset({Role.ADMINISTRATOR}), documents_only=True)

    with pytest.raises(Forbidden, match="gives no membership"):
        refuse_more_than_own(giver, Grant(roles=frozenset({Role.READER}), academies=None), what="membership")


def test_an_administrator_may_administer_members_and_an_executive_may_not() -> None:
    assert Permission.MANAGE_MEMBERS in allowed_to([Role.ADMINISTRATOR])
    assert all(Permission.MANAGE_MEMBERS not in allowed_to([role]) for role in Role if role is not Role.ADMINISTRATOR)
