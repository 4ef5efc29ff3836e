"""What a trust's records say, told without ids: two databases hold the same trust if this is the same of both."""

import json
from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from app.domain.model import ENTITIES
from app.domain.readings import Reading
from tests.commands.ledger import superuser
from tests.conftest import Installation

APART: Final = {"trust_id", "id", "version", "withdrawn_at"}
OF_ITS_OWN: Final = {"digest", "recorded_by", "reading_id", "superseded_by_id", "superseded_in_id"}
"""What differs from installation to installation, and what a restated reading is told back by the one that restates it."""
_UNPACKED: Final = ("api_key", "membership")
LIKE: Final = tuple(noun for noun in (*(kind.noun() for kind in ENTITIES), Reading.noun()) if noun not in _UNPACKED)
Likeness = dict[str, Counter[str]]


async def likeness(installation: Installation, trust: str) -> Likeness:
    """Every record in use, by noun: each column but ids, versions and instants, and whatever it refers to by what that says."""
    trust_id = installation.actor(trust).trust_id
    async with superuser(installation) as connection:
        rows = {
            noun: [dict(row) for row in await connection.fetch(f"select * from {noun} where trust_id = $1", trust_id)]
            for noun in LIKE
        }
    return _Told({row["id"]: (noun, row) for noun, some in rows.items() for row in some}).all()


class _Told:
    def __init__(self, rows: dict[UUID, tuple[str, dict[str, Any]]]) -> None:
        self.rows = rows
        self.names: dict[UUID, str] = {}

    def all(self) -> Likeness:
        told: Likeness = {noun: Counter() for noun in LIKE}
        for noun, row in self.rows.values():
            if row.get("withdrawn_at") is None:
                told[noun][json.dumps(self.record(row), sort_keys=True)] += 1
        return told

    def record(self, row: dict[str, Any]) -> dict[str, Any]:
        return {name: self.value(value) for name, value in row.items() if name not in APART | OF_ITS_OWN}

    def value(self, value: Any) -> Any:
        match value:
            case UUID():
                return self.name(value)
            case datetime():
                return "at some instant"
            case Decimal():
                return f"{value:f}"
            case list():
                return [self.value(one) for one in value]
            case int() | None:
                return value
            case _:
                return str(value)

    def name(self, record_id: UUID) -> str:
        """What it is and what it says: its code and edition with the plan or framework around it, else all of it."""
        if record_id not in self.names:
            noun, row = self.rows.get(record_id, ("nothing", {}))
            around = [row[column] for column in ("plan_id", "framework_id") if row.get(column) not in (None, record_id)]
            has_code = "code" in row and noun != "data_quality_flag"
            key = [row["code"], row.get("edition")] if has_code else self.record(row)
            self.names[record_id] = json.dumps([noun, *map(self.name, around), key], sort_keys=True)
        return self.names[record_id]


def differences(one: Likeness, other: Likeness) -> dict[str, tuple[list[str], list[str]]]:
    """By noun, what only the one says and what only the other does. Empty: the same trust."""
    pairs = {noun: (one[noun] - other[noun], other[noun] - one[noun]) for noun in LIKE}
    return {noun: (sorted(mine), sorted(theirs)) for noun, (mine, theirs) in pairs.items() if mine or theirs}
