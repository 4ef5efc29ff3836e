"""What every read shares: the instant it asks about, and an answer that need not be sent twice."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.types import AwareDatetime

from app.api.preconditions import is_current, not_modified
from app.api.problems import Refused
from app.queries.reading import Moment

Instant = Annotated[AwareDatetime, Field(ge=datetime(1900, 1, 1, tzinfo=UTC), le=datetime(2100, 12, 31, tzinfo=UTC))]


class AsOf(BaseModel):
    model_config = ConfigDict(extra="forbid")

    as_of: Instant | None = Field(
        default=None, alias="asOf", description="As it was at this instant, answered from the event log."
    )


class Nothing(BaseModel):
    """No parameters: one that is given is refused, as everywhere."""

    model_config = ConfigDict(extra="forbid")


def moment_of(request: Request, as_of: Any = None) -> Moment:
    moment = Moment(request.app.state.database.clock(), as_of)
    if as_of is not None and as_of > moment.now:
        raise Refused("invalid", "That instant lies in the future. Give one that has passed, or leave it out.")
    return moment


def found(request: Request, body: bytes, tag: str | None) -> Response:
    if tag is not None and is_current(request, tag):
        return not_modified(tag)
    headers = {"Cache-Control": "private, no-cache"} | ({"ETag": tag} if tag else {})
    return Response(body, media_type="application/json", headers=headers)
