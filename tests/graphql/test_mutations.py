"""Mutations: what they take is held to REST's rules, what they answer with is the record as it now is, all of it or nothing."""

from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio

from app.db.embedded import EmbeddedPostgres
from app.domain.errors import Invalid
from app.domain.roles import Permission, Role
from app.graphql import own_mutations
from app.graphql.mutation import Mutation
from app.graphql.mutations import mutations
from app.operations.releases import prepare
from tests.api.samples import SAMPLES, create
from tests.conftest import Installation, _installed
from tests.graphql.twins import REFUSED, Side, Told, asked, found_trust, mutation

NEEDED: Final = (
    "bodies", "people", "metrics", "academies", "plans", "plan-phases", "areas", "findings", "objectives", "milestone-windows",
    "milestones",
)  # fmt: skip
MARK: Final = "qsoleq"
ANOTHER: Final = 2


@pytest_asyncio.fixture(scope="module")
async def ground(server: EmbeddedPostgres, empty_template: str) -> AsyncIterator[tuple[Installation, Side]]:
    """A trust with a plan and a milestone, and its administrator."""
    async for installation in _installed(server, empty_template):
        await found_trust(installation, "alder")
        async with installation.client(await installation.key("alder")) as client:
            side = Side("alder", client)
            for plural in NEEDED:
                side.made[plural] = (await create(client, plural, SAMPLES[plural](side.made, MARK)))["id"]
            yield installation, side


Ground = tuple[Installation, Side]


async def new_milestone(side: Side) -> str:
    body = SAMPLES["milestones"](side.made, uuid4().hex[:8]) | {"no": uuid4().int % 1_000_000}
    return str((await create(side.client, "milestones", body))["id"])


async def sent(side: Side, document: str, **variables: Any) -> Told:
    """Whatever is answered, errors and all."""
    told: Told = (await side.client.post("/graphql", json={"query": document, "variables": variables})).json()
    return told


async def test_the_history_in_a_mutations_answer_ends_with_what_it_has_just_done(ground: Ground) -> None:
    _, side = ground
    milestone = await new_milestone(side)

    told = await asked(
        side.client,
        mutation("moveMilestone", "history { type position channel data { after } }"),
        id=f"Milestone:{milestone}", expectedVersion=1, input={"to": "in_progress"}, idempotencyKey=str(uuid4()),
    )  # fmt: skip

    history = told["told"]["history"]
    assert [event["type"] for event in history] == ["milestone.created", "milestone.started"]
    assert history[-1]["data"]["after"]["status"] == "in_progress"
    assert (history[-1]["position"], history[-1]["channel"]) == (await side.head(), "graphql")
    assert told["told"]["version"] == ANOTHER


async def test_each_mutation_of_a_document_is_a_transaction_of_its_own_in_their_order(ground: Ground) -> None:
    _, side = ground
    one, other = await new_milestone(side), await new_milestone(side)
    head = await side.head()
    told = f"{{ __typename ... on Milestone {{ status }} {REFUSED} }}"

    data = await asked(
        side.client,
        f"""mutation($one: ID!, $other: ID!, $in: MilestoneTransitionInput!) {{
          a: moveMilestone(id: $one, expectedVersion: 1, idempotencyKey: "a1", input: $in) {told}
          b: moveMilestone(id: $one, expectedVersion: 1, idempotencyKey: "b1", input: $in) {told}
          c: moveMilestone(id: $other, expectedVersion: 1, idempotencyKey: "c1", input: {{to: in_progress}}) {told}
        }}""",
        **{"one": one, "other": other, "in": {"to": "in_progress"}},
    )

    assert [data[key]["__typename"] for key in "abc"] == ["Milestone", "StaleVersion", "Milestone"]
    assert await side.head() == head + ANOTHER


async def test_an_id_of_another_kind_of_record_is_refused_and_not_looked_for(ground: Ground) -> None:
    _, side = ground
    document = mutation("withdrawPlan")
    said = {"expectedVersion": 1, "input": {"reason": "x"}, "idempotencyKey": None}
    before = await side.head()

    other = await asked(side.client, document, id=f"Milestone:{side.made['plans']}", **said)
    odd = [await asked(side.client, document, id=text, **said) for text in ("x", "Nothing:x", f"Nothing:{uuid4()}", "")]
    absent = await asked(side.client, document, id=f"Plan:{uuid4()}", **said)

    sentence = f"Milestone:{side.made['plans']} is the id of a Milestone. Here the id of a Plan is asked for."
    assert (other["told"]["__typename"], other["told"]["detail"]) == ("Invalid", sentence)
    assert {one["told"]["__typename"] for one in odd} == {"Invalid"}
    assert absent["told"]["__typename"] == "NotFound"
    assert await side.head() == before


async def test_ids_inside_an_input_may_be_global(ground: Ground) -> None:
    _, side = ground
    code = uuid4().hex[:8]
    person = {"code": code, "kind": "role", "label": "Head", "bodyId": f"Body:{side.made['bodies']}"}

    told = await asked(side.client, mutation("createPerson"), input=person, idempotencyKey=None)

    assert told["told"]["bodyId"] == side.made["bodies"]


async def test_what_is_left_out_of_a_change_stays_and_null_empties(ground: Ground) -> None:
    _, side = ground
    person = await create(side.client, "people", SAMPLES["people"](side.made, uuid4().hex[:8]))
    document = mutation("changePerson")

    stays = await asked(side.client, document, id=person["id"], expectedVersion=1, input={"label": "Deputy"})
    emptied = await asked(side.client, document, id=person["id"], expectedVersion=2, input={"bodyId": None})

    assert (stays["told"]["label"], stays["told"]["bodyId"]) == ("Deputy", side.made["bodies"])
    assert (emptied["told"]["label"], emptied["told"]["bodyId"]) == ("Deputy", None)


TARGET: Final = (
    'planId: "{plans}", areaId: "{areas}", code: "{code}", no: {no}, kind: numeric, label: "x", due: "July 2027"'
)


@pytest.mark.parametrize(
    ("spelt", "kept"),
    [
        ("62.50", 62.5),
        ("62", 62),
        ("0.1", 0.1),
        ("1e3", 1000),
        ("-0.000001", -0.000001),
        ("99999999999999", 99999999999999),
    ],
)
async def test_a_number_is_kept_with_its_digits(ground: Ground, spelt: str, kept: float) -> None:
    _, side = ground
    given = TARGET.format(**side.made, code=uuid4().hex[:8], no=uuid4().int % 1_000_000)

    told = await asked(
        side.client,
        f"mutation {{ told: createTarget(input: {{ {given}, value: {spelt} }}) {{ ... on Target {{ value }} {REFUSED} }} }}",
    )

    assert told == {"told": {"value": kept}}


@pytest.mark.parametrize(
    ("member", "pointer"),
    [
        ("value: 1.1234567", "/value"),
        ("value: 123456789012345678901234567890", "/value"),
        ('printed: "a\\u0001b"', "/printed"),
        ('printed: ""', "/printed"),
        ('unit: "\\u0000"', "/unit"),
    ],
)
async def test_a_value_that_rest_refuses_is_refused_with_its_place(ground: Ground, member: str, pointer: str) -> None:
    _, side = ground
    before = await side.head()
    given = TARGET.format(**side.made, code=uuid4().hex[:8], no=uuid4().int % 1_000_000)
    document = f"mutation {{ told: createTarget(input: {{ {given}, {member} }}) {{ __typename {REFUSED} }} }}"

    told = (await asked(side.client, document))["told"]

    assert (told["__typename"], told["code"]) == ("Invalid", "invalid")
    assert pointer in {fault["pointer"] for fault in told["errors"]}
    assert await side.head() == before


async def test_a_day_out_of_reach_is_refused_with_its_place(ground: Ground) -> None:
    _, side = ground
    before = await side.head()
    year = {"code": "Y", "startsOn": "0001-01-01", "endsOn": "2026-W40-1"}

    told = (await asked(side.client, mutation("createAcademicYear"), input=year, idempotencyKey=None))["told"]

    assert [fault["pointer"] for fault in told["errors"]] == ["/startsOn", "/endsOn"]
    assert await side.head() == before


@pytest.mark.parametrize(
    "member",
    [
        "value: 0.12345678901234567890123", 'value: "62"', "value: true", "kind: guess", 'nothing: "x"', "value: NaN",
        "no: 1.0", "no: 3000000000",
    ],
)  # fmt: skip
async def test_what_the_schema_does_not_know_is_refused_before_anything_runs(ground: Ground, member: str) -> None:
    _, side = ground
    before = await side.head()
    given = TARGET.format(**side.made, code=uuid4().hex[:8], no=1)
    given = given.replace("no: 1, ", "") if member.startswith("no:") else given
    given = given.replace("kind: numeric, ", "") if member.startswith("kind:") else given

    told = await sent(side, f"mutation {{ createTarget(input: {{ {given}, {member} }}) {{ __typename }} }}")

    assert "data" not in told
    assert {error["extensions"]["code"] for error in told["errors"]} == {"invalid"}
    assert await side.head() == before


async def test_numbers_too_long_for_a_parser_are_refused_in_variables_too(ground: Ground) -> None:
    _, side = ground
    given = {
        "planId": side.made["plans"],
        "areaId": side.made["areas"],
        "code": "T7",
        "no": 7,
        "kind": "numeric",
        "label": "x",
        "due": "July 2027",
    }
    document = mutation("createTarget")

    long = await asked(side.client, document, input={**given, "value": 10**30}, idempotencyKey=None)
    raw = f'{{"query": "{document}", "variables": {{"input": {{"value": 0.12345678901234567890123}}}}}}'
    exact = await side.client.post("/graphql", content=raw, headers={"Content-Type": "application/json"})

    assert (long["told"]["__typename"], long["told"]["errors"][0]["pointer"]) == ("Invalid", "/value")
    assert (exact.status_code, exact.json()["errors"][0]["extensions"]["code"]) == (400, "malformed-json")


@pytest.mark.parametrize(
    "odd", [{"value": float("nan")}, {"value": float("inf")}, {"value": 2**70}, {"label": "\ud800"}, {"no": 2**31}]
)
def test_what_is_no_json_is_refused_by_whatever_transport_it_comes(odd: Told) -> None:
    """A transport with a laxer parser than HTTP's brings nothing in: the body's own rules hold."""
    nowhere = str(uuid4())
    given = {
        "planId": nowhere,
        "areaId": nowhere,
        "code": "T",
        "no": 1,
        "kind": "numeric",
        "label": "x",
        "due": "July 2027",
    }

    with pytest.raises(Invalid) as refused:
        mutations()["createTarget"].said({"input": given | odd})

    assert len(refused.value.faults) == 1


async def test_a_key_with_another_selection_or_another_fragment_is_used_for_another_request(ground: Ground) -> None:
    _, side = ground
    milestone, key = await new_milestone(side), str(uuid4())

    def moving(fragment: str, selected: str = "...F", way: str = "$n") -> str:
        return (
            f'mutation($id: ID!, $n: Int) {{ told: moveMilestone(id: $id, expectedVersion: 1, idempotencyKey: "{key}", '
            f"input: {{to: in_progress}}) {{ __typename {selected} }} }} "
            f"fragment F on Milestone {{ {fragment} history(first: {way}) {{ type }} }}"
        )

    first = await asked(side.client, moving("status"), id=milestone, n=5)
    again = await asked(side.client, moving("status"), id=milestone, n=5)
    head = await side.head()
    others = [
        await asked(side.client, moving("status version"), id=milestone, n=5),
        await asked(side.client, moving("status", "...F ... on Milestone { id }"), id=milestone, n=5),
        await asked(side.client, moving("status"), id=milestone, n=6),
        await asked(side.client, moving("status"), id=await new_milestone(side), n=5),
    ]

    assert first == again
    assert first["told"]["status"] == "in_progress"
    assert {one["told"]["__typename"] for one in others} == {"IdempotencyKeyReused"}
    assert await side.head() == head + 1, "the second milestone, and nothing else"


@pytest.mark.parametrize("key", ["", "a" * 256, "caf\u00e9", "a\nb"])
async def test_a_key_is_short_and_plain(ground: Ground, key: str) -> None:
    _, side = ground
    before = await side.head()

    told = await asked(
        side.client, mutation("createPerson"), input={"code": "K", "kind": "role", "label": "K"}, idempotencyKey=key
    )

    assert told["told"]["detail"] == "An Idempotency-Key is 1 to 255 printable ASCII characters."
    assert await side.head() == before


async def test_nothing_is_done_where_what_is_selected_of_it_may_not_be_read_or_is_too_much(ground: Ground) -> None:
    installation, side = ground
    before = await side.head()
    scopes = [Permission.READ, Permission.SUBMIT_MILESTONES]
    narrow = await installation.key("alder", Role.SENIOR_LEADER, scopes=scopes)
    said = {"id": await new_milestone(side), "expectedVersion": 1, "input": {"to": "in_progress"}}
    much = "plan { milestones(first: 500) { nodes { plan { milestones(first: 500) { nodes { id } } } } } }"

    async with installation.client(narrow) as client:
        forbidden = await asked(client, mutation("moveMilestone", "history { type }"), **said, idempotencyKey="x1")
    large = await sent(side, mutation("moveMilestone", much), **said, idempotencyKey="x2")

    assert (forbidden["told"]["__typename"], large["errors"][0]["extensions"]["code"]) == ("Forbidden", "too-costly")
    assert await side.head() == before + ANOTHER, "the key and the milestone"


async def test_a_new_key_is_shown_once_and_works(ground: Ground) -> None:
    installation, side = ground

    told = (await asked(side.client, mutation("createApiKey"), input={"label": "Dashboard", "roles": ["reader"]}))[
        "told"
    ]

    async with installation.client(told["key"]) as client:
        mine = await client.get(f"/v1/plans/{side.made['plans']}")
    kept = await side.client.get(f"/v1/api-keys/{told['id']}")
    assert (mine.status_code, kept.status_code, kept.json()["label"]) == (200, 200, "Dashboard")
    assert told["key"] not in kept.text + (await side.client.get("/v1/events?limit=1000")).text
    connection = await asyncpg.connect(installation.dsn("postgres"), server_settings={"search_path": "app"})
    held = await connection.fetchval("select count(*) from idempotency where route like '%ApiKey%'")
    await connection.close()
    assert held == 0


async def test_whoever_may_make_a_key_makes_none_that_can_do_more(ground: Ground) -> None:
    installation, side = ground
    scopes = [Permission.READ, Permission.MANAGE_KEYS]
    before = await side.head()
    async with installation.client(await installation.key("alder", scopes=scopes)) as client:
        more = await asked(client, mutation("createApiKey"), input={"label": "x", "roles": ["administrator"]})

    assert more["told"]["__typename"] == "Forbidden"
    assert await side.head() == before + 1


def reading(value: float) -> Told:
    days = {"grain": "month", "startsOn": "2026-01-01", "endsOn": "2026-01-31"}
    return {
        "source": "returns",
        "readings": [{"metric": f"{MARK}-attendance", "academy": MARK, **days, "value": value}],
    }


async def test_readings_are_told_as_a_batch_or_as_counts(ground: Ground) -> None:
    installation, side = ground
    scopes = [Permission.READ, Permission.RECORD_MEASURES]
    blind = await installation.key("alder", Role.IMPROVEMENT_PARTNER, scopes=scopes)
    document = mutation("recordReadings")

    batch = (await asked(side.client, document, input=reading(93.4), idempotencyKey=None))["told"]
    known = (await asked(side.client, document, input=reading(93.4), idempotencyKey=None))["told"]
    async with installation.client(blind) as client:
        own = reading(93.5) | {"source": "others"}
        recorded = (await asked(client, document, input=own, idempotencyKey="r"))["told"]
        replayed = (await asked(client, document, input=own, idempotencyKey="r"))["told"]

    assert (batch["__typename"], batch["recorded"], batch["academyIds"]) == (
        "ReadingBatch",
        1,
        [side.made["academies"]],
    )
    assert known == {"__typename": "BatchCounts", "recorded": 0, "restated": 0, "unchanged": 1}
    assert recorded == replayed == {"__typename": "BatchCounts", "recorded": 1, "restated": 0, "unchanged": 0}


async def test_a_release_that_was_made_is_replayed_before_the_long_work(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, side = ground
    prepared: list[str] = []

    async def counted(database: Any, actor: Any, order: Any) -> Any:
        prepared.append(order.code)
        return await prepare(database, actor, order)

    monkeypatch.setattr(own_mutations, "prepare", counted)
    days = {"grain": "month", "startsOn": "2026-03-01", "endsOn": "2026-03-31"}
    await asked(side.client, mutation("recordReadings"), input=_in_march(), idempotencyKey=None)
    order = {"code": "R1", "label": "x", "metrics": [f"{MARK}-attendance"], **days}
    document = mutation("createRelease", "figuresShown(first: 5) { nodes { value } }")

    one = await asked(side.client, document, input=order, idempotencyKey="release")
    head = await side.head()
    again = await asked(side.client, document, input=order, idempotencyKey="release")
    other = await asked(side.client, document, input={**order, "label": "y"}, idempotencyKey="release")

    assert one == again
    assert (one["told"]["__typename"], other["told"]["__typename"]) == ("Release", "IdempotencyKeyReused")
    assert len(one["told"]["figuresShown"]["nodes"]) == one["told"]["figures"] > 0
    assert prepared == ["R1"]
    assert await side.head() == head


def _in_march() -> Told:
    told = reading(91.5)
    told["readings"][0] |= {"startsOn": "2026-03-01", "endsOn": "2026-03-31"}
    return told


LATE: Final = 'evaluation(asKnownAt: "2099-01-01T00:00:00Z") { __typename }'


async def test_an_answer_that_cannot_be_given_is_null_in_a_change_that_stands(ground: Ground) -> None:
    """It is told beside, at its place, and told again to whoever asks again with the same key."""
    _, side = ground
    said = {"id": await new_milestone(side), "expectedVersion": 1, "input": {"to": "in_progress"}}
    before = await side.head()

    one = await sent(side, mutation("moveMilestone", LATE), **said, idempotencyKey="late")
    again = await sent(side, mutation("moveMilestone", LATE), **said, idempotencyKey="late")

    assert one == again
    assert (one["data"]["told"]["status"], one["data"]["told"]["evaluation"]) == ("in_progress", None)
    [error] = one["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["told", "evaluation"], "invalid")
    assert await side.head() == before + 1


async def test_what_was_done_is_told_though_the_next_breaks(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _, side = ground
    milestone, before = await new_milestone(side), await side.head()
    command = Mutation.command

    async def broken(self: Mutation, *given: Any) -> Any:
        if self.name == "createPerson":
            raise RuntimeError
        return await command(self, *given)

    monkeypatch.setattr(Mutation, "command", broken)
    told = await sent(
        side,
        f"""mutation {{
          a: moveMilestone(id: "{milestone}", expectedVersion: 1, idempotencyKey: "p", input: {{to: in_progress}}) {{
            ... on Milestone {{ status }} {REFUSED} }}
          b: createPerson(input: {{code: "B", kind: role, label: "B"}}) {{ __typename }}
        }}""",
    )

    assert told["data"] == {"a": {"status": "in_progress"}, "b": None}
    [error] = told["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["b"], "internal")
    assert {record.name for record in caplog.records if record.levelname == "ERROR"} == {"milepost"}
    assert "createPerson(" not in caplog.text, "a document is its sender's"
    assert await side.head() == before + ANOTHER - 1


async def test_all_mutations_of_an_operation_together_may_read_back_so_much(ground: Ground) -> None:
    _, side = ground
    milestones, before = [await new_milestone(side) for _ in range(2)], await side.head()
    much = "plan { milestones(first: 250) { nodes { plan { milestones(first: 50) { nodes { id } } } } } }"

    def moving(ids: list[str]) -> str:
        each = (
            f'm{at}: moveMilestone(id: "{one}", expectedVersion: 1, idempotencyKey: "much", input: {{to: in_progress}}) '
            f"{{ ... on Milestone {{ {much} }} {REFUSED} }}"
            for at, one in enumerate(ids)
        )
        return f"mutation {{ {' '.join(each)} }}"

    refused = await sent(side, moving(milestones))
    head = await side.head()
    passed = await sent(side, moving(milestones[:1]))

    assert "data" not in refused
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["too-costly"]
    assert head == before
    assert "errors" not in passed


async def test_a_key_does_not_mind_fragments_that_its_mutation_never_spreads(ground: Ground) -> None:
    _, side = ground
    said = f'moveMilestone(id: "{await new_milestone(side)}", expectedVersion: 1, idempotencyKey: "f", input: {{to: in_progress}})'

    def moving(other: str) -> str:
        return (
            f"mutation A {{ told: {said} {{ ...F }} }} query B {{ plans {{ nodes {{ ...O }} }} }} "
            f"fragment F on Milestone {{ ...G }} fragment G on Milestone {{ status }} fragment O on Plan {{ {other} }}"
        )

    answers = [
        (await side.client.post("/graphql", json={"query": moving(other), "operationName": "A"})).json()
        for other in ("id", "title")
    ]

    assert answers == [{"data": {"told": {"status": "in_progress"}}}] * 2


async def test_get_changes_nothing(ground: Ground) -> None:
    _, side = ground
    before = await side.head()
    asked_with: httpx.QueryParams = httpx.QueryParams(
        query='mutation { createPerson(input: {code: "G", kind: role, label: "G"}) { __typename } }'
    )

    answer = await side.client.get("/graphql", params=asked_with)

    assert answer.status_code != 500 and "data" not in answer.json()
    assert await side.head() == before
