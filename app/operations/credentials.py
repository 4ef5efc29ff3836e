"""Who asks: an API key becomes an actor. The key names its trust, and a wrong claim finds no row."""

from typing import Final

from app.db.database import Database
from app.domain.actor import Actor, Role
from app.domain.clock import civil_day
from app.domain.keys import ApiKey, KeyText
from app.operations.refusals import KINDS, Refused

CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="milepost"'}
_FIND: Final = """
select id, label, digest, roles, scopes, academy_ids, documents_only, created_at, expires_on, revoked_at from api_key
where trust_id = $1 and code = $2"""


async def caller_of(database: Database, pepper: bytes, authorization: str, *, channel: str) -> Actor:
    """The actor behind an Authorization header. Looked up every time, so that a revoked key stops at the next request."""
    scheme, _, given = authorization.partition(" ")
    key = await key_of(database, pepper, given.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        raise Refused("unauthenticated", KINDS["unauthenticated"].meaning, headers=CHALLENGE)
    return key.actor(channel)


async def key_of(database: Database, pepper: bytes, given: str) -> ApiKey | None:
    """The live key that this text is, or None: malformed, unknown, of another trust, expired or revoked."""
    text = KeyText.read(given)
    key = await _find(database, text) if text else None
    today = civil_day(database.clock())
    if text is None or key is None or not key.matches(text, pepper=pepper) or not key.is_live(today=today):
        return None
    return key


async def _find(database: Database, text: KeyText) -> ApiKey | None:
    nobody = Actor(text.trust_id, "nobody", frozenset[Role]())
    async with database.reader(nobody) as reader:
        row = await reader.row(_FIND, text.trust_id, text.code)
    return None if row is None else ApiKey(trust_id=text.trust_id, code=text.code, **dict(row))
