"""Readings over HTTP: batches, what was known when, series in lines, and the spread within the trust."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from app.domain.roles import Permission, Role
from app.queries.series import AcademySeries
from app.queries.spreads import TrustSpread
from tests.api.samples import create
from tests.commands.conftest import empty_again
from tests.commands.ledger import nothing_written
from tests.conftest import Installation, _installed

MONTHS = [
    ("2026-01-01", "2026-01-31"),
    ("2026-02-01", "2026-02-28"),
    ("2026-03-01", "2026-03-31"),
    ("2026-04-01", "2026-04-30"),
]


def month(number: int, value: float | None = None, **more: Any) -> dict[str, Any]:
    first, last = MONTHS[number - 1]
    row = {
        "metric": "attendance",
        "academy": "OAK",
        "grain": "month",
        "startsOn": first,
        "endsOn": last,
        "value": value,
    }
    return {name: told for name, told in {**row, **more}.items() if told is not None}


@pytest_asyncio.fixture(scope="module")
async def bare(server: Any, empty_template: str) -> AsyncIterator[Installation]:
    async for installation in _installed(server, empty_template):
        yield installation


@pytest_asyncio.fixture
async def trust(bare: Installation) -> AsyncIterator[Installation]:
    """The one service of these tests, emptied after each."""
    yield bare
    await empty_again(bare)


@pytest_asyncio.fixture
async def client(trust: Installation) -> AsyncIterator[httpx.AsyncClient]:
    """An administrator of a trust with three academies, a pupil group and a metric."""
    async with trust.client(await trust.key("kestrel")) as asking:
        for code in ("OAK", "ELM", "ASH"):
            await create(asking, "academies", {"code": code, "name": code.title()})
        await create(asking, "pupil-groups", {"code": "SEND", "label": "SEND"})
        await create(
            asking,
            "metrics",
            {"code": "attendance", "label": "Attendance", "unit": "%", "rangeMin": 0, "rangeMax": 100},
        )
        yield asking


async def send(client: httpx.AsyncClient, *rows: dict[str, Any], source: str = "mis") -> dict[str, Any]:
    answer = await client.post("/v1/reading-batches", json={"source": source, "readings": rows})
    assert answer.status_code == 201, answer.text
    batch: dict[str, Any] = answer.json()
    return batch


async def id_of(client: httpx.AsyncClient, plural: str, code: str) -> str:
    return str((await client.get(f"/v1/{plural}", params={"code": code})).json()["items"][0]["id"])


async def series_of(client: httpx.AsyncClient, **asked: Any) -> AcademySeries:
    address = f"/v1/academies/{await id_of(client, 'academies', 'OAK')}/series"
    answer = await client.get(address, params={"metric": "attendance", **asked})
    assert answer.status_code == 200, answer.text
    return AcademySeries.model_validate_json(answer.content)


async def spread_of(client: httpx.AsyncClient, **asked: Any) -> TrustSpread:
    answer = await client.get(f"/v1/metrics/{await id_of(client, 'metrics', 'attendance')}/spread", params=asked)
    assert answer.status_code == 200, answer.text
    return TrustSpread.model_validate_json(answer.content)


def values(series: AcademySeries) -> list[list[Any]]:
    return [[str(point.absence or point.value) for point in line.points] for line in series.lines]


async def redefine(client: httpx.AsyncClient, version: int = 1, **more: Any) -> httpx.Response:
    metric = await id_of(client, "metrics", "attendance")
    headers = {"If-Match": f'"v{version}"'}
    return await client.post(
        f"/v1/metrics/{metric}/redefinition", json={"reason": "New rule.", **more}, headers=headers
    )


async def test_a_batch_is_answered_as_a_record_and_its_readings_are_listed(client: httpx.AsyncClient) -> None:
    rows = [month(1, 93.4, numerator=934, denominator=1000), month(1, None, group="SEND", absence="suppressed")]

    answer = await client.post("/v1/reading-batches", json={"source": "mis", "readings": rows})

    batch = answer.json()
    again = await client.get(answer.headers["Location"])
    listed = (await client.get("/v1/readings", params={"batchId": batch["id"], "sort": "id"})).json()["items"]
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"v1"')
    assert again.json() == batch
    assert (batch["recorded"], batch["restated"], batch["unchanged"]) == (2, 0, 0)
    assert [
        (one["metricCode"], one["academyCode"], one["groupCode"], one["value"], one["absence"], one["current"])
        for one in listed
    ] == [
        ("attendance", "OAK", None, 93.4, None, True),
        ("attendance", "OAK", "SEND", None, "suppressed", True),
    ]


async def test_a_batch_that_is_sent_again_says_so_and_writes_nothing(
    trust: Installation, client: httpx.AsyncClient
) -> None:
    await send(client, month(1, 93.4), month(2, 92))

    async with nothing_written(trust):
        again = await client.post(
            "/v1/reading-batches", json={"source": "mis", "readings": [month(2, 92.0), month(1, 93.4)]}
        )

    assert (again.status_code, again.json()) == (200, {"recorded": 0, "restated": 0, "unchanged": 2})
    assert "Location" not in again.headers


async def test_a_retry_with_its_key_has_the_answer_it_had(client: httpx.AsyncClient) -> None:
    async def push(value: float) -> httpx.Response:
        body = {"source": "mis", "readings": [month(1, value)]}
        return await client.post("/v1/reading-batches", json=body, headers={"Idempotency-Key": "night 1"})

    first, retried, other = await push(93.4), await push(93.4), await push(93.5)

    assert (retried.status_code, retried.json()) == (201, first.json())
    assert retried.headers["Idempotency-Replayed"] == "true"
    assert other.status_code == 422


async def test_every_bad_row_is_told_by_pointer_code_and_sentence(
    trust: Installation, client: httpx.AsyncClient
) -> None:
    rows = [month(1, 93.4), month(2, 101), month(3, 90, academy="YEW"), month(4, 90, absence="suppressed")]

    async with nothing_written(trust):
        answer = await client.post("/v1/reading-batches", json={"source": "mis", "readings": rows})

    problem = answer.json()
    sentence = "3 of 4 readings cannot be recorded, so none was. Mend them and send the batch again."
    assert (answer.status_code, problem["detail"]) == (422, sentence)
    assert problem["errors"] == [
        {
            "pointer": "/readings/1/value", "code": "out-of-range",
            "detail": "101 is outside what the metric allows: 0 to 100. Check it, or widen the metric's range.",
        },
        {
            "pointer": "/readings/2/academy", "code": "unknown-academy",
            "detail": "There is no academy with the code YEW. Check the code, or add it first.",
        },
        {
            "pointer": "/readings/3/value", "code": "value-or-absence",
            "detail": "Give a value, or the reason why there is none: one of the two.",
        },
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"source": "mis", "readings": []}, "/readings"),
        ({"source": "mis", "readings": [month(1, 93)] * 2001}, "/readings"),
        ({"source": "mis", "readings": [month(1, 93) | {"value": "93"}]}, "/readings/0/value"),
        ({"source": "mis", "readings": [month(1, 93) | {"pupil": "x"}]}, "/readings/0/pupil"),
        ({"readings": [month(1, 93)]}, "/source"),
    ],
    ids=["no rows", "too many rows", "a number as text", "an unknown member", "no source"],
)
async def test_a_batch_of_another_shape_is_refused_by_the_door(
    trust: Installation, client: httpx.AsyncClient, body: dict[str, Any], pointer: str
) -> None:
    async with nothing_written(trust):
        answer = await client.post("/v1/reading-batches", json=body)

    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, [pointer])


async def test_what_was_known_then_is_told_with_what_replaced_it_by_then(client: httpx.AsyncClient) -> None:
    async def listed(**asked: Any) -> list[tuple[Any, ...]]:
        items = (await client.get("/v1/readings", params={"sort": "id", **asked})).json()["items"]
        return [
            (one["value"], one["current"], bool(one["supersededById"]), bool(one["supersededInId"])) for one in items
        ]

    instants = []
    for value in (93.4, 93.6):
        batch = await send(client, month(1, value))
        event = (await client.get("/v1/events", params={"subject": batch["id"]})).json()["items"][0]
        instants.append(event["recordedAt"])
    first, second = instants

    assert await listed() == [(93.4, False, True, True), (93.6, True, False, False)]
    assert await listed(asOf=second) == await listed()
    assert await listed(asOf=first) == [(93.4, True, False, False)]
    assert await listed(asOf=first, current="true") == [(93.4, True, False, False)]
    assert (values(await series_of(client)), values(await series_of(client, asKnownAt=first))) == (
        [["93.6"]],
        [["93.4"]],
    )
    assert str((await spread_of(client, asKnownAt=first)).median) == "93.4"
    assert await listed(asOf="2026-01-01T00:00:00Z") == []


async def test_a_series_is_in_lines_that_end_at_hard_breaks_with_official_figures_beside(
    client: httpx.AsyncClient,
) -> None:
    england = {"official": "england", "academy": None}
    await send(client, month(1, 91), month(2, 92), month(3, absence="not_collected"), month(2, 90, **england))
    metric = await id_of(client, "metrics", "attendance")
    await create(client, "series-breaks", {"metricId": metric, "on": "2026-02-10", "kind": "soft", "label": "Mild."})
    changed = await redefine(client, definition="Study leave left out.", breaksOn="2026-04-01")
    await send(client, month(4, 80), month(4, 88, **england), month(4, 87, official="local_authority"))

    series = await series_of(client)

    assert (changed.status_code, changed.json()["definitionVersion"]) == (200, 2)
    assert (series.rule, series.grain, series.grainRule) == (
        "series.lines_end_at_hard_breaks", "month", "series.grain_of_figure_to_use",
    )  # fmt: skip
    assert values(series) == [["91", "92", "not_collected"], ["80"]]
    assert [[point.definitionVersion for point in line.points] for line in series.lines] == [[1, 1, 1], [2]]
    assert [(str(one.on), one.kind, one.label) for one in series.breaks] == [
        ("2026-02-10", "soft", "Mild."),
        ("2026-04-01", "hard", "attendance is defined anew (version 2)."),
    ]
    assert [
        (one.official, [(str(point.startsOn), point.value) for point in one.points]) for one in series.comparators
    ] == [
        ("england", [("2026-02-01", 90), ("2026-04-01", 88)]),
        ("local_authority", [("2026-04-01", 87)]),
    ]
    assert [one.official for one in (await series_of(client, official="england")).comparators] == ["england"]


async def test_grains_and_groups_are_never_mixed_and_days_narrow_a_series(client: httpx.AsyncClient) -> None:
    year = {"grain": "annual", "startsOn": "2024-09-01", "endsOn": "2025-08-31"}
    await send(client, month(1, 91), month(2, 92), month(3, 93), month(2, 70, group="SEND"), month(1, 95) | year)

    usual, annual = await series_of(client), await series_of(client, grain="annual")
    weekly = await series_of(client, grain="week")

    assert (values(usual), usual.otherGrains) == ([["91", "92", "93"]], ["annual"])
    assert (values(annual), annual.grainRule, annual.otherGrains) == ([["95"]], "series.grain_asked_for", ["month"])
    assert (values(weekly), weekly.grain, weekly.otherGrains) == ([], "week", ["annual", "month"])
    assert values(await series_of(client, group="SEND")) == [["70"]]
    assert values(await series_of(client, group="all")) == values(usual)
    assert values(await series_of(client, **{"from": "2026-02-01", "to": "2026-02-28"})) == [["92"]]
    assert values(await series_of(client, on="2026-03-30")) == [["91", "92"]]
    before = await series_of(client, on="2020-01-01")
    assert (values(before), before.grain, before.grainRule) == ([], None, None)


async def test_a_spread_lists_who_is_in_it_and_who_is_left_out_and_why(client: httpx.AsyncClient) -> None:
    await create(client, "academies", {"code": "YEW", "name": "Yew"})
    await create(client, "academies", {"code": "FIR", "name": "Fir"})
    await send(
        client, month(2, 91.5), month(2, 94, academy="ELM"), month(2, academy="ASH", absence="suppressed"),
        month(1, 99, academy="YEW"), month(2, 10, group="SEND", academy="FIR"),
        month(2, 90, official="england", academy=None),
    )  # fmt: skip

    spread, of_group = await spread_of(client), await spread_of(client, group="SEND")

    assert (spread.rule, spread.label, spread.ofWholeTrust) == ("spread.period_of_most_academies", "spread", True)
    assert spread.note.startswith("This is the spread within the trust. It is no comparator")
    assert (str(spread.startsOn), spread.grain) == ("2026-02-01", "month")
    assert [str(one) for one in (spread.median, spread.lowest, spread.highest, spread.range)] == [
        "92.75",
        "91.5",
        "94",
        "2.5",
    ]
    assert [(one.code, str(one.figure.value)) for one in spread.included] == [("ELM", "94"), ("OAK", "91.5")]
    assert [(one.code, one.because, one.figure.value if one.figure else None) for one in spread.excluded] == [
        ("ASH", "absence", None),
        ("FIR", "no_reading", None),
        ("YEW", "other_period", 99),
    ]
    assert (of_group.median, [one.code for one in of_group.included]) == (10, ["FIR"])


async def test_a_metric_without_readings_has_an_empty_spread_and_no_figures(client: httpx.AsyncClient) -> None:
    spread = await spread_of(client)

    assert (spread.grain, spread.startsOn, spread.median, spread.range, spread.included) == (None, None, None, None, [])
    assert [(one.code, one.because) for one in spread.excluded] == [
        (code, "no_reading") for code in ("ASH", "ELM", "OAK")
    ]


@pytest.mark.parametrize(
    ("address", "status", "detail"),
    [
        ("series?metric=nothing", 404, "There is no metric with the code nothing. Check the code."),
        ("series?metric=attendance&group=X", 404, "There is no pupil group with the code X. Check the code."),
        ("series", 422, "1 parameter(s) of the request are not valid."),
        ("series?metric=attendance&grain=day", 422, "1 parameter(s) of the request are not valid."),
    ],
)  # fmt: skip
async def test_a_series_that_cannot_be_asked_for_says_why(
    client: httpx.AsyncClient, address: str, status: int, detail: str
) -> None:
    answer = await client.get(f"/v1/academies/{await id_of(client, 'academies', 'OAK')}/{address}")

    assert (answer.status_code, answer.json()["detail"]) == (status, detail)


async def test_a_metric_that_is_observed_has_no_readings_to_draw(client: httpx.AsyncClient) -> None:
    lessons = {"code": "lessons", "label": "Lessons", "feed": "observed_good_or_better"}
    metric = await create(client, "metrics", lessons)
    oak = await id_of(client, "academies", "OAK")

    answers = [
        await client.get(address)
        for address in (f"/v1/academies/{oak}/series?metric=lessons", f"/v1/metrics/{metric['id']}/spread")
    ]

    sentence = (
        "lessons is worked out from the observations held here, so it has no readings. "
        "Ask for the academy's observation summary."
    )
    assert {(answer.status_code, answer.json()["detail"]) for answer in answers} == {(422, sentence)}


async def test_a_redefinition_needs_the_version_and_a_difference(
    trust: Installation, client: httpx.AsyncClient
) -> None:
    async with nothing_written(trust):
        stale, same, empty = [
            await redefine(client, version=version, **given)
            for version, given in ((2, {"unit": "points"}), (1, {"unit": "%"}), (1, {"basis": None}))
        ]

    assert (stale.status_code, same.status_code, empty.status_code) == (412, 422, 422)
    assert same.json()["detail"] == "Nothing in this definition differs from the one in force."
    assert empty.json()["errors"] == [
        {
            "pointer": "/basis",
            "code": "empty",
            "detail": "It cannot be empty. Give a value, or leave it out to keep it.",
        }
    ]


async def test_readings_and_all_that_tells_of_them_are_for_those_who_may_see_single_values(
    trust: Installation, client: httpx.AsyncClient
) -> None:
    batch = await send(client, month(1, 93.4))
    oak, metric = await id_of(client, "academies", "OAK"), await id_of(client, "metrics", "attendance")
    reading = (await client.get("/v1/readings")).json()["items"][0]["id"]
    addresses = (
        "readings", f"readings/{reading}", f"readings/{reading}/history", "reading-batches",
        f"reading-batches/{batch['id']}", f"reading-batches/{batch['id']}/history",
        f"academies/{oak}/series?metric=attendance", f"metrics/{metric}/spread",
    )  # fmt: skip

    async with trust.client(await trust.key("kestrel", Role.READER)) as reader:
        told = [await reader.get(f"/v1/{address}") for address in addresses]
        events = (await reader.get("/v1/events?limit=1000")).json()["items"]
        history = (await reader.get(f"/v1/metrics/{metric}/history")).json()["items"]
    scoped = await trust.key("kestrel", scopes=[Permission.READ, Permission.READ_EVENTS])
    async with trust.client(scoped) as narrow:
        narrowed = {(await narrow.get(f"/v1/{address}")).status_code for address in addresses}

    lacking = "This credential may not do that: it lacks the permission {}. Ask an administrator of your trust."
    kept = {(403, lacking.format(permission)) for permission in ("read_measures", "read_sensitive")}
    assert {(answer.status_code, answer.json()["detail"]) for answer in told} == kept
    assert narrowed == {403}
    assert [event["type"] for event in history] == ["metric.created"]
    assert {event["noun"] for event in events} >= {"metric", "academy"}
    assert "reading_batch" not in {event["noun"] for event in events}


async def test_a_head_sees_the_readings_of_the_own_academy_and_official_ones(
    trust: Installation, client: httpx.AsyncClient
) -> None:
    for_all = month(1, 90, official="england", academy=None)
    await send(client, month(1, 93.4), month(1, 88, academy="ELM"), for_all)
    oak, elm = await id_of(client, "academies", "OAK"), await id_of(client, "academies", "ELM")

    async with trust.client(await trust.key("kestrel", Role.ACADEMY_HEAD, academy_ids=[oak])) as head:
        listed = (await head.get("/v1/readings?sort=id")).json()["items"]
        elsewhere = await head.get(f"/v1/academies/{elm}/series?metric=attendance")
        spread, series = await spread_of(head), await series_of(head)
        other = await head.post("/v1/reading-batches", json={"source": "x", "readings": [month(2, 9, academy="ELM")]})
        own = await send(head, month(2, 92))

    assert sorted(str(one["academyCode"]) for one in listed) == ["None", "OAK"]
    assert elsewhere.status_code == 404
    assert (spread.ofWholeTrust, [one.code for one in spread.included], spread.excluded) == (False, ["OAK"], [])
    assert [one.official for one in series.comparators] == ["england"]
    assert (other.status_code, other.json()["errors"][0]["code"]) == (422, "unknown-academy")
    assert own["recorded"] == 1


async def test_a_batch_tells_a_head_of_the_own_academy_alone(trust: Installation, client: httpx.AsyncClient) -> None:
    mixed, own = await send(client, month(1, 93.4), month(1, 88, academy="ELM")), await send(client, month(2, 92))
    oak, elm = await id_of(client, "academies", "OAK"), await id_of(client, "academies", "ELM")

    async with trust.client(await trust.key("kestrel", Role.ACADEMY_HEAD, academy_ids=[oak])) as head:
        told = {one["id"]: one for one in (await head.get("/v1/reading-batches")).json()["items"]}
        events = (await head.get("/v1/events?type=reading_batch.created")).json()["items"]
        history = await head.get(f"/v1/reading-batches/{mixed['id']}/history")

    hidden = {"academyIds": [oak], "recorded": None, "restated": None, "unchanged": None}
    assert mixed["academyIds"] == sorted([oak, elm])
    assert told == {mixed["id"]: mixed | hidden, own["id"]: own}
    assert [event["subject"] for event in events] == [own["id"]]
    assert (history.status_code, history.json()) == (200, {"items": []})


async def test_whoever_may_only_record_is_told_the_counts(trust: Installation, client: httpx.AsyncClient) -> None:
    async def push(asking: httpx.AsyncClient, *rows: dict[str, Any]) -> tuple[int, Any]:
        answer = await asking.post("/v1/reading-batches", json={"source": "mis", "readings": rows})
        assert ("Location" in answer.headers) is (answer.status_code == 201)
        return answer.status_code, answer.json()

    async with trust.client(await trust.key("kestrel", scopes=[Permission.RECORD_MEASURES])) as feed:
        first, again = await push(feed, month(1, 93.4)), await push(feed, month(1, 93.4))
        restated = await push(feed, month(1, 93.5), month(2, 92))
        read = await feed.get("/v1/reading-batches")

    assert [first, again, restated] == [
        (201, {"recorded": 1, "restated": 0, "unchanged": 0}),
        (200, {"recorded": 0, "restated": 0, "unchanged": 1}),
        (201, {"recorded": 2, "restated": 1, "unchanged": 0}),
    ]
    assert read.status_code == 403
    standing = (await client.get("/v1/readings?current=true&sort=endsOn")).json()["items"]
    assert [one["value"] for one in standing] == [93.5, 92]
