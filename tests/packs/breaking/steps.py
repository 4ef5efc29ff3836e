"""Steps of breaking a pack: each changes the text of one record, and may leave a fault that has to be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from tests.packs.breaking.books import Place, Record, pointer
from tests.packs.breaking.drafts import AT_KEY, AT_RECORD, INSERTED, Draft


@dataclass(frozen=True)
class Step:
    """One change of a record's text. `part` is what the sentence has to say that is told of it; None: no fault."""

    key: str
    part: str | None = None

    def take(self, draft: Draft, record: Record) -> None:
        raise NotImplementedError

    def _mark(self, draft: Draft, record: Record, *below: str | int, first: str | None = None) -> str:
        return draft.mark(pointer((*record.path, *below)), self.part, first=first)


@dataclass(frozen=True)
class Put(Step):
    """Gives the key this text: in place of its value, or as a new key before all others. `below`: told under the key."""

    text: str = ""
    below: Place = ()

    def take(self, draft: Draft, record: Record) -> None:
        mark = self._mark(draft, record, self.key, *self.below)
        if self.key not in record.keys:
            _insert(draft, record, f"{mark}{self.key}: {self.text}")
            return
        key, value = record.keys[self.key]
        draft.write(record.file, _start(record, key), _start(record, key), mark, AT_KEY)
        draft.write(record.file, _start(record, value), _end(record, value), self.text)


@dataclass(frozen=True)
class Again(Step):
    """Puts the key before all others although it stands below: told where it stands the second time."""

    text: str = ""

    def take(self, draft: Draft, record: Record) -> None:
        first = draft.anchor()
        _insert(draft, record, f"{first}{self.key}: {self.text}")
        at = _start(record, record.keys[self.key][0])
        draft.write(record.file, at, at, self._mark(draft, record, self.key, first=first), AT_KEY)


@dataclass(frozen=True)
class Rename(Step):
    to: str = ""

    def take(self, draft: Draft, record: Record) -> None:
        key = record.keys[self.key][0]
        draft.write(record.file, _start(record, key), _end(record, key), self._mark(draft, record, self.to) + self.to)


@dataclass(frozen=True)
class Miss(Step):
    """Nothing is changed: the key is told to be missing where its record begins."""

    def take(self, draft: Draft, record: Record) -> None:
        name = record.path[-1]
        begins: yaml.Node = record.node
        if isinstance(name, str) and record.above:  # It is not one of a list, so it begins with its key.
            begins = record.above.keys[name][0]
        at = _start(record, begins)
        draft.write(record.file, at, at, self._mark(draft, record, self.key), AT_RECORD)


@dataclass(frozen=True)
class Begin(Step):
    """Nothing is changed: it is told of the record itself, where that begins."""

    def take(self, draft: Draft, record: Record) -> None:
        at = _start(record, record.node)
        draft.write(record.file, at, at, self._mark(draft, record), AT_RECORD)


@dataclass(frozen=True)
class Tell(Step):
    """Nothing is changed: it is told at the key."""

    def take(self, draft: Draft, record: Record) -> None:
        at = _start(record, record.keys[self.key][0])
        draft.write(record.file, at, at, self._mark(draft, record, self.key), AT_KEY)


@dataclass(frozen=True)
class Drop(Step):
    """Takes the key and its value out."""

    def take(self, draft: Draft, record: Record) -> None:
        names = list(record.keys)
        place = names.index(self.key)
        if place + 1 < len(names):
            span = _start(record, record.keys[self.key][0]), _start(record, record.keys[names[place + 1]][0])
        else:
            span = _end(record, record.keys[names[place - 1]][1]), _end(record, record.keys[self.key][1])
        draft.write(record.file, *span, "")


@dataclass(frozen=True)
class Item(Step):
    """Gives one item of the list under the key this text."""

    index: int = 0
    text: str = ""

    def take(self, draft: Draft, record: Record) -> None:
        item = record.items(self.key)[self.index]
        mark = self._mark(draft, record, self.key, self.index)
        draft.write(record.file, _start(record, item), _end(record, item), mark + self.text)


@dataclass(frozen=True)
class Add(Step):
    """Adds one item to the end of the list under the key. `below`: told under the item."""

    text: str = ""
    below: Place = ()

    def take(self, draft: Draft, record: Record) -> None:
        items, listed = record.items(self.key), record.keys[self.key][1]
        mark = self._mark(draft, record, self.key, len(items), *self.below)
        at, is_flow = _end(record, items[-1]), isinstance(listed, yaml.CollectionNode) and listed.flow_style
        indent = " " * (items[-1].start_mark.column - 2)
        draft.write(record.file, at, at, f", {mark}{self.text}" if is_flow else f"\n{indent}- {mark}{self.text}")


@dataclass(frozen=True)
class Tear(Step):
    """Spoils the YAML of the file at the record's key: from here on nothing of the file is known.

    `at`: told on the line of the key, or on the line after what stands there.
    """

    text: str = ""
    later: bool = False

    def take(self, draft: Draft, record: Record) -> None:
        draft.swallowed.add(record.file)
        key, value = record.keys[self.key]
        first = draft.anchor()
        mark = draft.mark("", self.part, first=first)
        draft.write(record.file, _start(record, key), _start(record, key), first + ("" if self.later else mark), AT_KEY)
        draft.write(record.file, _start(record, value), _end(record, value), self.text)
        if self.later:
            after = record.book.starts[record.file][value.end_mark.line + 1]
            draft.write(record.file, after, after, mark, AT_RECORD)


@dataclass(frozen=True)
class Indent(Step):
    """Indents the line of the key by a tab."""

    def take(self, draft: Draft, record: Record) -> None:
        draft.swallowed.add(record.file)
        key = record.keys[self.key][0]
        begins = record.book.starts[record.file][key.start_mark.line]
        draft.write(record.file, begins, _start(record, key), "\t" + draft.mark("", self.part))


@dataclass(frozen=True)
class Head(Step):
    """Nothing is changed: the key is told to be missing at the head of the first file."""

    def take(self, draft: Draft, record: Record) -> None:
        draft.write(min(record.book.texts), 0, 0, self._mark(draft, record, self.key), AT_RECORD)


@dataclass(frozen=True)
class File(Step):
    """Adds a file named `key`. Each token of `told` stands in its text, and there the fault is told: path and sentence."""

    text: str = ""
    told: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def take(self, draft: Draft, record: Record) -> None:  # noqa: ARG002  it stands apart from every record
        text = self.text
        for token, (path, part) in self.told.items():
            assert text.count(token) == 1, token
            text = text.replace(token, draft.mark(path, part))
        draft.added[self.key] = text


def _insert(draft: Draft, record: Record, text: str) -> None:
    first = record.node.value[0][0]
    after = ", " if record.node.flow_style else "\n" + " " * first.start_mark.column
    draft.write(record.file, _start(record, first), _start(record, first), text + after, INSERTED)


def _start(record: Record, node: yaml.Node) -> int:
    return record.book.at(record.file, node.start_mark)


def _end(record: Record, node: yaml.Node) -> int:
    """Where the text of a node ends; the parser lets blocks run on to whatever stands next."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(record, last[1] if isinstance(last, tuple) else last)
    return record.book.at(record.file, node.end_mark)
