"""Releases over HTTP: whoever may not see single readings sees these, and works no small number out of them."""

import asyncio
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from app.commands import releases as commands
from app.commands.releases import Draft, Order
from app.db.verification import verify
from app.domain.protection_audit import Attack
from app.domain.release_protection import Withheld
from app.domain.roles import Permission, Role
from app.queries.release_ground import Ground
from tests.api.samples import create
from tests.commands.ledger import nothing_written, superuser
from tests.conftest import Installation
from tests.released import ACADEMIES, GROUPS, Row, Truth, a_part, a_trust, found_out, restated

SEED = 20_261_122
YEAR = {"grain": "annual", "startsOn": "2025-09-01", "endsOn": "2026-08-31"}
AUTUMN = {"grain": "window", "startsOn": "2025-09-01", "endsOn": "2025-12-31"}


async def found(client: httpx.AsyncClient) -> None:
    """A trust with academies, groups and a metric."""
    for code in ACADEMIES:
        await create(client, "academies", {"code": code, "name": f"{code} Academy", "type": "converter"})
    for code in GROUPS:
        await create(client, "pupil-groups", {"code": code, "label": code})
    await create(client, "metrics", {"code": "absent", "label": "Persistent absence", "unit": "%"})


def readings(truth: Truth, period: dict[str, str]) -> Iterator[dict[str, Any]]:
    for (academy, group), (above, below) in truth.items():
        if below:
            value = float(round(Decimal(100 * above) / below, 3))
            counts = {"value": value, "numerator": above, "denominator": below}
            yield {"metric": "absent", "academy": academy, "group": group, **period, **counts}


async def record(client: httpx.AsyncClient, truth: Truth, period: dict[str, str] = YEAR) -> None:
    await create(client, "reading-batches", {"source": "mis", "readings": list(readings(truth, period))})


def order(code: str, period: dict[str, str] = YEAR, **more: Any) -> dict[str, Any]:
    return {"code": code, "label": f"Absence, {code}", "metrics": ["absent"], **period, **more}


async def rows_of(reader: httpx.AsyncClient, release: dict[str, Any]) -> list[Row]:
    items = (await reader.get(f"/v1/released-figures?limit=500&releaseId={release['id']}")).json()["items"]
    assert len(items) == release["figures"]
    assert release["protected"] == sum(item["symbol"] == "c" for item in items)
    for item in items:
        shows = [item[name] is not None for name in ("value", "numerator", "denominator")]
        assert shows in ([[True] * 3] if item["symbol"] is None else [[False] * 3])
        assert item["symbol"] is None or item["readingId"] is None
    return [
        Row(item["academyCode"], item["groupCode"], item["numerator"], item["denominator"])
        for item in items
        if item["symbol"] in (None, "c")
    ]


async def three_releases(installation: Installation) -> list[tuple[list[Row], Truth, int]]:
    """A year, the year restated, and its autumn, as a reader is shown them."""
    drawn = random.Random(SEED)
    year = a_trust(drawn)
    again = restated(drawn, year)
    autumn = a_part(drawn, again)
    async with (
        installation.client(await installation.key("larkfield")) as owner,
        installation.client(await installation.key("larkfield", Role.READER)) as reader,
    ):
        await found(owner)
        made: list[tuple[list[Row], Truth, int]] = []
        for number, (truth, days, period) in enumerate(((year, YEAR, 0), (again, YEAR, 0), (autumn, AUTUMN, 1))):
            await record(owner, truth, days)
            release = await create(owner, "releases", order(f"R{number}", days))
            assert release["withheld"] == []
            made.append((await rows_of(reader, release), truth, period))
    return made


async def test_a_reader_works_no_small_number_out_of_all_that_is_released(empty: Installation) -> None:
    made = await three_releases(empty)

    assert sum(row.numerator is not None for rows, _, _ in made for row in rows) >= 10
    assert found_out(made) == set()


async def test_a_reader_would_where_only_the_small_counts_are_hidden(
    empty: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Attack, "hide", lambda _: frozenset())

    assert found_out(await three_releases(empty)) != set()


TWO: Truth = {("ASH", None): (4, 90), ("ELM", None): (30, 60), ("OAK", None): (45, 100)}


async def test_a_reader_is_shown_releases_and_no_reading(empty: Installation) -> None:
    narrow = {"scopes": [Permission.READ, Permission.PUBLISH_RELEASES]}
    async with (
        empty.client(await empty.key("larkfield")) as owner,
        empty.client(await empty.key("larkfield", Role.READER)) as reader,
        empty.client(await empty.key("larkfield", Role.TRUST_EXECUTIVE, **narrow)) as blind,
    ):
        await found(owner)
        await record(owner, TWO)
        release = await create(owner, "releases", order("R1"))
        hidden = (await owner.get("/v1/readings?limit=1")).json()["items"][0]["id"]

        reading, readings_ = await reader.get(f"/v1/readings/{hidden}"), await reader.get("/v1/readings")
        page = await reader.get(f"/v1/releases/{release['id']}/page")
        history = await reader.get(f"/v1/releases/{release['id']}/history")
        async with nothing_written(empty):
            refused = [(await one.post("/v1/releases", json=order("R2"))).status_code for one in (reader, blind)]

    assert (reading.status_code, readings_.status_code, refused) == (403, 403, [403, 403])
    shown = {one["academyCode"]: one["symbol"] or one["value"] for one in page.json()["figuresShown"]}
    assert shown in ({"ASH": "c", "ELM": "c", "OAK": 45, None: 31.6}, {"ASH": "c", "ELM": 50, "OAK": "c", None: 31.6},
                     {"ASH": "c", "ELM": 50, "OAK": 45, None: "c"})  # fmt: skip
    (event,) = history.json()["items"]
    assert (event["type"], event["detail"]) == ("release.created", {"smallestShown": {"absent": 6}})
    assert {name: event["data"]["after"][name] for name in ("figures", "protected", "digest")} == {
        "figures": 4, "protected": 2, "digest": release["digest"],
    }  # fmt: skip
    assert not [one for one in (page.text, history.text) if hidden in one]


async def test_a_release_stays_as_it_was_whatever_is_restated(empty: Installation) -> None:
    async with empty.client(await empty.key("larkfield")) as owner:
        await found(owner)
        await record(owner, TWO)
        release = await create(owner, "releases", order("R1"))
        before = await owner.get(f"/v1/releases/{release['id']}/page")
        await record(owner, {**TWO, ("ASH", None): (14, 90)})

        after = await owner.get(f"/v1/releases/{release['id']}/page")
        patched = await owner.patch(f"/v1/releases/{release['id']}", json={"label": "x"}, headers={"If-Match": '"v1"'})

    assert before.text == after.text
    assert patched.status_code == 405


async def test_verify_finds_a_released_figure_that_was_altered(empty: Installation) -> None:
    async with empty.client(await empty.key("larkfield")) as owner:
        await found(owner)
        await record(owner, TWO)
        await create(owner, "releases", order("R1"))
    trust = empty.actor("larkfield").trust_id

    async with superuser(empty) as connection:
        sound = await verify(connection, trust)
        await connection.execute("set session_replication_role = replica")
        await connection.execute("update released_figure set value = value + 1 where value is not null")
        altered = await verify(connection, trust)

    assert sound.fault is None
    assert altered.fault is not None
    assert "the rows of a release are not those of its digest" in altered.fault


_REFUSED: Final = (
    ({"metrics": ["absent", "gone"]}, "/metrics/1", "unknown-metric"),
    ({"groups": ["send", "gone"]}, "/groups/1", "unknown-group"),
    ({"grain": "window"}, "/metrics/0", "nothing-to-release"),
    ({"endsOn": "2025-08-31"}, "/endsOn", "period-reversed"),
)


async def test_a_release_of_what_is_not_there_is_refused(empty: Installation) -> None:
    async with empty.client(await empty.key("larkfield")) as owner:
        await found(owner)
        await record(owner, TWO)
        async with nothing_written(empty):
            answers = [await owner.post("/v1/releases", json=order("R1", **asked)) for asked, _, _ in _REFUSED]

    for answer, (_, pointer, code) in zip(answers, _REFUSED, strict=True):
        assert answer.status_code == 422, answer.text
        assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(pointer, code)]


async def test_what_is_released_or_restated_meanwhile_makes_it_begin_again(
    empty: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with empty.client(await empty.key("larkfield")) as owner:
        await found(owner)
        await record(owner, TWO)
        usual: Callable[[Order, Ground], Draft] = commands._draft
        loop = asyncio.get_running_loop()

        def meanwhile(ordered: Order, ground: Ground) -> Draft:
            if ordered.code == "R1":
                other = asyncio.run_coroutine_threadsafe(owner.post("/v1/releases", json=order("R2")), loop)
                assert other.result(10).status_code == 201
            return usual(ordered, ground)

        monkeypatch.setattr(commands, "_draft", meanwhile)
        key = {"Idempotency-Key": str(uuid4())}
        overtaken = await owner.post("/v1/releases", json=order("R1"), headers=key)
        monkeypatch.undo()
        codes = [one["code"] for one in (await owner.get("/v1/releases")).json()["items"]]
        again = await owner.post("/v1/releases", json=order("R1"), headers=key)
        retried = await owner.post("/v1/releases", json=order("R1"), headers=key)

    assert overtaken.status_code == 409, overtaken.text
    assert codes == ["R2"]
    assert (again.status_code, retried.status_code, retried.text) == (201, 201, again.text)


async def test_two_at_once_never_both_count_on_the_world_standing_still(empty: Installation) -> None:
    async with empty.client(await empty.key("larkfield")) as owner:
        await found(owner)
        await record(owner, TWO)

        answers = await asyncio.gather(*(owner.post("/v1/releases", json=order(f"R{n}")) for n in range(4)))
        kept = (await owner.get("/v1/releases")).json()["items"]

    codes = sorted(answer.status_code for answer in answers)
    assert set(codes) <= {201, 409}
    assert 201 in codes
    assert len(kept) == codes.count(201)


async def test_a_stricter_rule_may_be_asked_for_and_never_a_laxer_one(empty: Installation) -> None:
    async with empty.client(await empty.key("larkfield")) as owner:
        await found(owner)
        eights: Truth = {(academy, None): (8, 100) for academy in ACADEMIES}
        await record(owner, {**eights, ("ASH", None): (4, 90)})

        laxer = await create(owner, "releases", order("R1", smallestShown=1))
        strict = await create(owner, "releases", order("R2", smallestShown=30))
        hidden = (await owner.get(f"/v1/released-figures?symbol=c&releaseId={laxer['id']}")).json()["items"]
        (event,) = (await owner.get(f"/v1/releases/{strict['id']}/history")).json()["items"]

    assert "ASH" in {one["academyCode"] for one in hidden}
    assert (laxer["protected"], laxer["withheld"]) == (2, [])
    assert (strict["protected"], strict["withheld"]) == (5, ["absent"])
    why = Withheld.NO_HIDING_IS_ENOUGH
    assert event["detail"] == {
        "smallestShown": {"absent": 30}, "withheld": {"absent": {"because": why, "sentence": why.sentence}},
    }  # fmt: skip


async def test_metrics_of_one_release_are_protected_by_the_strictest_of_their_rules(empty: Installation) -> None:
    async with empty.client(await empty.key("larkfield")) as owner:
        await found(owner)
        await create(owner, "metrics", {"code": "late", "label": "Late", "unit": "%", "smallestShown": 3})
        await create(owner, "pupil-groups", {"code": "all", "label": "all pupils"})
        rows = [{**row, "metric": code, "group": "all"} for code in ("absent", "late") for row in readings(TWO, YEAR)]
        await create(owner, "reading-batches", {"source": "mis", "readings": rows})

        release = await create(owner, "releases", order("R1", metrics=["late", "absent"], groups=["all"]))
        shown = (await owner.get(f"/v1/released-figures?limit=500&releaseId={release['id']}")).json()["items"]
        (event,) = (await owner.get(f"/v1/releases/{release['id']}/history")).json()["items"]

    assert event["detail"] == {"smallestShown": {"absent": 6, "late": 6}}
    assert [one["symbol"] for one in shown if one["academyCode"] == "ASH"] == ["c", "c"]
    assert {one["groupCode"] for one in shown} == {None}


async def test_nothing_is_worked_out_for_a_retry_or_for_whoever_may_not_release(
    empty: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with empty.client(await empty.key("larkfield")) as owner:
        await found(owner)
        await record(owner, TWO)
        ash = (await owner.get("/v1/academies?code=ASH")).json()["items"][0]["id"]
        key = {"Idempotency-Key": str(uuid4())}
        first = await owner.post("/v1/releases", json=order("R1"), headers=key)
        limited = await empty.key("larkfield", Role.TRUST_EXECUTIVE, academy_ids=[ash])
        monkeypatch.setattr(commands, "read_ground", None)

        again = await owner.post("/v1/releases", json=order("R1"), headers=key)
        other = await owner.post("/v1/releases", json=order("R2"), headers=key)
        async with empty.client(limited) as executive, nothing_written(empty):
            refused = await executive.post("/v1/releases", json=order("R3", metrics=["gone"]))

    assert (first.status_code, again.status_code, again.text) == (201, 201, first.text)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert other.status_code == 422
    sentence = "This concerns academies that are not all yours. Ask somebody whose role covers them."
    assert (refused.status_code, refused.json()["detail"]) == (403, sentence)
