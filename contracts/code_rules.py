"""The project's own rules of code (contracts/semgrep), run over the tree; and each over what it must find and must let pass."""

import ast
import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parent.parent
RULES: Final = ROOT / "contracts" / "semgrep"
TOOL: Final = ROOT / ".venv-semgrep" / "bin" / "semgrep"
_FOLDERS: Final = ("app", "contracts", "migrations")


class NotRead(RuntimeError):
    """The tool did not do its work, so nothing is known."""


@dataclass(frozen=True)
class Example:
    """A piece of code that a rule must find, or must let pass, as if it stood at this place in the tree."""

    rule: str
    place: str
    code: str
    is_found: bool


@dataclass(frozen=True)
class Hit:
    rule: str
    place: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.place}:{self.line}: {self.rule}: {self.message}"


def check() -> str | None:
    """What the rules find in the tree, and which of them are blunt."""
    examples = list(_examples(_rules()))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        copied = _copy(root)
        for example in examples:
            _put(root / example.place, example.code)
        hits = _run(root, expected=copied | {example.place for example in examples})
    return "\n".join(findings(hits, examples)) or None


def findings(hits: Iterable[Hit], examples: list[Example]) -> Iterator[str]:
    """The hits in the tree; then the examples that the rules took for what they are not."""
    places = {example.place for example in examples}
    found = Counter((hit.rule, hit.place) for hit in hits)
    yield from sorted({str(hit) for hit in hits if hit.place not in places})
    for example in examples:
        if example.is_found and not found[example.rule, example.place]:
            yield f"{example.rule} does not find what it is for: {example.code}"
        if not example.is_found and found[example.rule, example.place]:
            yield f"{example.rule} finds what it should let pass: {example.code}"


def _rules() -> list[dict[str, Any]]:
    return [rule for file in sorted(RULES.glob("*.yml")) for rule in yaml.safe_load(file.read_text())["rules"]]


def _examples(rules: list[dict[str, Any]]) -> Iterator[Example]:
    for rule in rules:
        about, name = rule["metadata"], rule["id"]
        stem = Path(about["where"])
        for word, is_found in (("finds", True), ("passes", False)):
            if not about[word]:
                raise NotRead(f"{name} has no example that it {word}.")
            for number, code in enumerate(about[word]):
                yield Example(name, str(stem.with_stem(f"{stem.stem}_{name}_{word}_{number}")), code, is_found)


def _copy(folder: Path) -> set[str]:
    """The tree's Python as the tool can read it; which files."""
    names: set[str] = set()
    for file in (file for start in _FOLDERS for file in sorted((ROOT / start).rglob("*.py"))):
        name = str(file.relative_to(ROOT))
        _put(folder / name, readable(file.read_text()))
        names.add(name)
    return names


def _put(file: Path, code: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(code)


def readable(code: str) -> str:
    """The same lines with `match` told as `if`: the tool skips a whole file over a pattern that it does not know."""
    lines = code.splitlines(keepends=True)
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Match):
            _head(lines, node.lineno, node.subject, before=node.cases[0].pattern)
            for case in node.cases:
                _head(lines, case.pattern.lineno, case.guard, before=case.body[0])
    return "".join(lines)


def _head(lines: list[str], line: int, asked: ast.expr | None, *, before: ast.stmt | ast.pattern) -> None:
    """One line that asks instead of the lines from this one to what comes after; what stands on the same line stays."""
    first = lines[line - 1]
    indented = first[: len(first) - len(first.lstrip())]
    rest = first[before.col_offset :] if before.lineno == line else "\n"
    lines[line - 1 : max(line, before.lineno - 1)] = [
        f"{indented}if {ast.unparse(asked) if asked else 'True'}: {rest}",
        *["\n"] * (before.lineno - 1 - line),
    ]


def _run(folder: Path, *, expected: set[str]) -> list[Hit]:
    """Globs of rules are told from the root of a repository, so the folder becomes one.

    Raises:
        NotRead: the tool is not there, or read less than it was given.
    """
    if not TOOL.is_file():
        raise NotRead("semgrep is not set up. Run this as ./dev check, which does that first.")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    options = (
        "--metrics=off",
        "--disable-version-check",
        "--disable-nosem",
        "--no-rewrite-rule-ids",
        "--json",
        "--quiet",
    )
    told = subprocess.run(
        [TOOL, "scan", *options, "--config", RULES, "."], cwd=folder, capture_output=True, text=True, check=False
    )
    try:
        report = json.loads(told.stdout)
    except ValueError:
        raise NotRead(f"semgrep gave no report: {told.stderr.strip()[-500:]}") from None
    troubles = [f"{error.get('path', '')}: {error['message']}" for error in report["errors"]]
    troubles += [f"{name}: not read" for name in sorted(expected - set(report["paths"]["scanned"]))]
    if troubles:
        raise NotRead("\n".join(troubles))
    return [
        Hit(hit["check_id"], hit["path"], hit["start"]["line"], hit["extra"]["message"]) for hit in report["results"]
    ]
