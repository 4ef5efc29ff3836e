"""Ids of records as they are given: plain as REST tells them, or global with the name of their kind before it."""

import re
from typing import Final
from uuid import UUID

from app.graphql.meanings import BY_TITLE
from app.graphql.refusing import refused

_PLAIN: Final = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def record_id(text: str, title: str | None = None) -> UUID:
    """The id itself. With a `title`, the id of another kind of record is refused rather than not found."""
    told, found = _read(text)
    if told is not None and title not in (None, told):
        raise refused("invalid", f"{text} is the id of a {told}. Here the id of a {title} is asked for.")
    return found


def global_id(text: str) -> tuple[str, UUID]:
    """The kind and the id."""
    told, found = _read(text)
    if told is None:
        raise refused(
            "invalid", f"{text} does not say of what kind of record it is. Give its global id: `Plan:{text}`."
        )
    return told, found


def _read(text: str) -> tuple[str | None, UUID]:
    title, named, plain = text.rpartition(":")
    if (named and title not in BY_TITLE) or not _PLAIN.fullmatch(plain):
        raise refused("invalid", "That is no id of a record. Give its global id, or its id as REST tells it.")
    return title or None, UUID(plain)
