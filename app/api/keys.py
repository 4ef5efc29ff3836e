"""Making API keys has an address of its own: the secret is in the answer, which is neither kept nor cached."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request, Response

from app.api.bodies import json_of
from app.api.credentials import Caller
from app.api.openapi import answers, body_of
from app.commands.keys import make_key
from app.operations.keys import ApiKeyCreate, NewApiKey

router = APIRouter(prefix="/v1/api-keys", tags=["api-keys"])


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
