"""Q1: the tests of pure security modules notice a changed rule. Each module is changed in a copy, one place at a time."""

import asyncio
import json
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.faults.bars import Bar, Findings, Run, say

ROOT = Path(__file__).resolve().parents[2]
LEAST = 0.90
NOTHING = """
from app.domain import permissions
from app.domain.model import ENTITIES

def test_nothing_is_asserted():
    permissions.guarded()
    for kind in ENTITIES:
        for ask in (permissions.to_write, permissions.to_follow, permissions.is_seen_in_part):
            ask(kind)
"""
# A timeout is a change that somebody would have noticed; `suspicious` is one that ended the tests in an odd way.
KILLED = frozenset({"killed", "timeout", "suspicious", "segfault"})
CONFIGURATION = """
[tool.mutmut]
source_paths = ["app"]
only_mutate = {modules}
pytest_add_cli_args_test_selection = {tests}
max_stack_depth = -1

[tool.pytest.ini_options]
asyncio_mode = "auto"
addopts = "-q -p no:schemathesis -p no:cacheprovider -p no:xdist"
"""
# What was worked out while the tests were looked at once must not answer for a changed rule afterwards.
CONFTEST = """
import functools
import gc
import sys

from hypothesis import HealthCheck, settings

def pytest_sessionstart():
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper) and str(one.__module__).startswith("app."):
            one.cache_clear()

settings.register_profile("mutants", deadline=None, derandomize=True, max_examples={examples}, database=None,
                          suppress_health_check=list(HealthCheck))
settings.load_profile("mutants")
sys.setrecursionlimit(5_000)  # a changed function is called through two more
"""


@dataclass(frozen=True)
class Subject:
    """A module, the tests that hold it without a database, and those of its functions that need one and are held elsewhere."""

    module: str
    tests: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()


IN_CI = (
    Subject("app/domain/actor.py", ("tests/domain/test_actor.py", "tests/domain/test_permissions.py")),
    Subject("app/domain/roles.py", ("tests/domain/test_permissions.py",)),
    Subject("app/domain/permissions.py", ("tests/domain/test_permissions.py",)),
    Subject("app/domain/keys.py", ("tests/domain/test_keys.py", "tests/domain/test_permissions.py")),
    Subject("app/api/cursors.py", ("tests/api/test_cursors.py",)),
    Subject("app/graphql/cursors.py", ("tests/graphql/test_cursors.py", "tests/graphql/test_cursor_edges.py")),
    Subject("app/db/idempotency.py", ("tests/db/test_idempotency.py",)),
    Subject("app/db/event_log.py", ("tests/db/test_canonical.py",), elsewhere=("append",)),
    Subject("app/identity/tokens.py", ("tests/identity/test_token_rules.py",)),
)
CAMPAIGN = (
    *IN_CI,
    Subject("app/graphql/limits.py", ("tests/graphql/test_limits.py", "tests/graphql/test_limit_places.py")),
)


async def _held(run: Run) -> Findings:
    findings = await _mutated(run, IN_CI if run.is_ci else CAMPAIGN, tests={})
    for sample in findings.samples:
        say(f"      {sample}")
    return findings


async def _held_by_nothing(run: Run) -> Findings:
    """The defect: one module's tests assert nothing."""
    return await _mutated(run, IN_CI[2:3], tests=dict.fromkeys(IN_CI[2].tests, NOTHING))


async def _mutated(run: Run, subjects: Iterable[Subject], *, tests: Mapping[str, str]) -> Findings:
    """`tests` are put in the place of those of the tree."""
    subjects = list(subjects)
    folder = Path(tempfile.mkdtemp(prefix="mutants-", dir=run.folder))
    try:
        _prepare(folder, subjects, tests, examples=run.size(20, 100))
        outcomes = await _run(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return counted(subjects, outcomes)


def counted(subjects: Iterable[Subject], outcomes: Mapping[str, str]) -> Findings:
    """`outcomes` say of each changed place, by its name, what the tests made of it."""
    below, samples, told = 0, [], Counter[str]()
    for subject in subjects:
        mine = {name: outcome for name, outcome in outcomes.items() if _is_of(name, subject)}
        killed = sum(outcome in KILLED for outcome in mine.values())
        told += Counter(changed=len(mine), noticed=killed)
        if not mine or killed < LEAST * len(mine):
            below += 1
            samples.append(f"{subject.module}: {killed} of {len(mine)}")
        samples += [f"{name}: {outcome}" for name, outcome in mine.items() if outcome not in KILLED]
    score = 100 * told["noticed"] / max(1, told["changed"])
    sentence = f"{told['noticed']} of {told['changed']} changes of {len(list(subjects))} modules noticed, {score:.1f} %"
    return Findings(sentence, {"modules below 90 %": below}, samples)


def _is_of(name: str, subject: Subject) -> bool:
    module = subject.module.removesuffix(".py").replace("/", ".")
    place = name.removeprefix(f"{module}.")
    return place != name and re.sub(r"^x_|__mutmut_\d+$", "", place) not in subject.elsewhere


def _prepare(folder: Path, subjects: list[Subject], tests: Mapping[str, str], *, examples: int) -> None:
    """A tree with the application and just these tests: without those that need a database, and their fixtures."""
    shutil.copytree(ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    names = sorted({name for subject in subjects for name in subject.tests})
    for support in ("tests/__init__.py", "tests/graphql/toy.py", *names):
        file = folder / support
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / "__init__.py").touch()
        file.write_text(tests.get(support) or (ROOT / support).read_text())
    modules = json.dumps([subject.module for subject in subjects])
    (folder / "pyproject.toml").write_text(CONFIGURATION.format(modules=modules, tests=json.dumps(names)))
    (folder / "tests" / "conftest.py").write_text(CONFTEST.format(examples=examples))


async def _run(folder: Path) -> dict[str, str]:
    tool = str(Path(sys.executable).parent / "mutmut")
    await _told(folder, tool, "run", "--max-children", "2")
    lines = (await _told(folder, tool, "results", "--all", "true")).splitlines()
    return {name.strip(): outcome.strip() for name, _, outcome in (line.partition(": ") for line in lines) if outcome}


async def _told(folder: Path, *command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"{command[1]} ended with {process.returncode}: {said.decode(errors='replace')[-2_000:]}")
    return said.decode(errors="replace")


Q1 = Bar("Q1", _held, "a module's tests assert nothing", _held_by_nothing, "modules below 90 %")
