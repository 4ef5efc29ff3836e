"""Questions that are made to hurt: their names, what is sent, and the code with which each is refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.domain.roles import Role


class Over(StrEnum):
    HTTP = "HTTP"
    EVENTS = "server-sent events"
    WEBSOCKET = "WebSocket"


@dataclass(frozen=True)
class Shape:
    """One question. Where `code` is empty it is within the limits and answered, and has to be cheap.

    It is asked by somebody who may read all that these ask for but the schema, or else by `asker`.
    """

    name: str
    code: str
    query: str = ""
    variables: Mapping[str, Any] | None = None
    raw: bytes = b""
    asker: Role = Role.REVIEWER
    over: Over = Over.HTTP

    def body(self, attempt: int = 0) -> bytes:
        """The request. Every attempt has a text of its own, so that nothing remembered of the last one helps it."""
        return self.raw or json.dumps({"query": self.query + " " * attempt, "variables": self.variables}).encode()


def _deep(records: int) -> str:
    return (
        "{ milestones { nodes { " + "objective { plan { " * (records // 2) + "id" + " } }" * (records // 2) + " } } }"
    )


def _repeated(text: str, times: int, between: str = " ") -> str:
    return between.join(text.format(at) for at in range(times))


_PLANS: Final = (
    "plans(first: {0}) {{ nodes {{ objectives(first: {0}) {{ nodes {{ "
    "milestones(first: {0}) {{ nodes {{ id }} }} }} }} }} }}"
)
_IDS: Final = [f"Plan:{UUID(int=at)}" for at in range(20_001)]
_NESTED: Final = "objectives(first: 20) { nodes { milestones(first: 20) { nodes { id } } } }"
_FULL: Final = "{ __schema { types { name fields { name type { name } } } } }"
_WIDE: Final = " ".join(
    f"{one}(first: 1) {{ nodes {{ id }} }}"
    for one in (  # noqa: SIM905  as one reads it
        "objectives milestones actions areas findings targets evidence budgets statements phases academies statutoryTargets "
        "evaluationMethods targetVersions targetPoints objectiveTargets crossReferences actionSteps responsibilities "
        "milestoneWindows budgetLines checkWaivers"
    ).split()
)
_EVERYWHERE: Final = (
    "{ milestones(first: 1) { nodes { plan { ...A } objective { plan { ...A } area { plan { ...A } } } area { plan { ...A } } } } "
    "actions(first: 1) { nodes { plan { ...A } objective { plan { ...A } } } } areas(first: 1) { nodes { plan { ...A } } } "
    "objectives(first: 1) { nodes { plan { ...A } area { plan { ...A } } } } "
    "allEvidence(first: 1) { nodes { plan { ...A } milestone { plan { ...A } } } } }"
)
_EVERYTHING: Final = (
    "fragment A on Plan { ...B areas(first: 1) { nodes { plan { ...B } } } milestones(first: 1) { nodes { plan { ...B } } } } "
    "fragment B on Plan { " + _WIDE + " } "
)
_FAR: Final = "{ objectives(first: 500) { nodes { plan { objectives(first: 18) { nodes { plan { "
_IN_LISTS: Final = "query Q($n: Int) " + "{ " + _PLANS.format("$n") + " }"

SHAPES: Final = (
    Shape("depth 60", "limit-exceeded", _deep(60)),
    Shape(
        "depth 10 through fragments",
        "limit-exceeded",
        "{ milestones { nodes { ...A } } } fragment A on Milestone { objective { plan { ...B } } } "
        "fragment B on Plan { objectives { nodes { ...C } } } fragment C on Objective { plan { ...D } } "
        "fragment D on Plan { areas { nodes { plan { areas { nodes { plan { areas { nodes { id } } } } } } } } }",
    ),
    Shape("1,000 aliases", "limit-exceeded", "{ " + _repeated("a{}: __typename", 1_000) + " }"),
    Shape("190 aliases, few enough tokens", "limit-exceeded", "{ " + _repeated("a{}: __typename", 190) + " }"),
    Shape(
        "14 aliases x fragment with nested lists",
        "too-costly",
        "{ " + _repeated("a{}: plans(first: 20) {{ nodes {{ ...F }} }}", 14) + " } fragment F on Plan { " + _NESTED + " }",
    ),
    Shape("list x list x list", "too-costly", "{ " + _PLANS.format(500) + " }"),
    Shape("list x list x list by variables", "too-costly", _IN_LISTS, {"n": 500}),
    Shape("list x list x list over server-sent events", "too-costly", "{ " + _PLANS.format(500) + " }", over=Over.EVENTS),
    Shape("list x list x list over WebSocket", "too-costly", "{ " + _PLANS.format(500) + " }", over=Over.WEBSOCKET),
    Shape("1,500 overlapping fields", "limit-exceeded", "{ " + "trust { code } " * 1_500 + "}"),
    Shape("240 overlapping fields, few enough tokens", "limit-exceeded", "{ " + "trust { code } " * 240 + "}"),
    Shape("a field repeated 900 times", "limit-exceeded", "{ trust { " + "code " * 900 + "} }"),
    Shape("500 directives", "limit-exceeded", "{ trust { code " + "@skip(if: false) " * 500 + "} }"),
    Shape("3,000 unknown directives", "limit-exceeded", "{ trust { code " + "@aa " * 3_000 + "} }"),
    Shape("490 unknown directives, few enough tokens", "limit-exceeded", "{ trust { code " + "@aa " * 490 + "} }"),
    Shape("full introspection without read_schema", "forbidden", _FULL),
    Shape("full introspection over WebSocket", "forbidden", _FULL, over=Over.WEBSOCKET),
    Shape(
        "circular introspection",
        "limit-exceeded",
        "{ __schema { types { " + "fields { type { " * 4 + "name" + " } }" * 4 + " } } }",
        asker=Role.ADMINISTRATOR,
    ),
    Shape(
        "introspection under 14 aliases",
        "limit-exceeded",
        "{ " + _repeated("a{}: __schema {{ types {{ name fields {{ name }} }} }}", 14) + " }",
        asker=Role.ADMINISTRATOR,
    ),
    Shape("suggestions", "invalid", "{ plan(id: 1) { titel } planz { nodes { id } } }"),
    Shape("batch of 50", "bad-request", raw=json.dumps([{"query": "{ trust { code } }"}] * 50).encode()),
    Shape("100k deep JSON body", "malformed-json", raw=b"[" * 100_000 + b"]" * 100_000),
    Shape(
        "100k deep JSON variables",
        "malformed-json",
        raw=b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    ),
    Shape(
        "20k nested list literal", "limit-exceeded", "{ nodes(ids: " + "[" * 20_000 + "]" * 20_000 + ") { id } }"
    ),
    Shape(
        "490 nested list literal, few enough tokens",
        "bad-request",
        "{ nodes(ids: " + "[" * 490 + "]" * 490 + ") { id } }",
    ),
    Shape("circular fragments", "invalid", "{ trust { ...A } } fragment A on Trust { ...B } fragment B on Trust { id ...A }"),
    Shape("1 MB query string", "limit-exceeded", "{ trust { id } } #" + "x" * 1_000_000),
    Shape(
        "many fragments of one list",
        "too-costly",
        "{ plans(first: 500) { nodes { " + _repeated("...F{}", 45) + " } } } "
        + _repeated("fragment F{} on Plan {{ objectives {{ nodes {{ code }} }} }}", 45),
    ),
    Shape(
        "a huge variables object",
        "invalid",
        "query Q($f: PlanFilter) { plans(filter: $f) { nodes { id } } }",
        {"f": {f"no{at}": "x" * 8 for at in range(30_000)}},
    ),
    Shape("a huge variable of the wrong type", "invalid", _IN_LISTS, {"n": "x" * 900_000}),
    Shape("nodes with 20,001 ids", "too-costly", "query Q($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": _IDS}),
    Shape(
        "a page of 500 with computed answers for each",
        "too-costly",
        "{ plans(first: 500) { nodes { progress { on } coverage { rule } } } }",
    ),
    Shape(
        "totalCount on many lists",
        "too-costly",
        _FAR + _repeated("a{}: milestones(first: 0) {{ totalCount }}", 15) + " } " * 7,
    ),
    Shape(
        "many lists of nothing",
        "too-costly",
        _FAR + _repeated("a{}: milestones(first: 0) {{ pageInfo {{ hasNextPage }} }}", 15) + " } " * 7,
    ),
    Shape("999 operations in one document", "limit-exceeded", _repeated("query Q{} {{ __typename }}", 999)),
    Shape("190 operations, few enough tokens", "bad-request", _repeated("query Q{} {{ __typename }}", 190)),
    Shape(
        "60 operations of one fragment",
        "limit-exceeded",
        _repeated("query Q{} {{ ...C }}", 60) + f" fragment C on Query {_EVERYWHERE} {_EVERYTHING}",
    ),
    Shape("a statement as wide as a document can make it", "", _EVERYWHERE + _EVERYTHING),
)  # fmt: skip

ASKERS: Final = (Role.REVIEWER, Role.ADMINISTRATOR)
