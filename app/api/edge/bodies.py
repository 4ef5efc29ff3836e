"""Reading a body, bounded, before the application runs; a body that breaks off is no body."""

import re
from typing import Final

from starlette.types import Message, Receive, Scope

from app.operations.refusals import Refused

_LENGTH: Final = re.compile(b"[0-9]{1,18}")
_CLOSE: Final = {"Connection": "close"}


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


async def read_body(receive: Receive, *, most: int) -> bytes:
    """The whole body. Refused once it is past the limit."""
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
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def replayed(body: bytes, receive: Receive) -> Receive:
    """What the application is told: the body as one message, and then whatever comes."""
    told = False

    async def again() -> Message:
        nonlocal told
        if not told:
            told = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return again


def _too_large(most: int) -> Refused:
    return Refused("payload-too-large", f"A body may have at most {most} bytes.", headers=_CLOSE)
