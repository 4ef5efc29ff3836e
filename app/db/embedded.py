"""The PostgreSQL that comes with the package: started by the first process on a data folder, stopped after the last.

Who still uses the server is told by locks on files, which the kernel lets go of however a process ends, SIGKILL too.
For Linux and macOS; elsewhere, and in production, set MILEPOST_DATABASE_URL.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from app.db import keeper
from app.db.keeper import CLIENTS_LOCK, KEEPER_LOCK, PORT, Account, Server
from app.db.pg_account import account_for, can_enter, make_folders, make_private, name_of
from app.db.pg_binaries import EmbeddedPostgresError, check_version, find_bin, runnable_by, version_of
from app.db.pg_cluster import make_cluster

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "check_version", "find_bin"]

# Where data goes that root keeps in a folder the server's account cannot get to, such as a checkout below /root.
REFUGE = Path("/var/lib/milepost-pg")

_START_LOCK = "start.lock"
_LONGEST_SOCKET_DIR = 80  # The path of a socket must fit in 104 bytes.
_SSL_REQUEST = b"\0\0\0\x08\x04\xd2\x16\x2f"
_PID_FILE_STATUS_LINE = 7
_LOOKS_AT_OTHERS = 5


class EmbeddedPostgres:
    """One server for all processes that start it on the same folder. Superuser `postgres`, over a Unix socket only.

    The socket lies in a folder with mode 0700: none but the server's account and root get to it, and they need no
    password. `fast` gives up the safety of the data for speed, for tests; the process that starts the server decides.
    """

    def __init__(self, root: Path | str, *, fast: bool = False) -> None:
        self._asked_root = self._root = Path(root).resolve()
        self._fast = fast
        self._clients_lock: int | None = None

    @property
    def root(self) -> Path:
        """The folder of everything; after start() it may lie below /var/lib/milepost-pg instead."""
        return self._root

    @property
    def data(self) -> Path:
        return self._root / "data"

    @property
    def socket_dir(self) -> Path:
        usual = self._root / "run"
        if len(os.fsencode(usual)) <= _LONGEST_SOCKET_DIR:
            return usual
        return Path("/tmp") / f"milepost-pg-{account_for(self._root).uid}-{_hash(self._root)}"  # noqa: S108  a folder of one's own  # nosec B108

    def dsn(self, *, user: str, database: str) -> str:
        host = quote(str(self.socket_dir))
        return f"postgresql://{quote(user, safe='')}@/{quote(database, safe='')}?host={host}&port={PORT}"

    def start(self, timeout: float = 60) -> None:
        """Return when the server takes connections. Called again, it brings back a server whose keeper was killed."""
        deadline = time.monotonic() + timeout
        account = self._settle()
        try:
            if self._clients_lock is None:
                self._clients_lock = self._lock(CLIENTS_LOCK, fcntl.LOCK_SH, account, deadline)
            starting = self._lock(_START_LOCK, fcntl.LOCK_EX, account, deadline)
            try:
                self._await_ready(account, deadline)
            finally:
                os.close(starting)
        except BaseException:
            self.close()
            raise

    def close(self, wait: float = 0) -> None:
        """Let go of the server. With `wait`, and if nobody else uses it, return only once it has stopped."""
        if self._clients_lock is None:
            return
        os.close(self._clients_lock)
        self._clients_lock = None
        self._await_stop(time.monotonic() + wait)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.close()

    def _settle(self) -> Account:
        """Choose the account and the folder, moving to the refuge if the account cannot get to the folder asked for."""
        self._root = self._asked_root
        account = account_for(self._root)
        refuge = REFUGE / _hash(self._asked_root)
        if account.is_lent and not self.data.exists() and (refuge.exists() or not can_enter(account, self._root)):
            self._root = refuge
            account = account_for(refuge)
            REFUGE.mkdir(parents=True, exist_ok=True)
            REFUGE.chmod(0o755)
        make_folders(self._root, account)
        if not can_enter(account, self._root):
            message = (
                f"{self._root} holds the database, but {name_of(account.uid)}, who runs its server, cannot get there: "
                "let that user pass the folders above it (chmod a+x), or move it elsewhere."
            )
            raise EmbeddedPostgresError(message)
        return account

    def _start_keeper(self, account: Account) -> None:
        for folder in (self.socket_dir, self._root / "log"):
            make_private(folder, account)
        server = Server(
            root=self._root,
            socket_dir=self.socket_dir,
            binaries=self._choose_binaries(account),
            account=account,
            fast=self._fast,
        )
        make_cluster(server)
        # -I -S: neither the environment, nor the script's own folder, nor any site-packages take part.
        command = [sys.executable, "-I", "-S", str(keeper.__file__), server.to_json()]
        with keeper.open_log(server.log / "keeper.log", account) as log:
            null = subprocess.DEVNULL
            done = subprocess.run(
                command, stdin=null, stdout=log, stderr=log, cwd="/", start_new_session=True, check=False
            )
        if done.returncode:
            self._refuse("keeper.log")

    def _choose_binaries(self, account: Account) -> Path:
        binaries = runnable_by(account, find_bin(), copies=self._root)
        check_version(version_of(binaries, account))
        return binaries

    def _await_ready(self, account: Account, deadline: float) -> None:
        """Until the server takes connections and has a keeper, which may also be dying when first looked at."""
        has_started_keeper = False
        while not self._is_ready() or self._is_free(KEEPER_LOCK):
            is_kept = not self._is_free(KEEPER_LOCK)
            if time.monotonic() > deadline or (has_started_keeper and not is_kept):
                self._refuse("postgres.log")
            if not is_kept:
                self._start_keeper(account)
                has_started_keeper = True
            time.sleep(0.01)

    def _is_ready(self) -> bool:
        """Any live server answers an SSLRequest with one byte; its pid file tells when it also takes connections."""
        with contextlib.suppress(OSError, IndexError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(self.socket_dir / f".s.PGSQL.{PORT}"))
            connection.sendall(_SSL_REQUEST)
            if connection.recv(1) in {b"N", b"S"}:
                lines = (self.data / "postmaster.pid").read_text().splitlines()
                return lines[_PID_FILE_STATUS_LINE].strip() == "ready"
        return False

    def _refuse(self, log_name: str) -> None:
        log = self._root / "log" / log_name
        lines = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
        sentence = f"PostgreSQL did not start: mend what its log says, or set MILEPOST_DATABASE_URL. {log} ends with:"
        raise EmbeddedPostgresError("\n  ".join([sentence, *(lines or ["(nothing)"])]))

    def _await_stop(self, deadline: float) -> None:
        """Until the keeper is gone, or others are seen on the server several times: once may be one who only looks."""
        times_seen = 0
        while time.monotonic() < deadline and times_seen < _LOOKS_AT_OTHERS and not self._is_free(KEEPER_LOCK):
            is_shared = self._is_free(CLIENTS_LOCK) and not self._is_free(CLIENTS_LOCK, fcntl.LOCK_EX)
            times_seen = times_seen + 1 if is_shared else 0
            time.sleep(0.05)

    def _is_free(self, name: str, mode: int = fcntl.LOCK_SH) -> bool:
        """Whether the lock could be had. Those who look with LOCK_SH never take each other for the holder."""
        try:
            with (self._root / name).open("rb") as file:
                return _try_lock(file.fileno(), mode)
        except FileNotFoundError:
            return True

    def _lock(self, name: str, mode: int, account: Account, deadline: float) -> int:
        descriptor = keeper.open_owned(self._root / name, os.O_RDWR, account)
        while not _try_lock(descriptor, mode):
            if time.monotonic() > deadline:
                os.close(descriptor)
                message = (
                    f"Another process has been starting or stopping PostgreSQL in {self._root} all this time: see "
                    f"{self._root / 'log'}, end that process and try again."
                )
                raise EmbeddedPostgresError(message)
            time.sleep(0.02)
        return descriptor


def _try_lock(descriptor: int, mode: int) -> bool:
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
