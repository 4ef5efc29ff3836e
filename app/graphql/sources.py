"""Where the value of an argument comes from: the document, or a variable of it. A plan keeps the source and not the value."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    TypeNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    print_ast,
)
from graphql.utilities.coerce_input_value import coerce_input_literal


@dataclass(frozen=True)
class Literal:
    """A value that stands in the document."""

    value: Any


@dataclass(frozen=True)
class Path:
    """A value inside a variable."""

    variable: str
    keys: tuple[str, ...] = ()


Source = Literal | Path | dict[str, "Source"] | list["Source"]


def sources(node: FieldNode, field: GraphQLField, variables: Mapping[str, Any]) -> dict[str, Source]:
    """The arguments that are given: neither left out nor null."""
    given = {}
    for argument in node.arguments or ():
        source = _source(argument.value, field.args[argument.name.value].type, variables)
        if source is not None:
            given[argument.name.value] = source
    return given


def members(source: Source, variables: Mapping[str, Any]) -> dict[str, Source]:
    """What is given inside an object."""
    if isinstance(source, dict):
        return source
    held = read(source, variables)
    if isinstance(source, Path):
        return {key: Path(source.variable, (*source.keys, key)) for key, value in held.items() if value is not None}
    return {key: Literal(value) for key, value in held.items() if value is not None}


def read(source: Source, variables: Mapping[str, Any]) -> Any:
    """The value itself: plain JSON."""
    match source:
        case Literal():
            return plain(source.value)
        case Path():
            value = variables[source.variable]
            for key in source.keys:
                value = value[key]
            return plain(value)
        case dict():
            return {key: read(one, variables) for key, one in source.items()}
        case _:
            return [read(one, variables) for one in source]


def plain(value: Any) -> Any:
    """A coerced value as JSON has it: words of an enum as text."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value


def shape_of(
    operation: OperationDefinitionNode, variables: Mapping[str, Any], titles: frozenset[str]
) -> tuple[Any, ...]:
    """All that a plan may depend on of the variables: which are there, and the values that shape the statement."""
    return tuple(
        _shape(variables.get(definition.variable.name.value), _named(definition.type), titles)
        for definition in operation.variable_definitions or ()
    )


def _shape(value: Any, kind: str, titles: frozenset[str]) -> Any:
    """Yes or no, an order, and the kind of record an id names shape a statement. Of the rest, whether it is there."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, dict):
        return tuple(sorted((key, _shape(one, "", titles)) for key, one in value.items()))
    if isinstance(value, list):
        return frozenset(_shape(one, kind, titles) for one in value) if kind == "ID" else "list"
    if kind == "ID":
        title = str(value).partition(":")[0]
        return title if title in titles else "id"
    return plain(value) if kind.endswith("Sort") else "given"


def _named(node: TypeNode) -> str:
    return print_ast(node).strip("[]!")


def _source(node: ValueNode, kind: GraphQLInputType, variables: Mapping[str, Any]) -> Source | None:
    if isinstance(node, VariableNode):
        name = node.name.value
        return None if variables.get(name) is None else Path(name)
    if isinstance(node, NullValueNode):
        return None
    inner = get_nullable_type(kind)
    if isinstance(node, ObjectValueNode) and isinstance(inner, GraphQLInputObjectType):
        told = {one.name.value: _source(one.value, inner.fields[one.name.value].type, variables) for one in node.fields}
        return {key: source for key, source in told.items() if source is not None}
    if isinstance(node, ListValueNode) and isinstance(inner, GraphQLList):
        each = (_source(one, inner.of_type, variables) for one in node.values)
        return [source for source in each if source is not None]
    assert get_named_type(kind) is not None
    return Literal(coerce_input_literal(node, kind))
