"""Who somebody is, by what they show: the answer a page begins with, and a program's first try of its credential."""

from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api.credentials import Caller, shown_by
from app.operations.credentials import session_in
from app.queries.memberships import who_is

router = APIRouter(include_in_schema=False)


@router.get("/me", name="getMe")
async def me(request: Request, actor: Caller) -> Response:
    """Who the credential speaks for, and what it may do. Of a session also what a page repeats with every change."""
    async with request.app.state.database.reader(actor) as reader:
        known = await who_is(reader)
    shown = shown_by(request)
    session = session_in(request.app.state, shown) if shown.credential is None else None
    answer: dict[str, Any] = {
        "subject": actor.subject,
        "label": known.label if known else None,
        "trust": {"id": actor.trust_id, "code": known.trust_code, "name": known.trust_name} if known else None,
        "roles": sorted(actor.roles),
        "permissions": sorted(actor.permissions),
        "academies": None if actor.academies is None else sorted(map(str, actor.academies)),
        "csrfToken": session.csrf if session else None,
    }
    return Response(orjson.dumps(answer), media_type="application/json", headers={"Cache-Control": "no-store"})
