"""The keeper: the parent of one PostgreSQL server, which it restarts after a crash and stops when nobody is left.

It is run as a script, by an interpreter that is told to look at nothing but its standard library, and so imports
nothing of the project: it must work as root with the project below a 0700 home, and outlive every process that uses it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from types import FrameType

PORT = 5432  # Only names the socket's file: there is no TCP listener.
CLIENTS_LOCK = "clients.lock"  # Shared by every process that uses the server; exclusive while it is being stopped.
KEEPER_LOCK = "keeper.lock"  # Exclusive for as long as a keeper lives.

_POLL_SECONDS = 0.1
_MOST_FAILURES = 20
_HEALTHY_SECONDS = 30
_STOP_SECONDS = 30
_PR_SET_PDEATHSIG = 1

_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # With the default, a postmaster killed with SIGKILL leaves a segment in /dev/shm, where containers have 64 MB.
    "dynamic_shared_memory_type": "mmap",
}
# For tests only: a power failure would lose the data.
_FAST_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
# What a server needs of its environment; secrets meant for Milepost stay with Milepost.
_ENVIRONMENT = ("PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

try:
    import ctypes

    # Loaded before any fork: afterwards the child is another user, who may not reach the interpreter's files.
    _prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
except (ImportError, OSError, AttributeError):
    _prctl = None


class RunAs(TypedDict, total=False):
    """The arguments of subprocess that change the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, kw_only=True)
class Account:
    """The user the server runs as. PostgreSQL refuses uid 0, so root lends it another."""

    uid: int
    gid: int
    is_lent: bool

    @property
    def run_as(self) -> RunAs:
        return RunAs(user=self.uid, group=self.gid, extra_groups=[]) if self.is_lent else RunAs()


@dataclass(frozen=True, kw_only=True)
class Server:
    """All a keeper must know of its server; travels to it as its one argument."""

    root: Path
    socket_dir: Path
    binaries: Path
    account: Account
    fast: bool

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def command(self) -> list[str]:
        options = _OPTIONS | (_FAST_OPTIONS if self.fast else {})
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        program = str(self.binaries / "postgres")
        return [program, "-D", str(self.data), "-k", str(self.socket_dir), "-p", str(PORT), *settings]

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), default=os.fspath)

    @classmethod
    def from_json(cls, text: str) -> Server:
        told: dict[str, Any] = json.loads(text)
        paths = {name: Path(told[name]) for name in ("root", "socket_dir", "binaries")}
        return cls(**paths, account=Account(**told["account"]), fast=told["fast"])


def environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}


def open_owned(path: Path, flags: int, account: Account) -> int:
    """Open or make a file of the server's, following no symlink: when root does this, the folder is another user's."""
    descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    if account.is_lent and os.fstat(descriptor).st_uid == 0:
        os.fchown(descriptor, account.uid, account.gid)
    return descriptor


def open_log(path: Path, account: Account) -> IO[bytes]:
    return os.fdopen(open_owned(path, os.O_WRONLY | os.O_APPEND, account), "ab")


class Keeper:
    """Keeps one server running for as long as anybody holds the clients' lock."""

    def __init__(self, server: Server) -> None:
        """Wait for the lock that only one keeper has. A child made by fork has it too."""
        self._server = server
        self._keeper_lock = open_owned(server.root / KEEPER_LOCK, os.O_RDWR, server.account)
        self._clients_lock = open_owned(server.root / CLIENTS_LOCK, os.O_RDWR, server.account)
        fcntl.flock(self._keeper_lock, fcntl.LOCK_EX)
        self._is_told_to_stop = False
        self._failures = 0
        self._started_at = time.monotonic()

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._note_signal)
        self._postmaster = self._adopt() or self._spawn()
        while not self._is_told_to_stop and not self._is_deserted():
            if self._postmaster.poll() is not None:
                self._restart()
            time.sleep(_POLL_SECONDS)
        self._stop()
        # In this order: whoever then gets the clients' lock must find that there is no keeper.
        os.close(self._keeper_lock)
        os.close(self._clients_lock)

    def _note_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._is_told_to_stop = True

    def _is_deserted(self) -> bool:
        """Once true, the lock is kept: a newcomer waits until the server has stopped."""
        try:
            fcntl.flock(self._clients_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _adopt(self) -> Adopted | None:
        """The server that an earlier keeper left running when it was killed, where the system let it live on."""
        with contextlib.suppress(FileNotFoundError, ValueError):
            pid = int((self._server.data / "postmaster.pid").read_text().partition("\n")[0])
            if _is_server(pid, self._server.data):
                return Adopted(pid, self._server.data)
        return None

    def _spawn(self) -> subprocess.Popen[bytes]:
        self._started_at = time.monotonic()
        _disown_lock_files(self._server)
        with open_log(self._server.log / "postgres.log", self._server.account) as log:
            return subprocess.Popen(
                self._server.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=environment(),
                start_new_session=True,  # or Ctrl-C would reach the server as well
                preexec_fn=_die_with_keeper,  # noqa: PLW1509 - the keeper has one thread
                **self._server.account.run_as,
            )

    def _restart(self) -> None:
        """After a crash, a little more slowly each time."""
        was_healthy = time.monotonic() - self._started_at > _HEALTHY_SECONDS
        self._failures = 0 if was_healthy else self._failures + 1
        if self._failures > _MOST_FAILURES:
            sys.exit(f"PostgreSQL keeps ending as soon as it starts; {self._server.log / 'postgres.log'} says why.")
        time.sleep(min(0.05 * 2**self._failures, 2))
        self._postmaster = self._spawn()

    def _stop(self) -> None:
        self._postmaster.send_signal(signal.SIGINT)  # "fast": it ends the sessions, where SIGTERM would wait for them
        try:
            self._postmaster.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._postmaster.send_signal(signal.SIGQUIT)
            self._postmaster.wait()
        if self._server.socket_dir.parent != self._server.root:
            with contextlib.suppress(OSError):
                self._server.socket_dir.rmdir()


class Adopted:
    """A server that is not a child of ours, with the three methods of Popen that a keeper uses."""

    def __init__(self, pid: int, data: Path) -> None:
        self._pid = pid
        self._data = data

    def poll(self) -> int | None:
        return None if _is_server(self._pid, self._data) else 0

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, number)

    def wait(self, timeout: float = float("inf")) -> int:
        end = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("postgres", timeout)
            time.sleep(_POLL_SECONDS)
        return 0


def _die_with_keeper() -> None:
    """On Linux a keeper killed with SIGKILL takes its server down too, cleanly."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _disown_lock_files(server: Server) -> None:
    for path in (server.data / "postmaster.pid", server.socket_dir / f".s.PGSQL.{PORT}.lock"):
        with contextlib.suppress(FileNotFoundError, ValueError):
            _disown(path, server)


def _disown(path: Path, server: Server) -> None:
    """Make a dead server's lock file name the keeper.

    Containers reuse process ids, and PostgreSQL will not start while its lock files name a live process, save for its
    parent. Deleting the file would do too, but it says where the shared memory is: that PostgreSQL looks at, so as not
    to start beside survivors of the dead server.
    """
    pid, newline, rest = path.read_text().partition("\n")
    if not pid:  # The server was killed before it had written its number.
        path.unlink()
    elif not _is_server(int(pid), server.data):
        renamed = path.with_suffix(".keeper")
        with os.fdopen(open_owned(renamed, os.O_WRONLY | os.O_TRUNC, server.account), "w") as file:
            file.write(f"{os.getpid()}{newline}{rest}")
        renamed.rename(path)


def _is_server(pid: int, data: Path) -> bool:
    """Whether that process is the server of this data, and not another that was given the same number."""
    return f"postgres -D {data} " in _command_of(pid)


def _command_of(pid: int) -> str:
    """The words of its command, each with a blank behind it; empty when there is no such process."""
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).replace("\0", " ")
        return ""
    command = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() + " "


def main() -> None:
    """Return at once, with a keeper at work in the background that has its lock already."""
    keeper = Keeper(Server.from_json(sys.argv[1]))
    if os.fork() == 0:
        keeper.run()


if __name__ == "__main__":
    main()
