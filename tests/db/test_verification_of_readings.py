"""Tampering with readings is found: each batch is compared with its digest, each restatement with what it restates."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import pytest_asyncio

from app.commands import records
from app.commands.readings import SentBatch, record_readings
from app.domain.academies import Academy
from app.domain.measure_vocabulary import Grain
from app.domain.metrics import Metric
from app.domain.reading_rows import SentReading
from tests.conftest import Installation, _installed
from tests.db.test_verification import looked_at, tampering, verdict

BATCH = "None: the rows of a reading_batch are not those of its digest, in {batch}"
CHAIN = "None: a reading is said to be restated by another than restates it, in {reading}"
LOG = "None: the table reading_batch holds something that no event tells of, in {batch}"


@pytest_asyncio.fixture(scope="module")
async def measured(server, empty_template) -> AsyncIterator[Installation]:
    """Ten weeks of readings, four of them restated, and one of those once more."""
    async for installation in _installed(server, empty_template):
        async with installation.database.begin(installation.actor("kestrel")) as work:
            academy = await records.create(work, Academy, {"code": "OAK", "name": "Oak"})
            metric = await records.create(work, Metric, {"code": "punctuality", "label": "Punctuality"})
        for batch, weeks in enumerate((10, 4, 1)):
            rows = [
                SentReading(
                    metric=metric.code, academy=academy.code, grain=Grain.WEEK,
                    starts_on=date(2026, 1, 5) + timedelta(weeks=week), ends_on=date(2026, 1, 11) + timedelta(weeks=week),
                    value=Decimal(f"9{batch}.{week}"),
                )
                for week in range(weeks)
            ]  # fmt: skip
            async with installation.database.begin(installation.actor("kestrel")) as work:
                await record_readings(work, SentBatch(source="mis", readings=rows))
        yield installation


async def test_readings_restated_again_and_again_raise_no_alarm(measured: Installation) -> None:
    assert (await verdict(measured)).fault is None


OF_THE_FORMER = "id = (select supersedes_id from reading where supersedes_id is not null order by id limit 1)"
OF_THE_NEW = "id = (select id from reading where supersedes_id is not null order by id limit 1)"
OF_ONE = "id = (select id from reading where superseded_by_id is null and supersedes_id is null order by id limit 1)"
CHANGED = {
    "a value": ("value = value + 0.1", OF_ONE),
    "a value in the seventh decimal": ("value = value + 0.0000001", OF_ONE),
    "an absence": ("value = null, absence = 'suppressed'", OF_ONE),
    "a period": ("starts_on = starts_on - 1", OF_ONE),
    "a grain": ("grain = 'window'", OF_ONE),
    "an academy": ("academy_id = null, official = 'england'", OF_ONE),
    "a count": ("denominator = 3", OF_ONE),
    "a source": ("source = 'MIS'", OF_ONE),
    "an instant": ("recorded_at = recorded_at - interval '1 microsecond'", OF_ONE),
    "a version of the definition": ("metric_version = 2", OF_ONE),
    "a version": ("version = 2", OF_ONE),
    "a value that is restated": ("value = value + 0.1", OF_THE_FORMER),
    "what it restates": ("supersedes_id = null", OF_THE_NEW),
}


@pytest.mark.parametrize("what", CHANGED)
async def test_a_reading_that_was_changed_is_found_by_its_batchs_digest(measured: Installation, what: str) -> None:
    change, where = CHANGED[what]
    async with tampering(measured) as it:
        batch = await it.connection.fetchval(f"select batch_id from reading where {where}")

        await it.do(f"update reading set {change} where {where}")

        assert await looked_at(it) == BATCH.format(batch=batch)


async def test_a_reading_that_is_gone_or_was_slipped_in_is_found(measured: Installation) -> None:
    columns = "trust_id, version, batch_id, metric_id, metric_version, academy_id, grain, starts_on, ends_on, value"
    for sql in (
        f"delete from reading where {OF_ONE}",
        (
            f"insert into reading (id, {columns}, source, recorded_at) select '{uuid4()}', {columns}, 'sim', recorded_at "
            f"from reading where {OF_ONE}"
        ),
    ):
        async with tampering(measured) as it:
            batch = await it.connection.fetchval(f"select batch_id from reading where {OF_ONE}")

            await it.do(sql)

            assert await looked_at(it) == BATCH.format(batch=batch)


async def test_a_reading_moved_to_another_batch_is_found(measured: Installation) -> None:
    async with tampering(measured) as it:
        first, second, _ = await it.connection.fetch(
            "select id from reading_batch where trust_id = $1 order by id", it.trust
        )

        await it.do(f"update reading set batch_id = $1 where {OF_ONE}", second["id"])

        assert await looked_at(it) == BATCH.format(batch=first["id"])


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("superseded_in_id = batch_id", OF_THE_FORMER),
        ("superseded_by_id = id", OF_THE_FORMER),
        ("superseded_by_id = gen_random_uuid(), superseded_in_id = batch_id", OF_ONE),
    ],
)
async def test_a_restatement_hidden_or_made_up_is_found(measured: Installation, change: str, where: str) -> None:
    async with tampering(measured) as it:
        reading = await it.connection.fetchval(f"select id from reading where {where}")

        await it.do(f"update reading set {change} where {where}")

        assert await looked_at(it) == CHAIN.format(reading=reading)


async def test_a_digest_made_to_fit_is_found_by_the_log(measured: Installation) -> None:
    async with tampering(measured) as it:
        batch = await it.connection.fetchval(f"select batch_id from reading where {OF_ONE}")
        await it.do(f"update reading set value = 0 where {OF_ONE}")

        await it.do("update reading_batch set digest = 'made to fit' where id = $1", batch)

        assert await looked_at(it) == LOG.format(batch=batch)


async def test_a_whole_batch_that_is_gone_is_found(measured: Installation) -> None:
    async with tampering(measured) as it:
        batch = await it.connection.fetchval(
            "select max(id::text)::uuid from reading_batch where trust_id = $1", it.trust
        )
        await it.do("delete from reading where batch_id = $1", batch)

        await it.do("delete from reading_batch where id = $1", batch)

        assert await looked_at(it) == LOG.format(batch=batch)


async def test_a_restatement_undone_is_found(measured: Installation) -> None:
    async with tampering(measured) as it:
        reading = await it.connection.fetchval(f"select id from reading where {OF_THE_FORMER}")
        await it.connection.execute("drop index uq_reading_current")

        await it.do(f"update reading set superseded_by_id = null, superseded_in_id = null where {OF_THE_FORMER}")

        assert await looked_at(it) == CHAIN.format(reading=reading)
