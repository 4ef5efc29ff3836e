"""Answering a query: its statements are run, their bytes put together, and what SQL cannot answer is filled in."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from graphql import GraphQLError
from pydantic import ValidationError

from app.db.database import Database, Reader
from app.domain.actor import Actor
from app.domain.errors import Refusal
from app.domain.roles import Permission
from app.graphql.binding import instant
from app.graphql.plan import Asked, Filling, Plan, Root, Shape, Statement, Walk, bind, forbidden
from app.graphql.refusing import of_refusal, refused
from app.operations.asked import moment_of, past_of
from app.operations.operation import finished
from app.queries.published import exact
from app.queries.reading import Moment, Reads

MOST_ROWS: Final = 20_000
"""The rows an operation may fetch."""
FILLING_SECONDS: Final = 5.0
"""An operation that asks for what SQL cannot answer is given up after so long."""


@dataclass
class Answered:
    """What became of an operation: its data as finished JSON, what went wrong in it, and how it was answered."""

    data: bytes | None
    errors: list[GraphQLError] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)

    def explained(self, actor: Actor) -> dict[str, Any]:
        """For `extensions.explain`: the fields that SQL could not answer; and to who may read the schema, what ran."""
        told: dict[str, Any] = {"filled": sorted(set(self.filled))}
        if actor.may(Permission.READ_SCHEMA):
            told["statements"] = [{"sql": sql} for sql in self.statements]
        return told


@dataclass(frozen=True)
class _Hole:
    """One thing to fill in: in which object, under which key, about which record."""

    inside: dict[str, Any]
    key: str
    filling: Filling
    path: tuple[str | int, ...]


def check(plan: Plan, asked: Asked) -> GraphQLError | None:
    """Why a plan is not run, if it is not: it asks for what the actor may not read, or for too much."""
    refusal = forbidden(plan, asked.actor)
    if refusal is not None:
        return refusal
    rows = plan.rows(asked)
    if rows <= MOST_ROWS:
        return None
    return refused(
        "too-costly",
        f"This operation may fetch {rows} rows, and {MOST_ROWS} is the most. Ask for fewer with `first`, or for less below each.",
        cost=rows,
    )


def reading(plan: Plan, actor: Actor, database: Database) -> AbstractAsyncContextManager[Reader]:
    """What the plan is answered from. What takes long waits for others of its kind, and never keeps all readers busy."""
    noting = "query" if plan.notes else None
    return database.patient_reader(actor, noting=noting) if plan.fills else database.reader(actor, noting=noting)


async def answer(plan: Plan, asked: Asked, reads: Reads) -> Answered:
    """Every root field in its order, as one JSON object."""
    answered = Answered(None)
    filler = _Filler(asked, reads, answered)
    parts = []
    async with _within_deadline(limited=plan.fills):
        for root in plan.roots:
            body = await _root(root, asked, reads, answered, filler)
            if body is None and not root.optional:
                raise refused(
                    "not-found", f"There was no {root.node.name.value} then. Give a later instant.", root.node
                )
            parts.append(b'"' + root.key.encode() + b'":' + (body or b"null"))
    answered.data = b"{" + b",".join(parts) + b"}"
    return answered


async def selected(statement: Statement, walk: Walk, record_id: UUID, asked: Asked, reads: Reads) -> Answered:
    """A record that was just written, as it was selected."""
    told = replace(asked, record=record_id)
    answered = Answered(None)
    async with _within_deadline(limited=bool(walk)):
        body = await _run(statement, told, Moment(asked.now), reads, answered)
        answered.data = await _Filler(told, reads, answered).fill(body, walk, (), None)
    return answered


@asynccontextmanager
async def _within_deadline(*, limited: bool) -> AsyncIterator[None]:
    """Refuses what takes too long to fill."""
    deadline = asyncio.timeout(FILLING_SECONDS if limited else None)
    try:
        async with deadline:
            yield
    except TimeoutError:
        if not deadline.expired():
            raise
        sentence = f"The computed answers took more than {FILLING_SECONDS:g} seconds. Ask for fewer of them at a time."
        raise refused("too-costly", sentence) from None


async def _root(root: Root, asked: Asked, reads: Reads, answered: Answered, filler: "_Filler") -> bytes | None:
    if root.constant is not None:
        return orjson.dumps(root.constant)
    past = None if root.as_of is None else instant(asked.value(root.as_of))
    if root.filling is not None:
        holder: dict[str, Any] = {root.key: asked.actor.trust_id}
        await filler.one(_Hole(holder, root.key, root.filling, (root.key,)), past)
        return None if holder[root.key] is None else _dumped(holder[root.key])
    if root.ids is not None:
        return await _several(root, root.ids(asked), asked, reads, answered, filler)
    body = await _run(root.statements[0], asked, moment_of(asked.now, past), reads, answered)
    return await filler.fill(body, root.walks[0], (root.key,), past)


async def _run(statement: Statement, asked: Asked, moment: Moment, reads: Reads, answered: Answered) -> bytes | None:
    answered.statements.append(statement.sql)
    body: bytes | None = await reads.value(statement.sql, *bind(statement, asked, moment))
    return body


async def _several(
    root: Root, wanted: list[tuple[str, UUID]], asked: Asked, reads: Reads, answered: Answered, filler: "_Filler"
) -> bytes | None:
    """The records of `node` and `nodes`, in the order of their ids; null where one is not in sight."""
    found: dict[tuple[str, UUID], tuple[bytes, Walk]] = {}
    for statement, walk in zip(root.statements, root.walks, strict=True):
        answered.statements.append(statement.sql)
        rows = await reads.rows(statement.sql, *bind(statement, asked, Moment(asked.now)))
        found |= {(statement.title, row["id"]): (row["body"], walk) for row in rows}
    bodies = []
    for index, one in enumerate(wanted):
        body, walk = found.get(one, (None, {}))
        path = (root.key,) if root.optional else (root.key, index)
        bodies.append(await filler.fill(body, walk, path, None))
    return bodies[0] if root.optional else b"[" + b",".join(body or b"null" for body in bodies) + b"]"


class _Filler:
    """Fills the holes of one operation. The same question about the same record is answered once."""

    def __init__(self, asked: Asked, reads: Reads, answered: Answered) -> None:
        self._asked = asked
        self._reads = reads
        self._answered = answered
        self._answers: dict[_Question, Any] = {}

    async def fill(
        self, body: bytes | None, walk: Walk, path: tuple[str | int, ...], past: datetime | None
    ) -> bytes | None:
        """The JSON with every hole filled."""
        if body is None or not walk:
            return body
        told = json.loads(body, parse_float=orjson.Fragment)
        for hole in _holes(told, walk, path):
            await self.one(hole, past)
        return _dumped(told)

    async def one(self, hole: _Hole, past: datetime | None) -> None:
        filling, asked = hole.filling, self._asked
        self._answered.filled.append(".".join(part for part in hole.path if isinstance(part, str)))
        arguments = {name: asked.value(source) for name, source in filling.arguments.items()}
        told, about = json.dumps(arguments, sort_keys=True), str(hole.inside[hole.key])
        question = _Question(filling.answer.name, about, told, past, filling, arguments)
        if question not in self._answers:
            self._answers[question] = await self._ask(question)
        answer = self._answers[question]
        if isinstance(answer, Refusal):
            hole.inside[hole.key] = None
            self._answered.errors.append(of_refusal(answer, filling.node, list(hole.path)))
        elif isinstance(answer, GraphQLError):
            hole.inside[hole.key] = None
            placed = GraphQLError(answer.message, filling.node, path=list(hole.path), extensions=answer.extensions)
            self._answered.errors.append(placed)
        else:
            hole.inside[hole.key] = cut(answer, filling.shape)

    async def _ask(self, question: "_Question") -> Any:
        """The whole answer, or what it is refused with."""
        answer = question.filling.answer
        try:
            asked = answer.asked.model_validate(question.arguments)
            moment = moment_of(self._asked.now, past_of(asked) or question.past)
            if moment.as_of is not None:
                self._asked.actor.require(Permission.READ_EVENTS)
            told = await answer.read(self._reads, UUID(question.record_id), asked, moment)
        except ValidationError as error:
            return _invalid(error)
        except Refusal as refusal:
            return refusal
        return json.loads(finished(told), parse_float=orjson.Fragment)


@dataclass(frozen=True)
class _Question:
    """What makes two questions the same."""

    answer: str
    record_id: str
    told: str
    past: datetime | None

    filling: Filling = field(compare=False, repr=False)
    arguments: Mapping[str, Any] = field(compare=False, repr=False)


def cut(value: Any, shape: Shape | None) -> Any:
    """An answer with what was selected of it, under the keys that were asked for."""
    if shape is None or value is None:
        return value
    if isinstance(value, list):
        return [cut(one, shape) for one in value]
    return {key: text if name is None else cut(value.get(name), below) for key, name, text, below in shape.parts}


def _holes(value: Any, walk: Walk, path: tuple[str | int, ...]) -> list[_Hole]:
    """Every hole in the answer, in the order in which it is told."""
    if isinstance(value, list):
        return [hole for index, one in enumerate(value) for hole in _holes(one, walk, (*path, index))]
    found: list[_Hole] = []
    if value is None:
        return found
    for key, below in walk.items():
        if isinstance(below, Filling):
            found.append(_Hole(value, key, below, (*path, key)))
        else:
            found += _holes(value[key], below, (*path, key))
    return found


def _invalid(error: ValidationError) -> GraphQLError:
    faults = [
        {
            "pointer": "/" + "/".join(map(str, item["loc"])),
            "code": item["type"].replace("_", "-"),
            "detail": item["msg"],
        }
        for item in error.errors(include_input=False, include_url=False)
    ]
    return refused("invalid", f"{len(faults)} argument(s) are not valid.", errors=faults)


def _dumped(value: Any) -> bytes:
    return orjson.dumps(value, default=exact)
