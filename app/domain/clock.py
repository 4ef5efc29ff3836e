"""Which day it is: instants are kept in UTC, civil days are those of England."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")


def civil_day(instant: datetime) -> date:
    """The day on which an instant falls in England."""
    return instant.astimezone(LONDON).date()
