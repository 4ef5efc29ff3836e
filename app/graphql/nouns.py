"""The types of each noun: the record, its connection, its filter and its order."""

from functools import cache
from typing import Final

from app.db.noun import Noun
from app.graphql.meanings import Asking, Below, Happened, Identity, Meaning, Own, Pointing, many, meanings
from app.graphql.types import Field, Given, given_of, make, make_input, make_interface, object_of, type_of, words
from app.queries.events import Event

PAGE: Final = 50
"""How many records a page has where nobody says."""
PAGE_INFO: Final = {
    "hasNextPage": Field("bool", "Whether the list goes on after this page."),
    "hasPreviousPage": Field("bool", "Whether there is something before this page."),
    "startCursor": Field("str | None", "What to give as `before`; null on an empty page."),
    "endCursor": Field("str | None", "What to give as `after`; null on an empty page."),
}
_CURSOR: Final = Field("str", "Where it stands in the list, to go on from with `after` or `before`.")


@cache
def record_of(noun: Noun) -> str:
    """The noun's own type."""
    fields = {name: _field(name, meaning) for name, meaning in meanings(noun).items()}
    make_interface("Node", "Anything with a global id.", {"id": _GLOBAL})
    return make(noun.title, noun.doc, fields, implements="Node")


@cache
def connection_of(noun: Noun) -> str:
    """A page of the noun's records."""
    title = noun.title
    make("PageInfo", "Where a page ends.", PAGE_INFO)
    make(f"{title}Edge", "A record in its place in a list.", {"cursor": _CURSOR, "node": Field(title)})
    return make(
        f"{title}Connection",
        f"A page. {noun.doc}",
        {
            "nodes": Field(f"list[{title}]", "The records of this page."),
            "edges": Field(f"list[{title}Edge]", "The records, each with its place in the list."),
            "pageInfo": Field("PageInfo", "Whether the list goes on, and from where."),
            "totalCount": Field("int", "How many records the whole list has."),
        },
    )


@cache
def arguments_of(noun: Noun) -> dict[str, Given]:
    """What a list of the noun's records takes."""
    listed = {
        "first": Given(
            "int | None", f"How many from the beginning, or after a cursor: at most 500; {PAGE} if neither."
        ),
        "after": Given("str | None", "`endCursor` of the page before."),
        "last": Given("int | None", "How many before the end, or before a cursor."),
        "before": Given("str | None", "`startCursor` of the page after."),
        "filter": Given(f"{_filter_of(noun)} | None", "Only those that are all of this."),
        "sort": Given(
            f"{words(f'{noun.title}Sort', tuple(noun.sorts), 'What a list may be ordered by.')} | None",
            f"In this order; `{noun.default_sort}` if left out.",
        ),
        "descending": Given("bool | None", "Downward."),
        "includeWithdrawn": Given("bool | None", "Withdrawn records too."),
    }
    return listed if noun.filters else {name: given for name, given in listed.items() if name != "filter"}


def single(noun: Noun) -> str:
    """The root field of one record."""
    return noun.name


def plural(noun: Noun) -> str:
    """The root field of a noun's records; `all...` where the word has no plural of its own."""
    return many(noun) if many(noun) != noun.name else f"all{noun.title}"


def _filter_of(noun: Noun) -> str:
    fields = {
        name: Given(f"{_narrowed(given.type)} | None", given.doc or f"Only those of this `{name}`.")
        for name, given in noun.filters.items()
    }
    return make_input(f"{noun.title}Filter", "All that is given must hold.", fields) if fields else ""


def _narrowed(kind: object) -> str:
    told = type_of(kind, taken=True)
    return "ID" if told == "UUID" else told


def _field(name: str, meaning: Meaning) -> Field:
    match meaning:
        case Identity():
            return _GLOBAL
        case Own():
            return Field(type_of(meaning.field.type, name=name), meaning.field.doc or None)
        case Pointing():
            return Field(f"{meaning.noun.title} | None", "Null where there is none, or none that you may see.")
        case Below():
            return Field(f"{meaning.noun.title}Connection", meaning.doc or meaning.noun.doc, arguments_of(meaning.noun))
        case Happened():
            return Field(f"list[{object_of(Event)}]", "Everything that happened to it, oldest first.", _HISTORY)
        case Asking():
            answer = meaning.answer
            return Field(f"{object_of(answer.gives)} | None", f"{answer.summary}. {answer.doc}", given_of(answer.asked))


_GLOBAL: Final = Field("ID", "Its kind and its id: the same through every door and for ever.")
_HISTORY: Final = {
    "first": Given("int | None", f"How many, at most 500; {PAGE} if left out."),
    "after": Given("BigInt | None", "Only those after this position."),
}
