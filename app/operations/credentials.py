"""Who asks: a key, a token of an identity provider or a session of a page becomes an actor. Every door asks here."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, Self

from app.db.database import Database
from app.domain.actor import Actor
from app.domain.clock import civil_day
from app.domain.errors import Forbidden
from app.domain.ids import trust_id
from app.domain.keys import ApiKey, KeyText
from app.domain.memberships import MemberKind, Membership
from app.domain.roles import Role
from app.identity.configuration import Provider
from app.identity.providers import Identity
from app.identity.remembered import ProviderAway
from app.identity.sessions import Session, cookies_in
from app.identity.tokens import BadToken, Verified, Wrong, heading_of
from app.operations.refusals import KINDS, Refused
from app.queries.memberships import member_by_id, member_of

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FIND: Final = """
select id, label, digest, roles, scopes, academy_ids, documents_only, integration, created_at, expires_on, revoked_at from api_key
where trust_id = $1 and code = $2"""
_DOTS: Final = 2


class Service(Protocol):
    """What it takes to know anybody."""

    database: Database
    pepper: bytes
    identity: Identity


@dataclass(frozen=True)
class Shown:
    """All that a request shows of who asks, and of where it comes from. A session counts for pages alone."""

    authorizations: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    cookies: str = ""
    method: str = "GET"
    origin: str = ""
    fetched_from: str = ""
    csrf: str = ""

    @classmethod
    def by(cls, headers: Iterable[tuple[bytes, bytes]], method: str) -> Self:
        """Headers as ASGI has them."""
        told: dict[bytes, list[str]] = {}
        for name, value in headers:
            told.setdefault(name.lower(), []).append(value.decode("latin-1"))

        def first(name: bytes) -> str:
            return next(iter(told.get(name, ())), "")

        return cls(
            authorizations=tuple(told.get(b"authorization", ())),
            keys=tuple(told.get(b"x-api-key", ())),
            cookies="; ".join(told.get(b"cookie", ())),
            method=method,
            origin=first(b"origin"),
            fetched_from=first(b"sec-fetch-site"),
            csrf=first(b"x-csrf-token"),
        )

    @property
    def credential(self) -> str | None:
        """The one credential there is, if there is one; an empty one where there is nothing in it."""
        texts = {text for header in self.authorizations for text in _texts_in(header)}
        texts |= {text.strip() for text in self.keys}
        if len(texts - {""}) > 1:
            raise Refused("bad-request", "The request shows several credentials that differ. Send one of them.")
        return next(iter(texts - {""}), "") if texts else None

    @property
    def asks_where(self) -> bool:
        """An empty bearer token, as Power BI sends it to be told where its users sign in."""
        return [header.strip().lower() for header in self.authorizations] == ["bearer"]


async def caller_of(service: Service, shown: Shown, *, channel: str) -> Actor:
    """The actor behind a request. Looked up every time, so that whoever is revoked or ended stops at the next one."""
    credential = shown.credential
    if credential is None:
        session = session_in(service, shown)
        if session is None:
            raise _unauthenticated(service, shown)
        return await _by_session(service, shown, session, channel)
    if service.identity.trusted and credential.count(".") == _DOTS:
        return await _by_token(service, shown, credential, channel)
    key = await key_of(service.database, service.pepper, credential)
    if key is None:
        raise _unauthenticated(service, shown)
    return key.actor(channel)


async def key_of(database: Database, pepper: bytes, given: str) -> ApiKey | None:
    """The live key that this text is, or None: malformed, unknown, of another trust, expired or revoked."""
    text = KeyText.read(given)
    key = await _find(database, text) if text else None
    today = civil_day(database.clock())
    if text is None or key is None or not key.matches(text, pepper=pepper) or not key.is_live(today=today):
        return None
    return key


def session_in(service: Service, shown: Shown) -> Session | None:
    """The session whose cookie the request shows. Whether its member is still one is not looked up here."""
    if not service.identity.trusted:
        return None
    cookie = cookies_in(shown.cookies).get(service.identity.cookies.session_name, "")
    return service.identity.cookies.read(cookie, now=service.database.clock())


def credential_id(headers: Mapping[str, str]) -> str | None:
    """The part of a credential that may be known: a key's code, or the issuer that a token names. It proves nothing."""
    given = (headers.get("authorization", ""), headers.get("x-api-key", ""))
    texts = [*_texts_in(given[0]), given[1].strip()] if given[0] else [given[1].strip()]
    for text in texts:
        if (key := KeyText.read(text)) is not None:
            return key.code
        if text.count(".") == _DOTS:
            try:
                return f"jwt:{heading_of(text).issuer}"
            except BadToken:
                continue
    return None


async def _find(database: Database, text: KeyText) -> ApiKey | None:
    nobody = Actor(text.trust_id, "nobody", frozenset[Role]())
    async with database.reader(nobody) as reader:
        row = await reader.row(_FIND, text.trust_id, text.code)
    return None if row is None else ApiKey(trust_id=text.trust_id, code=text.code, **dict(row))


async def _by_token(service: Service, shown: Shown, text: str, channel: str) -> Actor:
    try:
        provider, verified = await service.identity.access(text, now=service.database.clock())
    except BadToken as bad:
        raise _unauthenticated(service, shown, wrong=bad.wrong) from None
    except ProviderAway:
        sentence = "The identity provider cannot be reached, so nobody can be known by its tokens. Try again shortly."
        raise Refused("unavailable", sentence, headers={"Retry-After": "5"}) from None
    return await _member(service, provider, verified, channel)


async def _member(service: Service, provider: Provider, verified: Verified, channel: str) -> Actor:
    membership = await member_of(service.database, trust_id(provider.trust), verified.issuer, verified.subject)
    if membership is None:
        raise Refused(
            "forbidden",
            "Your trust has no membership for you. Sign in once at /sign-in, or ask an administrator to add one; "
            "for an application, an administrator adds one under its subject.",
        )
    return _let_in(membership, channel)


def _let_in(membership: Membership, channel: str) -> Actor:
    try:
        return membership.actor(channel)
    except Forbidden as refusal:
        raise Refused("forbidden", refusal.sentence) from None


async def _by_session(service: Service, shown: Shown, session: Session, channel: str) -> Actor:
    """A change needs proof that our own page sent it: browsers show cookies to us whoever asks them to."""
    membership = await member_by_id(service.database, session.trust_id, session.membership_id)
    if membership is None or session.issued_at < membership.sessions_from or membership.kind is not MemberKind.PERSON:
        raise _unauthenticated(service, shown)
    actor = _let_in(membership, channel)
    is_ours = service.identity.is_own(shown.origin) or (not shown.origin and shown.fetched_from == "same-origin")
    if shown.method not in SAFE_METHODS and not (is_ours and session.repeats(shown.csrf)):
        raise Refused(
            "forbidden",
            "A change with a session's cookie comes from our own pages, with the X-CSRF-Token that /me tells. "
            "Programs send a key or a token instead.",
        )
    return actor


def _unauthenticated(service: Service, shown: Shown, *, wrong: Wrong | None = None) -> Refused:
    """The two challenges, the one for tokens first. Power BI reads where to sign in out of them."""
    authority = service.identity.authority
    if authority is not None and shown.asks_where:
        challenges = [f'Bearer authorization_uri="{authority}/oauth2/authorize"']
    else:
        invalid = ', error="invalid_token"' if wrong is not None else ""
        challenges = [f'Bearer realm="{authority or "milepost"}"{invalid}', 'Basic realm="milepost"']
    sentence = KINDS["unauthenticated"].meaning
    if wrong is Wrong.EXPIRED:
        sentence = "This token has expired. Ask your identity provider for a new one."
    elif wrong is not None:
        sentence = "This is no token that your trust's identity provider made for this service. Sign in again."
    return Refused("unauthenticated", sentence, challenges=challenges)


def _texts_in(header: str) -> list[str]:
    """What an Authorization header holds: the one text, or of user and password the one that is a key; else all of it."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return [rest.strip()]
    try:
        decoded = base64.b64decode(rest.strip(), validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, ValueError):
        decoded = ""
    user, _, password = decoded.partition(":")
    return [part for part in (user, password) if KeyText.read(part)] or [header.strip()]
