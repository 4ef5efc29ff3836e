"""What a document may be, and how it is refused: at each limit it passes, and past it it does not."""

import time
from collections.abc import Callable

import pytest

from app.graphql.limits import RefusedDocument, examine
from tests.graphql.toy import CORE


def refusals(text: str, *, may_read_schema: bool = False) -> list[tuple[str, str]]:
    """Each error's code and sentence; none where the document passes."""
    try:
        examine(CORE, text, may_read_schema=may_read_schema)
    except RefusedDocument as refusal:
        return [(str((error.extensions or {})["code"]), error.message) for error in refusal.errors]
    return []


def long(characters: int) -> str:
    return "{ hello } # ".ljust(characters, "x")


def of_tokens(tokens: int) -> str:
    """A list is as many tokens as it has items, and its brackets."""
    return '{ hello(names: ["' + '" "'.join("x" * (tokens - 9)) + '"]) }'


def deep(records: int) -> str:
    return "{" + "walk { " + "next { " * (records - 1) + "name" + " }" * records + "}"


def deep_by_fragments(records: int) -> str:
    below = "next { " * (records - 3) + "name" + " }" * (records - 3)
    return f"{{ walk {{ ...A }} }} fragment A on Walk {{ next {{ ...B }} }} fragment B on Walk {{ next {{ {below} }} }}"


def aliased(fields: int) -> str:
    return "{" + " ".join(f"a{at}: hello" for at in range(fields)) + "}"


def aliased_by_fragments(fields: int) -> str:
    spreads = "{ x: walk { ...A } walk { ...A ...B } } fragment B on Walk { b: name }"
    return f"{spreads} fragment A on Walk {{ {' '.join(f'a{at}: name' for at in range((fields - 2) // 2))} }}"


def named(letters: int) -> str:
    return f"{{ {'a' * letters}: hello }}"


def directed(directives: int) -> str:
    return "{ walk { " + "name @skip(if: false) " * directives + "} }"


def repeated(times: int) -> str:
    """The n-th of a name is counted n times; the field around them once."""
    return "{ walk { name ...A } } fragment A on Walk { " + "... { name } " * (times - 1) + "}"


@pytest.mark.parametrize(
    ("make", "most", "step", "sentence"),
    [
        (long, 15_000, 1, "A document has at most 15000 characters; this one has 15001."),
        (of_tokens, 1_000, 1, "A document has at most 1000 tokens."),
        (deep, 8, 1, "An operation goes at most 8 records deep; this one goes 9."),
        (deep_by_fragments, 8, 1, "An operation goes at most 8 records deep; this one goes 9."),
        (
            aliased, 15, 1,
            "An operation has at most 15 aliases, those of fragments counted at each spread; this one has 16.",
        ),
        (
            aliased_by_fragments, 14, 2,
            "An operation has at most 15 aliases, those of fragments counted at each spread; this one has 16.",
        ),
        (named, 60, 1, "An alias has at most 60 letters."),
        (repeated, 99, 1, "An operation asks for the same fields again and again. Ask for each of them once."),
        (directed, 50, 1, "A document has at most 50 directives; this one has 51."),
    ],
)  # fmt: skip
def test_a_document_at_a_limit_passes_and_one_past_it_is_refused(
    make: Callable[[int], str], most: int, step: int, sentence: str
) -> None:
    assert refusals(make(most)) == []
    assert refusals(make(most + step)) == [("limit-exceeded", sentence)]


def test_edges_nodes_and_page_info_are_no_records() -> None:
    free = "{ walk { " + "next { " * 7 + "edges { node { name } } nodes { name } pageInfo { name }" + " }" * 8 + " }"

    assert {code for code, _ in refusals(free)} == {"invalid"}, "the toy has none of these, and depth is no matter"


@pytest.mark.parametrize("introspection", ["{ __schema { types { name } } }", '{ __type(name: "Walk") { name } }'])
def test_only_who_may_read_the_schema_asks_about_it(introspection: str) -> None:
    hidden = f"query {{ ...S }} fragment S on Query {introspection}"
    sentence = "This credential may not ask about the schema: it lacks the permission read_schema."

    for text in (introspection, hidden):
        assert refusals(text, may_read_schema=True) == []
        assert refusals(text) == [("forbidden", sentence)]
    assert refusals("{ walk { __typename } }") == []


def test_names_are_suggested_only_to_who_may_read_the_schema() -> None:
    assert refusals("{ helo }") == [("invalid", "Cannot query field 'helo' on type 'Query'.")]
    assert refusals("{ helo }", may_read_schema=True) == [
        ("invalid", "Cannot query field 'helo' on type 'Query'. Did you mean 'hello'?")
    ]


def test_what_is_no_document_is_told_with_its_place() -> None:
    [(code, sentence)] = refusals("{ hello")

    assert (code, sentence) == ("bad-request", "Syntax Error: Expected Name, found <EOF>.")


def doubling(fragments: int) -> str:
    """Each fragment spreads the next one twice: two to the power of so many, if it were walked."""
    parts = [
        f"fragment F{at} on Walk {{ a: next {{ ...F{at + 1} }} next {{ ...F{at + 1} }} }}" for at in range(fragments)
    ]
    return f"{{ walk {{ ...F0 }} }} {' '.join(parts)} fragment F{fragments} on Walk {{ name }}"


HOSTILE = {
    "depth 60": deep(60),
    "depth 300 through fragments": "{ walk { ...A } }"
    + "".join(
        f"fragment {a} on Walk {{ {'next {' * 90} {b} {'}' * 90} }}"
        for a, b in (("A", "...B"), ("B", "...C"), ("C", "name"))
    ),
    "1,000 aliases": aliased(1_000),
    "fragments that double": doubling(30),
    "fields again and again": "{" + "walk { name } " * 1_500 + "}",
    "500 directives": "{ hello " + "@skip(if: false) " * 500 + "}",
    "3,000 unknown directives": "{ hello " + "@aa " * 3_000 + "}",
    "a fragment that spreads itself": "{ walk { ...A } } fragment A on Walk { name ...A }",
    "a fragment that spreads itself further down": "{ walk { ...A } } fragment A on Walk { next { ...A } }",
    "edges of edges": "{" + "edges {" * 150 + "name " * 500 + "}" * 151,
    "20,000 brackets": "{ hello(name: " + "[" * 20_000 + "]" * 20_000 + ") }",
    "a million characters": "{ hello } #" + "x" * 1_000_000,
    "circles in the schema": "{__schema{types{fields{type{fields{type{fields{type{fields{type{name}}}}}}}}}}}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_made_to_hurt_is_refused_at_once(name: str) -> None:
    began = time.process_time()

    codes = {code for code, _ in refusals(HOSTILE[name], may_read_schema=True)}

    assert codes
    assert codes <= {"limit-exceeded", "bad-request", "invalid"}
    assert time.process_time() - began < 0.25
