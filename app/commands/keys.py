"""API keys: make one, revoke one. The secret is handed out once and never kept."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.db.unit_of_work import UnitOfWork
from app.domain.academies import Academy
from app.domain.actor import MAY, Actor, Permission, Role
from app.domain.errors import Fault, Forbidden, Invalid
from app.domain.events import created
from app.domain.ids import uuid7
from app.domain.keys import MAX_DAYS, ApiKey, KeyText


async def make_key(
    work: UnitOfWork, values: Mapping[str, Any], *, environment: str, pepper: bytes
) -> tuple[ApiKey, KeyText]:
    """A key with roles, optionally narrowed to scopes and academies. It works for at most 400 days."""
    work.require(Permission.MANAGE_KEYS)
    expires_on: date = values.get("expires_on") or work.today + timedelta(days=MAX_DAYS)
    if not work.today <= expires_on <= work.today + timedelta(days=MAX_DAYS):
        sentence = f"A key works for at most {MAX_DAYS} days. Give an earlier last day, from today on."
        raise Invalid(sentence, faults=[Fault("/expiresOn", "expiry-out-of-range", sentence)])
    for academy_id in values.get("academy_ids") or ():
        await work.get(Academy, academy_id)
    _refuse_more_than_own(work.actor, values)
    text = KeyText.new(environment, work.actor.trust_id)
    key = ApiKey(
        trust_id=work.actor.trust_id,
        id=values.get("id") or uuid7(),
        code=text.code,
        label=values["label"],
        digest=text.digest(pepper),
        roles=[str(role) for role in values["roles"]],
        scopes=None if values.get("scopes") is None else [str(scope) for scope in values["scopes"]],
        academy_ids=values.get("academy_ids"),
        documents_only=values.get("documents_only", False),
        created_at=work.now,
        expires_on=expires_on,
    )
    work.add(key)
    work.record(created(key))
    return key, text


def _refuse_more_than_own(actor: Actor, values: Mapping[str, Any]) -> None:
    """A credential makes none that may do or see more than it does itself."""
    scopes, academies = values.get("scopes"), values.get("academy_ids")
    allowed = frozenset().union(*(MAY[Role(role)] for role in values["roles"]))
    wanted = allowed if scopes is None else allowed & frozenset(scopes)
    if not all(actor.may(permission) for permission in wanted):
        raise Forbidden(
            "A key cannot be given more than whoever makes it may do. Name fewer roles, or narrower scopes."
        )
    if actor.documents_only and not values.get("documents_only"):
        raise Forbidden("A key that runs trusted documents alone makes none that runs others. Set documentsOnly.")
    if not _covers(actor, academies):
        raise Forbidden("A key cannot see more academies than whoever makes it. Name your own in academyIds.")


async def revoke_key(work: UnitOfWork, key_id: UUID, *, version: int | None) -> ApiKey:
    work.require(Permission.MANAGE_KEYS)
    key = await work.get(ApiKey, key_id, version=version)
    if not _covers(work.actor, key.academy_ids):
        raise Forbidden("This key sees academies that are not yours. Ask an administrator of the whole trust.")
    work.record(key.revoke(at=work.now))
    return key


def _covers(actor: Actor, academies: list[UUID] | None) -> bool:
    """Whether somebody sees all that a key sees; a key without academies sees the whole trust."""
    return actor.academies is None or (academies is not None and actor.academies.issuperset(academies))
