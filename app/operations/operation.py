"""What can be done through every door besides keeping records: answers that are computed, and changes with rules of their own.

A door walks these declarations; it adds its own manners (addresses and headers, or fields and arguments) and nothing else.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from app.db.noun import Noun
from app.db.unit_of_work import UnitOfWork
from app.domain.entity import Entity
from app.domain.roles import Permission
from app.operations.bodies import Body
from app.queries.published import Published, exact
from app.queries.reading import Moment, Reads

Reading = Callable[[Reads, UUID, Any, Moment], Awaitable[Published | bytes]]
ReadingAt = Callable[[Reads, UUID, Any, Moment], Awaitable[tuple[bytes, int]]]
Doing = Callable[[UnitOfWork, UUID, Any, int], Awaitable[Entity]]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A computed answer: about one record of `of`, or about the whole trust.

    `path` is what its address has below the record's own, or below `/v1`. `asked` is the model of its parameters; where it
    has an `as_known_at` or an `as_of`, the answer is of that moment. `read` is given the id of the record; of a whole trust,
    the trust's own. It returns the answer or its finished bytes. `read_at` is for those that are one statement, which reads
    the position of the trust's log too.

    Untagged: no record has a say in it, so it never changes. Not `missing`: nothing it is asked with can be absent.
    `needs` is what it takes to be told it; `notes`: what it tells may be sensitive, and then who read it is noted. `rows_by`
    names the parameter that says how many records it tells.
    """

    name: str
    of: Noun | None = None
    path: str
    tag: str
    summary: str
    doc: str
    asked: type[BaseModel]
    gives: type[Published]
    read: Reading
    read_at: ReadingAt | None = None
    tagged: bool = True
    missing: bool = True
    own_route: bool = False
    field: str = ""
    needs: Permission = Permission.READ
    rows_by: str = ""
    notes: bool = False

    @property
    def called(self) -> str:
        """Its name as a field of the record, or of the trust."""
        return self.field or to_camel(self.path.rsplit("/", 1)[-1].replace("-", "_"))


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change with a rule of its own, of one record of `of`. It answers with a record of `gives`.

    `path` is what its address has below the record's own. `run` is given the record's id, the body, and the version that
    the caller read; 0 where none is asked for.
    """

    name: str
    of: Noun
    gives: Noun
    path: str
    summary: str
    doc: str
    body: type[Body]
    run: Doing
    versioned: bool = True
    key_required: bool = False
    creates: bool = False


def without_head(read_at: ReadingAt) -> Reading:
    """The same answer without the position of the log."""

    async def read(reads: Reads, about: UUID, asked: Any, moment: Moment) -> bytes:
        body, _head = await read_at(reads, about, asked, moment)
        return body

    return read


def finished(answer: Published | bytes) -> bytes:
    """The answer as it is sent."""
    if isinstance(answer, bytes):
        return answer
    return orjson.dumps(answer.model_dump(), default=exact, option=orjson.OPT_UTC_Z)
