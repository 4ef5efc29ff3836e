"""Where a document goes past a limit is told with its place, whatever stands before it, and no endless list of errors."""

import pytest

from app.graphql.limits import MAX_ERRORS, RefusedDocument, examine
from tests.graphql.test_limits import aliased, deep, named, repeated
from tests.graphql.toy import CORE

BEFORE = "fragment Unused on Walk { name }\nquery First { walk { name } }\n"


def places(text: str, *, may_read_schema: bool = False) -> list[list[tuple[int, int]]]:
    """Of each error the lines and columns it names."""
    with pytest.raises(RefusedDocument) as caught:
        examine(CORE, text, may_read_schema=may_read_schema)
    return [[(at.line, at.column) for at in error.locations or []] for error in caught.value.errors]


@pytest.mark.parametrize("text", [deep(9), aliased(16)])
def test_an_operation_past_a_limit_is_named_whatever_stands_before_it(text: str) -> None:
    assert places(f"{BEFORE}query Long {text}") == [[(3, 1)]]


def test_fields_again_and_again_are_told_of_the_operation_that_asks_for_them() -> None:
    assert places(f"fragment B on Walk {{ name }} query Q {repeated(100)}") == [[(1, 29)]]


def test_an_alias_too_long_is_named_the_first_of_them() -> None:
    assert places(f"{{ a: hello\n{named(61)[1:-1]} {named(62)[1:-1]} }}") == [[(2, 2)]]


def test_a_question_about_the_schema_is_named() -> None:
    assert places("{\n__schema { description } }") == [[(2, 1)]]


def test_of_many_errors_ten_are_told_and_that_there_are_more() -> None:
    text = "{" + " ".join(f"wrong{number}" for number in range(30)) + "}"

    assert len(places(text)) == MAX_ERRORS + 1
