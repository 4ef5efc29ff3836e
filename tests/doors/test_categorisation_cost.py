"""What it costs to categorise 1,000 academies by 40 metrics each, beside fetching the same 40,000 readings as tuples."""

import gc
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.domain import ids
from app.domain.academies import Academy
from app.domain.entity import Entity
from app.domain.framework_vocabulary import FrameworkStatus, NestedReading
from app.domain.frameworks import Framework
from app.domain.metrics import Metric
from app.domain.stages import IndicativeMeasure, MaturityStage
from app.domain.trusts import Trust
from app.domain.vocabulary import Comparator, TrustKind
from app.queries.categorisations import read_trust_categorisation
from app.queries.reading import Moment
from tests.commands.ledger import superuser
from tests.conftest import Installation, _installed

ACADEMIES, METRICS, STAGES = 1000, 40, 4
TRUST = ids.trust_id("wide")
ON = date(2026, 11, 20)
_READINGS = """
insert into reading (trust_id, id, version, batch_id, metric_id, metric_version, academy_id, grain, starts_on, ends_on,
  value, source, recorded_at)
select $1, gen_random_uuid(), 1, $2, m.id, 1, a.id, 'term', '2026-04-20', '2026-07-22',
  (abs(hashtext(a.code || m.code)) % 1001)::numeric / 10, 'MIS', '2026-07-23T06:00:00Z'
from academy a cross join metric m where a.trust_id = $1 and m.trust_id = $1"""


async def _insert(connection: asyncpg.Connection, records: Sequence[Entity]) -> None:
    names = list(records[0].state())
    rows = [tuple(record.state().values()) for record in records]
    await connection.copy_records_to_table(records[0].noun(), records=rows, columns=names, schema_name="app")


def _framework() -> tuple[Framework, list[MaturityStage], list[IndicativeMeasure]]:
    framework = Framework(
        trust_id=TRUST,
        code="wide",
        title="wide",
        status=FrameworkStatus.PUBLISHED,
        nested_reading=NestedReading.FIRST_MATCH,
    )
    of: dict[str, Any] = {"trust_id": TRUST, "framework_id": framework.id}
    stages = [MaturityStage(**of, code=str(no), no=no, name=f"Stage {no}") for no in range(1, STAGES + 1)]
    measures = [
        IndicativeMeasure(
            **of, stage_id=stage.id, code=f"{stage.code}-{metric:02}", no=metric + 1, metric=f"metric-{metric:02}",
            comparator=Comparator.AT_LEAST if stage.no == STAGES else Comparator.BELOW,
            value=Decimal(min(25 * stage.no, 75)),
        )
        for stage in stages
        for metric in range(METRICS)
    ]  # fmt: skip
    return framework, stages, measures


@pytest.fixture(scope="module")
async def wide(server: Any, empty_template: str) -> AsyncIterator[Installation]:
    """A trust of 1,000 academies, a framework that looks at 40 metrics, and a reading of each."""
    async for installation in _installed(server, empty_template):
        framework, stages, measures = _framework()
        ends: dict[str, Any] = {"range_min": Decimal(0), "range_max": Decimal(100)}
        async with superuser(installation) as connection:
            trust = Trust.named(TRUST, code="wide", name="Wide", kind=TrustKind.MULTI_ACADEMY_TRUST)
            await _insert(connection, [trust])
            await _insert(connection, [framework])
            await _insert(connection, stages)
            await _insert(connection, measures)
            metrics = [Metric(trust_id=TRUST, code=f"metric-{no:02}", label="m", **ends) for no in range(METRICS)]
            await _insert(connection, metrics)
            academies = [Academy(trust_id=TRUST, code=f"A{no:04}", name="A") for no in range(ACADEMIES)]
            await _insert(connection, academies)
            await connection.execute("set session_replication_role = replica")
            await connection.execute(_READINGS, TRUST, UUID(int=1))
            await connection.execute("set session_replication_role = origin")
            await connection.execute("analyze reading")
        yield installation


async def _fetch(wide: Installation) -> list[tuple[Any, ...]]:
    columns = "metric_id, academy_id, grain, starts_on, ends_on, value, absence, id, source, recorded_at"
    async with wide.database.reader(wide.actor("wide")) as reader:
        rows = await reader.rows(f"select {columns} from reading where trust_id = $1", TRUST)
        return [tuple(row) for row in rows]


async def _categorise(wide: Installation) -> int:
    """How many criteria the answer explains, worked through as it is sent: piece by piece."""
    async with wide.database.reader(wide.actor("wide")) as reader:
        proposals = await read_trust_categorisation(reader, Moment(datetime.now(UTC)), on=ON)
    return sum(piece.count(b'"needs"') for piece in proposals.pieces())


def _memory(line: str) -> int:
    """In megabytes, of this process."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(one.split()[1]) for one in status.splitlines() if one.startswith(line)) // 1024


def _count_the_peak_anew() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells a process's peak of memory")
async def test_categorising_a_thousand_academies_needs_at_most_64_megabytes(wide: Installation) -> None:
    gc.collect()
    _count_the_peak_anew()
    before = _memory("VmRSS")

    explained = await _categorise(wide)

    assert explained == ACADEMIES * METRICS * STAGES
    assert _memory("VmHWM") - before <= 64


async def test_categorising_a_thousand_academies_costs_at_most_ten_times_their_rows(wide: Installation) -> None:
    fetched, categorised = [], []
    gc.collect()
    gc.disable()  # it would come and go in either of the two
    for _ in range(2):
        begun = process_time()
        rows = await _fetch(wide)
        fetched.append(process_time() - begun)
        assert len(rows) == ACADEMIES * METRICS
        del rows
        begun = process_time()
        await _categorise(wide)
        categorised.append(process_time() - begun)

    gc.enable()
    assert min(categorised) <= 10 * min(fetched)
