"""API keys: make one, revoke one. The secret is handed out once and never kept."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.db.unit_of_work import UnitOfWork
from app.domain.academies import Academy
from app.domain.actor import Actor
from app.domain.errors import Fault, Forbidden, Invalid
from app.domain.events import created
from app.domain.grants import Grant, refuse_more_than_own
from app.domain.ids import uuid7
from app.domain.keys import MAX_DAYS, ApiKey, KeyText
from app.domain.roles import Permission, Role


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
        integration=values.get("integration"),
        created_at=work.now,
        expires_on=expires_on,
    )
    work.add(key)
    work.record(created(key))
    return key, text


def _refuse_more_than_own(actor: Actor, values: Mapping[str, Any]) -> None:
    """A credential makes none that may do or see more than it does itself."""
    scopes, academies = values.get("scopes"), values.get("academy_ids")
    grant = Grant(
        roles=frozenset(map(Role, values["roles"])),
        academies=None if academies is None else frozenset(academies),
        scopes=None if scopes is None else frozenset(map(Permission, scopes)),
        documents_only=values.get("documents_only", False),
    )
    refuse_more_than_own(actor, grant, what="key")
    integration = values.get("integration")
    if integration is None or actor.may(Permission.READ_SENSITIVE) or actor.holder == f"integration:{integration}":
        return
    raise Forbidden("A key of an integration sees what its others recorded, and you do not. Leave integration out.")


async def revoke_key(work: UnitOfWork, key_id: UUID, *, version: int | None) -> ApiKey:
    work.require(Permission.MANAGE_KEYS)
    key = await work.get(ApiKey, key_id)
    work.record(work.current(key, version).revoke(at=work.now))
    return key
