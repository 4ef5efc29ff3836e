"""What the first start on the embedded database puts there: the packs, and a demo key for each pack's trust."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from app.api.credentials import key_of
from app.commands.keys import make_key
from app.db.database import Database
from app.domain import ids
from app.domain.actor import Actor, Role
from app.domain.trusts import Trust
from app.installation import Installation, write_private
from app.packs.format import Pack
from app.packs.loading import Loaded, load_pack
from app.packs.reading import read_pack

KEYS_FILE: Final = "demo-keys.json"


@dataclass(frozen=True)
class DemoKey:
    pack: str
    trust: str
    key: str


def loader(pack: Pack, name: str, channel: str = "pack") -> Actor:
    """Who loads a pack: an administrator of its trust, named for the pack."""
    return Actor(ids.trust_id(pack.trust.code), f"pack:{name}", frozenset({Role.ADMINISTRATOR}), channel=channel)


async def demonstrate(installation: Installation, database: Database, console: Console) -> list[DemoKey]:
    """Load each pack whose trust is not there yet, and see that there is a working key for each."""
    path = installation.settings.data / KEYS_FILE
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    keys = []
    for folder in sorted(item for item in installation.settings.packs.iterdir() if item.is_dir()):
        pack = read_pack(folder).pack
        if not await _is_loaded(database, pack, folder.name):
            with progress(console, f"Loading {folder.name}") as advance:
                await load(database, pack, folder.name, advance)
        key = known.get(folder.name)
        if key is None or await key_of(database, installation.pepper, key) is None:
            key = await _new_key(installation, database, pack, folder.name)
        keys.append(DemoKey(folder.name, pack.trust.name, key))
    write_private(path, json.dumps({key.pack: key.key for key in keys}, indent=2) + "\n")
    return keys


async def load(database: Database, pack: Pack, name: str, advance: Callable[[int, int], None]) -> Loaded:
    async with database.begin(loader(pack, name)) as work:
        return await load_pack(work, pack, progress=advance)


@contextmanager
def progress(console: Console, label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, one line when done elsewhere."""
    if not console.is_terminal:
        yield lambda _done, _all: None
        console.print(f"{label}: done")
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("records"))
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, all_: bar.update(task, completed=done, total=all_)


async def _is_loaded(database: Database, pack: Pack, name: str) -> bool:
    async with database.begin(loader(pack, name)) as work:
        return await work.find(Trust, ids.trust_id(pack.trust.code)) is not None


async def _new_key(installation: Installation, database: Database, pack: Pack, name: str) -> str:
    values = {"label": "demonstration", "roles": [Role.ADMINISTRATOR]}
    async with database.begin(loader(pack, name)) as work:
        _, text = await make_key(work, values, environment="demo", pepper=installation.pepper)
    return str(text)


def paste(url: str, key: DemoKey) -> str:
    return f'curl -H "Authorization: Bearer {key.key}" {url}/v1/plans'


def folder_of(packs: Path, named: str) -> Path:
    """A pack by its folder, or by its name in the packs folder."""
    given = Path(named)
    return given if given.is_dir() else packs / named
