"""The golden-thread matrix of a plan: its findings and priorities, and what hangs on each."""

from datetime import UTC, date
from decimal import Decimal
from functools import cache
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from app.db.as_of import shadows
from app.domain.framework_vocabulary import EntitlementUnit
from app.domain.golden_thread import Cell, Thread, threads
from app.domain.observations import Observation
from app.domain.permissions import to_see_all
from app.domain.plan_facts import FindingFact
from app.queries.plan_facts import read_plan_facts
from app.queries.published import Published
from app.queries.reading import Moment, Reads

_SUPPORT: Final = """
select a.id, a.objective_id, a.team, a.unit, a.quantity, coalesce((select sum(d.quantity) from support_delivery d
    where d.trust_id = $1 and d.allocation_id = a.id and d."on" <= $4 and d.withdrawn_at is null), 0) as delivered
from support_allocation a where a.trust_id = $1 and a.plan_id = $2 and a.objective_id is not null and a.withdrawn_at is null
  and ($3::uuid[] is null or a.academy_id = any($3::uuid[]))
order by a.id"""
_OURS: Final = """(select p.academy_id from plan_academy p where p.trust_id = $1 and p.plan_id = $2
    and p.withdrawn_at is null and ($3::uuid[] is null or p.academy_id = any($3::uuid[])))"""
_SEEN: Final = f"""
select
  (select max(o."on") from observation o
    where o.trust_id = $1 and o.withdrawn_at is null and o."on" <= $4 and o.academy_id in {_OURS}) as last_observation_on,
  (select max(h."on") from review_held h
    where h.trust_id = $1 and h.withdrawn_at is null and h."on" <= $4 and h.academy_id in {_OURS}) as last_held_on,
  (select (max(r.signed_off_at) at time zone 'Europe/London')::date from assurance_review r
    where r.trust_id = $1 and r.status = 'signed_off' and r.withdrawn_at is null
      and r.academy_id in {_OURS}) as last_signed_off_on"""


class ThreadSupport(Published):
    """Support allocated to an objective of the thread."""

    allocationId: UUID
    team: str
    unit: EntitlementUnit
    quantity: Decimal
    delivered: Decimal


class ThreadObjective(Published):
    id: UUID
    code: str
    label: str | None
    targets: int
    lastEvidenceOn: date | None = Field(description="The last day evidence was added to one of its milestones.")


class GoldenThread(Published):
    """One finding, or one area or priority that no finding stands in."""

    kind: str = Field(description="`finding` or `area`.")
    id: UUID
    code: str
    label: str | None
    objectives: list[ThreadObjective]
    targets: int
    actions: int
    milestones: int
    support: list[ThreadSupport]
    lastEvidenceOn: date | None
    empty: list[Cell] = Field(description="What it lacks: the agenda.")


class GoldenThreads(Published):
    """The matrix. What was seen around the plan is told once: reviews and observations are of academies."""

    planId: UUID
    on: date
    rule: str
    lastReviewSignedOffOn: date | None = Field(description="The last assurance review signed off in its academies.")
    lastReviewHeldOn: date | None = Field(description="The last recurring review held in its academies.")
    lastObservationOn: date | None = Field(description="Null, too, for whoever may not see single observations.")
    threads: list[GoldenThread]
    empty: dict[str, int] = Field(description="How many threads lack each.")


async def read_golden_threads(reads: Reads, plan_id: UUID, moment: Moment) -> GoldenThreads:
    facts = await read_plan_facts(reads, plan_id, moment)
    sight = None if reads.actor.academies is None else sorted(reads.actor.academies)
    past: list[Any] = [] if moment.as_of is None else [moment.as_of.astimezone(UTC)]
    asked = (reads.actor.trust_id, plan_id, sight, moment.today, *past)
    support = await reads.rows(_as_it_was(_SUPPORT, past=bool(past)), *asked)
    seen = await reads.row(_as_it_was(_SEEN, past=bool(past)), *asked)
    assert seen is not None
    by_objective: dict[UUID, list[UUID]] = {}
    for row in support:
        by_objective.setdefault(row["objective_id"], []).append(row["id"])
    told = {row["id"]: _support(row) for row in support}
    found = threads(facts, by_objective)
    return GoldenThreads(
        planId=facts.id,
        on=facts.on,
        rule="golden_thread.findings_then_areas",
        lastReviewSignedOffOn=seen["last_signed_off_on"],
        lastReviewHeldOn=seen["last_held_on"],
        lastObservationOn=seen["last_observation_on"] if reads.actor.may(to_see_all(Observation)) else None,
        threads=[_told(one, told) for one in found],
        empty={str(cell): sum(cell in one.empty for one in found) for cell in Cell},
    )


@cache
def _as_it_was(query: str, *, past: bool) -> str:
    return shadows(query, "$5") + query if past else query


def _support(row: Any) -> ThreadSupport:
    return ThreadSupport(
        allocationId=row["id"], team=row["team"], unit=row["unit"], quantity=row["quantity"], delivered=row["delivered"]
    )


def _told(thread: Thread, support: dict[UUID, ThreadSupport]) -> GoldenThread:
    objectives = [
        ThreadObjective(
            id=one.id, code=one.code, label=one.label, targets=len(one.target_ids), lastEvidenceOn=one.last_evidence_on
        )
        for one in thread.objectives
    ]
    return GoldenThread(
        kind="finding" if isinstance(thread.start, FindingFact) else "area",
        id=thread.start.id,
        code=thread.start.code,
        label=thread.start.label,
        objectives=objectives,
        targets=len(thread.target_ids),
        actions=len(thread.action_ids),
        milestones=len(thread.milestone_ids),
        support=[support[one] for one in sorted(thread.allocation_ids)],
        lastEvidenceOn=thread.last_evidence_on,
        empty=list(thread.empty),
    )
