"""Small plans, told flat, for rules that look at whole plans."""

from datetime import date
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from app.domain.plan_facts import (
    ActionFact,
    AreaFact,
    FindingFact,
    FlagFact,
    MilestoneFact,
    ObjectiveFact,
    PersonFact,
    PhaseFact,
    PlanFacts,
    TargetFact,
)
from app.domain.vocabulary import AreaKind, DueKind, MeasureKind

TODAY = date(2027, 2, 10)


def known(code: str) -> UUID:
    """The id of whatever has this code."""
    return uuid5(NAMESPACE_OID, code)


AREA = AreaFact(id=known("OUT"), code="OUT", label="outcomes", kind=AreaKind.AREA)
PRIORITY = AreaFact(id=known("P1"), code="P1", label="teaching", kind=AreaKind.PRIORITY)
OBJECTIVE = ObjectiveFact(id=known("O1"), code="O1", area_id=AREA.id)
LEAD = PersonFact(id=known("ADo"), code="ADo")


def plan(**parts: Any) -> PlanFacts:
    told = {"areas": (AREA,), "people": (LEAD,), **parts}
    return PlanFacts(
        id=known("plan"),
        code="plan",
        title="A plan",
        on=TODAY,
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 8, 31),
        **told,
    )


def action(code: str = "O1-A1", **more: Any) -> ActionFact:
    usual: dict[str, Any] = {
        "area_id": AREA.id,
        "objective_id": OBJECTIVE.id,
        "due_kind": DueKind.DAY,
        "due_ends_on": date(2027, 3, 1),
        "lead_ids": (LEAD.id,),
    }
    return ActionFact(id=known(code), code=code, **(usual | more))


def milestone(code: str = "O1-M1", **more: Any) -> MilestoneFact:
    usual = {
        "area_id": AREA.id,
        "objective_id": OBJECTIVE.id,
        "due_kind": DueKind.DAY,
        "due_ends_on": date(2027, 3, 1),
    }
    return MilestoneFact(id=known(code), code=code, **(usual | more))


def target(code: str, **more: Any) -> TargetFact:
    return TargetFact(id=known(code), code=code, area_id=AREA.id, **({"kind": MeasureKind.NUMERIC} | more))


def phase(no: int) -> PhaseFact:
    return PhaseFact(id=known(f"phase {no}"), code=str(no), no=no)


def finding(code: str) -> FindingFact:
    return FindingFact(id=known(code), code=code, area_id=AREA.id)


def flag(code: str, noun: str, record_id: UUID) -> FlagFact:
    return FlagFact(id=known(f"flag {code}"), code=code, on_noun=noun, record_id=record_id, detail="It is unclear.")
