"""Planning: the selection of a root field becomes one statement, with what it takes bound, counted and permitted."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from graphql import FieldNode, GraphQLError, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode, get_named_type
from graphql.execution.collect_fields import FieldDetailsList, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues

from app.db.graph import (
    Connection,
    Constant,
    Edges,
    GlobalId,
    History,
    Hole,
    Member,
    Nodes,
    Order,
    PageInfo,
    Part,
    Record,
    Reference,
    Total,
    Value,
    page_statement,
    record_statement,
    records_statement,
)
from app.db.noun import Noun
from app.domain.actor import Actor, Permission
from app.domain.permissions import to_read
from app.graphql.cursors import read_cursor
from app.graphql.meanings import BY_TITLE, Asking, Below, Happened, Identity, Own, Pointing, meanings
from app.graphql.nouns import PAGE
from app.graphql.refusing import refused
from app.graphql.sources import Source, members, read, sources
from app.operations.operation import Answer
from app.queries.events import hidden_nouns, told_events
from app.queries.reading import Moment

MOST: Final = 500
"""Records a page may have."""
ANSWER_COST: Final = 50
"""A computed answer counts as so many rows."""
TITLES: Final = frozenset(BY_TITLE)


@dataclass(frozen=True)
class Asked:
    """Who asks, when, and the values of the operation's variables."""

    actor: Actor
    now: datetime
    variables: Mapping[str, Any]

    def value(self, source: Source) -> Any:
        return read(source, self.variables)


Binding = Callable[[Asked], Any]


@dataclass(frozen=True)
class Size:
    """How many rows a part of the plan may fetch for each row above it."""

    rows: Binding
    inner: "tuple[Size, ...]" = ()

    def of(self, asked: Asked) -> int:
        rows: int = self.rows(asked)
        return rows * (1 + sum(size.of(asked) for size in self.inner)) if self.inner else rows


@dataclass(frozen=True)
class Shape:
    """What is selected of an answer: each key with the member it shows, or else a constant text; and what of that."""

    parts: "tuple[tuple[str, str | None, str, Shape | None], ...]"


@dataclass(frozen=True)
class Filling:
    """What is to stand in a hole: which answer, asked with what, cut to which shape."""

    answer: Answer
    arguments: Mapping[str, Source]
    shape: Shape
    node: FieldNode


Walk = dict[str, "Filling | Walk"]  # type: ignore[misc]  # it names itself
"""Where the holes of an answer are, by the keys that lead there; lists are walked through."""


@dataclass(frozen=True)
class Statement:
    """One statement with what is bound to it, after the trust, today and the academies in sight."""

    sql: str
    bound: tuple[Binding, ...]
    title: str = ""


@dataclass(frozen=True)
class Root:
    """A root field: the statements that answer it, the filling where it is a computed answer, or a constant text."""

    key: str
    node: FieldNode
    statements: tuple[Statement, ...] = ()
    walk: Walk = field(default_factory=dict)
    filling: Filling | None = None
    constant: str | None = None
    ids: Source | None = None
    as_of: Source | None = None
    optional: bool = False


@dataclass(frozen=True)
class Plan:
    roots: tuple[Root, ...]
    sizes: tuple[Size, ...]
    needs: Mapping[Permission, FieldNode]


@dataclass
class _Planning:
    """One root statement in the making."""

    bound: list[Binding] = field(default_factory=list)

    def take(self, binding: Binding, cast: str) -> str:
        self.bound.append(binding)
        return f"${len(self.bound) + 3}::{cast}"


class Planner:
    """Plans one operation for variables of one shape."""

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
        self.needs: dict[Permission, FieldNode] = {}
        self._sizes: list[Size] = []
        self._statement = _Planning()

    def plan(self, root_type: GraphQLObjectType, root: Callable[["Planner", str, FieldDetailsList], Root]) -> Plan:
        """The whole operation; `root` plans one root field and says how large it is."""
        grouped = collect_fields(
            self._schema, self._fragments, self._values, root_type, self._operation, hide_suggestions=True
        ).grouped_field_set
        roots = tuple(root(self, key, details) for key, details in grouped.items())
        return Plan(roots, tuple(self._sizes), dict(self.needs))

    @property
    def variables(self) -> Mapping[str, Any]:
        return self._values.coerced

    def arguments(self, type_name: str, node: FieldNode) -> dict[str, Source]:
        parent = self._schema.type_map[type_name]
        assert isinstance(parent, GraphQLObjectType)
        return sources(node, parent.fields[node.name.value], self.variables)

    def one(self, key: str, details: FieldDetailsList, noun: Noun, wanted: Binding, as_of: Source | None) -> Root:
        """A root field that is one record."""
        self._statement, walk, inner = _Planning(), {}, []
        placeholder = self._statement.take(wanted, "uuid")
        at = self._at(as_of)
        record = self.record(noun, details, walk, inner)
        self._sizes.append(Size(_one, tuple(inner)))
        made = Statement(record_statement(record, placeholder, at), tuple(self._statement.bound))
        return Root(key, details[0].node, (made,), walk, as_of=as_of, optional=True)

    def several(
        self, key: str, details: FieldDetailsList, ids: Source, titles: Mapping[str, Noun], *, optional: bool
    ) -> Root:
        """Root fields `node` and `nodes`: a statement for each kind that the ids name."""
        statements, walk, inner = [], {}, []
        for title, noun in titles.items():
            self._statement = _Planning()
            placeholder = self._statement.take(_of_title(ids, title), "uuid[]")
            record = self.record(noun, details, walk, inner)
            made = records_statement(record, placeholder)
            statements.append(Statement(made, tuple(self._statement.bound), title))
        self._sizes.append(Size(lambda asked: len(_listed(asked.value(ids))), tuple(inner)))
        return Root(key, details[0].node, tuple(statements), walk, ids=ids, optional=optional)

    def page(self, key: str, details: FieldDetailsList, noun: Noun, as_of: Source | None) -> Root:
        """A root field that is a page of records."""
        self._statement, walk, inner = _Planning(), {}, []
        given = self.arguments("Query", details[0].node)
        at = self._at(as_of)
        page = self.connection(key, details, noun, given, walk, inner)
        self._sizes += inner
        made = Statement(page_statement(page, at), tuple(self._statement.bound))
        return Root(key, details[0].node, (made,), walk, as_of=as_of)

    def answered(self, key: str, details: FieldDetailsList, type_name: str, answer: Answer) -> Root:
        """A root field that is a computed answer."""
        self._sizes.append(Size(_answer_cost))
        return Root(key, details[0].node, filling=self._filling(details, type_name, answer), optional=True)

    def selected(self, noun: Noun, details: FieldDetailsList) -> tuple[Statement, Walk]:
        """A record that a mutation answers with: its id is bound first."""
        self._statement, walk = _Planning(), {}
        placeholder = self._statement.take(lambda asked: asked.variables["__record"], "uuid")
        record = self.record(noun, details, walk, self._sizes)
        return Statement(record_statement(record, placeholder), tuple(self._statement.bound)), walk

    def rows(self, asked: Asked) -> int:
        """How many rows all that was planned may fetch."""
        return sum(size.of(asked) for size in self._sizes)

    def record(self, noun: Noun, details: FieldDetailsList, walk: Walk, sizes: list[Size]) -> Record:
        """What is selected of a record."""
        self._need(to_read(noun.entity), details[0].node)
        found = meanings(noun)
        parts: list[Part] = []
        for key, each in self._subfields(noun.title, details):
            node = each[0].node
            if node.name.value == "__typename":
                parts.append(Constant(key, noun.title))
                continue
            match found[node.name.value]:
                case Identity():
                    parts.append(GlobalId(key))
                case Own() as own:
                    parts.append(Value(key, own.field))
                case Pointing() as pointing:
                    below: Walk = {}
                    inner: list[Size] = []
                    parts.append(Reference(key, pointing.column, self.record(pointing.noun, each, below, inner)))
                    sizes.append(Size(_one, tuple(inner)))
                    _remember(walk, key, below)
                case Below() as under:
                    given = self.arguments(noun.title, node)
                    below = {}
                    parts.append(self.connection(key, each, under.noun, given, below, sizes, under))
                    _remember(walk, key, below)
                case Happened():
                    parts.append(self._history(key, each, self.arguments(noun.title, node), sizes))
                case Asking() as asking:
                    parts.append(Hole(key))
                    sizes.append(Size(_answer_cost))
                    walk[key] = self._filling(each, noun.title, asking.answer)
        return Record(noun, tuple(parts))

    def connection(
        self,
        key: str,
        details: FieldDetailsList,
        noun: Noun,
        given: Mapping[str, Source],
        walk: Walk,
        sizes: list[Size],
        below: Below | None = None,
    ) -> Connection:
        """A page of records, and what narrows it."""
        self._need(to_read(noun.entity), details[0].node)
        count = _count(given)
        limit = self._statement.take(count, "int")
        order = self._order(noun, given)
        narrowed = members(given["filter"], self.variables) if "filter" in given else {}
        conditions = tuple(
            noun.filters[name].sql.replace(
                "{value}", self._statement.take(_value(source, noun.filters[name].cast), noun.filters[name].cast)
            )
            for name, source in narrowed.items()
        )
        inner: list[Size] = []
        made = tuple(self._members(noun, details, walk, inner))
        sizes.append(Size(count, tuple(inner)))
        return Connection(
            key,
            noun,
            made,
            limit,
            order,
            tuple(f"({condition})" for condition in conditions),
            below=below.condition if below else "",
            column=below.column if below else "",
            withdrawn=bool(self._said(given, "includeWithdrawn")),
        )

    def _members(self, noun: Noun, details: FieldDetailsList, walk: Walk, sizes: list[Size]) -> Iterator[Member]:
        for key, each in self._subfields(f"{noun.title}Connection", details):
            below: Walk = {}
            match each[0].node.name.value:
                case "nodes":
                    yield Nodes(key, self.record(noun, each, below, sizes))
                case "edges":
                    yield Edges(key, tuple(self._edge(noun, each, below, sizes)))
                case "pageInfo":
                    subfields = self._subfields("PageInfo", each)
                    yield PageInfo(key, tuple((name, _or_typename(one, ":PageInfo")) for name, one in subfields))
                case "totalCount":
                    yield Total(key)
                case _:
                    yield Constant(key, f"{noun.title}Connection")
            _remember(walk, key, below)

    def _edge(
        self, noun: Noun, details: FieldDetailsList, walk: Walk, sizes: list[Size]
    ) -> Iterator[tuple[str, Record | str | None]]:
        for key, each in self._subfields(f"{noun.title}Edge", details):
            match each[0].node.name.value:
                case "node":
                    below: Walk = {}
                    yield key, self.record(noun, each, below, sizes)
                    _remember(walk, key, below)
                case "cursor":
                    yield key, None
                case _:
                    yield key, f"{noun.title}Edge"

    def _history(self, key: str, details: FieldDetailsList, given: Mapping[str, Source], sizes: list[Size]) -> History:
        self._need(Permission.READ_EVENTS, details[0].node)
        count = _count(given)
        sizes.append(Size(count))
        after = given.get("after")
        return History(
            key,
            _spelt(self.shape("Event", details), "h.j"),
            told_events("$1", "$3", self._statement.take(lambda asked: hidden_nouns(asked.actor), "text[]")),
            self._statement.take(lambda asked: 0 if after is None else asked.value(after), "bigint"),
            self._statement.take(count, "int"),
        )

    def _filling(self, details: FieldDetailsList, type_name: str, answer: Answer) -> Filling:
        node = details[0].node
        parent = self._schema.type_map[type_name]
        assert isinstance(parent, GraphQLObjectType)
        gives = get_named_type(parent.fields[node.name.value].type).name
        return Filling(answer, self.arguments(type_name, node), self.shape(gives, details), node)

    def shape(self, type_name: str, details: FieldDetailsList) -> Shape:
        kind = self._schema.type_map[type_name]
        assert isinstance(kind, GraphQLObjectType)
        parts: list[tuple[str, str | None, str, Shape | None]] = []
        for key, each in self._subfields(type_name, details):
            name = each[0].node.name.value
            if name == "__typename":
                parts.append((key, None, type_name, None))
                continue
            inner = get_named_type(kind.fields[name].type)
            below = self.shape(inner.name, each) if isinstance(inner, GraphQLObjectType) else None
            parts.append((key, name, "", below))
        return Shape(tuple(parts))

    def _subfields(self, type_name: str, details: FieldDetailsList) -> Iterator[tuple[str, FieldDetailsList]]:
        kind = self._schema.type_map[type_name]
        assert isinstance(kind, GraphQLObjectType)
        collected = collect_subfields(
            self._schema, self._fragments, self._values, self._operation, kind, details, hide_suggestions=True
        )
        yield from collected.grouped_field_set.items()

    def _order(self, noun: Noun, given: Mapping[str, Source]) -> Order:
        sort = self._said(given, "sort") or noun.default_sort
        descending = bool(self._said(given, "descending"))
        backward = "last" in given
        if backward and "first" in given:
            raise refused("invalid", "Ask for the first so many or for the last so many, not for both.")
        cursor = given.get("before" if backward else "after")
        if given.get("after" if backward else "before") is not None:
            raise refused("invalid", "`after` goes with `first`, and `before` with `last`.")
        if cursor is None:
            return Order(sort, descending, None, backward)
        way, cast = f"{'-' if descending else ''}{sort}", noun.sorts[sort].cast
        key = self._statement.take(lambda asked: read_cursor(asked.value(cursor), way, cast)[0], "text")
        record_id = self._statement.take(lambda asked: read_cursor(asked.value(cursor), way, cast)[1], "uuid")
        return Order(sort, descending, (key, record_id), backward)

    def _at(self, as_of: Source | None) -> str | None:
        return None if as_of is None else self._statement.take(_value(as_of, "timestamptz"), "timestamptz")

    def _said(self, given: Mapping[str, Source], name: str) -> Any:
        """A value that shapes the statement: variables like it are part of the plan's key."""
        return read(given[name], self.variables) if name in given else None

    def _need(self, permission: Permission, node: FieldNode) -> None:
        self.needs.setdefault(permission, node)


def bind(statement: Statement, asked: Asked, moment: Moment) -> list[Any]:
    """Every argument of the statement."""
    actor = asked.actor
    academies = None if actor.academies is None else sorted(actor.academies)
    return [actor.trust_id, moment.today, academies, *(binding(asked) for binding in statement.bound)]


def as_uuid(text: Any) -> UUID:
    """A record's id, plain or global."""
    try:
        return UUID(str(text).rpartition(":")[2])
    except ValueError:
        raise refused("invalid", "That is no id of a record. Give its global id, or its id as REST tells it.") from None


def _value(source: Source, cast: str) -> Binding:
    reads = _READ_AS.get(cast)
    return (lambda asked: asked.value(source)) if reads is None else (lambda asked: reads(asked.value(source)))


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not date(1900, 1, 1) <= day <= date(2100, 12, 31):
        raise refused("invalid", f"{text} is out of reach. Give a day between 1900 and 2100.")
    return day


def _text(text: str) -> str:
    if "\0" in text:
        raise refused("invalid", "A text holds a character that is none. Leave it out.")
    return text


_READ_AS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "text": _text,
    "uuid": as_uuid,
    "date": _day,
    "timestamptz": datetime.fromisoformat,
}


def _count(given: Mapping[str, Source]) -> Binding:
    """How many records a page has."""
    source = given.get("first", given.get("last"))
    if source is None:
        return lambda _: PAGE

    def counted(asked: Asked) -> int:
        number: int = asked.value(source)
        if not 0 <= number <= MOST:
            raise refused("invalid", f"A page has up to {MOST} records: {number} cannot be asked for.")
        return number

    return counted


def _of_title(ids: Source, title: str) -> Binding:
    return lambda asked: [as_uuid(one) for one in _listed(asked.value(ids)) if one.partition(":")[0] == title]


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _one(_: Asked) -> int:
    return 1


def _answer_cost(_: Asked) -> int:
    return ANSWER_COST


def _or_typename(details: FieldDetailsList, typename: str) -> str:
    name = details[0].node.name.value
    return typename if name == "__typename" else name


def _remember(walk: Walk, key: str, below: Walk) -> None:
    if below:
        held = walk.setdefault(key, {})
        assert isinstance(held, dict)
        held.update(below)


def _spelt(shape: Shape, base: str) -> tuple[tuple[str, str], ...]:
    """A shape as expressions over a JSON value."""
    spelt = []
    for key, name, text, below in shape.parts:
        if name is None:
            spelt.append((key, f"'{text}'"))
        elif below is None:
            spelt.append((key, f"{base}->'{name}'"))
        else:
            inner = ", ".join(f"'{one}', {value}" for one, value in _spelt(below, f"{base}->'{name}'"))
            spelt.append((key, f"json_build_object({inner})"))
    return tuple(spelt)


def forbidden(plan: Plan, actor: Actor) -> GraphQLError | None:
    """The refusal of a plan that asks for more than the actor may read."""
    for permission, node in plan.needs.items():
        if not actor.may(permission):
            return refused(
                "forbidden",
                f"This credential may not read {node.name.value}: it lacks the permission {permission}. "
                "Ask an administrator of your trust, or leave the field out.",
                node,
            )
    return None
