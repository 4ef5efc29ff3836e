"""Cursors of connections: a sort, a sort key and an id, as the statement spelt them."""

import base64
import json
from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from app.graphql.refusing import refused

LONGEST: Final = 2_000
_ODD: Final = "That is no cursor of this list. Take one from its `pageInfo` or `edges`, and keep the order the same."


def read_cursor(text: str, way: str, cast: str) -> tuple[str, UUID]:
    """The sort key and the id of a cursor of a list that is sorted this way, each as PostgreSQL spells it."""
    if len(text) > LONGEST:
        raise refused("invalid", _ODD)
    try:
        return _read(text, way, cast)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise refused("invalid", _ODD) from None


@lru_cache(maxsize=256)
def _read(text: str, way: str, cast: str) -> tuple[str, UUID]:
    told: Any = json.loads(base64.b64decode(text, validate=True))
    sorted_by, key, record_id = told
    if sorted_by != way or not isinstance(key, str):
        raise ValueError(key)
    return _spelt(key, cast), UUID(record_id)


def _spelt(key: str, cast: str) -> str:
    """The key as a value of this type of PostgreSQL's is spelt."""
    if cast == "date":
        return key if key in ("infinity", "-infinity") else date.fromisoformat(key).isoformat()
    if cast == "int":
        number = int(key)
        if not -(2**31) <= number < 2**31:
            raise ValueError(key)
        return str(number)
    if cast == "uuid":
        return str(UUID(key))
    key.encode()  # UnicodeEncodeError where there is half a character
    if "\0" in key:
        raise ValueError(key)
    return key
