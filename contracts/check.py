"""`./dev check`: everything that can be said of the tree without running it. Each part runs, whatever became of the others."""

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contracts import advisories, bandit, breaking, code_rules

ROOT: Final = Path(__file__).resolve().parent.parent
TOOLS: Final = Path(sys.executable).parent
# Of a machine on which somebody worked, and of places that packages come from. Neither belongs into the tree.
_PLACES: Final = re.compile(r"(?<![\w./:-])/(?:work|root|farm|mnt|home/[\w.-]+|Users/[\w.-]+|opt/pypi[\w-]*)/[\w.-]")
_REGISTRIES: Final = re.compile(
    r"\b(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|yarnpkg\.com|proxy\.golang\.org)\b"
)
_ADDRESS: Final = re.compile(r"https?://|--(?:extra-)?index-url|--find-links")


@dataclass(frozen=True)
class Part:
    """One check. `run` gives what is wrong, or None; asked to mend, it first makes again what is generated."""

    name: str
    run: Callable[[bool], str | None]


@dataclass(frozen=True)
class Result:
    name: str
    trouble: str | None
    seconds: float

    def __str__(self) -> str:
        line = f"{'failed' if self.trouble else 'ok':<7}{self.name:<31}{self.seconds:6.1f} s"
        return f"{line}\n{self.trouble}" if self.trouble else line


def main() -> int:
    asked = argparse.ArgumentParser(prog="./dev check", description=__doc__)
    asked.add_argument("--fix", action="store_true", help="Format, and make again what is generated.")
    fix = asked.parse_args().fix
    # One after another: FastAPI's document is not safe to make in two threads at once.
    troubled = 0
    for part in PARTS:
        result = _measured(part, fix=fix)
        print(result, flush=True)
        troubled += result.trouble is not None
    print(f"{troubled} of {len(PARTS)} parts failed." if troubled else f"All {len(PARTS)} parts hold.")
    return 1 if troubled else 0


def _measured(part: Part, *, fix: bool) -> Result:
    start = time.monotonic()
    try:
        trouble = part.run(fix)
    except Exception as error:  # noqa: BLE001  a part that cannot run has failed, and the others still run
        trouble = f"{type(error).__name__}: {error}"
    return Result(part.name, trouble, time.monotonic() - start)


def _tool(*command: str) -> str | None:
    told = subprocess.run([TOOLS / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    return None if told.returncode == 0 else (told.stdout + told.stderr).strip()


def _formatted(fix: bool) -> str | None:  # noqa: FBT001  every part is called alike
    return _tool("ruff", "format", *([] if fix else ["--check"]), ".")


def _linted(fix: bool) -> str | None:  # noqa: FBT001  likewise
    return _tool("ruff", "check", "--output-format", "concise", *(["--fix"] if fix else []), ".")


def _openapi_fresh(fix: bool) -> str | None:  # noqa: FBT001  likewise
    from contracts import openapi  # noqa: PLC0415  it imports the application, which may be what is broken

    if fix:
        openapi.write()
    return openapi.check()


def _unbroken(_: bool) -> str | None:  # noqa: FBT001  likewise
    base = breaking.base_document(ROOT)
    if base is None:
        print("        nothing to compare: the base commit has no openapi/openapi.json")
        return None
    from contracts import openapi  # noqa: PLC0415  likewise

    return "\n".join(map(str, breaking.find_breaks(base, openapi.document()))) or None


def _graphql_fresh(fix: bool) -> str | None:  # noqa: FBT001  likewise
    from contracts import sdl  # noqa: PLC0415  likewise

    if fix:
        sdl.write()
    return sdl.check()


def _graphql_unbroken(_: bool) -> str | None:  # noqa: FBT001  likewise
    from contracts import sdl  # noqa: PLC0415  likewise

    base = sdl.base_text(ROOT)
    if base is None:
        print(f"        nothing to compare: the base commit has no {sdl.NAME}")
        return None
    changes = sdl.find_changes(base, sdl.text())
    for sentence in changes.notable:
        print(f"        allowed: {sentence}")
    return "\n".join(changes.broken) or None


def _schema_fresh(fix: bool) -> str | None:  # noqa: FBT001  likewise
    from contracts import schemas  # noqa: PLC0415  likewise

    if fix:
        schemas.write()
    return schemas.check()


def _data_map_fresh(fix: bool) -> str | None:  # noqa: FBT001  likewise
    from contracts import data_map  # noqa: PLC0415  likewise

    if fix:
        data_map.write()
    return data_map.check()


def _roles_fresh(fix: bool) -> str | None:  # noqa: FBT001  likewise
    from contracts import roles  # noqa: PLC0415  likewise

    if fix:
        roles.write()
    return roles.check()


def _sbom_fresh(fix: bool) -> str | None:  # noqa: FBT001  likewise
    from contracts import sbom  # noqa: PLC0415  it takes seconds to import

    if fix:
        sbom.write()
    return sbom.check()


def _locks_without_addresses(_: bool) -> str | None:  # noqa: FBT001  likewise
    found = [f"{place} : a lock names a place packages come from" for place in _lines(_ADDRESS, of="*.lock")]
    if _git("ls-files", "uv.lock"):
        found.append("uv.lock : it is full of addresses; `git rm --cached uv.lock`")
    return "\n".join(found) or None


def _dockerfile_linted(_: bool) -> str | None:  # noqa: FBT001  likewise
    return _tool("hadolint", "Dockerfile") if (ROOT / "Dockerfile").is_file() else None


def _nothing_of_a_machine(_: bool) -> str | None:  # noqa: FBT001  likewise
    found = [f"{place} : a path of one machine" for place in _lines(_PLACES)]
    found += [f"{place} : a host that packages come from" for place in _lines(_REGISTRIES)]
    return "\n".join(found) or None


def _lines(pattern: re.Pattern[str], *, of: str = "*") -> Iterator[str]:
    """Where in the files of the tree the pattern stands; new files count, ignored ones do not."""
    for name in _git("ls-files", "--cached", "--others", "--exclude-standard", "--", of):
        file = ROOT / name
        text = file.read_bytes() if file.is_file() else b""
        if b"\0" not in text[:8000]:
            for number, line in enumerate(text.decode(errors="replace").splitlines(), 1):
                if pattern.search(line):
                    yield f"{name}:{number}"


def _git(*command: str) -> list[str]:
    told = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=True)
    return told.stdout.splitlines()


PARTS: Final = (
    Part("format", _formatted),
    Part("lint", _linted),
    Part("OpenAPI is fresh", _openapi_fresh),
    Part("GraphQL schema is fresh", _graphql_fresh),
    Part("pack schema is fresh", _schema_fresh),
    Part("data map is fresh", _data_map_fresh),
    Part("roles page is fresh", _roles_fresh),
    Part("types", lambda _: _tool("mypy")),
    Part("imports point inward", lambda _: _tool("lint-imports")),
    Part("no breaking change of REST", _unbroken),
    Part("no breaking change of GraphQL", _graphql_unbroken),
    Part("locks hold no address", _locks_without_addresses),
    Part("locks at safe versions", lambda _: advisories.check(ROOT)),
    Part("bill of materials is fresh", _sbom_fresh),
    Part("nothing of a machine", _nothing_of_a_machine),
    Part("bandit", lambda _: bandit.check("app", "contracts", "migrations")),
    Part("own rules of code", lambda _: code_rules.check()),
    Part("Dockerfile", _dockerfile_linted),
)

if __name__ == "__main__":
    sys.exit(main())
