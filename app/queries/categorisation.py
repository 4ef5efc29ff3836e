"""What categories rest on and what was decided: outcomes, assessments, suggestions and decisions, as they can be read."""

from typing import Final

from app.db.noun import Noun, Scope, Sort, columns_of
from app.domain.benchmark_assessments import BenchmarkAssessment
from app.domain.categorisation import CategoryDecision, CategorySuggestion
from app.domain.inspection_outcomes import InspectionOutcome
from app.domain.review_vocabulary import Agreement, Held
from app.queries.narrowing import BY_ID, OF_ACADEMY, reference, word
from app.queries.parents import ACADEMY_CODE, STAGE_CODE, STAGE_CODE_IF_ANY, code_of

INSPECTION_OUTCOMES: Final = Noun(
    name="inspectionOutcome",
    plural="inspection-outcomes",
    title="InspectionOutcome",
    entity=InspectionOutcome,
    doc="What inspections judged of academies, in the grades of their own inspection framework.",
    fields=(
        *columns_of(InspectionOutcome),
        ACADEMY_CODE,
        code_of("gradeCode", "inspection_grade", "inspection_grade_id", doc="Code of the grade."),
    ),
    filters={
        **OF_ACADEMY,
        "inspectionFrameworkId": reference("inspection_framework_id", "By this inspection framework."),
        "inspectionGradeId": reference("inspection_grade_id", "With this grade."),
    },
    sorts={"id": BY_ID, "inspectedOn": Sort("{t}.inspected_on", "date")},
    scope=Scope.ACADEMY,
    default_sort="id",
)
BENCHMARK_ASSESSMENTS: Final = Noun(
    name="benchmarkAssessment",
    plural="benchmark-assessments",
    title="BenchmarkAssessment",
    entity=BenchmarkAssessment,
    doc="Whether the benchmarks of a framework hold of an academy, as somebody judged them on a day.",
    fields=(
        *columns_of(BenchmarkAssessment),
        ACADEMY_CODE,
        code_of("benchmarkCode", "benchmark", "benchmark_id", doc="Code of the benchmark."),
    ),
    filters={
        **OF_ACADEMY,
        "frameworkId": reference("framework_id", "Under this framework version."),
        "benchmarkId": reference("benchmark_id", "Of this benchmark."),
        "judgement": word("judgement", Held),
    },
    sorts={"id": BY_ID, "on": Sort('{t}."on"', "date")},
    scope=Scope.ACADEMY,
    default_sort="id",
)
CATEGORY_SUGGESTIONS: Final = Noun(
    name="categorySuggestion",
    plural="category-suggestions",
    title="CategorySuggestion",
    entity=CategorySuggestion,
    doc="What the measures of a framework said of an academy on a day, with the whole explanation, as it was put on record.",
    fields=(*columns_of(CategorySuggestion), ACADEMY_CODE, STAGE_CODE_IF_ANY),
    filters={
        **OF_ACADEMY,
        "frameworkId": reference("framework_id", "Under this framework version."),
        "agreement": word("agreement", Agreement),
    },
    sorts={"id": BY_ID, "on": Sort('{t}."on"', "date")},
    scope=Scope.ACADEMY,
    default_sort="id",
)
CATEGORY_DECISIONS: Final = Noun(
    name="categoryDecision",
    plural="category-decisions",
    title="CategoryDecision",
    entity=CategoryDecision,
    doc="The categories that meetings agreed, each with its reasons. Nothing in a decision changes: another takes its place.",
    fields=(*columns_of(CategoryDecision), ACADEMY_CODE, STAGE_CODE),
    filters={
        **OF_ACADEMY,
        "frameworkId": reference("framework_id", "Under this framework version."),
        "stageId": reference("stage_id", "For this stage."),
    },
    sorts={"id": BY_ID, "effectiveFrom": Sort("{t}.effective_from", "date")},
    scope=Scope.ACADEMY,
    default_sort="id",
)
