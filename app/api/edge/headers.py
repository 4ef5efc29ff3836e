"""The headers of every answer that tell a browser how little it may do with it."""

from collections.abc import Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.operations.content_security import CONTENT_SECURITY, NOTHING

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_SECURE: Final = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
_POLICY: Final = CONTENT_SECURITY.lower().encode()
_NOT_KEPT: Final = (b"cache-control", b"no-store")
_FAILED: Final = 400


class Headers:
    """An ASGI layer. A page brings a policy of its own; a failure without a word on caching is kept by nobody."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        always = {**_ALWAYS, **(_SECURE if https else {})}
        self._of_page = tuple((name.lower().encode(), value.encode()) for name, value in always.items())
        self._always = (*self._of_page, (_POLICY, NOTHING.encode()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                more = self._of_page if _has(headers, _POLICY) else self._always
                if message["status"] >= _FAILED and not _has(headers, b"cache-control"):
                    more = (*more, _NOT_KEPT)
                message["headers"] = [*headers, *more]
            await send(message)

        await self._app(scope, receive, tell)


def _has(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> bool:
    return any(name == wanted for name, _ in headers)
