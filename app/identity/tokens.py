"""What a token proves: nothing, unless its provider signed it, for us, for somebody, for now. No network, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import orjson
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError, UnsupportedAlgorithmError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry, extract_compact
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry
from joserfc.util import base64_to_int

from app.identity.configuration import Algorithm, Provider

MAX_TOKEN: Final = 16_384
MIN_RSA_BITS: Final = 2_048
MAX_SUBJECT: Final = 255
_ACCESS_TYPES: Final = frozenset({"at+jwt", "application/at+jwt", "jwt"})
_ID_TYPES: Final = frozenset({"jwt"})
_OF_ID_TOKENS: Final = frozenset({"nonce", "at_hash", "c_hash"})
_OF_ACCESS_TOKENS: Final = frozenset({"scp", "scope"})
_CURVES: Final[Mapping[Algorithm, str]] = {
    Algorithm.ES256: "P-256", Algorithm.ES384: "P-384", Algorithm.EDDSA: "Ed25519",
    Algorithm.ED25519: "Ed25519",
}  # fmt: skip


class Wrong(StrEnum):
    """Why a token proves nothing. It is for logs and tests; whoever sent it is told little."""

    UNREADABLE = "unreadable"
    UNKNOWN_ISSUER = "unknown_issuer"
    ALGORITHM = "algorithm"
    CRITICAL = "critical"
    TYPE = "type"
    KEY = "key"
    SIGNATURE = "signature"
    MISSING_CLAIM = "missing_claim"
    WRONG_CLAIM = "wrong_claim"
    EXPIRED = "expired"
    TOO_LONG = "too_long"
    TENANT = "tenant"
    SUBJECT = "subject"
    NONCE = "nonce"


class BadToken(Exception):
    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong.value)
        self.wrong = wrong


@dataclass(frozen=True)
class Heading:
    """What a token says of itself, believed of nobody: by it the provider is found, whose keys then decide."""

    algorithm: str
    key_id: str | None
    issuer: str
    audiences: frozenset[str]


@dataclass(frozen=True)
class Verified:
    """Who a token is about. `label` is their name as the provider tells it; nothing is decided by it."""

    issuer: str
    subject: str
    claims: Mapping[str, Any]

    @property
    def label(self) -> str | None:
        name = self.claims.get("name")
        printable = "".join(letter for letter in name if letter.isprintable()) if isinstance(name, str) else ""
        return printable.strip()[:200] or None

    def holds(self, claim: str, value: str) -> bool:
        """Whether a claim is this value, or a list with it."""
        told = self.claims.get(claim)
        return value in told if isinstance(told, list) else told == value


class _Signatures(JWSRegistry):
    """The signatures that one provider makes. Unknown headers are passed over, as RFC 7515 has it, unless they are critical."""

    max_header_length = 8_192

    def __init__(self, algorithms: Sequence[Algorithm]) -> None:
        super().__init__(algorithms=[str(one) for one in algorithms], strict_check_header=False)

    def get_alg(self, name: str) -> Any:
        if name not in (self.allowed or ()):
            raise UnsupportedAlgorithmError(f"{name} is not a signature of this provider")
        return self.algorithms[name]


def heading_of(text: str) -> Heading:
    if len(text) > MAX_TOKEN:
        raise BadToken(Wrong.UNREADABLE)
    try:
        parts = extract_compact(text.encode(), registry=_Signatures(()))
        header, claims = parts.headers(), orjson.loads(parts.payload)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise BadToken(Wrong.UNREADABLE) from None
    if not isinstance(claims, dict) or not isinstance(issuer := claims.get("iss"), str):
        raise BadToken(Wrong.UNREADABLE)
    told, key_id = claims.get("aud"), header.get("kid")
    audiences = [one for one in (told if isinstance(told, list) else [told]) if isinstance(one, str)]
    return Heading(str(header.get("alg")), key_id if isinstance(key_id, str) else None, issuer, frozenset(audiences))


def keys_of(document: Any) -> tuple[Key, ...]:
    """The keys of a provider that can sign. Others, and such as are too weak or not understood, are passed over."""
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("a key set has a list of keys")  # noqa: TRY004  it is the document that is wrong
    read = (_key_of(one) for one in listed if isinstance(one, dict))
    return tuple(key for key in read if key is not None)


def key_for(keys: Sequence[Key], heading: Heading, provider: Provider) -> Key | None:
    """The key that the token names and that fits its algorithm; without a name, the only one that fits."""
    if heading.algorithm not in provider.algorithms:
        raise BadToken(Wrong.ALGORITHM)
    algorithm = Algorithm(heading.algorithm)
    fitting = [key for key in keys if _fits(key, algorithm)]
    if heading.key_id is None:
        return fitting[0] if len(fitting) == 1 else None
    return next((key for key in fitting if key.kid == heading.key_id), None)


def verify_access(text: str, provider: Provider, key: Key, *, now: datetime) -> Verified:
    """Whom an access token for our audience speaks for."""
    token = _signed(text, provider, key)
    kind = str(token.header.get("typ", "jwt")).lower()
    if kind not in _ACCESS_TYPES or (provider.access_token_type and not kind.endswith("at+jwt")):
        raise BadToken(Wrong.TYPE)
    if not kind.endswith("at+jwt") and _may_be_an_id_token(token.claims, provider):
        raise BadToken(Wrong.TYPE)
    required = ("nbf",) if provider.requires_nbf else ()
    _check(token.claims, provider, audience=provider.audience, required=required, now=now)
    return _about(token.claims, provider)


def verify_id(text: str, provider: Provider, key: Key, *, nonce: str, now: datetime) -> Verified:
    """Whom an ID token speaks for that was made for this one sign-in."""
    token = _signed(text, provider, key)
    if str(token.header.get("typ", "jwt")).lower() not in _ID_TYPES:
        raise BadToken(Wrong.TYPE)
    assert provider.client_id is not None, "nobody signs in on a page without a client"
    _check(token.claims, provider, audience=provider.client_id, required=(), now=now)
    if token.claims.get("nonce") != nonce:
        raise BadToken(Wrong.NONCE)
    if token.claims.get("azp", provider.client_id) != provider.client_id:
        raise BadToken(Wrong.WRONG_CLAIM)
    return _about(token.claims, provider)


def _may_be_an_id_token(claims: Mapping[str, Any], provider: Provider) -> bool:
    """An ID token is for the client. Where access tokens are for the same audience, those alone count that have a scope."""
    if _OF_ID_TOKENS & claims.keys():
        return True
    return provider.audience == provider.client_id and not _OF_ACCESS_TOKENS & claims.keys()


def _signed(text: str, provider: Provider, key: Key) -> jwt.Token:
    registry = _Signatures(provider.algorithms)
    try:
        if "crit" in extract_compact(text.encode(), registry=registry).headers():
            raise BadToken(Wrong.CRITICAL)
        return jwt.decode(text, key, registry=registry)
    except UnsupportedAlgorithmError:
        raise BadToken(Wrong.ALGORITHM) from None
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise BadToken(Wrong.SIGNATURE) from None


def _check(
    claims: Mapping[str, Any], provider: Provider, *, audience: str, required: Sequence[str], now: datetime
) -> None:
    there: ClaimsOption = {"essential": True}
    rules = JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=provider.leeway_seconds,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": audience},
        **dict.fromkeys(("sub", "exp", "iat", *required), there),
    )
    try:
        rules.validate(dict(claims))
    except MissingClaimError:
        raise BadToken(Wrong.MISSING_CLAIM) from None
    except ExpiredTokenError:
        raise BadToken(Wrong.EXPIRED) from None
    except InvalidClaimError:
        raise BadToken(Wrong.WRONG_CLAIM) from None
    if claims["exp"] - claims["iat"] > timedelta(hours=provider.longest_hours).total_seconds():
        raise BadToken(Wrong.TOO_LONG)
    if provider.tenant_claim is not None and claims.get(provider.tenant_claim) != provider.tenant:
        raise BadToken(Wrong.TENANT)


def _about(claims: Mapping[str, Any], provider: Provider) -> Verified:
    subject = claims.get(provider.subject_claim)
    if not isinstance(subject, str) or not 1 <= len(subject) <= MAX_SUBJECT or not subject.isprintable():
        raise BadToken(Wrong.SUBJECT)
    return Verified(provider.issuer, subject, claims)


def _key_of(told: dict[str, Any]) -> Key | None:
    if told.get("kty") not in ("RSA", "EC", "OKP") or told.get("use", "sig") != "sig":
        return None
    try:
        if told["kty"] == "RSA" and base64_to_int(told["n"]).bit_length() < MIN_RSA_BITS:
            return None
        return JWKRegistry.import_key({name: value for name, value in told.items() if name not in ("d", "key_ops")})
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _fits(key: Key, algorithm: Algorithm) -> bool:
    """Whether a signature of this algorithm can be of this key. A key that names its algorithm is held to it."""
    if key.get("alg") not in (None, str(algorithm)):
        return False
    if algorithm in _CURVES:
        return isinstance(key, (ECKey, OKPKey)) and key.curve_name == _CURVES[algorithm]
    return isinstance(key, RSAKey)
