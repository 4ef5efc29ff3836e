"""Good packs as they stand in their files: every record, what its keys may hold, and where in the text each part is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import yaml

from app.packs.format import Pack
from app.packs.layout import by_kind, noun_of
from app.packs.references import fields_of, names_in
from app.packs.shapes import RecordShape, Shape

PACKS: Final = Path(__file__).parents[3] / "packs"
GOOD: Final = ("kestrel", "larkfield", "merlin", "plover", "avocet")
SCHEMA: Final = Pack.model_json_schema()

Place: TypeAlias = tuple[str | int, ...]
Keys: TypeAlias = dict[str, tuple[yaml.Node, yaml.Node]]


class Trait(NamedTuple):
    """What a key of a shape may hold."""

    kind: str
    is_required: bool
    words: tuple[str, ...] = ()
    shortest: int = 0
    longest: int | None = None
    least: int | None = None
    most: int | None = None
    pattern: str | None = None


@cache
def traits(shape: type[Shape]) -> Mapping[str, Trait]:
    told = SCHEMA if shape is Pack else SCHEMA["$defs"][shape.__name__]
    return {
        key: _trait(entry, is_required=key in told.get("required", [])) for key, entry in told["properties"].items()
    }


def _trait(entry: Mapping[str, Any], *, is_required: bool) -> Trait:
    options = [one for one in entry.get("anyOf", [entry]) if one.get("type") != "null"]
    one = dict(options[0])
    if "$ref" in one:
        one = SCHEMA["$defs"][one["$ref"].rpartition("/")[2]]
    kinds = {"string": "text", "integer": "int", "boolean": "bool", "array": "list", "object": "record"}
    kind = (
        "number" if one.get("type") == "number" else "date" if "format" in one else kinds.get(str(one.get("type")), "")
    )
    words = tuple(one.get("enum", ()))
    return Trait(
        *("word" if words else kind, is_required, words, one.get("minLength", 0), one.get("maxLength")),
        *(one.get("minimum"), one.get("maximum"), one.get("pattern")),
    )


@dataclass(eq=False)
class Record:
    """A record of a good pack and where it stands in its file."""

    book: "Book"
    file: str
    path: Place
    shape: type[Shape]
    node: yaml.MappingNode
    above: "Record | None"

    @cached_property
    def keys(self) -> Keys:
        return {key.value: (key, value) for key, value in self.node.value}

    @cached_property
    def noun(self) -> str:
        return noun_of(self.shape)

    @property
    def scope(self) -> Place:
        """The plan or framework it is of; nothing where it is the trust's own."""
        return self.path[:2] if self.path[:1] in {("plans",), ("frameworks",)} and len(self.path) > 2 else ()

    def value(self, key: str) -> str | None:
        """The plain value under the key, as text."""
        node = self.keys[key][1] if key in self.keys else None
        return node.value if isinstance(node, yaml.ScalarNode) and node.value != "" else None

    def items(self, key: str) -> list[yaml.Node]:
        node = self.keys[key][1] if key in self.keys else None
        return list(node.value) if isinstance(node, yaml.SequenceNode) else []

    @property
    def is_named(self) -> bool:
        """Whether anything refers to it by its code."""
        return (self.scope, self.noun, self.value("code")) in self.book.named


@dataclass(eq=False)
class Book:
    """A good pack: its files, and every record in them."""

    name: str
    texts: Mapping[str, str]
    records: list[Record] = field(default_factory=list)

    @cached_property
    def named(self) -> set[tuple[Place, str, str | None]]:
        """The scope, noun and code of whatever is referred to; a plan's records may name the trust's."""
        found: set[tuple[Place, str, str | None]] = set()
        for record in self.records:
            for noun, code in _references(record):
                found |= {(scope, noun, code) for scope in (record.scope or record.path[:2], (), record.scope)}
        return found

    @cached_property
    def by_path(self) -> dict[Place, Record]:
        return {record.path: record for record in self.records if record.path}

    @cached_property
    def lines(self) -> dict[str, list[str]]:
        return {file: text.split("\n") for file, text in self.texts.items()}

    @cached_property
    def starts(self) -> dict[str, list[int]]:
        """Where each line of each file starts."""
        lengths = {file: [len(line) + 1 for line in lines] for file, lines in self.lines.items()}
        return {file: list(accumulate(told, initial=0)) for file, told in lengths.items()}

    def at(self, file: str, mark: yaml.Mark) -> int:
        """Where in the file's text a mark of the parser stands."""
        return self.starts[file][mark.line] + mark.column

    def of(self, *shapes: str) -> list[Record]:
        return [record for record in self.records if record.noun in shapes]


def _references(record: Record) -> Iterator[tuple[str, str]]:
    names = names_in(record.shape) if issubclass(record.shape, RecordShape) else {}
    for key, kind in names.items():
        for node in [*record.items(key), *([record.keys[key][1]] if key in record.keys else [])]:
            if isinstance(node, yaml.ScalarNode):
                yield noun_of(by_kind()[kind]), node.value
    for node in record.items("on"):
        noun, _, code = node.value.partition(":")
        yield noun, code


@cache
def book(name: str) -> Book:
    texts = {file.name: file.read_text(encoding="utf-8") for file in sorted((PACKS / name).glob("*.yaml"))}
    made = Book(name, texts)
    for file, text in texts.items():
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        assert root is not None
        made.records += _records(made, file, (), Pack, root, None)
    return made


def _records(
    made: Book, file: str, path: Place, shape: type[Shape], node: yaml.Node, above: Record | None
) -> Iterator[Record]:
    if not isinstance(node, yaml.MappingNode):
        return
    record = Record(made, file, path, shape, node, above)
    yield record
    for key, child in fields_of(shape).items():
        if child is None or key not in record.keys:
            continue
        value = record.keys[key][1]
        if isinstance(value, yaml.SequenceNode):
            for index, item in enumerate(value.value):
                yield from _records(made, file, (*path, key, index), child, item, record)
        else:
            yield from _records(made, file, (*path, key), child, value, record)


def pointer(path: Place) -> str:
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in path)
