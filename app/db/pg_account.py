"""The user the embedded server runs as, and folders that belong to it."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from typing import TYPE_CHECKING

from app.db.keeper import Account
from app.db.pg_binaries import EmbeddedPostgresError

if TYPE_CHECKING:
    from pathlib import Path


def account_for(root: Path) -> Account:
    """Ourselves; for root, who may not run a server, MILEPOST_PG_USER, else the folder's owner, else `nobody`."""
    if os.geteuid() != 0:
        return _own_account(root)
    if name := os.environ.get("MILEPOST_PG_USER"):
        return _named_account(name)
    return _owner_account(root) or _named_account("nobody")


def can_enter(account: Account, folder: Path) -> bool:
    """Whether the account can enter the folder, or the nearest one above that exists; the kernel is asked."""
    nearest = next(candidate for candidate in (folder, *folder.parents) if candidate.exists())
    command = ["/bin/sh", "-c", 'cd "$1"', "sh", str(nearest)]
    return subprocess.run(command, cwd="/", stderr=subprocess.DEVNULL, check=False, **account.run_as).returncode == 0


def make_folders(folder: Path, account: Account) -> None:
    """Make the folder and those above it; the new ones are the account's, so that it can later start without root."""
    if folder.exists():
        return
    make_folders(folder.parent, account)
    folder.mkdir(mode=0o755, exist_ok=True)
    if account.is_lent:
        os.chown(folder, account.uid, account.gid)


def make_private(folder: Path, account: Account) -> None:
    """Make a folder that only the account gets into, or see to it that the one there is such."""
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    if account.is_lent and state.st_uid == 0:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    elif state.st_uid != account.uid or not stat.S_ISDIR(state.st_mode):
        _refuse_owner(folder, state.st_uid, account.uid)


def name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _own_account(root: Path) -> Account:
    uid, data = os.geteuid(), root / "data"
    if not _has_name(uid):
        message = (
            f"PostgreSQL cannot start its own server as user {uid}, who is not in /etc/passwd: add a line there, run "
            "as another user, or set MILEPOST_DATABASE_URL to a server that already runs."
        )
        raise EmbeddedPostgresError(message)
    if data.exists() and data.stat().st_uid != uid:
        _refuse_owner(data, data.stat().st_uid, uid)
    return Account(uid=uid, gid=os.getegid(), is_lent=False)


def _named_account(name: str) -> Account:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        entry = None
    if entry is not None and entry.pw_uid != 0:
        return Account(uid=entry.pw_uid, gid=entry.pw_gid, is_lent=True)
    message = (
        f"PostgreSQL refuses to run as root, and {name} is no other user of this machine: set MILEPOST_PG_USER to one "
        "that exists, or set MILEPOST_DATABASE_URL to a server that already runs."
    )
    raise EmbeddedPostgresError(message)


def _owner_account(root: Path) -> Account | None:
    """A database keeps its owner; a checkout that belongs to a person runs as that person."""
    for folder in (root / "data", root, *root.parents):
        if not folder.exists():
            continue
        state = folder.stat()
        if state.st_uid != 0 and _has_name(state.st_uid):
            return Account(uid=state.st_uid, gid=state.st_gid, is_lent=True)
    return None


def _has_name(uid: int) -> bool:
    """Without an entry in passwd, initdb refuses."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _refuse_owner(folder: Path, owner: int, wanted: int) -> None:
    message = (
        f"{folder} belongs to {name_of(owner)}, and PostgreSQL would run as {name_of(wanted)}: start Milepost as "
        f"{name_of(owner)}, or give the folder to {name_of(wanted)} (chown -R)."
    )
    raise EmbeddedPostgresError(message)
