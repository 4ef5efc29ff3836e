"""The two addresses of categories that are unlike the others: a supposition is sent, and a whole trust is streamed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.api.asking import found, moment_of
from app.api.bodies import json_of
from app.api.credentials import Caller
from app.api.openapi import RecordId, body_of
from app.api.operations import address_of, tag_of, told_of
from app.api.preconditions import is_current, not_modified
from app.operations.asked import AskedOn
from app.operations.categorisation import OF_TRUST, SUPPOSE, WhatIf
from app.operations.operation import finished
from app.queries.categorisations import read_trust_categorisation

router = APIRouter()


@router.post(address_of(SUPPOSE), **told_of(SUPPOSE, body_of(WhatIf)))
async def suppose(
    record_id: RecordId, request: Request, actor: Caller, body: Annotated[WhatIf, Depends(json_of(WhatIf))]
) -> Response:
    """A POST, since what is supposed is too much for an address; nothing is kept of it, so it has no tag."""
    async with request.app.state.database.reader(actor) as reader:
        told = await SUPPOSE.read(reader, record_id, body, moment_of(request, actor))
    return found(request, finished(told), None)


@router.get(address_of(OF_TRUST), **told_of(OF_TRUST))
async def categorise_trust(request: Request, actor: Caller, asked: Annotated[AskedOn, Query()]) -> Response:
    """Worked out while it is sent, for it may be large."""
    moment = moment_of(request, actor, asked.as_known_at)
    async with request.app.state.database.reader(actor) as reader:
        tag = await tag_of(reader, moment)
        proposals = await read_trust_categorisation(reader, moment, on=asked.on)
    if tag is not None and is_current(request, tag):
        return not_modified(tag)
    headers = {"Cache-Control": "private, no-cache"} | ({"ETag": tag} if tag else {})
    return StreamingResponse(proposals.pieces(), media_type="application/json", headers=headers)
