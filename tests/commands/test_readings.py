"""Readings recorded: all or nothing, every version kept, nothing written twice, and what was known then told again."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from app.commands import records
from app.commands.metrics import redefine_metric
from app.commands.readings import SentBatch, record_readings
from app.domain.academies import Academy
from app.domain.actor import Actor
from app.domain.calendars import AcademicYear, HalfTerm, Term
from app.domain.errors import Conflict, Fault, Forbidden, Invalid, StaleVersion
from app.domain.measure_vocabulary import Absence, BreakKind, Grain, OfficialScope
from app.domain.metrics import Metric, SeriesBreak
from app.domain.pupil_groups import PupilGroup
from app.domain.reading_rows import SentReading
from app.domain.readings import ReadingBatch
from app.domain.roles import Role
from app.queries.figures import read_figures
from app.queries.metrics import READINGS
from app.queries.reading import ListRequest, Moment, read_page
from tests.commands.ledger import Ledger, ledger, nothing_written, refused, stopped, superuser, telling
from tests.conftest import Installation

OCTOBER = SentReading(
    metric="attendance",
    academy="OAK",
    grain=Grain.MONTH,
    starts_on=date(2026, 10, 1),
    ends_on=date(2026, 10, 31),
    value=Decimal("93.4"),
    numerator=Decimal(934),
    denominator=Decimal(1000),
)
UNSAID = {"supersedes_id": None, "superseded_by_id": None, "superseded_in_id": None}


async def make(installation: Installation, *things: tuple[type[Any], dict[str, Any]]) -> list[Any]:
    async with installation.database.begin(installation.actor("kestrel")) as work:
        return [await records.create(work, kind, values) for kind, values in things]


@pytest_asyncio.fixture
async def trust(empty: Installation) -> AsyncIterator[Installation]:
    """Two academies, a pupil group and a metric of per cent."""
    await make(
        empty,
        (Academy, {"code": "OAK", "name": "Oak"}),
        (Academy, {"code": "ELM", "name": "Elm"}),
        (PupilGroup, {"code": "SEND", "label": "SEND"}),
        (Metric, {"code": "attendance", "label": "Attendance", "range_min": Decimal(0), "range_max": Decimal(100)}),
    )
    yield empty


async def send(
    installation: Installation, *rows: SentReading, source: str = "mis", by: Actor | None = None, **more: Any
) -> ReadingBatch:
    async with installation.database.begin(by or installation.actor("kestrel")) as work:
        return await record_readings(work, SentBatch(source=source, readings=rows, **more))


async def kept(installation: Installation) -> list[dict[str, Any]]:
    async with superuser(installation) as connection:
        return [dict(row) for row in await connection.fetch("select * from reading order by id")]


async def id_of(installation: Installation, table: str, code: str) -> Any:
    async with superuser(installation) as connection:
        return await connection.fetchval(f"select id from {table} where code = $1", code)


async def test_a_batch_is_one_event_with_the_count_and_digest_of_its_readings(trust: Installation) -> None:
    oak = await id_of(trust, "academy", "OAK")
    send_group = replace(
        OCTOBER, group="SEND", value=None, absence=Absence.SUPPRESSED, numerator=None, denominator=None
    )

    async with telling(trust) as told:
        batch = await send(trust, OCTOBER, send_group, as_at=datetime(2026, 11, 2, 7, tzinfo=UTC), note="Census")

    rows = await kept(trust)
    (event,) = told.events
    assert [
        (row["value"], row["absence"], row["numerator"], row["denominator"], row["group_id"] is None) for row in rows
    ] == [(Decimal("93.4"), None, 934, 1000, True), (None, "suppressed", None, None, False)]
    assert {row["batch_id"] for row in rows} == {batch.id}
    assert {row["source"] for row in rows} == {"mis"}
    assert all(row[name] is None for row in rows for name in UNSAID)
    assert (event["type"], event["academies"]) == ("reading_batch.created", [str(oak)])
    assert event["data"]["after"] == {
        "id": str(batch.id), "version": 1, "source": "mis", "asAt": "2026-11-02T07:00:00.000000Z",
        "academyIds": [str(oak)], "recorded": 2, "restated": 0, "unchanged": 0, "digest": batch.digest,
        "recordedBy": "test",
    }  # fmt: skip
    assert len(batch.digest) == 64


async def test_what_is_known_already_is_written_no_second_time(trust: Installation) -> None:
    rows = [
        OCTOBER,
        replace(OCTOBER, academy="ELM"),
        replace(OCTOBER, group="SEND", value=None, absence=Absence.NOT_AVAILABLE),
    ]
    await send(trust, *rows)

    async with nothing_written(trust):
        again = await send(trust, *rows)
        written_otherwise = await send(trust, replace(OCTOBER, value=Decimal("93.400"), numerator=Decimal("934.0")))

    assert (again.recorded, again.restated, again.unchanged) == (0, 0, 3)
    assert (written_otherwise.recorded, written_otherwise.unchanged) == (0, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"value": Decimal("93.5")},
        {"value": None, "absence": Absence.NOT_AVAILABLE},
        {"numerator": None},
        {"denominator": Decimal(1001)},
    ],
    ids=str,
)
async def test_a_reading_that_differs_takes_the_place_of_the_one_that_stood(
    trust: Installation, other: dict[str, Any]
) -> None:
    await send(trust, OCTOBER, replace(OCTOBER, academy="ELM"))
    former, untouched = await kept(trust)

    async with telling(trust) as told:
        batch = await send(trust, replace(OCTOBER, **other), replace(OCTOBER, academy="ELM"))

    rows = {row["id"]: row for row in await kept(trust)}
    (new,) = (row for row in rows.values() if row["batch_id"] == batch.id)
    assert (batch.recorded, batch.restated, batch.unchanged) == (1, 1, 1)
    assert told.types == ["reading_batch.created"]
    assert (new["supersedes_id"], new["superseded_by_id"]) == (former["id"], None)
    assert rows[former["id"]] == {**former, "superseded_by_id": new["id"], "superseded_in_id": batch.id}
    assert rows[untouched["id"]] == untouched


@pytest.mark.parametrize(
    "other",
    [
        {"academy": "ELM"},
        {"group": "SEND"},
        {"official": OfficialScope.ENGLAND},
        {"official": OfficialScope.ENGLAND, "academy": None},
        {"grain": Grain.WINDOW},
        {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 30)},
    ],
    ids=str,
)
async def test_a_reading_of_something_else_stands_beside(trust: Installation, other: dict[str, Any]) -> None:
    await send(trust, OCTOBER)

    batch = await send(trust, replace(OCTOBER, value=Decimal(50), **other))

    assert (batch.recorded, batch.restated) == (1, 0)
    assert [row["superseded_by_id"] for row in await kept(trust)] == [None, None]


async def test_a_group_that_is_all_pupils_is_no_group(trust: Installation) -> None:
    await make(trust, (PupilGroup, {"code": "all", "label": "all pupils"}))
    await send(trust, replace(OCTOBER, group="all"))

    again = await send(trust, OCTOBER)

    assert (again.recorded, again.unchanged) == (0, 1)
    assert [row["group_id"] for row in await kept(trust)] == [None]


async def test_each_source_restates_its_own_alone(trust: Installation) -> None:
    await send(trust, OCTOBER)

    batch = await send(trust, replace(OCTOBER, value=Decimal(90)), source="census")

    assert (batch.recorded, batch.restated) == (1, 0)
    assert [row["superseded_by_id"] for row in await kept(trust)] == [None, None]


async def test_one_bad_row_keeps_the_whole_batch_out_and_every_bad_row_is_told(trust: Installation) -> None:
    rows = [
        OCTOBER,
        replace(OCTOBER, academy="ASH", value=Decimal(101)),
        replace(OCTOBER, academy="ELM", ends_on=date(2026, 10, 30)),
    ]

    async with nothing_written(trust):
        with stopped(Invalid) as caught:
            await send(trust, *rows)

    sentence = "2 of 3 readings cannot be recorded, so none was. Mend them and send the batch again."
    assert caught.value.sentence == sentence
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [
        ("/readings/1/academy", "unknown-academy"),
        ("/readings/1/value", "out-of-range"),
        ("/readings/2/startsOn", "not-a-period"),
    ]


async def test_a_code_that_is_withdrawn_is_known_no_more(trust: Installation) -> None:
    async with trust.database.begin(trust.actor("kestrel")) as work:
        for kind, code in ((Academy, "OAK"), (PupilGroup, "SEND"), (Metric, "attendance")):
            (one,) = await work.where(kind, code=code)
            await records.withdraw(work, kind, one.id, version=1, reason="Closed.")

    async with nothing_written(trust):
        with stopped(Invalid) as caught:
            await send(trust, replace(OCTOBER, group="SEND"))

    assert [fault.code for fault in caught.value.faults] == ["unknown-academy", "unknown-group", "unknown-metric"]


async def test_terms_are_those_of_the_trusts_calendar(trust: Installation) -> None:
    first, last = date(2026, 9, 2), date(2026, 12, 18)
    half = replace(OCTOBER, grain=Grain.HALF_TERM, starts_on=first, ends_on=date(2026, 10, 23))
    term = replace(OCTOBER, grain=Grain.TERM, starts_on=first, ends_on=last)
    with stopped(Invalid) as caught:
        await send(trust, half, term)
    (year,) = await make(
        trust, (AcademicYear, {"code": "2026/27", "starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31)})
    )
    (autumn,) = await make(
        trust, (Term, {"academic_year_id": year.id, "no": 1, "name": "autumn", "starts_on": first, "ends_on": last})
    )
    await make(trust, (HalfTerm, {"term_id": autumn.id, "no": 1, "starts_on": first, "ends_on": half.ends_on}))

    batch = await send(trust, half, term)

    assert [fault.code for fault in caught.value.faults] == ["not-a-period", "not-a-period"]
    assert batch.recorded == 2


async def test_nobody_records_beyond_their_academies_or_without_the_permission(trust: Installation) -> None:
    oak = frozenset({await id_of(trust, "academy", "OAK")})
    head = trust.actor("kestrel", Role.ACADEMY_HEAD, academies=oak)

    async with nothing_written(trust):
        with stopped(Invalid) as caught:
            await send(trust, replace(OCTOBER, academy="ELM"), replace(OCTOBER, academy="NONE"), by=head)
    lacking = (
        "This credential may not do that: it lacks the permission record_measures. Ask an administrator of your trust."
    )
    for role in (Role.READER, Role.SENIOR_LEADER, Role.REVIEWER):
        async with refused(trust, Forbidden, lacking):
            await send(trust, OCTOBER, by=trust.actor("kestrel", role))

    unknown = "There is no academy with the code {}. Check the code, or add it first."
    assert caught.value.faults == (
        Fault("/readings/0/academy", "unknown-academy", unknown.format("ELM")),
        Fault("/readings/1/academy", "unknown-academy", unknown.format("NONE")),
    )
    assert (await send(trust, OCTOBER, by=head)).recorded == 1


async def _at_once(trust: Installation, *rows: SentReading) -> tuple[Ledger, Conflict]:
    """Two batches of which neither sees the other: the first is committed while the second is on its way."""
    async with trust.database.begin(trust.actor("kestrel")) as work:
        await record_readings(work, SentBatch(source="mis", readings=[rows[0]]))
        other = asyncio.create_task(send(trust, rows[1], replace(OCTOBER, academy="ELM", group="SEND")))
        await _until_waiting(trust)
    after_first = await ledger(trust)
    with stopped(Conflict) as caught:
        await other
    return after_first, caught.value


async def _until_waiting(trust: Installation) -> None:
    async with superuser(trust) as connection:
        waiting = (
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        )
        while not await connection.fetchval(waiting):  # noqa: ASYNC110  PostgreSQL tells nobody who waits
            await asyncio.sleep(0.005)


async def test_two_batches_that_restate_one_reading_at_once_are_one_and_a_refusal(trust: Installation) -> None:
    await send(trust, OCTOBER)

    after_first, refusal = await _at_once(
        trust, replace(OCTOBER, value=Decimal(90)), replace(OCTOBER, value=Decimal(91))
    )

    assert refusal.sentence == "Somebody recorded the same reading at this moment. Send yours again."
    assert await ledger(trust) == after_first
    assert [row["value"] for row in await kept(trust)] == [Decimal("93.4"), 90]


async def test_two_batches_that_bring_one_reading_at_once_are_one_and_a_refusal(trust: Installation) -> None:
    after_first, refusal = await _at_once(trust, OCTOBER, OCTOBER)

    assert refusal.sentence == "Somebody recorded the same reading at this moment. Send yours again."
    assert await ledger(trust) == after_first
    assert (await send(trust, OCTOBER)).unchanged == 1


async def test_a_large_batch_takes_as_many_statements_as_a_small_one(trust: Installation) -> None:
    def windows(count: int, start: date) -> list[SentReading]:
        days = [start + timedelta(days=n) for n in range(count)]
        return [replace(OCTOBER, grain=Grain.WINDOW, starts_on=day, ends_on=day) for day in days]

    async def statements(rows: list[SentReading]) -> int:
        asked: list[str] = []
        async with trust.database.begin(trust.actor("kestrel")) as work:
            with work.raw.query_logger(lambda record: asked.append(record.query)):
                await record_readings(work, SentBatch(source="mis", readings=rows))
        return len(asked)

    few = await statements(windows(2, date(2020, 1, 1)))
    many = await statements(windows(400, date(2021, 1, 1)))

    restated = await statements([replace(row, value=Decimal(1)) for row in windows(400, date(2021, 1, 1))])

    assert (few, many, restated) == (4, 4, 5)


async def test_a_metric_defined_anew_breaks_its_series_and_marks_what_comes_after(trust: Installation) -> None:
    await send(trust, OCTOBER)
    metric_id = await id_of(trust, "metric", "attendance")

    async with telling(trust) as told, trust.database.begin(trust.actor("kestrel")) as work:
        await redefine_metric(
            work, metric_id, {"definition": "Study leave left out."}, reason="The department's rule.",
            breaks_on=date(2026, 11, 1), version=1,
        )  # fmt: skip
    november = replace(OCTOBER, starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30))
    batch = await send(trust, OCTOBER, november)

    async with trust.database.begin(trust.actor("kestrel")) as work:
        (broken,) = await work.where(SeriesBreak)
    assert told.types == ["metric.revised", "series_break.created"]
    assert (told.events[0]["reason"], told.events[0]["data"]["after"]) == (
        "The department's rule.",
        {"definition": "Study leave left out.", "definitionVersion": 2, "version": 2},
    )
    assert (broken.on, broken.kind, broken.label) == (
        date(2026, 11, 1),
        BreakKind.HARD,
        "attendance is defined anew (version 2).",
    )
    assert batch.unchanged == 1, "what was sent before is of the definition it was made by"
    assert [row["metric_version"] for row in await kept(trust)] == [1, 2]


async def test_a_redefinition_that_is_refused_writes_nothing(trust: Installation) -> None:
    metric_id = await id_of(trust, "metric", "attendance")
    await make(trust, (SeriesBreak, {"metric_id": metric_id, "on": date(2026, 11, 1), "label": "Codes changed."}))

    async def redefine(by: Actor, version: int = 1, breaks_on: date | None = None) -> None:
        async with trust.database.begin(by) as work:
            await redefine_metric(work, metric_id, {"unit": "%"}, reason="x", breaks_on=breaks_on, version=version)

    admin = trust.actor("kestrel")
    async with refused(trust, Conflict, "The metric's series already breaks on this day."):
        await redefine(admin, breaks_on=date(2026, 11, 1))
    async with nothing_written(trust):
        with stopped(StaleVersion):
            await redefine(admin, version=2)
        with stopped(Forbidden):
            await redefine(trust.actor("kestrel", Role.ACADEMY_HEAD))


@pytest.mark.parametrize("seed", [1, 2])
async def test_what_was_known_after_each_batch_is_told_again(trust: Installation, seed: int) -> None:
    dice, snapshots = random.Random(seed), []
    noon = (datetime.now(UTC) + timedelta(days=1)).replace(
        hour=12, minute=0
    )  # later than whatever was loaded, at any hour
    ticks = iter(range(10**6))
    trust.database.clock = lambda: noon + timedelta(milliseconds=next(ticks))
    for _ in range(16):
        rows = [
            replace(
                OCTOBER,
                academy=academy,
                official=dice.choice([None, None, OfficialScope.ENGLAND]),
                value=dice.choice([None, Decimal(dice.randint(900, 904)) / 10]),
            )
            for academy in dice.sample(["OAK", "ELM"], dice.randint(1, 2))
        ]
        rows = [row if row.value else replace(row, absence=dice.choice(list(Absence)[:2])) for row in rows]
        await send(trust, *rows, source=dice.choice(["mis", "census"]))
        async with superuser(trust) as connection:
            instant = await connection.fetchval("select max(recorded_at) from event_head")
        snapshots.append((instant, await _known(trust, Moment(noon + timedelta(hours=1)))))

    assert sum(bool(row["supersededById"]) for row in snapshots[-1][1][0]) > 5
    for instant, known in snapshots:
        assert await _known(trust, Moment(noon + timedelta(hours=1), instant)) == known


async def _known(trust: Installation, moment: Moment) -> tuple[Any, Any, Any]:
    """Every reading, those that stand, and the figures that rules are given."""
    async with trust.database.reader(trust.actor("kestrel")) as reader:
        every, standing = [
            json.loads((await read_page(reader, READINGS, ListRequest(filters, sort="id", limit=500), moment)).items)
            for filters in ({}, {"current": True})
        ]
        figures = await read_figures(reader, moment, until=date(2027, 1, 1))
    assert {one["id"] for one in standing} == {one["id"] for one in every if one["supersededById"] is None}
    return every, standing, sorted(figures, key=lambda one: str(one.reading_id))
