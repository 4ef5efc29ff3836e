"""Running a prepared document: queries by their plan, everything else by strawberry."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson
from graphql import GraphQLSchema, OperationDefinitionNode, OperationType
from graphql.execution.values import VariableValues
from strawberry import Schema
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types import ExecutionResult

from app.db.database import Database
from app.domain.actor import Actor
from app.graphql.execute import Answered, answer, check, reading
from app.graphql.following import Subscriber, Told, follow
from app.graphql.introspection import SchemaAnswers
from app.graphql.limits import RefusedDocument
from app.graphql.plan import Asked
from app.graphql.prepared import Prepared, prepare
from app.graphql.refusing import refused
from app.graphql.subscriptions import Subscription
from app.graphql.telling import in_time
from app.operations.refusals import Refused

_POST: Final = {"Allow": "POST"}


@dataclass(frozen=True)
class Running:
    """One operation at work: what a mutation or a subscription needs to know of it."""

    prepared: Prepared
    operation: OperationDefinitionNode
    values: VariableValues
    actor: Actor
    database: Database
    answered: Answered
    service: Any = None

    def asked(self) -> Asked:
        return Asked(self.actor, self.database.clock(), self.values.coerced)


class FinishedBytes(StrawberryGraphQLCoreExecutionContext):
    """A resolver may answer its whole selection with finished JSON; it is then not completed again."""

    def complete_value(self, return_type: Any, *details: Any) -> Any:
        result = details[3]
        return result if type(result) is orjson.Fragment else super().complete_value(return_type, *details)


class AlreadyPrepared(SchemaExtension):
    """The document was parsed and validated before; strawberry does neither again."""

    async def on_parse(self) -> AsyncIterator[None]:
        self.execution_context.graphql_document = self.execution_context.context.prepared.document
        yield

    async def on_validate(self) -> AsyncIterator[None]:
        self.execution_context.pre_execution_errors = []
        yield


class Engine:
    """What reads and runs documents for every transport."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._answers = SchemaAnswers(core(schema))

    def prepare(self, text: str, *, may_read_schema: bool) -> Prepared:
        return prepare(core(self._schema), text, may_read_schema=may_read_schema)

    def running(
        self,
        prepared: Prepared,
        operation_name: str | None,
        variables: Mapping[str, Any],
        actor: Actor,
        database: Database,
        service: Any = None,
    ) -> Running:
        operation = prepared.operation(operation_name)
        values = prepared.values(operation, variables)
        return Running(prepared, operation, values, actor, database, Answered(None), service)

    async def execute(
        self,
        prepared: Prepared,
        *,
        operation_name: str | None,
        variables: Mapping[str, Any],
        actor: Actor,
        app_state: Any,
        explain: bool,
        trace_id: str,  # noqa: ARG002  for those who log by it
        allow_mutations: bool,
    ) -> ExecutionResult:
        """The result, its data as finished JSON where it is a query's."""
        running = self.running(prepared, operation_name, variables, actor, app_state.database, app_state)
        kind = running.operation.operation
        if kind is OperationType.SUBSCRIPTION:
            raise RefusedDocument(refused("bad-request", "Subscribe over WebSocket or server-sent events."))
        if kind is OperationType.MUTATION and not allow_mutations:
            raise Refused(
                "method-not-allowed", "GET reads and changes nothing: send a mutation with POST.", headers=_POST
            )
        if kind is OperationType.MUTATION:
            result = await self._change(running, variables)
        elif prepared.asks_about_schema(running.operation, running.values):
            result = await self._describe(running, variables)
        else:
            result = await self._read(running)
        if explain:
            result.extensions = {**(result.extensions or {}), "explain": running.answered.explained(actor)}
        return result

    def is_subscription(self, prepared: Prepared, operation_name: str | None) -> bool:
        return prepared.operation(operation_name).operation is OperationType.SUBSCRIPTION

    async def subscribe(
        self,
        prepared: Prepared,
        *,
        operation_name: str | None,
        variables: Mapping[str, Any],
        subscriber: Subscriber,
        app_state: Any,
    ) -> Told:
        """The results, one by one, from a subscription that may be followed."""
        subscription = Subscription(prepared, operation_name, variables)
        return await follow(subscription, subscriber, app_state.database, app_state.feed)

    async def _read(self, running: Running) -> ExecutionResult:
        plan, asked = running.prepared.plan(running.operation, running.values), running.asked()
        refusal = check(plan, asked)
        if refusal is not None:
            raise RefusedDocument(refusal)
        async with in_time(), reading(plan, running.actor, running.database) as reader:
            answered = await answer(plan, asked, reader)
        running.answered.statements += answered.statements
        running.answered.filled += answered.filled
        data = None if answered.data is None else orjson.Fragment(answered.data)
        return ExecutionResult(data=data, errors=answered.errors or None)  # type: ignore[arg-type]  # spliced when it is sent

    async def _change(self, running: Running, variables: Mapping[str, Any]) -> ExecutionResult:
        """Each mutation in its turn, unless all of them together ask to read back too much."""
        plan = running.prepared.plan(running.operation, running.values)
        refusal = check(replace(plan, needs={}), running.asked())
        if refusal is not None:
            raise RefusedDocument(refusal)
        result = await self._schema.execute(
            "-",
            variable_values=dict(variables),
            context_value=running,
            operation_name=_name(running.operation),
        )
        assert isinstance(result, ExecutionResult)
        result.errors = [*(result.errors or ()), *running.answered.errors] or None
        return result

    async def _describe(self, running: Running, variables: Mapping[str, Any]) -> ExecutionResult:
        prepared = running.prepared
        data, errors = await self._answers.answer(prepared.text, prepared.document, _name(running.operation), variables)
        return ExecutionResult(data=data and orjson.Fragment(data), errors=list(errors) or None)  # type: ignore[arg-type]  # spliced when it is sent


def core(schema: Schema) -> GraphQLSchema:
    """The schema as graphql-core has it."""
    return schema._schema  # noqa: SLF001  strawberry gives it no public name


def _name(operation: OperationDefinitionNode) -> str | None:
    return operation.name.value if operation.name else None
