"""A plan: what an operation asks of the database, what is bound to it, how much it may fetch and what it needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from graphql import FieldNode, GraphQLError

from app.domain.actor import Actor
from app.domain.roles import Permission
from app.graphql.meanings import BY_TITLE
from app.graphql.refusing import refused
from app.graphql.sources import Source, read
from app.operations.operation import Answer
from app.queries.reading import Moment

TITLES: Final = frozenset(BY_TITLE)


@dataclass(frozen=True)
class Asked:
    """Who asks, when, and the values of the operation's variables; and the record at hand, where there is one."""

    actor: Actor
    now: datetime
    variables: Mapping[str, Any]
    record: UUID | None = None

    def value(self, source: Source) -> Any:
        return read(source, self.variables)


Binding = Callable[[Asked], Any]


@dataclass(frozen=True)
class Size:
    """How many rows a part of the plan may fetch for each row above it: one at least, for even an empty page is looked for."""

    rows: Binding
    inner: "tuple[Size, ...]" = ()

    def of(self, asked: Asked) -> int:
        rows: int = max(1, self.rows(asked))
        return rows * (1 + sum(size.of(asked) for size in self.inner)) if self.inner else rows


@dataclass(frozen=True)
class Shape:
    """What is selected of an answer: each key with the member it shows, or else a constant text; and what of that."""

    parts: "tuple[tuple[str, str | None, str, Shape | None], ...]"

    def spelt(self, base: str) -> tuple[tuple[str, str], ...]:
        """Each part as an expression over a JSON value, with its key."""
        told = []
        for key, name, text, below in self.parts:
            if name is None:
                told.append((key, f"'{text}'"))
            elif below is None:
                told.append((key, f"{base}->'{name}'"))
            else:
                inner = ", ".join(f"'{part}', {value}" for part, value in below.spelt(f"{base}->'{name}'"))
                told.append((key, f"json_build_object({inner})"))
        return tuple(told)


@dataclass(frozen=True)
class Filling:
    """What is to stand in a hole: which answer, asked with what, cut to which shape."""

    answer: Answer
    arguments: Mapping[str, Source]
    shape: Shape
    node: FieldNode


Walk = dict[str, "Filling | Walk"]
"""Where the holes of an answer are, by the keys that lead there; lists are walked through."""


@dataclass(frozen=True)
class Statement:
    """One statement with what is bound to it, after the trust, today and the academies in sight."""

    sql: str
    bound: tuple[Binding, ...]
    title: str = ""


@dataclass(frozen=True)
class Root:
    """A root field: the statements that answer it, the filling where it is a computed answer, or a constant text.

    Each statement has a walk to its holes. `ids` are those of `node` and `nodes`; `node` is the one that is optional.
    """

    key: str
    node: FieldNode
    statements: tuple[Statement, ...] = ()
    walks: tuple[Walk, ...] = ()
    filling: Filling | None = None
    constant: str | None = None
    ids: "Callable[[Asked], list[tuple[str, UUID]]] | None" = None
    as_of: Source | None = None
    optional: bool = False


@dataclass(frozen=True)
class Plan:
    roots: tuple[Root, ...]
    sizes: tuple[Size, ...]
    needs: Mapping[Permission, FieldNode]
    fills: bool = False
    """Whether there is anything that SQL cannot answer."""
    notes: bool = False
    """Whether what it reads may be sensitive: who read it is then noted."""

    def rows(self, asked: Asked) -> int:
        """How many rows it may fetch."""
        return sum(size.of(asked) for size in self.sizes)


def bind(statement: Statement, asked: Asked, moment: Moment) -> list[Any]:
    """Every argument of the statement."""
    actor = asked.actor
    academies = None if actor.academies is None else sorted(actor.academies)
    return [actor.trust_id, moment.today, academies, *(binding(asked) for binding in statement.bound)]


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
