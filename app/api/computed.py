"""Computed answers: worked out in one reading transaction, and sent again only when something has changed."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import orjson
from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.asking import Instant, found, moment_of
from app.api.bodies import Day
from app.api.preconditions import page_tag
from app.domain.actor import Actor
from app.queries.published import Published, exact
from app.queries.reading import Moment, Reads, head_position, sight


class AskedOn(BaseModel):
    """The day that is asked about, and how much the trust knew."""

    model_config = ConfigDict(extra="forbid")

    on: Day | None = Field(default=None, description="The day asked about; left out: today.")
    as_known_at: Instant | None = Field(
        default=None,
        alias="asKnownAt",
        description="By what the trust knew at this instant; left out: all it knows now.",
    )


async def answer_of(
    request: Request,
    actor: Actor,
    read: Callable[[Reads, Moment], Awaitable[Published]],
    *,
    as_known_at: datetime | None = None,
) -> Response:
    """The answer with its tag. An answer by former knowledge has none: it never changes."""
    moment = moment_of(request, as_known_at)
    async with request.app.state.database.reader(actor) as reader:
        answer = await read(reader, moment)
        tag = None if moment.as_of else page_tag(await head_position(reader), sight(actor), moment.today)
    return found(request, as_bytes(answer), tag)


def as_bytes(answer: Published) -> bytes:
    return orjson.dumps(answer.model_dump(), default=exact, option=orjson.OPT_UTC_Z)
