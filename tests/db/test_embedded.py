"""The PostgreSQL that comes with the package, with real servers and real deaths."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from app.db import embedded, pg_binaries
from app.db.embedded import EmbeddedPostgres, EmbeddedPostgresError, check_version, find_bin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROJECT = Path(__file__).parents[2]
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
CLIENT = """
import sys, time
from app.db.embedded import EmbeddedPostgres
postgres = EmbeddedPostgres(sys.argv[1])
postgres.start()
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that any user can enter, below /dev/shm if there is room for some databases."""
    shm = Path("/dev/shm")
    has_room = shm.is_dir() and shutil.disk_usage(shm).free > 1_000_000_000
    made = Path(tempfile.mkdtemp(prefix="milepost-test-", dir=shm if has_room else None))
    made.chmod(0o755)
    yield made
    wait_until(lambda: not processes_naming(made))
    shutil.rmtree(made)


@pytest.fixture
def clients() -> Iterator[list[subprocess.Popen[str]]]:
    """The processes that a test started; those that it did not kill itself are killed afterwards."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for client in started:
        kill(client)


def launch(clients: list[subprocess.Popen[str]], root: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CLIENT, str(root)]
    client = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
    clients.append(client)
    return client


def await_ready(*clients: subprocess.Popen[str]) -> None:
    for client in clients:
        assert client.stdout is not None
        assert client.stdout.readline() == "ready\n"


def kill(client: subprocess.Popen[str]) -> None:
    client.kill()
    client.wait()
    if client.stdout is not None:
        client.stdout.close()


def query(postgres: EmbeddedPostgres, sql: str) -> Any:
    """The first value, asked on a loop of its own, so that the loop of other tests is left alone."""

    async def ask() -> Any:
        connection = await asyncpg.connect(postgres.dsn(user="postgres", database="postgres"))
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(ask())
    finally:
        loop.close()


def answers(postgres: EmbeddedPostgres) -> bool:
    with contextlib.suppress(OSError, asyncpg.PostgresError):
        return bool(query(postgres, "select true"))
    return False


def postmaster_pid(root: Path) -> int:
    return int((root / "data" / "postmaster.pid").read_text().splitlines()[0])


def parent_of(pid: int) -> int:
    command = ["ps", "-o", "ppid=", "-p", str(pid)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def processes_naming(root: Path) -> list[str]:
    """Keepers and servers that still run on the folder."""
    said = subprocess.run(["ps", "-ww", "-eo", "stat=,command="], capture_output=True, text=True, check=True).stdout
    return [
        line for line in said.splitlines() if str(root) in line and not line.startswith("Z") and "ps -ww" not in line
    ]


def wait_until(is_so: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)


def test_a_server_answers_until_it_is_closed(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder / "db")

    postgres.start()
    wal_level = query(postgres, "show wal_level")
    postgres.close(wait=10)

    assert wal_level == "replica"
    assert not answers(postgres)
    assert processes_naming(folder) == []


def test_a_data_folder_keeps_its_rows_from_one_start_to_the_next(folder: Path) -> None:
    with EmbeddedPostgres(folder / "db", fast=True) as first:
        query(first, "create table kept as select 7 as value")
    second = EmbeddedPostgres(folder / "db", fast=True)

    second.start()
    value = query(second, "select value from kept")
    second.close(wait=10)

    assert value == 7


def test_a_server_outlives_the_first_of_two_processes_and_stops_after_the_second(
    folder: Path, clients: list[subprocess.Popen[str]]
) -> None:
    root = folder / "db"
    first, second = launch(clients, root), launch(clients, root)
    await_ready(first, second)
    postmaster = postmaster_pid(root)

    kill(first)
    time.sleep(0.4)
    outlived = answers(EmbeddedPostgres(root)) and postmaster_pid(root) == postmaster
    kill(second)

    assert outlived
    wait_until(lambda: not processes_naming(folder))
    assert not (root / "data" / "postmaster.pid").exists()


def test_five_processes_that_start_at_once_on_an_empty_folder_share_one_server(
    folder: Path, clients: list[subprocess.Popen[str]]
) -> None:
    started = [launch(clients, folder / "db") for _ in range(5)]

    await_ready(*started)

    running = processes_naming(folder)
    assert len([line for line in running if "keeper.py" in line]) == 1
    assert len([line for line in running if "postgres -D" in line]) == 1


def test_a_postmaster_killed_under_a_live_process_is_restarted(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder / "db")
    postgres.start()
    query(postgres, "create table kept as select 7 as value")
    killed = postmaster_pid(postgres.root)

    os.kill(killed, signal.SIGKILL)

    wait_until(lambda: answers(postgres) and postmaster_pid(postgres.root) != killed)
    assert query(postgres, "select value from kept") == 7
    postgres.close(wait=10)


def test_a_second_start_brings_back_a_server_whose_keeper_was_killed(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder / "db")
    postgres.start()

    os.kill(parent_of(postmaster_pid(postgres.root)), signal.SIGKILL)
    postgres.start()

    wait_until(lambda: answers(postgres))
    postgres.close(wait=10)
    wait_until(lambda: processes_naming(folder) == [])  # the first server was told to stop by its keeper's death


def test_a_committed_row_survives_the_death_of_everything_at_once(
    folder: Path, clients: list[subprocess.Popen[str]]
) -> None:
    root = folder / "db"
    client = launch(clients, root)
    await_ready(client)
    postgres = EmbeddedPostgres(root)
    query(postgres, "create table kept as select 7 as value")
    postmaster = postmaster_pid(root)

    for pid in (client.pid, parent_of(postmaster), postmaster):
        os.kill(pid, signal.SIGKILL)
    postgres.start()
    value = query(postgres, "select value from kept")
    postgres.close(wait=10)

    assert value == 7


def test_lock_files_that_name_the_live_process_of_another_do_not_block_a_start(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder / "db")
    postgres.start()
    owner = postgres.data.stat()
    lock_files = {path: path.read_text() for path in (postgres.data / "postmaster.pid", socket_lock(postgres))}
    postgres.close(wait=10)
    as_owner = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
    foreigner = subprocess.Popen(["sleep", "60"], cwd="/", **as_owner)  # type: ignore[call-overload]  # the arguments are made above
    for path, text in lock_files.items():
        path.write_text(f"{foreigner.pid}\n{text.partition(chr(10))[2]}")
        os.chown(path, owner.st_uid, owner.st_gid)

    postgres.start()
    answered = answers(postgres)
    postgres.close(wait=10)

    assert answered
    assert foreigner.poll() is None
    foreigner.kill()
    foreigner.wait()


def socket_lock(postgres: EmbeddedPostgres) -> Path:
    return postgres.socket_dir / ".s.PGSQL.5432.lock"


def test_a_path_too_long_for_a_socket_puts_the_socket_elsewhere_and_leaves_nothing_there(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder / ("a long name & ü " * 9).strip())

    postgres.start()
    answered, elsewhere = answers(postgres), postgres.socket_dir
    postgres.close(wait=10)

    assert answered
    assert postgres.root not in elsewhere.parents
    assert not elsewhere.exists()


def test_a_path_with_blanks_and_other_letters_is_served(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder / "a & ü")

    postgres.start()
    answered = answers(postgres)
    postgres.close(wait=10)

    assert answered
    assert postgres.dsn(user="a b", database="c/d").startswith("postgresql://a%20b@/c%2Fd?host=/")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends its server another user")
def test_data_below_a_closed_home_moves_to_the_refuge(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "REFUGE", folder / "refuge")
    home = folder / "home"
    home.mkdir(mode=0o700)
    postgres = EmbeddedPostgres(home / "project" / ".data")

    postgres.start()
    answered = answers(postgres)
    postgres.close(wait=10)

    assert answered
    assert postgres.root.parent == folder / "refuge"
    assert list(home.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends its server another user")
def test_a_database_that_was_closed_off_is_not_replaced_by_an_empty_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "REFUGE", folder / "refuge")
    home = folder / "home"
    (home / "data").mkdir(parents=True)
    home.chmod(0o700)

    with pytest.raises(EmbeddedPostgresError, match="holds the database, but nobody"):
        EmbeddedPostgres(home).start()

    assert not (folder / "refuge").exists()


@pytest.mark.skipif(not DEBIAN_15.exists(), reason="PostgreSQL 15 of the system is not installed")
def test_a_server_of_the_system_can_be_chosen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILEPOST_PG_BIN", str(DEBIAN_15))
    postgres = EmbeddedPostgres(folder / "db", fast=True)

    postgres.start()
    major = query(postgres, "select current_setting('server_version_num')::int / 10000")
    postgres.close(wait=10)

    assert major == 15


def test_data_of_another_major_version_is_refused_and_left_alone(folder: Path) -> None:
    data = folder / "db" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("14\n")
    major, _ = pg_binaries.version_of(find_bin())

    with pytest.raises(
        EmbeddedPostgresError, match=rf"made by PostgreSQL 14, and the server found is PostgreSQL {major}"
    ):
        EmbeddedPostgres(folder / "db").start()

    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_a_server_that_cannot_start_says_what_its_log_says(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder / "db", fast=True)
    postgres.start()
    postgres.close(wait=10)
    with (postgres.data / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")

    with pytest.raises(EmbeddedPostgresError, match="no_such_setting"):
        postgres.start(timeout=0.5)


@pytest.mark.parametrize("version", [(14, 99), (15, 13), (15,), (16, 9), (17, 5), (9, 6, 24)])
def test_a_server_older_than_the_floor_is_refused(version: tuple[int, ...]) -> None:
    said = ".".join(map(str, version))

    with pytest.raises(EmbeddedPostgresError, match=f"^PostgreSQL {said} is too old: Milepost needs 15.14"):
        check_version(version)


@pytest.mark.parametrize("version", [(15, 14), (16, 10), (17, 6), (18,), (18, 0), (18, 6), (19, 0)])
def test_a_server_from_the_floor_on_is_taken(version: tuple[int, ...]) -> None:
    check_version(version)


def test_a_chosen_folder_without_programs_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILEPOST_PG_BIN", str(folder))

    with pytest.raises(EmbeddedPostgresError, match=f"MILEPOST_PG_BIN is {folder}"):
        find_bin()


def test_a_machine_without_postgresql_is_told_of_the_database_url(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MILEPOST_PG_BIN", raising=False)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(pg_binaries, "_SYSTEM_FOLDERS", ())
    monkeypatch.setattr(pg_binaries, "_wheel_folder", lambda: None)

    with pytest.raises(EmbeddedPostgresError, match="MILEPOST_DATABASE_URL"):
        find_bin()
