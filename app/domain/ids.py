"""Identities: time-ordered ids for new records, and steady ones for records that a pack names by code."""

import os
import threading
import time
import uuid

_NAMESPACE = uuid.UUID("6d696c65-706f-5374-8000-000000000001")
_lock = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """A UUIDv7 (RFC 9562), ever increasing within the process: 12 bits of sub-millisecond time, then 62 random bits."""
    global _last  # noqa: PLW0603  the one counter that keeps ids of one process in order
    nanoseconds = time.time_ns()
    ticks = (nanoseconds // 1_000_000 << 12) | (nanoseconds % 1_000_000 * 4096 // 1_000_000)
    with _lock:
        ticks = _last = max(ticks, _last + 1)
    random = int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=(ticks >> 12 & (1 << 48) - 1) << 80 | 0x7 << 76 | (ticks & 0xFFF) << 64 | 0b10 << 62 | random)


def trust_id(code: str) -> uuid.UUID:
    """The id of the trust with this code: the same on every installation, so that no look-up crosses trusts."""
    return uuid.uuid5(_NAMESPACE, code)


def named_id(trust: uuid.UUID, noun: str, code: str) -> uuid.UUID:
    """The id of a record that a pack names by code, so that loading the pack twice finds it again."""
    return uuid.uuid5(trust, f"{noun}:{code}")
