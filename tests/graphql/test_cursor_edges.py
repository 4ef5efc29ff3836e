"""Cursors of connections at their edges: the longest that is read, the largest number, and how a refusal is coded."""

import base64
import json
from uuid import UUID

import pytest
from graphql import GraphQLError

from app.graphql.cursors import LONGEST, read_cursor

RECORD = UUID("01890000-0000-7000-8000-000000000001")


def cursor(key: object) -> str:
    return base64.b64encode(json.dumps(["code", key, str(RECORD)]).encode()).decode()


def of_length(letters: int) -> str:
    """A cursor of just so many letters, which are a multiple of four."""
    key = "a" * (letters * 3 // 4 - len(json.dumps(["code", "", str(RECORD)])))
    return cursor(key)


def refusal(text: str, cast: str) -> tuple[object, str]:
    with pytest.raises(GraphQLError) as caught:
        read_cursor(text, "code", cast)
    return (caught.value.extensions or {})["code"], caught.value.message


ODD = "That is no cursor of this list. Take one from its `pageInfo` or `edges`, and keep the order the same."


def test_the_longest_cursor_is_read_and_a_longer_one_refused_with_its_code() -> None:
    assert len(of_length(LONGEST)) == LONGEST
    assert read_cursor(of_length(LONGEST), "code", "text")[1] == RECORD
    assert refusal(of_length(LONGEST + 4), "text") == ("invalid", ODD)
    assert refusal("é", "text") == ("invalid", ODD)


@pytest.mark.parametrize(
    ("cast", "key"),
    [("int", "-2147483648"), ("int", "2147483647"), ("int", "100"), ("int", "-100"), ("date", "-infinity")],
)
def test_the_least_and_the_most_of_a_type_are_read(cast: str, key: str) -> None:
    assert read_cursor(cursor(key), "code", cast) == (key, RECORD)


@pytest.mark.parametrize("key", ["-2147483649", "2147483648", "-5000000000", "-INFINITY", "XX-infinityXX", "1.0", ""])
def test_what_is_beyond_them_is_refused(key: str) -> None:
    assert refusal(cursor(key), "date" if "inf" in key.lower() else "int") == ("invalid", ODD)
