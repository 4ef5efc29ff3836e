"""The peers that are programs of their own, started on the ground and stopped with all they started."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.db.database import SETTINGS
from bench import fetching
from bench.ground import Ground, Held
from bench.servers import POOL, Served

_STARTS_WITHIN: Final = 60.0


@contextmanager
def postgraphile(ground: Ground) -> Iterator[Served]:
    """PostGraphile 5 with its usual preset, as a server of Node's own http."""
    folder = fetching.node_modules()
    shutil.copy(fetching.PINNED / "postgraphile.mjs", folder)
    command = (os.fspath(fetching.node(folder)), "postgraphile.mjs")
    with _started("postgraphile", command, folder, _free_port(), ground, ground.forest) as server:
        yield server


@contextmanager
def django_ninja(ground: Ground) -> Iterator[Served]:
    """django-ninja under gunicorn: one process, a thread for each connection."""
    port = _free_port()
    command = [os.fspath(fetching.python()), "-m", "gunicorn", "-k", "gthread", "--threads", str(POOL)]
    command += ["--keep-alive", "75", "-b", f"127.0.0.1:{port}", "bench.peers.django_page:application"]
    with _started("django-ninja", command, fetching.ROOT, port, ground, ground.packed) as server:
        yield server


@contextmanager
def _started(
    name: str, command: Sequence[str], folder: Path, port: int, ground: Ground, held: Held
) -> Iterator[Served]:
    told = {
        "PEER_PORT": str(port),
        "PEER_SOCKET": os.fspath(ground.socket_dir),
        "PEER_TRUST": str(held.trust_id),
        "PEER_POOL": str(POOL),
        "PEER_OPTIONS": " ".join(f"-c {setting}={value.replace(' ', '')}" for setting, value in SETTINGS.items()),
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
    }
    log = fetching.STORE / f"{name}.log"
    with log.open("w") as file:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | told, stdout=file, stderr=file, start_new_session=True
        )
    try:
        _wait(process, port, log)
        yield Served(port, process.pid)
    finally:
        _stop(process)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{log.stem} did not start:\n{log.read_text()[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the whole group to stop, and make it stop where it does not."""
    for word in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, word)
            process.wait(10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        return


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port
