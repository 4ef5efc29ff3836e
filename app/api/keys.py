"""API keys: make one (its secret is shown once), list them, revoke one."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from app.api.bodies import Body, Day, Text, json_of
from app.api.credentials import Caller
from app.api.openapi import RecordId, answers, body_of
from app.api.preconditions import expected_version
from app.api.writing import Writing
from app.commands.keys import make_key, revoke_key
from app.domain.actor import Permission, Role
from app.queries.keys import API_KEYS
from app.queries.published import Published, record_model

router = APIRouter(prefix="/v1/api-keys", tags=["api-keys"])


class ApiKeyCreate(Body):
    """A new key. For rotation, make the new one first and revoke the old one when nothing uses it any more."""

    label: Text = Field(description="What it is for.")
    roles: list[Role] = Field(min_length=1, max_length=10)
    scopes: list[Permission] | None = Field(default=None, max_length=20, description="Narrows what the roles allow.")
    academy_ids: list[UUID] | None = Field(
        default=None, max_length=200, description="The academies it sees; left out: all."
    )
    expires_on: Day | None = Field(default=None, description="The last day it works; at most 400 days from now.")


class NewApiKey(Published):
    """The key itself, shown this once."""

    id: UUID
    key: str


@router.post(
    "", name="createApiKey", summary="Make a key", status_code=201,
    **answers(NewApiKey, 400, 401, 403, 404, 413, 415, 422, status=201, headers=("Location",), extra=body_of(ApiKeyCreate)),
)  # fmt: skip
async def create(
    request: Request, actor: Caller, body: Annotated[ApiKeyCreate, Depends(json_of(ApiKeyCreate))]
) -> Response:
    """The secret is not kept, so it cannot be shown again, and a retry makes another key."""
    values = {name: getattr(body, name) for name in type(body).model_fields}
    state = request.app.state
    async with state.database.begin(actor) as work:
        key, text = await make_key(work, values, environment=state.settings.environment, pepper=state.pepper)
    shown = orjson.dumps({"id": key.id, "key": str(text)})
    headers = {"Location": f"/v1/api-keys/{key.id}", "Cache-Control": "no-store"}
    return Response(shown, status_code=201, media_type="application/json", headers=headers)


class KeyRevocation(Body):
    """Nothing needs to be said: a revoked key stops at its next request."""


@router.post(
    "/{id}/revocation", name="revokeApiKey", summary="Revoke a key",
    **answers(record_model(API_KEYS), 400, 401, 403, 404, 409, 412, 413, 415, 422, 428, headers=("ETag",),
              extra=body_of(KeyRevocation, match=True, key=True)),
)  # fmt: skip
async def revoke(
    record_id: RecordId,
    request: Request,
    actor: Caller,
    _body: Annotated[KeyRevocation, Depends(json_of(KeyRevocation))],
) -> Response:
    """It takes effect with the key's next request."""
    version = expected_version(request)
    return await Writing(request, actor, API_KEYS).run(lambda work: revoke_key(work, record_id, version=version))
