"""The security tables leave nothing out, and whatever they name as proof exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from contracts.check import PARTS
from tests.faults.__main__ import BARS

ROOT = Path(__file__).resolve().parents[2]
TOP_TEN = ROOT / "docs" / "security" / "owasp-api-top-10.md"
ASVS = ROOT / "docs" / "security" / "asvs.md"
# Of ASVS 5.0.0: for each section how many requirements of levels 1 and 2 it begins with. What comes after them is level 3.
SECTIONS = {
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip
LEVEL_1 = {
    "2.1": "1", "2.2": "12", "2.3": "1", "4.1": "1", "4.4": "1", "6.1": "1", "6.2": "12345678", "6.3": "12", "6.4": "12",
    "7.2": "1234", "7.4": "12", "8.1": "1", "8.2": "12", "8.3": "1", "9.1": "123", "9.2": "1", "10.4": "12345", "11.3": "12",
    "11.4": "1", "12.1": "1", "12.2": "12", "13.4": "1", "14.2": "1", "14.3": "1", "15.1": "1", "15.2": "1", "15.3": "1",
}  # fmt: skip
LEVEL_3 = {"8.3.2", "14.2.6", "14.2.7"}
OPEN = ("Not yet", "Does not apply: ", "Partly: ")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_FILE = re.compile(r"`((?:docs|app|openapi)/[\w/.-]+|SECURITY\.md|Dockerfile|\.dockerignore)`")
_BARS = re.compile(r"\b[Bb]ars? ((?:[A-Z]\d+(?:, | and )?)+)")
_PART = re.compile(r"`\./dev check`: ([\w ]+?)(?=[,.;|]| \||$)")


def rows(file: Path) -> dict[str, list[str]]:
    """Each row's cells after the first, by the first."""
    lines = [line.strip("| ").split(" | ") for line in file.read_text().splitlines() if line.startswith("| ")]
    return {cells[0]: cells[1:] for cells in lines if cells[0][-1].isdigit()}


@cache
def functions(name: str) -> frozenset[str]:
    return frozenset(
        node.name
        for node in ast.walk(ast.parse((ROOT / name).read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def proofs(text: str) -> list[tuple[str, bool]]:
    """All that a cell names, and whether it is there."""
    found = [
        (f"{name}::{test}", (ROOT / name).is_file() and test in functions(name)) for name, test in _TEST.findall(text)
    ]
    found += [(name, (ROOT / name).exists()) for name in _FILE.findall(text)]
    bars = {bar.code for bar in BARS}
    found += [(code, code in bars) for several in _BARS.findall(text) for code in re.findall(r"[A-Z]\d+", several)]
    return found + [(part, part in {part.name for part in PARTS}) for part in _PART.findall(text)]


def test_the_top_ten_are_ten_and_each_has_a_test() -> None:
    told = rows(TOP_TEN)

    assert list(told) == [f"API{number}" for number in range(1, 11)]
    assert all(_TEST.search(cells[-1]) for cells in told.values())


def test_every_requirement_of_the_chosen_chapters_has_a_line_with_its_level() -> None:
    levels = {
        f"{section}.{number}": 1 if str(number) in set(LEVEL_1.get(section, "")) else 2
        for section, most in SECTIONS.items()
        for number in range(1, most + 1)
    } | dict.fromkeys(LEVEL_3, 3)

    assert {name: int(cells[0]) for name, cells in rows(ASVS).items()} == levels


def test_every_line_has_a_proof_or_says_that_it_has_none() -> None:
    without = [name for name, cells in rows(ASVS).items() if not proofs(cells[-1]) and not cells[-1].startswith(OPEN)]

    assert without == []


@pytest.mark.parametrize("file", [TOP_TEN, ASVS], ids=["top ten", "asvs"])
def test_whatever_is_named_as_a_proof_exists(file: Path) -> None:
    named = [(name, *proof) for name, cells in rows(file).items() for proof in proofs(cells[-1])]

    assert [(name, proof) for name, proof, is_there in named if not is_there] == []
    assert len(named) > 30


def test_a_proof_that_is_not_there_is_seen() -> None:
    text = (
        "`tests/supply/test_sbom.py::test_of_nothing`, `tests/none.py::test_a`, `docs/none.md`,"
        " bars Z9 and D1, `./dev check`: no such part, `./dev check`: bandit"
    )

    assert proofs(text) == [
        ("tests/supply/test_sbom.py::test_of_nothing", False), ("tests/none.py::test_a", False), ("docs/none.md", False),
        ("Z9", False), ("D1", True), ("no such part", False), ("bandit", True),
    ]  # fmt: skip
