"""Maturity stages and the measures that point to them, as they can be read."""

from typing import Final

from app.db.noun import Children
from app.domain.framework_vocabulary import MeasureRole, Period
from app.domain.stages import IndicativeMeasure, MaturityStage
from app.queries.benchmarks import BENCHMARKS
from app.queries.cadences import CADENCE_RULES
from app.queries.entitlements import ENTITLEMENT_RULES
from app.queries.framework_parts import framework_part
from app.queries.narrowing import IN_ORDER, STAGE, equals, flag, word
from app.queries.parents import STAGE_CODE, code_of
from app.queries.statements import FRAMEWORK_STATEMENTS
from app.queries.template_items import TEMPLATE_ITEMS

INDICATIVE_MEASURES: Final = framework_part(
    IndicativeMeasure,
    STAGE_CODE,
        code_of(
            "inspectionGradeCode", "inspection_grade", "inspection_grade_id",
            doc="Code of the grade that points to the stage.", optional=True,
        ),
    name="indicativeMeasure",
    plural="indicative-measures",
    doc="Figures and inspection grades that point to a stage. They suggest; people decide.",
    filters={**STAGE,
        "metric": equals("metric"),
        "role": word("role", MeasureRole),
        "graded": flag("{t}.inspection_grade_id is not null", "Tests an inspection grade.")},
)  # fmt: skip
MATURITY_STAGES: Final = framework_part(
    MaturityStage,
    Children("statements", lambda: FRAMEWORK_STATEMENTS, "stage_id", order="{t}.kind, " + IN_ORDER),
    Children("measures", lambda: INDICATIVE_MEASURES, "stage_id", order=IN_ORDER),
    Children("benchmarks", lambda: BENCHMARKS, "stage_id", order=IN_ORDER),
    Children("templateItems", lambda: TEMPLATE_ITEMS, "stage_id", order=IN_ORDER),
    Children("entitlements", lambda: ENTITLEMENT_RULES, "stage_id", order=IN_ORDER),
    Children("cadences", lambda: CADENCE_RULES, "stage_id", order=IN_ORDER),
    name="maturityStage",
    plural="maturity-stages",
    doc="The stages of a framework, in order. They are not the time-boxed phases of a plan.",
    filters={
        "durationUnit": word("duration_unit", Period),
        "openEnded": flag("{t}.open_ended"),
        "hasDuration": flag("{t}.duration_unit is not null", "A duration is printed."),
    },
    default_sort="no",
)
