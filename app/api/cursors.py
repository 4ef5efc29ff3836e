"""Cursors of list pages: opaque, signed, and good only for the list they came from."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.operations.refusals import Refused
from app.queries.reading import Cursor


def list_key(address: str, parameters: Mapping[str, Any]) -> bytes:
    """What a cursor belongs to: the address and everything that decides which rows come in which order."""
    shape = {
        name: str(value) for name, value in parameters.items() if name not in ("cursor", "limit") and value is not None
    }
    return hashlib.sha256(json.dumps([address, shape], sort_keys=True).encode()).digest()[:12]


def seal(cursor: Cursor, belongs: bytes, pepper: bytes) -> str:
    said = json.dumps([cursor.key, str(cursor.id), cursor.backward], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_sign(said, belongs, pepper) + said).decode().rstrip("=")


def unseal(text: str, belongs: bytes, pepper: bytes) -> Cursor:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raw = b""
    signature, said = raw[:16], raw[16:]
    if not hmac.compare_digest(signature, _sign(said, belongs, pepper)):
        raise Refused("invalid", "This cursor is not one of this list's. Start the list again without it.")
    key, record_id, backward = json.loads(said)
    return Cursor(key, UUID(record_id), backward)


def _sign(said: bytes, belongs: bytes, pepper: bytes) -> bytes:
    return hmac.digest(pepper, b"cursor" + belongs + said, hashlib.sha256)[:16]
