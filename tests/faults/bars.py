"""A bar: a check that counts what breaks a promise, and a planted defect under which the same check must find something."""

import random
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.db.embedded import EmbeddedPostgres


@dataclass(frozen=True)
class Run:
    """One run of the fault tests: how long it may take, its seed, and a PostgreSQL for what needs no death of one."""

    is_ci: bool
    seed: int
    server: EmbeddedPostgres
    folder: Path

    def size(self, ci: int, campaign: int) -> int:
        return ci if self.is_ci else campaign

    def random(self, name: str) -> random.Random:
        return random.Random(f"{self.seed} {name}")

    def data_folder(self, name: str) -> Path:
        """A new folder on disk that the server's account can enter."""
        made = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder))
        made.chmod(0o755)
        return made


@dataclass(frozen=True)
class Findings:
    """What was counted, in words; and of each kind of fault, how many."""

    counted: str
    faults: Mapping[str, int]
    samples: list[str] = field(default_factory=list)

    @property
    def found(self) -> dict[str, int]:
        return {kind: count for kind, count in self.faults.items() if count}


Check = Callable[[Run], Awaitable[Findings]]


@dataclass(frozen=True)
class Bar:
    """`shows` is the kind of fault that the planted `defect` must make the check find."""

    code: str
    check: Check
    defect: str
    planted: Check
    shows: str


async def hold(bar: Bar, run: Run) -> bool:
    """Check, plant the defect, check again, and say on one line what came of it."""
    started = time.monotonic()
    try:
        honest = await bar.check(run)
        planted = await bar.planted(run)
    except Exception:  # noqa: BLE001  a check that breaks off is a bar not held, and the others still run
        say(f"{bar.code:3} BROKE OFF after {time.monotonic() - started:.1f} s\n{traceback.format_exc()}")
        return False
    held, bites = not honest.found, bar.shows in planted.found
    teeth = f"{bar.shows} {planted.found[bar.shows]:,}" if bites else f"NOT SEEN ({planted.counted})"
    say(
        f"{bar.code:3} {'held' if held else 'BROKEN'}: {honest.counted}; {_told(honest)}"
        f" | teeth, {bar.defect}: {teeth} | {time.monotonic() - started:.1f} s"
    )
    for sample in honest.samples[:10] if not held else []:
        say(f"      {sample}")
    return held and bites


def say(line: str) -> None:
    """A line at once, also into a file."""
    print(line, flush=True)  # noqa: T201  what is printed is what this program is for


def _told(findings: Findings) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in findings.faults.items())
