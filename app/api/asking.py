"""What every read shares: the instant it asks about, and an answer that need not be sent twice."""

from datetime import datetime
from typing import Final

from fastapi import Request, Response

from app.api.preconditions import is_current, not_modified
from app.domain.actor import Actor
from app.domain.roles import Permission
from app.operations import asked
from app.queries.reading import Moment

_NOT_MODIFIED: Final = 304


def moment_of(request: Request, actor: Actor, past: datetime | None = None) -> Moment:
    """What was is read from the event log, so it takes the permission to read that."""
    if past is not None:
        actor.require(Permission.READ_EVENTS)
    return asked.moment_of(request.app.state.database.clock(), past)


def found(request: Request, body: bytes, tag: str | None) -> Response:
    if tag is not None and is_current(request, tag):
        return not_modified(tag)
    headers = {"Cache-Control": "private, no-cache"} | ({"ETag": tag} if tag else {})
    return Response(body, media_type="application/json", headers=headers)


def tells(answer: Response) -> bool:
    """Whether the caller is told anything. Who asks whether something changed is noted only if it did."""
    return answer.status_code != _NOT_MODIFIED
