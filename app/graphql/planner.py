"""Planning: the selection of a root field becomes one statement, with what it takes bound, counted and permitted."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from graphql import FieldNode, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode, get_named_type
from graphql.execution.collect_fields import FieldDetailsList, FragmentDetails
from graphql.execution.values import VariableValues

from app.db.graph import page_statement, record_statement, records_statement
from app.db.graph_parts import (
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
)
from app.db.noun import Column, Noun
from app.domain.permissions import to_follow, to_read
from app.domain.roles import Permission
from app.graphql.binding import answer_cost, count, count_cost, global_ids, narrowing, number_of, of_title, one, value
from app.graphql.cursors import read_cursor
from app.graphql.meanings import Asking, Below, Happened, Identity, Own, Pointing, meanings
from app.graphql.plan import Asked, Binding, Filling, Plan, Root, Size, Statement, Walk
from app.graphql.refusing import refused
from app.graphql.selections import Selections, or_typename
from app.graphql.sources import Source, members
from app.operations.operation import Answer
from app.queries.events import hidden_nouns, told_by, told_events


@dataclass
class _Branch:
    """What is learnt of a part of the selection: where its holes are, and how many rows it may fetch."""

    walk: Walk = field(default_factory=dict)
    sizes: list[Size] = field(default_factory=list)

    def hold(self, key: str, below: "_Branch") -> None:
        """The holes of a part stand under its key."""
        if below.walk:
            self.walk[key] = below.walk


class Planner(Selections):
    """Plans one operation for variables of one shape. `needs` are the permissions it takes, each with the field that asks."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: dict[str, FragmentDetails],
        operation: OperationDefinitionNode,
        values: VariableValues,
    ) -> None:
        super().__init__(schema, fragments, operation, values)
        self._bound: list[Binding] = []
        self._sizes: list[Size] = []
        self._past = False
        self._fills = False
        self.notes = False
        self.needs: dict[Permission, FieldNode] = {}

    def plan(self, root_type: GraphQLObjectType, root: Callable[["Planner", str, FieldDetailsList], Root]) -> Plan:
        """The whole operation; `root` plans each root field."""
        roots = tuple(root(self, key, details) for key, details in self.roots(root_type))
        return Plan(roots, tuple(self._sizes), dict(self.needs), self._fills, self.notes)

    def rows(self, asked: Asked) -> int:
        """How many rows all that was planned may fetch."""
        return sum(size.of(asked) for size in self._sizes)

    def record(
        self,
        key: str,
        details: FieldDetailsList,
        noun: Noun,
        wanted: Binding,
        as_of: Source | None,
        *,
        optional: bool = True,
    ) -> Root:
        """A root field that is one record."""
        placeholder, branch = self._begin(wanted, "uuid"), _Branch()
        at = self._at(as_of, details)
        record = self._record(noun, details, branch)
        self._sizes.append(Size(one, tuple(branch.sizes)))
        made = self._made(record_statement(record, placeholder, at))
        return Root(key, details[0].node, (made,), (branch.walk,), as_of=as_of, optional=optional)

    def records(
        self, key: str, details: FieldDetailsList, ids: Source, titles: Mapping[str, Noun], *, optional: bool
    ) -> Root:
        """Root fields `node` and `nodes`: a statement for each kind that the ids name."""
        statements, walks = [], []
        for title, noun in titles.items():
            named, branch = of_title(ids, title), _Branch()
            placeholder = self._begin(named, "uuid[]")
            record = self._record(noun, details, branch)
            statements.append(self._made(records_statement(record, placeholder), title))
            walks.append(branch.walk)
            self._sizes.append(Size(number_of(named), tuple(branch.sizes)))
        return Root(key, details[0].node, tuple(statements), tuple(walks), ids=global_ids(ids), optional=optional)

    def page(self, key: str, details: FieldDetailsList, noun: Noun, as_of: Source | None) -> Root:
        """A root field that is a page of records."""
        self._bound, branch = [], _Branch()
        at = self._at(as_of, details)
        page = self._connection(key, details, noun, self.arguments("Query", details[0].node), branch)
        self._sizes += branch.sizes
        holes = branch.walk.get(key, {})
        assert isinstance(holes, dict)
        return Root(key, details[0].node, (self._made(page_statement(page, at)),), (holes,), as_of=as_of)

    def answered(self, key: str, details: FieldDetailsList, type_name: str, answer: Answer) -> Root:
        """A root field that is a computed answer."""
        filling = self._filling(details, type_name, answer)
        self._sizes.append(Size(answer_cost(filling, past=False)))
        return Root(key, details[0].node, filling=filling, optional=True)

    def selected(self, noun: Noun, details: FieldDetailsList) -> tuple[Statement, Walk]:
        """A record that is already at hand, as it is selected: what a mutation or an event tells of."""
        placeholder, branch = self._begin(lambda asked: asked.record, "uuid"), _Branch()
        record = self._record(noun, details, branch)
        self._sizes += branch.sizes
        return self._made(record_statement(record, placeholder)), branch.walk

    def _record(self, noun: Noun, details: FieldDetailsList, branch: _Branch) -> Record:
        self.needs.setdefault(to_read(noun.entity), details[0].node)
        selected = self.subfields(noun.title, details)
        return Record(noun, tuple(self._part(noun, key, each, branch) for key, each in selected))

    def _part(self, noun: Noun, key: str, details: FieldDetailsList, branch: _Branch) -> Part:
        """One field of a record."""
        node = details[0].node
        meaning = None if node.name.value == "__typename" else meanings(noun)[node.name.value]
        match meaning:
            case Own():
                self.notes |= isinstance(meaning.field, Column) and meaning.field.sensitive
                return Value(key, meaning.field)
            case None | Identity():
                return Constant(key, noun.title) if meaning is None else GlobalId(key)
            case Pointing() as pointing:
                return self._reference(key, details, pointing, branch)
            case Below() as under:
                given = self.arguments(noun.title, node)
                return self._connection(key, details, under.noun, given, branch, under)
            case Happened():
                return self._history(key, details, noun, self.arguments(noun.title, node), branch)
            case Asking() as asking:
                branch.walk[key] = filling = self._filling(details, noun.title, asking.answer)
                branch.sizes.append(Size(answer_cost(filling, past=self._past)))
                return Hole(key)

    def _reference(self, key: str, details: FieldDetailsList, pointing: Pointing, branch: _Branch) -> Reference:
        below = _Branch()
        record = self._record(pointing.noun, details, below)
        branch.sizes.append(Size(one, tuple(below.sizes)))
        branch.hold(key, below)
        return Reference(key, pointing.column, record)

    def _connection(
        self,
        key: str,
        details: FieldDetailsList,
        noun: Noun,
        given: Mapping[str, Source],
        branch: _Branch,
        under: Below | None = None,
    ) -> Connection:
        """A page of records, and what narrows it."""
        self.needs.setdefault(to_read(noun.entity), details[0].node)
        most, inner = count(given), _Branch()
        limit, order = self._take(most, "int"), self._order(noun, given)
        made = Connection(
            key,
            noun,
            tuple(
                self._member(noun, name, each, inner)
                for name, each in self.subfields(f"{noun.title}Connection", details)
            ),
            limit,
            order,
            tuple(self._conditions(noun, given)),
            below=under.condition if under else "",
            column=under.column if under else "",
            withdrawn=bool(self.said(given, "includeWithdrawn")),
        )
        branch.sizes.append(Size(most, tuple(inner.sizes)))
        branch.sizes += [Size(count_cost) for member in made.members if isinstance(member, Total)]
        branch.hold(key, inner)
        return made

    def _conditions(self, noun: Noun, given: Mapping[str, Source]) -> Iterator[str]:
        for name, source in (members(given["filter"], self.variables) if "filter" in given else {}).items():
            given_by = noun.filters[name]
            placeholder = self._take(narrowing(noun, name, source), given_by.cast)
            yield f"({given_by.sql.replace('{value}', placeholder)})"

    def _member(self, noun: Noun, key: str, details: FieldDetailsList, branch: _Branch) -> Member:
        """One thing that is asked of a page."""
        below = _Branch()
        match details[0].node.name.value:
            case "nodes":
                made: Member = Nodes(key, self._record(noun, details, below))
            case "edges":
                edge = self.subfields(f"{noun.title}Edge", details)
                made = Edges(key, tuple((name, self._of_edge(noun, name, each, below)) for name, each in edge))
            case "pageInfo":
                told = self.subfields("PageInfo", details)
                made = PageInfo(key, tuple((name, or_typename(each, ":PageInfo")) for name, each in told))
            case "totalCount":
                made = Total(key)
            case _:
                made = Constant(key, f"{noun.title}Connection")
        branch.sizes += below.sizes
        branch.hold(key, below)
        return made

    def _of_edge(self, noun: Noun, key: str, details: FieldDetailsList, branch: _Branch) -> Record | str | None:
        """A record, a constant text, or None for the cursor."""
        name = details[0].node.name.value
        if name != "node":
            return None if name == "cursor" else f"{noun.title}Edge"
        below = _Branch()
        record = self._record(noun, details, below)
        branch.sizes += below.sizes
        branch.hold(key, below)
        return record

    def _history(
        self, key: str, details: FieldDetailsList, noun: Noun, given: Mapping[str, Source], branch: _Branch
    ) -> History:
        self.needs.setdefault(Permission.READ_EVENTS, details[0].node)
        for needed in sorted(to_follow(noun.entity)):
            self.needs.setdefault(needed, details[0].node)
        self.notes |= noun.is_sensitive
        most, after = count(given), given.get("after")
        branch.sizes.append(Size(most))
        return History(
            key,
            self.shape("Event", details).spelt("h.j"),
            told_events("$1", "$3", self._take(lambda asked: hidden_nouns(asked.actor), "text[]")),
            self._take(lambda asked: 0 if after is None else asked.value(after), "bigint"),
            self._take(most, "int"),
            told_by(noun.entity),
            past=self._past,
        )

    def _filling(self, details: FieldDetailsList, type_name: str, answer: Answer) -> Filling:
        node, self._fills = details[0].node, True
        self.needs.setdefault(answer.needs, node)
        self.notes |= answer.notes
        gives = get_named_type(self.type(type_name).fields[node.name.value].type).name
        return Filling(answer, self.arguments(type_name, node), self.shape(gives, details), node)

    def _order(self, noun: Noun, given: Mapping[str, Source]) -> Order:
        sort = self.said(given, "sort") or noun.default_sort
        descending, backward = bool(self.said(given, "descending")), "last" in given
        if backward and "first" in given:
            raise refused("invalid", "Ask for the first so many or for the last so many, not for both.")
        if ("after" if backward else "before") in given:
            raise refused("invalid", "`after` goes with `first`, and `before` with `last`.")
        cursor = given.get("before" if backward else "after")
        if cursor is None:
            return Order(sort, descending, None, backward)
        way, cast = f"{'-' if descending else ''}{sort}", noun.sorts[sort].cast
        key = self._take(lambda asked: read_cursor(asked.value(cursor), way, cast)[0], "text")
        record_id = self._take(lambda asked: read_cursor(asked.value(cursor), way, cast)[1], "uuid")
        return Order(sort, descending, (key, record_id), backward)

    def _begin(self, binding: Binding, cast: str) -> str:
        """A new statement, with what is bound to it first."""
        self._bound, self._past = [], False
        return self._take(binding, cast)

    def _take(self, binding: Binding, cast: str) -> str:
        """A placeholder. The first three are the trust, today and the academies in sight."""
        self._bound.append(binding)
        return f"${len(self._bound) + 3}::{cast}"

    def _made(self, sql: str, title: str = "") -> Statement:
        return Statement(sql, tuple(self._bound), title)

    def _at(self, as_of: Source | None, details: FieldDetailsList) -> str | None:
        """What was is read from the event log, so it takes the permission to read that."""
        self._past = as_of is not None
        if as_of is not None:
            self.needs.setdefault(Permission.READ_EVENTS, details[0].node)
        return None if as_of is None else self._take(value(as_of, "timestamptz"), "timestamptz")
