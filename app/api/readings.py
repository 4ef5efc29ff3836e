"""Batches of readings, as a source sends them."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from app.api.asking import Instant
from app.api.bodies import Body, Code, Day, Number, Text, json_of
from app.api.computed import as_bytes
from app.api.credentials import Caller
from app.api.openapi import answers, body_of
from app.api.writing import Writing
from app.commands.readings import SentBatch, record_readings
from app.db.idempotency import Answer
from app.db.unit_of_work import UnitOfWork
from app.domain.entity import Entity
from app.domain.measure_vocabulary import Absence, Grain, OfficialScope
from app.domain.permissions import to_read
from app.domain.reading_rows import SentReading
from app.domain.readings import ReadingBatch
from app.queries.metrics import READING_BATCHES
from app.queries.published import Published, record_model

router = APIRouter(prefix="/v1/reading-batches", tags=["reading-batches"])
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


class _Recording(Writing):
    """A batch that brought nothing is not kept; and whoever may only record is told how many there were, and no more."""

    async def _answer(self, work: UnitOfWork, record: Entity) -> Answer:
        assert isinstance(record, ReadingBatch)
        if record.recorded and work.actor.may(to_read(ReadingBatch)):
            return await super()._answer(work, record)
        await work.flush()
        counts = BatchCounts(recorded=record.recorded, restated=record.restated, unchanged=record.unchanged)
        if not record.recorded:
            return Answer(200, {}, as_bytes(counts))
        return Answer(201, {"Location": f"/v1/{self.noun.plural}/{record.id}"}, as_bytes(counts))


def _said() -> dict[str, Any]:
    told = answers(record_model(READING_BATCHES), 400, 401, 403, 404, 409, 413, 415, 422, status=201,
                   headers=("ETag", "Location"), extra=body_of(SentReadings, key=True))  # fmt: skip
    told["responses"][201]["model"] = record_model(READING_BATCHES) | BatchCounts
    known = answers(BatchCounts, extra=body_of(SentReadings, key=True))["responses"][200]
    told["responses"][200] = known | {"description": "All of it was known already: nothing was written."}
    return told


@router.post("", name="recordReadings", summary="Record a batch of readings", status_code=201, **_said())
async def record(
    request: Request, actor: Caller, body: Annotated[SentReadings, Depends(json_of(SentReadings))]
) -> Response:
    """All of it is recorded or none, and every row that cannot be is told with what is wrong with it.

    A reading that stands as it is sent is counted as unchanged. One that differs restates it: both versions are kept.
    The same batch may be sent again at any time. Whoever may record and not read is answered with the counts alone.
    """
    return await _Recording(request, actor, READING_BATCHES, status=201).run(
        lambda work: record_readings(work, body.sent())
    )
