"""The figures as a page shows them: a table of what was measured and one of what it is held to, for each question."""

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from bench.questions import Question
from bench.rounds import Result

DOCUMENT: Final = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
_START, _END = "<!-- figures: ./dev bench --save -->", "<!-- end of figures -->"


def conditions(version: str, rounds: int, seconds: float) -> str:
    today = date.today()  # noqa: DTZ011  the reader's own day
    return (
        f"{today:%-d %B %Y}: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, PostgreSQL {version.split(maxsplit=1)[0]}; {rounds} rounds of {seconds:g} s."
    )


def figures(question: Question, results: Mapping[str, Result]) -> str:
    return "\n\n".join((f"### {question.title}", question.about, _measured(results), _held(question, results)))


def _measured(results: Mapping[str, Result]) -> str:
    rows = [
        (
            result.name,
            _number(result.rate),
            f"{result.server_ms:.2f}" if result.server_ms else "-",
            f"{result.postgres_ms:.2f}",
        )
        for result in results.values()
    ]
    return _table(("", "requests/s", "server CPU ms", "PostgreSQL CPU ms"), rows)


def _held(question: Question, results: Mapping[str, Result]) -> str:
    rows = []
    for gate in question.gates:
        ratio = gate.ratio(results)
        rows.append(
            (
                f"{gate.ours} : {gate.base}",
                _number(ratio.rate),
                f"{_number(ratio.lowest_rate)}-{_number(ratio.highest_rate)}",
                f"{gate.rate:g}",
                f"{ratio.processor:.3f}",
                f"{gate.processor:g}",
            )
        )
    return _table(("", "requests/s, ratio", "lowest-highest", "at least", "CPU, ratio", "at most"), rows)


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 3 else f"{value:.2f}"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *rows))


def save(text: str) -> None:
    """Write the figures between the markers of the page."""
    before, _, rest = DOCUMENT.read_text().partition(_START)
    _, _, after = rest.partition(_END)
    DOCUMENT.write_text(f"{before}{_START}\n\n{text}\n\n{_END}{after}")
