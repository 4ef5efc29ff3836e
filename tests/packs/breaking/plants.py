"""A fault as it is planted in a good pack, and packs with one or several of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.packs.breaking.books import Place, Record, book
from tests.packs.breaking.drafts import Draft, Told
from tests.packs.breaking.steps import Indent, Step, Tear


@dataclass(frozen=True)
class Plant:
    """Steps on a record, and `more` on others.

    `needs` is the kind that has to be read for the fault to be told, `hides` are the kinds it leaves unread. What
    `swallows` takes everything below its record with it. What is `alone` lets nothing else be told.
    """

    record: Record
    steps: tuple[Step, ...]
    more: tuple[tuple[Record, Step], ...] = ()
    also: tuple[Record, ...] = ()
    needs: str | None = None
    hides: frozenset[str] = frozenset()
    swallows: bool = False
    alone: bool = False

    @property
    def pattern(self) -> str:
        return f"{self.record.noun}.{self.steps[0].key}"

    @property
    def tears(self) -> bool:
        return any(isinstance(step, (Tear, Indent)) for step in self.steps)

    def suits(self, other: "Plant") -> bool:
        """Whether each is told as it would be alone."""
        if self.alone or other.alone or self.needs in other.hides or other.needs in self.hides:
            return False
        if self.tears != other.tears and self.record.file == other.record.file:
            return False
        return not any(_meets(self, mine, other, its) for mine in self._touched for its in other._touched)

    @property
    def _touched(self) -> list[Place]:
        return [self.record.path, *(one.path for one in self.also), *(one.path for one, _ in self.more)]

    def plant(self, draft: Draft) -> None:
        for record, step in [*((self.record, step) for step in self.steps), *self.more]:
            step.take(draft, record)


def _meets(one: Plant, mine: Place, other: Plant, its: Place) -> bool:
    if mine == its:
        return True
    return (one.swallows and its[: len(mine)] == mine) or (other.swallows and mine[: len(its)] == its)


@dataclass(frozen=True)
class Mutation:
    """A good pack with faults in it: the files that differ, and what has to be told, no more and no less."""

    pack: str
    kinds: tuple[str, ...]
    nouns: frozenset[str]
    files: Mapping[str, str]
    told: frozenset[Told]

    def lay(self, folder: Path) -> Path:
        """The folder, with the broken pack in it and nothing else."""
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for name, text in {**book(self.pack).texts, **self.files}.items():
            (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
        return folder
