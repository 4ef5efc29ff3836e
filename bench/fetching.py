"""Fetching the peers that are no part of this project's environments: at pinned versions, into a folder that git ignores."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PINNED: Final = ROOT / "bench" / "peers"
STORE: Final = ROOT / ".bench"


class NoPeer(SystemExit):
    """A peer cannot be had here; the sentence says what it takes."""


def node_modules() -> Path:
    """The folder of PostGraphile, and of Node itself: PostGraphile 5.1 needs Node 22, which comes as a package too."""
    return _fetched("node", ("package.json", "package-lock.json", ".npmrc"), _npm)


def node(folder: Path) -> Path:
    found = sorted(folder.glob("node_modules/node-*/bin/node"))
    if not found:
        raise NoPeer("PostGraphile runs on Node 22, and no package of it fits this machine. Try --only rest.")
    return found[0]


def python() -> Path:
    """The Python of django-ninja's environment."""
    return _fetched("python", ("requirements.lock",), _pip) / "bin" / "python"


def _fetched(name: str, pins: Sequence[str], fetch: Callable[[Path], None]) -> Path:
    """The peer's folder, made again only when a pin has changed."""
    digest = hashlib.sha256(b"\0".join((PINNED / pin).read_bytes() for pin in pins)).hexdigest()[:12]
    folder = STORE / name
    stamp = folder / f".stamp-{digest}"
    if not stamp.exists():
        print(f"fetching peers into {folder.relative_to(ROOT)} (once; it takes about a minute)", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for pin in pins:
            shutil.copy(PINNED / pin, folder)
        fetch(folder)
        stamp.touch()
    return folder


def _npm(folder: Path) -> None:
    if shutil.which("npm") is None:
        raise NoPeer("PostGraphile is fetched by npm, which is not here. Install Node, or try --only rest.")
    _told("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", within=folder)


def _pip(folder: Path) -> None:
    _told(sys.executable, "-m", "venv", os.fspath(folder), within=folder)
    install = ("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r")
    _told(os.fspath(folder / "bin" / "python"), *install, "requirements.lock", within=folder)


def _told(*command: str, within: Path) -> None:
    done = subprocess.run(command, cwd=within, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoPeer(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr).strip()[-2000:]}")
