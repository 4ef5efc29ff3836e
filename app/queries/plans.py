"""Plans, as they can be read: the record for lists, the whole tree for the page."""

from typing import Final
from uuid import UUID

from app.db.noun import Children, Filter, Noun, Sort, columns_of
from app.domain.plans import Plan, PlanAcademy, PlanPhase
from app.domain.vocabulary import PlanStatus, PlanType
from app.queries.areas import AREAS
from app.queries.budgets import BUDGETS
from app.queries.narrowing import ACADEMY, BY_AREA, BY_CODE, BY_ID, NATURAL, PLAN, SOURCE, equals, reference, word
from app.queries.statements import FINDINGS, STATEMENTS
from app.queries.targets import STATUTORY_TARGETS, TARGETS
from app.queries.windows import MILESTONE_WINDOWS

PLAN_ACADEMIES: Final = Noun(
    name="planAcademy",
    plural="plan-academies",
    title="PlanAcademy",
    entity=PlanAcademy,
    doc="Which academies a plan is for. A plan with none is for the whole trust.",
    fields=columns_of(PlanAcademy),
    filters={"planId": reference("plan_id"), "academyId": reference("academy_id")},
    sorts={"id": BY_ID},
    default_sort="id",
)
PLAN_PHASES: Final = Noun(
    name="planPhase",
    plural="plan-phases",
    title="PlanPhase",
    entity=PlanPhase,
    doc="The plan's time-boxed phases.",
    fields=(
        *columns_of(PlanPhase),
        Children("windows", lambda: MILESTONE_WINDOWS, "phase_id"),
        Children("budgets", lambda: BUDGETS, "phase_id", order=NATURAL),
    ),
    filters=PLAN,
    sorts={"code": BY_CODE, "startsOn": Sort("{t}.starts_on", "date")},
)
PLANS: Final = Noun(
    name="plan",
    plural="plans",
    title="Plan",
    entity=Plan,
    doc="Improvement plans. `/v1/plans/{id}` is the record, `/v1/plans/{id}/page` the plan with everything in it.",
    fields=(
        *columns_of(Plan),
        Children("academies", lambda: PLAN_ACADEMIES, "plan_id", order="{t}.academy_id"),
        Children("statements", lambda: STATEMENTS, "plan_id", order="{t}.kind, " + NATURAL, only="{t}.area_id is null"),
        Children("phases", lambda: PLAN_PHASES, "plan_id"),
        Children("findings", lambda: FINDINGS, "plan_id", order=NATURAL),
        Children("targets", lambda: TARGETS, "plan_id", order=BY_AREA),
        Children("areas", lambda: AREAS, "plan_id"),
        Children(
            "statutoryTargets", lambda: STATUTORY_TARGETS, "plan_id", order="{t}.measure, {t}.year, {t}.site, {t}.kind"
        ),
    ),
    filters={
        "code": equals("code"),
        "type": word("type", PlanType),
        "status": word("status", PlanStatus),
        "academyId": Filter(
            ACADEMY["academyId"].sql.replace("{t}.plan_id", "{t}.id"), "uuid", UUID, "Plans for this academy."
        ),
        **SOURCE,
    },
    sorts={"code": BY_CODE, "startsOn": Sort("{t}.starts_on", "date"), "endsOn": Sort("{t}.ends_on", "date")},
)
