"""A third-party client: its program, how much it checks, and a planted defect that the same program must notice."""

import asyncio
import re
import sys
import time
from asyncio.subprocess import PIPE, STDOUT
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
PYTHON: Final = HERE.parents[1] / ".venv-clients" / "bin" / "python"
_WITHIN: Final = 180  # seconds for one program; the slowest takes a tenth of that
_NODE_CHATTER: Final = re.compile(r"\(node:\d+\)|^\s*$")


@dataclass(frozen=True)
class Client:
    """`checks` is how many it makes, and all must hold. With `defect` planted, one whose sentence has `shows` must break."""

    name: str
    program: str
    checks: int
    defect: str
    shows: str


@dataclass(frozen=True)
class Outcome:
    """What a program said: each check on a line that begins with ok or BROKEN."""

    code: int
    said: list[str]

    @property
    def held(self) -> list[str]:
        return [line for line in self.said if line.startswith("ok ")]

    @property
    def broken(self) -> list[str]:
        return [line for line in self.said if line.startswith("BROKEN ")]

    def breaks(self, sentence: str) -> bool:
        return any(sentence in line for line in self.broken)


async def holds(client: Client, given: Path) -> bool:
    """Run it, plant its defect, run it again, and say on one line what came of it."""
    began = time.monotonic()
    honest = await _run(client, given)
    between = time.monotonic()
    planted = await _run(client, given, "--planted")
    well = honest.code == 0 and not honest.broken and len(honest.held) == client.checks
    bites = planted.code == 1 and planted.breaks(client.shows) and not honest.breaks(client.shows)
    say(
        f"{client.name:22} {'held' if well else 'BROKEN'}: {len(honest.held)} ok, {len(honest.broken)} broken"
        f" | {between - began:.1f} s | teeth, {client.defect}: {'seen' if bites else 'NOT SEEN'}"
        f" | {time.monotonic() - between:.1f} s"
    )
    if not well:
        _tell(honest, f"exit {honest.code}, {len(honest.held)} of {client.checks} checks held")
    if not bites:
        _tell(planted, f"planted: exit {planted.code}, and nothing broke that says: {client.shows}")
    return well and bites


def say(line: str) -> None:
    """A line at once, also into a file."""
    print(line, flush=True)  # noqa: T201  what is printed is what this program is for


async def _run(client: Client, given: Path, *more: str) -> Outcome:
    runner = "node" if client.program.endswith(".mjs") else str(PYTHON)
    process = await asyncio.create_subprocess_exec(
        runner, f"programs/{client.program}", str(given), *more, cwd=HERE, stdout=PIPE, stderr=STDOUT
    )
    try:
        told, _ = await asyncio.wait_for(process.communicate(), _WITHIN)
    except TimeoutError:
        process.kill()
        await process.wait()
        return Outcome(-1, [f"not done after {_WITHIN} s"])
    lines = told.decode(errors="replace").splitlines()
    return Outcome(process.returncode or 0, [line for line in lines if not _NODE_CHATTER.search(line)])


def _tell(outcome: Outcome, what: str) -> None:
    say(f"    {what}")
    for line in [line for line in outcome.said if not line.startswith("ok ")][-30:]:
        say(f"    {line[:600]}")
    sys.stdout.flush()
