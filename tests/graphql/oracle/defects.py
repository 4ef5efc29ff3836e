"""Mistakes that a compiler of selections makes, planted in ours: the oracle has to see each of them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final
from unittest.mock import patch

from app.graphql import planner, selections
from app.graphql.prepared import forget

_COLLECT, _SOURCES = (getattr(selections, name) for name in ("collect_subfields", "sources"))
_COUNT, _MEMBERS = (getattr(planner, name) for name in ("count", "members"))


def _ignoring_directives(*given: Any, **named: Any) -> Any:
    with patch("graphql.execution.collect_fields.should_include_node", lambda *_: True):
        return _COLLECT(*given, **named)


def _merging_nothing(*given: Any, **named: Any) -> Any:
    collected = _COLLECT(*given, **named)
    for details in collected.grouped_field_set.values():
        del details[1:]
    return collected


def _counting_as_at_first(given: Mapping[str, Any]) -> Any:
    """The size of a page is bound to what it was when the plan was made."""
    count = _COUNT(given)
    held: list[int] = []

    def counted(asked: Any) -> int:
        held[:] = held or [count(asked)]
        return held[0]

    return counted


def _forgetting_a_filter(source: Any, variables: Any) -> Any:
    """Of a filter with two parts one is left out."""
    return dict(list(_MEMBERS(source, variables).items())[:1])


def _taking_after_for_before(*given: Any) -> Any:
    """A cursor is as good as none."""
    return {name: source for name, source in _SOURCES(*given).items() if name != "after"}


_PLANTED: Final[Mapping[str, tuple[str, Callable[..., Any]]]] = {
    "directives are ignored": ("collect_subfields", _ignoring_directives),
    "a repeated field is not merged": ("collect_subfields", _merging_nothing),
    "a nested `first` keeps the value of another request": ("count", _counting_as_at_first),
    "one part of a filter is forgotten": ("members", _forgetting_a_filter),
    "a page begins at the beginning": ("sources", _taking_after_for_before),
}
DEFECTS: Final = tuple(_PLANTED)


def planted(defect: str) -> AbstractContextManager[None]:
    name, wrong = _PLANTED[defect]
    return _planted(name, wrong)


@contextmanager
def _planted(name: str, wrong: Callable[..., Any]) -> Iterator[None]:
    forget()
    try:
        with patch.object(selections if hasattr(selections, name) else planner, name, wrong):
            yield
    finally:
        forget()
