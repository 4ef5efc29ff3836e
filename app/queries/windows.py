"""Milestone windows, as they can be read."""

from typing import Final

from app.db.noun import Noun, Sort, columns_of
from app.domain.windows import MilestoneWindow
from app.queries.narrowing import BY_CODE, BY_DUE, PLAN, SOURCE, reference

MILESTONE_WINDOWS: Final = Noun(
    name="milestoneWindow",
    plural="milestone-windows",
    title="MilestoneWindow",
    entity=MilestoneWindow,
    doc="The dates by which a group of statements is checked.",
    fields=columns_of(MilestoneWindow),
    filters={**PLAN, "phaseId": reference("phase_id"), **SOURCE},
    sorts={"code": BY_CODE, "no": Sort("{t}.no", "int"), "dueEndsOn": BY_DUE},
)
