"""`./dev clients`: real third-party clients against the running service, each a second time with a defect planted."""

import argparse
import asyncio
import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.clients.client import HERE, Client, holds, say
from tests.clients.ground import lay, service

CLIENTS: Final = (
    Client("graphql-http", "audit.mjs", 61, "answers of the older media type", "application/graphql-response+json"),
    Client("relay-compiler", "relay.mjs", 14, "a schema without pageInfo", "compile against the schema"),
    Client("graphql-ws", "websocket.mjs", 10, "a reader that resumes one too early", "missed and nothing repeated"),
    Client("graphql-sse", "sse.mjs", 9, "a key that sees both academies", "told nothing of the other academy"),
    Client("ariadne-codegen", "over_graphql.py", 9, "a schema where a label is a number", "reads milestones"),
    Client("openapi-typescript", "typed_rest.mjs", 5, "a document that asks for one field more", "tsc"),
    Client("redocly", "lint.mjs", 2, "a reference to nothing", "no error"),
    Client("openapi-python-client", "over_rest.py", 5, "answers without a required field", "reads a milestone"),
)


def main() -> int:
    chosen = _chosen()
    began = time.monotonic()
    if trouble := _set_up():
        say(trouble)
        return 1
    say(f"set up in {time.monotonic() - began:.1f} s")
    with _folders() as (folder, work):
        held = asyncio.run(_run(chosen, folder, work))
    say(f"{sum(held)} of {len(chosen)} clients held, with their teeth seen, in {time.monotonic() - began:.0f} s")
    return 0 if all(held) else 1


def _chosen() -> list[Client]:
    names = [client.name for client in CLIENTS]
    parser = argparse.ArgumentParser(prog="./dev clients", description=__doc__)
    parser.add_argument("--only", type=lambda text: text.split(","), default=names, help=",".join(names))
    only = parser.parse_args().only
    if unknown := set(only) - set(names):
        parser.error(f"there is no client {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return [client for client in CLIENTS if client.name in only]


def _set_up() -> str | None:
    """The clients of package-lock.json in place, made again only when it changed. What is missing, if they cannot be."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return "./dev clients needs Node 20 or later, with npm."
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").split(".")[0]) < 20:
        return f"./dev clients needs Node 20 or later; this is {version}."
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    stamp = HERE / "node_modules" / f".stamp-{lock}"
    if stamp.exists():
        return None
    told = subprocess.run(
        [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode != 0:
        return f"npm ci failed:\n{told.stdout}{told.stderr}"
    stamp.touch()
    return None


async def _run(chosen: list[Client], folder: Path, work: Path) -> list[bool]:
    async with service(folder) as served:
        given = await lay(served, work)
        return [await holds(client, given) for client in chosen]


@contextmanager
def _folders() -> Iterator[tuple[Path, Path]]:
    """One for the service, and one for what is generated: beside node_modules, so that it finds them."""
    generated = HERE / ".work"
    generated.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="milepost-clients-", ignore_cleanup_errors=True) as folder,
        tempfile.TemporaryDirectory(dir=generated, ignore_cleanup_errors=True) as work,
    ):
        Path(folder).chmod(0o755)
        yield Path(folder), Path(work)


if __name__ == "__main__":
    sys.exit(main())
