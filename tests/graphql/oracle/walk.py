"""Queries at random, within the limits: fragments, aliases, directives, arguments, nulls, and variables given in every way."""

from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any, Final

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from app.domain.permissions import to_follow
from app.domain.roles import Permission
from tests.graphql.oracle.given import SETS, Giving
from tests.graphql.oracle.resolver import ANSWERED, Cursors
from tests.graphql.oracle.world import TITLES, Sight

ALIASES: Final = ("id", "code", "a", "b", "t0", "rn", "n0", "cursor", "r1", "q", "version", "nodes", "x_9", "select")
"""Names that stand for something else in the schema or in a statement, among plain ones."""
ROWS: Final = 1_500
_DEEP: Final = 7
_FREE: Final = frozenset({"edges", "node", "nodes", "pageInfo"})


@dataclass
class Asked:
    """A document, the operation of it, and the sets of variables it is asked with."""

    text: str
    operation_name: str | None
    variables: list[dict[str, Any]]


@dataclass
class _Scope:
    """What stands in one place already: each key with the field it tells, and what is selected below."""

    heads: dict[str, str] = field(default_factory=dict)
    below: dict[str, "_Scope"] = field(default_factory=dict)


@dataclass
class _Walk(Giving):
    """One document in the making."""

    left: int = 0
    aliases: int = 15
    directives: int = 12
    rows: int = 0
    fragments: dict[str, tuple[str, str, _Scope]] = field(default_factory=dict)

    def asked(self) -> Asked:
        query = self.schema.query_type
        assert query is not None
        self.left = self.random.choice((8, 15, 30, 50, 80))
        body = self.selection(query, _Scope(), _DEEP, 1)
        variables = "(" + ", ".join(self.declared.values()) + ")" if self.declared else ""
        named = self.random.random() < 0.3
        text = f"query {'A' if named or variables else ''}{variables} {body}"
        text += "".join(f" fragment {name} on {kind} {body}" for name, (kind, body, _) in self.fragments.items())
        if named and self.random.random() < 0.5:
            return Asked(text + " query B { trust { id } }", "A", self.sets)
        return Asked(text, None, self.sets)

    # ---- what is selected

    def selection(self, kind: Any, scope: _Scope, depth: int, rows: int) -> str:
        """Some fields of a type, here and there in a fragment or more than once."""
        told: list[str] = []
        wide = (1, 1, 2, 3) if kind.name == "Query" else (2, 3, 4, 6, 8) if kind.name in TITLES else (1, 2, 3, 4)
        for _ in range(self.random.choice(wide)):
            if self.left > 0 or not told:
                told.append(self.some(kind, scope, depth, rows))
        if self.chance(0.12) and len(told) > 1:
            told.append(self.random.choice([one for one in told if "{" not in one] or ["__typename"]))
        while len(told) > 1 and self.chance(0.2):
            cut = self.random.randrange(len(told))
            told[cut:] = [self.fragment(kind, told[cut:], scope)]
        return "{ " + " ".join(told) + " }"

    def some(self, kind: Any, scope: _Scope, depth: int, rows: int) -> str:
        if kind.name == "Node":
            return self.of_node(scope, depth, rows)
        if self.chance(0.06):
            return self.directed(self.keyed("__typename", "__typename", scope, "")[0])
        if (known := self.known_fragment(kind, scope)) is not None:
            return known
        again = [key for key in scope.below if scope.heads[key]]
        if again and self.chance(0.15):
            return self.again(kind, self.random.choice(again), scope, depth, rows)
        chosen = self.chosen(kind, depth, rows)
        if chosen is None:
            return self.keyed("__typename", "__typename", scope, "")[0]
        return self.told(kind, *chosen, scope, depth, rows)

    def of_node(self, scope: _Scope, depth: int, rows: int) -> str:
        """Of the interface: its id, and fields of one kind, and of others what is alike: types under a key must agree."""
        if self.chance(0.4):
            self.aliases -= 1
            return self.random.choice(("id", "nid: id"))
        title = next(iter(scope.below), "") or self.random.choice(self.titles())
        if scope.below and self.chance(0.3):
            return f"... on {self.random.choice(self.titles())} {{ version uuid }}"
        own = scope.below.setdefault(title, _Scope(dict.fromkeys(("id", "version", "uuid"), "")))
        return f"... on {title} {self.selection(self.schema.type_map[title], own, depth, rows)}"

    def chosen(self, kind: GraphQLObjectType, depth: int, rows: int) -> tuple[str, GraphQLField] | None:
        fields = [(name, one) for name, one in kind.fields.items() if self.may(kind, name, one, depth, rows)]
        leaves = [(name, one) for name, one in fields if is_leaf_type(get_named_type(one.type))]
        inner = [each for each in fields if each not in leaves]
        free = kind.name.endswith(("Connection", "Edge"))
        rare = [each for each in inner if (kind.name, each[0]) in ANSWERED]
        if rare and self.chance(0.04):
            return self.random.choice(rare)
        wants_leaf = not inner or (leaves and (self.left < 3 or not self.chance(0.8 if free else 0.4)))
        if kind.name == "Query" and self.chance(0.2):
            return self.random.choice([each for each in fields if each[0] in ("node", "nodes", "trust")])
        fits = leaves if wants_leaf else inner
        return self.random.choice(fits) if fits else None

    def may(self, kind: GraphQLObjectType, name: str, one: GraphQLField, depth: int, rows: int) -> bool:
        """Whether the field is readable, goes no deeper than there is room for, and has something to tell."""
        inner = get_named_type(one.type)
        if is_leaf_type(inner):
            return True
        answer = ANSWERED.get((kind.name, name))
        if (name not in _FREE and depth < 1) or (answer is not None and not self.sight.actor.may(answer.needs)):
            return False
        title = inner.name.removesuffix("Connection")
        if title in TITLES:
            is_rare = not self.sight.records[title] and not self.chance(0.02)
            return self.reads(title) and not is_rare and self.rows + rows <= ROWS
        if kind.name in TITLES or kind.name == "Query":
            followed = name != "history" or to_follow(TITLES[kind.name].entity) <= self.sight.actor.permissions
            if name in ("node", "nodes", "history"):
                return followed and rows <= 50
            return rows <= 3 and all(self.can_give(key, it) for key, it in one.args.items())
        return True

    def told(self, kind: Any, name: str, one: GraphQLField, scope: _Scope, depth: int, rows: int) -> str:
        inner = get_named_type(one.type)
        arguments, count = self.arguments(kind, name, one)
        if is_leaf_type(inner):
            return self.directed(self.keyed(name, name + arguments, scope, "")[0])
        if name not in _FREE:
            below, depth = rows * count, depth - 1
            self.rows += below if inner.name in TITLES or inner.name.endswith("Connection") else 200 * rows
        else:
            below = rows
        head, own = self.keyed(name, name + arguments, scope, inner.name)
        return f"{self.directed(head)} {self.selection(inner, own, depth, below)}"

    def again(self, kind: Any, key: str, scope: _Scope, depth: int, rows: int) -> str:
        """The same field once more, with other things selected of it: to be merged with the first."""
        head = scope.heads[key]
        name = head.partition("(")[0].rpartition(":")[2].strip()
        inner = get_named_type(kind.fields[name].type)
        if name not in _FREE and depth < 1:
            return "__typename" if scope.heads.setdefault("__typename", "__typename") == "__typename" else head
        return (
            f"{self.directed(head)} {self.selection(inner, scope.below[key], depth - int(name not in _FREE), rows * 3)}"
        )

    def keyed(self, name: str, head: str, scope: _Scope, inner: str) -> tuple[str, _Scope]:
        """The field under a key that does not yet stand for something else here."""
        self.left -= 1
        key, text = name, head
        if self.aliases > 0 and self.chance(0.12):
            key = self.random.choice(ALIASES)
            text = f"{key}: {head}"
        if scope.heads.get(key, text) != text or (inner and key in scope.heads and key not in scope.below):
            number = len(scope.heads)
            if self.aliases < 1:
                return ("__typename", _Scope()) if not inner else (f"z{number}: {head}", _Scope())
            key = f"a{number}"
            text = f"{key}: {head}"
        self.aliases -= int(":" in text.partition("(")[0])
        scope.heads[key] = text
        own = scope.below.setdefault(key, _Scope()) if inner else _Scope()
        return text, own

    def fragment(self, kind: Any, told: list[str], scope: _Scope) -> str:
        """These fields in a fragment: nameless, or named and perhaps spread again elsewhere."""
        body = "{ " + " ".join(told) + " }"
        if self.chance(0.4) and kind.name != "Query":
            name = f"F{len(self.fragments)}"
            self.fragments[name] = (kind.name, body, scope)
            return self.directed(f"...{name}")
        on = self.random.choice(("", f" on {kind.name}"))
        return self.directed(f"...{on}") + f" {body}"

    def known_fragment(self, kind: Any, scope: _Scope) -> str | None:
        """A fragment of before, where nothing of it is told already. What it costs is found out by whoever refuses it."""
        fits = [
            name
            for name, (on, _, own) in self.fragments.items()
            if on == kind.name and own is not scope and not own.heads.keys() & scope.heads.keys()
        ]
        if not fits or not self.chance(0.3):
            return None
        name = self.random.choice(fits)
        own = self.fragments[name][2]
        scope.heads |= dict.fromkeys(own.heads, "")
        return f"...{name}"

    def directed(self, head: str) -> str:
        """Here and there only if, or unless, something is so."""
        if self.directives < 1 or not self.chance(0.12):
            return head
        self.directives -= 1
        which = self.random.choice(("skip", "include"))
        return f"{head} @{which}(if: {self.given('Boolean', lambda: self.chance(0.5), required=True)})"

    # ---- what is given

    def arguments(self, kind: Any, name: str, one: GraphQLField) -> tuple[str, int]:
        """The arguments of a field, and how many rows they ask for."""
        inner = get_named_type(one.type)
        if inner.name.endswith("Connection") and inner.name.removesuffix("Connection") in TITLES:
            told, count = self.of_page(inner.name.removesuffix("Connection"), one)
        elif name == "history" and kind.name in TITLES:
            count = self.random.choice((1, 2, 5))
            told = {"first": self.given("Int", lambda: self.random.randint(0, count), may_be_absent=False)}
            if self.chance(0.3):
                told["after"] = self.given("BigInt", lambda: self.random.randint(0, 3000))
        elif "id" in one.args and inner.name == "Node":
            told, count = {"id": self.given("ID", self.a_global_id, required=True)}, 1
        elif "ids" in one.args:
            told, count = {"ids": self.several_ids()}, 8
        else:
            told, count = self.plainly(one, kind), 1
        if "asOf" in one.args and self.chance(0.03):
            told["asOf"] = self.given("DateTime", lambda: self.now)
        items = [f"{key}: {value}" for key, value in told.items() if value]
        self.random.shuffle(items)
        return (f"({', '.join(items)})" if items else ""), count

    def plainly(self, one: GraphQLField, kind: Any) -> dict[str, str]:
        """The arguments of a record or of a computed answer: what is required, and some of the rest."""
        told = {}
        for key, argument in one.args.items():
            if key == "asOf":
                continue
            required = is_non_null_type(argument.type)
            if required or (self.chance(0.25) and self.can_give(key, argument, optional=True)):
                base = get_named_type(argument.type)
                title = get_named_type(one.type).name if key == "id" and kind.name == "Query" else ""
                if is_list_type(getattr(argument.type, "of_type", argument.type)):
                    told[key] = '["a", "b"]'
                else:
                    told[key] = self.given(base.name, partial(self.sample, key, base, title), required=required)
        return told

    def of_page(self, title: str, one: GraphQLField) -> tuple[dict[str, str], int]:
        """How a page is asked for: how many, from where, in which order, and of what."""
        noun, told = TITLES[title], {}
        most = self.random.choice((0, 1, 2, 3, 3, 5, 5, 8, 20))
        count = max(most, 1)
        ways = [(self.random.choice([*noun.sorts, None]), self.random.choice((True, False, None))) for _ in range(SETS)]
        backward = self.chance(0.25)
        size, cursor, none = ("last", "before", "first") if backward else ("first", "after", "last")
        if backward or not self.chance(0.04):
            told[size] = self.given(
                "Int",
                lambda: self.random.choice((min(most, 1), most, most)),
                may_be_absent=not backward and self.chance(0.1),
            )
            if told[size].startswith("$") and any(one.get(told[size][1:]) is None for one in self.sets):
                count = 50
        else:
            count = 50
        if self.chance(0.1):
            told[none] = "null"
        if self.chance(0.6):
            ways = ways if self.chance(0.5) else ways[:1] * SETS
            told["sort"] = self.each(f"{title}Sort", [sort for sort, _ in ways])
            told["descending"] = self.each("Boolean", [down for _, down in ways])
        else:
            ways = [(None, None)] * SETS
        found = [self.cursor_of(f"{title} {'-' if down else ''}{sort or noun.default_sort}") for sort, down in ways]
        if any(found) and self.chance(0.5):
            told[cursor] = self.each("String", found)
        if "filter" in one.args and self.chance(0.3):
            told["filter"] = self.filter(title, get_named_type(one.args["filter"].type))
        if self.chance(0.25):
            told["includeWithdrawn"] = self.given("Boolean", lambda: self.chance(0.7))
        return told, count


def walk(schema: GraphQLSchema, sight: Sight, cursors: Cursors, random: Random, now: str) -> Asked:
    """A document for this actor. It is valid nearly always, and now and then larger than the limits allow."""
    assert sight.actor.may(Permission.READ_EVENTS)
    return _Walk(schema, sight, cursors, random, now).asked()
