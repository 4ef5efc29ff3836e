"""The checks of a plan, as they are published: what each rule found, what is waived and why, what could not be asked."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from app.db.noun import Computed, Noun
from app.domain.check_waivers import CheckWaiver
from app.domain.framework_vocabulary import DefinitionStatus, Direction
from app.domain.plan_checks import Checking, Concern, Measure, check_plan, waiver_of
from app.domain.plan_facts import PlanFacts
from app.domain.plans import Plan
from app.domain.vocabulary import PlanRule
from app.queries.check_waivers import CHECK_WAIVERS
from app.queries.plan_facts import read_plan_facts
from app.queries.published import Published
from app.queries.reading import Moment, Reads, read_record
from app.queries.revival import calendar, read_all, revived, told

_FED: Final = (
    "exists (select 1 from reading r where r.trust_id = m.trust_id and r.metric_id = m.id and r.value is not null "
    "and r.superseded_by_id is null and (r.academy_id in (select pa.academy_id from plan_academy pa where pa.trust_id = {trust} "
    "and pa.plan_id = {t}.id and pa.withdrawn_at is null) or not exists (select 1 from plan_academy pa "
    "where pa.trust_id = {trust} and pa.plan_id = {t}.id and pa.withdrawn_at is null)))"
)
_METRICS: Final = (
    "select coalesce(json_agg(json_build_object('code', m.code, 'direction', m.direction, "
    f"'definitionStatus', m.definition_status, 'isFed', case m.feed when 'readings' then {_FED} end)), '[]') "
    "from metric m where m.trust_id = {trust} and m.withdrawn_at is null and m.code in ("
    "select g.metric from target g where g.trust_id = {trust} and g.plan_id = {t}.id and g.withdrawn_at is null)"
)
_PLAN_METRICS: Final = Noun(
    name="planMetrics",
    plural="plan-metrics",
    title="PlanMetrics",
    entity=Plan,
    doc="What the trust has recorded of the metrics that a plan's targets name.",
    fields=(Computed("metrics", _METRICS, Any),),
    filters={},
    sorts={},
)


class StandingWaiver(Published):
    """Why a rule need not hold of a record."""

    id: UUID
    because: str
    until: date | None = Field(description="The last day it counts; null: for good.")


class PlanConcern(Published):
    """What a rule found."""

    rule: PlanRule
    noun: str = Field(description="What kind of record it is about: `action`.")
    subjectId: UUID
    code: str
    sentence: str
    waived: bool
    waiver: StandingWaiver | None


class UnaskedRule(Published):
    """A rule that could not be asked, or not of everything."""

    rule: PlanRule
    sentence: str


class RuleCount(Published):
    """How often a rule found something."""

    rule: PlanRule
    open: int
    waived: int


class PlanChecks(Published):
    """Every rule asked of a plan on a day."""

    id: UUID
    code: str
    on: date
    limit: int = Field(description="From so many open actions on one person it is asked whether that is too much.")
    open: int
    waived: int
    byRule: list[RuleCount] = Field(description="Every rule, those that found nothing included.")
    concerns: list[PlanConcern]
    notEvaluable: list[UnaskedRule]


async def read_plan_checks(reads: Reads, plan_id: UUID, limit: int, moment: Moment) -> PlanChecks:
    plan = await read_plan_facts(reads, plan_id, moment)
    asked = Checking(
        plan=plan,
        calendar=await calendar(reads, moment),
        metrics=await _metrics(reads, plan_id, moment),
        heavy_load=limit,
    )
    trust_id = reads.actor.trust_id
    waivers = [
        revived(CheckWaiver, CHECK_WAIVERS, one, trust_id)
        for one in await read_all(reads, CHECK_WAIVERS, moment, planId=plan_id)
    ]
    return checks_of(asked, waivers)


async def _metrics(reads: Reads, plan_id: UUID, moment: Moment) -> dict[str, Measure]:
    found = told((await read_record(reads, _PLAN_METRICS, plan_id, moment)).body)["metrics"]
    return {
        one["code"]: Measure(
            higher_is_better=None if one["direction"] is None else one["direction"] == Direction.HIGHER,
            definition_status=DefinitionStatus(one["definitionStatus"]),
            is_fed=one["isFed"],
        )
        for one in found
    }


def checks_of(asked: Checking, waivers: Iterable[CheckWaiver]) -> PlanChecks:
    plan, waivers = asked.plan, list(waivers)
    concerns, unanswered = check_plan(asked)
    shown = [_concern(plan, one, waiver_of(one, waivers, on=plan.on)) for one in concerns]
    waived = Counter(one.rule for one in shown if one.waived)
    still_open = Counter(one.rule for one in shown if not one.waived)
    return PlanChecks(
        id=plan.id,
        code=plan.code,
        on=plan.on,
        limit=asked.heavy_load,
        open=still_open.total(),
        waived=waived.total(),
        byRule=[RuleCount(rule=rule, open=still_open[rule], waived=waived[rule]) for rule in PlanRule],
        concerns=shown,
        notEvaluable=[UnaskedRule(rule=one.rule, sentence=one.sentence) for one in unanswered],
    )


def _concern(plan: PlanFacts, concern: Concern, waiver: CheckWaiver | None) -> PlanConcern:
    noun, record = plan.records[concern.subject_id]
    return PlanConcern(
        rule=concern.rule,
        noun=noun,
        subjectId=concern.subject_id,
        code=record.code,
        sentence=concern.sentence,
        waived=waiver is not None,
        waiver=waiver and StandingWaiver(id=waiver.id, because=waiver.because, until=waiver.until),
    )
