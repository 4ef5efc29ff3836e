"""The root fields of a query, each planned by what it stands for."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final
from uuid import UUID

from graphql.execution.collect_fields import FieldDetailsList

from app.db.noun import Noun
from app.graphql.binding import wanted
from app.graphql.meanings import BY_TITLE
from app.graphql.nouns import plural, single
from app.graphql.plan import TITLES, Asked, Root
from app.graphql.planner import Planner
from app.graphql.sources import Source, read
from app.operations.operation import Answer
from app.operations.registry import ANSWERS
from app.queries.nouns import NOUNS
from app.queries.trusts import TRUSTS

INTROSPECTION: Final = frozenset({"__schema", "__type"})


def plan_root(planner: Planner, key: str, details: FieldDetailsList) -> Root:
    """One root field of Query."""
    node = details[0].node
    name = node.name.value
    if name == "__typename":
        return Root(key, node, constant="Query")
    given = planner.arguments("Query", node)
    if name in ("node", "nodes"):
        ids = given.get("id" if name == "node" else "ids", [])
        return planner.records(key, details, ids, _named(ids, planner), optional=name == "node")
    if name == "trust":
        return planner.record(key, details, TRUSTS, _own_trust, given.get("asOf"), optional=False)
    if name in _singles():
        noun = _singles()[name]
        return planner.record(key, details, noun, wanted(given["id"], noun.title), given.get("asOf"))
    if name in _plurals():
        return planner.page(key, details, _plurals()[name], given.get("asOf"))
    return planner.answered(key, details, "Query", _answers()[name])


def _own_trust(asked: Asked) -> UUID:
    return asked.actor.trust_id


def _named(ids: Source, planner: Planner) -> dict[str, Noun]:
    """The kinds of record that the ids name."""
    told = read(ids, planner.variables)
    listed = told if isinstance(told, list) else [told]
    titles = {str(one).partition(":")[0] for one in listed}
    return {title: BY_TITLE[title] for title in sorted(titles & TITLES)}


@cache
def _singles() -> Mapping[str, Noun]:
    return MappingProxyType({single(noun): noun for noun in NOUNS.values() if noun is not TRUSTS})


@cache
def _plurals() -> Mapping[str, Noun]:
    return MappingProxyType({plural(noun): noun for noun in NOUNS.values() if noun is not TRUSTS})


@cache
def _answers() -> Mapping[str, Answer]:
    return MappingProxyType({answer.called: answer for answer in ANSWERS if answer.of is None})
