"""Whoever may not see a record over REST does not see it over GraphQL: by any field, any id, any way that leads to it."""

import hashlib
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from graphql import OperationDefinitionNode, parse

from app.db import graph
from app.db.database import Database
from app.db.embedded import EmbeddedPostgres
from app.db.noun import Noun, Scope
from app.domain import ids
from app.domain.actor import Actor
from app.domain.permissions import to_follow, to_read
from app.domain.roles import Permission, Role
from app.graphql.execute import answer
from app.graphql.meanings import BY_TITLE, Below, Pointing, meanings
from app.graphql.nouns import plural, single
from app.graphql.plan import Asked, Plan, forbidden
from app.graphql.prepared import Prepared
from app.graphql.running import core
from app.graphql.schema import schema
from app.operations.registry import ANSWERS
from app.queries.nouns import NOUNS
from app.queries.trusts import TRUSTS
from tests.api.samples import create_by_other_ways, create_each
from tests.conftest import Installation, _installed
from tests.doors.test_isolation import MARKS, PRINCIPALS, found_trust
from tests.graphql.twins import asked, own_fields

Told = dict[str, Any]
Visible = Mapping[str, frozenset[str]]
ALL: Final = "(first: 500, includeWithdrawn: true)"
HIDDEN_MARK: Final = "qsouthq"
# Each of the principals, and whether only one academy is in sight. What is read depends on nothing else.
SWEEPING: Final = (
    ("administrator", False), ("administrator", True), ("partner", False), ("head", True), ("leader", True), ("reader", True),
)  # fmt: skip


# Where the compiler forgets who asks, the database itself still keeps these to the own academies.
KEPT_BY_POLICY: Final = {
    "AssuranceRating", "AssuranceReview", "CategorySuggestion", "HeadReport", "HeadReportSection", "Observation", "ReviewEvidence",
}  # fmt: skip


@dataclass
class Ground:
    """Alder has two academies with records each; beech is another trust. What each of some sights is shown over REST."""

    installation: Installation
    north: dict[str, str] = field(default_factory=dict)
    south: dict[str, str] = field(default_factory=dict)
    beech: dict[str, str] = field(default_factory=dict)
    visible: dict[tuple[frozenset[Role], bool], Visible] = field(default_factory=dict)

    @property
    def records(self) -> tuple[dict[str, str], ...]:
        return self.north, self.south, self.beech

    def actor(self, *roles: Role, narrow: bool) -> Actor:
        academies = frozenset({UUID(self.north["academies"])}) if narrow else None
        return Actor(ids.trust_id("alder"), "test", frozenset(roles), academies=academies, channel="graphql")

    async def client(self, *roles: Role, narrow: bool) -> httpx.AsyncClient:
        more = {"academy_ids": [self.north["academies"]]} if narrow else {}
        return self.installation.client(await self.installation.key("alder", *roles, **more))


@pytest_asyncio.fixture(scope="module")
async def ground(server: EmbeddedPostgres, empty_template: str) -> AsyncIterator[Ground]:
    async for installation in _installed(server, empty_template):
        made = Ground(installation)
        for trust in ("alder", "beech"):
            await found_trust(installation, trust)
        for trust, mark, records in (
            ("alder", "qnorthq", made.north),
            ("alder", HIDDEN_MARK, made.south),
            ("beech", MARKS["beech"], made.beech),
        ):
            async with installation.client(await installation.key(trust)) as client:
                records.update(await create_each(client, mark))
                records.update(await create_by_other_ways(client, mark, records))
                await client.post("/graphql/documents", json=manifest_of(mark))
                address = f"target-versions?targetId={records['targets']}"
                records["target-versions"] = (await client.get(f"/v1/{address}")).json()["items"][0]["id"]
                for name in ("api-keys", "trusted-documents"):
                    records[name] = (await client.get(f"/v1/{name}?limit=1")).json()["items"][0]["id"]
        sights = [(PRINCIPALS[name], narrow) for name, narrow in SWEEPING]
        clients = [(roles, narrow, await made.client(*roles, narrow=narrow)) for roles, narrow in sights]
        for roles, narrow, client in clients:
            async with client:
                made.visible[frozenset(roles), narrow] = {name: await shown(client, name) for name in NOUNS}
        yield made


def manifest_of(mark: str) -> dict[str, str]:
    text = f"query {mark} {{ trust {{ id }} }}"
    return {hashlib.sha256(text.encode()).hexdigest(): text}


async def shown(client: httpx.AsyncClient, name: str) -> frozenset[str]:
    """The ids of all there is to see; none of what may not be read at all."""
    answer = await client.get(f"/v1/{name}?limit=500&includeWithdrawn=true")
    return frozenset(item["id"] for item in answer.json().get("items", []))


@lru_cache(maxsize=64)
def planned(text: str) -> Plan:
    """A plan of a document that no limit holds back."""
    document = parse(text, no_location=True)
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    prepared = Prepared(core(schema()), document, {"": operation}, {})
    return prepared.plan(operation, prepared.values(operation, {}))


async def told(database: Database, actor: Actor, plan: Plan) -> Told:
    assert forbidden(plan, actor) is None
    async with database.reader(actor, noting="test") as reader:
        answered = await answer(plan, Asked(actor, database.clock(), {}), reader)
    assert answered.errors == []
    data: Told = json.loads(answered.data or b"null")
    return data


def readable(actor: Actor) -> list[Noun]:
    return [noun for noun in NOUNS.values() if actor.may(to_read(noun.entity))]


def everything(nouns: list[Noun], followed: list[Noun]) -> str:
    """Every list whole, and of each record every way that leads on from it."""
    lists = (
        f"{plural(noun)}{ALL} {{ totalCount nodes {{ {ways(noun, nouns, followed)} }} }}"
        for noun in nouns
        if noun is not TRUSTS
    )
    trust = f"trust {{ {ways(TRUSTS, nouns, followed)} }}" if TRUSTS in nouns else ""
    return f"{{ {trust} {' '.join(lists)} }}"


def ways(noun: Noun, nouns: list[Noun], followed: list[Noun]) -> str:
    kind: Any = core(schema()).type_map[noun.title]
    parts = [own_fields(kind), "id", *(["history(first: 500) { type academies subject }"] if noun in followed else [])]
    for name, meaning in meanings(noun).items():
        if isinstance(meaning, Pointing) and meaning.noun in nouns:
            parts.append(f"{name} {{ id }}")
        elif isinstance(meaning, Below) and meaning.noun in nouns:
            parts.append(f"{name}{ALL} {{ totalCount nodes {{ id }} }}")
    return " ".join(parts)


def by_id(ground: Ground, nouns: list[Noun]) -> str:
    """Every record of each of the three, by its own field, by `node` and by `nodes`."""
    parts, every = [], []
    for index, records in enumerate(ground.records):
        for noun in nouns:
            record_id = ground_id(records, noun)
            if record_id is None:
                continue
            name, named = noun.plural.replace("-", "_"), f"{noun.title}:{record_id}"
            parts.append(f'a{index}_{name}: {single(noun)}(id: "{record_id}") {{ id {text_of(noun)} }}')
            parts.append(f'b{index}_{name}: node(id: "{named}") {{ id ... on {noun.title} {{ {text_of(noun)} }} }}')
            every.append(f'"{named}"')
    return f"{{ {' '.join(parts)} every: nodes(ids: [{', '.join(every)}]) {{ __typename id }} }}"


def ground_id(records: Mapping[str, str], noun: Noun) -> str | None:
    return None if noun is TRUSTS else records[noun.plural]


def text_of(noun: Noun) -> str:
    kind: Any = core(schema()).type_map[noun.title]
    return " ".join(
        one
        for one in ("code", "label", "title", "name", "note", "createdAt")
        if one in kind.fields and not kind.fields[one].args
    )


def narrowed(ground: Ground, nouns: list[Noun]) -> tuple[str, dict[str, str]]:
    """Every list by each filter that takes an id, for each of the three records; and whose record each asks about."""
    parts, about = [], {}
    owners = {noun.name: noun for noun in NOUNS.values()}
    for index, noun in product(range(3), nouns):
        for name in noun.filters:
            owner = owners.get(name.removesuffix("Id"))
            if noun is TRUSTS or not name.endswith("Id") or owner in (None, TRUSTS):
                continue
            assert owner is not None
            key = f"c{index}_{plural(noun)}_{name}"
            record_id = ground.records[index][owner.plural]
            about[key] = f"{owner.title}:{record_id}"
            parts.append(
                f'{key}: {plural(noun)}(first: 500, includeWithdrawn: true, filter: {{ {name}: "{record_id}" }}) '
                "{ totalCount nodes { id } }"
            )
    return f"{{ {' '.join(parts)} }}", about


@dataclass
class Sweep:
    """What one actor was shown, held against what REST shows to somebody of the same sight."""

    visible: Visible
    asked: int = 0
    found: list[str] = field(default_factory=list)

    def may_see(self, named: str) -> bool:
        title, _, record_id = named.partition(":")
        return record_id in self.visible[BY_TITLE[title].plural]

    def expect(self, what: str, held: bool) -> None:  # noqa: FBT001  a sentence and whether it is so
        self.asked += 1
        if not held:
            self.found.append(what)

    def records(self, where: str, value: Any) -> None:
        """Every record there is in an answer may be seen."""
        for named in named_in(value):
            self.expect(f"{where} shows {named}", self.may_see(named))

    def lists(self, told: Told) -> None:
        for noun in NOUNS.values():
            page = told.get(plural(noun))
            if page is None or noun is TRUSTS:
                continue
            rows = {row["id"].partition(":")[2]: row for row in page["nodes"]}
            self.expect(f"{plural(noun)} is not REST's list", set(rows) == self.visible[noun.plural])
            self.expect(f"{plural(noun)} counts {page['totalCount']}", page["totalCount"] == len(rows))
            for row in rows.values():
                self.ways(noun, row, told)

    def ways(self, noun: Noun, row: Told, told: Told) -> None:
        for name, meaning in meanings(noun).items():
            where = f"{noun.title}.{name}"
            if name not in row:
                continue
            if isinstance(meaning, Pointing):
                pointed = row.get(key_of(meaning.column))
                shown = f"{meaning.noun.title}:{pointed}"
                expected = {"id": shown} if pointed is not None and self.may_see(shown) else None
                self.expect(f"{where} of {row['id']} is {row[name]}, not {expected}", row[name] == expected)
            elif isinstance(meaning, Below):
                self.records(where, row[name])
                self.expect(f"{where} counts", row[name]["totalCount"] == len(row[name]["nodes"]))
                self._whole(where, meaning, row, row[name]["nodes"], told)

    def _whole(self, where: str, below: Below, row: Told, shown: list[Told], told: Told) -> None:
        """Of those that point here, nobody in sight is left out."""
        if not below.column or below.condition != f"{{t}}.{below.column} = {{above}}.id":
            return
        every = told[plural(below.noun)]["nodes"]
        expected = {one["id"] for one in every if one.get(key_of(below.column)) == row["uuid"]}
        self.expect(f"{where} of {row['id']} lacks some", expected == {one["id"] for one in shown})

    def filters(self, told: Told, about: Mapping[str, str]) -> None:
        for key, page in told.items():
            self.records(key, page)
            if not self.may_see(about[key]):
                self.expect(f"{key} finds something by {about[key]}", page == {"totalCount": 0, "nodes": []})


def key_of(column: str) -> str:
    first, *rest = column.split("_")
    return first + "".join(part.capitalize() for part in rest)


def named_in(value: Any) -> Iterator[str]:
    """The global ids of the records in an answer."""
    if isinstance(value, list):
        for one in value:
            yield from named_in(one)
    elif isinstance(value, dict):
        if isinstance(value.get("id"), str) and ":" in value["id"]:
            yield value["id"]
        for one in value.values():
            yield from named_in(one)


async def sweep(ground: Ground, actor: Actor, *, by_filters: bool = True) -> Sweep:
    """All that this actor can ask, and what is wrong with the answers."""
    database, nouns = ground.installation.database, readable(actor)
    follows = actor.may(Permission.READ_EVENTS)
    followed = [noun for noun in nouns if follows and to_follow(noun.entity) <= actor.permissions]
    made = Sweep(ground.visible[actor.roles, actor.academies is not None])
    lists = await told(database, actor, planned(everything(nouns, followed)))
    made.lists(lists)
    if TRUSTS in nouns:
        made.ways(TRUSTS, lists["trust"], lists)
    singles = await told(database, actor, planned(by_id(ground, nouns)))
    for index, noun in product(range(3), nouns):
        record_id = ground_id(ground.records[index], noun)
        if record_id is None:
            continue
        named, name = f"{noun.title}:{record_id}", noun.plural.replace("-", "_")
        for way in "ab":
            one = singles[f"{way}{index}_{name}"]
            expected = named if made.may_see(named) else None
            made.expect(f"{way}{index} of {named} is {one}", (one and one["id"]) == expected)
    made.expect("nodes differ", [one and one["id"] for one in singles["every"]] == [
        singles[key] and singles[key]["id"] for key in singles if key.startswith("b")
    ])  # fmt: skip
    document, about = narrowed(ground, nouns) if by_filters else ("{ __typename }", {})
    filtered = await told(database, actor, planned(document))
    filtered.pop("__typename", None)
    made.filters(filtered, about)
    text = json.dumps([lists, singles, filtered])
    foreign = [MARKS["beech"], str(ids.trust_id("beech")), *ground.beech.values()]
    for canary in foreign:
        made.expect(f"{canary} of another trust is told", canary not in text)
    if actor.academies is not None:
        seen = {academy for event in events_in(lists) for academy in event["academies"]}
        made.expect(f"events of {seen} are told", seen <= {ground.north["academies"]})
        for name, record_id in ground.south.items():
            if name in NOUNS and NOUNS[name].scope is not Scope.TRUST:
                made.expect(f"{name} {record_id} out of sight is told", record_id not in text)
    return made


def events_in(value: Any) -> Iterator[Told]:
    if isinstance(value, list):
        for one in value:
            yield from events_in(one)
    elif isinstance(value, dict):
        yield from value.get("history", [])
        for one in value.values():
            yield from events_in(one)


async def test_nobody_sees_more_or_less_than_over_rest(ground: Ground) -> None:
    asked_in_all, found = 0, []
    for name, narrow in SWEEPING:
        # What a partner and a leader may read is what a head may, so they need not ask by every filter again.
        actor = ground.actor(*PRINCIPALS[name], narrow=narrow)
        made = await sweep(ground, actor, by_filters=name not in ("partner", "leader"))
        asked_in_all += made.asked
        found += [(name, narrow, what) for what in made.found]

    print(f"{asked_in_all} combinations of principal, field and record")  # noqa: T201  how much was tried
    assert found == []
    assert asked_in_all >= 10_000


async def test_the_sweep_reports_a_compiler_that_forgets_the_academies(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The teeth. Row security still keeps trusts apart; within the trust, records of the other academy are found."""
    monkeypatch.setattr(graph, "visible", lambda noun, alias: "true")  # noqa: ARG005  as it is called
    planned.cache_clear()
    try:
        made = await sweep(ground, ground.actor(Role.ACADEMY_HEAD, narrow=True))
    finally:
        planned.cache_clear()

    kinds = {
        noun.title
        for noun in NOUNS.values()
        if noun.scope is not Scope.TRUST
        and to_read(noun.entity) not in (Permission.MANAGE_KEYS, Permission.MANAGE_MEMBERS)
    }
    reported = " ".join(made.found)
    assert {kind for kind in kinds if f"{kind}:" not in reported} == KEPT_BY_POLICY
    assert not [what for what in made.found if "another trust" in what]


def test_a_kind_of_record_that_may_not_be_read_is_refused_on_every_way_to_it() -> None:
    tried = 0
    for roles, noun in product(PRINCIPALS.values(), NOUNS.values()):
        actor = Actor(ids.trust_id("alder"), "test", frozenset(roles))
        for way in ways_to(noun):
            refusal = forbidden(planned(way), actor)

            assert (refusal is not None) == (not actor.may(to_read(noun.entity))), (roles, way)
            assert refusal is None or refusal.extensions == {"code": "forbidden"}
            tried += 1
    print(f"{tried} ways to kinds of record")  # noqa: T201  how much was tried
    assert tried > 1_000


def ways_to(noun: Noun) -> Iterator[str]:
    """Every field that gives records of this kind, from records that everybody may read."""
    some = f"{noun.title}:019a8c20-0a11-7c3e-9d02-6b1f5a7c4e90"
    if noun is not TRUSTS:
        yield f'{{ {single(noun)}(id: "{some}") {{ id }} }}'
        yield f"{{ {plural(noun)} {{ totalCount }} }}"
        yield f"{{ {plural(noun)} {{ pageInfo {{ hasNextPage }} edges {{ cursor }} }} }}"
    yield f'{{ node(id: "{some}") {{ id }} }}'
    yield f'{{ nodes(ids: ["{some}"]) {{ __typename }} }}'
    for other in NOUNS.values():
        if to_read(other.entity) is not Permission.READ or other is TRUSTS:
            continue
        for name, meaning in meanings(other).items():
            if isinstance(meaning, Pointing) and meaning.noun is noun:
                yield f"{{ {plural(other)} {{ nodes {{ {name} {{ __typename }} }} }} }}"
            elif isinstance(meaning, Below) and meaning.noun is noun:
                yield f"{{ {plural(other)} {{ nodes {{ {name} {{ totalCount }} }} }} }}"


_OWNER: Final = {
    "with": "frameworks",
    "stageId": "maturity-stages",
    "termFrom": "terms",
    "termTo": "terms",
    "subject": "plans",
    "recordId": "plans",
}


def questions(ground: Ground) -> Iterator[tuple[str, str]]:
    """Every computed answer asked with an id of somebody else's, over REST and as a field; about a record of one's own."""
    for one in (each for each in ANSWERS if not each.own_route):
        names = [info.alias or key for key, info in one.asked.model_fields.items() if "UUID" in str(info.annotation)]
        for name, records in product(names, (ground.south, ground.beech)):
            plural_name = _OWNER.get(name) or f"{name.removesuffix('Id')}s".replace("academys", "academies")
            if records is ground.south and NOUNS[plural_name].scope is Scope.TRUST:
                continue
            given = (
                {"frameworkId": ground.north["published:frameworks"]}
                if one.of is None and "frameworkId" in names
                else {}
            )
            given[name] = records[plural_name]
            way = "&".join(f"{key}={value}" for key, value in given.items())
            said = ", ".join(f'{key}: "{value}"' for key, value in given.items())
            field = f"{one.called}({said}) {{ __typename }}"
            if one.of is None:
                yield f"/v1/{one.path}?{way}", f"{{ {field} }}"
            else:
                about = ground.north[one.of.plural]
                yield (
                    f"/v1/{one.of.plural}/{about}/{one.path}?{way}",
                    f'{{ {single(one.of)}(id: "{about}") {{ {field} }} }}',
                )


async def test_a_computed_answer_asked_with_what_is_out_of_sight_is_told_as_over_rest(ground: Ground) -> None:
    tried = 0
    async with await ground.client(Role.ADMINISTRATOR, narrow=True) as client:
        for address, document in questions(ground):
            rest = await client.get(address)
            one = (await client.post("/graphql", json={"query": document})).json()
            codes = [error["extensions"]["code"] for error in one.get("errors", [])]
            expected = [] if rest.status_code == 200 else [rest.json()["type"].removeprefix("/problems/")]

            assert codes == expected, (address, rest.text, one)
            tried += 1
    assert tried >= 20


async def test_over_http_it_is_refused_exactly_where_rest_refuses_it(ground: Ground) -> None:
    ordinary = {Permission.READ, Permission.READ_REFERENCE, Permission.READ_FEEDS}
    names = {noun for noun in NOUNS.values() if not to_follow(noun.entity) <= ordinary} | {NOUNS["plans"]}
    for roles in ((Role.READER,), (Role.SENIOR_LEADER,), (Role.TRUST_EXECUTIVE,)):
        async with await ground.client(*roles, narrow=False) as client:
            for noun in names:
                rest = await client.get(f"/v1/{noun.plural}?limit=1")
                one = await client.post(
                    "/graphql", json={"query": f"{{ {plural(noun)}(first: 1) {{ nodes {{ id }} }} }}"}
                )
                codes = [error["extensions"]["code"] for error in one.json().get("errors", [])]

                assert codes == (["forbidden"] if rest.status_code == 403 else []), (roles, noun.plural)
                assert ("data" in one.json()) == (rest.status_code == 200)


async def test_over_http_a_head_is_shown_what_rest_shows(ground: Ground) -> None:
    wanted = {"milestones", "academies", "plans", "readings", "assurance-reviews"}
    async with await ground.client(Role.ACADEMY_HEAD, narrow=True) as client:
        for noun in (NOUNS[name] for name in sorted(wanted)):
            one = f'one: {single(noun)}(id: "{ground.south[noun.plural]}") {{ id }}'
            two = f'two: node(id: "{noun.title}:{ground.south[noun.plural]}") {{ id }}'
            mine = f'mine: node(id: "{noun.title}:{ground.north[noun.plural]}") {{ id }}'
            data = await asked(client, f"{{ {one} {two} {mine} all: {plural(noun)}{ALL} {{ nodes {{ uuid }} }} }}")

            assert (data["one"], data["two"]) == (None, None)
            assert data["mine"] == {"id": f"{noun.title}:{ground.north[noun.plural]}"}
            assert {row["uuid"] for row in data["all"]["nodes"]} == ground.visible[
                frozenset({Role.ADMINISTRATOR}), True
            ][noun.plural]


def test_every_principal_of_rests_matrix_sweeps() -> None:
    assert {name for name, _ in SWEEPING} == set(PRINCIPALS)
