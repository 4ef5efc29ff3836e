"""Sessions of pages: signed cookies that say which member signed in and when, and hold nothing that anybody may do."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

SESSION: Final = timedelta(hours=8)
SIGNING_IN: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Session:
    """Who signed in. `csrf` is what a page repeats in a header with every change, which another site cannot."""

    trust_id: UUID
    membership_id: UUID
    issued_at: datetime
    csrf: str

    @classmethod
    def begun(cls, trust_id: UUID, membership_id: UUID, *, at: datetime) -> Self:
        return cls(trust_id, membership_id, at, secrets.token_urlsafe(24))

    def repeats(self, csrf: str) -> bool:
        return hmac.compare_digest(self.csrf.encode(), csrf.encode())


@dataclass(frozen=True)
class SigningIn:
    """Somebody on the way to the provider: what the answer has to fit, and where they wanted to go."""

    issuer: str
    client_id: str
    state: str
    nonce: str
    verifier: str
    to: str
    issued_at: datetime


class Cookies:
    """Writes and reads both. What was altered, is too old or was signed with another secret is no cookie."""

    def __init__(self, secret: bytes, *, secure: bool) -> None:
        self._sessions = _signer(secret, "session")
        self._signing_in = _signer(secret, "signing-in")
        self.secure = secure

    @property
    def session_name(self) -> str:
        """With the prefix, browsers take it over https alone, and from nobody but the host itself."""
        return "__Host-milepost" if self.secure else "milepost"

    @property
    def signing_in_name(self) -> str:
        return f"{self.session_name}-signing-in"

    def write(self, session: Session) -> str:
        told = {
            "t": session.trust_id.hex, "m": session.membership_id.hex, "i": session.issued_at.timestamp(), "c": session.csrf,
        }  # fmt: skip
        return str(self._sessions.dumps(told))

    def read(self, cookie: str, *, now: datetime) -> Session | None:
        told = _told(self._sessions, cookie)
        if told is None:
            return None
        issued_at = datetime.fromtimestamp(told["i"], UTC)
        if now - issued_at >= SESSION:
            return None
        return Session(UUID(told["t"]), UUID(told["m"]), issued_at, told["c"])

    def write_signing_in(self, going: SigningIn) -> str:
        told = [going.issuer, going.client_id, going.state, going.nonce, going.verifier, going.to]
        return str(self._signing_in.dumps({"w": told, "i": going.issued_at.timestamp()}))

    def read_signing_in(self, cookie: str, *, now: datetime) -> SigningIn | None:
        told = _told(self._signing_in, cookie)
        if told is None:
            return None
        issued_at = datetime.fromtimestamp(told["i"], UTC)
        issuer, client_id, state, nonce, verifier, to = told["w"]
        is_current = now - issued_at < SIGNING_IN
        return SigningIn(issuer, client_id, state, nonce, verifier, to, issued_at) if is_current else None


def cookies_in(header: str) -> dict[str, str]:
    """The cookies of a Cookie header; of two under one name, the first."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, _, value in reversed(list(pairs))}


def own_path(address: str) -> str:
    """Where to go after signing in: a path of ours. Anything that a browser might take for another site is the front page."""
    is_ours = address.startswith("/") and not address.startswith(("//", "/\\"))
    plain = address.isascii() and address.isprintable() and "\\" not in address
    return address if is_ours and plain else "/"


def _signer(secret: bytes, purpose: str) -> URLSafeSerializer:
    kind = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(secret, salt=f"milepost {purpose}", signer_kwargs=kind)


def _told(signer: URLSafeSerializer, cookie: str) -> Any:
    try:
        return signer.loads(cookie)
    except BadData:
        return None
