"""Documents made ready: parsed, held to the limits, validated and remembered by their text, with the plans of their operations."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues, get_variable_values

from app.graphql.limits import MAX_ERRORS, RefusedDocument, examine
from app.graphql.plan import TITLES, Plan
from app.graphql.planner import Planner
from app.graphql.refusing import refused
from app.graphql.roots import plan_root
from app.graphql.sources import shape_of

_REMEMBERED: Final = 1000
_PLANS: Final = 64


@dataclass(frozen=True, eq=False)
class Prepared:
    """A document that may be executed."""

    schema: GraphQLSchema
    document: DocumentNode
    operations: Mapping[str, OperationDefinitionNode]
    fragments: dict[str, FragmentDetails]
    plans: "OrderedDict[Any, Plan]" = field(default_factory=OrderedDict)

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
            *(refused("invalid", error.message, next(iter(error.nodes or ()), None)) for error in told)
        )

    def plan(self, operation: OperationDefinitionNode, values: VariableValues) -> Plan:
        """The plan for variables of this shape: made once."""
        name = operation.name.value if operation.name else None
        key = (name, shape_of(operation, values.coerced, TITLES))
        plan = self.plans.get(key)
        if plan is None:
            plan = self._planned(operation, values)
            self.plans[key] = plan
            if len(self.plans) > _PLANS:
                self.plans.popitem(last=False)
        return plan

    def _planned(self, operation: OperationDefinitionNode, values: VariableValues) -> Plan:
        query = self.schema.query_type
        assert query is not None
        return Planner(self.schema, self.fragments, operation, values).plan(query, plan_root)


@lru_cache(maxsize=_REMEMBERED)
def prepare(schema: GraphQLSchema, text: str, *, may_read_schema: bool) -> Prepared:
    """A document, ready to be executed. One that is refused is not remembered."""
    document = examine(schema, text, may_read_schema=may_read_schema)
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
    return Prepared(schema, document, operations, fragments)


def is_query(operation: OperationDefinitionNode) -> bool:
    return operation.operation is OperationType.QUERY
