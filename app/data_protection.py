"""The commands of data protection: what is held of somebody, erasing it, and erasing what is past its time."""

import asyncio
import json
import tomllib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

import typer
from rich.console import Console

from app.commands.erasure import MOST, apply_rest, count_past_time, erase_past_time, erase_subject, keep_of
from app.config import Settings
from app.db.database import Database
from app.domain.actor import Actor
from app.domain.errors import Refusal
from app.domain.ids import trust_id
from app.domain.retention import Schedule
from app.domain.roles import Role
from app.domain.subjects import Subject
from app.domain.trusts import Trust
from app.installation import Installation, Unavailable, installed, write_private
from app.queries.reading import Reads
from app.queries.subject_access import export_subject, find_key, find_member, find_person

T = TypeVar("T")
Counts = Mapping[str, int]

subject_app: Final = typer.Typer(no_args_is_help=True, help="What is held of a person: tell it, erase it.")
_console: Final = Console()
TrustCode = Annotated[str, typer.Option("--trust", help="Code of the trust, such as kestrel.")]
PersonCode = Annotated[str | None, typer.Option("--person", help="The code that the trust's documents have for them.")]
MemberId = Annotated[UUID | None, typer.Option("--member", help="The id of their membership.")]
KeyCode = Annotated[str | None, typer.Option("--key", help="The code of a key they held.")]
Mentions = Annotated[
    list[str] | None,
    typer.Option("--mentions", help="A text that names them, to look for. May be given more than once."),
]
Apply = Annotated[bool, typer.Option("--apply", help="Do it. Without it, it is only told what would be done.")]


@subject_app.command("export")
def export(
    trust: TrustCode,
    to: Annotated[Path, typer.Option("--to", help="The file to write; only its owner may read it.")],
    person: PersonCode = None,
    member: MemberId = None,
    key: KeyCode = None,
    mentions: Mentions = None,
) -> None:
    """Write everything that is held of a person to a file, as JSON. What is sensitive in it is noted as read."""

    async def run(database: Database, actor: Actor) -> dict[str, Any]:
        async with database.reader(actor, noting="subject access export") as reader:
            return await export_subject(reader, await _subject(reader, person, member, key, mentions or ()))

    held = _in_trust(trust, run, as_operations=False)
    write_private(to, json.dumps(held, indent=2, ensure_ascii=False) + "\n")
    for noun, rows in sorted(held["records"].items()):
        _console.print(f"{noun}: {len(rows)}")
    _console.print(f"events: {len(held['events'])}, notes of sensitive reads: {len(held['sensitiveReads'])}")
    _console.print(f"Wrote {to}")


@subject_app.command("erase")
def erase(
    trust: TrustCode,
    person: PersonCode = None,
    member: MemberId = None,
    key: KeyCode = None,
    mentions: Mentions = None,
    *,
    apply: Apply = False,
) -> None:
    """Erase the personal text held of a person, and say what stays and why. Without --apply nothing is changed.

    Texts of other records are erased where --mentions says what names the person, whole words only.
    """

    async def run(database: Database, actor: Actor) -> tuple[Counts, Counts]:
        async with database.begin(actor) if apply else database.rehearsal(actor) as work:
            known = await _subject(work, person, member, key, mentions or ())
            subject = replace(known, mentions=tuple(mentions or ()))
            return await erase_subject(work, subject), await keep_of(work, subject)

    erased, kept = _in_trust(trust, run, as_operations=True)
    _tell("Erased" if apply else "Would erase", erased)
    _tell("Stays", kept)


def retention(trust: TrustCode, *, apply: Apply = False) -> None:
    """Erase texts that are past their time, by MILEPOST_RETENTION. Without --apply it is only told how many."""
    schedule = schedule_of(Settings().retention)

    counts = _in_trust(
        trust, lambda database, actor: keep_schedule(database, actor, schedule, apply=apply), as_operations=True
    )
    _tell("Erased" if apply else "Would erase", counts)


async def keep_schedule(database: Database, actor: Actor, schedule: Schedule, *, apply: bool) -> Counts:
    """What is past its time is erased in transactions of a size, so that nobody waits long; otherwise it is counted."""
    if not apply:
        async with database.rehearsal(actor) as work:
            return await count_past_time(work, schedule) + await apply_rest(work, schedule)
    counts: Counter[str] = Counter()
    for rule in schedule.rules:
        found = MOST
        while found == MOST:
            async with database.begin(actor) as work:
                found = await erase_past_time(work, rule)
            counts[rule.kind.noun().replace("_", " ")] += found
    async with database.begin(actor) as work:
        return +(counts + await apply_rest(work, schedule))


def schedule_of(path: Path) -> Schedule:
    try:
        return Schedule.read(tomllib.loads(path.read_text()))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise Unavailable(f"MILEPOST_RETENTION: {path} cannot be read: {error}") from None
    except Refusal as refusal:
        raise Unavailable(f"MILEPOST_RETENTION: {refusal.sentence}") from None


async def _subject(
    reads: Reads, person: str | None, member: UUID | None, key: str | None, mentions: list[str] | tuple[str, ...]
) -> Subject:
    if sum(one is not None for one in (person, member, key)) != 1:
        raise Unavailable("Say who it is about: one of --person, --member and --key.")
    if person is not None:
        return await find_person(reads, person, *mentions)
    if member is not None:
        return await find_member(reads, member, *mentions)
    assert key is not None
    return await find_key(reads, key, *mentions)


def _in_trust(code: str, run: Callable[[Database, Actor], Awaitable[T]], *, as_operations: bool) -> T:
    """Run something for a trust: erasing as the operations role, which alone may, all else as the application."""
    actor = Actor(trust_id(code), "cli", frozenset({Role.ADMINISTRATOR}), channel="cli")

    async def whole(installation: Installation) -> T:
        if installation.postgres is not None:
            await installation.bring_up_to_date()
        database = Database(installation.ops_dsn if as_operations else installation.app_dsn, pool_size=2)
        await database.open()
        try:
            async with database.begin(actor) as work:
                if await work.find(Trust, actor.trust_id) is None:
                    raise Unavailable(f"There is no trust with the code {code}. `milepost load` makes one from a pack.")
            return await run(database, actor)
        finally:
            await database.close()

    with installed(Settings()) as installation:
        return asyncio.run(whole(installation))


def _tell(what: str, counts: Counts) -> None:
    for name, count in sorted(counts.items()):
        _console.print(f"{what}: {count} {name}", soft_wrap=True)
    if not counts:
        _console.print(f"{what}: nothing")
