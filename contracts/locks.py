"""What the lock files hold: of each package its version, the digests of its files, when it applies and who asks for it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

PYTHON: Final = (
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-prod.lock",
    "tests/clients/python.lock",
    "contracts/semgrep.lock",
    "contracts/audit.lock",
)
NPM: Final = ("tests/clients/package-lock.json",)

_PINNED: Final = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;]+)(?:\s*;\s*(?P<when>[^\\]*?))?\s*\\?$")
_DIGEST: Final = re.compile(r"--hash=(?P<algorithm>\w+):(?P<digest>[0-9a-f]+)\s*\\?$")
_ASKED: Final = re.compile(r"#\s+(?:via\s+)?(?P<by>(?!via$)[a-z0-9._-]+)(?: \(pyproject\.toml(?::\w+)?\))?")


class Ecosystem(StrEnum):
    PYPI = "pypi"
    NPM = "npm"
    SERVER = "server"


@dataclass(frozen=True)
class Locked:
    """One package of a lock. `asked_by` names packages, or the file that asks for it directly."""

    lock: str
    ecosystem: Ecosystem
    name: str
    version: str
    digests: tuple[str, ...]
    when: str | None = None
    asked_by: tuple[str, ...] = ()


class OddLock(ValueError):
    """A line of a lock that cannot be read."""


def read_all(root: Path) -> Iterator[Locked]:
    for name in PYTHON:
        yield from read_python(name, (root / name).read_text())
    for name in NPM:
        yield from read_npm(name, (root / name).read_text())


def read_python(lock: str, text: str) -> list[Locked]:
    """The packages of a lock as `uv pip compile --generate-hashes` writes it."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if line and not line[0].isspace() and not line.startswith("#"):
            blocks.append([line])
        elif blocks and line.strip():
            blocks[-1].append(line.strip())
    return [_locked(lock, *block) for block in blocks]


def _locked(lock: str, first: str, *more: str) -> Locked:
    pinned = _PINNED.fullmatch(first)
    if pinned is None:
        raise OddLock(f"{lock}: {first!r} pins no version of a package.")
    digests = (found["digest"] for line in more if (found := _DIGEST.fullmatch(line)))
    asked = (found["by"] for line in more if (found := _ASKED.fullmatch(line)))
    when = (pinned["when"] or "").strip() or None
    return Locked(lock, Ecosystem.PYPI, pinned["name"], pinned["version"], tuple(digests), when, tuple(asked))


def read_npm(lock: str, text: str) -> list[Locked]:
    packages: dict[str, dict[str, str]] = json.loads(text)["packages"]
    return [_npm(lock, place, told) for place, told in packages.items() if place]


def _npm(lock: str, place: str, told: dict[str, str]) -> Locked:
    digests = tuple(told["integrity"].split()) if "integrity" in told else ()
    return Locked(lock, Ecosystem.NPM, place.rpartition("node_modules/")[2], told["version"], digests)
