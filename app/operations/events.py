"""The event log, told from any position."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.domain.roles import Permission
from app.operations.bodies import Text
from app.operations.operation import Answer
from app.queries.events import EventPage, read_after
from app.queries.reading import Moment, Reads


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


async def _read(reads: Reads, _trust_id: UUID, asked: EventQuery, _moment: Moment) -> bytes:
    return await read_after(
        reads,
        asked.after,
        limit=asked.limit,
        kind=asked.type,
        subject=asked.subject,
        plan=asked.plan_id,
        academy=asked.academy_id,
        actor=asked.actor,
    )


LISTED: Final = Answer(
    name="listEvents",
    path="events",
    tag="events",
    summary="What happened after a position",
    doc="Positions have no gaps within a trust, so a reader that remembers `nextAfter` misses nothing and can prove it.",
    asked=EventQuery,
    gives=EventPage,
    read=_read,
    tagged=False,
    missing=False,
    needs=Permission.READ_EVENTS,
    rows_by="limit",
    notes=True,
)
ANSWERS: Final = (LISTED,)
