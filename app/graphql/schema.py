"""The schema: every noun, answer and change as fields of Query, Mutation and Subscription."""

import gc
from functools import cache
from typing import Any, Final

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext
from strawberry.types.field import StrawberryField

from app.graphql.doing import MutationField
from app.graphql.mutations import mutations
from app.graphql.nouns import arguments_of, connection_of, plural, record_of, single
from app.graphql.running import AlreadyPrepared, FinishedBytes
from app.graphql.scalars import SCALARS
from app.graphql.subscriptions import subscription_fields
from app.graphql.types import Field, Given, given_of, made, make, object_of
from app.operations.registry import ANSWERS
from app.queries.nouns import NOUNS
from app.queries.trusts import TRUSTS

_ID: Final = Given("ID", "Its global id, or its id as REST tells it.")
_AS_OF: Final = Given("datetime | None", "As it was at this instant, answered from the event log.")


@cache
def query_fields() -> dict[str, Field]:
    """Every field of Query."""
    fields = {
        "node": Field(
            "Node | None", "Anything by its global id; null where there is none in sight.", {"id": Given("ID")}
        ),
        "nodes": Field("list[Node | None]", "Several by their global ids, in that order.", {"ids": Given("list[ID]")}),
        "trust": Field("Trust", "The trust whose credential this is.", {"asOf": _AS_OF}),
    }
    for noun in NOUNS.values():
        record_of(noun), connection_of(noun)
        if noun is not TRUSTS:
            fields[single(noun)] = Field(f"{noun.title} | None", f"One record. {noun.doc}", {"id": _ID, "asOf": _AS_OF})
            fields[plural(noun)] = Field(f"{noun.title}Connection", noun.doc, {**arguments_of(noun), "asOf": _AS_OF})
    for answer in ANSWERS:
        if answer.of is None:
            told = Field(f"{object_of(answer.gives)} | None", f"{answer.summary}. {answer.doc}", given_of(answer.asked))
            assert answer.called not in fields, f"Query has a field {answer.called} already"
            fields[answer.called] = told
    return fields


@cache
def schema() -> strawberry.Schema:
    """The whole schema, made once in a process.

    Its hundreds of thousands of objects are never to be looked through for garbage, which takes half a second each time.
    What is frozen is kept for good, so whatever is garbage now goes first.
    """
    make("Query", "Whatever can be read.", query_fields())
    make("Mutation", "Whatever can be done. Each is one transaction.", _mutation_fields(), fields_of=_mutation_field)
    make("Subscription", "What can be followed.", subscription_fields())
    whole = _Schema(
        query=made("Query"),
        mutation=made("Mutation"),
        subscription=made("Subscription"),
        types=[made(noun.title) for noun in NOUNS.values()],
        extensions=[AlreadyPrepared],
        execution_context_class=FinishedBytes,
        config=StrawberryConfig(auto_camel_case=False, scalar_map=SCALARS),
    )
    gc.collect()
    gc.freeze()
    return whole


class _Schema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """The door tells of errors, and logs what is a fault of ours: without the document's text, which is not ours to keep."""


def _mutation_fields() -> dict[str, Field]:
    return {name: mutation.field() for name, mutation in mutations().items()}


def _mutation_field(name: str, **settings: Any) -> StrawberryField:
    field = MutationField(graphql_name=name, **settings)
    field.mutation = mutations()[name]
    return field
