"""bandit over what is shipped and what checks it. Its exceptions stand in pyproject.toml, or with a reason where they are made."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent


def check(*targets: str) -> str | None:
    """What it finds, whatever its weight, and what it could not read."""
    told = subprocess.run(
        [Path(sys.executable).parent / "bandit", "-q", "-r", "-c", ROOT / "pyproject.toml", "-f", "json", *targets],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        report = json.loads(told.stdout)
    except ValueError:
        return f"bandit gave no report: {told.stderr.strip()[-500:]}"
    found = [f"{one['filename']}: {one['reason']}" for one in report["errors"]]
    found += [
        f"{one['filename']}:{one['line_number']}: {one['test_id']} {one['issue_text']}" for one in report["results"]
    ]
    return "\n".join(found) or None
