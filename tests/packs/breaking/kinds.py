"""The kinds of fault there are to plant, and what their makers ask of a pack."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from app.packs.format import Pack
from app.packs.layout import by_kind, noun_of
from app.packs.references import names_in, records_in
from app.packs.shapes import OddityShape, RecordShape, Shape
from tests.packs.breaking.books import Book, Record, Trait, traits
from tests.packs.breaking.plants import Plant
from tests.packs.breaking.steps import Put

Kind = Callable[[Book], Iterator[Plant]]
NOWHERE: Final = "Nowhere-9"
KINDS: Final[dict[str, Kind]] = {}


def kind(plants: Kind) -> Kind:
    KINDS[plants.__name__] = plants
    return plants


def keyed(book: Book, *kinds: str) -> Iterator[tuple[Record, str, Trait]]:
    """The keys that stand in a record and hold such a value."""
    for record in book.records:
        for key in record.keys:
            trait = traits(record.shape).get(key)
            if trait and trait.kind in kinds:
                yield record, key, trait


def texts(book: Book) -> Iterator[tuple[Record, str, Trait]]:
    """The texts that nothing depends upon: neither codes nor references."""
    for record, key, trait in keyed(book, "text"):
        if key != "code" and key not in names_of(record):
            yield record, key, trait


def names_of(record: Record) -> dict[str, str]:
    """The keys that refer to another record, and its noun."""
    shape = record.shape
    names = names_in(shape) if issubclass(shape, RecordShape) else {}
    return {key: noun_of(by_kind()[one]) for key, one in names.items()}


def lists_of(record: Record) -> dict[str, type[RecordShape]]:
    return dict(records_in(record.shape)) if record.shape is not OddityShape else {}


@cache
def nouns_below(shape: type[Shape]) -> frozenset[str]:
    """The kinds of record in such a record, save those that a plan or framework keeps to itself."""
    found: set[str] = set()
    for child in records_in(shape).values():
        inner = frozenset[str]() if shape is Pack and noun_of(child) in {"plan", "framework"} else nouns_below(child)
        found |= {noun_of(child), *inner}
    return frozenset(found)


TRUSTS_OWN: Final = nouns_below(Pack)


def raw(record: Record, key: str) -> str:
    """The text of the value as it stands in the file."""
    node = record.keys[key][1]
    text = record.book.texts[record.file]
    return text[record.book.at(record.file, node.start_mark) : record.book.at(record.file, node.end_mark)]


def misspelt(key: str) -> str:
    return key[: len(key) // 2] + key[len(key) // 2 + 1 :]


def put(
    record: Record, key: str, text: str, part: str, hides: frozenset[str] = frozenset(), *, swallows: bool = False
) -> Plant:
    return Plant(record, (Put(key, part, text),), hides=hides, swallows=swallows)
