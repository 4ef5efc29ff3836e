"""The questions of GraphQL: plans, their objectives and milestones, by the thousand nodes and by the hundred."""

import json
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial
from typing import Final

from bench import limit
from bench.ground import Ground
from bench.load import Asked
from bench.programs import postgraphile
from bench.questions import LIMIT, OURS, Driver, Gate, Question
from bench.rounds import Target
from bench.same import fetch, nodes, values
from bench.servers import Served, loader_graph, milepost, served
from bench.statements import of_milepost

POSTGRAPHILE: Final = "PostGraphile 5"
LOADERS: Final = "strawberry, DataLoaders"
LARGE: Final = 7
SMALL: Final = 1
GATES: Final = {
    LARGE: (
        Gate(OURS, POSTGRAPHILE, rate=3, processor=0.4),
        Gate(OURS, LOADERS, rate=15, processor=0.1),
        Gate(OURS, LIMIT, rate=0.5, processor=1.5),
    ),
    SMALL: (Gate(OURS, POSTGRAPHILE, rate=1.6, processor=0.65),),
}
_CONNECTIONS: Final = 4

_OURS: Final = """query Plans($first: Int!) {
  plans(first: $first) { nodes { uuid code title
    objectives(first: 50) { nodes { uuid code no label
      milestones(first: 20) { nodes { uuid code no label status confidence dueEndsOn } } } } } } }"""
_POSTGRAPHILE: Final = """query Plans($first: Int!) {
  allPlans(first: $first, orderBy: [PRIMARY_KEY_ASC]) { nodes { rowId code title
    objectivesByTrustIdAndPlanId(first: 50, orderBy: [PRIMARY_KEY_ASC]) { nodes { rowId code no label
      milestonesByTrustIdAndPlanIdAndObjectiveId(first: 20, orderBy: [PRIMARY_KEY_ASC]) {
        nodes { rowId code no label status confidence dueEndsOn } } } } } } }"""
_LOADERS: Final = """query Plans($first: Int!) {
  plans(first: $first) { uuid code title
    objectives { uuid code no label
      milestones { uuid code no label status confidence dueEndsOn } } } }"""
QUERIES: Final = {OURS: _OURS, POSTGRAPHILE: _POSTGRAPHILE, LOADERS: _LOADERS}


@contextmanager
def question(first: int, ground: Ground, process: Executor) -> Iterator[Question]:
    with (
        served(milepost, ground.dsn, ground.pepper) as ours,
        postgraphile(ground) as graphile,
        served(partial(loader_graph, ground.forest.trust_id), ground.dsn, ground.pepper) as loaders,
    ):
        servers = {OURS: ours, POSTGRAPHILE: graphile, LOADERS: loaders}
        yield _question(first, ground, Driver(process, _CONNECTIONS), servers)


def _question(first: int, ground: Ground, driver: Driver, servers: dict[str, Served]) -> Question:
    asked = {name: _asked(name, server, first, ground) for name, server in servers.items()}
    answers = {name: fetch(one).body for name, one in asked.items()}
    found = values(answers[OURS])
    if any(values(answer) != found for answer in answers.values()):
        raise SystemExit("The answers differ, so that timing them would compare different things.")

    statements = of_milepost(ground, asked[OURS])
    sent = limit.script(ground.forest.trust_id, statements)
    targets = [driver.target(name, server, asked[name], length=len(answers[name])) for name, server in servers.items()]
    targets.append(Target(LIMIT, lambda seconds: limit.run(ground, sent, seconds, driver.connections)))
    about = (
        f"{driver.connections} connections. The answer has {nodes(found):,} nodes in {len(answers[OURS]):,} bytes. "
        f"Statements for an answer: {len(statements)}."
    )
    title = f"GraphQL: {first} plan{'s' if first > 1 else ''} with objectives and milestones"
    return Question(title, about, targets, GATES[first], len(statements))


def _asked(name: str, server: Served, first: int, ground: Ground) -> Asked:
    body = json.dumps({"query": QUERIES[name], "variables": {"first": first}}).encode()
    headers = (ground.forest.authorization,) if name == OURS else ()
    return Asked(server.port, "/graphql", headers, body)
