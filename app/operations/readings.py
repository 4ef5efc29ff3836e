"""Batches of readings, as a source sends them."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from app.commands.readings import SentBatch
from app.domain.actor import Actor
from app.domain.measure_vocabulary import Absence, Grain, OfficialScope
from app.domain.permissions import to_read
from app.domain.reading_rows import SentReading
from app.domain.readings import ReadingBatch
from app.operations.asked import Instant
from app.operations.bodies import Body, Code, Day, Number, Text
from app.queries.published import Published

MOST_ROWS: Final = 2000


class ReadingRow(Body):
    """One value, or the reason why there is none."""

    metric: Code = Field(description="Code of its metric.")
    academy: Code | None = Field(
        default=None, description="Code of its academy; null of an official figure that is the same for every academy."
    )
    official: OfficialScope | None = Field(
        default=None, description="Whose official figure it is; null: the academy's own."
    )
    group: Code | None = Field(default=None, description="Code of its pupil group; null: all pupils.")
    grain: Grain
    starts_on: Day
    ends_on: Day
    value: Number | None = None
    absence: Absence | None = Field(default=None, description="Why there is no value. Missing is never zero.")
    numerator: Number | None = None
    denominator: Number | None = None


class SentReadings(Body):
    """What one source sends at one time."""

    id: UUID | None = Field(default=None, description="Chosen by you, or made here (UUIDv7).")
    source: Annotated[Text, Field(max_length=200)] = Field(
        description="The system or publication the values come from. Values of one source restate its own alone."
    )
    as_at: Instant | None = Field(default=None, description="When the source had them so.")
    note: Text | None = None
    readings: list[ReadingRow] = Field(min_length=1, max_length=MOST_ROWS)

    def sent(self) -> SentBatch:
        return SentBatch(
            id=self.id,
            source=self.source,
            as_at=self.as_at,
            note=self.note,
            readings=[SentReading(**dict(row)) for row in self.readings],
        )


class BatchCounts(Published):
    """What came of a batch, where there is no record of it to read, or none that this credential may read."""

    recorded: int = Field(
        description="How many readings it brought; 0: all were known already, and nothing was written."
    )
    restated: int = Field(description="How many of them restate an earlier one.")
    unchanged: int = Field(description="How many it sent that stand as they were sent.")


def counts_alone(batch: ReadingBatch, actor: Actor) -> BatchCounts | None:
    """What is told in place of a batch: one that brought nothing is not kept, and some may record and not read."""
    if batch.recorded and actor.may(to_read(ReadingBatch)):
        return None
    return BatchCounts(recorded=batch.recorded, restated=batch.restated, unchanged=batch.unchanged)
