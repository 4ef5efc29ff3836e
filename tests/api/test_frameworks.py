"""Frameworks over HTTP: published, ended, made anew, compared; their intervals, and what a stage expects of an academy."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import httpx
import jsonschema  # type: ignore[import-untyped]  # it has no types of its own
import pytest
import pytest_asyncio
from pydantic import BaseModel

from app.commands import records
from app.db.embedded import EmbeddedPostgres
from app.domain.benchmarks import Benchmark
from app.domain.clock import civil_day
from app.domain.conditions import FrameworkCondition
from app.domain.model import FRAMEWORK_PARTS
from app.domain.roles import Role
from app.queries.comparison import Comparison
from app.queries.expectations import Expectations
from app.queries.frameworks import FRAMEWORKS
from app.queries.interval_reports import IntervalReports
from app.queries.nouns import NOUNS
from app.queries.published import record_model, tree_model
from contracts import openapi
from tests.api.samples import SAMPLES, create
from tests.conftest import PACKED, Installation, _installed

MERGE: Final = {"Content-Type": "application/merge-patch+json"}
RECORD: Final = record_model(FRAMEWORKS)
PARTS: Final = [NOUNS[plural] for plural in SAMPLES if NOUNS[plural].entity in FRAMEWORK_PARTS]
V1, V2, V3 = ({"If-Match": f'"v{version}"'} for version in (1, 2, 3))
_TRUSTS = count(1)


@dataclass
class Desk:
    """A trust that no other test writes in, and its administrator."""

    installation: Installation
    trust: str
    client: httpx.AsyncClient
    made: dict[str, str] = field(default_factory=dict)

    async def make(self, plural: str, name: str, /, **body: Any) -> str:
        """A record by its own name, with that as its code unless it has none."""
        coded = {"code": name} if "code" in NOUNS[plural].entity.model_fields else {}
        self.made[name] = (await create(self.client, plural, {**coded, **body}))["id"]
        return self.made[name]

    async def draft(self, code: str = "offer", **body: Any) -> str:
        """The address of a new draft."""
        record = await create(self.client, "frameworks", {"code": code, "title": code, **body})
        return f"/v1/frameworks/{record['id']}"

    async def publish(self, address: str, **body: Any) -> dict[str, Any]:
        answer = await self.client.post(f"{address}/publication", json=body, headers=V1)
        assert answer.status_code == 200, answer.text
        record: dict[str, Any] = answer.json()
        return record

    async def events(self) -> list[str]:
        """The types of everything that happened to frameworks and their records."""
        trust_id = self.installation.actor(self.trust).trust_id
        connection = await asyncpg.connect(self.installation.dsn("postgres"))
        try:
            rows = await connection.fetch(
                "select type from app.event where trust_id = $1 and noun <> 'api_key' order by position", trust_id
            )
        finally:
            await connection.close()
        return [row["type"] for row in rows]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def place(server: EmbeddedPostgres, empty_template: str) -> AsyncIterator[Installation]:
    """A service with nothing in it, where each test has a trust of its own."""
    async for installation in _installed(server, empty_template):
        yield installation


@pytest_asyncio.fixture
async def desk(place: Installation) -> AsyncIterator[Desk]:
    trust = f"trust-{next(_TRUSTS)}"
    async with place.client(await place.key(trust)) as client:
        yield Desk(place, trust, client)


def valid(answer: httpx.Response, model: type[BaseModel], status: int = 200) -> Any:
    """The body of an answer that is what the contract says: by the published schema, and without a member more."""
    assert answer.status_code == status, answer.text
    document = openapi.document()
    schema = {"$ref": f"#/components/schemas/{model.__name__}", "components": document["components"]}
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    assert [f"{fault.json_path} {fault.message}" for fault in checker.iter_errors(answer.json())] == []
    model.model_validate_json(answer.content)
    return json.loads(answer.content, parse_float=Decimal)


def problem(answer: httpx.Response) -> tuple[int, str, str]:
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, body["type"].removeprefix("/problems/"), body["detail"]


async def test_a_draft_is_published_by_its_version(desk: Desk) -> None:
    address = await desk.draft(sector="primary")
    days = {"validFrom": "2020-09-01", "validTo": "2021-08-31"}

    answer = await desk.client.post(f"{address}/publication", json=days, headers=V1)

    record = valid(answer, RECORD)
    told = {**days, "status": "published", "version": 2, "edition": 1, "inForce": False, "sector": "primary"}
    assert {name: record[name] for name in told} == told
    assert record["publishedAt"] is not None
    assert answer.headers["ETag"] == '"v2"'
    again = await desk.client.get(address)
    assert (again.content, again.headers["ETag"]) == (answer.content, '"v2"')
    assert await desk.events() == ["framework.created", "framework.published"]


async def test_publication_ends_the_edition_before_it_and_lists_tell_which_was_in_force(desk: Desk) -> None:
    first, second = await desk.draft(), await desk.draft(edition=2)
    await desk.publish(first)

    await desk.publish(second, validFrom="2022-09-01")

    former = (await desk.client.get(first)).json()
    assert (former["status"], former["validTo"], former["inForce"]) == ("superseded", "2022-08-31", False)
    in_force = {
        day: [one["edition"] for one in (await desk.client.get(f"/v1/frameworks?inForceOn={day}")).json()["items"]]
        for day in ("1999-01-01", "2022-08-31", "2022-09-01")
    }
    assert in_force == {"1999-01-01": [1], "2022-08-31": [1], "2022-09-01": [2]}
    today = (await desk.client.get("/v1/frameworks?inForce=true")).json()["items"]
    assert [(one["edition"], one["status"]) for one in today] == [(2, "published")]


async def test_publications_that_clash_are_told_in_a_sentence_and_change_nothing(desk: Desk) -> None:
    first, second, other = await desk.draft(), await desk.draft(edition=2), await desk.draft("other")
    await desk.publish(first, validFrom="2022-09-01")
    before = await desk.events()

    answers = [
        await desk.client.post(f"{address}/publication", json=days, headers=tag)
        for address, days, tag in (
            (second, {}, V1),
            (second, {"validFrom": "2022-09-01"}, V1),
            (second, {"validFrom": "2021-09-01"}, V1),
            (other, {"validFrom": "2023-09-01"}, V1),
            (first, {"validFrom": "2022-09-01"}, V2),
        )
    ]

    published = (
        "Edition 1 of offer is published, so nothing in it changes any more. Make a new edition and change that."
    )
    overlap = "Edition 1 is in force on some of these days (2022-09-01 to further notice). Let edition 2 have days of its own."
    sentences = [
        "Edition 1 is published. Say from which day edition 2 takes over: validFrom.",
        "Edition 1 is in force from 2022-09-01. Let edition 2 begin after that day, not on 2022-09-01.",
        overlap,
        "Another framework for the same kind of school is in force on one of these days. End it first.",
        published,
    ]
    assert [problem(answer) for answer in answers] == [(409, "conflict", sentence) for sentence in sentences]
    assert await desk.events() == before


async def test_days_the_wrong_way_round_are_pointed_at(desk: Desk) -> None:
    address = await desk.draft()

    reversed_days = {"validFrom": "2022-09-01", "validTo": "2022-08-31"}
    answer = await desk.client.post(f"{address}/publication", json=reversed_days, headers=V1)
    await desk.publish(address, validFrom="2022-09-01")
    too_early = await desk.client.post(f"{address}/ending", json={"on": "2022-08-31"}, headers=V2)

    sentence = "It would end on 2022-08-31, before it begins on 2022-09-01. Put the two in order."
    assert problem(answer) == (422, "invalid", sentence)
    assert answer.json()["errors"] == [{"pointer": "/validTo", "code": "dates-reversed", "detail": sentence}]
    sentence = "It is in force from 2022-09-01, so it cannot end on 2022-08-31. Name that day or a later one."
    assert problem(too_early) == (422, "invalid", sentence)
    assert too_early.json()["errors"] == [{"pointer": "/on", "code": "dates-reversed", "detail": sentence}]
    assert await desk.events() == ["framework.created", "framework.published"]


async def test_a_published_framework_is_ended_and_a_draft_is_not(desk: Desk) -> None:
    address, draft = await desk.draft(), await desk.draft(edition=2)
    await desk.publish(address, validFrom="2020-09-01")

    refused = await desk.client.post(f"{draft}/ending", json={"on": "2022-08-31"}, headers=V1)
    answer = await desk.client.post(f"{address}/ending", json={"on": "2022-08-31"}, headers=V2)

    record = valid(answer, RECORD)
    told = {"validFrom": "2020-09-01", "validTo": "2022-08-31", "status": "published", "version": 3}
    assert {name: record[name] for name in told} == told
    assert answer.headers["ETag"] == '"v3"'
    sentence = "A draft framework cannot be ended. Only one that is published and not superseded can."
    assert problem(refused) == (409, "conflict", sentence)


@pytest.mark.parametrize(("act", "body"), [("publication", {}), ("ending", {"on": "2030-08-31"})])
async def test_publication_and_ending_ask_for_the_version_they_are_about(
    desk: Desk, act: str, body: dict[str, str]
) -> None:
    address, right = await desk.draft(), V1
    if act == "ending":
        await desk.publish(address)
        right = V2
    before = await desk.events()

    missing = await desk.client.post(f"{address}/{act}", json=body)
    stale = await desk.client.post(f"{address}/{act}", json=body, headers={"If-Match": '"v7"'})
    malformed = [
        await desk.client.post(f"{address}/{act}", json=body, headers={"If-Match": tag})
        for tag in ("v1", "*", 'W/"v1"', '"1"')
    ]

    assert problem(missing)[:2] == (428, "precondition-required")
    assert problem(stale)[:2] == (412, "stale-version")
    assert f'"v{stale.json()["current"]}"' == right["If-Match"]
    assert [problem(answer)[:2] for answer in malformed] == [(412, "stale-version")] * 4
    assert await desk.events() == before
    assert (await desk.client.post(f"{address}/{act}", json=body, headers=right)).status_code == 200


async def test_what_is_repeated_under_its_key_happens_once(desk: Desk) -> None:
    address = await desk.draft()
    acts: list[tuple[str, dict[str, Any], dict[str, str]]] = [
        ("publication", {"validFrom": "2020-09-01"}, V1),
        ("editions", {}, {}),
        ("ending", {"on": "2030-08-31"}, V2),
    ]

    for act, body, tag in acts:
        headers = {**tag, "Idempotency-Key": "one key"}
        first = await desk.client.post(f"{address}/{act}", json=body, headers=headers)
        again = await desk.client.post(f"{address}/{act}", json=body, headers=headers)

        assert first.status_code in (200, 201), first.text
        assert (again.status_code, again.content, again.headers["ETag"]) == (
            first.status_code,
            first.content,
            first.headers["ETag"],
        )
        assert again.headers["Idempotency-Replayed"] == "true"
        assert "Idempotency-Replayed" not in first.headers
        assert again.headers.get("Location") == first.headers.get("Location")
    other = {**V1, "Idempotency-Key": "one key"}
    reused = await desk.client.post(f"{address}/publication", json={"validFrom": "2021-09-01"}, headers=other)
    assert problem(reused)[:2] == (422, "idempotency-key-reused")
    types = ["framework.created", "framework.published", "framework.created", "framework.ended"]
    assert await desk.events() == types


async def test_bodies_are_read_strictly(desk: Desk) -> None:
    address = await desk.draft()
    before = await desk.events()

    wrong: list[tuple[str, dict[str, Any], str, str]] = [
        ("publication", {"validFrom": "tomorrow"}, "/validFrom", "date-parsing"),
        ("publication", {"validFrom": "1899-12-31"}, "/validFrom", "greater-than-equal"),
        ("publication", {"validTo": 20300831}, "/validTo", "date-type"),
        ("publication", {"valid_from": "2020-09-01"}, "/valid_from", "extra-forbidden"),
        ("ending", {}, "/on", "missing"),
        ("ending", {"on": None}, "/on", "date-type"),
        ("editions", {"edition": 7}, "/edition", "extra-forbidden"),
    ]
    for act, body, pointer, code in wrong:
        answer = await desk.client.post(f"{address}/{act}", json=body, headers=V1)

        assert problem(answer)[:2] == (422, "invalid"), (act, body)
        assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(pointer, code)]
    for act in ("publication", "ending", "editions"):
        text = await desk.client.post(f"{address}/{act}", content=b"{}", headers={**V1, "Content-Type": "text/plain"})
        broken = await desk.client.post(
            f"{address}/{act}", content=b"{", headers={**V1, "Content-Type": "application/json"}
        )

        assert problem(text)[:2] == (415, "unsupported-media-type")
        assert problem(broken)[:2] == (400, "malformed-json")
    assert await desk.events() == before


async def every_part(desk: Desk, mark: str) -> dict[str, str]:
    """A draft with a record of every kind, and the id of each by its plural."""
    made: dict[str, str] = {}
    for plural in ("inspection-frameworks", "inspection-grades", "frameworks", *(noun.plural for noun in PARTS)):
        made[plural] = (await create(desk.client, plural, SAMPLES[plural](made, mark)))["id"]
    return made


async def test_the_next_edition_is_a_draft_with_all_that_the_edition_has(desk: Desk) -> None:
    made = await every_part(desk, "zz")
    address = f"/v1/frameworks/{made['frameworks']}"
    await desk.publish(address)

    answer = await desk.client.post(f"{address}/editions", json={})

    record = valid(answer, RECORD, 201)
    assert (record["edition"], record["status"], record["version"]) == (2, "draft", 1)
    assert answer.headers["Location"] == f"/v1/frameworks/{record['id']}"
    assert answer.headers["ETag"] == '"v1"'
    page = await desk.client.get(f"{answer.headers['Location']}/page")
    valid(page, tree_model(FRAMEWORKS))
    assert [old for old in made.values() if old in page.text] == [made["inspection-grades"]]
    compared = await desk.client.get(f"/v1/frameworks/{record['id']}/comparison?with={made['frameworks']}")
    assert compared.json()["changes"] == []
    for noun in PARTS:
        old, new = [
            (await desk.client.get(f"/v1/{noun.plural}?frameworkId={one}")).json()["items"]
            for one in (made["frameworks"], record["id"])
        ]
        assert len(old) == len(new) == 1, noun.plural
        assert new[0].get("code") == old[0].get("code")


async def test_what_is_published_is_copied_to_be_changed(desk: Desk) -> None:
    made = await every_part(desk, "zz")
    address = f"/v1/frameworks/{made['frameworks']}"
    await desk.publish(address)
    change = {"hi": 97.5}

    refused = await desk.client.patch(f"/v1/bands/{made['bands']}", json=change, headers={**MERGE, **V1})
    later = (await desk.client.post(f"{address}/editions", json={})).json()
    (band,) = (await desk.client.get(f"/v1/bands?frameworkId={later['id']}")).json()["items"]
    changed = await desk.client.patch(f"/v1/bands/{band['id']}", json=change, headers={**MERGE, **V1})

    sentence = "Edition 1 of zz is published, so nothing in it changes any more. Make a new edition and change that."
    assert problem(refused) == (409, "conflict", sentence)
    assert (changed.status_code, changed.json()["hi"]) == (200, 97.5)
    assert (await desk.client.get(f"/v1/bands/{made['bands']}")).json()["hi"] == 100


async def test_a_draft_is_withdrawn_with_everything_in_it(desk: Desk) -> None:
    made = await every_part(desk, "zz")
    address, why = f"/v1/frameworks/{made['frameworks']}", {"reason": "Begun too early."}

    missing = await desk.client.post(f"{address}/withdrawal", json=why)
    answer = await desk.client.post(f"{address}/withdrawal", json=why, headers=V1)

    assert problem(missing)[:2] == (428, "precondition-required")
    assert valid(answer, RECORD)["withdrawnAt"] is not None
    for noun in PARTS:
        assert (await desk.client.get(f"/v1/{noun.plural}/{made[noun.plural]}")).json()["withdrawnAt"] is not None
        assert (await desk.client.get(f"/v1/{noun.plural}?frameworkId={made['frameworks']}")).json()["items"] == []
    assert (await desk.client.get(f"/v1/inspection-grades/{made['inspection-grades']}")).json()["withdrawnAt"] is None


async def test_only_what_is_in_use_has_a_next_edition(desk: Desk) -> None:
    address = await desk.draft()
    await desk.client.post(f"{address}/withdrawal", json={"reason": "Begun too early."}, headers=V1)

    of_withdrawn = await desk.client.post(f"{address}/editions", json={})
    unknown = await desk.client.post(f"/v1/frameworks/{uuid4()}/editions", json={})

    sentence = "This draft is withdrawn, so no edition follows it. Make one from an edition that is in use."
    assert problem(of_withdrawn) == (409, "conflict", sentence)
    assert problem(unknown)[:2] == (404, "not-found")


@dataclass
class World:
    """A trust to be read: an edition in force, the next in draft, academies of several kinds and a calendar."""

    installation: Installation
    client: httpx.AsyncClient
    made: dict[str, str]
    first: str
    second: str

    async def get(self, address: str, **parameters: str) -> httpx.Response:
        return await self.client.get(address, params=parameters)

    async def expected(self, stage: str, academy: str, **parameters: str) -> Any:
        address = f"/v1/maturity-stages/{self.made[stage]}/expectations"
        return valid(await self.get(address, academyId=self.made[academy], **parameters), Expectations)


SINCE: Final = "2026-10-05"
_STAGES: Final[dict[str, dict[str, Any]]] = {
    "S1": {"name": "Repair", "durationMin": 12, "durationMax": 18, "durationUnit": "month", "durationPrinted": "12-18 months"},
    "S2": {"name": "Stabilise", "durationMin": 6, "durationMax": 8, "durationUnit": "week"},
    "S3": {"name": "Improve", "durationMax": 2, "durationUnit": "year"},
    "S4": {"name": "Sustain", "durationMin": 1, "durationMax": 2, "durationUnit": "term"},
    "S5": {"name": "Lead", "openEnded": True, "durationPrinted": "ongoing"},
    "S6": {"name": "Pause", "durationMax": 1, "durationUnit": "half_term"},
    "S7": {"name": "Wait", "durationMin": 2, "durationMax": 9, "durationUnit": "term"},
    "S8": {"name": "Stay", "durationMin": 3, "durationUnit": "month"},
}  # fmt: skip
_CADENCES: Final[dict[str, dict[str, Any]]] = {
    "weekly": {"everyMin": 4, "everyMax": 6, "unit": "week"},
    "termly": {"everyMin": 1, "unit": "term"},
    "anchored": {"anchors": ["end of summer term", "end of the autumn term"]},
    "thrice": {"times": 3, "period": "term"},
    "once": {"times": 1, "period": "term"},
    "school-days": {"everyMin": 5, "unit": "day", "dayBasis": "school"},
    "unsaid": {},
    "no-period": {"times": 2},
    "far": {"everyMin": 9, "unit": "term"},
}
_DUE: Final[dict[str, tuple[str | None, str | None, str | None]]] = {
    "weekly": ("2026-11-02", "2026-11-16", None),
    "termly": ("2027-01-05", "2027-03-26", None),
    "anchored": ("2026-12-18", "2026-12-18", None),
    "thrice": ("2026-09-02", "2026-12-18", None),
    "once": ("2027-01-05", "2027-03-26", None),
    "school-days": ("2026-10-12", "2026-10-12", None),
    "unsaid": (None, None, "no_cadence"),
    "no-period": (None, None, "no_period"),
    "far": (None, None, "calendar_not_set"),
    "for-all": ("2027-10-05", "2027-10-05", None),
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(place: Installation) -> AsyncIterator[World]:
    async with place.client(await place.key("larch")) as client:
        desk = Desk(place, "larch", client)
        await _organisation(desk)
        first = await desk.make("frameworks", "strategy", edition=1, title="Strategy", sector="primary")
        await _stages(desk, frameworkId=first)
        await _assurance(desk, frameworkId=first)
        await desk.publish(f"/v1/frameworks/{first}", validFrom="2020-09-01")
        second = (await client.post(f"/v1/frameworks/{first}/editions", json={})).json()["id"]
        await _revise(desk, second)
        yield World(place, client, desk.made, first, second)


async def _organisation(desk: Desk) -> None:
    await desk.make("academies", "church", name="Alder Academy", type="converter", phaseOfEducation="primary",
                    faith="Church of England")  # fmt: skip
    await desk.make("academies", "plain", name="Beech Academy", phaseOfEducation="secondary", faith="none")
    await desk.make("academies", "unknown", name="Cedar Academy")
    year = await desk.make("academic-years", "2026/27", startsOn="2026-09-01", endsOn="2027-08-31")
    terms = [("autumn", "2026-09-02", "2026-12-18"), ("spring", "2027-01-05", "2027-03-26"),
             ("summer", "2027-04-12", "2027-07-21")]  # fmt: skip
    for no, (name, starts_on, ends_on) in enumerate(terms, start=1):
        await desk.make("terms", name, academicYearId=year, no=no, name=name, startsOn=starts_on, endsOn=ends_on)
    halves = [("2026-09-02", "2026-10-23"), ("2026-11-02", "2026-12-18")]
    for no, (starts_on, ends_on) in enumerate(halves, start=1):
        await desk.make(
            "half-terms", f"autumn {no}", termId=desk.made["autumn"], no=no, startsOn=starts_on, endsOn=ends_on
        )
    overall = await desk.make("inspection-frameworks", "overall", label="Four grades")
    for rank, grade in ((4, "inadequate"), (3, "requires improvement")):
        await desk.make("inspection-grades", f"overall-{rank}", inspectionFrameworkId=overall, grade=str(rank), label=grade,
                        rank=rank)  # fmt: skip


async def _stages(desk: Desk, **edition: str) -> None:
    for no, (code, stage) in enumerate(_STAGES.items(), start=1):
        await desk.make("maturity-stages", code, no=no, **stage, **edition)
    in_first = {"stageId": desk.made["S1"], **edition}
    await desk.make("framework-conditions", "church-school", label="a church school", attribute="faith", **edition)
    await desk.make("framework-conditions", "catholic", label="Roman Catholic", attribute="faith",
                    values=["Roman Catholic"], **edition)  # fmt: skip
    await desk.make("framework-conditions", "appropriate", label="it is appropriate", **edition)
    for code in ("TL", "ATT"):
        await desk.make("strands", code, label=f"strand {code}", aliases=["Old name"], **edition)
    await desk.make("benchmark-sets", "main", label="benchmarks", **edition)
    inside = {"setId": desk.made["main"], "strandId": desk.made["TL"], **in_first}
    await desk.make("benchmarks", "B1", label="attendance", value=95.5, valueTo=97, metric="attendance", no=1, **inside)
    await desk.make("benchmarks", "B2", label="collective worship", conditionId=desk.made["church-school"], value=0.1, no=2,
                    **inside)  # fmt: skip
    await desk.make("benchmarks", "B3", label="pupils", value=12345678901234.5, no=3, **inside)
    for no, (code, cadence) in enumerate(_CADENCES.items(), start=1):
        await desk.make("cadence-rules", code, activity=f"review {code}", no=no, **cadence, **in_first)
    await desk.make("cadence-rules", "for-all", activity="annual review", everyMin=1, unit="year", **edition)
    await desk.make("cadence-rules", "church-review", activity="review of church schools", everyMin=1, unit="year",
                    conditionId=desk.made["church-school"], stageId=desk.made["S2"], **edition)  # fmt: skip
    await desk.make("template-items", "I1", label="audit of teaching", no=1, **in_first)
    await desk.make("template-items", "I2", label="diocesan visit", conditionId=desk.made["catholic"],
                    cadenceRuleId=desk.made["termly"], strandId=desk.made["TL"], no=2, **in_first)  # fmt: skip
    await desk.make("template-items", "I3", label="audit again", linkedToId=desk.made["I1"], no=3, **in_first)
    await desk.make("entitlement-rules", "E1", team="hr", label="days of advice", quantityMax=2.5, unit="days",
                    conditionId=desk.made["appropriate"], **in_first)  # fmt: skip
    tests = [("S1", "below", -0.5), ("S2", "below", -0.25), ("S3", "above", 0.5)]
    for no, (of_stage, comparator, value) in enumerate(tests, start=1):
        await desk.make("indicative-measures", f"M{no}", stageId=desk.made[of_stage], metric="progress",
                        comparator=comparator, value=value, no=no, **edition)  # fmt: skip
    await desk.make("indicative-measures", "M4", metric="ofsted", inspectionGradeId=desk.made["overall-4"], **in_first)
    await desk.make("report-sections", "staffing", label="staffing", **edition)
    await desk.make("evidence-kinds", "surveys", label="surveys of parents", **edition)


async def _assurance(desk: Desk, **edition: str) -> None:
    scale = await desk.make("rating-scales", "assurance", label="assurance", **edition)
    for no, code in enumerate(("green", "amber", "red"), start=1):
        level = await desk.make("rating-levels", code, scaleId=scale, no=no, **edition)
        await desk.make("rating-labels", f"{code} label", levelId=level, context="key", label=code.title(), **edition)
    section = await desk.make("assurance-sections", "QOE", label="quality", scaleId=scale, **edition)
    line = await desk.make("assurance-lines", "attendance", sectionId=section, label="Attendance", **edition)
    within = {"lineId": line, "metric": "attendance", "direction": "higher", **edition}
    gappy = await desk.make("indicators", "gappy", label="attendance", rangeMin=0, rangeMax=100, no=1, **within)
    bands: list[tuple[str, dict[str, Any]]] = [
        ("red", {"lo": 0, "loIncluded": True, "hi": 50.25, "printed": "under 50.25%"}),
        ("amber", {"lo": 50.25, "hi": 70, "hiIncluded": True}),
        ("green", {"lo": 70, "loIncluded": True, "hi": 99.9, "hiIncluded": True}),
    ]
    for no, (level, band) in enumerate(bands, start=1):
        given = {"indicatorId": gappy, "levelId": desk.made[level], "no": no, **band, **edition}
        await desk.make("bands", f"gappy {no}", **given)
    whole = await desk.make("indicators", "whole", label="turnover", no=2, **within)
    for no, band in enumerate(({"hi": 0.1}, {"lo": 0.1, "loIncluded": True}), start=1):
        level_id = desk.made["green" if no == 1 else "red"]
        await desk.make("bands", f"whole {no}", indicatorId=whole, levelId=level_id, no=no, **band, **edition)
    await desk.make("band-statements", "attendance-G1", lineId=line, levelId=desk.made["green"], label="attendance is high",
                    indicatorId=gappy, **edition)  # fmt: skip


async def _revise(desk: Desk, second: str) -> None:
    """What differs in the next edition."""

    async def later(plural: str, code: str = "", **narrowing: str) -> dict[str, Any]:
        named = {"code": code} if code else {}
        found = (await desk.client.get(f"/v1/{plural}", params={"frameworkId": second, **named, **narrowing})).json()
        (record,) = found["items"]
        return dict(record)

    async def change(plural: str, record: dict[str, Any], **body: Any) -> None:
        answer = await desk.client.patch(f"/v1/{plural}/{record['id']}", json=body, headers={**MERGE, **V1})
        assert answer.status_code == 200, answer.text

    await change("benchmarks", await later("benchmarks", "B1"), value=96, valueTo=97, label="attendance in full")
    await change(
        "benchmarks",
        await later("benchmarks", "B2"),
        conditionId=(await later("framework-conditions", "catholic"))["id"],
    )
    await change("benchmarks", await later("benchmarks", "B3"), value=0.000001)
    await change(
        "template-items",
        await later("template-items", "I1"),
        cadenceRuleId=(await later("cadence-rules", "termly"))["id"],
    )
    await change("template-items", await later("template-items", "I3"), linkedToId=None)
    await change("strands", await later("strands", "TL"), aliases=["Old name", "Lessons"])
    await change(
        "indicative-measures", await later("indicative-measures", "M4"), inspectionGradeId=desk.made["overall-3"]
    )
    await change("maturity-stages", await later("maturity-stages", "S5"), openEnded=False)
    gappy = await later("indicators", "gappy")
    bands = (await desk.client.get(f"/v1/bands?indicatorId={gappy['id']}")).json()["items"]
    amber, green = (next(one for one in bands if one["levelCode"] == level) for level in ("amber", "green"))
    await change("bands", amber, lo=50.25, loIncluded=True)
    await change("bands", green, levelId=amber["levelId"], hi=100)
    amber_label = await later("rating-labels", levelId=amber["levelId"])
    await change("rating-labels", amber_label, label="Not yet")
    section = await later("report-sections", "staffing")
    gone = await desk.client.post(
        f"/v1/report-sections/{section['id']}/withdrawal", json={"reason": "Dropped."}, headers=V1
    )
    assert gone.status_code == 200
    await create(desk.client, "evidence-kinds", {"frameworkId": second, "code": "visits", "no": 2, "label": "visits"})
    await create(desk.client, "rating-labels", {"frameworkId": second, "levelId": amber["levelId"], "context": "intranet",
                                                "label": "Amber"})  # fmt: skip


async def compared(world: World, later: str, earlier: str) -> Any:
    return valid(await world.get(f"/v1/frameworks/{later}/comparison", **{"with": earlier}), Comparison)


def changed(noun: str, code: str, label: str | None, *fields: tuple[str, Any, Any]) -> dict[str, Any]:
    told = [{"field": name, "before": before, "after": after} for name, before, after in fields]
    return {"noun": noun, "code": code, "change": "changed", "label": label, "fields": told}


async def test_two_editions_are_compared_by_code(world: World) -> None:
    answer = await compared(world, world.second, world.first)

    both = {"code": "strategy", "title": "Strategy", "validTo": None}
    assert answer["before"] == {"id": world.first, "edition": 1, "validFrom": "2020-09-01", **both}
    assert answer["after"] == {"id": world.second, "edition": 2, "validFrom": None, **both}
    assert sorted(answer["changes"], key=repr) == sorted([
        changed("framework", "", "Strategy", ("validFrom", "2020-09-01", None)),
        changed("benchmark", "B1", "attendance in full", ("value", Decimal("95.5"), 96),
                ("label", "attendance", "attendance in full")),
        changed("benchmark", "B2", "collective worship", ("conditionId", "church-school", "catholic")),
        changed("benchmark", "B3", "pupils", ("value", Decimal("12345678901234.5"), Decimal("0.000001"))),
        changed("templateItem", "I1", "audit of teaching", ("cadenceRuleId", None, "termly")),
        changed("templateItem", "I3", "audit again", ("linkedToId", "I1", None)),
        changed("strand", "TL", "strand TL", ("aliases", ["Old name"], ["Old name", "Lessons"])),
        changed("indicativeMeasure", "M4", None, ("inspectionGradeId", "overall-4", "overall-3")),
        changed("maturityStage", "S5", "Lead", ("openEnded", True, False)),
        changed("band", "gappy/2", None, ("loIncluded", False, True)),
        changed("band", "gappy/3", None, ("levelId", "green", "amber"), ("hi", Decimal("99.9"), 100)),
        changed("ratingLabel", "amber/key", "Not yet", ("label", "Amber", "Not yet")),
        {"noun": "reportSection", "code": "staffing", "change": "removed", "label": "staffing", "fields": []},
        {"noun": "evidenceKind", "code": "visits", "change": "added", "label": "visits", "fields": []},
        {"noun": "ratingLabel", "code": "amber/intranet", "change": "added", "label": "Amber", "fields": []},
    ], key=repr)  # fmt: skip


async def test_a_comparison_counts_what_it_tells(world: World) -> None:
    answer = await compared(world, world.second, world.first)

    told: dict[str, dict[str, int]] = {}
    for one in answer["changes"]:
        told.setdefault(one["noun"], {"added": 0, "removed": 0, "changed": 0})[one["change"]] += 1
    assert answer["counts"] == told
    assert (told["ratingLabel"], told["reportSection"]) == (
        {"added": 1, "removed": 0, "changed": 1},
        {"added": 0, "removed": 1, "changed": 0},
    )


async def test_compared_the_other_way_round_what_was_added_is_removed(world: World) -> None:
    there = await compared(world, world.second, world.first)
    back = await compared(world, world.first, world.second)

    opposite = {"added": "removed", "removed": "added", "changed": "changed"}
    turned = {
        (one["noun"], one["code"], opposite[one["change"]]): [
            {"field": each["field"], "before": each["after"], "after": each["before"]} for each in one["fields"]
        ]
        for one in there["changes"]
    }
    assert {(one["noun"], one["code"], one["change"]): one["fields"] for one in back["changes"]} == turned
    assert (back["before"], back["after"]) == (there["after"], there["before"])


async def test_an_edition_does_not_differ_from_itself(world: World) -> None:
    answer = await compared(world, world.first, world.first)

    assert (answer["changes"], answer["counts"]) == ([], {})


async def test_numbers_are_told_with_every_digit(world: World) -> None:
    comparison = await world.get(f"/v1/frameworks/{world.second}/comparison", **{"with": world.first})
    address = f"/v1/maturity-stages/{world.made['S1']}/expectations"
    expectations = await world.get(address, academyId=world.made["church"])
    intervals = await world.get(f"/v1/frameworks/{world.first}/intervals")

    assert '"before":12345678901234.5,"after":0.000001}' in comparison.text
    assert '"before":95.5,"after":96}' in comparison.text
    for number in ('"value":95.5,"valueTo":97,', '"value":0.1,', '"value":12345678901234.5,', '"quantityMax":2.5,'):
        assert number in expectations.text
    assert '"range":"above 99.9 to 100"' in intervals.text


async def test_figures_finer_than_a_caller_can_send_are_compared_to_the_last_digit(desk: Desk) -> None:
    made = await every_part(desk, "zz")
    fine, finer = Decimal("0.1234567890123456789"), Decimal("0.1234567890123456788")
    await _set_value(desk, made["benchmarks"], fine)
    later = (await desk.client.post(f"/v1/frameworks/{made['frameworks']}/editions", json={})).json()["id"]
    (copied,) = (await desk.client.get(f"/v1/benchmarks?frameworkId={later}")).json()["items"]
    await _set_value(desk, copied["id"], finer)

    address = f"/v1/frameworks/{later}/comparison?with={made['frameworks']}"
    answer = valid(await desk.client.get(address), Comparison)

    assert answer["changes"] == [changed("benchmark", "zz-1", "zz attendance", ("value", fine, finer))]


async def _set_value(desk: Desk, benchmark: str, value: Decimal) -> None:
    """As a pack would: its figures are as exact as they are written."""
    place = desk.installation
    async with place.database.begin(place.actor(desk.trust)) as work:
        record = await work.get(Benchmark, UUID(benchmark))
        await records.change(work, Benchmark, record.id, {"value": value}, version=record.version)


async def test_gaps_and_overlaps_are_told_of_every_set_of_intervals(world: World) -> None:
    answer = valid(await world.get(f"/v1/frameworks/{world.first}/intervals"), IntervalReports)

    measures, gappy, whole = answer["items"]
    assert measures == {
        "kind": "measure",
        "recordId": world.first,
        "metric": "progress",
        "about": "The stages by progress",
        "intervals": [
            {"name": "Repair", "range": "below -0.5"},
            {"name": "Stabilise", "range": "below -0.25"},
            {"name": "Improve", "range": "above 0.5"},
        ],
        "gaps": [
            {"range": "-0.25 to 0.5", "of": [], "sentence": "The stages by progress: nothing holds -0.25 to 0.5."}
        ],
        "overlaps": [
            {
                "range": "below -0.5",
                "of": ["Repair", "Stabilise"],
                "sentence": "The stages by progress: Repair, Stabilise both hold below -0.5. It is kept as printed.",
            }
        ],
    }
    assert gappy == {
        "kind": "indicator",
        "recordId": world.made["gappy"],
        "metric": None,
        "about": "The bands of attendance",
        "intervals": [
            {"name": "under 50.25%", "range": "0 to under 50.25"},
            {"name": "above 50.25 to 70", "range": "above 50.25 to 70"},
            {"name": "70 to 99.9", "range": "70 to 99.9"},
        ],
        "gaps": [
            {"range": found, "of": [], "sentence": f"The bands of attendance: nothing holds {found}."}
            for found in ("exactly 50.25", "above 99.9 to 100")
        ],
        "overlaps": [
            {
                "range": "exactly 70",
                "of": ["above 50.25 to 70", "70 to 99.9"],
                "sentence": "The bands of attendance: above 50.25 to 70, 70 to 99.9 both hold exactly 70. "
                "It is kept as printed.",
            }
        ],
    }
    assert (whole["recordId"], whole["gaps"], whole["overlaps"]) == (world.made["whole"], [], [])


async def test_intervals_of_a_draft_are_told_as_they_are_written(world: World, desk: Desk) -> None:
    later = valid(await world.get(f"/v1/frameworks/{world.second}/intervals"), IntervalReports)
    nothing = valid(await desk.client.get(f"{await desk.draft()}/intervals"), IntervalReports)

    gappy = later["items"][1]
    assert [one["range"] for one in gappy["gaps"]] == []
    assert [one["range"] for one in gappy["overlaps"]] == ["exactly 70"]
    assert nothing == {"items": []}


async def test_what_a_stage_expects_is_told_with_whether_it_is_meant(world: World) -> None:
    told = {}
    for academy in ("church", "plain", "unknown"):
        answer = await world.expected("S1", academy)
        told[academy] = [
            {each[name]["code"]: (each["applies"], each["condition"]) for each in answer[plural]}
            for plural, name in (
                ("benchmarks", "benchmark"),
                ("templateItems", "templateItem"),
                ("entitlements", "entitlement"),
            )
        ]

    for_all = ("yes", None)
    church, catholic, judged = "a church school", "Roman Catholic", "it is appropriate"
    assert told == {
        academy: [
            {"B1": for_all, "B2": (of_church, church), "B3": for_all},
            {"I1": for_all, "I2": (of_catholic, catholic), "I3": for_all},
            {"E1": ("to_judge", judged)},
        ]
        for academy, of_church, of_catholic in (
            ("church", "yes", "no"),
            ("plain", "no", "no"),
            ("unknown", "to_judge", "to_judge"),
        )
    }


@pytest.mark.parametrize(
    ("academy", "sector", "fits"),
    [("church", "primary", "yes"), ("plain", "secondary", "no"), ("unknown", None, "to_judge")],
)
async def test_an_academy_is_of_the_frameworks_kind_or_not_or_somebody_judges(
    world: World, academy: str, sector: str | None, fits: str
) -> None:
    answer = await world.expected("S1", academy)

    names = {"church": "Alder Academy", "plain": "Beech Academy", "unknown": "Cedar Academy"}
    assert answer["academy"] == {
        "id": world.made[academy], "code": academy, "name": names[academy], "sector": sector,
    }  # fmt: skip
    assert answer["on"] == str(civil_day(datetime.now(UTC)))
    assert answer["stage"] == {
        "id": world.made["S1"],
        "code": "S1",
        "no": 1,
        "name": "Repair",
        "frameworkId": world.first,
        "framework": "strategy",
        "edition": 1,
        "inForce": True,
        "fits": fits,
        "durationPrinted": "12-18 months",
        "openEnded": False,
        "endsFrom": None,
        "endsTo": None,
    }


async def test_reviews_fall_due_by_the_trusts_own_terms(world: World) -> None:
    answer = await world.expected("S1", "church", since=SINCE)

    due = {each["cadence"]["code"]: (each["dueFrom"], each["dueTo"], each["noDueDate"]) for each in answer["reviews"]}
    assert due == _DUE
    assert {(each["applies"], each["condition"]) for each in answer["reviews"]} == {("yes", None)}


async def test_without_a_day_to_count_from_no_review_has_a_due_date(world: World) -> None:
    answer = await world.expected("S1", "church")

    reasons = {code: reason for code, (_, _, reason) in _DUE.items() if reason in ("no_cadence", "no_period")}
    due = {each["cadence"]["code"]: (each["dueFrom"], each["dueTo"], each["noDueDate"]) for each in answer["reviews"]}
    assert due == {code: (None, None, reasons.get(code, "not_recorded")) for code in _DUE}


async def test_a_stages_reviews_are_its_own_and_those_for_every_stage(world: World) -> None:
    told = {
        academy: [
            (each["cadence"]["code"], each["applies"], each["condition"], each["dueFrom"])
            for each in (await world.expected("S2", academy, since=SINCE))["reviews"]
        ]
        for academy in ("church", "plain", "unknown")
    }

    for_all = ("for-all", "yes", None, "2027-10-05")
    assert told == {
        academy: [("church-review", applies, "a church school", "2027-10-05"), for_all]
        for academy, applies in (("church", "yes"), ("plain", "no"), ("unknown", "to_judge"))
    }


@pytest.mark.parametrize(
    ("stage", "ends_from", "ends_to"),
    [
        ("S1", "2027-10-05", "2028-04-05"),
        ("S2", "2026-11-16", "2026-11-30"),
        ("S3", "2026-10-05", "2028-10-05"),
        ("S4", "2027-01-05", "2027-07-21"),
        ("S5", None, None),
        ("S6", "2026-10-05", "2026-12-18"),
        ("S7", None, None),
        ("S8", None, None),
    ],
)
async def test_a_stage_ends_when_its_duration_is_over(
    world: World, stage: str, ends_from: str | None, ends_to: str | None
) -> None:
    answer = await world.expected(stage, "church", since=SINCE)

    assert (answer["stage"]["endsFrom"], answer["stage"]["endsTo"]) == (ends_from, ends_to)


async def test_of_very_many_conditions_none_is_overlooked(desk: Desk) -> None:
    """Lists come in pages of 500."""
    framework = await desk.make("frameworks", "offer", title="Offer")
    stage = await desk.make("maturity-stages", "S1", frameworkId=framework, name="Repair")
    academy = await desk.make("academies", "alder", name="Alder Academy", faith="none")
    place = desk.installation
    async with place.database.begin(place.actor(desk.trust)) as work:
        for no in range(501):
            shared = {"framework_id": UUID(framework), "attribute": "faith", "label": f"condition {no}"}
            last = await records.create(work, FrameworkCondition, {**shared, "code": f"C{no:03}"})
    rule = {"frameworkId": framework, "stageId": stage, "activity": "review", "conditionId": str(last.id)}
    await desk.make("cadence-rules", "R1", **rule)

    answer = valid(await desk.client.get(f"/v1/maturity-stages/{stage}/expectations?academyId={academy}"), Expectations)

    assert [(one["applies"], one["condition"]) for one in answer["reviews"]] == [("no", "condition 500")]


async def test_where_a_trust_has_no_calendar_no_term_is_made_up(desk: Desk) -> None:
    framework = await desk.make("frameworks", "offer", title="Offer")
    stage = await desk.make(
        "maturity-stages", "S1", frameworkId=framework, name="Repair", durationMax=1, durationUnit="term"
    )
    rule = {"frameworkId": framework, "stageId": stage, "activity": "review"}
    await desk.make("cadence-rules", "termly", **rule, everyMin=1, unit="term")
    await desk.make("cadence-rules", "anchored", **rule, anchors=["end of autumn term"], no=2)
    await desk.make("cadence-rules", "weekly", **rule, everyMin=1, unit="week", no=3)
    academy = await desk.make("academies", "alder", name="Alder Academy")

    address = f"/v1/maturity-stages/{stage}/expectations"
    answer = valid(await desk.client.get(address, params={"academyId": academy, "since": "2026-10-05"}), Expectations)

    due = {each["cadence"]["code"]: (each["dueFrom"], each["noDueDate"]) for each in answer["reviews"]}
    missing = (None, "calendar_not_set")
    assert due == {"termly": missing, "anchored": missing, "weekly": ("2026-10-12", None)}
    stage_told = answer["stage"]
    assert (stage_told["endsFrom"], stage_told["endsTo"]) == (None, None)
    assert (stage_told["fits"], stage_told["inForce"]) == ("yes", False)


async def test_the_longest_durations_and_cadences_there_can_be_are_answered(desk: Desk) -> None:
    framework = await desk.make("frameworks", "offer", title="Offer")
    academy = await desk.make("academies", "alder", name="Alder Academy")
    for no, unit in enumerate(("day", "week", "month", "year", "term", "half_term"), start=1):
        longest = {"durationMax": 1000, "durationUnit": unit}
        stage = await desk.make("maturity-stages", f"S{no}", frameworkId=framework, no=no, name="Wait", **longest)
        rule = {"frameworkId": framework, "stageId": stage, "activity": "review", "unit": unit}
        await desk.make("cadence-rules", f"R{no}", **rule, everyMin=1000)

        asked = {"academyId": academy, "since": "2100-12-31"}
        answer = await desk.client.get(f"/v1/maturity-stages/{stage}/expectations", params=asked)
        longer = [
            await desk.client.post("/v1/maturity-stages", json={
                "frameworkId": framework, "code": "X", "no": 99, "name": "X", "durationMax": 1001, "durationUnit": unit
            }),
            await desk.client.post("/v1/cadence-rules", json={**rule, "code": "X", "everyMin": 2**31 - 1}),
        ]  # fmt: skip

        valid(answer, Expectations)
        assert [problem(one)[:2] for one in longer] == [(422, "invalid")] * 2


READS: Final = (
    "/v1/frameworks/{first}/comparison?with={second}",
    "/v1/frameworks/{first}/intervals",
    "/v1/maturity-stages/{stage}/expectations?academyId={academy}",
)


def reads(world: World, **instead: str) -> list[str]:
    ids = {"first": world.first, "second": world.second, "stage": world.made["S1"], "academy": world.made["church"]}
    return [address.format(**{**ids, **instead}) for address in READS]


async def test_what_is_told_of_a_framework_is_not_sent_again_until_something_changes(world: World) -> None:
    for address in reads(world):
        first = await world.client.get(address)
        tag = first.headers["ETag"]

        again = await world.client.get(address, headers={"If-None-Match": tag})
        other = await world.client.get(address, headers={"If-None-Match": '"p0.abc.20261122"'})
        await create(world.client, "bodies", {"code": str(uuid4())[:8], "label": "A board", "kind": "trust_board"})
        later = await world.client.get(address, headers={"If-None-Match": tag})

        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert (other.status_code, other.content) == (200, first.content)
        assert (later.status_code, later.content) == (200, first.content)
        assert later.headers["ETag"] != tag
        assert first.headers["Cache-Control"] == "private, no-cache"


async def test_parameters_that_are_unknown_missing_or_malformed_are_refused(world: World) -> None:
    comparison, intervals, expectations = reads(world)
    wrong = {
        **{f"{address}{'&' if '?' in address else '?'}{odd}": f"#query/{odd.partition('=')[0]}"
           for address in (comparison, intervals, expectations) for odd in ("asOf=2026-11-22T12:00:00Z", "limit=1", "With=x")},
        comparison.partition("?")[0]: "#query/with",
        f"{comparison.partition('?')[0]}?with=none": "#query/with",
        expectations.partition("?")[0]: "#query/academyId",
        f"{expectations.partition('?')[0]}?academyId=1": "#query/academyId",
        f"{expectations}&since=monday": "#query/since",
        f"{expectations}&since=1899-12-31": "#query/since",
    }  # fmt: skip
    for address, pointer in wrong.items():
        answer = await world.client.get(address)

        assert problem(answer)[:2] == (422, "invalid"), address
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer], address
    for address in reads(world, first="none", stage="none"):
        assert problem(await world.client.get(address))[:2] == (404, "not-found")


async def test_what_is_not_there_is_told_by_its_id(world: World) -> None:
    unknown = str(uuid4())
    answers = [
        await world.client.get(address)
        for address in (*reads(world, first=unknown, stage=unknown), *reads(world, second=unknown, academy=unknown))
    ]

    missing = [f"There is no {noun} with the id {unknown}." for noun in ("framework", "maturity stage", "academy")]
    framework, stage, academy = missing
    assert [answer.status_code for answer in answers] == [404, 404, 404, 404, 200, 404]
    details = [answer.json()["detail"] for answer in answers if answer.status_code == 404]
    assert details == [framework, framework, stage, framework, academy]


async def test_another_trusts_framework_is_not_there(world: World, desk: Desk) -> None:
    own = await desk.make("frameworks", "offer", title="Offer")
    stage = await desk.make("maturity-stages", "S1", frameworkId=own, name="Repair")
    academy = await desk.make("academies", "alder", name="Alder Academy")
    acts: list[tuple[str, dict[str, str]]] = [("publication", {}), ("ending", {"on": "2030-08-31"}), ("editions", {})]
    before = await desk.events()

    answers = [
        *[await desk.client.get(address) for address in reads(world)],
        await desk.client.get(f"/v1/frameworks/{own}/comparison?with={world.first}"),
        await desk.client.get(f"/v1/maturity-stages/{stage}/expectations?academyId={world.made['church']}"),
        await desk.client.get(f"/v1/maturity-stages/{world.made['S1']}/expectations?academyId={academy}"),
        *[
            await desk.client.post(f"/v1/frameworks/{world.second}/{act}", json=body, headers={"If-Match": '"v1"'})
            for act, body in acts
        ],
    ]

    assert [problem(answer)[:2] for answer in answers] == [(404, "not-found")] * 9
    assert {word for answer in answers for word in ("strategy", "Alder", "Repair") if word in answer.text} == set()
    assert await desk.events() == before
    ours = await desk.client.get(f"/v1/maturity-stages/{stage}/expectations?academyId={academy}")
    assert ours.status_code == 200


async def test_who_may_not_write_frameworks_reads_them(world: World) -> None:
    place = world.installation
    acts: list[tuple[str, dict[str, str]]] = [("publication", {}), ("ending", {"on": "2030-08-31"}), ("editions", {})]
    limited = await place.key("larch", academy_ids=[world.made["church"]])
    keys = [await place.key("larch", role) for role in (Role.ACADEMY_HEAD, Role.READER)]

    told = []
    for key in (*keys, limited):
        async with place.client(key) as client:
            read = [(await client.get(address)).status_code for address in reads(world)]
            written = [
                (await client.post(f"/v1/frameworks/{world.second}/{act}", json=body, headers=V1)).status_code
                for act, body in acts
            ]
            told.append((read, written))
    async with place.client() as nobody:
        unknown = [(await nobody.get(address)).status_code for address in reads(world)]

    assert told == [([200, 200, 200], [403, 403, 403])] * 3
    assert unknown == [401, 401, 401]
    async with place.client(limited) as client:
        (other,) = [address for address in reads(world, academy=world.made["plain"]) if "expectations" in address]
        assert problem(await client.get(other))[:2] == (404, "not-found")
    assert (await world.client.get(f"/v1/frameworks/{world.second}")).json()["version"] == 1


async def test_a_page_is_told_as_it_was_before_its_publication(desk: Desk) -> None:
    address = await desk.draft()
    before = await desk.client.get(f"{address}/page")
    created_at = (await desk.client.get(f"{address}/history")).json()["items"][0]["recordedAt"]
    await desk.publish(address, validFrom="2020-09-01")

    then = await desk.client.get(f"{address}/page", params={"asOf": created_at})

    assert (then.status_code, then.content) == (200, before.content)
    assert (await desk.client.get(f"{address}/page")).json()["status"] == "published"


async def test_every_packs_frameworks_are_told_as_the_contract_says(shared: Installation) -> None:
    frameworks = stages = 0
    for trust in PACKED:
        async with shared.client(shared.keys[trust]) as client:
            academy = (await client.get("/v1/academies?limit=1")).json()["items"]
            for framework in (await client.get("/v1/frameworks?limit=500")).json()["items"]:
                address = f"/v1/frameworks/{framework['id']}"
                itself = valid(await client.get(f"{address}/comparison?with={framework['id']}"), Comparison)
                intervals = valid(await client.get(f"{address}/intervals"), IntervalReports)

                frameworks += 1
                assert itself["changes"] == []
                assert all(one["intervals"] for one in intervals["items"])
            for stage in (await client.get("/v1/maturity-stages?limit=500")).json()["items"]:
                asked = {"academyId": academy[0]["id"], "since": "2026-09-07"}
                answer = await client.get(f"/v1/maturity-stages/{stage['id']}/expectations", params=asked)

                stages += 1
                assert valid(answer, Expectations)["stage"]["code"] == stage["code"]
    assert (frameworks, stages) >= (3, 12)


async def test_the_next_edition_of_every_packs_framework_differs_in_its_days_alone(packed: Installation) -> None:
    for trust in PACKED:
        async with packed.client(await packed.key(trust)) as client:
            for framework in (await client.get("/v1/frameworks?limit=500")).json()["items"]:
                made = await client.post(f"/v1/frameworks/{framework['id']}/editions", json={})
                address = f"/v1/frameworks/{made.json()['id']}/comparison?with={framework['id']}"
                answer = valid(await client.get(address), Comparison)

                fields = [(one["noun"], each["field"]) for one in answer["changes"] for each in one["fields"]]
                dated = [name for name in ("validFrom", "validTo") if framework[name] is not None]
                assert fields == [("framework", name) for name in dated]
                assert len(answer["changes"]) == min(1, len(dated))
