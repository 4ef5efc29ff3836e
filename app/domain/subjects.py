"""Where a person is met in the tables: the registry that subject access, erasure and the data map walk."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.data_classes import ACTORS, BESIDE, POSTS
from app.domain.entity import Entity
from app.domain.errors import Fault, Invalid
from app.domain.memberships import Membership
from app.domain.model import KEPT
from app.domain.people import Person

SHORTEST_MENTION: Final = 3


class Way(StrEnum):
    """How a row is found to be somebody's: they are its member, did it, are the person or post named, or its text says so.

    What stands `beside` says something of them only where the row is found in another way.
    """

    MEMBER = "member"
    ACTOR = "actor"
    PERSON = "person"
    POST = "post"
    TEXT = "text"
    BESIDE = "beside"


@dataclass(frozen=True)
class Met:
    """One column in which people are met."""

    kind: type[Entity]
    column: str
    way: Way


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whom a request is about: as the log, the tables and, if somebody says how, the texts name them."""

    name: str
    members: tuple[UUID, ...] = ()
    people: tuple[UUID, ...] = ()
    posts: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for text in self.mentions:
            if len(text.strip()) < SHORTEST_MENTION:
                sentence = (
                    f"A text to look for has at least {SHORTEST_MENTION} letters: a shorter one is met in every word."
                )
                raise Invalid(sentence, faults=[Fault("/mentions", "mention-too-short", sentence)])

    @classmethod
    def member(cls, member_id: UUID, called: str | None, *mentions: str) -> "Subject":
        """Somebody who signs in. What they are called there is looked for in texts too."""
        names = (called,) if called and len(called) >= SHORTEST_MENTION else ()
        return cls(
            name=f"member {member_id}",
            members=(member_id,),
            actors=(f"user:{member_id}",),
            mentions=tuple(dict.fromkeys((*names, *mentions))),
        )

    @classmethod
    def person(cls, person: Person, *mentions: str) -> "Subject":
        """Somebody the trust's documents know by a code."""
        posts = (person.code, *person.aliases)
        return cls(name=f"person {person.code}", people=(person.id,), posts=posts, mentions=mentions)

    @classmethod
    def key(cls, code: str, *mentions: str) -> "Subject":
        """Whoever held a key."""
        return cls(name=f"key {code}", actors=(f"key:{code}",), mentions=mentions)


def _met(kind: type[Entity]) -> Iterator[Met]:
    people = {
        element.parent.name
        for reference in kind.table().foreign_key_constraints
        if reference.referred_table.name == Person.noun()
        for element in reference.elements
        if element.column.name == "id"
    }
    own = {Membership: Way.MEMBER, Person: Way.PERSON}
    for column in kind.columns():
        if column.name == "id" and kind in own:
            yield Met(kind, column.name, own[kind])
        elif column.name in people:
            yield Met(kind, column.name, Way.PERSON)
        else:
            ways = {Way.ACTOR: ACTORS, Way.POST: POSTS, Way.BESIDE: BESIDE}
            yield from (
                Met(kind, column.name, way) for way, named in ways.items() if column.name in named.get(kind, ())
            )
            if column.name in kind.PERSONAL:
                yield Met(kind, column.name, Way.TEXT)


REGISTRY: Final[tuple[Met, ...]] = tuple(met for kind in KEPT for met in _met(kind))
"""Every column in which people are met. Derived, so that a new table is in it as soon as it is declared."""


def tables() -> tuple[type[Entity], ...]:
    """Every kind of record in which people are met, each once."""
    return tuple(dict.fromkeys(met.kind for met in REGISTRY))


def met_in(kind: type[Entity], *ways: Way) -> tuple[Met, ...]:
    """The columns of a kind in which people are met in these ways."""
    return tuple(met for met in REGISTRY if met.kind is kind and met.way in ways)
