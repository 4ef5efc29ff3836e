"""Packs from folders into databases: load one, rehearse it, show how far it is."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from app.db.database import Database
from app.domain import ids
from app.domain.actor import Actor
from app.domain.roles import Role
from app.packs.format import Pack
from app.packs.loading import load_pack
from app.packs.outcome import Loaded, Unloadable
from app.packs.reading import BrokenPack, ReadPack
from app.queries.comparison import Comparison, compared, framework_pages
from app.queries.reading import Moment


def folder_of(packs: Path, named: str) -> Path:
    """A pack by its folder, or by its name in the packs folder."""
    given = Path(named)
    return given if given.is_dir() else packs / named


def loader(pack: Pack, name: str, channel: str = "pack") -> Actor:
    """Who loads a pack: an administrator of its trust, named for the pack."""
    return Actor(ids.trust_id(pack.trust.code), f"pack:{name}", frozenset({Role.ADMINISTRATOR}), channel=channel)


async def load(database: Database, read: ReadPack, advance: Callable[[int, int], None]) -> Loaded:
    """Load a pack, or tell the file and line of the record that the service refuses."""
    try:
        async with database.begin(loader(read.pack, read.name)) as work:
            return await load_pack(work, read.pack, progress=advance)
    except Unloadable as refused:
        raise BrokenPack([read.fault(refused.path, refused.reason)]) from refused


@dataclass(frozen=True)
class Rehearsal:
    """What loading a pack would do, and how each of its frameworks differs from the one in force today."""

    loaded: Loaded
    comparisons: Sequence[Comparison]


async def rehearse(database: Database, read: ReadPack) -> Rehearsal:
    """Load a pack in a transaction that is then undone: every rule is asked, and nothing is kept."""
    try:
        async with database.rehearsal(loader(read.pack, read.name)) as work:
            moment = Moment(work.now)
            before = await framework_pages(work, moment, in_force=True)
            loaded = await load_pack(work, read.pack)
            after = await framework_pages(work, moment, in_force=False)
    except Unloadable as refused:
        raise BrokenPack([read.fault(refused.path, refused.reason)]) from refused
    named = {(shape.code, shape.edition) for shape in read.pack.frameworks}
    pairs = [(one, other) for other in after if (other["code"], other["edition"]) in named for one in before]
    alike = [(one, other) for one, other in pairs if one["code"] == other["code"] and one["id"] != other["id"]]
    return Rehearsal(loaded, [compared(one, other) for one, other in alike])


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
