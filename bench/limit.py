"""The limit: pgbench sends the page's own SQL in the same transaction, and throws the answer away."""

import os
import re
import subprocess
import tempfile
from datetime import date

from app.db.database import SETTINGS
from app.db.selection import one, tree
from app.queries.plans import PLANS
from bench.ground import Ground, pgbench


def script(ground: Ground) -> str:
    """Three round trips as in the service: the opening, the page, the end.

    pgbench has no null to bind, so $3 stands as `null`; and it would take the colons of a time format for variables.
    """
    sql = one(tree(PLANS)).replace("HH24:MI:SS", 'HH24":"MI":"SS')
    for argument, word in (("$1", ":trust"), ("$2", ":today"), ("$3", "null"), ("$4", ":plan")):
        sql = sql.replace(argument, word)
    return f"""\\startpipeline
begin read only;
set local app.trust_id = '{ground.trust_id}';
set local app.actor = 'pgbench';
\\endpipeline
{sql};
rollback;
"""


def run(ground: Ground, sql: str, today: date, seconds: float, connections: int) -> tuple[int, float]:
    """How many pages were built, and in how many seconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(sql)
        file.flush()
        return _run(ground, file.name, today, seconds, connections)


def _run(ground: Ground, path: str, today: date, seconds: float, connections: int) -> tuple[int, float]:
    command = [pgbench(), "-h", os.fspath(ground.socket_dir), "-U", "milepost_app", "-n", "-M", "prepared"]
    command += ["-c", str(connections), "-T", str(max(1, round(seconds))), "-f", path]
    command += ["-D", f"trust={ground.trust_id}", "-D", f"today={today}", "-D", f"plan={ground.plan_id}", "milepost"]
    settings = " ".join(f"-c {name}={value.replace(' ', '')}" for name, value in SETTINGS.items())
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PGOPTIONS": settings}
    )
    pages = re.search(r"actually processed: (\d+)", done.stdout)
    rate = re.search(r"tps = ([\d.]+) ", done.stdout)
    failed = re.search(r"failed transactions: 0 ", done.stdout)
    if done.returncode or not pages or not rate or not failed:
        raise RuntimeError(f"pgbench failed: {done.stderr or done.stdout}")
    return int(pages[1]), int(pages[1]) / float(rate[1])
