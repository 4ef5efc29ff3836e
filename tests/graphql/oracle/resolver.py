"""The generic resolver: what each field of the schema means over records held in Python, called by graphql-core for each."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from inspect import isawaitable
from typing import Any, Final, Self
from uuid import UUID

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute,
    get_named_type,
    print_schema,
)
from pydantic import ValidationError

from app.db.database import Database
from app.domain.errors import Refusal
from app.graphql.running import core
from app.graphql.schema import schema
from app.operations.asked import moment_of, past_of
from app.operations.operation import Answer, finished
from app.operations.registry import ANSWERS
from tests.graphql.oracle.meaning import below, narrowed
from tests.graphql.oracle.world import TITLES, Row, Sight, spelt

PAGE: Final = 50
_TOLD_BY: Final = {"Reading": ("batchId", "supersededInId"), "ReleasedFigure": ("releaseId",)}
"""Whose events tell of a row that is kept in batches."""
ANSWERED: Final[Mapping[tuple[str, str], Answer]] = {
    (answer.of.title if answer.of else "Query", answer.called): answer for answer in ANSWERS
}


@cache
def published() -> GraphQLSchema:
    """The schema as anybody can build it from the published text: it has no code of ours."""
    return build_schema(print_schema(core(schema())), assume_valid=True)


@dataclass(frozen=True)
class Record:
    title: str
    row: Row
    as_of: str | None = None


class Mark(str):
    """What a cursor stands for: a record's place in an order."""

    __slots__ = ()

    @classmethod
    def of(cls, title: str, way: str, record_id: str) -> Self:
        return cls(f"{title} {way} {record_id}")

    @property
    def id(self) -> str:
        return self.rpartition(" ")[2]

    @property
    def list(self) -> str:
        """The kind of record and its order: lists of the same share their cursors."""
        return self.rpartition(" ")[0]


@dataclass
class Cursors:
    """Cursors are opaque: what each stands for is learnt where it is first seen, and it must stand for that ever after."""

    known: dict[str, Mark] = field(default_factory=dict)

    def stands_for(self, cursor: str, mark: Mark) -> bool:
        return self.known.setdefault(cursor, mark) == mark


@dataclass
class Oracle:
    """Answers queries as one actor would have to be answered."""

    sight: Sight
    cursors: Cursors
    database: Database
    answers: dict[Any, Any] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def execute(self, document: DocumentNode, variables: dict[str, Any], operation_name: str | None) -> Any:
        result = execute(
            published(), document, None, self, variables, operation_name, self.resolve, lambda value, *_: value.title
        )
        return await result if isawaitable(result) else result

    def resolve(self, source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        name, told = info.field_name, {key: value for key, value in given.items() if value is not None}
        gives = get_named_type(info.return_type).name
        if source is None:
            return self._root(name, gives, told)
        if isinstance(source, Record):
            return self._field(source, name, gives, told)
        return source.get(name)

    def _root(self, name: str, gives: str, told: dict[str, Any]) -> Any:
        as_of = told.get("asOf")
        if name == "node":
            return self._node(told["id"])
        if name == "nodes":
            return [self._node(one) for one in told["ids"]]
        if name == "trust":
            return Record("Trust", next(iter(self.sight.records["Trust"].values())), as_of)
        if ("Query", name) in ANSWERED:
            return self._ask(ANSWERED["Query", name], str(self.sight.actor.trust_id), told, None)
        if gives in TITLES:
            row = self.sight.records[gives].get(told["id"].rpartition(":")[2].lower())
            return row and Record(gives, row, as_of)
        title = gives.removesuffix("Connection")
        return self._page(title, list(self.sight.records[title].values()), told, as_of)

    def _node(self, global_id: str) -> Record | None:
        title, _, record_id = global_id.partition(":")
        row = self.sight.records.get(title, {}).get(record_id.lower())
        return None if row is None else Record(title, row)

    def _field(self, record: Record, name: str, gives: str, told: dict[str, Any]) -> Any:
        title, row, as_of = record.title, record.row, record.as_of
        if name in ("id", "uuid"):
            return f"{title}:{row['id']}" if name == "id" else row["id"]
        if name in row:
            return row[name]
        if name == "history":
            subjects = [row[key] for key in _TOLD_BY.get(title, ("id",)) if row[key] is not None]
            events = [event for subject in subjects for event in self.sight.history(subject)]
            later = sorted(
                (event for event in events if event["position"] > told.get("after", 0)),
                key=lambda event: int(event["position"]),
            )
            return later[: told.get("first", PAGE)]
        if gives in TITLES:
            found = self.sight.records[gives].get(row[f"{name}Id"] or "")
            return found and Record(gives, found, as_of)
        if (title, name) in ANSWERED:
            return self._ask(ANSWERED[title, name], row["id"], told, as_of)
        child = gives.removesuffix("Connection")
        return self._page(child, below(self.sight, title, row, name, child), told, as_of)

    def _page(self, title: str, rows: list[Row], told: dict[str, Any], as_of: str | None) -> dict[str, Any]:
        """A page of these records: what is asked for of them, in order, from the cursor on."""
        world, backward = self.sight.world, "last" in told
        sort, descending = told.get("sort", TITLES[title].default_sort), told.get("descending", False)
        way, rank = f"{'-' if descending else ''}{sort}", world.rank(title, sort)
        asked = told.get("filter", {})
        listed = sorted(
            (row for row in rows if self._is_listed(title, row, asked, withdrawn=told.get("includeWithdrawn", False))),
            key=lambda row: rank[row["id"]],
            reverse=descending,
        )
        cursor = told.get("before" if backward else "after")
        rest = listed if cursor is None else self._beyond(listed, rank, cursor, falling=descending != backward)
        count = told["last"] if backward else told.get("first", PAGE)
        page = rest[max(len(rest) - count, 0) :] if backward else rest[:count]
        more = len(rest) > count
        marks = [Mark.of(title, way, row["id"]) for row in page]
        records = [Record(title, row, as_of) for row in page]
        return {
            "nodes": records,
            "edges": [{"cursor": mark, "node": record} for mark, record in zip(marks, records, strict=True)],
            "totalCount": len(listed),
            "pageInfo": {
                "hasNextPage": cursor is not None if backward else more,
                "hasPreviousPage": more if backward else cursor is not None,
                "startCursor": marks[0] if marks else None,
                "endCursor": marks[-1] if marks else None,
            },
        }

    def _is_listed(self, title: str, row: Row, asked: Mapping[str, Any], *, withdrawn: bool) -> bool:
        return (withdrawn or row.get("withdrawnAt") is None) and narrowed(self.sight.world, title, row, asked)

    def _beyond(self, rows: list[Row], rank: Mapping[str, int], cursor: str, *, falling: bool) -> list[Row]:
        place = rank[self.cursors.known[cursor].id]
        return [row for row in rows if (rank[row["id"]] < place if falling else rank[row["id"]] > place)]

    async def _ask(self, answer: Answer, about: str, told: dict[str, Any], as_of: str | None) -> Any:
        """A computed answer. Each is asked for once; a connection answers one question at a time."""
        told = {name: _plain(value) for name, value in told.items()}
        key = (answer.name, about, json.dumps(told, sort_keys=True), as_of)
        async with self.turn:
            if key not in self.answers:
                self.answers[key] = await self._answered(answer, about, told, as_of)
        if isinstance(self.answers[key], Exception):
            raise self.answers[key]
        return self.answers[key]

    async def _answered(self, answer: Answer, about: str, told: dict[str, Any], as_of: str | None) -> Any:
        now = self.database.clock()
        try:
            asked = answer.asked.model_validate(told)
            moment = moment_of(now, past_of(asked) or (datetime.fromisoformat(as_of) if as_of else None))
            async with self.database.reader(self.sight.actor, noting="oracle") as reads:
                return json.loads(finished(await answer.read(reads, UUID(about), asked, moment)), parse_float=spelt)
        except Refusal as refusal:
            return GraphQLError(refusal.sentence, extensions={"code": refusal.code})
        except ValidationError:
            return GraphQLError("invalid", extensions={"code": "invalid"})


def _plain(value: Any) -> Any:
    """An id without its kind."""
    is_global = isinstance(value, str) and value.partition(":")[0] in TITLES
    return value.partition(":")[2] if is_global else value
