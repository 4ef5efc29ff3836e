"""No trust sees another: every address, every foreign record of every noun, every kind of principal."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import asyncpg
import httpx
import pytest

from app.db.database import Reader
from app.db.noun import Scope
from app.domain import ids
from app.domain.events import created
from app.domain.permissions import to_follow, to_read
from app.domain.roles import Permission, Role, allowed_to
from app.domain.trusts import Trust
from app.domain.vocabulary import TrustKind
from app.queries.nouns import NOUNS
from tests.api.samples import SAMPLES, create, create_by_other_ways, create_each, operations, trust_document
from tests.conftest import Installation, _installed

MERGE: Final = "application/merge-patch+json"
SMALL: Final = ("alder", "beech", "cedar")
TRUSTS: Final = ("kestrel", "larkfield", *SMALL)
PRINCIPALS: Final[dict[str, tuple[Role, ...]]] = {
    "administrator": (Role.ADMINISTRATOR,),
    "partner": (Role.IMPROVEMENT_PARTNER,),
    "head": (Role.ACADEMY_HEAD,),
    "leader": (Role.SENIOR_LEADER,),
    "reader": (Role.READER,),
}
# A word that stands in every text of a trust's records and nowhere else.
MARKS: Final = {
    "kestrel": "Kestrel",
    "larkfield": "Larkfield",
    "alder": "qalderq",
    "beech": "qbeechq",
    "cedar": "qcedarq",
}
_FREE: Final = {
    "/", "/docs", "/redoc", "/openapi.json", "/healthz", "/readyz", "/problems", "/problems/{name}",
    "/sign-in", "/sign-in/callback", "/sign-out", "/me",
}  # fmt: skip

_OF_NO_RECORD: Final = ("/docs", "/static", "/v1/calculations/")


@dataclass
class Belongings:
    """What a trust has: keys of each principal, and the id of one record of each noun."""

    keys: dict[str, str] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)

    def canaries(self, trust: str) -> tuple[str, ...]:
        return (MARKS[trust], str(ids.trust_id(trust)), *self.records.values())


Estate = tuple[Installation, dict[str, Belongings]]


async def found_trust(installation: Installation, code: str) -> None:
    async with installation.database.begin(installation.actor(code)) as work:
        trust = Trust.named(
            ids.trust_id(code), code=code, name=f"{MARKS[code]} Trust", kind=TrustKind.MULTI_ACADEMY_TRUST
        )
        work.add(trust)
        work.record(created(trust))


@pytest.fixture(scope="module")
async def estate(server: Any, packed_template: str) -> AsyncIterator[Estate]:
    """Five trusts, each with a record of every noun and a key of every principal."""
    async for installation in _installed(server, packed_template):
        every = {}
        for trust in TRUSTS:
            if trust in SMALL:
                await found_trust(installation, trust)
            mine = every[trust] = Belongings()
            for name, roles in PRINCIPALS.items():
                mine.keys[name] = await installation.key(trust, *roles)
            async with installation.database.begin(installation.actor(trust)) as work:
                await trust_document(work, MARKS[trust])
            async with installation.client(mine.keys["administrator"]) as client:
                mine.records |= await create_each(client, MARKS[trust])
                mine.records |= await create_by_other_ways(client, MARKS[trust], mine.records)
                for plural in ("trusts", "api-keys", "trusted-documents", "target-versions"):
                    mine.records[plural] = (await client.get(f"/v1/{plural}?limit=1")).json()["items"][0]["id"]
        yield installation, every


@dataclass(frozen=True)
class Question:
    """One request about a record, and what must be said of it to somebody of another trust."""

    name: str
    method: str
    address: str
    body: dict[str, Any] | None = None

    async def ask(self, client: httpx.AsyncClient) -> httpx.Response:
        headers = {"If-Match": '"v1"', "Idempotency-Key": str(uuid4())} if self.method != "GET" else {}
        if self.method == "PATCH":
            headers["Content-Type"] = MERGE
        return await client.request(self.method, self.address, json=self.body, headers=headers)


_ANY: Final = "019a8c20-0a11-7c3e-9d02-6b1f5a7c4e90"
_SAID: Final[dict[str, dict[str, Any]]] = {
    "withdrawal": {"reason": "x"},
    "transitions": {"to": "in_progress"},
    "ratings": {"confidence": "at_risk", "rationale": "x"},
    "assurance-reviews/ratings": {"lineId": _ANY, "levelId": _ANY},
    "opening": {},
    "submission": {},
    "return": {"reason": "x"},
    "moderation": {},
    "sign-off": {},
    "supersession": {"reason": "x"},
    "due-dates": {"due": "July 2030", "because": "other"},
    "revisions": {"caveat": "x", "reason": "x"},
    "resolution": {"resolution": "x"},
    "revocation": {},
    "publication": {},
    "ending": {"on": "2030-08-31"},
    "editions": {},
    "categorisation": {},
    "redefinition": {"unit": "x", "reason": "x"},
    "activation": {},
    "closing": {"reason": "x"},
    "confirmation": {"roles": ["reader"]},
    "assignment": {"roles": ["reader"]},
    "memberships/ending": {},
    "memberships/sign-out": {},
}
_ASKED: Final = {
    "gap": "metric=x&other=england",
    "indicators/evaluation": "value=60",
    "comparison": "with={frameworks}",
    "expectations": "academyId={academies}",
    "series": "metric={metric}",
}


def _said(plural: str, doing: str) -> dict[str, Any]:
    """What is said where something is done to a record; where two nouns have it, by the noun."""
    own = f"{plural}/{doing}"
    return _SAID[own if own in _SAID else doing]


def about(installation: Installation, records: dict[str, str]) -> Iterator[Question]:
    """Every operation that names one record, asked about this one of its noun."""
    for method, path, name in operations(installation.app):
        parts = path.split("/")
        if len(parts) > 3 and parts[3].startswith("{"):
            body = {} if method == "PATCH" else _said(parts[2], parts[4]) if method == "POST" else None
            address = "/".join([*parts[:3], records[parts[2]], *parts[4:]])
            if asked := _ASKED.get(f"{parts[2]}/{parts[-1]}") or _ASKED.get(parts[-1]):
                address += "?" + asked.format(**records)
            yield Question(name, method, address, body)


def narrowed(records: dict[str, str]) -> Iterator[Question]:
    """Every list, narrowed to what is somebody else's."""
    owners = {noun.name: plural for plural, noun in NOUNS.items()}
    for plural, noun in NOUNS.items():
        for name in noun.filters:
            owner = owners.get(name.removesuffix("Id"))
            if name.endswith("Id") and owner:
                yield Question(f"list {plural} by {name}", "GET", f"/v1/{plural}?{name}={records[owner]}")
    for name, plural in (("subject", "milestones"), ("planId", "plans"), ("academyId", "academies")):
        yield Question(f"events by {name}", "GET", f"/v1/events?{name}={records[plural]}")


def referring(records: dict[str, str]) -> Iterator[Question]:
    """Every creation that refers to something, referring to what is somebody else's."""
    for plural, sample in SAMPLES.items():
        body = sample(records, "probe")
        if any(value in records.values() for value in body.values() if isinstance(value, str)):
            yield Question(f"create {plural}", "POST", f"/v1/{plural}", body)


def leaks(answer: httpx.Response, canaries: tuple[str, ...], asked: str) -> list[str]:
    """The canaries in an answer, but for what the question itself said."""
    told = answer.text + str(answer.headers)
    return [canary for canary in canaries if canary in told and canary not in asked]


def test_every_operation_is_covered_by_the_matrix(shared: Installation) -> None:
    """A new operation that the sweep below does not know of fails here."""
    known = {question.name for question in about(shared, dict.fromkeys([*NOUNS, "metric"], "x"))}
    lists = {name for method, path, name in operations(shared.app) if method == "GET" and path.count("/") == 2}
    creations = {name for method, path, name in operations(shared.app) if method == "POST" and path.count("/") == 2}
    free = {name for _, path, name in operations(shared.app) if path in _FREE or path.startswith(_OF_NO_RECORD)}

    uncovered = {name for _, _, name in operations(shared.app)} - known - lists - creations - free

    assert uncovered == set()
    assert len(known) > 100


async def test_a_foreign_record_is_told_like_one_that_is_not_there(estate: Estate) -> None:
    """By the strongest, of each trust about the next. What the other roles are told: tests/access, and the bar I1."""
    installation, every = estate
    asked, found = 0, []
    for mine, theirs in zip(TRUSTS, (*TRUSTS[1:], TRUSTS[0]), strict=True):
        canaries = every[theirs].canaries(theirs)
        absent = {q.name: q for q in about(installation, {plural: str(uuid4()) for plural in every[theirs].records})}
        async with installation.client(every[mine].keys["administrator"]) as client:
            for question in about(installation, every[theirs].records):
                other = absent[question.name]
                there, not_there = await question.ask(client), await other.ask(client)
                asked += 1
                if there.status_code != 404 or leaks(there, canaries, question.address):
                    found.append((mine, theirs, question.name, there.status_code, there.text[:200]))
                if shape(there, question) != shape(not_there, other):
                    found.append((mine, theirs, question.name, there.status_code, "differs"))

    assert found == []
    assert asked >= 1_500


def shape(answer: httpx.Response, question: Question) -> tuple[int, str]:
    """An answer without what differs in every answer: the id asked for and the trace."""
    body = answer.json()
    body.pop("traceId", None)
    return answer.status_code, str(body).replace(question.address.split("/")[3], "*")


async def told_of(client: httpx.AsyncClient) -> dict[str, httpx.Response]:
    """Everything a trust is shown without asking for any record: each of its lists, and its events."""
    told = {plural: await client.get(f"/v1/{plural}?limit=500&includeWithdrawn=true") for plural in NOUNS}
    return told | {"events": await client.get("/v1/events?limit=1000")}


async def test_lists_events_and_references_tell_nothing_of_another_trust(estate: Estate) -> None:
    """Each list beside every other trust; each filter and each reference beside the next."""
    installation, every = estate
    found = []
    for mine in TRUSTS:
        async with installation.client(every[mine].keys["administrator"]) as client:
            told = await told_of(client)
            head = (await client.get("/v1/plans?limit=1")).headers["ETag"]
            for theirs in TRUSTS:
                if mine == theirs:
                    continue
                canaries = every[theirs].canaries(theirs)
                found += [
                    (mine, theirs, name, answer.status_code)
                    for name, answer in told.items()
                    if answer.status_code != 200 or leaks(answer, canaries, "")
                ]
                if (TRUSTS.index(theirs) - TRUSTS.index(mine)) % len(TRUSTS) != 1:
                    continue
                for question in narrowed(every[theirs].records):
                    answer = await question.ask(client)
                    if answer.status_code != 200 or answer.json()["items"] or leaks(answer, canaries, question.address):
                        found.append((mine, theirs, question.name, answer.status_code))
                for question in referring(every[theirs].records):
                    answer = await question.ask(client)
                    asked = str(question.body) + question.address
                    if answer.status_code not in (404, 422) or leaks(answer, canaries, asked):
                        found.append((mine, theirs, question.name, answer.status_code))
            assert (await client.get("/v1/plans?limit=1")).headers["ETag"] == head, "nothing was written"

    assert found == []


async def test_ones_own_records_are_still_there(estate: Estate) -> None:
    installation, every = estate
    for trust in TRUSTS:
        async with installation.client(every[trust].keys["administrator"]) as client:
            for question in about(installation, every[trust].records):
                if question.method == "GET":
                    answer = await question.ask(client)
                    assert answer.status_code == 200, (trust, question.name)


async def test_the_trusts_lists_together_are_all_there_is(estate: Estate) -> None:
    """Counts, not only ids: what the five are shown adds up to what the tables hold."""
    installation, every = estate
    connection = await asyncpg.connect(installation.dsn("postgres"), server_settings={"search_path": "app"})
    told, held = {}, {}
    for plural, noun in NOUNS.items():
        sql = f"select count(*) from {noun.table} where trust_id = any($1)"
        held[plural] = await connection.fetchval(sql, [ids.trust_id(trust) for trust in TRUSTS])
        told[plural] = 0
        for trust in TRUSTS:
            async with installation.client(every[trust].keys["administrator"]) as client:
                answer = await client.get(
                    f"/v1/{plural}?limit=1&includeWithdrawn=true", headers={"Prefer": "count=exact"}
                )
                told[plural] += answer.json()["totalCount"]
    await connection.close()

    assert told == held


async def test_the_sweep_reports_a_database_and_a_compiler_that_leak(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The teeth. Isolation has two layers, and the sweep must see through when both are gone, and only then.

    Row security alone is taken away from one table: the compiled statements still name the trust, so nothing is seen.
    The statements alone are asked for the wrong trust: row security still holds, so nothing is seen. With both
    defects planted at once, the record of another trust is found and its canary told.
    """
    installation, every = estate
    theirs = every["beech"]
    address = f"/v1/milestones/{theirs.records['milestones']}"
    canaries = theirs.canaries("beech")
    connection = await asyncpg.connect(installation.dsn("postgres"), server_settings={"search_path": "app"})
    row = Reader.row

    async def of_the_wrong_trust(self: Reader, sql: str, *arguments: Any) -> Any:
        forged = (ids.trust_id("beech"), *arguments[1:]) if "from milestone t0" in sql else arguments
        return await row(self, sql, *forged)

    async def sweep() -> tuple[int, bool]:
        async with installation.client(every["alder"].keys["administrator"]) as client:
            answer = await client.get(address)
        return answer.status_code, bool(leaks(answer, canaries, address))

    @asynccontextmanager
    async def without_row_security() -> AsyncIterator[None]:
        await connection.execute("alter table milestone disable row level security, no force row level security")
        try:
            yield
        finally:
            await connection.execute("alter table milestone enable row level security, force row level security")

    whole = await sweep()
    async with without_row_security():
        without_policy = await sweep()
    with monkeypatch.context() as planted:
        planted.setattr(Reader, "row", of_the_wrong_trust)
        without_predicate = await sweep()
        async with without_row_security():
            without_both = await sweep()
    healed = await sweep()
    await connection.close()

    assert (whole, without_policy, without_predicate, healed) == ((404, False),) * 4
    assert without_both == (200, True)


@dataclass
class Town:
    """A trust with two academies, a plan for each and one for all, and a head who has the first academy."""

    installation: Installation
    head: httpx.AsyncClient
    owner: httpx.AsyncClient
    north: dict[str, str]
    south: dict[str, str]
    whole: dict[str, str]


@asynccontextmanager
async def _town(packed: Installation) -> AsyncIterator[Town]:
    async with packed.client(await packed.key("kestrel")) as owner:
        north, south = [await create_each(owner, mark) for mark in ("qnorthq", "qsouthq")]
        plan = await create(owner, "plans", SAMPLES["plans"]({}, "qwholeq"))
        whole = {**north, "plans": plan["id"]}
        for plural in ("areas", "objectives"):
            whole[plural] = (await create(owner, plural, {
                name: value for name, value in SAMPLES[plural](whole, "qwholeq").items() if name != "findingId"
            }))["id"]  # fmt: skip
        key = await packed.key("kestrel", Role.ACADEMY_HEAD, academy_ids=[north["academies"]])
        async with packed.client(key) as head:
            yield Town(packed, head, owner, north, south, whole)


@pytest.fixture(scope="module")
async def seen(server: Any, packed_template: str) -> AsyncIterator[Town]:
    """A town for the tests that only read."""
    async for installation in _installed(server, packed_template):
        async with _town(installation) as made:
            yield made


@pytest.fixture
async def town(packed: Installation) -> AsyncIterator[Town]:
    async with _town(packed) as made:
        yield made


_OF_TRUST: Final = {plural for plural, noun in NOUNS.items() if noun.scope is Scope.TRUST}
_OF_ACADEMY: Final = [plural for plural in SAMPLES if plural not in _OF_TRUST]
_READ: Final = [plural for plural in SAMPLES if to_read(NOUNS[plural].entity) in allowed_to([Role.ACADEMY_HEAD])]


async def test_a_head_sees_the_own_academy_and_what_is_for_all(seen: Town) -> None:
    for plural in _READ:
        mine = await seen.head.get(f"/v1/{plural}/{seen.north[plural]}")
        other = await seen.head.get(f"/v1/{plural}/{seen.south[plural]}")
        listed = await seen.head.get(f"/v1/{plural}?limit=500")
        shown = {item["id"] for item in listed.json()["items"]}

        assert mine.status_code == 200, plural
        assert seen.north[plural] in shown
        hidden = plural in _OF_ACADEMY
        assert other.status_code == (404 if hidden else 200), plural
        assert (seen.south[plural] in shown) != hidden, plural
        if hidden:
            assert "qsouthq" not in listed.text
    plan = await seen.head.get(f"/v1/plans/{seen.whole['plans']}/page")
    assert (plan.status_code, len(plan.json()["areas"])) == (200, 1)


async def test_a_heads_pages_and_history_hold_nothing_of_another_academy(seen: Town) -> None:
    other = [seen.south[plural] for plural in _OF_ACADEMY]
    for plural, noun in NOUNS.items():
        if plural not in _READ:
            continue
        for tail in ("/page", "/history") if noun.children() else ("/history",):
            mine = await seen.head.get(f"/v1/{plural}/{seen.north[plural]}{tail}")
            hidden = await seen.head.get(f"/v1/{plural}/{seen.south[plural]}{tail}")

            if tail == "/history" and not to_follow(noun.entity) <= allowed_to([Role.ACADEMY_HEAD]):
                assert (mine.status_code, hidden.status_code) == (403, 403), plural
                continue
            assert mine.status_code == 200
            assert not [record for record in other if record in mine.text]
            assert hidden.status_code == (404 if plural in _OF_ACADEMY else 200), (plural, tail)
    assert (await seen.head.get(f"/v1/plans/{seen.south['plans']}/summary")).status_code == 404


async def test_a_heads_events_are_those_of_the_own_academy_and_of_all(seen: Town) -> None:
    events, after = [], 0
    while True:
        page = (await seen.head.get(f"/v1/events?limit=1000&after={after}")).json()
        events += page["items"]
        after = page["nextAfter"]
        if not page["more"]:
            break

    own = seen.north["academies"]
    assert events
    assert {academy for event in events for academy in event["academies"]} == {own}
    subjects = {event["subject"] for event in events}
    assert seen.north["milestones"] in subjects
    assert seen.whole["areas"] in subjects
    assert not subjects & {seen.south[plural] for plural in _OF_ACADEMY if plural not in ("plans", "plan-academies")}


async def test_a_head_writes_only_what_the_own_academy_covers(town: Town) -> None:
    def body(plural: str, made: dict[str, str]) -> dict[str, Any]:
        return SAMPLES[plural](made, "qnewq") | ({"no": 9} if plural == "areas" else {})

    own = await town.head.post("/v1/areas", json=body("areas", town.north))
    of_all = await town.head.post("/v1/areas", json=body("areas", town.whole))
    of_other = await town.head.post("/v1/areas", json=body("areas", town.south))
    for_all = await town.head.post("/v1/plans", json=body("plans", town.north))
    for_own = await town.head.post(
        "/v1/plans", json={**body("plans", town.north), "academyIds": [town.north["academies"]]}
    )
    for_other = await town.head.post(
        "/v1/plans", json={**body("plans", town.north), "code": "y", "academyIds": [town.south["academies"]]}
    )
    change = {"Content-Type": MERGE, "If-Match": '"v1"'}
    changed_all = await town.head.patch(f"/v1/plans/{town.whole['plans']}", json={"title": "x"}, headers=change)
    changed_other = await town.head.patch(f"/v1/plans/{town.south['plans']}", json={"title": "x"}, headers=change)

    assert own.status_code == 201, own.text
    assert for_own.status_code == 201, for_own.text
    assert (of_all.status_code, for_all.status_code, changed_all.status_code) == (403, 403, 403)
    assert (of_other.status_code, for_other.status_code, changed_other.status_code) == (404, 404, 404)
    assert (await town.owner.get(f"/v1/plans/{town.whole['plans']}")).json()["version"] == 1


async def test_a_head_cannot_draw_another_plan_into_sight(town: Town) -> None:
    for made in (town.south, town.whole):
        link = {"planId": made["plans"], "academyId": town.north["academies"]}

        answer = await town.head.post("/v1/plan-academies", json=link)

        assert answer.status_code in (403, 404), answer.text
    assert (await town.head.get(f"/v1/plans/{town.south['plans']}")).status_code == 404


async def test_a_head_cannot_let_go_of_the_own_academy_to_have_a_plan_for_all(town: Town) -> None:
    address = f"/v1/plan-academies/{town.north['plan-academies']}/withdrawal"

    answer = await town.head.post(address, json={"reason": "x"}, headers={"If-Match": '"v1"'})

    assert answer.status_code in (403, 409), answer.text


async def test_nobody_makes_a_key_that_can_do_more_than_their_own(town: Town) -> None:
    narrow = {"academy_ids": [town.north["academies"]], "scopes": [Permission.MANAGE_KEYS, Permission.READ]}
    key = await town.installation.key("kestrel", Role.ADMINISTRATOR, **narrow)
    async with town.installation.client(key) as limited:
        all_academies = await limited.post("/v1/api-keys", json={"label": "x", "roles": ["reader"], "scopes": ["read"]})
        all_scopes = await limited.post(
            "/v1/api-keys", json={"label": "x", "roles": ["administrator"], "academyIds": [town.north["academies"]]}
        )
        other_academy = await limited.post(
            "/v1/api-keys",
            json={"label": "x", "roles": ["reader"], "scopes": ["read"], "academyIds": [town.south["academies"]]},
        )
        equal = await limited.post(
            "/v1/api-keys",
            json={"label": "x", "roles": ["reader"], "scopes": ["read"], "academyIds": [town.north["academies"]]},
        )

    assert equal.status_code == 201, equal.text
    assert other_academy.status_code in (403, 404)
    assert (all_academies.status_code, all_scopes.status_code) == (403, 403)
