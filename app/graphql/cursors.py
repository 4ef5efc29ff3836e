"""Cursors of connections: a sort, a sort key and an id, as the statement spelt them."""

import base64
import binascii
import json
from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from app.graphql.refusing import refused

_ODD: Final = "That is no cursor of this list. Take one from its `pageInfo` or `edges`, and keep the order the same."


@lru_cache(maxsize=256)
def read_cursor(text: str, way: str, cast: str) -> tuple[str, UUID]:
    """The sort key and the id of a cursor of a list that is sorted this way."""
    try:
        told: Any = json.loads(base64.b64decode(text, validate=True))
        sorted_by, key, record_id = told
        if sorted_by != way or not isinstance(key, str):
            raise refused("invalid", _ODD)
        _check(key, cast)
        return key, UUID(record_id)
    except (binascii.Error, ValueError, TypeError, AttributeError):
        raise refused("invalid", _ODD) from None


def _check(key: str, cast: str) -> None:
    """Whether the key can be of this type of PostgreSQL's."""
    if cast == "date" and key not in ("infinity", "-infinity"):
        date.fromisoformat(key)
    elif cast == "int" and not -(2**31) <= int(key) < 2**31:
        raise ValueError(key)
    elif cast == "uuid":
        UUID(key)
    elif "\0" in key:
        raise ValueError(key)
