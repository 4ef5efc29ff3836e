"""Mutations with ways of their own: keys that are shown once, releases that take long, readings that may be told as counts."""

from typing import Final

from app.commands.keys import make_key
from app.commands.readings import record_readings
from app.db.unit_of_work import UnitOfWork
from app.domain.actor import Actor
from app.domain.entity import Entity
from app.graphql.mutation import Command, Mutation, Said, Service
from app.operations.keys import ApiKeyCreate, NewApiKey
from app.operations.readings import BatchCounts, SentReadings, counts_alone
from app.operations.releases import ReleaseCreate, prepare
from app.queries.metrics import READING_BATCHES
from app.queries.published import Published
from app.queries.releases import RELEASES


async def _make_key(service: Service, _actor: Actor, said: Said) -> Command:
    values = {name: getattr(said.body, name) for name in type(said.body).model_fields}

    async def make(work: UnitOfWork) -> Published:
        key, text = await make_key(work, values, environment=service.settings.environment, pepper=service.pepper)
        return NewApiKey(id=key.id, key=str(text))

    return make


async def _release(service: Service, actor: Actor, said: Said) -> Command:
    return await prepare(service.database, actor, said.body.order())


async def _record(work: UnitOfWork, said: Said) -> Entity | Published:
    batch = await record_readings(work, said.body.sent())
    return counts_alone(batch, work.actor) or batch


OWN: Final = (
    Mutation(
        name="createApiKey",
        doc="Make a key. It is shown in this answer and never again, so it takes no idempotency key: a retry makes another.",
        body=ApiKeyCreate,
        instead=(NewApiKey,),
        preparing=_make_key,
        versioned=False,
        keyed=False,
    ),
    Mutation(
        name="createRelease",
        doc="Release figures, small numbers protected. A metric whose small numbers no hiding can protect is withheld whole.",
        body=ReleaseCreate,
        gives=RELEASES,
        preparing=_release,
        versioned=False,
    ),
    Mutation(
        name="recordReadings",
        doc="Record a batch of readings, all of it or none. What brought nothing new, and whoever may not read readings, "
        "is answered with the counts alone.",
        body=SentReadings,
        gives=READING_BATCHES,
        instead=(BatchCounts,),
        result="RecordReadingsResult",
        run=_record,
        versioned=False,
    ),
)
