"""The project's own rules of code, and bandit: what they find is told, and a rule that finds nothing is blunt."""

import ast
from pathlib import Path

import pytest

from contracts import bandit
from contracts.code_rules import Example, Hit, findings, readable

ROOT = Path(__file__).resolve().parents[2]
BAD = Example("own-clock", "app/domain/planted_0.py", "now = datetime.now(UTC)", is_found=True)
GOOD = Example("own-clock", "app/domain/planted_1.py", "now = work.now", is_found=False)
FOUND = Hit("own-clock", BAD.place, 1, "Ask the clock.")


def test_a_rule_that_finds_its_example_and_lets_the_other_pass_says_nothing() -> None:
    assert list(findings([FOUND], [BAD, GOOD])) == []


def test_a_hit_in_the_tree_is_told_with_its_place_once() -> None:
    hit = Hit("own-clock", "app/domain/plans.py", 12, "Ask the clock.")

    assert list(findings([FOUND, hit, hit], [BAD, GOOD])) == ["app/domain/plans.py:12: own-clock: Ask the clock."]


def test_a_rule_that_cannot_fail_is_told() -> None:
    other = Hit("weak-randomness", BAD.place, 1, "It can be guessed.")

    assert list(findings([other], [BAD, GOOD])) == ["own-clock does not find what it is for: now = datetime.now(UTC)"]


def test_a_rule_that_finds_too_much_is_told() -> None:
    too_much = Hit("own-clock", GOOD.place, 1, "Ask the clock.")

    assert list(findings([FOUND, too_much], [BAD, GOOD])) == ["own-clock finds what it should let pass: now = work.now"]


MATCHING = """\
def f(it):
    match it.kind(
        1,
    ):
        case Kind.A | Kind.B if it.fits(2):
            first = 3

            second = 4
        case {"a": [x, *_]}: third = 5
        case (
            One()
            | Two()
        ):
            match x:
                case _:
                    fourth = 6
"""


def test_a_match_is_read_as_questions_on_the_same_lines_with_all_that_is_called() -> None:
    told = readable(MATCHING.replace("(\n            One()\n            | Two()\n        )", "One() | Two()"))

    lines = dict(enumerate(told.splitlines(), 1))
    assert len(lines) == len(told.splitlines())
    assert lines[2].rstrip() == "    if it.kind(1):"
    assert lines[5].rstrip() == "        if it.fits(2):"
    assert (lines[6].strip(), lines[8].strip(), lines[9].rstrip()) == (
        "first = 3",
        "second = 4",
        "        if True: third = 5",
    )
    assert [lines[at].strip() for at in (11, 12, 13)] == ["if x:", "if True:", "fourth = 6"]
    assert not any(isinstance(node, ast.Match) for node in ast.walk(ast.parse(told)))


def test_what_has_no_match_is_read_as_it_stands() -> None:
    code = (ROOT / "contracts" / "locks.py").read_text()

    assert readable(code) == code


@pytest.mark.parametrize(
    ("code", "says"),
    [("key = 1\n", None), ("eval(input())\n", "B307"), ("def f(:\n", "syntax error")],
)
def test_bandit_tells_what_it_finds_and_what_it_cannot_read(tmp_path: Path, code: str, says: str | None) -> None:
    file = tmp_path / "planted.py"
    file.write_text(code)

    told = bandit.check(str(file))

    assert (told is None) if says is None else (told is not None and says in told)
