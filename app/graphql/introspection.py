"""Answering what is asked about the schema: in a thread, for it takes seconds, and remembered, for it never changes."""

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

import orjson
from graphql import DocumentNode, GraphQLError, GraphQLSchema, execute_sync

from app.graphql.memory import Memory

_REMEMBERED: Final = 32 << 20
_Question = tuple[str, str | None, str]
_Answer = tuple[bytes | None, tuple[GraphQLError, ...]]


class SchemaAnswers:
    """Answers about the schema, as finished JSON. One is worked out at a time, so that they never have all the processor."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: Memory[_Question, _Answer] = Memory(_REMEMBERED)
        self._under_way: dict[_Question, asyncio.Future[_Answer]] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="introspection")

    async def answer(
        self, text: str, document: DocumentNode, operation_name: str | None, variables: Mapping[str, Any]
    ) -> tuple[bytes | None, tuple[GraphQLError, ...]]:
        """The data and the errors. Whoever asks the same meanwhile waits for the same answer."""
        question = text, operation_name, json.dumps(variables, sort_keys=True)
        known = self._known.get(question)
        if known is not None:
            return known
        if question not in self._under_way:
            work = partial(_worked_out, self._schema, document, operation_name, dict(variables))
            future = asyncio.get_running_loop().run_in_executor(self._thread, work)
            self._under_way[question] = future
            future.add_done_callback(partial(self._done, question))
        return await asyncio.shield(self._under_way[question])

    def _done(self, question: _Question, future: "asyncio.Future[_Answer]") -> None:
        del self._under_way[question]
        if not future.cancelled() and future.exception() is None:
            data, _ = answer = future.result()
            self._known.keep(question, answer, len(question[0]) + len(question[2]) + len(data or b""))


def _worked_out(
    schema: GraphQLSchema, document: DocumentNode, operation_name: str | None, variables: dict[str, Any]
) -> _Answer:
    result = execute_sync(schema, document, variable_values=variables, operation_name=operation_name)
    return None if result.data is None else orjson.dumps(result.data), tuple(result.errors or ())
