"""Head teachers' reports, assurance reviews, their evidence and ratings, as they can be read."""

from typing import Final

from app.db.noun import Children, Computed, Noun, Scope, Sort, columns_of
from app.domain.head_reports import HeadReport, HeadReportSection
from app.domain.review_vocabulary import ReportStatus, ReviewStatus, SuggestionStatus
from app.domain.reviews import AssuranceRating, AssuranceReview, ReviewEvidence
from app.queries.narrowing import BY_ID, OF_ACADEMY, equals, reference, word
from app.queries.parents import ACADEMY_CODE, code_of

_OF_TERM: Final = {
    **OF_ACADEMY,
    "frameworkId": reference("framework_id", "Under this framework version."),
    "termId": reference("term_id", "Of this term."),
}
_LINE_CODE: Final = code_of("lineCode", "assurance_line", "line_id", doc="Code of its line.")
_TERM: Final = Computed(
    "termStartsOn",
    "select r.starts_on from term r where r.trust_id = {trust} and r.id = {t}.term_id",
    str,
    "First day of its term.",
)
HEAD_REPORT_SECTIONS: Final = Noun(
    name="headReportSection",
    plural="head-report-sections",
    title="HeadReportSection",
    entity=HeadReportSection,
    doc="What a head teacher reports under one section that the framework asks for.",
    fields=(
        *columns_of(HeadReportSection),
        code_of("sectionCode", "report_section", "section_id", doc="Code of the section it answers."),
    ),
    filters={**OF_ACADEMY, "reportId": reference("report_id", "Sections of this report.")},
    sorts={"id": BY_ID},
    scope=Scope.ACADEMY,
    default_sort="id",
)
HEAD_REPORTS: Final = Noun(
    name="headReport",
    plural="head-reports",
    title="HeadReport",
    entity=HeadReport,
    doc="The head teacher's termly report. A review opens once it is submitted.",
    fields=(
        *columns_of(HeadReport),
        ACADEMY_CODE,
        Children(
            "sections", lambda: HEAD_REPORT_SECTIONS, "report_id",
            order="(select s.no from report_section s where s.trust_id = {t}.trust_id and s.id = {t}.section_id), {t}.id",
        ),
    ),
    filters={**_OF_TERM, "status": word("status", ReportStatus)},
    sorts={"id": BY_ID},
    scope=Scope.ACADEMY,
    default_sort="id",
)  # fmt: skip
REVIEW_EVIDENCE: Final = Noun(
    name="reviewEvidence",
    plural="review-evidence",
    title="ReviewEvidence",
    entity=ReviewEvidence,
    doc="What was known of each indicator when a review opened. Readings restated afterwards change nothing in it.",
    fields=(
        *columns_of(ReviewEvidence),
        _LINE_CODE,
        code_of("indicatorCode", "indicator", "indicator_id", doc="Code of its indicator."),
    ),
    filters={
        **OF_ACADEMY,
        "reviewId": reference("review_id", "Evidence of this review."),
        "lineId": reference("line_id", "Evidence of this line."),
        "metric": equals("metric"),
    },
    sorts={"id": BY_ID},
    scope=Scope.ACADEMY,
    default_sort="id",
)
ASSURANCE_RATINGS: Final = Noun(
    name="assuranceRating",
    plural="assurance-ratings",
    title="AssuranceRating",
    entity=AssuranceRating,
    doc="How people rate a line of a review, what the figures suggested, and what moderation changed.",
    fields=(
        *columns_of(AssuranceRating),
        _LINE_CODE,
        code_of("levelCode", "rating_level", "level_id", doc="Code of the level."),
        code_of("suggestedLevelCode", "rating_level", "suggested_level_id", doc="Code of the suggested level.", optional=True),
    ),
    filters={
        **OF_ACADEMY,
        "reviewId": reference("review_id", "Ratings of this review."),
        "lineId": reference("line_id", "Ratings of this line."),
        "levelId": reference("level_id", "Ratings with this level."),
        "suggestion": word("suggestion", SuggestionStatus),
    },
    sorts={"id": BY_ID},
    scope=Scope.ACADEMY,
    default_sort="id",
)  # fmt: skip
ASSURANCE_REVIEWS: Final = Noun(
    name="assuranceReview",
    plural="assurance-reviews",
    title="AssuranceReview",
    entity=AssuranceReview,
    doc="Reviews of an academy in a term. Once signed off nothing in one changes; another supersedes it.",
    fields=(
        *columns_of(AssuranceReview),
        ACADEMY_CODE,
        _TERM,
        Children("ratings", lambda: ASSURANCE_RATINGS, "review_id", order="{t}.id"),
    ),
    filters={**_OF_TERM, "status": word("status", ReviewStatus)},
    sorts={"id": BY_ID, "scheduledOn": Sort("coalesce({t}.scheduled_on, 'infinity'::date)", "date")},
    scope=Scope.ACADEMY,
    default_sort="id",
)
