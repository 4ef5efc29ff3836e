"""The other door, held against the same expectation: every way to a kind of record, every answer, every mutation, every event."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final
from unittest.mock import patch

import httpx
import orjson
from graphql import GraphQLError, GraphQLObjectType, OperationDefinitionNode, parse

from app.domain.actor import Actor
from app.domain.errors import Refusal
from app.domain.roles import Role
from app.graphql.feed import Feed, StoppingError
from app.graphql.following import Subscriber, follow
from app.graphql.limits import RefusedDocument
from app.graphql.meanings import BY_TITLE
from app.graphql.nouns import plural, single
from app.graphql.plan import Plan, forbidden
from app.graphql.prepared import Prepared
from app.graphql.running import core
from app.graphql.schema import schema
from app.graphql.subscriptions import Subscription
from app.queries.nouns import NOUNS
from app.queries.trusts import TRUSTS
from tests.access.expected import FOLLOWING, GROUP_OF, OF_ACADEMIES, SIGHT, Sight, may_follow
from tests.access.ground import Estate, Place, Principal
from tests.access.matrix import STALE, THROUGH, Cell, Sweep, cells, expected, rehearsing
from tests.access.questions import operations
from tests.graphql.test_sight import Ground, shown, ways_to
from tests.graphql.test_sight import sweep as sweep_of

_CODES: Final = {
    "forbidden": 403,
    "not-found": 404,
    "conflict": 409,
    "invalid": 422,
    "illegal-transition": 409,
    "stale-version": 412,
}
_NOUN_OF: Final = {noun.table: noun.plural for noun in NOUNS.values()}
_SOME: Final = "019a8c20-0a11-7c3e-9d02-6b1f5a7c4e90"


@lru_cache(maxsize=4096)
def planned(text: str) -> Plan:
    document = parse(text, no_location=True)
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    prepared = Prepared(core(schema()), document, {"": operation}, {})
    return prepared.plan(operation, prepared.values(operation, {}))


def held_ways(estate: Estate, principals: list[Principal], sweep: Sweep) -> None:
    """Every field that leads to a kind of record, its history and its past, is refused to whom the expectation refuses it."""
    for principal in principals:
        actor = estate.actor(principal, channel="graphql")
        for noun in NOUNS.values():
            sight = SIGHT[principal.role][GROUP_OF[noun.plural]]
            for way in ways_to(noun):
                _hold_refusal(
                    sweep, principal, way, may=sight is not Sight.NONE and _reads_above(way, principal), actor=actor
                )
            if noun is not TRUSTS:
                told_of = f'{{ {single(noun)}(id: "{_SOME}") {{ history(first: 5) {{ type }} }} }}'
                _hold_refusal(sweep, principal, told_of, may=may_follow(principal.role, noun.plural), actor=actor)
                past = f'{{ {plural(noun)}(first: 1, asOf: "2026-01-01T00:00:00Z") {{ totalCount }} }}'
                if "asOf" in _arguments(plural(noun)):
                    may = sight is not Sight.NONE and principal.role in FOLLOWING
                    _hold_refusal(sweep, principal, past, may=may, actor=actor)


def _reads_above(way: str, principal: Principal) -> bool:
    """Whether they may read the kind of record that a way starts from."""
    root = way.strip("{ ").split("(")[0].split(" ")[0]
    for noun in NOUNS.values():
        if root in (plural(noun), single(noun)):
            return SIGHT[principal.role][GROUP_OF[noun.plural]] is not Sight.NONE
    return True


def _arguments(name: str) -> set[str]:
    query = core(schema()).query_type
    assert query is not None
    return set(query.fields[name].args)


def _hold_refusal(sweep: Sweep, principal: Principal, way: str, *, may: bool, actor: Actor) -> None:
    sweep.asked += 1
    refusal = forbidden(planned(way), actor)
    if (refusal is None) != may:
        sweep.note("false denials" if may else "leaks", f"{principal}: {way}")


async def held_sight(estate: Estate, principal: Principal, sweep: Sweep, *, by_filters: bool = False) -> None:
    """Everything that can be asked is what REST shows to the same credential, which is held against the expectation there."""
    north, south, foreign = (estate.records[place] for place in Place)
    ground = Ground(estate.installation, north, south, foreign)
    actor = estate.actor(principal, channel="graphql")
    async with estate.client(principal) as client:
        ground.visible[actor.roles, principal.narrow] = {name: await shown(client, name) for name in NOUNS}
    made = await sweep_of(ground, actor, by_filters=by_filters)
    sweep.asked += made.asked
    for sentence in made.found:
        if not _is_ones_own_knowledge(principal, sentence):
            sweep.note("leaks", f"{principal}: {sentence}")


def _is_ones_own_knowledge(principal: Principal, sentence: str) -> bool:
    """Whoever may read a record and not what it points at knows that one's id, and may narrow by it."""
    _, found, named = sentence.partition(" finds something by ")
    title = named.partition(":")[0]
    return bool(found) and SIGHT[principal.role][GROUP_OF[BY_TITLE[title].plural]] is Sight.NONE


async def held_mutations(estate: Estate, principal: Principal, sweep: Sweep, chosen: Callable[[Cell], bool]) -> None:
    """Each mutation has the name that the operation has over REST, and is refused to the same and let through for the same."""
    mutations = core(schema()).mutation_type
    assert mutations is not None
    async with estate.client(principal) as client:
        for operation in operations(estate.installation.app):
            if operation.writes and operation.name in mutations.fields:
                for cell in cells(estate, principal, operation):
                    if chosen(cell):
                        await _hold_mutation(estate, client, cell, mutations, sweep)


async def _hold_mutation(
    estate: Estate, client: httpx.AsyncClient, cell: Cell, mutations: GraphQLObjectType, sweep: Sweep
) -> None:
    statuses = expected(cell)
    if statuses == THROUGH:
        with rehearsing(estate):
            status = await _mutated(client, cell, mutations, sweep.version(cell))
    else:
        status = await _mutated(client, cell, mutations, STALE)
    sweep.asked += 1
    if status not in statuses:
        kind = "leaks" if status < 300 else "false denials" if status in (403, 404) else "otherwise wrong"
        sweep.note(kind, f"{cell} over GraphQL: {status}, not {sorted(statuses)}")


async def _mutated(client: httpx.AsyncClient, cell: Cell, mutations: GraphQLObjectType, version: int) -> int:
    """The status that REST would tell of it."""
    name = cell.operation.name
    arguments = mutations.fields[name].args
    values = {
        "id": cell.question.address.split("/")[3] if cell.operation.names_a_record else None,
        "expectedVersion": version,
        "input": _input(cell),
        "idempotencyKey": cell.question.headers().get("Idempotency-Key"),
    }
    takes = ", ".join(f"${key}: {argument.type}" for key, argument in arguments.items())
    gives = ", ".join(f"{key}: ${key}" for key in arguments)
    document = f"mutation({takes}) {{ told: {name}({gives}) {{ __typename ... on Refusal {{ code }} }} }}"
    said = {"query": document, "variables": {key: values[key] for key in arguments}}
    answer = await client.post("/graphql", content=orjson.dumps(said), headers={"Content-Type": "application/json"})
    told = orjson.loads(answer.content)
    if "errors" in told:
        return _CODES.get(told["errors"][0]["extensions"]["code"], 500)
    return _CODES[told["data"]["told"]["code"]] if "code" in told["data"]["told"] else 200


def _input(cell: Cell) -> Any:
    body = dict(cell.question.body or {})
    return {"to": "met"} if cell.operation.name == "moveMilestone" and cell.role is Role.REVIEWER else body


async def held_events(estate: Estate, principal: Principal, sweep: Sweep) -> None:
    """A subscription from the first event on: refused, or every event of what they may follow and none of anything else."""
    actor = estate.actor(principal, channel="graphql")
    try:
        events = await _followed(estate, actor)
    except (Refusal, RefusedDocument, GraphQLError):
        events = None
    sweep.asked += 1
    if (events is not None) != (principal.role in FOLLOWING):
        sweep.note("leaks" if events is not None else "false denials", f"{principal} subscribes to events")
    north, south = estate.records[Place.NORTH], estate.records[Place.SOUTH]
    told = {event["subject"] for event in events or ()}
    for event in events or ():
        sweep.asked += 1
        name = _NOUN_OF[event["noun"]]
        given = event["noun"] in ("api_key", "membership")
        about = set(event["academies"])
        hidden = principal.narrow and (
            about != {north["academies"]} if given else about and north["academies"] not in about
        )
        if hidden or not may_follow(principal.role, name):
            sweep.note("leaks", f"{principal} is told of {event['type']} of {event['academies']}")
    for name in NOUNS:
        may = events is not None and may_follow(principal.role, name) and name not in _WITHOUT_EVENTS
        for place, records in ((Place.NORTH, north), (Place.SOUTH, south)):
            expecting = may and not (place is Place.SOUTH and principal.narrow and name in OF_ACADEMIES)
            if expecting and records[name] not in told:
                sweep.asked += 1
                sweep.note("false denials", f"{principal} is not told of {name} in {place.name.lower()}")


_WITHOUT_EVENTS: Final = frozenset({"readings", "released-figures", "trusts", "target-versions"})
"""What comes in batches, and has the batch's event; and what was made before this trust had anybody to tell."""


async def _followed(estate: Estate, actor: Actor) -> list[dict[str, Any]]:
    app = estate.installation.app
    document = parse("subscription { events(after: 0) { position type noun subject academies } }", no_location=True)
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    subscription = Subscription(Prepared(core(schema()), document, {"": operation}, {}), None, {})

    async def again() -> Actor:
        return actor

    told = await follow(subscription, Subscriber(actor, again, "x"), estate.installation.database, app.state.feed)
    events = []
    with suppress(StoppingError), patch.object(Feed, "wait_past", _caught_up):
        async for result in told:
            assert result.errors is None, result.errors
            events.append(orjson.loads(orjson.dumps(result.data))["events"])
    return events


async def _caught_up(*_: object, **__: object) -> None:
    """Whoever would wait for news has been told all there is."""
    raise StoppingError


def by_turns() -> Iterator[Principal]:
    """Each role once, with all academies and with one by turns."""
    for number, role in enumerate(Role):
        yield Principal(role, narrow=bool(number % 2))
