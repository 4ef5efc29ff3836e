"""Every figure of both sources, asked over HTTP: by a list's filters, by the plan's summary, or by paging and counting."""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from app.domain.actor import Role
from app.domain.vocabulary import DueKind
from app.queries.published import record_model
from app.queries.summaries import PLAN_SUMMARIES
from tests.conftest import Installation

FACTS = Path(__file__).parents[1] / "packs"
FIGURES: dict[str, dict[str, Any]] = {
    source: json.loads((FACTS / f"figures_{source}.json").read_text(encoding="utf-8")) for source in ("s0", "s1")
}
TRUSTS = {"s0": "kestrel", "s1": "larkfield"}


@dataclass
class Door:
    """One trust's key, and the plan it reads."""

    client: httpx.AsyncClient
    plan: dict[str, Any]

    async def get(self, address: str, **parameters: Any) -> dict[str, Any]:
        answer = await self.client.get(f"/v1/{address}", params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def count(self, plural: str, **filters: Any) -> int:
        """How many there are in all, as the list itself says."""
        asked = {"limit": 1, **filters}
        answer = await self.client.get(f"/v1/{plural}", params=asked, headers={"Prefer": "count=exact"})
        assert answer.status_code == 200, answer.text
        return answer.json()["totalCount"]

    async def every(self, plural: str, **filters: Any) -> list[dict[str, Any]]:
        """All records of a list, page by page."""
        page = await self.get(plural, limit=50, **filters)
        items = page["items"]
        while page["nextCursor"]:
            page = await self.get(plural, limit=50, cursor=page["nextCursor"], **filters)
            items += page["items"]
        return items

    async def summary(self) -> dict[str, Any]:
        return await self.get(f"plans/{self.plan['id']}/summary")

    async def ids(self, plural: str, key: str = "code") -> dict[str, str]:
        """The id of each record, by its code or number."""
        return {str(item[key]): item["id"] for item in await self.every(plural)}

    async def counts_by(self, plural: str, name: str, ids: dict[str, str], **filters: Any) -> dict[str, int]:
        return {key: await self.count(plural, **{name: value}, **filters) for key, value in ids.items()}


Ask = Callable[[Door], Awaitable[Any]]
ASKED: dict[str, dict[str, list[Ask]]] = {"s0": {}, "s1": {}}
CELLS: dict[str, dict[str, tuple[Any, Ask]]] = {"s0": {}, "s1": {}}


def answers(source: str, *keys: str) -> Callable[[Ask], Ask]:
    """Register a way to ask for these figures. A figure may be asked in several ways; all must agree."""

    def register(ask: Ask) -> Ask:
        for key in keys:
            ASKED[source].setdefault(key, []).append(ask)
        return ask

    return register


def cell(source: str, words: str, expected: Any) -> Callable[[Ask], Ask]:
    """Register a cell of the ledger's count summary that is no figure of the facts."""

    def register(ask: Ask) -> Ask:
        CELLS[source][words] = (expected, ask)
        return ask

    return register


def counting(plural: str, **filters: Any) -> Ask:
    async def ask(door: Door) -> int:
        return await door.count(plural, **filters)

    return ask


def summed(*path: str) -> Ask:
    async def ask(door: Door) -> Any:
        found: Any = await door.summary()
        for name in path:
            found = found[name]
        return found

    return ask


@pytest_asyncio.fixture(scope="session")
async def doors(shared: Installation) -> AsyncIterator[dict[str, Door]]:
    made = {}
    for source, trust in TRUSTS.items():
        client = shared.client(shared.keys[trust])
        (plan,) = (await client.get("/v1/plans")).json()["items"]
        made[source] = Door(client, plan)
    yield made
    for door in made.values():
        await door.client.aclose()


# What both plans have, asked the same way.

for _source, _key, _ask in (
    ("s0", "areas", counting("areas", kind="area")),
    ("s0", "areas", summed("areas", "total")),
    ("s1", "priorities", counting("areas", kind="priority")),
    ("s1", "priorities", summed("areas", "byKind", "priority")),
    ("s0", "objectives", counting("objectives")),
    ("s0", "objectives", summed("objectives", "total")),
    ("s0", "detail_tables", summed("objectives", "printedTables")),
    ("s0", "own_actions", counting("actions")),
    ("s0", "own_actions", summed("actions", "total")),
    ("s1", "actions", counting("actions")),
    ("s1", "actions", summed("actions", "total")),
    ("s1", "actions_by_priority", None),
    ("s0", "cross_reference_rows", counting("cross-references")),
    ("s0", "cross_reference_rows", summed("crossReferences", "total")),
    ("s0", "actions_without_owner", counting("actions", led="false")),
    ("s0", "actions_without_owner", summed("actions", "withoutLead")),
    ("s0", "actions_without_date", counting("actions", dueKind="none")),
    ("s0", "actions_without_date", summed("actions", "withoutDueDate")),
    ("s0", "actions_without_both", counting("actions", led="false", dueKind="none")),
    ("s0", "actions_with_resolved_end", counting("actions", dueResolved="true")),
    ("s0", "actions_with_short_ambiguous_date", counting("actions", dueAssumed="short_form")),
    ("s0", "actions_with_short_ambiguous_date", counting("data-quality-flags", code="due_short_form")),
    ("s0", "kpi_statements", counting("targets")),
    ("s0", "kpi_statements", summed("targets", "total")),
    ("s0", "kpi_numeric", counting("targets", kind="numeric")),
    ("s0", "kpi_qualitative", counting("targets", kind="qualitative")),
    ("s0", "kpi_numeric_without_comparator", counting("targets", comparatorAssumed="true")),
    ("s0", "kpi_numeric_without_comparator", summed("targets", "withoutComparator")),
    ("s0", "milestones", counting("milestones")),
    ("s0", "milestones", summed("milestones", "total")),
    ("s0", "milestones_numeric", counting("milestones", measured="numeric")),
    ("s0", "milestones_numeric", summed("milestones", "byMeasured", "numeric")),
    ("s0", "milestones_mixed", counting("milestones", measured="mixed")),
    ("s0", "milestones_mixed", summed("milestones", "byMeasured", "mixed")),
    ("s0", "milestones_numeric_without_comparator", counting("milestones", comparatorAssumed="true")),
    ("s0", "milestones_numeric_without_comparator", summed("milestones", "withoutComparator")),
    ("s0", "budget_items", counting("budget-lines")),
    ("s0", "actions_by_owner_printed", None),
    ("s0", "owner_people_after_merge", counting("people", kind="person", status="active", responsible="true")),
    ("s0", "owner_people_if_PMcK_separate", counting("people", kind="person", responsible="true")),
    ("s1", "timeline_rows", counting("action-steps")),
    ("s1", "timeline_rows", summed("steps", "total")),
    ("s1", "success_criteria", counting("milestones")),
    ("s1", "success_criteria", summed("milestones", "total")),
    ("s1", "success_numeric", counting("milestones", measured="numeric")),
    ("s1", "success_numeric", summed("milestones", "byMeasured", "numeric")),
    ("s1", "undated_criteria", counting("milestones", dueKind="none")),
    ("s1", "undated_criteria", summed("milestones", "byMonth", "none")),
    ("s1", "diagnosis_points", counting("statements", kind="diagnosis")),
    ("s1", "monitoring_activities", counting("statements", kind="monitoring_activity")),
    ("s1", "abbreviations", counting("people", status="active")),
    ("s1", "codes_never_used", counting("data-quality-flags", code="code_unused")),
    ("s1", "actions_led_by", summed("leads", "byCode")),
):
    if _ask is not None:
        answers(_source, _key)(_ask)
