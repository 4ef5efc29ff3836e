"""Streams of results over HTTP: ended when nobody listens, and cut off when the service stops."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from typing import cast

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send
from strawberry.types import ExecutionResult

from app.graphql.feed import StoppingError
from app.graphql.following import Told


async def once(result: ExecutionResult) -> Told:
    yield result


class Stream(StreamingResponse):
    """Ends what it streams as soon as nobody listens, even where nobody ever did."""

    def __init__(self, results: Told, stream: Callable[[], AsyncIterator[str]], headers: Mapping[str, str]) -> None:
        super().__init__(_until_stopped(stream), headers=headers)
        self._results = results

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._results):
            await super().__call__(scope, receive, send)

    async def stream_response(self, send: Send) -> None:
        async with aclosing(cast("AsyncGenerator[str, None]", self.body_iterator)):
            await super().stream_response(send)


async def _until_stopped(stream: Callable[[], AsyncIterator[str]]) -> AsyncIterator[str]:
    """A stream that is cut off says nothing of being complete, so whoever follows it comes back."""
    try:
        async with aclosing(cast("AsyncGenerator[str, None]", stream())) as told:
            async for text in told:
                yield text
    except StoppingError:
        return
