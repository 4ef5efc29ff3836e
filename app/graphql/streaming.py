"""Streams of results over HTTP: ended when nobody listens, and cut off when the service stops."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import cast

from starlette.responses import StreamingResponse
from starlette.types import Send
from strawberry.types import ExecutionResult

from app.graphql.feed import StoppingError
from app.graphql.following import Told


async def once(result: ExecutionResult) -> Told:
    yield result


class Stream(StreamingResponse):
    """Ends what it streams as soon as nobody listens."""

    async def stream_response(self, send: Send) -> None:
        async with aclosing(cast("AsyncGenerator[str, None]", self.body_iterator)):
            await super().stream_response(send)


async def until_stopped(stream: Callable[[], AsyncIterator[str]], results: Told) -> AsyncIterator[str]:
    """A stream that is cut off says nothing of being complete, so whoever follows it comes back."""
    try:
        async with aclosing(results), aclosing(cast("AsyncGenerator[str, None]", stream())) as told:
            async for text in told:
                yield text
    except StoppingError:
        return
