"""The application with its own filters switched off: what is then kept apart, PostgreSQL keeps apart alone."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final
from unittest.mock import patch

import asyncpg

from app.db import graph, selection
from app.db.database import Reader
from app.domain.actor import Actor
from tests.graphql import test_sight

_OF_THE_TRUST: Final = re.compile(r"\b(\w+\.)?trust_id = (\$1(?:::uuid)?)(?![0-9])")
_COMPILED: Final = (selection.one, selection.page, selection.count)


@contextmanager
def trusts_off() -> Iterator[None]:
    """No statement of a reader names the trust any more."""
    row, value, rows = Reader.row, Reader.value, Reader.rows

    def bare(sql: str) -> str:
        return _OF_THE_TRUST.sub(r"($1::uuid is not null)", sql)

    async def one(self: Reader, sql: str, *arguments: Any) -> asyncpg.Record | None:
        return await row(self, bare(sql), *arguments)

    async def scalar(self: Reader, sql: str, *arguments: Any) -> Any:
        return await value(self, bare(sql), *arguments)

    async def many(self: Reader, sql: str, *arguments: Any) -> Sequence[asyncpg.Record]:
        return await rows(self, bare(sql), *arguments)

    with patch.object(Reader, "row", one), patch.object(Reader, "value", scalar), patch.object(Reader, "rows", many):
        yield


@contextmanager
def sights_forgotten() -> Iterator[None]:
    """No statement asks for academies, or for what may be seen of a kind."""
    with ExitStack() as stack:
        for module in (selection, graph):
            stack.enter_context(patch.object(module, "visible", lambda noun, alias: "true"))  # noqa: ARG005  as it is called
        _forget()
        stack.callback(_forget)
        yield


@contextmanager
def sights_off() -> Iterator[None]:
    """And no permission is asked for."""
    with sights_forgotten(), patch.object(Actor, "require", lambda *_: None):
        yield


def _forget() -> None:
    """What was compiled before, here and by the sweep of the other door."""
    for compiled in (*_COMPILED, test_sight.planned):
        compiled.cache_clear()
