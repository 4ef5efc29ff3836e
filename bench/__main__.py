"""`./dev bench`: a whole plan page, as Milepost reads it and as it is usually written, in one interleaved run."""

import argparse
import os
import platform
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from app.domain.clock import civil_day
from bench import limit
from bench.ground import Ground, prepared
from bench.load import Load, drive
from bench.rounds import Result, Target, run
from bench.same import fetch, level, statements
from bench.servers import SPAWN, Served, milepost, peer, served

GATE: Final = 8.0
CONNECTIONS: Final = 8
DOCUMENT: Final = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
_START, _END = "<!-- figures: ./dev bench --save -->", "<!-- end of figures -->"
PEER: Final = "ORM entities and response models"
OURS: Final = "Milepost"


def main() -> int:
    asked = _arguments()
    with (
        prepared() as ground,
        served(milepost, ground.dsn, ground.pepper) as ours,
        served(peer, ground.dsn, ground.pepper) as theirs,
        ProcessPoolExecutor(1, mp_context=SPAWN) as loader,
    ):
        targets, size = _targets(ground, ours, theirs, loader)
        counts = statements(ground)
        results = run(targets, base=PEER, rounds=asked.rounds, seconds=asked.seconds, postmaster=ground.postmaster)
    figures = _figures(results, counts, size, f"{asked.rounds} rounds of {asked.seconds:g} s", ground.version)
    print(figures)
    if asked.save:
        _save(figures)
    ratio = next(result.rate_ratio for result in results if result.name == OURS)
    held = ratio >= GATE and counts[0] == 1
    print(f"\n{OURS}: {ratio:.1f} times the peer's throughput, {counts[0]} statement; the gate is {GATE:g} times and 1")
    return 0 if held or not asked.check else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds, each of which visits every target once")
    parser.add_argument("--seconds", type=float, default=3, help="seconds of a visit")
    parser.add_argument("--check", action="store_true", help=f"exit 1 unless the median ratio is at least {GATE:g}")
    parser.add_argument("--save", action="store_true", help="write the table to docs/benchmarks.md")
    return parser.parse_args()


def _targets(ground: Ground, ours: Served, theirs: Served, loader: ProcessPoolExecutor) -> tuple[list[Target], int]:
    """What is measured, once it is seen that both services show the same page; and the bytes of the page."""
    page, tag = fetch(ground, ours.port)
    usual, _ = fetch(ground, theirs.port)
    if level(page) != level(usual):
        raise SystemExit("The two pages differ, so that timing them would compare different things.")

    def load(server: Served, status: int, length: int, *headers: str) -> Callable[[float], tuple[int, float]]:
        asked = Load(server.port, ground.path, (ground.authorization, *headers), status, length, CONNECTIONS)
        return lambda seconds: loader.submit(drive, asked, seconds).result()

    today, script = civil_day(datetime.now(UTC)), limit.script(ground)
    return [
        Target(PEER, load(theirs, 200, len(usual)), theirs.pid),
        Target(OURS, load(ours, 200, len(page)), ours.pid),
        Target(f"{OURS}, unchanged (304)", load(ours, 304, 0, f"If-None-Match: {tag}"), ours.pid),
        Target(
            "limit: pgbench, the same SQL and transaction",
            lambda seconds: limit.run(ground, script, today, seconds, CONNECTIONS),
        ),
    ], len(page)


def _figures(results: list[Result], counts: tuple[int, int], size: int, rounds: str, version: str) -> str:
    head = ("", "requests/s", "server CPU ms", "PostgreSQL CPU ms", "requests/s, ratio", "lowest-highest", "CPU, ratio")
    rows = [
        (
            result.name,
            f"{result.rate:.0f}" if result.rate >= 100 else f"{result.rate:.1f}",
            f"{result.server_ms:.2f}" if result.server_ms else "-",
            f"{result.postgres_ms:.2f}",
            f"{result.rate_ratio:.1f}",
            f"{result.lowest_ratio:.1f}-{result.highest_ratio:.1f}",
            f"{result.processor_ratio:.3f}",
        )
        for result in results
    ]
    about = (
        f"{date.today():%-d %B %Y}: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "  # noqa: DTZ011  the reader's own day
        f"Python {platform.python_version()}, PostgreSQL {version.split(maxsplit=1)[0]}; {rounds}, {CONNECTIONS} connections. "
        f"The page has {size:,} bytes. Statements for a page: {counts[0]} here, {counts[1]} in the peer."
    )
    lines = [_line(head), _line(("---",) * len(head)), *map(_line, rows)]
    return "\n".join([about, "", *lines])


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _save(figures: str) -> None:
    text = DOCUMENT.read_text()
    before, _, rest = text.partition(_START)
    _, _, after = rest.partition(_END)
    DOCUMENT.write_text(f"{before}{_START}\n\n{figures}\n\n{_END}{after}")


if __name__ == "__main__":
    sys.exit(main())
