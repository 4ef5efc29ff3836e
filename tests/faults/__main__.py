"""`./dev faults`: break the service on purpose, count what it loses, and see each check fail when a defect is planted."""

import argparse
import asyncio
import logging
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from app.db.embedded import EmbeddedPostgres
from tests.faults import (
    access,
    brute_force,
    crashes,
    credentials,
    draining,
    graphql_attacks,
    hostile,
    idempotency,
    isolation,
    migrations,
    mutants,
    noted_reads,
    oracle,
    protection,
    row_security_cost,
    slow_clients,
    small_numbers,
    stateful,
)
from tests.faults.bars import Bar, Run, hold, say
from tests.faults.ground import prepare

BARS: tuple[Bar, ...] = (
    access.I1,
    access.I2,
    isolation.I3,
    isolation.I4,
    isolation.I5,
    row_security_cost.I6,
    crashes.D1,
    crashes.D2,
    idempotency.D6,
    draining.D9,
    access.A1,
    access.A2,
    credentials.A3,
    migrations.M1,
    migrations.M2,
    small_numbers.P1,
    noted_reads.P2,
    protection.P3,
    stateful.Q2,
    oracle.G0,
    graphql_attacks.G1,
    access.G2,
    brute_force.A4,
    hostile.H1,
    hostile.H2,
    slow_clients.H3,
    mutants.Q1,
)
CI_SEED = 20_261_121  # In CI every run is the same run.


def main() -> int:
    asked = _arguments()
    chosen = [bar for bar in BARS if bar.code in asked.only]
    started = time.monotonic()
    logging.getLogger("milepost").setLevel(logging.CRITICAL)  # outages are what is being made here
    say(f"seed {asked.seed}, {'CI' if asked.ci else 'campaign'} sizes, {os.cpu_count()} processors")
    folder = Path(tempfile.mkdtemp(prefix="milepost-faults-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(_fast_folder(folder), fast=True)
    try:
        server.start()
        run = Run(asked.ci, asked.seed, server, folder)
        asyncio.run(prepare(server))
        held = [asyncio.run(hold(bar, run)) for bar in chosen]
    finally:
        server.close(wait=20)
        shutil.rmtree(server.root, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
    say(f"{sum(held)} of {len(held)} bars held, with their teeth seen, in {time.monotonic() - started:.0f} s")
    return 0 if all(held) else 1


def _arguments() -> argparse.Namespace:
    codes = [bar.code for bar in BARS]
    parser = argparse.ArgumentParser(prog="./dev faults", description=__doc__)
    parser.add_argument("--ci", action="store_true", help="the sizes for every push, in minutes")
    parser.add_argument("--only", type=lambda text: text.upper().split(","), default=codes, help=",".join(codes))
    parser.add_argument("--seed", type=int, help="repeat the run that printed this seed")
    asked = parser.parse_args()
    if unknown := set(asked.only) - set(codes):
        parser.error(f"there is no bar {', '.join(sorted(unknown))}; there are {', '.join(codes)}")
    if asked.seed is None:
        asked.seed = CI_SEED if asked.ci else random.SystemRandom().randrange(1 << 32)
    return asked


def _fast_folder(otherwise: Path) -> Path:
    """In memory where there is room: this server is never killed, so nothing depends on a disk."""
    base = Path("/dev/shm")
    has_room = base.is_dir() and os.access(base, os.W_OK) and shutil.disk_usage(base).free > 1 << 30
    return (base if has_room else otherwise) / f"milepost-faults-{os.getpid()}"


if __name__ == "__main__":
    sys.exit(main())
