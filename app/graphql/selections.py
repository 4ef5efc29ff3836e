"""What an operation selects: fields of a type with those of one key merged, their arguments, and the shapes of answers."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import FieldNode, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode, get_named_type
from graphql.execution.collect_fields import FieldDetailsList, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues

from app.graphql.plan import Shape
from app.graphql.sources import Source, read, sources


class Selections:
    """The selections of one operation. Directives are applied, fragments followed and repeated fields merged by graphql-core."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: dict[str, FragmentDetails],
        operation: OperationDefinitionNode,
        values: VariableValues,
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._operation = operation
        self._values = values

    @property
    def variables(self) -> Mapping[str, Any]:
        return self._values.coerced

    def roots(self, root_type: GraphQLObjectType) -> Iterator[tuple[str, FieldDetailsList]]:
        """The root fields, in the order they are told."""
        collected = collect_fields(
            self._schema, self._fragments, self._values, root_type, self._operation, hide_suggestions=True
        )
        yield from collected.grouped_field_set.items()

    def subfields(self, type_name: str, details: FieldDetailsList) -> Iterator[tuple[str, FieldDetailsList]]:
        """The fields selected of a type, those of one key merged, in the order they are told."""
        kind = self.type(type_name)
        collected = collect_subfields(
            self._schema, self._fragments, self._values, self._operation, kind, details, hide_suggestions=True
        )
        yield from collected.grouped_field_set.items()

    def arguments(self, type_name: str, node: FieldNode) -> dict[str, Source]:
        return sources(node, self.type(type_name).fields[node.name.value], self.variables)

    def said(self, given: Mapping[str, Source], name: str) -> Any:
        """A value that shapes the statement: variables like it are part of the plan's key."""
        return read(given[name], self.variables) if name in given else None

    def shape(self, type_name: str, details: FieldDetailsList) -> Shape:
        """What is selected of an answer."""
        parts: list[tuple[str, str | None, str, Shape | None]] = []
        for key, each in self.subfields(type_name, details):
            name = each[0].node.name.value
            if name == "__typename":
                parts.append((key, None, type_name, None))
                continue
            inner = get_named_type(self.type(type_name).fields[name].type)
            below = self.shape(inner.name, each) if isinstance(inner, GraphQLObjectType) else None
            parts.append((key, name, "", below))
        return Shape(tuple(parts))

    def type(self, name: str) -> GraphQLObjectType:
        kind = self._schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        return kind


def or_typename(details: FieldDetailsList, typename: str) -> str:
    """The name of the field, or the type's where that is asked for."""
    name = details[0].node.name.value
    return typename if name == "__typename" else name
