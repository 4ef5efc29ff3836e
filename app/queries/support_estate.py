"""What every answer about support rests on: academies with their categories, offers, allocations and the calendar, read at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from app.db.noun import Noun
from app.domain.academies import Academy
from app.domain.categories_in_force import InForce, in_force
from app.domain.categorisation import CategoryDecision
from app.domain.conditions import FrameworkCondition
from app.domain.entitlements import EntitlementRule
from app.domain.entity import Entity
from app.domain.framework_vocabulary import Applies
from app.domain.frameworks import Framework
from app.domain.intervals import Calendar
from app.domain.review_vocabulary import AllocationStatus
from app.domain.stages import MaturityStage
from app.domain.support import SupportAllocation, SupportDelivery
from app.domain.support_ledger import Given
from app.queries.academies import ACADEMIES
from app.queries.categorisation import CATEGORY_DECISIONS
from app.queries.entitlements import ENTITLEMENT_RULES
from app.queries.figures import FrameworkNamed
from app.queries.frameworks import FRAMEWORK_CONDITIONS, FRAMEWORKS
from app.queries.published import Published
from app.queries.reading import Moment, Reads, read_record
from app.queries.revival import calendar, read_all, revived, told
from app.queries.stages import MATURITY_STAGES
from app.queries.support import SUPPORT_ALLOCATIONS, SUPPORT_DELIVERIES

E = TypeVar("E", bound=Entity)


class AcademyNamed(Published):
    """An academy."""

    id: UUID
    code: str
    name: str


class StageNamed(Published):
    """A stage of a framework."""

    id: UUID
    code: str
    no: int
    name: str


@dataclass(frozen=True)
class Standing:
    """The stage whose offers and reviews are an academy's on a day, and since when."""

    stage: MaturityStage
    framework: Framework
    since: date | None


@dataclass(frozen=True)
class Estate:
    """Academies, decisions and frameworks, as far as the actor sees them."""

    academies: Mapping[UUID, Academy]
    frameworks: Mapping[UUID, Framework]
    stages: Mapping[UUID, MaturityStage]
    conditions: Mapping[UUID, FrameworkCondition]
    decisions: Mapping[UUID, tuple[CategoryDecision, ...]]
    calendar: Calendar

    def standing(self, academy_id: UUID, on: date) -> Standing | None:
        found = self._in_force(academy_id, on)
        if found is None:
            return None
        stage = self.stages[found.decision.stage_id]
        return Standing(stage, self.frameworks[stage.framework_id], found.since)

    def standings(self, on: date) -> tuple[list[tuple[Academy, Standing]], list[AcademyNamed]]:
        """Every academy with its stage, by code, and those that nobody has put in a category."""
        placed, without = [], []
        for academy in self.academies.values():
            standing = self.standing(academy.id, on)
            if standing is None:
                without.append(named(academy))
            else:
                placed.append((academy, standing))
        return placed, without

    def applies(self, condition_id: UUID | None, academy: Academy) -> tuple[Applies, str | None]:
        """Whether something is meant for the academy, and by which condition."""
        condition = self.conditions.get(condition_id) if condition_id else None
        return (Applies.YES, None) if condition is None else (condition.applies_to(academy), condition.label)

    def _in_force(self, academy_id: UUID, on: date) -> InForce | None:
        def stage_of(decision: CategoryDecision) -> tuple[str, str]:
            stage = self.stages[decision.stage_id]
            return self.frameworks[stage.framework_id].code, stage.code

        return in_force(self.decisions.get(academy_id, ()), on, stage_of)


@dataclass(frozen=True)
class Support:
    """What was allocated, by the academy that takes it, and given, by allocation."""

    rules: Mapping[UUID, EntitlementRule]
    allocations: Mapping[UUID, tuple[SupportAllocation, ...]]
    deliveries: Mapping[UUID, tuple[SupportDelivery, ...]]

    def of_stage(self, stage_id: UUID) -> list[EntitlementRule]:
        return [one for one in self.rules.values() if one.stage_id == stage_id]

    def to(self, academy_id: UUID, rule: EntitlementRule | None = None) -> list[SupportAllocation]:
        mine = self.allocations.get(academy_id, ())
        return [one for one in mine if rule is None or one.entitlement_rule_id == rule.id]

    def every(self) -> list[SupportAllocation]:
        return [one for mine in self.allocations.values() for one in mine]

    def given(self, allocations: Iterable[SupportAllocation], on: date) -> list[Given]:
        """What had been given by a day."""
        return [
            Given(one.on, one.quantity)
            for allocation in allocations
            for one in self.deliveries.get(allocation.id, ())
            if one.on <= on
        ]

    def to_come(self, allocations: Iterable[SupportAllocation], on: date) -> Decimal:
        """Of open allocations, what had not been given by a day."""
        still = Decimal(0)
        for one in allocations:
            if one.status is not AllocationStatus.CLOSED:
                given = sum((item.quantity for item in self.given([one], on)), Decimal(0))
                still += max(one.quantity - given, Decimal(0))
        return still


async def read_estate(reads: Reads, moment: Moment, *, academy_id: UUID | None = None) -> Estate:
    """In as many statements as there are kinds of record. One academy, if asked for, has to be within sight."""
    if academy_id is None:
        academies = await _every(reads, Academy, ACADEMIES, moment)
    else:
        one = told((await read_record(reads, ACADEMIES, academy_id, moment)).body)
        academies = [revived(Academy, ACADEMIES, one, reads.actor.trust_id)]
    narrowed = {} if academy_id is None else {"academyId": academy_id}
    decisions = defaultdict(list)
    for decision in await _every(reads, CategoryDecision, CATEGORY_DECISIONS, moment, **narrowed):
        decisions[decision.academy_id].append(decision)
    return Estate(
        academies={one.id: one for one in academies},
        frameworks=_by_id(await _every(reads, Framework, FRAMEWORKS, moment)),
        stages=_by_id(await _every(reads, MaturityStage, MATURITY_STAGES, moment)),
        conditions=_by_id(await _every(reads, FrameworkCondition, FRAMEWORK_CONDITIONS, moment)),
        decisions={academy: tuple(made) for academy, made in decisions.items()},
        calendar=await calendar(reads, moment),
    )


async def read_support(reads: Reads, moment: Moment, **narrowed: UUID) -> Support:
    found = await _every(reads, SupportAllocation, SUPPORT_ALLOCATIONS, moment, **narrowed)
    allocations = defaultdict(list)
    for allocation in sorted(found, key=lambda one: (one.starts_on, one.id)):
        allocations[allocation.academy_id].append(allocation)
    deliveries = defaultdict(list)
    for one in await _every(reads, SupportDelivery, SUPPORT_DELIVERIES, moment, **narrowed):
        deliveries[one.allocation_id].append(one)
    rules = sorted(await _every(reads, EntitlementRule, ENTITLEMENT_RULES, moment), key=lambda one: (one.no, one.code))
    return Support(
        rules=_by_id(rules),
        allocations={academy: tuple(made) for academy, made in allocations.items()},
        deliveries={allocation: tuple(sorted(made, key=lambda one: one.on)) for allocation, made in deliveries.items()},
    )


def named(academy: Academy) -> AcademyNamed:
    return AcademyNamed(id=academy.id, code=academy.code, name=academy.name)


def stage_named(stage: MaturityStage) -> StageNamed:
    return StageNamed(id=stage.id, code=stage.code, no=stage.no, name=stage.name)


def framework_named(framework: Framework) -> FrameworkNamed:
    return FrameworkNamed(id=framework.id, code=framework.code, edition=framework.edition)


async def _every(reads: Reads, kind: type[E], noun: Noun, moment: Moment, **filters: UUID) -> list[E]:
    return [revived(kind, noun, one, reads.actor.trust_id) for one in await read_all(reads, noun, moment, **filters)]


def _by_id(records: Iterable[E]) -> dict[UUID, E]:
    return {one.id: one for one in records}
