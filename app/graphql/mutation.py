"""One mutation: what it takes, how that is read, and what it may answer with."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Protocol
from uuid import UUID

from graphql import GraphQLError
from pydantic import ValidationError

from app.config import Settings
from app.db.database import Database
from app.db.noun import Noun
from app.db.unit_of_work import UnitOfWork
from app.domain.actor import Actor
from app.domain.entity import Entity
from app.domain.errors import Invalid
from app.graphql.ids import record_id
from app.graphql.refusals import make_refusals
from app.graphql.types import Field, Given, input_of, make, make_union, object_of, type_of
from app.operations.bodies import Body, not_valid
from app.queries.published import Published

Command = Callable[[UnitOfWork], Awaitable[Entity | Published]]
_KEY: Final = "An `Idempotency-Key`: a new random text for each new request, the same one for a retry."


class Service(Protocol):
    """What a command may need of the service besides a transaction."""

    database: Database
    settings: Settings
    pepper: bytes


@dataclass(frozen=True)
class Said:
    """What a mutation was given: the record, the version that was read, the body."""

    record_id: UUID | None
    version: int
    body: Any

    def record(self) -> UUID:
        assert self.record_id is not None
        return self.record_id


Run = Callable[[UnitOfWork, Said], Awaitable[Entity | Published]]
Preparing = Callable[[Service, Actor, Said], Awaitable[Command]]


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """One command as a field of Mutation.

    `of` is the noun whose record it is done to, `gives` that of the record it answers with, `instead` what it may answer
    with in its place. A mutation with a `preparing` does work of its own before the transaction, which gives the command.
    """

    name: str
    doc: str
    body: type[Body] | None
    of: Noun | None = None
    gives: Noun | None = None
    instead: tuple[type[Published], ...] = ()
    result: str = ""
    run: Run | None = None
    preparing: Preparing | None = None
    versioned: bool = True
    keyed: bool = True
    key_required: bool = False

    def field(self) -> Field:
        arguments: dict[str, Given] = {}
        if self.of is not None:
            arguments["id"] = Given("ID", "Its global id, or its id as REST tells it.")
        if self.versioned:
            arguments["expectedVersion"] = Given("int", "The version you read, so that nobody's change is lost.")
        if self.body is not None:
            optional = not any(info.is_required() for info in self.body.model_fields.values())
            arguments["input"] = Given(f"{input_of(self.body)} | None" if optional else input_of(self.body))
        if self.keyed:
            arguments["idempotencyKey"] = Given("str" if self.key_required else "str | None", _KEY)
        return Field(f"{self._result()} | None", self.doc, arguments)

    def said(self, arguments: Mapping[str, Any]) -> Said:
        """The arguments, read by the same model that reads REST's body."""
        record_id = None if self.of is None else _id_of(self.of, str(arguments["id"]))
        return Said(record_id, arguments.get("expectedVersion", 0), self._read(arguments.get("input") or {}))

    async def command(self, service: Service, actor: Actor, said: Said) -> Command:
        """What is to be done in the transaction."""
        if self.preparing is not None:
            return await self.preparing(service, actor, said)
        run = self.run
        assert run is not None
        return lambda work: run(work, said)

    def _read(self, given: Mapping[str, Any]) -> Any:
        if self.body is None:
            return None
        try:
            return self.body.model_validate_json(json.dumps(given))
        except ValidationError as error:
            raise not_valid(error) from None

    def _result(self) -> str:
        told = (*([self.gives.title] if self.gives else []), *(_instead(one, self.gives) for one in self.instead))
        return _union(self.result or f"{told[0]}Result", told)


@cache
def _union(name: str, told: tuple[str, ...]) -> str:
    """The union that a mutation answers with."""
    return make_union(name, (*told, *make_refusals()))


@cache
def _instead(model: type[Published], noun: Noun | None) -> str:
    """The type of what is told in place of a record. A field that both have can be asked of both in one document."""
    if noun is None:
        return object_of(model)
    loose = {item.name for item in noun.columns() if type_of(item.type, name=item.name).endswith("None")}
    kinds = {key: type_of(info.annotation, name=key) for key, info in model.model_fields.items()}
    fields = {
        key: Field(f"{kind} | None" if key in loose else kind, model.model_fields[key].description)
        for key, kind in kinds.items()
    }
    return make(model.__name__, model.__doc__, fields)


def _id_of(noun: Noun, text: str) -> UUID:
    """The id of a record of this kind. What is wrong with it is told as any refusal of a mutation."""
    try:
        return record_id(text, noun.title)
    except GraphQLError as error:
        raise Invalid(error.message) from None
