"""Cursors of connections: what is no cursor is refused, and what is one is spelt as PostgreSQL spells it."""

import base64
import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from app.graphql.cursors import LONGEST, read_cursor

RECORD = UUID("01890000-0000-7000-8000-000000000001")
CASTS = ("date", "int", "uuid", "text")


def cursor(key: Any, record: Any = str(RECORD), way: Any = "code") -> str:
    return base64.b64encode(json.dumps([way, key, record]).encode()).decode()


@pytest.mark.parametrize(
    ("cast", "key", "bound"),
    [
        ("int", "٣", "3"), ("int", " 1_0 ", "10"), ("date", "2026-W01-1", "2025-12-29"), ("date", "20260105", "2026-01-05"),
        ("date", "infinity", "infinity"), ("uuid", f"urn:uuid:{RECORD}", str(RECORD)), ("uuid", f"{{{RECORD.hex}}}", str(RECORD)),
        ("text", "Zoë", "Zoë"),
    ],
)  # fmt: skip
def test_a_key_is_bound_as_postgresql_spells_it(cast: str, key: str, bound: str) -> None:
    assert read_cursor(cursor(key), "code", cast) == (bound, RECORD)


@pytest.mark.parametrize(
    ("cast", "text"),
    [
        ("text", cursor("\ud800")), ("text", cursor("\0")), ("text", cursor(1)), ("text", cursor("a", way="-code")),
        ("text", cursor("a", record=None)), ("text", cursor("a", record="urn:none")), ("int", cursor("2147483648")),
        ("date", cursor("2026-02-30")), ("text", "é"), ("text", ""), ("text", base64.b64encode(b"[" * 100_000).decode()),
        ("text", base64.b64encode(b"[" * (LONGEST // 2)).decode()), ("text", cursor("a" * LONGEST)),
    ],
)  # fmt: skip
def test_what_is_no_cursor_is_refused(cast: str, text: str) -> None:
    with pytest.raises(GraphQLError, match="no cursor of this list"):
        read_cursor(text, "code", cast)


_json = st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=4), max_leaves=6)
_keys = st.text() | st.uuids().map(str) | st.dates().map(str) | st.integers().map(str) | _json
_texts = st.text() | st.builds(cursor, _keys, st.uuids().map(str) | _json, st.just("code") | _json)


@given(text=_texts, cast=st.sampled_from(CASTS))
def test_any_text_is_refused_or_a_key_that_can_be_bound(text: str, cast: str) -> None:
    try:
        key, record = read_cursor(text, "code", cast)
    except GraphQLError:
        return

    assert isinstance(record, UUID)
    assert key.encode().decode() == key
    assert "\0" not in key
    assert read_cursor(cursor(key, str(record)), "code", cast) == (key, record)
    match cast:
        case "int":
            assert str(int(key)) == key
        case "uuid":
            assert str(UUID(key)) == key
        case "date":
            assert key.endswith("infinity") or date.fromisoformat(key).isoformat() == key
