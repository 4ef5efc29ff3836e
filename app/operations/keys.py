"""API keys: what a new one is asked for with and answered by, and revoking one."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from app.commands.keys import revoke_key
from app.db.unit_of_work import UnitOfWork
from app.domain.keys import ApiKey
from app.domain.roles import Permission, Role
from app.operations.bodies import Body, Day, Text
from app.operations.operation import Change
from app.queries.keys import API_KEYS
from app.queries.published import Published


class ApiKeyCreate(Body):
    """A new key. For rotation, make the new one first and revoke the old one when nothing uses it any more."""

    label: Text = Field(description="What it is for.")
    roles: list[Role] = Field(min_length=1, max_length=10)
    scopes: list[Permission] | None = Field(default=None, max_length=20, description="Narrows what the roles allow.")
    academy_ids: list[UUID] | None = Field(
        default=None, max_length=200, description="The academies it sees; left out: all."
    )
    expires_on: Day | None = Field(default=None, description="The last day it works; at most 400 days from now.")
    integration: Annotated[Text, Field(max_length=60, pattern="^[a-z0-9-]+$")] | None = Field(
        default=None, description="What it is one of the keys of: they see what each other recorded."
    )
    documents_only: bool = Field(default=False, description="Whether it runs trusted documents and no other GraphQL.")


class NewApiKey(Published):
    """The key itself, shown this once."""

    id: UUID
    key: str


class KeyRevocation(Body):
    """Nothing needs to be said: a revoked key stops at its next request."""


async def _revoke(work: UnitOfWork, key_id: UUID, _body: KeyRevocation, version: int) -> ApiKey:
    return await revoke_key(work, key_id, version=version)


CHANGES: Final = (
    Change(
        name="revokeApiKey",
        of=API_KEYS,
        gives=API_KEYS,
        path="revocation",
        summary="Revoke a key",
        doc="It takes effect with the key's next request.",
        body=KeyRevocation,
        run=_revoke,
    ),
)
