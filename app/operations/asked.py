"""What every question may say: the day it asks about, and the instant whose knowledge answers it."""

from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.types import AwareDatetime

from app.domain.errors import Invalid
from app.operations.bodies import Day
from app.queries.reading import Moment

EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2100, 12, 31, tzinfo=UTC)
Instant = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]
_PAST: Final = ("as_known_at", "as_of")


class Nothing(BaseModel):
    """No parameters: one that is given is refused, as everywhere."""

    model_config = ConfigDict(extra="forbid")


class AsOf(BaseModel):
    model_config = ConfigDict(extra="forbid")

    as_of: Instant | None = Field(
        default=None, alias="asOf", description="As it was at this instant, answered from the event log."
    )


class AskedOn(BaseModel):
    """The day that is asked about, and how much the trust knew."""

    model_config = ConfigDict(extra="forbid")

    on: Day | None = Field(default=None, description="The day asked about; left out: today.")
    as_known_at: Instant | None = Field(
        default=None,
        alias="asKnownAt",
        description="By what the trust knew at this instant; left out: all it knows now.",
    )


def past_of(asked: BaseModel) -> datetime | None:
    """The past instant that a question is about, if it is about one."""
    return next((past for name in _PAST if (past := getattr(asked, name, None)) is not None), None)


def moment_of(now: datetime, past: datetime | None = None) -> Moment:
    if past is not None and past > now:
        raise Invalid("That instant lies in the future. Give one that has passed, or leave it out.")
    return Moment(now, past)
