"""Cadence rules, as they can be read."""

from typing import Final

from app.domain.cadences import CadenceRule
from app.domain.framework_vocabulary import Period
from app.queries.framework_parts import framework_part
from app.queries.narrowing import STAGE, equals, flag, word
from app.queries.parents import CONDITION_CODE, STAGE_CODE_IF_ANY

CADENCE_RULES: Final = framework_part(
    CadenceRule,
    STAGE_CODE_IF_ANY,
    CONDITION_CODE,
    name="cadenceRule",
    plural="cadence-rules",
    doc="Reviews, visits and meetings that recur. One without a cadence is kept, and is never due.",
    filters={
        **STAGE,
        "ofStage": flag("{t}.stage_id is not null", "For one stage; false: for every stage."),
        "unit": word("unit", Period),
        "printedList": equals("printed_list", doc="The list it is printed in."),
        "hasCadence": flag(
            "{t}.every_min is not null or {t}.times is not null or {t}.anchors <> '{{}}'", "Says how often."
        ),
    },
)
