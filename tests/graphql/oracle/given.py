"""What is given in a query: values of every input type, written into the document or handed over in variables, null or left out."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any, Final
from uuid import UUID

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLSchema,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from app.domain.permissions import to_read
from tests.graphql.oracle.meaning import SPECIAL, narrowed
from tests.graphql.oracle.resolver import Cursors
from tests.graphql.oracle.world import TITLES, Sight

SETS: Final = 3
"""Each document is asked with so many sets of variables."""
_ABSENT: Final = object()
_WORDS: Final = {
    "metric": ("Metric", "code"), "knownAs": ("Person", "code"), "urn": ("AcademyIdentifier", "value"),
    "ukprn": ("AcademyIdentifier", "value"), "laestab": ("AcademyIdentifier", "value"), "group": ("PupilGroup", "code"),
    "other": ("PupilGroup", "code"), "team": ("EntitlementRule", "team"),
}  # fmt: skip
_IDS: Final = {
    "academyId": "Academy", "frameworkId": "Framework", "with": "Framework", "planId": "Plan", "termFrom": "Term", "termTo": "Term",
    "stageId": "MaturityStage", "personId": "Person", "objectiveId": "Objective", "targetId": "Target", "areaId": "Area",
    "giverAcademyId": "Academy",
}  # fmt: skip


@dataclass
class Giving:
    """The values and variables of one document."""

    schema: GraphQLSchema
    sight: Sight
    cursors: Cursors
    random: Random
    now: str
    declared: dict[str, str] = field(default_factory=dict)
    sets: list[dict[str, Any]] = field(default_factory=lambda: [{} for _ in range(SETS)])

    def filter(self, title: str, kind: Any) -> str:
        """As an object, with variables inside or not, or as one variable."""
        names = self.random.sample(list(kind.fields), min(len(kind.fields), self.random.choice((1, 1, 1, 2))))
        bases = {name: get_named_type(kind.fields[name].type) for name in names}
        if self.chance(0.3):

            def some() -> Any:
                given = {name: self.a_filter_value(title, name, bases[name]) for name in names if self.chance(0.85)}
                return given if self.chance(0.9) else dict.fromkeys(given)

            return self.given(kind.name, some, only_variable=True)
        each = (
            f"{name}: {self.given(base.name, partial(self.a_filter_value, title, name, base))}"
            for name, base in bases.items()
        )
        return "{" + ", ".join(each) + "}"

    def given(
        self,
        kind: str,
        some: Callable[[], Any],
        *,
        required: bool = False,
        only_variable: bool = False,
        may_be_absent: bool = True,
    ) -> str:
        """A value of an input type: literal, null, or a variable that is given, null or left out from set to set."""
        optional = may_be_absent and not required
        if not only_variable and self.chance(0.5):
            return "null" if optional and self.chance(0.1) else self.literal(kind, some())
        values: list[Any] = []
        for _ in range(SETS):
            odd = self.random.random() if optional else 1
            values.append(None if odd < 0.12 else _ABSENT if odd < 0.24 else some())
        return self.variable(kind, values, some, optional=optional)

    def variable(self, kind: str, values: list[Any], some: Callable[[], Any], *, optional: bool) -> str:
        name = f"v{len(self.declared)}"
        needed = "!" if not optional and self.chance(0.5) else ""
        default = ""
        if (not optional and not needed) or self.chance(0.15):
            default = f" = {self.literal(kind, some())}"
            values = [_ABSENT if self.chance(0.4) else value for value in values]
        if needed and not default:
            values = [some() if value in (None, _ABSENT) else value for value in values]
        self.declared[name] = f"${name}: {kind}{needed}{default}"
        for one, value in zip(self.sets, values, strict=True):
            if value is not _ABSENT:
                one[name] = value
        return f"${name}"

    def each(self, kind: str, values: list[Any]) -> str:
        """A value for each set of variables; a literal where they are all the same."""
        if len({str(value) for value in values}) == 1 and self.chance(0.5):
            return self.literal(kind, values[0])
        name = f"v{len(self.declared)}"
        self.declared[name] = f"${name}: {kind}"
        for one, value in zip(self.sets, values, strict=True):
            if value is not None or self.chance(0.5):
                one[name] = value
        return f"${name}"

    def literal(self, kind: str, value: Any) -> str:
        if value is None:
            return "null"
        named = self.schema.type_map[kind]
        if isinstance(named, GraphQLEnumType):
            return str(value)
        if isinstance(named, GraphQLInputObjectType):
            parts = (
                f"{name}: {self.literal(get_named_type(named.fields[name].type).name, one)}"
                for name, one in value.items()
            )
            return "{" + ", ".join(parts) + "}"
        return json.dumps(value)

    def several_ids(self) -> str:
        def some() -> list[str]:
            return [self.a_global_id() for _ in range(self.random.randint(0, 5))]

        if self.chance(0.3):
            inside = (self.given("ID", self.a_global_id, required=True) for _ in range(self.random.randint(0, 4)))
            return "[" + ", ".join(inside) + "]"
        if self.chance(0.1):
            return json.dumps(self.a_global_id())
        name = f"v{len(self.declared)}"
        self.declared[name] = f"${name}: [ID!]!"
        for one in self.sets:
            one[name] = some() if self.chance(0.9) else self.a_global_id()
        return f"${name}"

    # ---- values

    def a_global_id(self) -> str:
        title = self.random.choice(self.titles())
        record_id = self.an_id(title)
        odd = self.random.random()
        if odd < 0.1:
            return f"{self.random.choice(self.titles())}:{record_id}"
        if odd < 0.13:
            return f"{title}:{record_id.upper()}"
        return f"{title}:{record_id}"

    def an_id(self, title: str) -> str:
        """The id of a record in sight, out of sight, or of none."""
        if self.chance(0.08):
            return str(UUID(int=self.random.getrandbits(128), version=4))
        records = self.sight.world.records[title] if self.chance(0.2) else self.sight.records[title]
        return self.random.choice(list(records)) if records else str(UUID(int=7))

    def a_filter_value(self, title: str, name: str, base: Any) -> Any:
        """Mostly something that a record in sight has."""
        rows = list(self.sight.records[title].values())
        row = self.random.choice(rows) if rows else {}
        known = (title, name) not in SPECIAL and name not in SPECIAL
        if known and row.get(name) is not None and self.chance(0.85):
            if base.name == "ID" and self.chance(0.3):
                return self.as_global(row[name])
            return row[name]
        value, some = self.sample(name, base, ""), self.random.sample(rows, min(len(rows), 20))
        for _ in range(4):
            if any(narrowed(self.sight.world, title, one, {name: value}) for one in some):
                break
            value = self.sample(name, base, "")
        return value

    def as_global(self, record_id: str) -> str:
        held = self.sight.world.records
        return next((f"{title}:{record_id}" for title, rows in held.items() if record_id in rows), record_id)

    def sample(self, name: str, base: Any, title: str) -> Any:
        if isinstance(base, GraphQLEnumType):
            return self.random.choice(list(base.values))
        if base.name in ("ID", "UUID"):
            known = title or _IDS.get(name, "")
            record_id = self.an_id(known or self.random.choice(self.titles()))
            return f"{known}:{record_id}" if known and self.chance(0.5) else record_id
        if base.name == "Date":
            return f"202{self.random.randint(4, 7)}-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}"
        if base.name == "String" and name in _WORDS:
            kind, key = _WORDS[name]
            return self.random.choice(
                [row[key] for row in self.sight.world.records[kind].values() if row[key]] or ["x"]
            )
        plain: dict[str, Callable[[], Any]] = {
            "Boolean": lambda: self.chance(0.5), "Int": lambda: self.random.randint(1, 5),
            "BigInt": lambda: self.random.randint(0, 3_000), "DateTime": lambda: self.now,
            "Decimal": lambda: self.random.choice((0, 3, 2.5, 71.25)), "String": lambda: self.random.choice(("x", "é'\"\\", "")),
        }  # fmt: skip
        return plain[base.name]()

    def cursor_of(self, listed: str) -> str | None:
        known = [cursor for cursor, mark in self.cursors.known.items() if mark.list == listed]
        return self.random.choice(known) if known and self.chance(0.9) else None

    def can_give(self, key: str, argument: GraphQLArgument, *, optional: bool = False) -> bool:
        """Whether there is something to give: what is optional and not understood is left out."""
        base = get_named_type(argument.type).name
        if not optional and not is_non_null_type(argument.type):
            return True
        if base == "String":
            return key in _WORDS or key == "rank"
        return base != "JSON" and not (optional and is_list_type(argument.type))

    def titles(self) -> list[str]:
        return [title for title in TITLES if self.reads(title) and self.sight.records[title]]

    def reads(self, title: str) -> bool:
        return self.sight.actor.may(to_read(TITLES[title].entity))

    def chance(self, share: float) -> bool:
        return self.random.random() < share
