"""What is remembered of documents: as much as there is room for, what was used last, and refusals too."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.graphql import prepared
from app.graphql.limits import RefusedDocument, examine
from app.graphql.memory import Memory
from app.graphql.prepared import forget, prepare
from tests.graphql.toy import CORE

MOST = 10
KEYS = st.integers(0, 5)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("keep"), KEYS, st.integers(1, MOST + 2)),
        st.tuples(st.just("grow"), KEYS, st.integers(-1, MOST)),
        st.tuples(st.just("get"), KEYS, st.just(0)),
    ),
    max_size=40,
)


@given(STEPS)
def test_a_memory_holds_what_was_used_last_and_never_more_than_it_may(steps: list[tuple[str, int, int]]) -> None:
    memory: Memory[int, int] = Memory(MOST)
    kept: list[tuple[int, int]] = []
    for what, key, weight in steps:
        had = next((it[1] for it in kept if it[0] == key), None)
        if what == "get":
            assert memory.get(key) == (None if had is None else key)
            kept = kept if had is None else [it for it in kept if it[0] != key] + [(key, had)]
            continue
        if what == "grow":
            memory.grow(key, weight)
        else:
            memory.keep(key, key, weight)
        if what == "grow" and had is None:
            continue
        now = weight + (had or 0) if what == "grow" else weight
        kept = [it for it in kept if it[0] != key] + ([(key, now)] if now <= MOST else [])
        while sum(it[1] for it in kept) > MOST:
            kept = kept[1:]

        assert memory.weight == sum(it[1] for it in kept) <= MOST
        assert len(memory) == len(kept)


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The texts that were looked at anew."""
    texts: list[str] = []

    def counted(schema: Any, text: str, **more: Any) -> Any:
        texts.append(text)
        return examine(schema, text, **more)

    monkeypatch.setattr(prepared, "examine", counted)
    forget()
    yield texts
    forget()


def refusal(text: str, *, may_read_schema: bool) -> list[Any]:
    with pytest.raises(RefusedDocument) as refused:
        prepare(CORE, text, may_read_schema=may_read_schema)
    return [error.formatted for error in refused.value.errors]


def test_a_document_is_looked_at_once_be_it_good_or_refused(examined: list[str]) -> None:
    good, bad = "{ hello }", "{ helo }"

    assert prepare(CORE, good, may_read_schema=True) is prepare(CORE, good, may_read_schema=True)
    one, again = refusal(bad, may_read_schema=True), refusal(bad, may_read_schema=True)
    stranger = refusal(bad, may_read_schema=False)

    assert one == again
    assert [error["locations"] for error in one] == [[{"line": 1, "column": 3}]]
    assert ("hello" in one[0]["message"], "hello" in stranger[0]["message"]) == (True, False)
    assert examined == [good, bad, bad]


def test_large_documents_push_out_others(examined: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts is the room they take, and a document of many tokens takes much."""
    large = "{" + " ".join(["hello"] * 90) + "}"
    room = len(large) + 600 * 93
    monkeypatch.setattr(prepared, "_documents", Memory(2 * room))

    for text in (large, large + " ", large + "  ", large + "  ", large):
        prepare(CORE, text, may_read_schema=False)

    assert [len(text) - len(large) for text in examined] == [0, 1, 2, 0]
