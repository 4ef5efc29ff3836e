"""How often somebody may ask: by what is shown and by address, told in the fields of draft-ietf-httpapi-ratelimit-headers-10."""

import time
from math import ceil
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.edge.callers import Caller, Callers
from app.api.edge.guesses import Guesses
from app.api.edge.windows import Window
from app.config import Settings
from app.operations.refusals import Refused
from app.operations.shown import Shown

Fields = tuple[tuple[bytes, bytes], ...]
FREE: Final = frozenset({"/healthz", "/readyz"})
_TRY_AGAIN: Final = 1013
_UNAUTHENTICATED: Final = 401
_NOT_LET_IN: Final = 4403
"""How a conversation ends that began without a good key."""
_OFF: Final = 1 << 40


class Rates:
    """An ASGI layer that counts requests, messages of conversations, and credentials that turned out to be wrong."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._callers = Callers(settings.trusted_proxies)
        self._limits = _Limits(settings.requests_per_minute, settings.requests_per_minute_of_address)
        self._guesses = Guesses(settings.failures_per_minute or _OFF)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] in FREE:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._converse(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller, now = self._callers.of(scope), time.monotonic()
        self._refuse_guessing(caller, now)
        fields = self._limits.take(caller, now)

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *fields]
                if message["status"] == _UNAUTHENTICATED:
                    self._guesses.failed(caller, now)
                elif "actor" in scope.get("state", ()):
                    self._guesses.passed(caller, now)
            await send(message)

        await self._app(scope, receive, tell)

    async def _converse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Its opening and each of its messages count as a request: of the credential in its first message, once that is there."""
        caller = self._callers.of(scope)
        self._refuse_guessing(caller, time.monotonic())
        self._limits.take(caller, time.monotonic())
        state = scope.setdefault("state", {})

        def shows(shown: Shown) -> None:
            nonlocal caller
            caller = caller.showing(shown, scope["app"].state)
            self._refuse_guessing(caller, time.monotonic())

        async def hear() -> Message:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            try:
                self._limits.take(caller, time.monotonic())
            except Refused:
                await send({"type": "websocket.close", "code": _TRY_AGAIN, "reason": "Too many requests"})
                return {"type": "websocket.disconnect", "code": _TRY_AGAIN}
            return message

        async def tell(message: Message) -> None:
            if message["type"] == "websocket.close" and message.get("code") == _NOT_LET_IN:
                self._guesses.failed(caller, time.monotonic())
            elif message["type"] == "websocket.send" and "actor" in state:
                self._guesses.passed(caller, time.monotonic())
            await send(message)

        state["shows"] = shows
        await self._app(scope, hear, tell)

    def _refuse_guessing(self, caller: Caller, now: float) -> None:
        wait = self._guesses.wait(caller, now)
        if wait:
            sentence = "Too many credentials from here were wrong within a minute."
            raise _too_many(f"{sentence} Check the key, and try again in {ceil(wait)} seconds.", wait)


class _Limits:
    """Both limits as one."""

    def __init__(self, of_credential: int, of_address: int) -> None:
        self._credentials = Window(of_credential) if of_credential else None
        self._addresses = Window(of_address) if of_address else None
        named = (("credential", of_credential), ("address", of_address))
        self._policy = ", ".join(f'"{name}";q={limit};w=60' for name, limit in named if limit).encode()

    def take(self, caller: Caller, now: float) -> Fields:
        """The fields that tell how many are left. Refused where none was left."""
        told = []
        for name, window, who in (
            ("credential", self._credentials if caller.shown else None, caller.shown),
            ("address", self._addresses, caller.address),
        ):
            if window is not None:
                left = window.take(who, now)
                if left < 0:
                    raise self._refusal(name, window, window.wait(who, now))
                told.append(f'"{name}";r={left};t={ceil(window.ends(now))}')
        if not told:
            return ()
        return (b"ratelimit-policy", self._policy), (b"ratelimit", ", ".join(told).encode())

    def _refusal(self, name: str, window: Window, wait: float) -> Refused:
        who = "this credential" if name == "credential" else "this address"
        sentence = f"Too many requests of {who}: at most {window.limit} a minute. Try again in {ceil(wait)} seconds."
        fields = {"RateLimit-Policy": self._policy.decode(), "RateLimit": f'"{name}";r=0;t={ceil(wait)}'}
        return _too_many(sentence, wait, fields)


def _too_many(sentence: str, wait: float, fields: dict[str, str] | None = None) -> Refused:
    return Refused("too-many-requests", sentence, headers={"Retry-After": str(ceil(wait)), **(fields or {})})
