"""Documents made ready: parsed, held to the limits, validated and remembered by their text, with the plans of their operations."""

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution.collect_fields import FragmentDetails, collect_fields
from graphql.execution.values import VariableValues, get_variable_values

from app.domain.trusted_documents import MAX_TEXT
from app.graphql.limits import MAX_ERRORS, RefusedDocument, examine
from app.graphql.memory import Memory
from app.graphql.mutations import plan_mutation
from app.graphql.plan import TITLES, Plan
from app.graphql.planner import Planner
from app.graphql.refusing import not_sent_back, refused
from app.graphql.roots import INTROSPECTION, plan_root
from app.graphql.sources import shape_of

_REMEMBERED: Final = 64 << 20
_REFUSED: Final = 2 << 20
_TOKEN: Final = 600
"""The bytes that a token takes with the nodes around it: measured on documents of 1,000 tokens."""
_PLANS: Final = 64
_PLAN: Final = 4_000
_ERROR: Final = 1_000
_SCHEMA: Final = re.compile(r"\b__(schema|type)\b")


def _unnoticed(_bytes: int) -> None:
    """Nobody weighs this document."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A document that may be executed. `grown` is told of the bytes that it comes to take for its plans."""

    schema: GraphQLSchema
    document: DocumentNode
    operations: Mapping[str, OperationDefinitionNode]
    fragments: dict[str, FragmentDetails]
    text: str = ""
    plans: "OrderedDict[Any, Plan]" = field(default_factory=OrderedDict)
    grown: Callable[[int], None] = _unnoticed

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation that is asked for."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name is None:
            raise RefusedDocument(
                refused("bad-request", "The document has several operations: say which by `operationName`.")
            )
        if name not in self.operations:
            raise RefusedDocument(refused("bad-request", "The document has no operation of this `operationName`."))
        return self.operations[name]

    def values(self, operation: OperationDefinitionNode, given: Mapping[str, Any]) -> VariableValues:
        """The variables' values, coerced; without a suggestion of what else could have been meant."""
        told = get_variable_values(
            self.schema, operation.variable_definitions or (), dict(given), max_errors=MAX_ERRORS, hide_suggestions=True
        )
        if isinstance(told, VariableValues):
            return told
        raise RefusedDocument(
            *(refused("invalid", not_sent_back(error.message), next(iter(error.nodes or ()), None)) for error in told)
        )

    def plan(self, operation: OperationDefinitionNode, values: VariableValues) -> Plan:
        """The plan for variables of this shape: made once."""
        name = operation.name.value if operation.name else None
        key = (name, shape_of(operation, values.coerced, TITLES))
        plan = self.plans.get(key)
        if plan is not None:
            self.plans.move_to_end(key)
            return plan
        self.plans[key] = plan = self._planned(operation, values)
        grown = _weight_of(plan)
        if len(self.plans) > _PLANS:
            grown -= _weight_of(self.plans.popitem(last=False)[1])
        self.grown(grown)
        return plan

    def asks_about_schema(self, operation: OperationDefinitionNode, values: VariableValues) -> bool:
        """Whether the operation asks about the schema, and then about nothing else."""
        if not is_query(operation) or not _SCHEMA.search(self.text):
            return False
        asked = collect_fields(
            self.schema, self.fragments, values, self._root(operation), operation, hide_suggestions=True
        )
        names = {details[0].node.name.value for details in asked.grouped_field_set.values()}
        if names & INTROSPECTION and names - INTROSPECTION - {"__typename"}:
            raise RefusedDocument(refused("bad-request", "Ask about the schema in an operation of its own."))
        return bool(names & INTROSPECTION)

    def _planned(self, operation: OperationDefinitionNode, values: VariableValues) -> Plan:
        root = plan_root if is_query(operation) else plan_mutation
        return Planner(self.schema, self.fragments, operation, values).plan(self._root(operation), root)

    def _root(self, operation: OperationDefinitionNode) -> GraphQLObjectType:
        root = self.schema.get_root_type(operation.operation)
        assert root is not None
        return root


_documents: Final[Memory[tuple[GraphQLSchema, str, bool], Prepared]] = Memory(_REMEMBERED)
_refusals: Final[Memory[tuple[GraphQLSchema, str, bool], tuple[GraphQLError, ...]]] = Memory(_REFUSED)


def prepare(schema: GraphQLSchema, text: str, *, may_read_schema: bool) -> Prepared:
    """A document, ready to be executed. One that is refused is remembered too, but for one too long to be looked at."""
    key = schema, text, may_read_schema
    known = _documents.get(key)
    if known is not None:
        return known
    errors = _refusals.get(key)
    if errors is not None:
        raise RefusedDocument(*errors)
    try:
        document = examine(schema, text, may_read_schema=may_read_schema)
    except RefusedDocument as refusal:
        if len(text) <= MAX_TEXT:
            errors = tuple(map(_bare, refusal.errors))
            _refusals.keep(key, errors, len(text) + sum(_ERROR + len(error.message) for error in errors))
        raise
    made = _made(schema, document, text, partial(_documents.grow, key))
    _documents.keep(key, made, len(text) + _TOKEN * document.token_count)
    return made


def forget() -> None:
    """Forget every document, and its plans with it."""
    _documents.clear()
    _refusals.clear()


def _made(schema: GraphQLSchema, document: DocumentNode, text: str, grown: Callable[[int], None]) -> Prepared:
    operations = {
        (node.name.value if node.name else ""): node
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    }
    fragments = {
        node.name.value: FragmentDetails(node)
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    return Prepared(schema, document, operations, fragments, text, grown=grown)


def _bare(error: GraphQLError) -> GraphQLError:
    """The same error at the same place, without the document's nodes, which weigh much."""
    return GraphQLError(error.message, None, error.source, error.positions, extensions=error.extensions)


def _weight_of(plan: Plan) -> int:
    """A plan is its statements, and about as much again around them."""
    return sum(2 * len(statement.sql) for root in plan.roots for statement in root.statements) + _PLAN


def is_query(operation: OperationDefinitionNode) -> bool:
    return operation.operation is OperationType.QUERY
