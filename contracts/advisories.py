"""The table of minimum versions: each locked package against the advisories about it, and the table against the locks."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from packaging.version import Version

from contracts import locks
from contracts.locks import Ecosystem, Locked

NAME: Final = "contracts/advisories.toml"
_ID: Final = re.compile(r"CVE-\d{4}-\d{4,}|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}")


@dataclass(frozen=True)
class Advisory:
    """`minimum` is the first version without the fault; `source` the page that says so."""

    ecosystem: Ecosystem
    name: str
    minimum: Version
    ids: tuple[str, ...]
    about: str
    source: str

    def __str__(self) -> str:
        return f"{self.name} {self.minimum} ({', '.join(self.ids)})"


@dataclass(frozen=True)
class Accepted:
    """A version below its minimum that stays in one lock, and why it can do no harm there."""

    lock: str
    name: str
    version: str
    why: str


@dataclass(frozen=True)
class Table:
    advisories: tuple[Advisory, ...]
    accepted: tuple[Accepted, ...]


def read(root: Path) -> Table:
    told = tomllib.loads((root / NAME).read_text())
    return Table(
        tuple(
            Advisory(
                Ecosystem(row.get("ecosystem", "pypi")), row["name"], Version(row["minimum"]), tuple(row["ids"]),
                row["about"], row["source"],
            )
            for row in told["advisory"]
        ),
        tuple(Accepted(**row) for row in told.get("accepted", [])),
    )  # fmt: skip


def check(root: Path) -> str | None:
    """What is wrong with the locks or the table, a sentence a line."""
    return "\n".join(findings(read(root), list(locks.read_all(root)))) or None


def findings(table: Table, locked: list[Locked]) -> Iterator[str]:
    yield from _without_digests(locked)
    yield from _below(table, locked)
    yield from _stale(table, locked)
    yield from _uncited(table.advisories)


def _without_digests(locked: Iterable[Locked]) -> Iterator[str]:
    for one in locked:
        if not one.digests:
            yield f"{one.lock}: {one.name} {one.version} is locked without a digest."


def _below(table: Table, locked: Iterable[Locked]) -> Iterator[str]:
    accepted = {(row.lock, row.name, row.version) for row in table.accepted}
    for one in locked:
        if (one.lock, one.name, one.version) not in accepted:
            for row in _about(table.advisories, one):
                yield f"{one.lock}: {one.name} {one.version} is older than {row}: {row.about}"


def _about(advisories: Iterable[Advisory], one: Locked) -> Iterator[Advisory]:
    for row in advisories:
        if (row.ecosystem, row.name) == (one.ecosystem, one.name) and Version(one.version) < row.minimum:
            yield row


def _stale(table: Table, locked: list[Locked]) -> Iterator[str]:
    held = {(one.ecosystem, one.name) for one in locked}
    for row in table.advisories:
        if row.ecosystem is not Ecosystem.SERVER and (row.ecosystem, row.name) not in held:
            yield f"{NAME}: no lock holds {row.name} any more. Take its rows out."
    below = {(one.lock, one.name, one.version) for one in locked if any(_about(table.advisories, one))}
    for exception in table.accepted:
        if (exception.lock, exception.name, exception.version) not in below:
            one = f"{exception.name} {exception.version}"
            yield f"{NAME}: {one} is accepted in {exception.lock}, which holds no such thing below its minimum."


def _uncited(advisories: Iterable[Advisory]) -> Iterator[str]:
    for row in advisories:
        for one in row.ids or ("",):
            if _ID.fullmatch(one) is None:
                yield f"{NAME}: {one!r} of {row.name} is no CVE or GHSA number."
        if not row.source.startswith("https://"):
            yield f"{NAME}: {row} names no page that says so."
