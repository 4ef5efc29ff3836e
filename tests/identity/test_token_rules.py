"""What a token proves, rule by rule, with keys made here: no provider, no network and no database."""

import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from app.identity.configuration import Algorithm, Provider
from app.identity.tokens import (
    MAX_SUBJECT,
    MAX_TOKEN,
    BadToken,
    Heading,
    Verified,
    Wrong,
    heading_of,
    key_for,
    keys_of,
    verify_access,
    verify_id,
)

NOW: Final = datetime(2026, 11, 22, 9, tzinfo=UTC)
AT: Final = int(NOW.timestamp())
RSA: Final = RSAKey.generate_key(2048, {"kid": "rsa"}, private=True)
EC: Final = ECKey.generate_key("P-256", {"kid": "ec"}, private=True)
ED: Final = OKPKey.generate_key("Ed25519", {"kid": "ed"}, private=True)
ISSUER: Final = "https://id.example.org"
CLAIMS: Final = {"iss": ISSUER, "aud": "api", "sub": "s-1", "iat": AT, "nbf": AT, "exp": AT + 600}
_ANY: Final = JWSRegistry(algorithms=["RS256", "RS384", "PS256", "ES256", "EdDSA"], strict_check_header=False)
HEADER: Final = {"alg": "RS256", "kid": "rsa"}


def provider(**more: object) -> Provider:
    return Provider(trust="kestrel", issuer=ISSUER, audience="api", client_id="pages", **more)  # type: ignore[arg-type]  # fits


def token(
    claims: Mapping[str, object] | None = None, header: Mapping[str, object] | None = None, key: Key = RSA
) -> str:
    """A good token but for what is said here; a claim that is None is left out."""
    said = {name: value for name, value in {**CLAIMS, **(claims or {})}.items() if value is not None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)  # EdDSA has a newer name, which not every provider uses
        return jwt.encode({**HEADER, **(header or {})}, said, key, registry=_ANY)


def why(text: str, one: Provider | None = None, key: Key = RSA, **more: Any) -> Wrong | None:
    try:
        if "nonce" in more:
            verify_id(text, one or provider(), key, now=NOW, **more)
        else:
            verify_access(text, one or provider(), key, now=NOW)
    except BadToken as bad:
        return bad.wrong
    return None


def test_a_good_token_tells_who_it_is_about() -> None:
    told = verify_access(token({"name": " A.\0Head "}), provider(), RSA, now=NOW)

    assert (told.issuer, told.subject, told.label) == (ISSUER, "s-1", "A.Head")
    assert told.claims == {**CLAIMS, "name": " A.\0Head "}


@pytest.mark.parametrize(
    ("claims", "wrong"),
    [
        ({"exp": AT - 29}, None), ({"exp": AT - 31}, Wrong.EXPIRED), ({"exp": None}, Wrong.MISSING_CLAIM),
        ({"nbf": AT + 30}, None), ({"nbf": AT + 31}, Wrong.WRONG_CLAIM), ({"nbf": None}, Wrong.MISSING_CLAIM),
        ({"iat": AT + 30}, None), ({"iat": AT + 31}, Wrong.WRONG_CLAIM), ({"iat": None}, Wrong.MISSING_CLAIM),
        ({"iss": "https://id.example.org/"}, Wrong.WRONG_CLAIM), ({"iss": None}, Wrong.MISSING_CLAIM),
        ({"aud": "pages"}, Wrong.WRONG_CLAIM), ({"aud": ["x", "api"]}, None), ({"aud": None}, Wrong.MISSING_CLAIM),
        ({"sub": None}, Wrong.MISSING_CLAIM), ({"sub": "s\n1"}, Wrong.SUBJECT), ({"sub": "s" * (MAX_SUBJECT + 1)}, Wrong.SUBJECT),
        ({"sub": "s" * MAX_SUBJECT}, None), ({"sub": "s"}, None), ({"iat": AT - 86_000, "exp": AT + 400}, None),
        ({"iat": AT - 86_000, "exp": AT + 401}, Wrong.TOO_LONG),
        ({"nonce": "n"}, Wrong.TYPE), ({"at_hash": "h"}, Wrong.TYPE), ({"c_hash": "h"}, Wrong.TYPE),
    ],
)  # fmt: skip
def test_a_claim_is_let_or_refused_for_its_own_reason(claims: dict[str, object], wrong: Wrong | None) -> None:
    assert why(token(claims)) is wrong


@pytest.mark.parametrize(
    ("header", "more", "wrong"),
    [
        ({"typ": "JWT"}, {}, None), ({"typ": "at+jwt"}, {}, None), ({"typ": "application/AT+JWT"}, {}, None),
        ({"typ": "logout+jwt"}, {}, Wrong.TYPE), ({"typ": "dpop+jwt"}, {}, Wrong.TYPE),
        ({"typ": "JWT"}, {"access_token_type": "at+jwt"}, Wrong.TYPE), ({"typ": "at+jwt"}, {"access_token_type": "at+jwt"}, None),
        ({"alg": "PS256"}, {}, Wrong.ALGORITHM), ({"alg": "PS256"}, {"algorithms": [Algorithm.PS256]}, None),
        ({"alg": "RS384"}, {}, Wrong.ALGORITHM), ({"crit": ["b64"], "b64": True}, {}, Wrong.CRITICAL),
        ({"x-odd": 1}, {}, None),
    ],
)  # fmt: skip
def test_a_header_is_let_or_refused_for_its_own_reason(
    header: dict[str, object], more: dict[str, object], wrong: Wrong | None
) -> None:
    assert why(token(header=header), provider(**more)) is wrong


def test_a_typed_access_token_may_carry_a_nonce_and_an_untyped_one_need_not_begin_where_the_provider_says_so() -> None:
    assert why(token({"nonce": "n"}, {"typ": "at+jwt"})) is None
    assert why(token({"nbf": None}), provider(requires_nbf=False)) is None


@pytest.mark.parametrize(
    ("claims", "header", "wrong"),
    [
        ({}, {}, Wrong.TYPE), ({}, {"typ": "JWT"}, Wrong.TYPE), ({"roles": ["x"], "azp": "api"}, {}, Wrong.TYPE),
        ({}, {"typ": "at+jwt"}, None), ({"scp": "user_impersonation"}, {}, None), ({"scope": "openid x"}, {}, None),
        ({"scope": "x", "nonce": "n"}, {}, Wrong.TYPE),
    ],
)  # fmt: skip
def test_where_tokens_of_both_kinds_are_for_the_client_an_access_token_shows_that_it_is_one(
    claims: dict[str, object], header: dict[str, object], wrong: Wrong | None
) -> None:
    assert why(token(claims, header), provider().model_copy(update={"client_id": "api"})) is wrong


def test_only_the_right_key_verifies() -> None:
    other = RSAKey.generate_key(2048, private=True)
    said, signature = token().rsplit(".", 1)

    assert why(token(key=other)) is Wrong.SIGNATURE
    assert why(f"{said}.{signature[::-1]}") is Wrong.SIGNATURE
    assert why(token(header={"alg": "ES256", "kid": "ec"}, key=EC), key=EC) is None
    assert why(token(header={"alg": "EdDSA", "kid": "ed"}, key=ED), key=ED) is None
    assert why(token(header={"alg": "ES256"}, key=EC), key=RSA) is Wrong.SIGNATURE


def test_a_tenant_and_another_claim_for_the_subject_are_held_to() -> None:
    one = provider(tenant_claim="tid", tenant="t-1", subject_claim="oid")

    assert verify_access(token({"tid": "t-1", "oid": "o-1"}), one, RSA, now=NOW).subject == "o-1"
    assert why(token({"tid": "t-2", "oid": "o-1"}), one) is Wrong.TENANT
    assert why(token({"oid": "o-1"}), one) is Wrong.TENANT
    assert why(token({"tid": "t-1"}), one) is Wrong.SUBJECT
    assert why(token({"tid": "t-1", "oid": 7}), one) is Wrong.SUBJECT


@pytest.mark.parametrize(
    ("claims", "header", "wrong"),
    [
        ({}, {}, None), ({"azp": "pages"}, {}, None), ({"azp": "other"}, {}, Wrong.WRONG_CLAIM), ({}, {"typ": "JWT"}, None),
        ({}, {"typ": "at+jwt"}, Wrong.TYPE), ({"nonce": "x"}, {}, Wrong.NONCE), ({"nonce": None}, {}, Wrong.NONCE),
        ({"aud": "api"}, {}, Wrong.WRONG_CLAIM), ({"nbf": None}, {}, None), ({"exp": AT - 31}, {}, Wrong.EXPIRED),
    ],
)  # fmt: skip
def test_an_id_token_is_for_our_pages_and_this_one_sign_in(
    claims: dict[str, object], header: dict[str, object], wrong: Wrong | None
) -> None:
    text = token({"aud": "pages", "nonce": "ours", **claims}, header)

    assert why(text, nonce="ours") is wrong
    assert wrong or verify_id(text, provider(), RSA, nonce="ours", now=NOW).subject == "s-1"


def test_a_heading_is_read_without_believing_it() -> None:
    many = token({"aud": ["a", 1, "b"]}, {"kid": "ec", "alg": "ES256"}, EC)

    assert heading_of(token()) == Heading("RS256", "rsa", ISSUER, frozenset({"api"}))
    assert heading_of(many) == Heading("ES256", "ec", ISSUER, frozenset({"a", "b"}))
    assert heading_of(token({"aud": None})).audiences == frozenset()


@pytest.mark.parametrize(
    "text", ["", "a.b", "a.b.c", ".." * 9, token({"iss": None}), token({"iss": 1}), token() + "." + token(), "é" * 9]
)
def test_what_is_no_token_is_unreadable(text: str) -> None:
    with pytest.raises(BadToken) as bad:
        heading_of(text)

    assert (bad.value.wrong, str(bad.value)) == (Wrong.UNREADABLE, "unreadable")


def test_the_longest_token_is_read_and_a_longer_one_is_not() -> None:
    room = MAX_TOKEN - len(token({"pad": ""}))
    texts = [token({"pad": "x" * (room * 3 // 4 + extra)}) for extra in range(-8, 8)]
    longest = max((text for text in texts if len(text) <= MAX_TOKEN), key=len)

    assert heading_of(longest).issuer == ISSUER
    with pytest.raises(BadToken):
        heading_of(min((text for text in texts if len(text) > MAX_TOKEN), key=len))


def public(key: Key, **more: object) -> dict[str, object]:
    return {**key.as_dict(private=False), **more}


def test_keys_that_cannot_sign_are_weak_or_not_understood_are_passed_over() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        weak = RSAKey.generate_key(1024, private=True)
    document = {
        "keys": [
            public(RSA, use="sig"), public(EC), public(ED, key_ops=["odd"]), public(RSA, use="enc"), public(weak), 1, {},
            {"kty": "oct", "k": "eA"}, {"kty": "RSA"}, {"kty": "EC", "crv": "P-0"}, RSA.as_dict(private=True),
        ]
    }  # fmt: skip

    found = keys_of(document)

    assert [key.kid for key in found] == ["rsa", "ec", "ed", "rsa"]
    assert not any(key.is_private for key in found)


@pytest.mark.parametrize("document", [[], {}, {"keys": 1}, None])
def test_a_document_without_a_list_of_keys_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match="a key set has a list of keys"):
        keys_of(document)


def heading(algorithm: str, key_id: str | None) -> Heading:
    return Heading(algorithm, key_id, ISSUER, frozenset())


def test_the_key_is_the_one_named_that_fits_or_the_only_one_that_fits() -> None:
    held = RSAKey.import_key(public(RSA, alg="PS256", kid="held"))
    keys = [RSA, EC, ED, held]
    p384 = ECKey.generate_key("P-384", {"kid": "p384"}, private=True)

    assert key_for(keys, heading("RS256", "rsa"), provider()) is RSA
    assert key_for(keys, heading("RS256", "ec"), provider()) is None
    assert key_for(keys, heading("RS256", "held"), provider()) is None
    assert key_for([held], heading("PS256", None), provider(algorithms=[Algorithm.PS256])) is held
    assert key_for(keys, heading("ES256", None), provider()) is EC
    assert key_for([p384], heading("ES256", None), provider()) is None
    assert key_for(keys, heading("EdDSA", None), provider()) is ED
    assert key_for([RSA, RSA], heading("RS256", None), provider()) is None
    assert key_for(keys, heading("RS256", "none such"), provider()) is None
    with pytest.raises(BadToken) as bad:
        key_for(keys, heading("none", "rsa"), provider())
    assert bad.value.wrong is Wrong.ALGORITHM


@pytest.mark.parametrize(
    ("name", "label"), [(None, None), (7, None), ("", None), (" \n ", None), ("x" * 201, "x" * 200), ("Zoë", "Zoë")]
)
def test_a_label_is_short_and_can_be_printed(name: object, label: str | None) -> None:
    assert Verified(ISSUER, "s", {"name": name}).label == label


def test_a_claim_holds_a_value_that_it_is_or_lists() -> None:
    one = Verified(ISSUER, "s", {"groups": ["a", "b"], "role": "a", "odd": {"a": 1}})

    assert [one.holds("groups", "b"), one.holds("groups", "c"), one.holds("role", "a"), one.holds("role", "b")] == [
        True, False, True, False,
    ]  # fmt: skip
    assert not one.holds("odd", "a")
    assert not one.holds("none", "a")
