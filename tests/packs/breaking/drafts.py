"""The files of a pack while faults are planted in them, and the faults that have to be told then.

Whatever is planted leaves an invisible mark where it has to be told, so that its line is counted in the very text that is
then read, and by nobody but this module.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final, NamedTuple

from tests.packs.breaking.books import Book

MARK: Final = 0xE000
"""The first of the characters that mark a place. They have no meaning to anybody, and are gone before a file is read."""
MARKS: Final = re.compile("[\ue000-\uf8ff]")


class Told(NamedTuple):
    """Where a fault has to be told, and what its sentence has to say."""

    file: str
    line: int
    path: str
    part: str


class Edit(NamedTuple):
    """What stands from `start` to `end` gives way to `text`. Of those that start at one place the lower rank comes first."""

    start: int
    rank: int
    end: int
    text: str


AT_RECORD, INSERTED, AT_KEY, REPLACED = range(4)


@dataclass
class Draft:
    """A pack's files while faults are planted in them."""

    book: Book
    edits: dict[str, list[Edit]] = field(default_factory=lambda: defaultdict(list))
    added: dict[str, str] = field(default_factory=dict)
    swallowed: set[str] = field(default_factory=set)
    _told: list[tuple[str, str, str, str | None]] = field(default_factory=list)
    _marks: Iterator[int] = field(default_factory=lambda: count(MARK))

    def mark(self, path: str, part: str | None, *, first: str | None = None) -> str:
        """A mark for a fault that has to be told, to be put where it stands; nothing where there is no fault.

        `first` is a mark left before, of the place the sentence has to name as {first}.
        """
        if part is None:
            return ""
        mark = chr(next(self._marks))
        self._told.append((mark, path, part, first))
        return mark

    def anchor(self) -> str:
        """A mark of a place that some sentence has to name."""
        return chr(next(self._marks))

    def write(self, file: str, start: int, end: int, text: str, rank: int = REPLACED) -> None:
        self.edits[file].append(Edit(start, rank, end, text))

    def finish(self) -> tuple[dict[str, str], frozenset[Told]]:
        """The texts of the files that differ from the good pack's, and every fault that has to be told."""
        marked = {file: _rewritten(self.book.texts[file], edits) for file, edits in self.edits.items()} | self.added
        told = []
        for mark, path, part, first in self._told:
            file, line = _find(marked, mark)
            if file not in self.swallowed or path == "":
                said = part.replace("{first}", str(_find(marked, first)[1])) if first else part
                told.append(Told(file, line, path, said))
        return {file: _unmarked(text) for file, text in marked.items()}, frozenset(told)


def _rewritten(text: str, edits: Sequence[Edit]) -> str:
    made, at = [], 0
    for edit in sorted(edits):
        assert edit.start >= at, f"two edits overlap: {edit}"
        made += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join(made) + text[at:]


def _find(texts: Mapping[str, str], mark: str) -> tuple[str, int]:
    (found,) = [(file, text.count("\n", 0, text.index(mark)) + 1) for file, text in texts.items() if mark in text]
    return found


def _unmarked(text: str) -> str:
    return MARKS.sub("", text)
