"""Areas and priorities, as they can be read."""

from typing import Final

from app.db.noun import Children, Noun, Sort, columns_of
from app.domain.areas import Area
from app.domain.vocabulary import AreaKind
from app.queries.actions import ACTIONS
from app.queries.milestones import MILESTONES
from app.queries.narrowing import BY_CODE, NATURAL, PLAN, SOURCE, word
from app.queries.objectives import OBJECTIVES
from app.queries.statements import EVALUATION_METHODS, STATEMENTS

AREAS: Final = Noun(
    name="area",
    plural="areas",
    title="Area",
    entity=Area,
    doc="The first level below a plan: its areas, or its priorities.",
    fields=(
        *columns_of(Area),
        Children("statements", lambda: STATEMENTS, "area_id", order="{t}.kind, " + NATURAL),
        Children("evaluationMethods", lambda: EVALUATION_METHODS, "area_id", order=NATURAL),
        Children("objectives", lambda: OBJECTIVES, "area_id"),
        Children("actions", lambda: ACTIONS, "area_id", order=NATURAL),
        Children("milestones", lambda: MILESTONES, "area_id"),
    ),
    filters={**PLAN, "kind": word("kind", AreaKind), **SOURCE},
    sorts={"code": BY_CODE, "no": Sort("{t}.no", "int")},
    default_sort="no",
)
