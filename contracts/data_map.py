"""The data map and the inventory of the impact assessment, made from the columns' classes, the roles and the retention."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from app.config import Settings
from app.db.noun import Noun
from app.domain.data_classes import DataClass, class_of, columns_in
from app.domain.entity import Entity
from app.domain.erasure import KEPT_IN_LAW
from app.domain.permissions import is_seen_in_part, to_read, to_see_all, told_to_few
from app.domain.retention import CHANGED, Schedule
from app.domain.roles import ROLES, Permission
from app.domain.subjects import REGISTRY, Way
from app.queries.nouns import NOUNS

DOCS: Final = Path(__file__).resolve().parent.parent / "docs" / "reference"
MAP: Final = DOCS / "data-map.md"
ASSESSMENT: Final = DOCS / "dpia.md"
_BEGIN: Final = "<!-- from here on made by ./dev check --fix -->\n"
_END: Final = "<!-- to here -->\n"
_HEAD: Final = """# Data map

Made by `./dev check --fix` from the columns' classes, the roles and the packaged retention. A trust with a retention of its own
(`MILEPOST_RETENTION`) has its own times. [Data protection](data-protection.md) says what the classes mean.

Recipients: nobody outside the trust. Whoever has a credential with one of the roles reads what is named here, within the
academies of that credential. What is `public` may be published by the trust; small numbers in it are protected
([releases](releases.md)). Every kind is there for school improvement in the trust's academies; its own purpose stands with it.

"""
_WAYS: Final = {
    Way.MEMBER: "as the member",
    Way.ACTOR: "as who did it",
    Way.PERSON: "by their id in the list of people",
    Way.POST: "by a code of theirs",
    Way.TEXT: "by a text that names them",
    Way.BESIDE: "with the rest of the row",
}


def map_text() -> str:
    """One section for each kind, those with personal or sensitive columns first, and the registry of subjects at the end."""
    kinds = [noun for noun in NOUNS.values() if _has(noun.entity, DataClass.PERSONAL, DataClass.SENSITIVE)]
    others = [noun for noun in NOUNS.values() if noun not in kinds]
    parts = [_HEAD, "## Kinds with personal or sensitive data\n\n", *map(_section, kinds)]
    parts += ["## All other kinds\n\n", *map(_section, others), _beside(), _subjects()]
    return "".join(parts).rstrip() + "\n"


def inventory() -> str:
    """What an assessment has to look at: every kind with personal or sensitive columns, on a line."""
    rows = ["| Kind | Personal | Sensitive | Kept | Read in full by |", "|---|---|---|---|---|"]
    for noun in NOUNS.values():
        kind = noun.entity
        if _has(kind, DataClass.PERSONAL, DataClass.SENSITIVE):
            columns = (_listed(columns_in(kind, one)) for one in (DataClass.PERSONAL, DataClass.SENSITIVE))
            few = (f"; `{column}`: {_roles(needed)}" for column, needed in told_to_few(kind).items())
            read = _roles(to_see_all(kind)) + "".join(few)
            rows.append(f"| {_title(noun)} | {' | '.join(columns)} | {_kept(kind)} | {read} |")
    return "\n".join(rows) + "\n"


def write() -> None:
    MAP.write_text(map_text(), encoding="utf-8")
    ASSESSMENT.write_text(_with_inventory(ASSESSMENT.read_text(encoding="utf-8")), encoding="utf-8")


def check() -> str | None:
    """What is wrong with the committed pages, or None."""
    stale = []
    if not MAP.is_file() or MAP.read_text(encoding="utf-8") != map_text():
        stale.append(MAP)
    told = ASSESSMENT.read_text(encoding="utf-8") if ASSESSMENT.is_file() else ""
    if not told or told != _with_inventory(told):
        stale.append(ASSESSMENT)
    return (
        "\n".join(
            f"docs/reference/{page.name} is not what the columns' classes say. Run `./dev check --fix`."
            for page in stale
        )
        or None
    )


def _with_inventory(page: str) -> str:
    before, found, rest = page.partition(_BEGIN)
    _, closed, after = rest.partition(_END)
    if not found or not closed:
        raise ValueError("docs/reference/dpia.md has lost the marks between which its inventory stands")
    return f"{before}{_BEGIN}\n{inventory()}\n{_END}{after}"


def _section(noun: Noun) -> str:
    kind = noun.entity
    lines = [f"### {_title(noun)}\n", f"{noun.doc}\n", "| Class | Columns |", "|---|---|"]
    for data_class in reversed(DataClass):
        columns = [column.name for column in kind.columns() if class_of(kind, column.name) is data_class]
        lines += [f"| {data_class} | {_listed(columns)} |"] if columns else []
    read = f"Read by: {_roles(to_read(kind))}."
    if is_seen_in_part(kind):
        part = _roles(to_read(kind), but=to_see_all(kind))
        read = f"Read in full by: {_roles(to_see_all(kind))}. In part, their own or what is signed off, by: {part}."
    for column, needed in told_to_few(kind).items():
        read += f" `{column}` of what others recorded by: {_roles(needed)}; of their own by whoever recorded it."
    return "\n".join([*lines, "", f"{read} Kept: {_kept(kind)}.", "", ""])


def _beside() -> str:
    """What is kept beside the records."""
    schedule = _schedule()
    reasons, reads = schedule.reasons.printed, schedule.reads.printed
    rows = [
        "## Beside the records\n",
        "| Table | What | Class | Kept |",
        "|---|---|---|---|",
        "| `event` | who did what to which record, when; all but personal text | as the record's | as long as the trust |",
        f"| `event_text` | reasons, personal text as it was | personal, sensitive | reasons {reasons}; texts as the record's |",
        f"| `sensitive_read` | who read what is sensitive | personal | {reads}, then deleted |",
        "| `idempotency` | answers kept for retries | as the record's | 30 days, then deleted |",
        "",
        "",
    ]
    return "\n".join(rows)


def _subjects() -> str:
    rows = ["## Where a person is met\n", "| Kind | Column | How |", "|---|---|---|"]
    rows += [f"| `{met.kind.noun()}` | `{met.column}` | {_WAYS[met.way]} |" for met in REGISTRY]
    return "\n".join([*rows, ""])


def _kept(kind: type[Entity]) -> str:
    rule = next((rule for rule in _schedule().rules if rule.kind is kind), None)
    if rule is None:
        return "as long as the trust"
    since = "its last change" if rule.after == CHANGED else f"`{rule.after}`"
    lawful = "; not erased before at a person's request" if kind in KEPT_IN_LAW else ""
    for_ever = [column for column in columns_in(kind, DataClass.SENSITIVE) if column not in kind.PERSONAL]
    stays = f"; {_listed(for_ever)} as long as the trust, in the log's hashed bytes too" if for_ever else ""
    return f"text {rule.keep.printed} from {since}, then erased{lawful}{stays}"


def _schedule() -> Schedule:
    return Schedule.read(tomllib.loads(Settings.model_fields["retention"].default.read_text()))


def _has(kind: type[Entity], *classes: DataClass) -> bool:
    return bool(columns_in(kind, *classes))


def _roles(permission: Permission, *, but: Permission | None = None) -> str:
    may = (role for role, duty in ROLES.items() if permission in duty.may and but not in duty.may)
    return ", ".join(role.replace("_", " ") for role in may) or "nobody"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def _title(noun: Noun) -> str:
    return noun.plural.replace("-", " ").capitalize()
