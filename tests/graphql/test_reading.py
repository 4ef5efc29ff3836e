"""How a query is answered: what is refused before it runs, what is filled in, and how it was in the past."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from graphql import GraphQLEnumType, GraphQLError, get_named_type

from app.db.database import Database
from app.db.embedded import EmbeddedPostgres
from app.domain.roles import Permission, Role
from app.graphql import execute
from app.graphql.binding import ANSWER_COST
from app.graphql.ids import global_id, record_id
from app.graphql.nouns import arguments_of, single
from app.graphql.plan import Plan
from app.graphql.running import core
from app.graphql.schema import schema
from app.operations.operation import Answer
from app.operations.registry import ANSWERS
from app.queries.nouns import NOUNS
from app.queries.reading import Reads
from tests.api.samples import create_by_other_ways, create_each
from tests.conftest import Installation, _installed
from tests.graphql.twins import asked, found_trust

ID: Final = "019a8c20-0a11-7c3e-9d02-6b1f5a7c4e90"


@dataclass
class Ground:
    installation: Installation
    client: httpx.AsyncClient
    made: dict[str, str]

    async def codes(self, document: str, **variables: Any) -> tuple[list[str], bool]:
        """The codes of what went wrong, and whether there are data."""
        return await codes_of(self.client, document, **variables)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ground(server: EmbeddedPostgres, empty_template: str) -> AsyncIterator[Ground]:
    """A trust with a record of every kind."""
    async for installation in _installed(server, empty_template):
        await found_trust(installation, "alder")
        async with installation.client(await installation.key("alder")) as client:
            made = await create_each(client, "oa")
            yield Ground(installation, client, made | await create_by_other_ways(client, "oa", made))


async def codes_of(client: httpx.AsyncClient, document: str, **variables: Any) -> tuple[list[str], bool]:
    told = (await client.post("/graphql", json={"query": document, "variables": variables})).json()
    return [error["extensions"]["code"] for error in told.get("errors", [])], told.get("data") is not None


async def test_records_of_several_kinds_are_each_filled_as_they_were_selected(ground: Ground) -> None:
    plan, academy = f"Plan:{ground.made['plans']}", f"Academy:{ground.made['academies']}"
    document = (
        "query Q($ids: [ID!]!) { nodes(ids: $ids) { ...on Plan { x: summary { code } checks { __typename } } "
        "...on Academy { x: category { on } name } } }"
    )

    told = await asked(ground.client, document, ids=[plan, academy, plan.upper().replace("PLAN", "Plan")])

    [one, other, again] = told["nodes"]
    assert one == again == {"x": {"code": "oa"}, "checks": {"__typename": "PlanChecks"}}
    assert (list(other), other["name"], list(other["x"])) == (["x", "name"], "oa Academy", ["on"])


async def test_nodes_takes_global_ids_and_a_page_of_them_at_most(ground: Ground) -> None:
    document = "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    named = f"Plan:{ground.made['plans']}"

    assert len((await asked(ground.client, document, ids=[named] * 500))["nodes"]) == 500
    assert await ground.codes(document, ids=[named] * 501) == (["too-costly"], False)
    assert await ground.codes(document, ids=[ground.made["plans"]]) == (["invalid"], False)


@pytest.mark.parametrize("text", [ID, ID.upper(), ID.replace("-", ""), f"Plan:{ID}"])
def test_an_id_is_read_however_it_is_spelt(text: str) -> None:
    assert record_id(text) == record_id(text, "Plan") == UUID(ID)


@pytest.mark.parametrize(
    "text",
    ["", "Plan:", f"Plans:{ID}", f"urn:uuid:{ID}", f"{{{ID}}}", f"{ID}\n", ID[:-1] + "٣", f"Plan:Plan:{ID}", f":{ID}"],
)
def test_what_is_no_id_is_refused(text: str) -> None:
    for read in (record_id, global_id):
        with pytest.raises(GraphQLError, match=r"id of a record|of what kind"):
            read(text)


async def test_the_id_of_another_kind_is_refused_in_a_filter_too(ground: Ground) -> None:
    document = "query Q($id: ID!) { milestones(filter: {planId: $id}) { totalCount } }"

    assert await ground.codes(document, id=f"Academy:{ground.made['academies']}") == (["invalid"], False)
    assert (await asked(ground.client, document, id=f"Plan:{ground.made['plans']}"))["milestones"]["totalCount"] > 0


async def test_history_ends_at_the_instant_that_is_asked_about(ground: Ground) -> None:
    document = "query Q($id: ID!, $then: DateTime) { body(id: $id, asOf: $then) { label history { type } } }"
    made = (
        await ground.client.post("/v1/bodies", json={"code": "then", "label": "Then", "kind": "governing_body"})
    ).json()
    then = ground.installation.database.clock().astimezone(UTC).isoformat()
    headers = {"If-Match": '"v1"', "Content-Type": "application/merge-patch+json"}
    await ground.client.patch(f"/v1/bodies/{made['id']}", content=b'{"label": "Now"}', headers=headers)

    now = (await asked(ground.client, document, id=made["id"]))["body"]
    past = (await asked(ground.client, document, id=made["id"], then=then))["body"]

    assert now == {"label": "Now", "history": [{"type": "body.created"}, {"type": "body.changed"}]}
    assert past == {"label": "Then", "history": [{"type": "body.created"}]}


@pytest.mark.parametrize("plural", ["readings", "released-figures"])
async def test_the_history_of_a_row_kept_in_batches_is_that_of_its_batch(ground: Ground, plural: str) -> None:
    rest = (await ground.client.get(f"/v1/{plural}/{ground.made[plural]}/history")).json()["items"]
    document = f"query Q($id: ID!) {{ {single(NOUNS[plural])}(id: $id) {{ history {{ position type }} }} }}"

    told = (await asked(ground.client, document, id=ground.made[plural])).popitem()[1]

    assert told["history"] == [{"position": one["position"], "type": one["type"]} for one in rest] != []


async def test_the_trust_before_it_was_founded_is_refused_as_over_rest(ground: Ground) -> None:
    trust = (await asked(ground.client, "{ trust { uuid } }"))["trust"]["uuid"]
    rest = await ground.client.get(f"/v1/trusts/{trust}?asOf=2001-01-01T00:00:00Z")

    assert rest.status_code == 404
    assert await ground.codes('{ trust(asOf: "2001-01-01T00:00:00Z") { id } }') == (["not-found"], False)


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1899-12-31T23:59:59Z"])
async def test_an_instant_out_of_reach_is_refused(ground: Ground, instant: str) -> None:
    for document in (
        "{ plans(asOf: %s) { nodes { id } } }",
        "{ plans(first: 1) { nodes { summary(asOf: %s) { code } } } }",
    ):
        codes, _ = await ground.codes(document % json.dumps(instant))

        assert codes == ["invalid"]


REQUIRED: Final[Mapping[str, Mapping[str, Any]]] = {
    "getGroupGap": {"metric": "oa-attendance", "other": "oa"},
    "getAcademySeries": {"metric": "oa-attendance"},
    "evaluateIndicator": {"value": 1},
    "getSupportProposal": {"team": "x", "unit": "visits", "available": 1},
    "getSupportAndMovement": {"metric": "oa-attendance", "from": "2026-01-01", "to": "2026-02-01"},
    "calculateHoursLost": {"missedSessions": 1},
    "calculateCohortShare": {"size": 1},
    "calculateSelfEvaluation": {"reach": "all", "at": 1, "rank": ["1"]},
}


BY_WHAT_IS_ASKED: Final = frozenset({"summariseObservations"})
"""Whoever may not read what is sensitive may ask about a whole term, and about no other days."""


def given(answer: Answer, made: Mapping[str, str]) -> dict[str, Any]:
    of_records = {"frameworkId": "published:frameworks", "with": "published:frameworks", "academyId": "academies"}
    needed = [one.alias or name for name, one in answer.asked.model_fields.items() if one.is_required()]
    return {name: made[of_records[name]] if name in of_records else REQUIRED[answer.name][name] for name in needed}


def document_of(answer: Answer, made: Mapping[str, str], said: Mapping[str, Any]) -> str:
    kind = core(schema()).type_map[answer.of.title if answer.of else "Query"]
    field = kind.fields[answer.called]  # type: ignore[attr-defined]  # it is an object type
    told = {
        name: value if isinstance(get_named_type(field.args[name].type), GraphQLEnumType) else json.dumps(value)
        for name, value in said.items()
    }
    arguments = f"({', '.join(f'{name}: {value}' for name, value in told.items())})" if told else ""
    asks = f"{answer.called}{arguments} {{ __typename }}"
    return f'{{ {single(answer.of)}(id: "{made[answer.of.plural]}") {{ {asks} }} }}' if answer.of else f"{{ {asks} }}"


@pytest.mark.parametrize(
    "scopes", [[Permission.READ], [Permission.READ, Permission.READ_EVENTS, Permission.READ_SENSITIVE]]
)
async def test_a_computed_answer_that_rest_forbids_is_refused_before_anything_runs(
    ground: Ground, scopes: list[Permission]
) -> None:
    key, forbidden = await ground.installation.key("alder", Role.ADMINISTRATOR, scopes=scopes), 0
    async with ground.installation.client(key) as client:
        for answer in (one for one in ANSWERS if one.name not in BY_WHAT_IS_ASKED):
            said = given(answer, ground.made)
            about = f"{answer.of.plural}/{ground.made[answer.of.plural]}/" if answer.of else ""
            address = f"/v1/{about}{answer.path}"
            if answer.path.endswith("what-if"):
                rest = await client.post(address, json={})
            else:
                rest = await client.get(address, params=said)

            codes, has_data = await codes_of(client, document_of(answer, ground.made, said))

            assert rest.status_code != 422, (answer.name, rest.text)
            assert (codes == ["forbidden"]) == (rest.status_code == 403), (answer.name, codes, rest.text)
            assert "forbidden" not in codes or not has_data, answer.name
            forbidden += "forbidden" in codes
    assert forbidden == sum(answer.needs not in scopes for answer in ANSWERS) > 0


async def test_computed_answers_that_take_too_long_are_refused_and_the_data_with_them(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(reads: Reads, *_: Any) -> bytes:
        await reads.value("select pg_sleep(4)")
        return b"{}"

    monkeypatch.setattr(execute, "FILLING_SECONDS", 0.05)
    for one in ANSWERS:
        if one.name == "checkPlan":
            monkeypatch.setitem(one.__dict__, "read", slow)

    assert await ground.codes("{ plans { nodes { code checks { __typename } } } }") == (["too-costly"], False)
    assert await ground.codes("{ plans { nodes { code } } }") == ([], True)


async def test_what_takes_long_leaves_half_of_the_readers_to_others(server: EmbeddedPostgres, ground: Ground) -> None:
    database = Database(server.dsn(user="milepost_app", database=ground.installation.name), pool_size=2)
    await database.open()
    actor, going = ground.installation.actor("alder"), asyncio.Event()
    quick = Plan((), (), {})
    slow = replace(quick, fills=True)

    async def long_reading() -> None:
        async with execute.reading(slow, actor, database):
            await going.wait()

    waiting = [asyncio.create_task(long_reading()) for _ in range(5)]
    await asyncio.sleep(0.05)
    async with asyncio.timeout(0.5), execute.reading(quick, actor, database) as reader:
        assert await reader.value("select 1") == 1
    going.set()
    await asyncio.gather(*waiting)
    await database.close()


@pytest.mark.parametrize(
    ("document", "cost"),
    [
        ("{ events(limit: 1000) { items { type } } a: events(limit: 1) { more } }", 1_000 + ANSWER_COST),
        ("{ plans(first: 1) { nodes { checks(limit: 1000) { __typename } } } }", 1 + ANSWER_COST),
        ('{ plans(first: 1, asOf: "2026-01-01T00:00:00Z") { nodes { checks { __typename } } } }', 1 + 2 * ANSWER_COST),
        ('{ plans(first: 1) { nodes { summary(asOf: "2026-01-01T00:00:00Z") { code } } } }', 1 + 2 * ANSWER_COST),
        (
            f'{{ nodes(ids: ["Plan:{ID}", "Academy:{ID}"]) {{ ...on Plan {{ checks {{ __typename }} }} }} }}',
            2 + ANSWER_COST,
        ),
    ],
)
async def test_a_computed_answer_costs_what_it_reads(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, document: str, cost: int
) -> None:
    monkeypatch.setattr(execute, "MOST_ROWS", 0)

    answer = await ground.client.post("/graphql", json={"query": document})

    assert [error["extensions"]["cost"] for error in answer.json()["errors"]] == [cost]


def test_the_variables_that_shape_a_statement_are_of_types_that_shape_its_plan() -> None:
    """Of a variable of any other type a plan keeps only whether it is there."""
    kinds = {
        (name, given.type.removesuffix(" | None").removeprefix(noun.title))
        for noun in NOUNS.values()
        for name, given in arguments_of(noun).items()
        if name in ("sort", "descending", "includeWithdrawn")
    }
    query = core(schema()).query_type
    assert query is not None

    assert kinds == {("sort", "Sort"), ("descending", "bool"), ("includeWithdrawn", "bool")}
    assert {
        str(get_named_type(query.fields[name].args[of].type)) for name, of in (("node", "id"), ("nodes", "ids"))
    } == {"ID"}
