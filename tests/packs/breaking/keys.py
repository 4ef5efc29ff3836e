"""Faults of keys: misspelt, missing, unknown, or standing twice."""

from collections.abc import Iterator
from typing import Final

from app.packs.layout import noun_of
from app.packs.references import in_words
from tests.packs.breaking.books import Book, traits
from tests.packs.breaking.kinds import (
    keyed,
    kind,
    lists_of,
    misspelt,
    nouns_below,
    put,
    raw,
)
from tests.packs.breaking.plants import Plant
from tests.packs.breaking.steps import Again, Drop, Miss, Rename

BOUND: Final = {
    *("value", "valueTo", "comparator", "inspectionGrade", "durationMin", "durationMax", "durationUnit", "openEnded"),
    *("everyMin", "everyMax", "unit", "lo", "hi", "loIncluded", "hiIncluded", "attribute", "values", "no", "byRule"),
    *("quantityMin", "quantityMax", "rangeMin", "rangeMax"),
}
"""Keys that others in their record depend upon."""


@kind
def a_key_that_is_not_known(book: Book) -> Iterator[Plant]:
    for record in book.records:
        if record.path:
            words = in_words(record.noun)
            part = f"'zz_extra' is not a key of a record of this kind ({words}); it may have {next(iter(traits(record.shape)))}, "
            yield put(record, "zz_extra", "1", part)


@kind
def a_key_misspelt(book: Book) -> Iterator[Plant]:
    for record, key, trait in keyed(book, "text", "word", "int", "record", "bool", "date"):
        if not trait.is_required and len(key) > 3 and key not in BOUND:
            part = f"{misspelt(key)!r} is not a key of a record of this kind ({in_words(record.noun)}); did you mean {key!r}?"
            yield Plant(record, (Rename(key, part, misspelt(key)),))


@kind
def a_needed_key_misspelt(book: Book) -> Iterator[Plant]:
    for record, key, trait in keyed(book, "text", "word", "int", "number", "date"):
        if trait.is_required and len(key) > 3 and key != "code" and record.path:
            steps = Rename(key, f"did you mean {key!r}?", misspelt(key)), Miss(key, f"{key!r} is missing; add it.")
            yield Plant(record, steps)


@kind
def a_needed_key_taken_out(book: Book) -> Iterator[Plant]:
    for record, key, trait in keyed(book, "text", "word", "int", "number", "date", "list"):
        if trait.is_required and key != "code" and record.path and len(record.keys) > 1:
            below = frozenset() if trait.kind != "list" else nouns_below(record.shape)
            missing = Miss(key, f"{key!r} is missing; add it.")
            yield Plant(record, (Drop(key), missing), hides=below, swallows=bool(below))


@kind
def a_code_taken_out(book: Book) -> Iterator[Plant]:
    for record in book.records:
        if "code" in record.keys and record.noun not in {"trust", "oddity"}:
            yield Plant(
                record, (Drop("code"), Miss("code", "'code' is missing; add it.")), hides=frozenset({record.noun})
            )


@kind
def a_list_of_records_misspelt(book: Book) -> Iterator[Plant]:
    for record in book.records:
        for key, child in lists_of(record).items():
            if key in record.keys and record.path and not traits(record.shape)[key].is_required:
                part = f"did you mean {key!r}?"
                hides = frozenset({noun_of(child), *nouns_below(child)})
                yield Plant(record, (Rename(key, part, misspelt(key)),), hides=hides, swallows=True)


@kind
def a_key_that_stands_twice(book: Book) -> Iterator[Plant]:
    for record, key, _ in keyed(book, "text", "word", "int", "number", "date", "bool"):
        if record.path and record.value(key) is not None:
            hides = frozenset({record.noun}) if key == "code" else frozenset()
            part = f"{key!r} stands on line {{first}} too; keep one of them."
            yield Plant(record, (Again(key, part, raw(record, key)),), hides=hides)


@kind
def a_list_that_stands_twice(book: Book) -> Iterator[Plant]:
    for record in book.records:
        for key, child in lists_of(record).items():
            if key in record.keys and record.path and not traits(record.shape)[key].is_required:
                part = f"{key!r} stands on line {{first}} too; keep one of them."
                hides = frozenset({noun_of(child), *nouns_below(child)})
                yield Plant(record, (Again(key, part, "[]"),), hides=hides, swallows=True)


@kind
def a_merge_key(book: Book) -> Iterator[Plant]:
    for record in book.records:
        if record.path and record.noun not in {"source", "trust", "plan", "framework"}:
            hides = frozenset({record.noun, *nouns_below(record.shape)})
            part = "Merge keys are not read; write the keys out."
            yield put(record, "<<", "{label: again}", part, hides, swallows=True)
