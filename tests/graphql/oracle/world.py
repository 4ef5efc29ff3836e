"""Everything one trust has, read whole and once through REST's reading side; and what of it an actor sees, worked out in Python."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from app.db.database import Database
from app.db.noun import Noun
from app.domain.actor import Actor
from app.domain.permissions import to_read
from app.domain.roles import Role
from app.queries.events import read_after
from app.queries.nouns import NOUNS
from app.queries.reading import ListRequest, Moment, read_page

Row = dict[str, Any]
TITLES: Final[Mapping[str, Noun]] = {noun.title: noun for noun in NOUNS.values()}
# Written down once more by hand: whose records, and whose events, a plain reader is not shown.
SENSITIVE: Final = frozenset(
    {
        "Reading",
        "ReadingBatch",
        "Observation",
        "HeadReport",
        "HeadReportSection",
        "ReviewEvidence",
        "CategorySuggestion",
        "AssuranceReview",
        "AssuranceRating",
    }
)
_NO_END: Final = "~"
"""Later than every day and every text of the data."""
NULLS: Final[Mapping[str, Any]] = {"dueEndsOn": _NO_END, "scheduledOn": _NO_END, "rank": 2**31 - 1, "validFrom": ""}


def spelt(text: str) -> str:
    """A number with its point, as it was spelt."""
    return f"number {text}"


@dataclass
class World:
    """The trust as its administrator sees it: records by kind and id, events by subject, and what points at what."""

    records: dict[str, dict[str, Row]]
    events: dict[str, list[Row]]
    links: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    ranks: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def rank(self, title: str, sort: str) -> dict[str, int]:
        """The place of every record of a kind in an order."""
        if (title, sort) not in self.ranks:

            def key(row: Row) -> tuple[Any, str]:
                return (NULLS[sort] if row[sort] is None else row[sort]), row["id"]

            rows = sorted(self.records[title].values(), key=key)
            self.ranks[title, sort] = {row["id"]: place for place, row in enumerate(rows)}
        return self.ranks[title, sort]

    def columns(self, child: str, parent: str) -> set[str]:
        """The fields of a kind in which ids of another stand: found out from the records themselves."""
        if (child, parent) not in self.links:
            ids = self.records[parent]
            self.links[child, parent] = {
                name
                for row in self.records[child].values()
                for name, value in row.items()
                if name.endswith("Id") and value in ids
            }
        return self.links[child, parent]

    def live(self, title: str) -> Iterator[Row]:
        return (row for row in self.records[title].values() if row.get("withdrawnAt") is None)

    def plans_of(self, academy_id: str) -> set[str]:
        return {link["planId"] for link in self.live("PlanAcademy") if link["academyId"] == academy_id}


@dataclass
class Sight:
    """The trust as one actor sees it."""

    world: World
    actor: Actor
    records: dict[str, dict[str, Row]]
    by_column: dict[tuple[str, str], dict[str | None, list[Row]]] = field(default_factory=dict)

    def under(self, title: str, column: str, value: str) -> list[Row]:
        """The records of a kind whose column holds this id."""
        if (title, column) not in self.by_column:
            found: dict[str | None, list[Row]] = defaultdict(list)
            for row in self.records[title].values():
                found[row[column]].append(row)
            self.by_column[title, column] = found
        return self.by_column[title, column].get(value, [])

    def history(self, record_id: str) -> list[Row]:
        return [event for event in self.world.events.get(record_id, []) if self._is_told(event)]

    def _is_told(self, event: Row) -> bool:
        title = "".join(part.capitalize() for part in event["noun"].split("_"))
        if title in SENSITIVE and self.actor.roles == {Role.READER}:
            return False
        if title == "Observation" and Role.ADMINISTRATOR not in self.actor.roles:
            return False
        if self.actor.academies is None or not event["academies"]:
            return True
        mine = {str(one) for one in self.actor.academies}
        about = set(event["academies"])
        return about <= mine if title == "ReadingBatch" else bool(about & mine)


async def read_world(database: Database, administrator: Actor) -> World:
    async with database.reader(administrator, noting="oracle") as reads:
        records = {title: await _whole(reads, noun, database) for title, noun in TITLES.items()}
        events: dict[str, list[Row]] = defaultdict(list)
        after, more = 0, True
        while more:
            told = json.loads(await read_after(reads, after, limit=1000), parse_float=spelt)
            after, more = told["nextAfter"], told["more"]
            for event in told["items"]:
                events[event["subject"]].append(event)
    return World(records, events)


async def read_sight(database: Database, world: World, actor: Actor) -> Sight:
    """The actor's own reading of each kind it may read: of the records that it sees by the rules as told here."""
    async with database.reader(actor, noting="oracle") as reads:
        records = {}
        for title, noun in TITLES.items():
            if actor.may(to_read(noun.entity)):
                own = await _whole(reads, noun, database)
                seen = {one for one, row in world.records[title].items() if _sees(world, actor, title, row)}
                assert seen == own.keys(), f"{title}: {len(seen)} are to be seen, and {len(own)} are"
                records[title] = own
            else:
                records[title] = {}
    return Sight(world, actor, records)


async def _whole(reads: Any, noun: Noun, database: Database) -> dict[str, Row]:
    found: dict[str, Row] = {}
    request = ListRequest(sort=noun.default_sort, limit=500, withdrawn=True)
    while True:
        page = await read_page(reads, noun, request, Moment(database.clock()))
        found |= {row["id"]: row for row in json.loads(page.items, parse_float=spelt)}
        if page.next is None:
            return found
        request = ListRequest(sort=noun.default_sort, limit=500, withdrawn=True, cursor=page.next)


def _sees(world: World, actor: Actor, title: str, row: Row) -> bool:
    """A review, and what it was rated, is seen by whoever only reads once it is signed off."""
    if actor.roles == {Role.READER} and title in ("AssuranceReview", "AssuranceRating"):
        review = row if title == "AssuranceReview" else world.records["AssuranceReview"][str(row["reviewId"])]
        return review["signedOffAt"] is not None
    return actor.academies is None or _is_of_theirs(world, actor.academies, title, row)


def _is_of_theirs(world: World, academies: frozenset[UUID], title: str, row: Row) -> bool:
    """What is of a plan is seen with the plan, what is of an academy with the academy, and all else by everybody."""
    mine: set[str | None] = {str(one) for one in academies}
    if title == "Academy":
        return row["id"] in mine
    if "academyId" in row and title != "PlanAcademy":
        return row["academyId"] in mine | {None}
    if title == "Plan" or "planId" in row:
        plan = row["id"] if title == "Plan" else row["planId"]
        linked = {link["academyId"] for link in world.live("PlanAcademy") if link["planId"] == plan}
        return not linked or bool(linked & mine)
    if "academyIds" in row:
        return not row["academyIds"] or bool(set(row["academyIds"]) & mine)
    return True
