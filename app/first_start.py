"""What the first start on the embedded database puts there: the packs, and a key for each pack's trust to try it with."""

import json
from dataclasses import dataclass
from typing import Final

from rich.console import Console

from app.commands.keys import make_key
from app.db.database import Database
from app.domain import ids
from app.domain.roles import Role
from app.domain.trusts import Trust
from app.installation import Installation, write_private
from app.operations.credentials import key_of
from app.pack_loads import load, loader, progress
from app.packs.format import Pack
from app.packs.reading import read_pack

KEYS_FILE: Final = "demo-keys.json"


@dataclass(frozen=True)
class DemoKey:
    pack: str
    trust: str
    key: str
    address: str


async def demonstrate(installation: Installation, database: Database, console: Console) -> list[DemoKey]:
    """Load each pack whose trust is not there yet, and see that there is a working key for each."""
    path = installation.settings.data / KEYS_FILE
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    keys = []
    for folder in sorted(item for item in installation.settings.packs.iterdir() if item.is_dir()):
        if (former := await _still_good(installation, database, folder.name, known.get(folder.name))) is not None:
            keys.append(former)
            continue
        read = read_pack(folder)
        pack = read.pack
        if not await _is_loaded(database, pack, folder.name):
            with progress(console, f"Loading {folder.name}") as advance:
                await load(database, read, advance)
        key = await _new_key(installation, database, pack, folder.name)
        keys.append(DemoKey(folder.name, pack.trust.name, key, "plans" if pack.plans else "frameworks"))
    write_private(path, json.dumps({key.pack: key.key for key in keys}, indent=2) + "\n")
    return keys


async def _still_good(installation: Installation, database: Database, name: str, text: str | None) -> DemoKey | None:
    """The key an earlier start made, if it works: its trust is there then, and the pack need not be read again."""
    key = await key_of(database, installation.pepper, text) if text else None
    if text is None or key is None:
        return None
    async with database.reader(key.actor("cli")) as reader:
        trust = await reader.value("select name from trust where trust_id = $1", key.trust_id)
        has_plans = await reader.value("select exists (select 1 from plan where trust_id = $1)", key.trust_id)
    return DemoKey(name, trust, text, "plans" if has_plans else "frameworks")


async def _is_loaded(database: Database, pack: Pack, name: str) -> bool:
    async with database.begin(loader(pack, name)) as work:
        return await work.find(Trust, ids.trust_id(pack.trust.code)) is not None


async def _new_key(installation: Installation, database: Database, pack: Pack, name: str) -> str:
    values = {"label": "demonstration", "roles": [Role.ADMINISTRATOR]}
    async with database.begin(loader(pack, name)) as work:
        _, text = await make_key(work, values, environment="demo", pepper=installation.pepper)
    return str(text)


def paste(url: str, key: DemoKey) -> str:
    return f'curl -H "Authorization: Bearer {key.key}" {url}/v1/{key.address}'
