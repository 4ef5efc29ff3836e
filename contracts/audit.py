"""`./dev audit`: ask the public advisories about every locked package; where they cannot be reached, say that it was not run."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from contracts import locks

ROOT: Final = Path(__file__).resolve().parent.parent
TOOL: Final = ROOT / ".venv-audit" / "bin" / "pip-audit"
# What the tool says when it is the network, and neither the packages nor the command, that stops it.
_AWAY: Final = ("Could not connect to", "is not redirecting properly")

Package = tuple[str, str]


class Outcome(StrEnum):
    CLEAN = "clean"
    FAILED = "failed"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Verdict:
    outcome: Outcome
    sentences: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(f"{self.outcome}: {sentence}" for sentence in self.sentences)


@dataclass(frozen=True)
class Said:
    """What the tool wrote: its report, and beside it what went wrong."""

    report: str
    trouble: str = ""


def main() -> int:
    asked = argparse.ArgumentParser(prog="./dev audit", description=__doc__)
    asked.add_argument("--required", action="store_true", help="Not having been run is a failure too.")
    required = asked.parse_args().required
    wanted = {
        (one.name, one.version) for name in locks.PYTHON for one in locks.read_python(name, (ROOT / name).read_text())
    }
    verdict = judge(wanted, _ask(wanted))
    print(verdict)
    return int(verdict.outcome is Outcome.FAILED or (required and verdict.outcome is Outcome.NOT_RUN))


def judge(wanted: AbstractSet[Package], told: Iterable[Said]) -> Verdict:
    """What the reports are worth. The tool's exit code is no help: of a package that it knows nothing of, it says a pass."""
    audited: dict[Package, list[dict[str, Any]]] = {}
    skipped: dict[str, str] = {}
    for said in told:
        try:
            dependencies = json.loads(said.report)["dependencies"]
        except (ValueError, KeyError):
            away = any(sign in said.trouble for sign in _AWAY)
            return Verdict(
                Outcome.NOT_RUN if away else Outcome.FAILED, (f"the audit gave no report: {_last(said.trouble)}",)
            )
        audited |= {(one["name"], one["version"]): one["vulns"] for one in dependencies if "vulns" in one}
        skipped |= {one["name"]: one["skip_reason"] for one in dependencies if "skip_reason" in one}
    if not audited:
        sentence = f"the advisories cannot be reached from here, so none of {len(wanted)} packages was looked at."
        return Verdict(Outcome.NOT_RUN, (sentence,))
    troubles = tuple(_troubles(wanted, audited, skipped))
    clean = (f"{len(audited)} packages have no known vulnerability.",)
    return Verdict(Outcome.FAILED, troubles) if troubles else Verdict(Outcome.CLEAN, clean)


def _troubles(
    wanted: AbstractSet[Package], audited: Mapping[Package, list[dict[str, Any]]], skipped: Mapping[str, str]
) -> Iterator[str]:
    for (name, version), vulnerabilities in audited.items():
        for one in vulnerabilities:
            yield f"{name} {version} has {one['id']}, mended in {', '.join(one['fix_versions']) or 'no version yet'}."
    for name, reason in skipped.items():
        yield f"{name} was skipped: {reason}."
    for name, version in sorted(wanted - audited.keys()):
        if name not in skipped:
            yield f"{name} {version} is locked, and no report speaks of it."


def _ask(wanted: AbstractSet[Package]) -> list[Said]:
    """Every version once, whatever machine it is for. A run takes one version of a package, so there are several."""
    runs: list[dict[str, str]] = []
    for name, version in sorted(wanted):
        run = next((run for run in runs if name not in run), None)
        if run is None:
            runs.append(run := {})
        run[name] = version
    return [_run(run) for run in runs]


def _run(packages: Mapping[str, str]) -> Said:
    options = ("--disable-pip", "--no-deps", "--format", "json", "--progress-spinner", "off")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("".join(f"{name}=={version}\n" for name, version in packages.items()))
        file.flush()
        told = subprocess.run([TOOL, *options, "-r", file.name], capture_output=True, text=True, check=False)
    return Said(told.stdout, told.stderr)


def _last(trouble: str) -> str:
    lines = [line.strip() for line in trouble.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing."


if __name__ == "__main__":
    sys.exit(main())
