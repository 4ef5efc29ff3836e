"""The limit: pgbench sends the SQL that our service sent, in the same transaction, and throws the answer away."""

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.db.database import READING
from app.db.opening import opening
from app.domain.actor import Actor
from app.domain.roles import Role
from bench.ground import Ground, pgbench
from bench.statements import Statement


@dataclass(frozen=True)
class Script:
    """What pgbench reads, and the variables it binds."""

    text: str
    variables: Mapping[str, str]


def script(trust_id: UUID, statements: Sequence[Statement]) -> Script:
    """The round trips of the service: the opening, each statement, the end."""
    variables: dict[str, str] = {}
    lines = [_bound(statement, f"s{number}_", variables) for number, statement in enumerate(statements)]
    reader = Actor(trust_id, "pgbench", frozenset({Role.ADMINISTRATOR}))
    text = "\n".join(
        (
            "\\startpipeline",
            *(f"{words};" for words in opening(reader, noting=None).split("; ")),
            "\\endpipeline",
            *(f"{words};" for words in (*lines, "rollback")),
        )
    )
    return Script(text + "\n", variables)


def _bound(statement: Statement, prefix: str, variables: dict[str, str]) -> str:
    """The SQL with variables of pgbench for its arguments.

    pgbench has no null to bind, so that stands in the text; and it would take the colons of a time format for variables.
    """

    def spelt(found: re.Match[str]) -> str:
        argument = statement.arguments[int(found[1]) - 1]
        if argument is None:
            return "null"
        variables[f"{prefix}{found[1]}"] = _text(argument)
        return f":{prefix}{found[1]}"

    sql = statement.sql.replace("HH24:MI:SS", 'HH24":"MI":"SS')
    return re.sub(r"\$(\d+)", spelt, sql)


def _text(argument: object) -> str:
    if isinstance(argument, (list, tuple)):
        return "{" + ",".join(map(_text, argument)) + "}"
    return str(argument)


def run(
    ground: Ground,
    sent: Script,
    seconds: float,
    connections: int,
    *,
    user: str = "milepost_app",
    database: str = "milepost",
) -> tuple[int, float]:
    """How many answers were built, and in how many seconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(sent.text)
        file.flush()
        options = ["-U", user, "-c", str(connections), "-T", str(max(1, round(seconds))), "-f", file.name]
        return _run(ground, options, database, sent.variables)


def _run(ground: Ground, options: Sequence[str], database: str, variables: Mapping[str, str]) -> tuple[int, float]:
    command = [pgbench(), "-h", os.fspath(ground.socket_dir), "-n", "-M", "prepared", *options]
    for name, value in variables.items():
        command += ["-D", f"{name}={value}"]
    settings = " ".join(f"-c {name}={value.replace(' ', '')}" for name, value in READING.items())
    done = subprocess.run(
        [*command, database], capture_output=True, text=True, check=False, env={**os.environ, "PGOPTIONS": settings}
    )
    answers = re.search(r"actually processed: (\d+)", done.stdout)
    rate = re.search(r"tps = ([\d.]+) ", done.stdout)
    failed = re.search(r"failed transactions: 0 ", done.stdout)
    if done.returncode or not answers or not rate or not failed:
        raise RuntimeError(f"pgbench failed: {done.stderr or done.stdout}")
    return int(answers[1]), int(answers[1]) / float(rate[1])
