"""Random commands of many kinds on a loaded plan: what a term of school life might write, and what is refused."""

import random
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.commands.flags import resolve_flag
from app.commands.milestones import (
    Transition,
    add_evidence,
    move_due_date,
    move_milestone,
    rate_milestone,
    set_milestone,
)
from app.commands.records import change, create, withdraw
from app.commands.targets import revise_target
from app.db.unit_of_work import UnitOfWork
from app.domain.actions import Action
from app.domain.areas import Area
from app.domain.errors import Refusal
from app.domain.evidence import Evidence
from app.domain.flags import DataQualityFlag
from app.domain.milestones import Milestone
from app.domain.people import Person
from app.domain.statements import Statement
from app.domain.targets import Target
from app.domain.vocabulary import ActionStatus, AreaKind, Confidence, DateMoveReason, MilestoneStatus, StatementKind
from tests.conftest import Installation

DATES = ["12 March 2027", "end of May 2027", "July 2027", "1 June 2026", "Easter 2027"]


@dataclass
class School:
    """Somebody who keeps the plan up to date, and makes mistakes."""

    installation: Installation
    dice: random.Random
    done: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    made: int = 0

    async def act(self) -> str:
        """One command in one transaction; its name, or "" where it was refused."""
        name = self.dice.choice([name for name in dir(self) if name.startswith("_do_")])
        try:
            async with self.installation.database.begin(self.installation.actor("kestrel")) as work:
                await getattr(self, name)(work)
        except Refusal:
            self.refused += 1
            return ""
        self.done[name] += 1
        return name

    async def one(self, work: UnitOfWork, kind: type[Any]) -> Any:
        found = sorted(await work.where(kind), key=lambda record: record.id)
        if not found:
            raise Refusal("There is none.")
        return self.dice.choice(found[:12])

    def text(self) -> str:
        return "".join(self.dice.choice('abc ÄßЖ€"\\\n{}') for _ in range(self.dice.randint(1, 12)))

    async def _do_move(self, work: UnitOfWork) -> None:
        one = await self.one(work, Milestone)
        to = self.dice.choice([status for status in MilestoneStatus if status != "superseded"])
        given = Transition(
            to=to,
            reason=self.text(),
            evidence=[{"note": self.text()}],
            due=self.dice.choice(DATES),
            due_reason=DateMoveReason.OTHER,
            value=Decimal(self.dice.randint(0, 10**6)) / 1000,
            override=self.dice.random() < 0.5,
        )
        await move_milestone(work, one.id, given, version=one.version)

    async def _do_rate(self, work: UnitOfWork) -> None:
        one = await self.one(work, Milestone)
        await rate_milestone(
            work, one.id, self.dice.choice(list(Confidence)), rationale=self.text(), version=one.version
        )

    async def _do_move_due(self, work: UnitOfWork) -> None:
        one = await self.one(work, Milestone)
        because = self.dice.choice(list(DateMoveReason))
        await move_due_date(
            work, one.id, self.dice.choice(DATES), because=because, reason=self.text(), version=one.version
        )

    async def _do_evidence(self, work: UnitOfWork) -> None:
        one = await self.one(work, Milestone)
        await add_evidence(work, {"milestone_id": one.id, "note": self.text(), "link": self.dice.choice([None, "x"])})

    async def _do_withdraw_evidence(self, work: UnitOfWork) -> None:
        one = await self.one(work, Evidence)
        await withdraw(work, Evidence, one.id, version=one.version, reason=self.text())

    async def _do_change_action(self, work: UnitOfWork) -> None:
        one = await self.one(work, Action)
        values = {"label": self.text(), "status": self.dice.choice(list(ActionStatus)), "due": self.dice.choice(DATES)}
        await change(work, Action, one.id, values, version=one.version)

    async def _do_change_area(self, work: UnitOfWork) -> None:
        one = await self.one(work, Area)
        aliases = [self.text() for _ in range(self.dice.randint(0, 3))]
        await change(work, Area, one.id, {"aliases": aliases, "scope": None}, version=one.version)

    async def _do_change_milestone(self, work: UnitOfWork) -> None:
        one = await self.one(work, Milestone)
        await change(
            work, Milestone, one.id, {"label": self.text(), "data_pending": not one.data_pending}, version=one.version
        )

    async def _do_change_twice(self, work: UnitOfWork) -> None:
        one = await self.one(work, Person)
        await change(work, Person, one.id, {"label": self.text()}, version=one.version)
        await change(work, Person, one.id, {"label": None}, version=one.version)

    async def _do_new_area(self, work: UnitOfWork) -> None:
        area = await self.one(work, Area)
        self.made += 1
        values = {"plan_id": area.plan_id, "code": f"R{self.made}", "no": 50 + self.made, "kind": AreaKind.AREA}
        await create(work, Area, {**values, "label": self.text()})

    async def _do_new_statement(self, work: UnitOfWork) -> None:
        area = await self.one(work, Area)
        self.made += 1
        values = {"plan_id": area.plan_id, "area_id": area.id, "code": f"R{self.made}", "kind": StatementKind.AIM}
        await create(work, Statement, {**values, "label": self.text()})

    async def _do_withdraw_statement(self, work: UnitOfWork) -> None:
        one = await self.one(work, Statement)
        await withdraw(work, Statement, one.id, version=one.version, reason=self.text())

    async def _do_new_milestone(self, work: UnitOfWork) -> None:
        area = await self.one(work, Area)
        self.made += 1
        values = {"plan_id": area.plan_id, "area_id": area.id, "code": f"R{self.made}", "no": self.made}
        await set_milestone(work, {**values, "label": self.text(), "due": self.dice.choice([*DATES, None])})

    async def _do_revise(self, work: UnitOfWork) -> None:
        one = await self.one(work, Target)
        promise = {"value": Decimal(self.dice.randint(0, 10**5)) / 100, "caveat": self.dice.choice([None, self.text()])}
        await revise_target(work, one.id, promise, reason=self.text(), version=one.version)

    async def _do_resolve(self, work: UnitOfWork) -> None:
        one = await self.one(work, DataQualityFlag)
        await resolve_flag(work, one.id, resolution=self.text(), version=one.version)


async def plan_of(installation: Installation) -> UUID:
    async with installation.database.begin(installation.actor("kestrel")) as work:
        milestone = (await work.where(Milestone))[0]
        plan_id: UUID = milestone.plan_id
        return plan_id
