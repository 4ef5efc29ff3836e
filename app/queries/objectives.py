"""Objectives and what they serve, as they can be read."""

from typing import Final
from uuid import UUID

from app.db.noun import Children, Filter, Noun, Sort, columns_of
from app.domain.objectives import CrossReference, Objective, ObjectiveTarget
from app.queries.actions import ACTIONS
from app.queries.milestones import MILESTONES
from app.queries.narrowing import ACADEMY, AREA, BY_CODE, BY_ID, NATURAL, PLAN, SOURCE, reference
from app.queries.parents import OWN_AREA_CODE

OBJECTIVE_TARGETS: Final = Noun(
    name="objectiveTarget",
    plural="objective-targets",
    title="ObjectiveTarget",
    entity=ObjectiveTarget,
    doc="Which targets an objective serves; many to many.",
    fields=columns_of(ObjectiveTarget),
    filters={
        "planId": reference("plan_id"),
        "objectiveId": reference("objective_id"),
        "targetId": reference("target_id"),
    },
    sorts={"id": BY_ID},
    default_sort="id",
)
CROSS_REFERENCES: Final = Noun(
    name="crossReference",
    plural="cross-references",
    title="CrossReference",
    entity=CrossReference,
    doc="Places where a plan points at another of its parts. Never counted as actions.",
    fields=columns_of(CrossReference),
    filters={**PLAN, "objectiveId": reference("objective_id"), **SOURCE},
    sorts={"code": BY_CODE},
)
OBJECTIVES: Final = Noun(
    name="objective",
    plural="objectives",
    title="Objective",
    entity=Objective,
    doc="Objectives of a plan.",
    fields=(
        *columns_of(Objective),
        OWN_AREA_CODE,
        Children("targets", lambda: OBJECTIVE_TARGETS, "objective_id", order="{t}.target_id"),
        Children("milestones", lambda: MILESTONES, "objective_id", order=NATURAL),
        Children("actions", lambda: ACTIONS, "objective_id", order=NATURAL),
        Children("crossReferences", lambda: CROSS_REFERENCES, "objective_id", order=NATURAL),
    ),
    filters={
        **PLAN,
        **AREA,
        **ACADEMY,
        "findingId": reference("finding_id"),
        "targetId": Filter(
            "exists (select 1 from objective_target o where o.trust_id = {trust} and o.objective_id = {t}.id "
            "and o.target_id = {value} and o.withdrawn_at is null)",
            "uuid",
            UUID,
            "Objectives that serve this target.",
        ),
        **SOURCE,
    },
    sorts={"code": BY_CODE, "no": Sort("{t}.no", "int")},
)
