"""A schema that is small and goes wrong on demand, behind the real door: for tests of the door itself."""

from collections.abc import Mapping
from typing import Any

import strawberry
from graphql import DocumentNode, execute, get_operation_ast
from strawberry.types import ExecutionResult

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.graphql.limits import RefusedDocument, examine
from app.graphql.refusing import refused
from app.operations.refusals import Refused


@strawberry.type
class Walk:
    name: str = "walk"

    @strawberry.field
    def next(self) -> "Walk":
        return Walk()


@strawberry.type
class Query:
    walk: Walk = strawberry.field(resolver=Walk)

    @strawberry.field
    def hello(self, name: str = "you", names: list[str] | None = None) -> str:
        return " ".join(["hello", *(names or [name])])

    @strawberry.field
    def fault(self) -> str | None:
        raise RuntimeError("a secret of the machine")

    @strawberry.field
    def away(self) -> str:
        raise ConnectionResetError("a secret of the network")

    @strawberry.field
    def missing(self) -> str | None:
        raise NotFound("There is no such thing.")


@strawberry.type
class Mutation:
    @strawberry.mutation
    def change(self) -> str:
        return "changed"


schema = strawberry.Schema(Query, Mutation)
CORE = schema._schema


class Toy:
    """graphql-core's own executor, under the door's contract."""

    def prepare(self, text: str, *, may_read_schema: bool) -> DocumentNode:
        return examine(CORE, text, may_read_schema=may_read_schema)

    def is_subscription(self, prepared: DocumentNode, operation_name: str | None) -> bool:
        operation = get_operation_ast(prepared, operation_name)
        return operation is not None and operation.operation.value == "subscription"

    async def execute(
        self,
        prepared: DocumentNode,
        *,
        operation_name: str | None,
        variables: Mapping[str, Any],
        actor: Actor,
        app_state: Any,  # noqa: ARG002  the contract's
        explain: bool,
        trace_id: str,  # noqa: ARG002  likewise
        allow_mutations: bool,
    ) -> ExecutionResult:
        operation = get_operation_ast(prepared, operation_name)
        if operation is None:
            raise RefusedDocument(refused("bad-request", "Say which operation."))
        if operation.operation.value == "mutation" and not allow_mutations:
            raise Refused("method-not-allowed", "Send changes with POST.", headers={"Allow": "POST"})
        result = execute(CORE, prepared, variable_values=dict(variables), operation_name=operation_name)
        if hasattr(result, "__await__"):
            result = await result
        extensions = {"explain": {"actor": actor.subject}} if explain else None
        return ExecutionResult(result.data, result.errors, extensions)
