"""Milestones, their evidence and their computed timeliness (C12), as they can be read."""

from typing import Final

from app.db.noun import Children, Computed, Filter, Noun, Sort, columns_of
from app.domain.evidence import Evidence
from app.domain.milestones import Milestone
from app.domain.vocabulary import Confidence, MeasureKind, MilestoneKind, MilestoneStatus, Timeliness
from app.queries.due_near import NEAR, PAST
from app.queries.narrowing import ACADEMY, BY_CODE, BY_DUE, BY_ID, DUE, PLAN, SOURCE, flag, reference, word
from app.queries.parents import AREA_CODE, OBJECTIVE_CODE, OF_AREA

# Source: the state machine's derived flags. Overdue asks for a resolved date; an unresolved one is never overdue.
_TIMELINESS = f"""case
  when {{t}}.status in ('withdrawn', 'superseded', 'partly_met', 'not_met') then 'closed'
  when {{t}}.due_ends_on is null then 'unresolved'
  when {{t}}.status = 'met' then case when {{t}}.met_on <= {{t}}.due_ends_on then 'met_on_time' else 'met_late' end
  when {PAST} then case {{t}}.status when 'submitted' then 'awaiting_review' when 'deferred' then 'due_soon' else 'overdue' end
  when {NEAR} then 'due_soon'
  else 'not_due' end"""

EVIDENCE: Final = Noun(
    name="evidence",
    plural="evidence",
    title="Evidence",
    entity=Evidence,
    doc="Notes of what shows that a milestone is so.",
    fields=columns_of(Evidence),
    filters={"planId": reference("plan_id"), "milestoneId": reference("milestone_id")},
    sorts={"id": BY_ID},
    default_sort="id",
)
MILESTONES: Final = Noun(
    name="milestone",
    plural="milestones",
    title="Milestone",
    entity=Milestone,
    doc="Dated statements of what will be so: lifecycle stored, confidence judged, timeliness computed.",
    fields=(
        *columns_of(Milestone),
        AREA_CODE,
        OBJECTIVE_CODE,
        Computed(
            "windowNo",
            "select w.no from milestone_window w where w.trust_id = {trust} and w.id = {t}.window_id",
            int | None,
            "Number of its window.",
        ),
        Computed("timeliness", _TIMELINESS, Timeliness, "Computed from due date, status and today; never stored."),
        Computed(
            "isOverdue", f"({_TIMELINESS}) = 'overdue'", bool, "Planned or in progress, and past its day and the grace."
        ),
        Children("evidence", lambda: EVIDENCE, "milestone_id", order="{t}.id"),
    ),
    filters={
        **PLAN,
        **ACADEMY,
        "areaId": OF_AREA,
        "objectiveId": reference("objective_id"),
        "windowId": reference("window_id"),
        "windowNo": Filter(
            "exists (select 1 from milestone_window w where w.trust_id = {trust} and w.id = {t}.window_id and w.no = {value})",
            "int",
            int,
            "In windows of this number.",
        ),
        "status": word("status", MilestoneStatus),
        "confidence": word("confidence", Confidence),
        "kind": word("kind", MilestoneKind),
        "measured": word("measured", MeasureKind),
        "groupId": reference("group_id"),
        "timeliness": Filter(f"({_TIMELINESS}) = {{value}}", "text", Timeliness, "Computed for today."),
        "comparatorAssumed": flag("{t}.measured = 'numeric' and {t}.comparator is null"),
        "dataPending": flag("{t}.data_pending"),
        **DUE,
        **SOURCE,
    },
    sorts={"code": BY_CODE, "dueEndsOn": BY_DUE, "no": Sort("{t}.no", "int")},
    clocked=True,
)
