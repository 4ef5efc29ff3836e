"""The event log, told from any position."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.credentials import Caller
from app.api.openapi import answers
from app.operations.bodies import Text
from app.queries.events import EventPage, read_after

router = APIRouter(prefix="/v1/events", tags=["events"])


class EventQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    after: int = Field(default=0, ge=0, le=2**62, description="The last position you have. 0 starts at the beginning.")
    limit: int = Field(default=100, ge=1, le=1000, description="Events a page.")
    type: Annotated[Text, Field(max_length=100)] | None = Field(default=None, description="Such as `milestone.met`.")
    subject: UUID | None = Field(default=None, description="Events of this record.")
    plan_id: UUID | None = Field(default=None, alias="planId", description="Events of this plan and what is in it.")
    academy_id: UUID | None = Field(default=None, alias="academyId", description="Events that concern this academy.")
    actor: Annotated[Text, Field(max_length=100)] | None = Field(
        default=None, description="Who did it, as events say it."
    )


@router.get("", name="listEvents", summary="What happened after a position", **answers(EventPage, 401, 403, 422))
async def list_events(request: Request, actor: Caller, asked: Annotated[EventQuery, Query()]) -> Response:
    """Positions have no gaps within a trust, so a reader that remembers `nextAfter` misses nothing and can prove it."""
    async with request.app.state.database.reader(actor) as reader:
        body = await read_after(
            reader,
            asked.after,
            limit=asked.limit,
            kind=asked.type,
            subject=asked.subject,
            plan=asked.plan_id,
            academy=asked.academy_id,
            actor=asked.actor,
        )
    return Response(body, media_type="application/json", headers={"Cache-Control": "private, no-cache"})
