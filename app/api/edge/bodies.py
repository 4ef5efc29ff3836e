"""Reading a body, bounded, before the application runs; a body that breaks off is no body."""

import re
from typing import Final, Self

from starlette.types import Message, Receive, Scope

from app.operations.refusals import Refused

_LENGTH: Final = re.compile(b"[0-9]{1,18}")
_CLOSE: Final = {"Connection": "close"}
SMALL: Final = 16_384
"""Bytes of each body that find room whatever else is being sent."""


class Room:
    """For the bodies of all requests together."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, size: int) -> None:
        if size > self._left:
            sentence = "Too much is being sent at once. Nothing was done: try again."
            raise Refused("unavailable", sentence, headers={"Retry-After": "2", **_CLOSE})
        self._left -= size

    def give_back(self, size: int) -> None:
        self._left += size


class Share:
    """What one body takes of the room, until it is no longer needed."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._size = self._taken = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def grow(self, size: int) -> None:
        self._size += size
        more = max(0, self._size - SMALL) - self._taken
        self._room.take(more)
        self._taken += more

    def end(self) -> None:
        self._room.give_back(self._taken)
        self._taken = 0


class CallerLeft(Exception):
    """The caller hung up before the request was whole."""


def refuse_body(scope: Scope, *, most: int) -> bool:
    """Whether a body is announced. Refused where it is one that would not be read."""
    announced = False
    for name, value in scope["headers"]:
        if name == b"content-length":
            if not _LENGTH.fullmatch(value) or int(value) > most:
                raise _too_large(most)
            announced = announced or int(value) > 0
        elif name == b"transfer-encoding":
            announced = True
        elif name == b"content-encoding" and value not in (b"", b"identity"):
            sentence = "Send the body uncompressed: this operation takes no Content-Encoding."
            raise Refused("unsupported-media-type", sentence, headers=_CLOSE)
    return announced


async def read_body(receive: Receive, *, most: int, share: Share) -> bytes:
    """The whole body. Refused once it is past the limit, or finds no room."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise CallerLeft
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise _too_large(most)
        share.grow(len(part))
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def replayed(body: bytes, receive: Receive) -> Receive:
    """What the application is told: the body as one message, and then whatever comes."""
    untold = [body]

    async def again() -> Message:
        if untold:
            return {"type": "http.request", "body": untold.pop(), "more_body": False}
        return await receive()

    return again


def _too_large(most: int) -> Refused:
    return Refused("payload-too-large", f"A body may have at most {most} bytes.", headers=_CLOSE)
