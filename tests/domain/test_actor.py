"""What each role may do, what an actor sees, and what they reach."""

from uuid import uuid4

import pytest

from app.domain.actor import Actor
from app.domain.errors import Forbidden
from app.domain.roles import ROLES, Permission, Role

TRUST, OAK, ELM, ASH = uuid4(), uuid4(), uuid4(), uuid4()
NONE = frozenset()
P = Permission


def actor(*roles: Role, **more: object) -> Actor:
    return Actor(TRUST, "key:abc", frozenset(roles), **more)  # type: ignore[arg-type]  # what each test gives fits


PLANS, EVENTS = {P.READ, P.READ_REFERENCE, P.READ_FEEDS}, {P.READ_EVENTS}
SENSITIVE = {P.READ_SENSITIVE, P.READ_MEASURES, P.READ_OBSERVATIONS}
REVIEWS = {P.REVIEW_MILESTONES, P.REVIEW_ACADEMIES, P.OBSERVE}
WRITES = {P.WRITE_PLANS, P.SUBMIT_MILESTONES}
PARTNERS = PLANS | EVENTS | SENSITIVE | REVIEWS | WRITES | {P.RECORD_MEASURES, P.WRITE_SUPPORT, P.READ_SCHEMA}


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.ADMINISTRATOR, set(P)),
        (Role.TRUST_EXECUTIVE, set(P) - {P.MANAGE_KEYS, P.MANAGE_MEMBERS}),
        (Role.DIRECTOR_OF_EDUCATION, PARTNERS | {P.WRITE_FRAMEWORKS, P.SIGN_OFF_REVIEWS, P.PUBLISH_RELEASES}),
        (Role.IMPROVEMENT_PARTNER, PARTNERS),
        (Role.REVIEWER, PLANS | EVENTS | SENSITIVE | REVIEWS),
        (Role.ACADEMY_HEAD, PLANS | EVENTS | SENSITIVE | WRITES | {P.RECORD_MEASURES, P.OBSERVE, P.WRITE_HEAD_REPORTS}),
        (Role.SENIOR_LEADER, PLANS | EVENTS | SENSITIVE | {P.SUBMIT_MILESTONES, P.OBSERVE}),
        (Role.MIDDLE_LEADER, PLANS | EVENTS | {P.SUBMIT_MILESTONES, P.OBSERVE, P.READ_OBSERVATIONS}),
        (Role.GOVERNOR, PLANS),
        (Role.OBSERVER, {P.READ_REFERENCE, P.OBSERVE, P.READ_OBSERVATIONS}),
        (Role.MIS_INTEGRATION, {P.RECORD_MEASURES, P.READ_MEASURES}),
        (Role.BI_READER, {P.READ_FEEDS}),
        (Role.READER, PLANS | EVENTS),
    ],
)
def test_each_role_may_do_this_and_no_more(role: Role, may: set[Permission]) -> None:
    assert actor(role).permissions == may


def test_every_role_is_in_the_table() -> None:
    assert set(ROLES) == set(Role)


def test_several_roles_may_do_what_any_of_them_may_and_none_may_do_nothing() -> None:
    both, neither = actor(Role.SENIOR_LEADER, Role.REVIEWER), actor()

    assert both.permissions == PLANS | EVENTS | SENSITIVE | REVIEWS | {P.SUBMIT_MILESTONES}
    assert not any(neither.may(p) for p in P)


def test_scopes_narrow_and_never_widen() -> None:
    narrow = actor(Role.SENIOR_LEADER, scopes=frozenset({P.READ, P.MANAGE_KEYS}))

    assert narrow.permissions == PLANS
    assert not any(actor(Role.ADMINISTRATOR, scopes=NONE).may(p) for p in P)


def test_what_an_actor_may_not_do_is_refused_with_the_permission_it_lacks() -> None:
    actor(Role.SENIOR_LEADER).require(P.SUBMIT_MILESTONES)

    with pytest.raises(Forbidden) as caught:
        actor(Role.SENIOR_LEADER).require(P.WRITE_PLANS)

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
