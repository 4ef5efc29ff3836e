"""Everything that is set by rules alone, put into every body and every input, and what comes of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import orjson
from graphql import GraphQLInputObjectType, get_named_type, parse, validate
from graphql.validation import ValuesOfCorrectTypeRule
from pydantic.alias_generators import to_camel

from app.domain.model import ENTITIES
from app.domain.roles import Role
from app.graphql.running import core
from app.graphql.schema import schema
from app.operations.bodies import Body
from app.queries.nouns import NOUNS
from tests.access.ground import Estate, Place, Principal
from tests.access.matrix import rehearsing
from tests.access.questions import Operation, about, operations

EVERYWHERE: Final = frozenset(
    {
        "trustId",
        "version",
        "withdrawnAt",
        "recordedBy",
        "signedOffBy",
        "signedOffAt",
        "submittedBy",
        "ratedBy",
        "addedBy",
        "unknown",
    }
)
"""What no caller sets of any record, and a member that there is not."""
PROTECTED: Final = EVERYWHERE | {to_camel(name) for kind in ENTITIES for name in kind.DERIVED | kind.SECRET}
BY_DESIGN: Final = {"rateMilestone": {"confidence"}, "resolveDataQualityFlag": {"resolution"}}
"""What an operation sets because that is what it is for."""


@dataclass
class Assigned:
    """How many pairs of a body and a member were tried, and which were taken."""

    tried: int = 0
    accepted: list[str] = field(default_factory=list)

    def note(self, name: str, members: frozenset[str], refused: set[str]) -> None:
        self.tried += len(members)
        self.accepted += [f"{name}: {member}" for member in sorted(members - refused)]


def forbidden_of(operation: Operation, taken: set[str]) -> frozenset[str]:
    """What must be refused here: all that is protected anywhere, but for what this kind of record lets a caller give."""
    entity = NOUNS[operation.plural].entity
    own = EVERYWHERE | {to_camel(name) for name in entity.DERIVED | entity.SECRET}
    if operation.method == "PATCH":
        own |= {to_camel(name) for name in entity.FIXED}
    return (PROTECTED - (taken - own)) | own - BY_DESIGN.get(operation.name, set())


async def over_rest(estate: Estate) -> Assigned:
    made, document = Assigned(), estate.installation.app.openapi()
    north = estate.records[Place.NORTH]
    async with estate.client(Principal(Role.ADMINISTRATOR, narrow=False)) as client:
        for operation in operations(estate.installation.app):
            if not operation.writes:
                continue
            question = about(operation, north)
            wanted = forbidden_of(operation, members_of(document, operation)) - BY_DESIGN.get(operation.name, set())
            body = {**(question.body or {}), **dict.fromkeys(wanted, "x")}
            with rehearsing(estate):  # so that where everything is taken, nothing stays of it
                answer = await client.request(
                    operation.method, question.address, content=orjson.dumps(body), headers=question.headers()
                )
            made.note(operation.name, wanted, refused_in(answer))
    return made


def members_of(document: dict[str, Any], operation: Operation) -> set[str]:
    """The members of a body, as the published document has them."""
    said = document["paths"][operation.path][operation.method.lower()]["requestBody"]
    model = next(iter(said["content"].values()))["schema"]
    while "$ref" in model:
        model = document["components"]["schemas"][model["$ref"].rpartition("/")[2]]
    return set(model.get("properties", {}))


def refused_in(answer: httpx.Response) -> set[str]:
    """The members that a refusal names."""
    if answer.status_code != 422:
        return set()
    return {fault["pointer"].strip("/").partition("/")[0] for fault in answer.json()["errors"]}


def over_graphql() -> Assigned:
    """Every mutation with everything that is protected in its input: the document itself is not valid."""
    made, made_schema = Assigned(), core(schema())
    mutations = made_schema.mutation_type
    assert mutations is not None
    ours = {operation: noun for noun in NOUNS.values() for operation in (f"create{noun.title}", f"change{noun.title}")}
    for name, told in mutations.fields.items():
        given = get_named_type(told.args["input"].type) if "input" in told.args else None
        if not isinstance(given, GraphQLInputObjectType):
            continue
        entity = ours[name].entity if name in ours else None
        own = EVERYWHERE | {to_camel(one) for one in (entity.DERIVED | entity.SECRET if entity else ())}
        wanted = ((PROTECTED - set(given.fields)) | own) - BY_DESIGN.get(name, set())
        said = ", ".join(f'{member}: "x"' for member in sorted(wanted))
        document = parse(f"mutation {{ {name}(input: {{ {said} }}) {{ __typename }} }}")
        errors = validate(made_schema, document, [ValuesOfCorrectTypeRule], hide_suggestions=True)
        told_of = " ".join(error.message.partition(", found")[0] for error in errors)
        refused = {one for one in wanted if f"unknown field '{one}'" in told_of}
        made.note(name, wanted, refused)
    return made


@contextmanager
def extra_allowed() -> Iterator[None]:
    """The defect: bodies take whatever they are sent."""
    every = list(_below(Body))
    _rebuild(every, "allow")
    try:
        yield
    finally:
        _rebuild(every, "forbid")


def _below(model: type[Body]) -> Iterator[type[Body]]:
    for one in model.__subclasses__():
        yield one
        yield from _below(one)


def _rebuild(models: list[type[Body]], extra: Any) -> None:
    for model in models:
        model.model_config["extra"] = extra
    for model in models:
        model.model_rebuild(force=True)
