"""Computed answers: worked out in one reading transaction, and sent again only when something has changed."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

import orjson
from fastapi import Request, Response

from app.api.asking import found, moment_of
from app.api.preconditions import page_tag
from app.domain.actor import Actor
from app.queries.published import Published
from app.queries.reading import Moment, Reads, head_position, sight


async def answer_of(request: Request, actor: Actor, read: Callable[[Reads, Moment], Awaitable[Published]]) -> Response:
    moment = moment_of(request)
    async with request.app.state.database.reader(actor) as reader:
        answer = await read(reader, moment)
        tag = page_tag(await head_position(reader), sight(actor), moment.today)
    return found(request, as_bytes(answer), tag)


def as_bytes(answer: Published) -> bytes:
    return orjson.dumps(answer.model_dump(), default=_exact)


def _exact(value: object) -> orjson.Fragment:
    """A number as it is: a JSON number with all its digits."""
    if isinstance(value, Decimal):
        return orjson.Fragment(f"{value:f}")
    raise TypeError
