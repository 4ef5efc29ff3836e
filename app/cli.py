"""The command line: serve, migrate, load, export, demo, keys, verify, openapi."""

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import asyncpg
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from app import telling
from app.api.openapi import document_text
from app.commands.keys import make_key, revoke_key
from app.config import Settings
from app.data_protection import retention, subject_app
from app.db.checks import UnsafeDatabase
from app.db.database import Database, is_outage
from app.db.embedded import EmbeddedPostgresError
from app.db.unit_of_work import UnitOfWork
from app.db.verification import Head, Verdict, verify, verify_all
from app.demo.trust import SEED, demo_pack
from app.domain import ids
from app.domain.academies import Academy
from app.domain.errors import Refusal
from app.domain.keys import ApiKey, KeyText
from app.domain.roles import Permission, Role
from app.identity.configuration import Misconfigured
from app.installation import Installation, Unavailable, in_trust, installed, on_database
from app.main import create_app
from app.pack_loads import folder_of, load, progress, rehearse
from app.packs.exporting import Exported, export_pack
from app.packs.reading import BrokenPack, read_pack
from app.packs.writing import write_pack
from app.serving import serve as serve_until_told

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Milepost: school improvement, recorded once and explained.",
)
keys = typer.Typer(no_args_is_help=True, help="API keys of a trust.")
app.add_typer(keys, name="keys")
app.add_typer(subject_app, name="subject")
app.command()(retention)
console = Console()
problems = Console(stderr=True, highlight=False, soft_wrap=True)

REFUSED_LOGINS: Final = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
)
TrustCode = Annotated[str, typer.Option("--trust", help="Code of the trust, such as kestrel.")]


@app.command()
def serve() -> None:
    """Serve the API. Without MILEPOST_DATABASE_URL: on the embedded PostgreSQL, with the packs loaded."""
    serve_until_told(Settings(), console)


@app.command()
def migrate() -> None:
    """Bring the database to the schema this version needs."""
    with installed(Settings()) as installation:
        asyncio.run(installation.bring_up_to_date())
    console.print("The database is up to date.")


@app.command(name="load")
def load_packs(
    packs: Annotated[list[str], typer.Argument(help="Folders of packs, or names in the packs folder.")],
    *,
    check: Annotated[bool, typer.Option("--check", help="Tell what would come of it, and load nothing.")] = False,
) -> None:
    """Load packs into their trusts. Every fault of a broken pack is told at once, and nothing of any of them is loaded."""
    settings = Settings()
    read = [read_pack(folder_of(settings.packs, named)) for named in packs]

    async def run(database: Database) -> None:
        for one in read:
            if check:
                telling.rehearsed(console, one.name, await rehearse(database, one))
                continue
            with progress(console, f"Loading {one.name}") as advance:
                loaded = await load(database, one, advance)
            telling.loaded(console, one.name, loaded)

    on_database(settings, run)


@app.command()
def export(
    trust: Annotated[str, typer.Argument(help="Code of the trust, such as kestrel.")],
    to: Annotated[Path, typer.Option(help="The folder to write the pack to; it is made, and must be empty.")],
    *,
    sensitive: Annotated[
        bool,
        typer.Option("--sensitive", help="With observations and head teachers' reports; it is noted who read them."),
    ] = False,
) -> None:
    """Write a trust back as a pack that loads equal."""
    _require_empty(to)

    async def run(work: UnitOfWork, _: Installation) -> Exported:
        return await export_pack(work, sensitive=sensitive)

    exported = in_trust(Settings(), trust, run)
    for path in write_pack(exported.pack, to):
        console.print(f"Wrote {path}")
    telling.left_out(console, exported.left_out)


@app.command()
def demo(
    to: Annotated[Path, typer.Option(help="The folder to write the pack to; it is made, and must be empty.")],
    scale: Annotated[int, typer.Option(help="How many academies, 1 to 1,000.")] = 12,
    seed: Annotated[int, typer.Option(help="The same seed makes the same trust.")] = SEED,
) -> None:
    """Make a fictional trust as a pack: for trying out, and for measuring at any size."""
    _require_empty(to)
    for path in write_pack(demo_pack(seed=seed, academies=scale), to):
        console.print(f"Wrote {path}")


@keys.command("create")
def create_key(
    trust: TrustCode,
    role: Annotated[list[Role], typer.Option("--role", help="May be given more than once.")],
    label: Annotated[str, typer.Option(help="What the key is for.")],
    scope: Annotated[list[Permission] | None, typer.Option("--scope", help="Narrows what the roles allow.")] = None,
    academy: Annotated[
        list[str] | None, typer.Option("--academy", help="Code of an academy it sees; default: all.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=400, help="How long it works.")] = 365,
) -> None:
    """Make a key and show it, this once."""

    async def run(work: UnitOfWork, installation: Installation) -> KeyText:
        values = {"label": label, "roles": role, "scopes": scope, "expires_on": work.today + timedelta(days=days)}
        academy_ids = await _academies(work, academy) if academy else None
        _, text = await make_key(
            work,
            {**values, "academy_ids": academy_ids},
            environment=installation.settings.environment,
            pepper=installation.pepper,
        )
        return text

    print(in_trust(Settings(), trust, run))  # noqa: T201  alone on its line, for scripts


@keys.command("list")
def list_keys(trust: TrustCode) -> None:
    """List a trust's keys. Secrets are not kept, so none is shown."""

    async def run(work: UnitOfWork, _: Installation) -> list[ApiKey]:
        return await work.where(ApiKey)

    table = Table("code", "label", "roles", "last day", "revoked")
    for key in in_trust(Settings(), trust, run):
        revoked = f"{key.revoked_at:%Y-%m-%d}" if key.revoked_at else ""
        table.add_row(key.code, key.label, ", ".join(key.roles), str(key.expires_on), revoked)
    console.print(table)


@keys.command("revoke")
def revoke(trust: TrustCode, code: Annotated[str, typer.Argument(help="The key's code, or the key itself.")]) -> None:
    """Revoke a key. It stops at its next request."""
    wanted = code.split("_")[3] if code.count("_") == 4 else code  # noqa: PLR2004  the fourth part of a whole key

    async def run(work: UnitOfWork, _: Installation) -> None:
        found = await work.where(ApiKey, code=wanted)
        if not found:
            raise Unavailable(f"The trust has no key with the code {wanted}. `milepost keys list` shows those it has.")
        await revoke_key(work, found[0].id, version=None)

    in_trust(Settings(), trust, run)
    console.print(f"Revoked {wanted}.")


@app.command(name="verify")
def verify_log(
    trust: Annotated[str | None, typer.Option(help="Only the trust with this code.")] = None,
    save: Annotated[
        Path | None, typer.Option(help="Write the heads of the logs to this file; keep it elsewhere.")
    ] = None,
    against: Annotated[Path | None, typer.Option(help="Check against heads saved before.")] = None,
) -> None:
    """Prove the event log: exit 0 if it is whole, else name the first bad row and exit 1."""
    noted = _heads(against) if against else {}

    async def run(dsn: str) -> list[Verdict]:
        connection = await asyncpg.connect(dsn, server_settings={"search_path": "app, public"})
        try:
            if trust is None:
                return await verify_all(connection, noted=noted)
            trust_id = ids.trust_id(trust)
            return [await verify(connection, trust_id, noted=noted.get(trust_id))]
        finally:
            await connection.close()

    with installed(Settings()) as installation:
        verdicts = asyncio.run(run(installation.ops_dsn))
    for verdict in verdicts:
        _tell(verdict)
    if trust is not None and verdicts[0].head.position == 0 and verdicts[0].fault is None:
        raise Unavailable(f"There is no trust with the code {trust}: nothing was verified.")
    if save:
        heads = {str(one.trust_id): {"position": one.head.position, "hash": one.head.hash.hex()} for one in verdicts}
        save.write_text(json.dumps(heads, indent=2) + "\n")
    if any(verdict.fault for verdict in verdicts):
        raise typer.Exit(1)


@app.command()
def openapi(
    out: Annotated[Path | None, typer.Option(help="Write it to this file instead of the standard output.")] = None,
) -> None:
    """Print the OpenAPI document of this version."""
    text = document_text(create_app(Database("postgresql://"), Settings(), pepper=b""))
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text)


def main() -> None:
    """The command line, with every expected failure as one sentence."""
    try:
        app()
    except BrokenPack as error:
        problems.print(f"{len(error.faults)} fault(s); nothing was loaded.")
        for fault in error.faults:
            problems.print(str(fault), markup=False)
        sys.exit(1)
    except ValidationError as error:
        for setting in error.errors(include_input=False, include_url=False):
            problems.print(_in_words(setting["loc"], setting["msg"]), markup=False)
        sys.exit(2)
    except (Unavailable, UnsafeDatabase, EmbeddedPostgresError, Misconfigured, Refusal) as error:
        problems.print(str(error), markup=False)
        sys.exit(1)
    except REFUSED_LOGINS as error:
        problems.print(
            f"The database does not take this login: {error}. Check its address in the settings.", markup=False
        )
        sys.exit(1)
    except Exception as error:
        if not is_outage(error):
            raise
        problems.print(f"The database cannot be reached: {error}", markup=False)
        sys.exit(1)


def _require_empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Unavailable(f"The folder {folder} is not empty. Name one that is, or that is not there yet.")


def _tell(verdict: Verdict) -> None:
    if verdict.fault is None:
        console.print(
            f"{verdict.trust_id}: {verdict.head.position} events, whole. Head {verdict.head.hash.hex()}", soft_wrap=True
        )
    else:
        where = f"at position {verdict.position}: " if verdict.position is not None else ""
        problems.print(f"{verdict.trust_id}: {where}{verdict.fault}", markup=False)


async def _academies(work: UnitOfWork, codes: list[str]) -> list[UUID]:
    known = {one.code: one.id for one in await work.where(Academy)}
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise Unavailable(f"The trust has no academy with the code {unknown[0]}. It has: {', '.join(sorted(known))}.")
    return [known[code] for code in codes]


def _in_words(place: tuple[int | str, ...], message: str) -> str:
    """A fault of the settings, under the setting's own name."""
    name = "_".join(map(str, place)).upper()
    return f"MILEPOST_{name}: {message}" if name else message.removeprefix("Value error, ")


def _heads(path: Path) -> dict[UUID, Head]:
    return {
        UUID(trust): Head(one["position"], bytes.fromhex(one["hash"]))
        for trust, one in json.loads(path.read_text()).items()
    }


if __name__ == "__main__":
    main()
