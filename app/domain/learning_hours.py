"""Hours of learning lost to missed sessions (C21)."""

from decimal import Decimal
from typing import Final

HOURS_LOST: Final = "attendance.hours_lost"


def hours_lost(missed_sessions: int, hours_per_session: Decimal | None) -> Decimal | None:
    """Exact. Null where nobody has said how long a session lasts: half a day is no figure of hours."""
    return None if hours_per_session is None else missed_sessions * hours_per_session
