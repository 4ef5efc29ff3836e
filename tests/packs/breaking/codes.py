"""Faults of codes: malformed, taken, or leading nowhere."""

from collections.abc import Iterator

from app.packs.layout import by_noun
from app.packs.references import in_words
from tests.packs.breaking.books import Book, Record, pointer, traits
from tests.packs.breaking.kinds import (
    NOWHERE,
    kind,
    names_of,
    put,
    raw,
)
from tests.packs.breaking.plants import Plant
from tests.packs.breaking.steps import Add, Item, Put


@kind
def a_number_for_a_code(book: Book) -> Iterator[Plant]:
    for record in book.records:
        if "code" in record.keys and record.noun not in {"trust", "oddity"}:
            part = "'code' must be text, not 7; put a text in quotes."
            yield put(record, "code", "7", part, frozenset({record.noun}))


@kind
def a_malformed_code(book: Book) -> Iterator[Plant]:
    for record in book.records:
        if "code" in record.keys and not record.is_named:
            pattern = traits(record.shape)["code"].pattern
            for text in ("?", "a" * 61):
                part = f"'code' must have the form {pattern}, and \"{text[:59]}"
                yield put(record, "code", f'"{text}"', part)


@kind
def a_code_that_stands_twice(book: Book) -> Iterator[Plant]:
    first: dict[object, Record] = {}
    for record in book.records:
        if record.value("code") is None or record.noun in {"trust", "oddity"}:
            continue
        earlier = first.setdefault((record.scope, tuple(key for key in record.path if isinstance(key, str))), record)
        if earlier is not record and not record.is_named:
            at, code = pointer(earlier.path), earlier.value("code")
            part = f"The {in_words(record.noun)} at {at} has the code {code!r} too; give each its own."
            yield Plant(record, (Put("code", part, raw(earlier, "code")),), also=(earlier,))


@kind
def a_dead_reference(book: Book) -> Iterator[Plant]:
    for record in book.records:
        for key, noun in names_of(record).items():
            if key == "inspectionGrade" and key not in record.keys:
                continue
            part = f"No {in_words(noun)} has the code {NOWHERE!r}; "
            if record.items(key):
                yield Plant(record, (Item(key, part, len(record.items(key)) - 1, NOWHERE),), needs=noun)
            elif traits(record.shape)[key].kind == "text":
                yield Plant(record, (Put(key, part, NOWHERE),), needs=noun)


@kind
def a_reference_misspelt(book: Book) -> Iterator[Plant]:
    for record in book.records:
        for key, noun in names_of(record).items():
            code = record.value(key)
            if code:
                part = f"No {in_words(noun)} has the code {code + 'x'!r}; did you mean {code!r}?"
                yield Plant(record, (Put(key, part, f'"{code}x"'),), needs=noun)


@kind
def an_oddity_on_a_record_that_is_not(book: Book) -> Iterator[Plant]:
    for record in book.of("oddity"):
        for index, node in enumerate(record.items("on")):
            noun = node.value.partition(":")[0]
            part = f"No {in_words(noun)} has the code {NOWHERE!r}; "
            yield Plant(record, (Item("on", part, index, f"{noun}:{NOWHERE}"),), needs=noun)


@kind
def an_oddity_on_a_kind_that_is_not(book: Book) -> Iterator[Plant]:
    nouns = ", ".join(sorted(by_noun()))
    for record in book.of("oddity"):
        for written in ("deed:L1-A1", "L1-A1") if record.items("on") else ():
            part = f"{written!r} must be a noun, a colon and a code, such as action:L1-A1; the nouns are {nouns}."
            yield Plant(record, (Item("on", part, 0, written),))


@kind
def a_code_named_twice(book: Book) -> Iterator[Plant]:
    for record in book.records:
        for key in names_of(record):
            if record.items(key):
                code = record.items(key)[0].value
                part = f"{code!r} stands in this list before; name it once."
                yield Plant(record, (Add(key, part, f'"{code}"'),), needs=names_of(record)[key])
        if record.items("on") and record.value("byRule") != "true":
            written = record.items("on")[0].value
            part = f"{written!r} has this flag already; name it once."
            yield Plant(record, (Add("on", part, f'"{written}"'),))
