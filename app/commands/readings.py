"""Readings recorded: a batch is kept whole or not at all, and what is known already is not kept again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from app.commands.calendars import school_calendar
from app.db.facts import digest_of, keep_facts
from app.db.unit_of_work import UnitOfWork
from app.domain.errors import Forbidden, Invalid
from app.domain.events import created
from app.domain.ids import uuid7
from app.domain.intervals import Calendar
from app.domain.measure_vocabulary import Absence, Grain, OfficialScope
from app.domain.metrics import Metric
from app.domain.permissions import to_see_all, to_write
from app.domain.reading_rows import Known, SentReading, faults_of
from app.domain.readings import Reading, ReadingBatch

Place = tuple[UUID, UUID | None, OfficialScope | None, UUID | None, Grain, date, date]
"""Of which metric, academy, official scope, pupil group and period a reading is, by their ids."""
Said = tuple[Decimal | None, Absence | None, Decimal | None, Decimal | None]

_CODES: Final = "select code, id from {table} where trust_id = $1 and withdrawn_at is null and code = any($2::text[])"
_STANDING: Final = """
select id, metric_id, academy_id, official, group_id, grain, starts_on, ends_on, value, absence, numerator, denominator
from reading where trust_id = $1 and superseded_by_id is null and source = $2 and metric_id = any($3::uuid[])
  and (academy_id is null or academy_id = any($4::uuid[])) and ends_on = any($5::date[])"""
_OF_ANOTHER: Final = """
select exists (select 1 from reading_batch where trust_id = $1 and source = $2 and recorded_by <> $3)"""
_RESTATE: Final = "update reading set superseded_by_id = $3, superseded_in_id = $4 where trust_id = $1 and id = $2"


@dataclass(frozen=True, kw_only=True)
class SentBatch:
    """What one source sends at one time."""

    source: str
    readings: Sequence[SentReading]
    as_at: datetime | None = None
    note: str | None = None
    id: UUID | None = None


@dataclass(frozen=True)
class _Standing:
    """A reading of the same source that no other restates."""

    id: UUID
    said: Said


async def record_readings(work: UnitOfWork, sent: SentBatch) -> ReadingBatch:
    """Record what is new or differs from what stands. Where nothing does, no batch is kept, and no event tells of one."""
    work.require(to_write(ReadingBatch))
    known = await _known(work, sent.readings)
    faults = faults_of(sent.readings, known)
    if faults:
        bad = len({fault.pointer.split("/")[2] for fault in faults})
        raise Invalid(
            f"{bad} of {len(sent.readings)} readings cannot be recorded, so none was. Mend them and send the batch again.",
            faults=faults,
        )
    places = [(_place(row, known), row) for row in sent.readings]
    await _refuse_anothers_source(work, sent.source)
    standing = await _standing(work, sent.source, [place for place, _ in places])
    batch = ReadingBatch(
        trust_id=work.actor.trust_id,
        id=sent.id or uuid7(),
        source=sent.source,
        as_at=sent.as_at,
        note=sent.note,
        recorded_by=work.actor.holder,
    )
    fresh = [
        _reading(work, batch, place, row, known.metrics[row.metric], standing.get(place))
        for place, row in places
        if place not in standing or standing[place].said != _said(row)
    ]
    batch.recorded = len(fresh)
    batch.restated = sum(reading.supersedes_id is not None for reading in fresh)
    batch.unchanged = len(places) - len(fresh)
    batch.academy_ids = sorted({reading.academy_id for reading in fresh if reading.academy_id is not None})
    if fresh:
        await _keep(work, batch, fresh)
    return batch


async def _refuse_anothers_source(work: UnitOfWork, source: str) -> None:
    """Whoever sees the own batches alone neither restates what others sent nor learns, by sending it, what they sent."""
    if work.actor.may(to_see_all(ReadingBatch)):
        return
    if await work.value(_OF_ANOTHER, work.actor.trust_id, source, work.actor.holder):
        raise Forbidden(
            f"Readings of the source {source} were recorded by somebody else. Send yours under a source of their own, "
            "or ask an administrator for a key of the same integration."
        )


async def _keep(work: UnitOfWork, batch: ReadingBatch, fresh: Sequence[Reading]) -> None:
    """The batch, then its readings, then its event with their digest. Whoever restates the same reading too is refused."""
    work.add(batch)
    await work.flush()
    restated = sorted((one.supersedes_id, one.id) for one in fresh if one.supersedes_id is not None)
    if restated:
        await work.write_many(_RESTATE, [(batch.trust_id, former, by, batch.id) for former, by in restated])
    await keep_facts(work, fresh)
    batch.digest = await digest_of(work, Reading, batch.id)
    work.record(created(batch))


async def _known(work: UnitOfWork, rows: Sequence[SentReading]) -> Known:
    """Everything the rows name, in one statement for each kind of record; the calendar where a row is of a term."""
    named = {row.metric for row in rows}
    academies = await _ids(work, "academy", {row.academy for row in rows if row.academy is not None})
    terms = any(row.grain in (Grain.TERM, Grain.HALF_TERM) for row in rows)
    return Known(
        metrics={metric.code: metric for metric in await work.where(Metric) if metric.code in named},
        academies={code: one for code, one in academies.items() if work.actor.reaches(frozenset({one}))},
        groups=await _ids(work, "pupil_group", {row.of_group for row in rows if row.of_group is not None}),
        calendar=await school_calendar(work) if terms else Calendar(),
        covers_trust=work.actor.academies is None,
    )


async def _ids(work: UnitOfWork, table: str, codes: set[str]) -> Mapping[str, UUID]:
    if not codes:
        return {}
    found = await work.rows(_CODES.format(table=table), work.actor.trust_id, sorted(codes))
    return {row["code"]: row["id"] for row in found}


async def _standing(work: UnitOfWork, source: str, places: Sequence[Place]) -> dict[Place, _Standing]:
    """What stands of this source where the rows are, and perhaps around it."""
    metrics = sorted({place[0] for place in places})
    academies = sorted({place[1] for place in places if place[1] is not None})
    ends = sorted({place[6] for place in places})
    rows = await work.rows(_STANDING, work.actor.trust_id, source, metrics, academies, ends)
    return {tuple(row)[1:8]: _Standing(row["id"], tuple(row)[8:]) for row in rows}


def _place(row: SentReading, known: Known) -> Place:
    return (
        known.metrics[row.metric].id,
        known.academies[row.academy] if row.academy is not None else None,
        row.official,
        known.groups[row.of_group] if row.of_group is not None else None,
        row.grain,
        row.starts_on,
        row.ends_on,
    )


def _said(row: SentReading) -> Said:
    return row.value, row.absence, row.numerator, row.denominator


def _reading(
    work: UnitOfWork, batch: ReadingBatch, place: Place, row: SentReading, metric: Metric, former: _Standing | None
) -> Reading:
    metric_id, academy_id, official, group_id, grain, starts_on, ends_on = place
    return Reading(
        trust_id=batch.trust_id,
        batch_id=batch.id,
        metric_id=metric_id,
        metric_version=metric.definition_version,
        academy_id=academy_id,
        official=official,
        group_id=group_id,
        grain=grain,
        starts_on=starts_on,
        ends_on=ends_on,
        value=row.value,
        absence=row.absence,
        numerator=row.numerator,
        denominator=row.denominator,
        source=batch.source,
        recorded_at=work.now,
        supersedes_id=former.id if former is not None else None,
    )
