"""The YAML files of a pack laid over one another: their content, where each part of it stands, and what is amiss.

The YAML is that of version 1.2: only true and false are booleans, so `no` and `on` are words; dates stay text, and
numbers are exact. Files may come from strangers, so depth and number of values are bounded before anything is built.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import yaml
from yaml.reader import Reader

try:
    from yaml import CSafeLoader as QuickestLoader
except ImportError:  # PyYAML stands without libyaml here; its own loader reads the same, more slowly.
    from yaml import SafeLoader as QuickestLoader  # type: ignore[assignment]  # it reads alike

if TYPE_CHECKING:
    from app.packs.references import Content

Place: TypeAlias = tuple[str, int]

MOST_DEEP, MOST_VALUES = 40, 500_000
SPREAD = ("frameworks", "plans")  # the lists that several files may extend
TAG = "tag:yaml.org,2002:"
SCALARS: "dict[str, Callable[[str], Content]]" = {
    "null": lambda _: None,
    "bool": lambda text: text.lower() == "true",
    "int": int,
    "float": Decimal,
    "str": str,
}


@dataclass(frozen=True)
class PackFault:
    """One thing wrong. `file` is relative to the pack folder: "." is the folder itself, and has line 0."""

    file: str
    line: int
    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.path} : {self.reason}"


class Dialect(QuickestLoader):
    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}  # type: ignore[misc]  # the base's is no ClassVar


for _kind, _form, _first in (
    ("null", r"(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"[-+]?[0-9]+$", list("-+0123456789")),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)$", list("-+.0123456789")),
):
    Dialect.add_implicit_resolver(TAG + _kind, re.compile(_form), _first)


def under(path: str, key: str | int) -> str:
    """The JSON Pointer of what stands under `key` at `path`."""
    return f"{path}/{str(key).replace('~', '~0').replace('/', '~1')}"


def pointer(place: Iterable[str | int]) -> str:
    return reduce(under, place, "")


def nearest(where: Mapping[str, Place], path: str) -> Place:
    """The place of the path, or of the closest part around it that stands in a file."""
    while path and path not in where:
        path = path.rpartition("/")[0]
    return where[path]


@dataclass
class Sheets:
    """`content` is what the files hold; `where` gives file and line of each of its paths.

    A list that wrongly stands in two files is joined all the same, so that nothing that refers to it looks amiss.
    `whole` is false once a file could not be taken as it stands. `lost` are the paths, in files that could be, of what
    could not: of a key that stands twice, say, nobody knows which was meant.
    """

    content: "dict[str, Content]" = field(default_factory=dict)
    where: dict[str, Place] = field(default_factory=dict)
    faults: list[PackFault] = field(default_factory=list)
    whole: bool = True
    lost: set[str] = field(default_factory=set)
    _file: str = ""
    _values: int = 0
    _flooded: bool = False

    def lay(self, file: str, raw: bytes) -> None:
        self._file = file
        self.where.setdefault("", (file, 1))
        root = self._compose(raw)
        for key, line, node in self._entries(root, "") if root else ():
            self._lay_key(key, line, node)

    def _lay_key(self, key: str, line: int, node: yaml.Node) -> None:
        path, there = under("", key), self.content.get(key)
        joins = isinstance(there, list) and isinstance(node, yaml.SequenceNode)
        if key in self.content and not (joins and key in SPREAD):
            reason = f"{key!r} stands in {self.where[path][0]} too; keep it in one file."
            self.faults.append(PackFault(self._file, line, path, reason))
        if isinstance(there, list) and isinstance(node, yaml.SequenceNode):
            there += self._items(node, path, start=len(there))
        elif key not in self.content:
            self.content[key] = self._value(node, path)

    def _compose(self, raw: bytes) -> yaml.MappingNode | None:
        text = self._decode(raw)
        if text is None:
            return None
        try:
            if self._goes_too_deep(text):
                return None
            root = yaml.compose(text, Loader=Dialect)
        except yaml.YAMLError as error:
            self._refuse(*_unreadable(error, text))
            return None
        if not isinstance(root, yaml.MappingNode):
            self._refuse(1, "", "A pack file is a mapping; start it with a key such as 'plans:'.")
            return None
        return root

    def _decode(self, raw: bytes) -> str | None:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self._refuse(line, "", "These bytes are not UTF-8; save the file in that encoding.")
            return None
        tabs = [line for line, words in enumerate(text.split("\n"), 1) if re.match(r" *\t\s*\S", words)]
        for line in tabs:
            self._refuse(line, "", "A tab indents this line; put spaces in its place.")
        return None if tabs else text

    def _goes_too_deep(self, text: str) -> bool:
        """The composer of libyaml calls itself once a level and would crash; its parser does not."""
        depth = 0
        for event in yaml.parse(text, Loader=Dialect):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MOST_DEEP:
                reason = f"Lists and mappings stand more than {MOST_DEEP} deep; flatten them."
                self._refuse(_line(event), "", reason)
                return True
        return False

    def _entries(self, mapping: yaml.MappingNode, path: str) -> Iterator[tuple[str, int, yaml.Node]]:
        """Each key once, with its line, the first time it stands. A key is text as written, whatever it looks like."""
        seen: dict[str, int] = {}
        for key, value in mapping.value:
            line = _line(key)
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(line, path, "A key must be a plain word, not a list or a mapping.")
            elif key.value == "<<":
                self._refuse(line, under(path, "<<"), "Merge keys are not read; write the keys out.", lost=path)
            elif key.value in seen:
                reason = f"{key.value!r} stands on line {seen[key.value]} too; keep one of them."
                self._refuse(line, under(path, key.value), reason)
            else:
                seen[key.value] = line
                self.where.setdefault(under(path, key.value), (self._file, line))
                yield key.value, line, value

    def _items(self, sequence: yaml.SequenceNode, path: str, start: int = 0) -> "list[Content]":
        return [self._value(node, under(path, index)) for index, node in enumerate(sequence.value, start)]

    def _value(self, node: yaml.Node, path: str) -> "Content":
        self.where.setdefault(path, (self._file, _line(node)))
        self._values += 1
        # An alias may repeat what it names, itself included, so the bounds are kept here as well.
        if self._values > MOST_VALUES or path.count("/") > MOST_DEEP:
            self._refuse_flood(node, path)
            return None
        if node.tag == TAG + "map" and isinstance(node, yaml.MappingNode):
            return {key: self._value(value, under(path, key)) for key, _, value in self._entries(node, path)}
        if node.tag == TAG + "seq" and isinstance(node, yaml.SequenceNode):
            return self._items(node, path)
        return self._scalar(node, path)

    def _scalar(self, node: yaml.Node, path: str) -> "Content":
        kind = node.tag.removeprefix(TAG)
        if not isinstance(node, yaml.ScalarNode) or kind not in SCALARS:
            self._refuse(_line(node), path, f"The tag {node.tag!r} is not read here; leave it out.")
            return None
        if "\0" in node.value:
            self._refuse(_line(node), path, "A character of no width (code 0) stands in this text; take it out.")
            return None
        try:
            return SCALARS[kind](node.value)
        except (ValueError, ArithmeticError):
            self._refuse(_line(node), path, f"{node.value[:40]!r} cannot be read as {kind}; write a plain value.")
            return None

    def _refuse_flood(self, node: yaml.Node, path: str) -> None:
        self.whole = False
        if not self._flooded:
            self._flooded = True
            reason = f"Too much stands here: more than {MOST_VALUES} values, or {MOST_DEEP} deep; look for an alias."
            self._refuse(_line(node), path, reason)

    def _refuse(self, line: int, path: str, reason: str, *, lost: str | None = None) -> None:
        """`lost` is what is not known for it: what stands at the path, unless it is more."""
        unknown = path if lost is None else lost
        self.whole = self.whole and unknown != ""
        self.lost.add(unknown)
        self.faults.append(PackFault(self._file, line, path, reason))


def _line(part: yaml.Node | yaml.Event) -> int:
    return part.start_mark.line + 1 if part.start_mark else 1


def _unreadable(error: yaml.YAMLError, text: str) -> tuple[int, str, str]:
    if not isinstance(error, yaml.MarkedYAMLError):
        # The error's own position counts bytes with libyaml, and characters without it.
        found = Reader.NON_PRINTABLE.search(text)
        line = text.count("\n", 0, found.start() if found else 0) + 1
        return line, "", "A character stands here that YAML does not allow; take it out."
    begun, met = error.context_mark, error.problem_mark or error.context_mark
    context = f" {error.context}, begun on line {begun.line + 1}:" if begun else ""
    return (
        (met.line + 1 if met else 1),
        "",
        f"The YAML cannot be read:{context} {error.problem}; mend it here or before.",
    )
