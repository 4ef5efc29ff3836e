"""What a request shows of who asks, before anybody looks whether it is true."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from app.domain.keys import KeyText
from app.operations.refusals import Refused

_NEITHER: Final = "-"
"""Stands for what is shown under another scheme or under none: no key and no token, and yet something."""


@dataclass(frozen=True)
class Shown:
    """All that a request shows of who asks, and of where it comes from. A session counts for pages alone."""

    authorizations: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    cookies: str = ""
    method: str = "GET"
    origin: str = ""
    fetched_from: str = ""
    csrf: str = ""

    @classmethod
    def by(cls, headers: Iterable[tuple[bytes, bytes]], method: str) -> Self:
        """Headers as ASGI has them."""
        told: dict[bytes, list[str]] = {}
        for name, value in headers:
            told.setdefault(name.lower(), []).append(value.decode("latin-1"))

        def first(name: bytes) -> str:
            return next(iter(told.get(name, ())), "")

        return cls(
            authorizations=tuple(told.get(b"authorization", ())),
            keys=tuple(told.get(b"x-api-key", ())),
            cookies="; ".join(told.get(b"cookie", ())),
            method=method,
            origin=first(b"origin"),
            fetched_from=first(b"sec-fetch-site"),
            csrf=first(b"x-csrf-token"),
        )

    @property
    def credential(self) -> str | None:
        """The one credential there is, if there is one; an empty one where there is nothing in it."""
        texts = {text for header in self.authorizations for text in _texts_in(header)}
        texts |= {text.strip() for text in self.keys}
        if len(texts - {""}) > 1:
            raise Refused("bad-request", "The request shows several credentials that differ. Send one of them.")
        return next(iter(texts - {""}), "") if texts else None

    @property
    def asks_where(self) -> bool:
        """An empty bearer token, as Power BI sends it to be told where its users sign in."""
        return [header.strip().lower() for header in self.authorizations] == ["bearer"]


def has_three_parts(text: str) -> bool:
    """As a token has; a key has none."""
    return text.count(".") == 2  # noqa: PLR2004  the dots between three


def _texts_in(header: str) -> list[str]:
    """What an Authorization header holds: the one text, or of user and password the one that is a key."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return [rest.strip()]
    try:
        decoded = base64.b64decode(rest.strip(), validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, ValueError):
        decoded = ""
    user, _, password = decoded.partition(":")
    return [part for part in (user, password) if KeyText.read(part)] or [_NEITHER]
