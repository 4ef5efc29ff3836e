"""What every read shares: the instant it asks about, and an answer that need not be sent twice."""

from datetime import datetime

from fastapi import Request, Response

from app.api.preconditions import is_current, not_modified
from app.operations import asked
from app.queries.reading import Moment


def moment_of(request: Request, past: datetime | None = None) -> Moment:
    return asked.moment_of(request.app.state.database.clock(), past)


def found(request: Request, body: bytes, tag: str | None) -> Response:
    if tag is not None and is_current(request, tag):
        return not_modified(tag)
    headers = {"Cache-Control": "private, no-cache"} | ({"ETag": tag} if tag else {})
    return Response(body, media_type="application/json", headers=headers)
