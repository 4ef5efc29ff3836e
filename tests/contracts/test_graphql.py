"""The published schema says what REST says, and what would break a caller of it is refused."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    get_nullable_type,
)

from app.graphql.running import core
from app.graphql.schema import schema
from app.queries.nouns import NOUNS
from contracts import check, openapi, sdl
from tests.contracts.repository import begin, commit

BASE = '''
"""Whatever can be read."""
type Query {
  plan(id: ID!, asOf: String): Plan
  found: Found
}

type Mutation {
  closePlan(input: Closing!): Plan
}

interface Node {
  id: ID!
}

type Plan implements Node {
  id: ID!
  title: String!
  weight: Int
  status: Status
}

type Area {
  label: String
}

union Found = Plan | Area

enum Status {
  open
  closed
}

input Closing {
  reason: String!
  note: String
}
'''
BREAKING = {
    "a field removed": ("  title: String!\n", "", "Field Plan.title was removed."),
    "a field of another type": ("weight: Int", "weight: String", "Field Plan.weight changed type from Int to String."),
    "a field that may be null": ("title: String!", "title: String", "Field Plan.title changed type from String! to String."),
    "an argument made required": (
        "asOf: String", "asOf: String!", "Argument Query.plan(asOf:) has changed type from String to String!.",
    ),
    "an argument removed": (", asOf: String", "", "Argument Query.plan(asOf:) was removed."),
    "a new required argument": ("asOf: String", "asOf: String, on: Int!", "A required argument Query.plan(on:) was added."),
    "a value removed": ("  closed\n", "", "Enum value Status.closed was removed."),
    "a member of a body made required": (
        "note: String", "note: String!", "Field Closing.note changed type from String to String!.",
    ),
    "a new required member of a body": (
        "note: String", "note: String\n  on: Int!", "A required field Closing.on was added.",
    ),
    "a member of a body removed": ("  note: String\n", "", "Field Closing.note was removed."),
    "a kind of answer removed": ("Plan | Area", "Plan", "Area was removed from union type Found."),
    "an interface given up": ("Plan implements Node", "Plan", "Plan no longer implements interface Node."),
    "a mutation removed": (
        "  closePlan(input: Closing!): Plan\n", "  openPlan: Plan\n", "Field Mutation.closePlan was removed.",
    ),
}  # fmt: skip
HARMLESS = {
    "nothing": ("", ""),
    "a new field": ("weight: Int", "weight: Int\n  code: String!"),
    "a new type": ("union Found", "type Target {\n  label: String\n}\n\nunion Found"),
    "a field that is never null now": ("weight: Int", "weight: Int!"),
    "an argument no longer required": ("reason: String!", "reason: String"),
    "another description": ("Whatever can be read.", "All that can be read."),
}
NOTABLE = {
    "a new value": ("  closed\n", "  closed\n  paused\n", "Enum value Status.paused was added."),
    "a new kind of answer": ("Plan | Area", "Plan | Area | Gap", "Gap was added to union type Found."),
    "a new argument": ("asOf: String", "asOf: String, on: Int", "An optional argument Query.plan(on:) was added."),
}
"""Additions that a caller may want to be ready for: told, and let through."""


def changed(old: str, new: str) -> str:
    assert old in BASE
    return BASE.replace(old, new, 1) + "\ntype Gap {\n  why: String\n}\n"


@pytest.mark.parametrize("name", BREAKING)
def test_a_broken_promise_is_reported(name: str) -> None:
    old, new, sentence = BREAKING[name]

    found = sdl.find_changes(BASE, changed(old, new))

    assert sentence in found.broken, "\n".join(found.broken)


@pytest.mark.parametrize("name", HARMLESS)
def test_an_addition_breaks_nobody(name: str) -> None:
    assert sdl.find_changes(BASE, changed(*HARMLESS[name])) == sdl.Changes()


@pytest.mark.parametrize("name", NOTABLE)
def test_what_a_careful_caller_wants_to_know_is_told_and_allowed(name: str) -> None:
    old, new, sentence = NOTABLE[name]

    assert sdl.find_changes(BASE, changed(old, new)) == sdl.Changes(notable=(sentence,))


def test_a_break_fails_the_check_and_what_is_allowed_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    part = next(part for part in check.PARTS if part.name == "no breaking change of GraphQL")
    now = changed("title: String!", "title: String, code: String").replace("  closed\n", "  closed\n  paused\n")
    monkeypatch.setattr(sdl, "text", lambda: now)
    monkeypatch.setattr(sdl, "base_text", lambda _: BASE)

    trouble = part.run(False)

    assert trouble == "Field Plan.title changed type from String! to String."
    assert capsys.readouterr().out.strip() == "allowed: Enum value Status.paused was added."


def test_before_there_was_a_schema_nothing_is_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    part = next(part for part in check.PARTS if part.name == "no breaking change of GraphQL")
    monkeypatch.setattr(sdl, "base_text", lambda _: None)

    assert part.run(False) is None
    assert "nothing to compare" in capsys.readouterr().out


def test_the_base_is_the_schema_of_the_named_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(tmp_path)
    monkeypatch.setenv("MILEPOST_CONTRACT_BASE", "HEAD")

    before = sdl.base_text(tmp_path)
    (tmp_path / "openapi").mkdir()
    (tmp_path / sdl.NAME).write_text(BASE)
    commit(tmp_path)
    (tmp_path / sdl.NAME).write_text("not committed")

    assert before is None
    assert sdl.base_text(tmp_path) == BASE


def test_a_stale_file_is_found_and_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = next(part for part in check.PARTS if part.name == "GraphQL schema is fresh")
    file = tmp_path / "schema.graphql"
    monkeypatch.setattr(sdl, "FILE", file)
    monkeypatch.setattr(sdl, "text", lambda: BASE)

    missing = part.run(False)
    file.write_text("type Query { plan: String }")
    stale = part.run(False)
    mended = part.run(True)

    told = "openapi/schema.graphql is not what the code says. Run `./dev check --fix` and commit the file."
    assert (missing, stale, mended) == (told, told, None)
    assert file.read_text() == BASE


def test_the_file_does_not_depend_on_the_order_in_which_types_were_made() -> None:
    made = build_schema(BASE)
    turned = build_schema("\n\n".join(reversed(BASE.split("\n\n"))))

    assert sdl.text_of(made) == sdl.text_of(turned)
    assert sdl.text_of(build_schema(sdl.text_of(made))) == sdl.text_of(made)


RECORDS: Final = frozenset(noun.title for noun in NOUNS.values())
KINDS = {
    ("string", None): "String", ("string", "uuid"): "UUID", ("string", "date"): "Date",
    ("string", "date-time"): "DateTime", ("integer", None): "Int", ("number", None): "Decimal",
    ("boolean", None): "Boolean", ("object", None): "JSON",
}  # fmt: skip
LONG: Final = {"Event.position"}
"""Members of REST that count past what an Int holds."""
BESIDE: Final = {"BatchCounts"}
"""Told in a union beside a record whose members of the same names may be null: GraphQL has both nullable, or neither."""
SHAPES: dict[str, Any] = openapi.document()["components"]["schemas"]


@dataclass(frozen=True)
class Told:
    """What a member is told as: of which kind, whether it may be null, whether there are several, none of them null."""

    kind: str
    optional: bool
    several: bool = False

    def is_as(self, other: "Told") -> bool:
        """Equal; of two closed lists with one name, the second made is called after its module."""
        return self.kind.endswith(other.kind) and replace(self, kind="") == replace(other, kind="")


def of_rest(member: dict[str, Any]) -> Told:
    given = member.get("anyOf") or [member]
    kinds = [one for one in given if one.get("type") != "null"]
    optional = len(kinds) < len(given)
    if len(kinds) > 1:
        return Told("JSON", optional)
    [one] = kinds
    if one.get("type") == "array":
        return Told(of_rest(one["items"]).kind, optional, several=True)
    if "$ref" in one:
        return Told(named(one["$ref"].rpartition("/")[2]), optional)
    return Told(KINDS.get((one.get("type"), one.get("format")), "JSON"), optional)


def named(title: str) -> str:
    """The type of a named shape: text, where a word of a closed list is no name; a record in an answer has a type of its own."""
    if not all(str(word).isidentifier() for word in SHAPES[title].get("enum", ())):
        return "String"
    return f"{title}Fields" if title in RECORDS else title.rpartition("__")[2]


def of_graphql(field: GraphQLField) -> Told:
    given = get_nullable_type(field.type)
    if isinstance(given, GraphQLList):
        assert isinstance(given.of_type, GraphQLNonNull)
    optional = not isinstance(field.type, GraphQLNonNull)
    return Told(get_named_type(field.type).name, optional, several=isinstance(given, GraphQLList))


def differences(made: GraphQLSchema) -> Iterator[str]:
    """Every member of an answer of REST that the schema has not, or has otherwise."""
    for title, shape in SHAPES.items():
        kind = made.type_map.get(title)
        if not isinstance(kind, GraphQLObjectType):
            continue
        for name, member in shape["properties"].items():
            field = kind.fields.get("uuid" if name == "id" and title in RECORDS else name)
            wanted = of_rest(member)
            if f"{title}.{name}" in LONG:
                wanted = replace(wanted, kind="BigInt")
            if title in BESIDE:
                wanted = replace(wanted, optional=True)
            if field is None:
                yield f"{title} has no {name}"
            elif not of_graphql(field).is_as(wanted):
                yield f"{title}.{name}: {wanted} {of_graphql(field)}"


def test_records_and_answers_have_the_members_that_rest_gives_them_and_are_null_where_those_are() -> None:
    made = core(schema())

    assert list(differences(made)) == []
    assert len(SHAPES.keys() & made.type_map.keys()) > 200


def test_every_kind_of_record_has_an_id_of_its_own_and_is_a_node() -> None:
    made = core(schema())

    node = made.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert {kind.name for kind in made.get_possible_types(node)} == RECORDS
    assert {kind.name for kind in made.type_map.values() if "uuid" in getattr(kind, "fields", {})} >= RECORDS


def test_a_member_that_is_missing_or_null_otherwise_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    members = SHAPES["Plan"]["properties"]
    planted = members | {"colour": {"type": "string"}, "title": {"anyOf": [{"type": "string"}, {"type": "null"}]}}
    monkeypatch.setitem(SHAPES, "Plan", SHAPES["Plan"] | {"properties": planted})

    assert sorted(differences(core(schema()))) == [
        "Plan has no colour",
        f"Plan.title: {Told('String', optional=True)} {Told('String', optional=False)}",
    ]
