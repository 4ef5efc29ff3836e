"""`openapi/schema.graphql`: the GraphQL contract, written from the schema itself, and what would break a caller of it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from graphql import GraphQLSchema, build_schema, lexicographic_sort_schema, print_schema
from graphql.utilities.find_schema_changes import BreakingChange, DangerousChange, find_schema_changes

from app.graphql.running import core
from app.graphql.schema import schema
from contracts.breaking import ROOT, committed

NAME: Final = "openapi/schema.graphql"
FILE: Final = ROOT / NAME


@dataclass(frozen=True)
class Changes:
    """What has changed for a caller. `broken` may not be; `notable` a careful caller wants to know of."""

    broken: tuple[str, ...] = ()
    notable: tuple[str, ...] = ()


@cache
def text() -> str:
    """The schema of the code as it stands, in an order that does not depend on how it was made."""
    return text_of(core(schema()))


def text_of(made: GraphQLSchema) -> str:
    return print_schema(lexicographic_sort_schema(made)) + "\n"


def base_text(root: Path = ROOT) -> str | None:
    """The schema that was committed at MILEPOST_CONTRACT_BASE, or None where there was none yet."""
    told = committed(NAME, root)
    return None if told is None else told.decode()


def find_changes(old: str, new: str) -> Changes:
    """What became of a schema. Reading one takes seconds, so two that are equal are not read."""
    if old == new:
        return Changes()
    found = find_schema_changes(build_schema(old), build_schema(new))
    return Changes(
        tuple(sorted(one.description for one in found if isinstance(one, BreakingChange))),
        tuple(sorted(one.description for one in found if isinstance(one, DangerousChange))),
    )


def write() -> None:
    FILE.write_text(text(), encoding="utf-8")


def check() -> str | None:
    """What is wrong with the committed schema, or None."""
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == text():
        return None
    return f"{NAME} is not what the code says. Run `./dev check --fix` and commit the file."
