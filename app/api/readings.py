"""Recording a batch of readings has an address of its own: what is answered depends on what came of the batch."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.api.bodies import json_of
from app.api.credentials import Caller
from app.api.openapi import answers, body_of
from app.api.writing import Writing
from app.commands.readings import record_readings
from app.db.idempotency import Answer
from app.db.unit_of_work import UnitOfWork
from app.domain.entity import Entity
from app.domain.permissions import to_write
from app.domain.readings import ReadingBatch
from app.operations.operation import finished
from app.operations.readings import BatchCounts, SentReadings, counts_alone
from app.queries.metrics import READING_BATCHES
from app.queries.published import record_model

router = APIRouter(prefix="/v1/reading-batches", tags=["reading-batches"])


class _Recording(Writing):
    def _may_be_told_again(self) -> None:
        """Some may record and not read: they are told counts."""
        self.actor.require(to_write(ReadingBatch))

    async def _answer(self, work: UnitOfWork, record: Entity) -> Answer:
        assert isinstance(record, ReadingBatch)
        counts = counts_alone(record, work.actor)
        if counts is None:
            return await super()._answer(work, record)
        await work.flush()
        if not record.recorded:
            return Answer(200, {}, finished(counts))
        return Answer(201, {"Location": f"/v1/{self.noun.plural}/{record.id}"}, finished(counts))


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
