"""Who asks: a key, a token of an identity provider or a session of a page becomes an actor. Every door asks here."""

from typing import Final, Protocol

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
from app.identity.tokens import BadToken, Verified, Wrong
from app.operations.refusals import KINDS, Refused
from app.operations.shown import Shown, has_three_parts
from app.queries.memberships import member_by_id, member_of

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FIND: Final = """
select id, label, digest, roles, scopes, academy_ids, documents_only, integration, created_at, expires_on, revoked_at from api_key
where trust_id = $1 and code = $2"""


class Service(Protocol):
    """What it takes to know anybody."""

    database: Database
    pepper: bytes
    identity: Identity


async def caller_of(service: Service, shown: Shown, *, channel: str) -> Actor:
    """The actor behind a request. Looked up every time, so that whoever is revoked or ended stops at the next one."""
    credential = shown.credential
    if credential is None:
        session = session_in(service, shown)
        if session is None:
            raise _unauthenticated(service, shown)
        return await _by_session(service, shown, session, channel)
    if service.identity.trusted and has_three_parts(credential):
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
