"""Two trusts with the same records under other ids: what is done to the one over REST is done to the other over GraphQL."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import httpx
from graphql import GraphQLObjectType, GraphQLUnionType, get_named_type, is_leaf_type

from app.domain import ids
from app.domain.events import created
from app.domain.trusts import Trust
from app.domain.vocabulary import TrustKind
from app.graphql.running import core
from app.graphql.schema import schema
from tests.api.samples import operations
from tests.conftest import Installation

MERGE: Final = "application/merge-patch+json"
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_KEY_OR_DIGEST: Final = re.compile(r"key:[a-z0-9]{8}|[0-9a-f]{64}")
_OF_DOOR: Final = ("trust", "position", "recordedAt", "hash", "actor", "channel", "reasonDigest", "textDigests")
REFUSED: Final = (
    "... on Refusal { code title detail errors { pointer code detail } } "
    "... on StaleVersion { current } ... on IllegalTransition { legal }"
)
Told = dict[str, Any]


async def found_trust(installation: Installation, code: str) -> None:
    async with installation.database.begin(installation.actor(code)) as work:
        trust = Trust.named(ids.trust_id(code), code=code, name="A Trust", kind=TrustKind.MULTI_ACADEMY_TRUST)
        work.add(trust)
        work.record(created(trust))


async def asked(client: httpx.AsyncClient, document: str, **variables: Any) -> Told:
    """The data of an answer without errors."""
    answer = await client.post("/graphql", json={"query": document, "variables": variables})
    told: Told = answer.json()
    assert answer.status_code == 200 and "errors" not in told, answer.text
    data: Told = told["data"]
    return data


def mutation(name: str, shown: str = "", *, leave_out: frozenset[str] = frozenset()) -> str:
    """A document that does one thing, with a variable for each of its arguments, and shows all that the record itself holds."""
    field = core(schema()).mutation_type.fields[name]  # type: ignore[union-attr]  # there are mutations
    kind = get_named_type(field.type)
    assert isinstance(kind, GraphQLUnionType)
    told = [one for one in kind.types if not any(face.name == "Refusal" for face in one.interfaces)]
    records = " ".join(
        f"... on {one.name} {{ {own_fields(one)} {shown if not index else ''} }}" for index, one in enumerate(told)
    )
    given = {key: argument for key, argument in field.args.items() if key not in leave_out}
    takes = ", ".join(f"${key}: {argument.type}" for key, argument in given.items())
    gives = ", ".join(f"{key}: ${key}" for key in given)
    return f"mutation({takes}) {{ told: {name}({gives}) {{ __typename {records} {REFUSED} }} }}"


def own_fields(kind: GraphQLObjectType) -> str:
    """Everything that is a plain value, but for the global id where REST's is there too."""
    fields = {name: one for name, one in kind.fields.items() if not (name == "id" and "uuid" in kind.fields)}
    return " ".join(name for name, one in fields.items() if is_leaf_type(get_named_type(one.type)) and not one.args)


@dataclass
class Side:
    """One of the twins, behind its door."""

    trust: str
    client: httpx.AsyncClient
    made: dict[str, str] = field(default_factory=dict)

    async def events(self, after: int = 0) -> list[Told]:
        answer = await self.client.get(f"/v1/events?limit=1000&after={after}")
        items: list[Told] = answer.json()["items"]
        return items

    async def head(self) -> int:
        told: int = (await self.client.get("/v1/events?limit=1&type=none.told")).json()["nextAfter"]
        return told


@dataclass(frozen=True)
class Doing:
    """One thing to do: its name, the record it is done to, what is said."""

    name: str
    to: str = ""
    version: int | None = 1
    body: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None

    def said(self, side: Side) -> Told:
        """The body with `{plural}` filled in from what the side has."""
        text = json.dumps(dict(self.body))
        for name, record_id in side.made.items():
            text = text.replace(f'"<{name}>"', f'"{record_id}"')
        body: Told = json.loads(text)
        return body

    def record(self, side: Side) -> str:
        return side.made.get(self.to, self.to)


async def over_rest(installation: Installation, side: Side, doing: Doing) -> Told:
    """What REST answers, a problem without what belongs to REST alone."""
    [(method, path)] = [(method, path) for method, path, name in operations(installation.app) if name == doing.name]
    headers = {} if doing.version is None or not doing.to else {"If-Match": f'"v{doing.version}"'}
    if method == "POST" and (doing.key or doing.to):
        headers["Idempotency-Key"] = doing.key or str(uuid4())
    headers["Content-Type"] = MERGE if method == "PATCH" else "application/json"
    address = path.replace("{id}", doing.record(side)).replace("{record_id}", doing.record(side))
    answer = await side.client.request(method, address, content=json.dumps(doing.said(side)), headers=headers)
    told: Told = answer.json()
    if answer.is_success:
        return told
    assert answer.status_code < 500, answer.text
    kind = told["type"].removeprefix("/problems/")
    return {"code": kind, **{name: told[name] for name in told if name not in ("type", "status", "traceId")}}


async def over_graphql(side: Side, doing: Doing) -> Told:
    """What GraphQL answers: a record as REST spells it, or a refusal."""
    field = core(schema()).mutation_type.fields[doing.name]  # type: ignore[union-attr]  # there are mutations
    variables: Told = {"idempotencyKey": doing.key or str(uuid4())} if "idempotencyKey" in field.args else {}
    if doing.to:
        variables["id"] = doing.record(side)
        if "expectedVersion" in field.args:
            variables["expectedVersion"] = doing.version
    if "input" in field.args:
        variables["input"] = doing.said(side)
    told: Told = (await asked(side.client, mutation(doing.name), **variables))["told"]
    del told["__typename"]
    if "uuid" in told:
        told["id"] = told.pop("uuid")
    return told


def without_ids(told: Any) -> Any:
    """The same with ids and instants told by the order in which they come, and who it was and digests of such left out."""
    numbers: dict[str, str] = {}
    text = _ID.sub(lambda found: numbers.setdefault(found[0], f"id {len(numbers)}"), json.dumps(told, sort_keys=True))
    return json.loads(_KEY_OR_DIGEST.sub("its own", _INSTANT.sub("instant", text)))


def happened(events: list[Told]) -> Any:
    """Events without what another trust, moment and door make of them."""
    return without_ids([{name: value for name, value in event.items() if name not in _OF_DOOR} for event in events])
