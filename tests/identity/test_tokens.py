"""Tokens, one by one: why each forgery is refused, and where the line of each limit runs."""

import json
import time
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.roles import Role
from app.identity.proposals import Proposed, proposed_for
from app.identity.sessions import Cookies, Session, cookies_in, own_path
from app.identity.tokens import BadToken, Verified, Wrong, heading_of, key_for, keys_of, verify_access, verify_id
from tests.conftest import Installation
from tests.identity.forgeries import TOKENS, World
from tests.identity.provider import SECRET, FakeProvider, configured

WHY: Final = {
    "unsigned": Wrong.ALGORITHM,
    "unsigned, under a key's name": Wrong.ALGORITHM,
    "unsigned, spelt otherwise": Wrong.ALGORITHM,
    "its signature taken away": Wrong.SIGNATURE,
    "cut short": Wrong.SIGNATURE,
    "signed with the public key as a secret, PEM": Wrong.ALGORITHM,
    "signed with the public key as a secret, DER": Wrong.ALGORITHM,
    "signed by a stranger under our key's name": Wrong.SIGNATURE,
    "signed by a stranger under a new name": Wrong.KEY,
    "signed by a stranger under no name": Wrong.SIGNATURE,
    "with the stranger's key inside": Wrong.SIGNATURE,
    "with an address of keys inside": Wrong.SIGNATURE,
    "with an address of certificates inside": Wrong.SIGNATURE,
    "signed by the other provider": Wrong.SIGNATURE,
    "another payload under a true signature": Wrong.SIGNATURE,
    "signed in a way not agreed on": Wrong.ALGORITHM,
    "signed with a key of another kind": Wrong.KEY,
    "signed with a key that is too short": Wrong.KEY,
    "signed with a key for encryption": Wrong.KEY,
    "with a critical header": Wrong.CRITICAL,
    "with a critical header that is known": Wrong.CRITICAL,
    "expired": Wrong.EXPIRED,
    "without an end": Wrong.MISSING_CLAIM,
    "with an end that is text": Wrong.WRONG_CLAIM,
    "with an end that is a truth": Wrong.WRONG_CLAIM,
    "with an end that never comes": Wrong.UNREADABLE,
    "with a life of two days": Wrong.TOO_LONG,
    "not valid yet": Wrong.WRONG_CLAIM,
    "without a beginning": Wrong.MISSING_CLAIM,
    "issued in time to come": Wrong.WRONG_CLAIM,
    "issued nobody knows when": Wrong.MISSING_CLAIM,
    "for another audience": Wrong.UNKNOWN_ISSUER,
    "for nobody": Wrong.UNKNOWN_ISSUER,
    "for an audience that is no text": Wrong.UNKNOWN_ISSUER,
    "for two trusts at once": Wrong.UNKNOWN_ISSUER,
    "for the pages": Wrong.UNKNOWN_ISSUER,
    "by an issuer nobody knows": Wrong.UNKNOWN_ISSUER,
    "by an issuer with one letter more": Wrong.UNKNOWN_ISSUER,
    "by no issuer": Wrong.UNREADABLE,
    "about nobody": Wrong.MISSING_CLAIM,
    "about an empty name": Wrong.WRONG_CLAIM,
    "about a number": Wrong.WRONG_CLAIM,
    "of another tenant": Wrong.TENANT,
    "of no tenant": Wrong.TENANT,
    "an ID token, by its hash": Wrong.TYPE,
    "an ID token, by its nonce": Wrong.TYPE,
    "a logout token": Wrong.TYPE,
    "no JSON": Wrong.UNREADABLE,
    "nested deep": Wrong.UNREADABLE,
    "all dots": Wrong.UNREADABLE,
}
GOOD_BUT = {name for name in TOKENS if name.startswith("about") and name not in WHY}
"""Good tokens, about people who may not come in."""


def test_every_forged_token_has_its_reason() -> None:
    assert WHY.keys() == TOKENS.keys() - GOOD_BUT


@pytest.mark.parametrize("name", WHY)
async def test_a_token_is_refused_for_its_own_reason(known: Installation, world: World, name: str) -> None:
    with pytest.raises(BadToken) as refused:
        await known.app.state.identity.access(TOKENS[name](world), now=datetime.now(UTC))

    assert refused.value.wrong is WHY[name]


@given(late=st.integers(-300, 300), leeway=st.integers(0, 60))
def test_the_clocks_may_differ_by_the_leeway_and_no_more(here: FakeProvider, late: int, leeway: int) -> None:
    now = int(time.time())
    provider = configured("kestrel", here.issuer, leeway_seconds=leeway)
    text = here.token(key="ed", alg="EdDSA", iat=now - 600, nbf=now - 600, exp=now - late)
    later = here.token(key="ed", alg="EdDSA", iat=now + late, nbf=now + late, exp=now + 3600)

    assert _is_taken(text, provider, here, now) is (late < leeway)
    assert _is_taken(later, provider, here, now) is (late <= leeway)


@pytest.mark.parametrize("claim", ["nonce", "aud", "azp", "iss", "exp"])
def test_an_id_token_is_for_one_sign_in_alone(here: FakeProvider, claim: str) -> None:
    provider = configured("kestrel", here.issuer, client_id="pages")
    [key] = [key for key in keys_of(here.document()) if key.kid == "rsa"]
    good = {"aud": "pages", "nonce": "ours", "azp": "pages", "nbf": None}
    now = datetime.now(UTC)

    assert verify_id(here.token(**good), provider, key, nonce="ours", now=now).subject == "head"
    with pytest.raises(BadToken):
        verify_id(here.token(**good | {claim: 1 if claim == "exp" else "x"}), provider, key, nonce="ours", now=now)


def test_a_provider_may_be_held_to_typed_tokens(here: FakeProvider) -> None:
    provider = configured("kestrel", here.issuer, access_token_type="at+jwt")  # noqa: S106  a kind of token
    [key] = [key for key in keys_of(here.document()) if key.kid == "rsa"]

    typed = verify_access(here.token(header={"typ": "at+jwt"}), provider, key, now=datetime.now(UTC))
    with pytest.raises(BadToken) as refused:
        verify_access(here.token(), provider, key, now=datetime.now(UTC))

    assert (typed.subject, refused.value.wrong) == ("head", Wrong.TYPE)


def test_of_entra_the_object_is_the_subject(here: FakeProvider) -> None:
    provider = configured("kestrel", here.issuer, subject_claim="oid")
    [key] = [key for key in keys_of(here.document()) if key.kid == "rsa"]

    verified = verify_access(here.token(oid="object"), provider, key, now=datetime.now(UTC))
    with pytest.raises(BadToken) as refused:
        verify_access(here.token(), provider, key, now=datetime.now(UTC))

    assert (verified.subject, refused.value.wrong) == ("object", Wrong.SUBJECT)


@pytest.mark.parametrize("text", ["[]", '{"keys": 1}', '{"keys": [1, {}, {"kty": "RSA"}, {"kty": "oct", "k": "eA"}]}'])
def test_a_key_set_without_keys_to_sign_with_has_none(text: str) -> None:
    try:
        found: tuple[object, ...] = keys_of(json.loads(text))
    except ValueError:
        found = ()

    assert found == ()


@given(st.text(max_size=30) | st.text(alphabet="/\\.:a\n\t%?#", max_size=12))
def test_nobody_is_sent_to_another_site(address: str) -> None:
    path = own_path(address)

    assert path.startswith("/") and path[1:2] not in ("/", "\\")
    assert path in (address, "/")
    assert path.isprintable()


@given(noise=st.binary(max_size=60), at=st.integers(0, 100), letter=st.sampled_from("aB3_-.="))
def test_no_cookie_is_a_session_that_was_not_signed_here(noise: bytes, at: int, letter: str) -> None:
    cookies, now = Cookies(SECRET, secure=True), datetime.now(UTC)
    true = cookies.write(Session.begun(UUID(int=1), UUID(int=2), at=now))
    told, _, signature = true.rpartition(".")
    altered = f"{told[:at]}{letter}{told[at + 1 :]}.{signature}"

    assert cookies.read(noise.decode("latin-1"), now=now) is None
    assert (cookies.read(altered, now=now) is None) is (altered != true)
    assert cookies.read(true, now=now) is not None


def test_of_two_cookies_under_one_name_the_first_counts() -> None:
    assert cookies_in("a=1; b=2;a=3; c") == {"a": "1", "b": "2", "c": ""}


def test_groups_propose_the_roles_of_all_and_the_academies_that_are_named(here: FakeProvider) -> None:
    propose = [
        {"claim": "groups", "value": "all", "roles": ["reader"]},
        {"claim": "groups", "value": "heads", "roles": ["academy_head"], "academies": ["A"]},
        {"claim": "roles", "value": "admin", "roles": ["administrator"], "academies": ["B"]},
    ]
    provider = configured("kestrel", here.issuer, propose=propose)

    def proposed(**claims: object) -> Proposed:
        return proposed_for(Verified(here.issuer, "x", claims), provider)

    assert proposed(groups=["all"]) == Proposed(frozenset({Role.READER}), None)
    assert proposed(groups=["all", "heads"]) == Proposed(frozenset({Role.READER, Role.ACADEMY_HEAD}), frozenset({"A"}))
    assert proposed(roles="admin") == Proposed(frozenset({Role.ADMINISTRATOR}), frozenset({"B"}))
    assert proposed(groups="heads, all", roles=[1]) == Proposed(frozenset(), frozenset())


def _is_taken(text: str, provider: object, here: FakeProvider, now: int) -> bool:
    assert isinstance(provider, type(configured("kestrel", here.issuer)))
    key = key_for(keys_of(here.document()), heading_of(text), provider)
    assert key is not None
    try:
        verify_access(text, provider, key, now=datetime.fromtimestamp(now, UTC))
    except BadToken:
        return False
    return True
