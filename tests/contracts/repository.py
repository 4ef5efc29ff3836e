"""A repository of its own for a test of what was committed."""

import subprocess
from pathlib import Path
from typing import Final

_NOBODY: Final = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")


def begin(folder: Path) -> None:
    """One commit, of nothing."""
    _git(folder, "init", "-q")
    _git(folder, "commit", "-q", "--allow-empty", "-m", "Nothing yet")


def commit(folder: Path) -> None:
    """Whatever the folder holds."""
    _git(folder, "add", ".")
    _git(folder, "commit", "-q", "-m", "The contract")


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *_NOBODY, *words], check=True)
