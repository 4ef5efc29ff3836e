"""Many plans in many trusts, for the questions of GraphQL: objectives and milestones by the thousand, one trust measured."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import asyncpg

from app.commands.keys import make_key
from app.db.database import Database
from app.domain.actor import Actor
from app.domain.events import created
from app.domain.ids import trust_id, uuid7
from app.domain.roles import Role
from app.domain.trusts import Trust
from app.domain.vocabulary import TrustKind

MEASURED: Final = "bench-1"
PLANS: Final = 25
OBJECTIVES: Final = 40
MILESTONES: Final = 6
_TRUSTS: Final = ("bench-0", MEASURED, "bench-2", "bench-3", "bench-4", "bench-5")
_FIRST_DAY: Final = date(2026, 9, 1)
_STATUSES: Final = {"planned": 40, "in_progress": 30, "submitted": 8, "met": 14, "not_met": 4, "deferred": 4}
_CONFIDENCES: Final = {"not_rated": 40, "on_track": 35, "at_risk": 15, "off_track": 10}
_WORDS: Final = tuple(
    "attendance reading writing phonics pupils leaders teachers parents curriculum feedback governors behaviour "  # noqa: SIM905  as one reads it
    "moderation outcomes vocabulary inclusion assessment coaching transition safeguarding mentoring numeracy".split()
)
Row = dict[str, Any]


async def plant(dsn: str, database: Database, pepper: bytes) -> str:
    """Six trusts of 25 plans, each of 40 objectives and 240 milestones; the key to the measured one.

    They are copied in by the superuser, past the commands: nothing here is told by events, and nothing asked for is.
    """
    keys = [await _founded(database, code, pepper) for code in _TRUSTS]
    chance = random.Random(5)
    connection = await asyncpg.connect(dsn)
    try:
        for code in _TRUSTS:
            for table, rows in _grown(trust_id(code), chance).items():
                await connection.copy_records_to_table(
                    table, schema_name="app", columns=list(rows[0]), records=[tuple(row.values()) for row in rows]
                )
    finally:
        await connection.close()
    return keys[_TRUSTS.index(MEASURED)]


async def _founded(database: Database, code: str, pepper: bytes) -> str:
    actor = Actor(trust_id(code), "bench", frozenset({Role.ADMINISTRATOR}), channel="cli")
    async with database.begin(actor) as work:
        trust = Trust.named(actor.trust_id, code=code, name=f"Trust {code}", kind=TrustKind.MULTI_ACADEMY_TRUST)
        work.add(trust)
        work.record(created(trust))
        await work.flush()
        _, text = await make_key(
            work, {"label": "benchmark", "roles": [Role.ADMINISTRATOR]}, environment="demo", pepper=pepper
        )
    return str(text)


def _grown(trust: UUID, chance: random.Random) -> dict[str, list[Row]]:
    """The rows of a trust by table, in the order that references ask for."""
    tables: dict[str, list[Row]] = {"plan": [], "area": [], "objective": [], "milestone": []}
    for number in range(1, PLANS + 1):
        for table, row in _plan(trust, number, chance):
            tables[table].append(row)
    return tables


def _plan(trust: UUID, number: int, chance: random.Random) -> Iterator[tuple[str, Row]]:
    plan = _record(trust, f"P{number:02}") | {
        "title": _sentence(chance, 4),
        "type": "improvement",
        "status": "active",
        "starts_on": _FIRST_DAY,
        "ends_on": _FIRST_DAY + timedelta(days=364),
        "partial": False,
    }
    yield "plan", plan
    area = _record(trust, "A1", plan) | {"no": 1, "kind": "priority", "label": _sentence(chance, 5), "aliases": []}
    yield "area", area
    for no in range(1, OBJECTIVES + 1):
        objective = _record(trust, f"O{no:02}", plan)
        objective |= {"area_id": area["id"], "no": no, "label": _sentence(chance, 6)}
        yield "objective", objective
        for step in range(1, MILESTONES + 1):
            yield "milestone", _milestone(trust, plan, objective, step, chance)


def _milestone(trust: UUID, plan: Row, objective: Row, no: int, chance: random.Random) -> Row:
    due = _FIRST_DAY + timedelta(days=chance.randrange(360)) if chance.random() < 0.93 else None
    numeric = chance.random() < 0.4
    status = _picked(chance, _STATUSES)
    return _record(trust, f"{objective['code']}-M{no}", plan) | {
        "objective_id": objective["id"],
        "no": no,
        "kind": "milestone",
        "label": _sentence(chance, 5),
        "measured": "numeric" if numeric else "qualitative",
        "value": Decimal(chance.randrange(10, 1000)) / 10 if numeric else None,
        "due_printed": f"by {due:%-d %B %Y}" if due else None,
        "due_kind": "day" if due else "none",
        "due_starts_on": due,
        "due_ends_on": due,
        "baseline_due_on": due,
        "due_moves": 0,
        "data_pending": False,
        "status": status,
        "met_on": due if status == "met" else None,
        "confidence": _picked(chance, _CONFIDENCES),
    }


def _record(trust: UUID, code: str, plan: Row | None = None) -> Row:
    of_plan = {} if plan is None else {"plan_id": plan["id"]}
    return {"trust_id": trust, "id": uuid7(), "version": 1, "code": code, **of_plan}


def _sentence(chance: random.Random, words: int) -> str:
    """About so many words, a few more or fewer."""
    count = max(2, words + chance.randrange(-words // 2, words // 2 + 1))
    return " ".join(chance.choices(_WORDS, k=count)).capitalize()


def _picked(chance: random.Random, weights: dict[str, int]) -> str:
    return chance.choices(list(weights), weights=list(weights.values()))[0]
