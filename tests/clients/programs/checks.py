"""What each program in Python is given, and how it says of each check whether it held."""

import json
import sys
from pathlib import Path
from typing import Any, Final

GIVEN: Final = json.loads(Path(sys.argv[1]).read_text())
PLANTED: Final = "--planted" in sys.argv
WORK: Final = Path(GIVEN["work"])
_broken: Final[list[str]] = []


def check(sentence: str, holds: bool, detail: object = "") -> bool:  # noqa: FBT001  as an assertion reads
    if not holds:
        _broken.append(sentence)
    print(f"ok {sentence}" if holds else f"BROKEN {sentence}: {str(detail)[:1500]}", flush=True)  # noqa: T201  it is what it is for
    return holds


def equal(sentence: str, found: Any, expected: Any) -> bool:
    return check(sentence, found == expected, f"{found!r} instead of {expected!r}")


def end() -> None:
    sys.exit(1 if _broken else 0)
