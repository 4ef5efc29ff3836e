"""What each role may do, what an actor sees, and what they reach."""

from uuid import uuid4

import pytest

from app.domain.actor import MAY, Actor, Permission, Role
from app.domain.errors import Forbidden

TRUST, OAK, ELM, ASH = uuid4(), uuid4(), uuid4(), uuid4()
NONE = frozenset()
P = Permission


def actor(*roles: Role, **more: object) -> Actor:
    return Actor(TRUST, "key:abc", frozenset(roles), **more)  # type: ignore[arg-type]  # what each test gives fits


DECIDING = (P.SIGN_OFF_REVIEWS, P.DECIDE_CATEGORIES, P.PUBLISH_RELEASES)
ADMINISTERING = (P.MANAGE_KEYS, P.MANAGE_DOCUMENTS, P.WRITE_ORGANISATION, P.WRITE_FRAMEWORKS, *DECIDING)


@pytest.mark.parametrize(
    ("role", "lacks"),
    [
        (Role.ADMINISTRATOR, set()),
        (Role.TRUST_EXECUTIVE, {P.MANAGE_KEYS}),
        (Role.IMPROVEMENT_PARTNER, {*ADMINISTERING, P.WRITE_HEAD_REPORTS}),
        (
            Role.REVIEWER,
            {
                *ADMINISTERING, P.WRITE_PLANS, P.SUBMIT_MILESTONES, P.RECORD_MEASURES, P.WRITE_HEAD_REPORTS, P.WRITE_SUPPORT,
                P.READ_SCHEMA,
            },
        ),
        (Role.ACADEMY_HEAD, {*ADMINISTERING, P.REVIEW_MILESTONES, P.REVIEW_ACADEMIES, P.WRITE_SUPPORT, P.READ_SCHEMA}),
        (
            Role.LEADER,
            {
                *ADMINISTERING, P.WRITE_PLANS, P.REVIEW_MILESTONES, P.REVIEW_ACADEMIES, P.RECORD_MEASURES,
                P.WRITE_HEAD_REPORTS, P.WRITE_SUPPORT, P.READ_SCHEMA,
            },
        ),
        (Role.READER, set(P) - {P.READ, P.READ_EVENTS}),
    ],
)  # fmt: skip
def test_each_role_may_do_all_but_what_it_lacks(role: Role, lacks: set[Permission]) -> None:
    one = actor(role)

    assert {permission for permission in P if not one.may(permission)} == lacks


def test_every_role_is_in_the_table() -> None:
    assert set(MAY) == set(Role)


def test_several_roles_may_do_what_any_of_them_may_and_none_may_do_nothing() -> None:
    both, neither = actor(Role.LEADER, Role.REVIEWER), actor()

    seeing = {P.READ, P.READ_EVENTS, P.READ_SENSITIVE}
    reviewing = {P.REVIEW_MILESTONES, P.REVIEW_ACADEMIES, P.OBSERVE}
    assert {p for p in P if both.may(p)} == seeing | reviewing | {P.SUBMIT_MILESTONES}
    assert not any(neither.may(p) for p in P)


def test_scopes_narrow_and_never_widen() -> None:
    narrow = actor(Role.LEADER, scopes=frozenset({P.READ, P.MANAGE_KEYS}))

    assert {p for p in P if narrow.may(p)} == {P.READ}
    assert not any(actor(Role.ADMINISTRATOR, scopes=NONE).may(p) for p in P)


def test_what_an_actor_may_not_do_is_refused_with_the_permission_it_lacks() -> None:
    actor(Role.LEADER).require(P.SUBMIT_MILESTONES)

    with pytest.raises(Forbidden) as caught:
        actor(Role.LEADER).require(P.WRITE_PLANS)

    assert caught.value.sentence == (
        "This credential may not do that: it lacks the permission write_plans. Ask an administrator of your trust."
    )


@pytest.mark.parametrize(
    ("mine", "about", "sees", "reaches"),
    [
        (None, NONE, True, True),
        (None, {OAK}, True, True),
        ({OAK}, NONE, True, False),
        ({OAK}, {OAK}, True, True),
        ({OAK}, {ELM}, False, False),
        ({OAK}, {OAK, ELM}, True, False),
        ({OAK, ELM}, {OAK, ELM}, True, True),
        ({OAK, ELM, ASH}, {OAK, ELM}, True, True),
        (NONE, NONE, True, False),
        (NONE, {OAK}, False, False),
    ],
)
def test_seeing_takes_one_shared_academy_and_reaching_takes_them_all(mine, about, sees: bool, reaches: bool) -> None:  # noqa: FBT001  pytest
    one = actor(Role.ACADEMY_HEAD, academies=None if mine is None else frozenset(mine))

    assert (one.sees(frozenset(about)), one.reaches(frozenset(about))) == (sees, reaches)
