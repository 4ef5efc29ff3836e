"""Cadence rules, as they can be read."""

from typing import Final

from app.db.noun import Noun, Scope, columns_of
from app.domain.cadences import CadenceRule
from app.domain.framework_vocabulary import Period
from app.queries.narrowing import BY_CODE, BY_NO, FRAMEWORK, SOURCE, STAGE, equals, flag, word
from app.queries.parents import CONDITION_CODE, STAGE_CODE_IF_ANY

CADENCE_RULES: Final = Noun(
    name="cadenceRule",
    plural="cadence-rules",
    title="CadenceRule",
    entity=CadenceRule,
    doc="Reviews, visits and meetings that recur. One without a cadence is kept, and is never due.",
    fields=(*columns_of(CadenceRule), STAGE_CODE_IF_ANY, CONDITION_CODE),
    filters={
        **FRAMEWORK,
        **STAGE,
        "ofStage": flag("{t}.stage_id is not null", "For one stage; false: for every stage."),
        "unit": word("unit", Period),
        "printedList": equals("printed_list", doc="The list it is printed in."),
        "hasCadence": flag(
            "{t}.every_min is not null or {t}.times is not null or {t}.anchors <> '{{}}'", "Says how often."
        ),
        **SOURCE,
    },
    sorts={"code": BY_CODE, "no": BY_NO},
    scope=Scope.TRUST,
)
