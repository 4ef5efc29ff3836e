"""A plan's records told flat, in one statement: what its progress, checks and coverage are worked out from."""

from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.db.noun import Computed, Noun
from app.domain.plan_facts import PlanFacts
from app.domain.plans import Plan
from app.queries.actions import ACTION_STEPS, ACTIONS
from app.queries.areas import AREAS
from app.queries.due_near import NEAR, PAST
from app.queries.flags import DATA_QUALITY_FLAGS
from app.queries.milestones import MILESTONES
from app.queries.objectives import CROSS_REFERENCES, OBJECTIVES
from app.queries.plans import PLAN_PHASES, PLANS
from app.queries.reading import Moment, Reads, read_record
from app.queries.revival import told
from app.queries.statements import FINDINGS
from app.queries.summaries import plan_records
from app.queries.targets import TARGETS
from app.queries.windows import MILESTONE_WINDOWS

_DUE_SOON: Final = f"coalesce({{t}}.status in ('not_started', 'in_progress') and {NEAR} and not {PAST}, false)"
_AREA_ID: Final = (
    "coalesce({t}.area_id, (select o.area_id from objective o where o.trust_id = {trust} and o.id = {t}.objective_id))"
)
_LEADS: Final = (
    "select coalesce(json_agg(distinct l.person_id), '[]') from responsibility l where l.trust_id = {trust} "
    "and l.action_id = {t}.id and l.step_id is null and l.role = 'lead' and l.withdrawn_at is null"
)
_TARGETS: Final = (
    "select coalesce(json_agg(o.target_id), '[]') from objective_target o where o.trust_id = {trust} "
    "and o.objective_id = {t}.id and o.withdrawn_at is null"
)
_VERSIONS: Final = (
    "select coalesce(json_agg(json_build_object('revision', v.revision, 'comparator', v.comparator, 'value', v.value) "
    "order by v.revision), '[]') from target_version v where v.trust_id = {trust} and v.target_id = {t}.id"
)
_EVIDENCE: Final = (
    "select (max(e.recorded_at) at time zone 'Europe/London')::date from milestone m "
    "join evidence v on v.trust_id = m.trust_id and v.milestone_id = m.id and v.withdrawn_at is null "
    "join event e on e.trust_id = v.trust_id and e.subject_id = v.id and e.type = 'evidence.created' "
    "where m.trust_id = {trust} and m.objective_id = {t}.id"
)
_PEOPLE: Final = (
    "select coalesce(json_agg(json_build_object('id', p.id, 'code', p.code, 'label', p.label) "
    "order by p.code collate \"C\"), '[]') from person p where p.trust_id = {trust} and exists ("
    "select 1 from responsibility l where l.trust_id = {trust} and l.plan_id = {t}.id and l.person_id = p.id "
    "and l.withdrawn_at is null)"
)
_DUE: Final = ("duePrinted", "dueKind", "dueEndsOn")


def _with(noun: Noun, **more: str) -> Noun:
    """The noun with values of our own, none of them published."""
    return replace(noun, fields=(*noun.columns(), *(Computed(name, sql, Any) for name, sql in more.items())))


def _rows(name: str, noun: Noun, *fields: str, order: str = "id") -> Computed:
    records = plan_records(noun, " ".join(f'"{field}"' for field in ("id", order, *fields)))
    sql = f'select coalesce(json_agg(row_to_json(q) order by length(q."{order}"::text), q."{order}"::text collate "C"), \'[]\')'
    return Computed(name, f"{sql} from ({records}) q", Any)


def _coded(name: str, noun: Noun, *fields: str) -> Computed:
    return _rows(name, noun, *fields, order="code")


PLAN_FACTS: Final = Noun(
    name="planFacts",
    plural="plan-facts",
    title="PlanFacts",
    entity=Plan,
    doc="A plan and what is in use in it.",
    fields=(
        *(item for item in PLANS.columns() if item.name in ("id", "code", "title", "startsOn", "endsOn")),
        Computed("on", "{today}", date),
        _rows("areas", AREAS, "code", "label", "kind", order="no"),
        _coded("phases", PLAN_PHASES, "no"),
        _coded("windows", MILESTONE_WINDOWS, "no", "phaseId", *_DUE),
        Computed("people", _PEOPLE, Any),
        _coded("findings", FINDINGS, "label", "areaId"),
        _coded(
            "objectives",
            _with(OBJECTIVES, targetIds=_TARGETS, lastEvidenceOn=_EVIDENCE),
            *("label", "areaId", "findingId", "targetIds", "lastEvidenceOn"),
        ),
        _coded(
            "actions",
            _with(
                replace(ACTIONS, fields=tuple(one for one in ACTIONS.columns() if one.name != "areaId")),
                areaId=_AREA_ID,
                isDueSoon=_DUE_SOON,
                leadIds=_LEADS,
            ),
            *("label", "areaId", "objectiveId", "status", "isOverdue", "isDueSoon", "leadIds"),
            *_DUE,
        ),
        _coded("steps", ACTION_STEPS, "label", "no", "actionId", *_DUE),
        _coded(
            "milestones",
            _with(
                replace(MILESTONES, fields=tuple(one for one in MILESTONES.columns() if one.name != "areaId")),
                areaId=_AREA_ID,
            ),
            *("label", "areaId", "objectiveId", "windowId", "kind", "status", "measured", "timeliness"),
            *_DUE,
        ),
        _coded(
            "targets",
            _with(TARGETS, versions=_VERSIONS),
            *(
                "label",
                "areaId",
                "phaseId",
                "kind",
                "metric",
                "groupId",
                "gapGroupId",
                "gapOfficial",
                "comparator",
                "value",
                "revision",
                "versions",
            ),
        ),
        _rows(
            "flags",
            replace(DATA_QUALITY_FLAGS, filters={}),
            *("code", "onNoun", "recordId", "detail", "resolvedAt"),
        ),
        Computed("crossReferences", f"select count(*) from ({plan_records(CROSS_REFERENCES, '')}) q", int),
    ),
    filters={},
    sorts={},
)


async def read_plan_facts(reads: Reads, plan_id: UUID, moment: Moment) -> PlanFacts:
    """In one statement, whatever the plan holds."""
    facts = told((await read_record(reads, PLAN_FACTS, plan_id, moment)).body)
    facts["flags"] = [flag for flag in facts["flags"] if flag["resolvedAt"] is None]
    return PlanFacts.model_validate(facts)
