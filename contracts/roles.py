"""`docs/reference/roles.md`: who may see and do what, written from the tables that the code itself reads."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from app.domain.entity import Entity
from app.domain.permissions import is_seen_in_part, to_follow, to_read, to_see_all
from app.domain.roles import ROLES, Permission, Role
from app.queries.nouns import NOUNS
from contracts.breaking import ROOT

NAME: Final = "docs/reference/roles.md"
FILE: Final = ROOT / NAME
_ABOUT: Final = """# Roles

*Made from `app/domain/roles.py` and `app/domain/permissions.py`, the tables that every door reads: `./dev check --fix` writes
this page anew, and `./dev check` fails where it is not what they say.*

A credential has roles, and what it may do is what any of them may. An API key's scopes narrow that, and its academies narrow
what it is shown and may change; a membership has academies too. How it is decided:
[0013](../decisions/0013-who-may-see-and-do-what.md). The matrix that holds every operation to this: `tests/access`.
"""
_SIGHT: Final = """## Who is shown what

`all`: every record of the academies in sight, and of the trust. `part`: some of them, as said below. Empty: none, and asking is
refused (403). What is out of sight is told like what is not there (404). Kinds with equal rows stand together.
"""
_EVENTS: Final = """## Who is told what happened

Events and histories take `read_events`, and of each kind what it takes to read it and to see all of it; of observations
`review_academies` too. Who lacks any of that is told of the other kinds alone. What was on a day (`asOf`, `asKnownAt`) takes
`read_events` too, and of a kind that is seen in part shows that part.
"""
_GRADES: Final = """
A lesson's progress judgement is told to whoever may `review_academies` and to whoever recorded it; to everybody else it is empty.
They are told what is counted of judgements in terms that are over, each whole, where others than they recorded none or enough
of what counts and of the rest. They change and withdraw what they recorded themselves, and nobody else's.
"""
_PART: Final[Mapping[str, str]] = {
    "assurance-reviews": "reviews that are signed off",
    "assurance-ratings": "ratings of reviews that are signed off",
    "observations": "what they recorded themselves: a person, or a key and the other keys of its integration",
    "reading-batches": "batches that they, or another key of the integration, recorded",
    "readings": "readings that came in such batches",
}
"""The conditions of `app/db/sights.py`, in words."""


def text() -> str:
    return "\n".join(
        (
            _ABOUT,
            *_roles(),
            "",
            *_permissions(),
            "",
            _SIGHT,
            *_sights(),
            "",
            *_parts(),
            _GRADES,
            _EVENTS,
            *_followed(),
            "",
        )
    )


def write() -> None:
    FILE.write_text(text(), encoding="utf-8")


def check() -> str | None:
    """What is wrong with the committed page, or None."""
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == text():
        return None
    return f"{NAME} is not what the code says. Run `./dev check --fix` and commit the file."


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _table(first: str, others: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    names = (first, *others)
    yield _row(names)
    yield _row("---" for _ in names)
    yield from map(_row, rows)


def _roles() -> Iterator[str]:
    yield "## Roles\n"
    rows = ((f"`{role}`", duty.doc, "a machine" if duty.is_machine else "") for role, duty in ROLES.items())
    yield from _table("Role", ("What it is for", "Meant for"), rows)


def _permissions() -> Iterator[str]:
    yield "## What each may do\n"
    rows = ((f"`{one}`", *("x" if one in ROLES[role].may else "" for role in Role)) for one in Permission)
    yield from _table("Permission", (f"`{role}`" for role in Role), rows)


def _sights() -> Iterator[str]:
    kinds: dict[tuple[str, ...], list[str]] = {}
    for plural, noun in NOUNS.items():
        kinds.setdefault(tuple(_sight(role, noun.entity) for role in Role), []).append(plural)
    rows = ((", ".join(f"`{plural}`" for plural in plurals), *cells) for cells, plurals in kinds.items())
    yield from _table("Kinds of record", (f"`{role}`" for role in Role), rows)


def _sight(role: Role, kind: type[Entity]) -> str:
    may = ROLES[role].may
    if to_read(kind) not in may:
        return ""
    return "part" if is_seen_in_part(kind) and to_see_all(kind) not in may else "all"


def _parts() -> Iterator[str]:
    seen_in_part = {plural for plural, noun in NOUNS.items() if is_seen_in_part(noun.entity)}
    if seen_in_part != set(_PART):
        raise LookupError(f"say in words what is seen of {', '.join(sorted(seen_in_part ^ set(_PART)))}")
    yield from _table(
        "Kind", ("Whoever is shown a part of them sees",), ((f"`{one}`", told) for one, told in _PART.items())
    )


def _followed() -> Iterator[str]:
    kinds: dict[frozenset[Permission], list[str]] = {}
    for plural, noun in NOUNS.items():
        kinds.setdefault(to_follow(noun.entity), []).append(plural)
    rows = (
        (
            ", ".join(f"`{permission}`" for permission in sorted(needed)),
            ", ".join(f"`{plural}`" for plural in plurals),
            ", ".join(f"`{role}`" for role in _told(needed)),
        )
        for needed, plurals in kinds.items()
    )
    yield from _table("It takes `read_events` and", ("Kinds", "Who has all"), rows)


def _told(needed: frozenset[Permission]) -> Iterator[Role]:
    return (role for role in Role if needed | {Permission.READ_EVENTS} <= ROLES[role].may)
