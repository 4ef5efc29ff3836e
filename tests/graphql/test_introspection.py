"""Questions about the schema: so much and no more, answered while others are served, and worked out once."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import orjson
import pytest
from graphql import execute_sync, get_introspection_query

from app.domain.actor import Actor
from app.graphql import introspection
from app.graphql.limits import RefusedDocument, examine
from app.graphql.running import Engine
from app.graphql.schema import schema
from tests.graphql.toy import CORE

WHOLE = get_introspection_query(
    specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True
)
BEAT = 0.005
MOST_BLOCKED = 0.25


def refusals(text: str) -> list[tuple[str, str]]:
    try:
        examine(CORE, text, may_read_schema=True)
    except RefusedDocument as refusal:
        return [(str((error.extensions or {})["code"]), error.message) for error in refusal.errors]
    return []


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        "{ __schema { types { fields { args { name } type { ofType { ofType { name } } } } } } }",
        '{ __type(name: "Walk") { fields { type { fields { name } } } } }',
        '{ __type(name: "Walk") { a: name b: name c: name } x: __typename }',
    ],
)
def test_what_tools_ask_of_the_schema_passes(text: str) -> None:
    assert refusals(text) == []


TOO_DEEP = (
    "A question about the schema asks for lists at most 2 deep, such as the fields of all types; this one goes 3 deep."
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{ __schema { types { fields { type { fields { name } } } } } }", TOO_DEEP),
        ("{ __schema { types { ...A } } } fragment A on __Type { fields { type { possibleTypes { name } } } }", TOO_DEEP),
        (
            "{ a: __schema { types { name } } b: __schema { types { name } } }",
            "An operation asks one question about the schema; this one asks 2.",
        ),
        (
            '{ __schema { types { name } } ...A } fragment A on Query { __type(name: "Walk") { name } }',
            "An operation asks one question about the schema; this one asks 2.",
        ),
        (
            "{ __schema { a: types { name } b: types { name } types { ...A } } } fragment A on __Type { c: name d: name }",
            "A question about the schema has at most 3 aliases; this one has 4.",
        ),
    ],
)  # fmt: skip
def test_what_asks_for_more_of_the_schema_is_refused(text: str, sentence: str) -> None:
    assert refusals(text) == [("limit-exceeded", sentence)]


async def told(engine: Engine, text: str, **variables: Any) -> Any:
    """The answer to a question that needs no database."""
    result = await engine.execute(
        engine.prepare(text, may_read_schema=True),
        operation_name=None,
        variables=variables,
        actor=Actor(uuid4(), "nobody", frozenset()),
        app_state=SimpleNamespace(database=SimpleNamespace(clock=lambda: datetime.now(UTC))),
        explain=False,
        trace_id="-",
        allow_mutations=True,
    )
    assert not result.errors
    return orjson.loads(orjson.dumps(result.data))


@dataclass
class Heart:
    """How long the event loop left its beat waiting."""

    longest: float = 0.0

    async def beat(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(BEAT)
            self.longest = max(self.longest, time.perf_counter() - before - BEAT)


async def test_others_are_served_while_the_whole_schema_is_told_and_it_is_worked_out_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    execute = Mock(wraps=execute_sync)
    monkeypatch.setattr(introspection, "execute_sync", execute)
    engine, heart = Engine(schema()), Heart()
    engine.prepare(WHOLE, may_read_schema=True)
    beating = asyncio.create_task(heart.beat())
    began = time.perf_counter()

    one, same = await asyncio.gather(told(engine, WHOLE), told(engine, WHOLE))
    lasted = time.perf_counter() - began
    await asyncio.sleep(2 * BEAT)
    beating.cancel()
    again = await told(engine, WHOLE)

    assert one == same == again
    assert len(one["__schema"]["types"]) > 100
    assert heart.longest < max(MOST_BLOCKED, lasted / 2)
    assert execute.call_count == 1


async def test_the_schema_may_be_asked_about_in_a_fragment_and_by_variables() -> None:
    engine = Engine(schema())
    text = "query Q($name: String!) { ...A __typename } fragment A on Query { __type(name: $name) { name } }"

    assert await told(engine, text, name="Plan") == {"__type": {"name": "Plan"}, "__typename": "Query"}
    assert await told(engine, text, name="Area") == {"__type": {"name": "Area"}, "__typename": "Query"}


async def test_the_schema_and_records_are_asked_about_in_operations_of_their_own() -> None:
    text = "{ ...A } fragment A on Query { __schema { queryType { name } } trust { code } }"

    with pytest.raises(RefusedDocument) as refused:
        await told(Engine(schema()), text)

    assert [error.message for error in refused.value.errors] == ["Ask about the schema in an operation of its own."]
