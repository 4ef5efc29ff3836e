"""Both are asked the same, and every difference is told with the smallest query that shows it."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from types import SimpleNamespace
from typing import Any

import orjson
from asyncpg import PostgresError
from graphql import DocumentNode, FragmentDefinitionNode, GraphQLError, OperationDefinitionNode, parse, print_ast
from graphql.language.visitor import REMOVE, Visitor, visit

from app.db.database import Database
from app.domain.actor import Actor
from app.graphql.limits import OVER_LIMIT, RefusedDocument
from app.graphql.running import Engine
from app.graphql.schema import schema
from tests.graphql.oracle.resolver import Cursors, Mark, Oracle, published
from tests.graphql.oracle.walk import Asked, walk
from tests.graphql.oracle.world import World, read_sight, read_world, spelt

_TOO_MUCH = frozenset({OVER_LIMIT, "too-costly"})


@dataclass(frozen=True)
class Difference:
    """What the two answered differently, where, and to which document."""

    actor: str
    text: str
    variables: dict[str, Any]
    where: str

    def __str__(self) -> str:
        return f"{self.actor}: {self.where}\n  {self.text}\n  {json.dumps(self.variables)}"


@dataclass
class Comparison:
    """One trust, some actors, and what came of asking both."""

    database: Database
    world: World
    oracles: list[Oracle]
    cursors: Cursors
    documents: int = 0
    asked: int = 0
    too_large: int = 0
    leaves: int = 0
    differences: list[Difference] = field(default_factory=list)

    @classmethod
    async def of(cls, database: Database, administrator: Actor, *others: Actor) -> "Comparison":
        world, cursors = await read_world(database, administrator), Cursors()
        sights = [await read_sight(database, world, actor) for actor in (administrator, *others)]
        return cls(database, world, [Oracle(sight, cursors, database) for sight in sights], cursors)

    def again(self) -> "Comparison":
        """The same trust and actors, with nothing asked yet."""
        return Comparison(self.database, self.world, self.oracles, self.cursors)

    @property
    def counted(self) -> str:
        return (
            f"{self.documents:,} documents, {self.asked:,} requests, {self.leaves:,} values, "
            f"{len(self.cursors.known):,} cursors, {self.too_large} too large to be asked"
        )

    async def run(self, documents: int, random: Random, *, stop_at: int = 10, shrinks: bool = True) -> None:
        """Ask so many documents, each with several sets of variables; stop once there is enough to tell."""
        until = self.documents + documents
        while self.documents < until and len(self.differences) < stop_at:
            oracle = random.choice(self.oracles)
            now = self.database.clock().isoformat().replace("+00:00", "Z")
            asked = walk(published(), oracle.sight, self.cursors, random, now)
            await self._ask(oracle, asked, shrinks=shrinks)

    async def _ask(self, oracle: Oracle, asked: Asked, *, shrinks: bool) -> None:
        for variables in asked.variables[: 3 if asked.variables[0] else 1]:
            try:
                where = await self.differ(oracle, asked.text, variables, asked.operation_name)
            except RefusedDocument as refusal:
                if {(error.extensions or {}).get("code") for error in refusal.errors} <= _TOO_MUCH:
                    self.too_large += 1
                    return
                where = f"refused: {refusal.errors[0].message}"
            self.asked += 1
            if where:
                text = await self._smallest(oracle, asked, variables) if shrinks else asked.text
                self.differences.append(Difference(_who(oracle.sight.actor), text, variables, where))
                return
        self.documents += 1

    async def differ(self, oracle: Oracle, text: str, variables: dict[str, Any], name: str | None) -> str:
        """Where the answers differ; nothing where they do not."""
        try:
            result = await self._executed(oracle.sight.actor, text, variables, name)
        except (PostgresError, KeyError, TypeError, AttributeError, AssertionError) as error:
            return f"broke off: {type(error).__name__} {error}"
        ours = json.loads(orjson.dumps(result.data), parse_float=spelt, object_pairs_hook=_once)
        theirs = await oracle.execute(_parsed(text), variables, name)
        for fault in theirs.errors or ():
            if fault.original_error is not None and not isinstance(fault.original_error, GraphQLError):
                raise fault.original_error
        faults = _faults(result.errors), _faults(theirs.errors)
        return next(self._compared(ours, theirs.data, "data"), "") or (
            "" if faults[0] == faults[1] else f"errors: {faults}"
        )

    async def _executed(self, actor: Actor, text: str, variables: dict[str, Any], name: str | None) -> Any:
        engine = Engine(schema())
        return await engine.execute(
            engine.prepare(text, may_read_schema=True),
            operation_name=name,
            variables=variables,
            actor=actor,
            app_state=SimpleNamespace(database=self.database),
            explain=False,
            trace_id="-",
            allow_mutations=False,
        )

    def _compared(self, ours: Any, theirs: Any, path: str) -> Iterator[str]:
        if isinstance(theirs, Mark) and isinstance(ours, str):
            if not self.cursors.stands_for(ours, theirs):
                yield f"{path}: a cursor of {self.cursors.known[ours]}, not of {theirs}"
        elif isinstance(theirs, dict) and isinstance(ours, dict):
            if list(ours) != list(theirs):
                yield f"{path}: keys {list(ours)}, not {list(theirs)}"
                return
            for key, value in theirs.items():
                yield from self._compared(ours[key], value, f"{path}.{key}")
        elif isinstance(theirs, list) and isinstance(ours, list) and len(ours) == len(theirs):
            for index, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
                yield from self._compared(mine, other, f"{path}.{index}")
        else:
            self.leaves += 1
            if type(ours) is not type(theirs) or ours != theirs:
                yield f"{path}: {str(ours)[:200]}, not {str(theirs)[:200]}"

    async def _smallest(self, oracle: Oracle, asked: Asked, variables: dict[str, Any]) -> str:
        """The document with everything left out that the difference does not need."""
        text, shrunk = " ".join(print_ast(parse(asked.text)).split()), True
        while shrunk:
            shrunk = False
            for smaller in _smaller(parse(text)):
                if len(smaller) < len(text) and await self._still(oracle, smaller, variables, asked.operation_name):
                    text, shrunk = smaller, True
                    break
        return text

    async def _still(self, oracle: Oracle, text: str, variables: dict[str, Any], name: str | None) -> bool:
        try:
            return bool(await self.differ(oracle, text, variables, name))
        except (RefusedDocument, GraphQLError):
            return False


@lru_cache(maxsize=8)
def _parsed(text: str) -> DocumentNode:
    return parse(text)


def _who(actor: Actor) -> str:
    return f"{'+'.join(actor.roles)}{'' if actor.academies is None else ' of an academy'}"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, in which no key stands twice."""
    told = dict(pairs)
    assert len(told) == len(pairs), f"a key stands twice: {[key for key, _ in pairs]}"
    return told


def _faults(errors: list[GraphQLError] | None) -> list[tuple[str, str]]:
    return sorted((".".join(map(str, one.path or ())), str((one.extensions or {}).get("code"))) for one in errors or ())


class _Without(Visitor):
    """Leaves out one node of a document: the n-th that can be left out."""

    def __init__(self, which: int) -> None:
        super().__init__()
        self.left = which

    def enter(self, node: Any, *_: Any) -> Any:
        if node.kind in ("field", "argument", "directive", "inline_fragment", "fragment_spread", "object_field"):
            self.left -= 1
            if self.left == -1:
                return REMOVE
        return None


def _smaller(document: DocumentNode) -> Iterator[str]:
    which = 0
    while True:
        without = _Without(which)
        made = visit(deepcopy(document), without)
        if without.left >= 0:
            return
        which += 1
        yield " ".join(_pruned(print_ast(made)).split())


def _pruned(text: str) -> str:
    """Without variables and fragments that nothing names any more."""
    try:
        document = parse(text)
    except GraphQLError:
        return text
    kept: list[str] = []
    for node in document.definitions:
        told = print_ast(node)
        if isinstance(node, FragmentDefinitionNode) and f"...{node.name.value}" not in text.replace("... ", "..."):
            continue
        if isinstance(node, OperationDefinitionNode) and node.variable_definitions:
            for definition in node.variable_definitions:
                if text.count(f"${definition.variable.name.value}") == 1:
                    told = told.replace(print_ast(definition), "", 1)
            told = told.replace("(, ", "(").replace(", , ", ", ").replace(", )", ")").replace("()", "")
        kept.append(told)
    return "\n".join(kept)
