"""What each kind of record takes to be written, read, seen whole and followed; what permissions bring; and what a key's text is."""

import base64
import re
import zlib
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import permissions
from app.domain.academies import Academy
from app.domain.actor import Actor
from app.domain.entity import Entity
from app.domain.keys import ApiKey, KeyText
from app.domain.memberships import Membership
from app.domain.milestones import Milestone
from app.domain.model import ENTITIES
from app.domain.observations import Observation
from app.domain.plans import Plan
from app.domain.readings import Reading, ReadingBatch
from app.domain.releases import Release, ReleasedFigure
from app.domain.reviews import AssuranceReview
from app.domain.roles import ROLES, Permission, Role, allowed_to, with_what_they_bring

P = Permission
KEY = KeyText("live", UUID("0a4ffb4c-6a80-5b8e-9d57-1d3bb5f6e7a1"), "abcdefgh", "z" * 52 + "checks")


@pytest.mark.parametrize(
    ("kind", "write", "read", "whole"),
    [
        (Academy, P.WRITE_ORGANISATION, P.READ_REFERENCE, P.READ_REFERENCE),
        (Plan, P.WRITE_PLANS, P.READ, P.READ),
        (Milestone, P.WRITE_PLANS, P.READ, P.READ),
        (ReadingBatch, P.RECORD_MEASURES, P.READ_MEASURES, P.READ_SENSITIVE),
        (Observation, P.OBSERVE, P.READ_OBSERVATIONS, P.READ_SENSITIVE),
        (AssuranceReview, P.REVIEW_ACADEMIES, P.READ, P.READ_SENSITIVE),
        (Release, P.PUBLISH_RELEASES, P.READ_FEEDS, P.READ_FEEDS),
        (ApiKey, P.MANAGE_KEYS, P.MANAGE_KEYS, P.MANAGE_KEYS),
        (Membership, P.MANAGE_MEMBERS, P.MANAGE_MEMBERS, P.MANAGE_MEMBERS),
    ],
)
def test_a_kind_of_record_takes_this(
    kind: type[Entity], write: Permission, read: Permission, whole: Permission
) -> None:
    told = (permissions.to_write, permissions.to_read, permissions.to_see_all)
    few = {P.REVIEW_ACADEMIES} if kind is Observation else set()

    assert tuple(ask(kind) for ask in told) == (write, read, whole)
    assert permissions.to_follow(kind) == {read, whole} | few
    assert permissions.is_seen_in_part(kind) is (whole != read)


def test_whoever_sees_all_of_a_kind_may_read_it_and_whoever_follows_it_sees_all_of_it() -> None:
    for kind in ENTITIES:
        for role, duty in ROLES.items():
            if permissions.to_see_all(kind) in duty.may:
                assert permissions.to_read(kind) in duty.may, (kind, role)
            if permissions.to_follow(kind) | {P.READ_EVENTS} <= duty.may:
                assert permissions.to_see_all(kind) in duty.may, (kind, role)


def test_the_events_of_every_kind_take_what_its_records_take() -> None:
    assert permissions.guarded() == {
        kind.noun(): permissions.to_follow(kind) for kind in (*ENTITIES, Reading, ReleasedFigure)
    }
    assert permissions.guarded()[Plan.noun()] == {P.READ}
    assert permissions.guarded()[Reading.noun()] == {P.READ_MEASURES, P.READ_SENSITIVE}


def test_a_judgement_alone_is_told_to_few() -> None:
    assert {kind: dict(few) for kind in ENTITIES if (few := permissions.told_to_few(kind))} == {
        Observation: {"progress_grade": P.REVIEW_ACADEMIES}
    }


def test_reading_brings_reference_records_and_feeds_and_what_is_sensitive_its_parts() -> None:
    assert with_what_they_bring({P.READ}) == {P.READ, P.READ_REFERENCE, P.READ_FEEDS}
    assert with_what_they_bring(iter([P.READ_SENSITIVE, P.OBSERVE])) == {
        P.READ_SENSITIVE, P.READ_MEASURES, P.READ_OBSERVATIONS, P.OBSERVE,
    }  # fmt: skip
    assert with_what_they_bring({P.READ_FEEDS, P.MANAGE_KEYS}) == {P.READ_FEEDS, P.MANAGE_KEYS}
    assert with_what_they_bring(()) == frozenset()


@given(st.sets(st.sampled_from(Role)))
def test_several_roles_allow_what_one_of_them_allows(roles: set[Role]) -> None:
    assert allowed_to(roles) == {permission for permission in P if any(permission in ROLES[role].may for role in roles)}


@given(st.sets(st.sampled_from(Role)), st.none() | st.sets(st.sampled_from(P)))
def test_scopes_with_what_they_bring_narrow_the_roles(roles: set[Role], scopes: set[Permission] | None) -> None:
    one = Actor(KEY.trust_id, "key:a", frozenset(roles), scopes=None if scopes is None else frozenset(scopes))

    allowed = allowed_to(roles)
    assert one.permissions == (allowed if scopes is None else allowed & with_what_they_bring(scopes))
    assert {permission for permission in P if one.may(permission)} == one.permissions


def test_whoever_has_no_holder_holds_for_themselves() -> None:
    own, shared = (Actor(KEY.trust_id, "key:a", frozenset(), holder=holder) for holder in ("", "integration:mis"))

    assert (own.holder, shared.holder, own.subject) == ("key:a", "integration:mis", "key:a")


def test_a_key_of_an_integration_holds_for_it_and_hands_on_that_it_runs_trusted_documents_alone() -> None:
    values = {"code": "abcdefgh", "label": "mis", "digest": b"", "roles": [], "created_at": None, "expires_on": None}
    alone = ApiKey(trust_id=KEY.trust_id, **values).actor("rest")
    one = ApiKey(trust_id=KEY.trust_id, integration="mis", documents_only=True, **values).actor("graphql")

    assert (alone.holder, alone.documents_only, alone.channel) == ("key:abcdefgh", False, "rest")
    assert (one.holder, one.documents_only, one.channel) == ("integration:mis", True, "graphql")


def check_letters(text: str) -> str:
    """The checksum as the page on keys tells it."""
    return base64.b32encode(zlib.crc32(text.encode()).to_bytes(4, "big")).decode()[:6].lower()


def test_a_keys_text_is_spelt_like_this_for_ever() -> None:
    trust = base64.b32encode(KEY.trust_id.bytes).decode().rstrip("=").lower()

    assert str(KEY) == f"mp_live_{trust}_abcdefgh_{'z' * 52}checks"
    assert len(trust) == 26
    assert check_letters("mp_test") == "h5lqne"


def test_a_new_keys_text_has_small_letters_and_figures_and_ends_in_its_checksum() -> None:
    text = str(KeyText.new("live", uuid4()))

    assert re.fullmatch(r"mp_live_[a-z2-7]{26}_[a-z2-7]{8}_[a-z2-7]{58}", text)
    assert text[-6:] == check_letters(text[:-6])


@pytest.mark.parametrize("start", ["xx_live", "mp_live_more"])
def test_a_text_with_a_right_checksum_is_no_key_if_it_does_not_begin_or_divide_like_one(start: str) -> None:
    said = f"{start}_{'a' * 26}_abcdefgh_{'z' * 52}"

    assert KeyText.read(
        f"mp_live_{'a' * 26}_abcdefgh_{'z' * 52}" + check_letters(f"mp_live_{'a' * 26}_abcdefgh_{'z' * 52}")
    )
    assert KeyText.read(said + check_letters(said)) is None


def test_a_text_whose_trust_is_no_trust_is_no_key() -> None:
    said = f"mp_live_{'a' * 25}_abcdefgh_{'z' * 52}"

    assert KeyText.read(said + check_letters(said)) is None
