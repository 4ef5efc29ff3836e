"""Inspection frameworks, their areas and grades, as they can be read."""

from datetime import date
from typing import Final

from app.db.noun import Children, Filter, Noun, Scope, Sort, columns_of
from app.domain.framework_vocabulary import InspectionVerdict
from app.domain.inspection import InspectionArea, InspectionFramework, InspectionGrade
from app.queries.narrowing import BY_CODE, IN_ORDER, NATURAL, SOURCE, equals, flag, reference, word

_OWN: Final = {
    "inspectionFrameworkId": reference("inspection_framework_id", "Of this inspection framework."),
    "code": equals("code"),
    "verdict": word("verdict", InspectionVerdict),
}
INSPECTION_AREAS: Final = Noun(
    name="inspectionArea",
    plural="inspection-areas",
    title="InspectionArea",
    entity=InspectionArea,
    doc="What inspectors judge on its own.",
    fields=columns_of(InspectionArea),
    filters={**_OWN, **SOURCE},
    sorts={"code": BY_CODE, "no": Sort("{t}.no", "int")},
    scope=Scope.TRUST,
)
INSPECTION_GRADES: Final = Noun(
    name="inspectionGrade",
    plural="inspection-grades",
    title="InspectionGrade",
    entity=InspectionGrade,
    doc="The judgements there can be. Grades are never translated from one inspection framework to another.",
    fields=columns_of(InspectionGrade),
    filters={**_OWN, "ranked": flag("{t}.rank is not null", "Has a place in the order."), **SOURCE},
    sorts={"code": BY_CODE, "rank": Sort("coalesce({t}.rank, 2147483647)", "int")},
    scope=Scope.TRUST,
)
INSPECTION_FRAMEWORKS: Final = Noun(
    name="inspectionFramework",
    plural="inspection-frameworks",
    title="InspectionFramework",
    entity=InspectionFramework,
    doc="What inspectors judged by, and when.",
    fields=(
        *columns_of(InspectionFramework),
        Children("areas", lambda: INSPECTION_AREAS, "inspection_framework_id", order=IN_ORDER),
        Children(
            "grades", lambda: INSPECTION_GRADES, "inspection_framework_id", order="{t}.verdict, {t}.rank, " + NATURAL
        ),
    ),
    filters={
        "code": equals("code"),
        "usedOn": Filter(
            "coalesce({t}.valid_from <= {value}, true) and coalesce({t}.valid_to >= {value}, true)", "date", date,
            "Inspections were by it on this day.",
        ),
        **SOURCE,
    },
    sorts={"code": BY_CODE},
    scope=Scope.TRUST,
)  # fmt: skip
