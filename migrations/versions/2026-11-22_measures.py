"""Measures and what is made of them: metrics, readings, observations, reviews, categories, support, releases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import secure

revision = "0005_measures"
down_revision = "0004_frameworks"
branch_labels = None
depends_on = None

TABLES = (
    "metric",
    "reading_batch",
    "release",
    "check_waiver",
    "observation",
    "reading",
    "series_break",
    "category_suggestion",
    "head_report",
    "inspection_outcome",
    "released_figure",
    "assurance_review",
    "benchmark_assessment",
    "category_decision",
    "head_report_section",
    "review_held",
    "target_point",
    "assurance_rating",
    "support_allocation",
    "review_evidence",
    "support_delivery",
)
CHECKS = {
    "ck_target_one_gap": "gap_group_id is null or gap_official is null",
    "ck_target_trend_word": "trend in ('rising', 'falling', 'not_falling', 'not_rising')",
    "ck_target_gap_official_word": "gap_official in "
    "('england', 'england_other', 'local_authority', 'similar_schools', 'expectation')",
}


def upgrade() -> None:
    op.create_table(
        "metric",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("definition", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("direction", sa.Text(), nullable=True),
        sa.Column("numerator", sa.String(), nullable=True),
        sa.Column("denominator", sa.String(), nullable=True),
        sa.Column("cohort_basis", sa.String(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("definition_status", sa.Text(), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("source_system", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("range_min", sa.Numeric(), nullable=True),
        sa.Column("range_max", sa.Numeric(), nullable=True),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("smallest_shown", sa.Integer(), nullable=False),
        sa.CheckConstraint("basis in ('period_to_date', 'period', 'point')", name=op.f("ck_metric_basis_word")),
        sa.CheckConstraint(
            "definition_status in ('defined', 'local_undefined')", name=op.f("ck_metric_definition_status_word")
        ),
        sa.CheckConstraint("direction in ('higher', 'lower')", name=op.f("ck_metric_direction_word")),
        sa.CheckConstraint(
            "feed in ('readings', 'observed_good_or_better', 'observed_outstanding')", name=op.f("ck_metric_feed_word")
        ),
        sa.CheckConstraint(
            "range_min is null or range_max is null or range_max > range_min", name=op.f("ck_metric_range")
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_metric_valid")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_metric")),
        sa.UniqueConstraint("trust_id", "code", name=op.f("uq_metric_trust_id_code")),
    )
    op.create_table(
        "reading_batch",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("as_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("academy_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("restated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_reading_batch")),
    )
    op.create_table(
        "release",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("metrics", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("grain", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.Integer(), nullable=False),
        sa.Column("protected", sa.Integer(), nullable=False),
        sa.Column("withheld", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.CheckConstraint(
            "grain in ('annual', 'term', 'half_term', 'month', 'week', 'window')", name=op.f("ck_release_grain_word")
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_release")),
        sa.UniqueConstraint("trust_id", "code", name=op.f("uq_release_trust_id_code")),
    )
    op.create_table(
        "check_waiver",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "rule in ('plan.objective_without_measure', 'plan.action_without_lead', 'plan.action_without_date', 'plan.milestone_without_date', 'plan.milestone_after_plan', 'plan.target_easier', 'plan.finding_without_objective', 'plan.too_much_on_one', 'plan.objective_without_evidence', 'plan.metric_undefined', 'plan.metric_without_feed', 'plan.out_of_sequence')",
            name=op.f("ck_check_waiver_rule_word"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name=op.f("fk_check_waiver_trust_id_plan_id")
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_check_waiver")),
        sa.UniqueConstraint(
            "trust_id",
            "plan_id",
            "rule",
            "subject_id",
            "until",
            name=op.f("uq_check_waiver_trust_id_plan_id_rule_subject_id_until"),
        ),
    )
    op.create_index("ix_check_waiver_plan_id", "check_waiver", ["trust_id", "plan_id"], unique=False)
    op.create_table(
        "observation",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("academy_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("observers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("year_group", sa.String(), nullable=True),
        sa.Column("groups_seen", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("focus", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("judged", sa.Boolean(), nullable=False),
        sa.Column("progress_grade", sa.Text(), nullable=True),
        sa.Column("strengths", sa.String(), nullable=True),
        sa.Column("next_steps", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind in ('lesson', 'learning_walk', 'book_scrutiny', 'strand_review')",
            name=op.f("ck_observation_kind_word"),
        ),
        sa.CheckConstraint(
            "progress_grade in ('outstanding', 'good', 'requires_improvement', 'inadequate')",
            name=op.f("ck_observation_progress_grade_word"),
        ),
        sa.CheckConstraint("progress_grade is null or judged", name=op.f("ck_observation_grade")),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"],
            ["academy.trust_id", "academy.id"],
            name=op.f("fk_observation_trust_id_academy_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_observation")),
        sa.UniqueConstraint("trust_id", "academy_id", "id", name=op.f("uq_observation_trust_id_academy_id_id")),
    )
    op.create_index("ix_observation_academy_id", "observation", ["trust_id", "academy_id"], unique=False)
    op.create_table(
        "reading",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("metric_id", sa.Uuid(), nullable=False),
        sa.Column("metric_version", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Uuid(), nullable=True),
        sa.Column("official", sa.Text(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("grain", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Numeric(), nullable=True),
        sa.Column("absence", sa.Text(), nullable=True),
        sa.Column("numerator", sa.Numeric(), nullable=True),
        sa.Column("denominator", sa.Numeric(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("superseded_by_id", sa.Uuid(), nullable=True),
        sa.Column("superseded_in_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "absence in ('not_collected', 'not_applicable', 'suppressed', 'not_available', 'awaiting_results')",
            name=op.f("ck_reading_absence_word"),
        ),
        sa.CheckConstraint(
            "grain in ('annual', 'term', 'half_term', 'month', 'week', 'window')", name=op.f("ck_reading_grain_word")
        ),
        sa.CheckConstraint(
            "official in ('england', 'england_other', 'local_authority', 'similar_schools', 'expectation')",
            name=op.f("ck_reading_official_word"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_reading_period")),
        sa.CheckConstraint("num_nonnulls(academy_id, official) > 0", name=op.f("ck_reading_of")),
        sa.CheckConstraint("num_nonnulls(value, absence) = 1", name=op.f("ck_reading_value")),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"], ["academy.trust_id", "academy.id"], name=op.f("fk_reading_trust_id_academy_id")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "batch_id"],
            ["reading_batch.trust_id", "reading_batch.id"],
            name=op.f("fk_reading_trust_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "group_id"],
            ["pupil_group.trust_id", "pupil_group.id"],
            name=op.f("fk_reading_trust_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "metric_id"], ["metric.trust_id", "metric.id"], name=op.f("fk_reading_trust_id_metric_id")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "supersedes_id"],
            ["reading.trust_id", "reading.id"],
            name=op.f("fk_reading_trust_id_supersedes_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_reading")),
    )
    op.create_index("ix_reading_academy_id", "reading", ["trust_id", "academy_id"], unique=False)
    op.create_index("ix_reading_batch_id", "reading", ["trust_id", "batch_id"], unique=False)
    op.create_index("ix_reading_group_id", "reading", ["trust_id", "group_id"], unique=False)
    op.create_index("ix_reading_metric_id", "reading", ["trust_id", "metric_id"], unique=False)
    op.create_index(
        "ix_reading_series", "reading", ["trust_id", "academy_id", "metric_id", "grain", "ends_on"], unique=False
    )
    op.create_index("ix_reading_supersedes_id", "reading", ["trust_id", "supersedes_id"], unique=False)
    op.create_index(
        "uq_reading_current",
        "reading",
        ["trust_id", "metric_id", "academy_id", "official", "group_id", "grain", "starts_on", "ends_on", "source"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("superseded_by_id is null"),
    )
    op.create_index("uq_reading_supersedes", "reading", ["trust_id", "supersedes_id"], unique=True)
    op.create_table(
        "series_break",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("metric_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.CheckConstraint("kind in ('hard', 'soft')", name=op.f("ck_series_break_kind_word")),
        sa.ForeignKeyConstraint(
            ["trust_id", "metric_id"], ["metric.trust_id", "metric.id"], name=op.f("fk_series_break_trust_id_metric_id")
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_series_break")),
        sa.UniqueConstraint("trust_id", "metric_id", "on", name=op.f("uq_series_break_trust_id_metric_id_on")),
    )
    op.create_index("ix_series_break_metric_id", "series_break", ["trust_id", "metric_id"], unique=False)
    op.create_table(
        "category_suggestion",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("academy_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=True),
        sa.Column("explanation", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "agreement in ('agree', 'conflict', 'partial', 'none', 'no_rule')",
            name=op.f("ck_category_suggestion_agreement_word"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"],
            ["academy.trust_id", "academy.id"],
            name=op.f("fk_category_suggestion_trust_id_academy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "stage_id"],
            ["maturity_stage.trust_id", "maturity_stage.framework_id", "maturity_stage.id"],
            name=op.f("fk_category_suggestion_trust_id_framework_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_category_suggestion_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_category_suggestion")),
        sa.UniqueConstraint("trust_id", "academy_id", "id", name=op.f("uq_category_suggestion_trust_id_academy_id_id")),
    )
    op.create_index(
        "ix_category_suggestion_academy_id", "category_suggestion", ["trust_id", "academy_id"], unique=False
    )
    op.create_index(
        "ix_category_suggestion_framework_id", "category_suggestion", ["trust_id", "framework_id"], unique=False
    )
    op.create_index("ix_category_suggestion_stage_id", "category_suggestion", ["trust_id", "stage_id"], unique=False)
    op.create_table(
        "head_report",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("academy_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.CheckConstraint("status in ('draft', 'submitted')", name=op.f("ck_head_report_status_word")),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"],
            ["academy.trust_id", "academy.id"],
            name=op.f("fk_head_report_trust_id_academy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_head_report_trust_id_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "term_id"], ["term.trust_id", "term.id"], name=op.f("fk_head_report_trust_id_term_id")
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_head_report")),
        sa.UniqueConstraint(
            "trust_id",
            "academy_id",
            "framework_id",
            "term_id",
            name=op.f("uq_head_report_trust_id_academy_id_framework_id_term_id"),
        ),
        sa.UniqueConstraint("trust_id", "academy_id", "id", name=op.f("uq_head_report_trust_id_academy_id_id")),
    )
    op.create_index("ix_head_report_academy_id", "head_report", ["trust_id", "academy_id"], unique=False)
    op.create_index("ix_head_report_framework_id", "head_report", ["trust_id", "framework_id"], unique=False)
    op.create_index("ix_head_report_term_id", "head_report", ["trust_id", "term_id"], unique=False)
    op.create_table(
        "inspection_outcome",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("academy_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_framework_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_area_id", sa.Uuid(), nullable=True),
        sa.Column("inspection_grade_id", sa.Uuid(), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"],
            ["academy.trust_id", "academy.id"],
            name=op.f("fk_inspection_outcome_trust_id_academy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "inspection_area_id"],
            ["inspection_area.trust_id", "inspection_area.id"],
            name=op.f("fk_inspection_outcome_trust_id_inspection_area_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "inspection_framework_id"],
            ["inspection_framework.trust_id", "inspection_framework.id"],
            name=op.f("fk_inspection_outcome_trust_id_inspection_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "inspection_grade_id"],
            ["inspection_grade.trust_id", "inspection_grade.id"],
            name=op.f("fk_inspection_outcome_trust_id_inspection_grade_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_inspection_outcome")),
        sa.UniqueConstraint("trust_id", "academy_id", "id", name=op.f("uq_inspection_outcome_trust_id_academy_id_id")),
        sa.UniqueConstraint(
            "trust_id",
            "academy_id",
            "inspection_area_id",
            "inspected_on",
            name=op.f("uq_inspection_outcome_trust_id_academy_id_inspection_area_id_inspected_on"),
        ),
    )
    op.create_index("ix_inspection_outcome_academy_id", "inspection_outcome", ["trust_id", "academy_id"], unique=False)
    op.create_index(
        "ix_inspection_outcome_inspection_area_id",
        "inspection_outcome",
        ["trust_id", "inspection_area_id"],
        unique=False,
    )
    op.create_index(
        "ix_inspection_outcome_inspection_framework_id",
        "inspection_outcome",
        ["trust_id", "inspection_framework_id"],
        unique=False,
    )
    op.create_index(
        "ix_inspection_outcome_inspection_grade_id",
        "inspection_outcome",
        ["trust_id", "inspection_grade_id"],
        unique=False,
    )
    op.create_table(
        "released_figure",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("metric_id", sa.Uuid(), nullable=False),
        sa.Column("academy_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("reading_id", sa.Uuid(), nullable=True),
        sa.Column("value", sa.Numeric(), nullable=True),
        sa.Column("numerator", sa.Numeric(), nullable=True),
        sa.Column("denominator", sa.Numeric(), nullable=True),
        sa.Column("symbol", sa.Text(), nullable=True),
        sa.CheckConstraint("symbol in ('c', 'x', 'z', 'low')", name=op.f("ck_released_figure_symbol_word")),
        sa.CheckConstraint("num_nonnulls(value, symbol) = 1", name=op.f("ck_released_figure_shown")),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"],
            ["academy.trust_id", "academy.id"],
            name=op.f("fk_released_figure_trust_id_academy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "group_id"],
            ["pupil_group.trust_id", "pupil_group.id"],
            name=op.f("fk_released_figure_trust_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "metric_id"],
            ["metric.trust_id", "metric.id"],
            name=op.f("fk_released_figure_trust_id_metric_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "reading_id"],
            ["reading.trust_id", "reading.id"],
            name=op.f("fk_released_figure_trust_id_reading_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "release_id"],
            ["release.trust_id", "release.id"],
            name=op.f("fk_released_figure_trust_id_release_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_released_figure")),
    )
    op.create_index("ix_released_figure_academy_id", "released_figure", ["trust_id", "academy_id"], unique=False)
    op.create_index("ix_released_figure_group_id", "released_figure", ["trust_id", "group_id"], unique=False)
    op.create_index("ix_released_figure_metric_id", "released_figure", ["trust_id", "metric_id"], unique=False)
    op.create_index("ix_released_figure_reading_id", "released_figure", ["trust_id", "reading_id"], unique=False)
    op.create_index("ix_released_figure_release_id", "released_figure", ["trust_id", "release_id"], unique=False)
    op.create_index(
        "uq_released_figure_cell",
        "released_figure",
        ["trust_id", "release_id", "metric_id", "academy_id", "group_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "assurance_review",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("academy_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("scheduled_on", sa.Date(), nullable=True),
        sa.Column("lead_role", sa.String(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.String(), nullable=True),
        sa.Column("signed_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_off_by", sa.String(), nullable=True),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status in ('scheduled', 'open', 'submitted', 'moderated', 'signed_off', 'superseded')",
            name=op.f("ck_assurance_review_status_word"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id", "report_id"],
            ["head_report.trust_id", "head_report.academy_id", "head_report.id"],
            name=op.f("fk_assurance_review_trust_id_academy_id_report_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id", "supersedes_id"],
            ["assurance_review.trust_id", "assurance_review.academy_id", "assurance_review.id"],
            name=op.f("fk_assurance_review_trust_id_academy_id_supersedes_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"],
            ["academy.trust_id", "academy.id"],
            name=op.f("fk_assurance_review_trust_id_academy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_assurance_review_trust_id_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "term_id"], ["term.trust_id", "term.id"], name=op.f("fk_assurance_review_trust_id_term_id")
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_assurance_review")),
        sa.UniqueConstraint("trust_id", "academy_id", "id", name=op.f("uq_assurance_review_trust_id_academy_id_id")),
    )
    op.create_index("ix_assurance_review_academy_id", "assurance_review", ["trust_id", "academy_id"], unique=False)
    op.create_index("ix_assurance_review_framework_id", "assurance_review", ["trust_id", "framework_id"], unique=False)
    op.create_index("ix_assurance_review_report_id", "assurance_review", ["trust_id", "report_id"], unique=False)
    op.create_index(
        "ix_assurance_review_supersedes_id", "assurance_review", ["trust_id", "supersedes_id"], unique=False
    )
    op.create_index("ix_assurance_review_term_id", "assurance_review", ["trust_id", "term_id"], unique=False)
    op.create_index(
        "uq_assurance_review_term",
        "assurance_review",
        ["trust_id", "academy_id", "framework_id", "term_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'superseded' and withdrawn_at is null"),
    )
    op.create_table(
        "benchmark_assessment",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("academy_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("benchmark_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("judgement", sa.Text(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "judgement in ('yes', 'partly', 'no', 'not_applicable')",
            name=op.f("ck_benchmark_assessment_judgement_word"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"],
            ["academy.trust_id", "academy.id"],
            name=op.f("fk_benchmark_assessment_trust_id_academy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "benchmark_id"],
            ["benchmark.trust_id", "benchmark.framework_id", "benchmark.id"],
            name=op.f("fk_benchmark_assessment_trust_id_framework_id_benchmark_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_benchmark_assessment_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_benchmark_assessment")),
        sa.UniqueConstraint(
            "trust_id",
            "academy_id",
            "benchmark_id",
            "on",
            name=op.f("uq_benchmark_assessment_trust_id_academy_id_benchmark_id_on"),
        ),
        sa.UniqueConstraint(
            "trust_id", "academy_id", "id", name=op.f("uq_benchmark_assessment_trust_id_academy_id_id")
        ),
    )
    op.create_index(
        "ix_benchmark_assessment_academy_id", "benchmark_assessment", ["trust_id", "academy_id"], unique=False
    )
    op.create_index(
        "ix_benchmark_assessment_benchmark_id", "benchmark_assessment", ["trust_id", "benchmark_id"], unique=False
    )
    op.create_index(
        "ix_benchmark_assessment_framework_id", "benchmark_assessment", ["trust_id", "framework_id"], unique=False
    )
    op.create_table(
        "category_decision",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("academy_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("chair_role", sa.String(), nullable=False),
        sa.Column("attendees", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("evidence", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("suggestion_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("next_review_on", sa.Date(), nullable=True),
        sa.CheckConstraint("next_review_on > decided_on", name=op.f("ck_category_decision_review")),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id", "suggestion_id"],
            ["category_suggestion.trust_id", "category_suggestion.academy_id", "category_suggestion.id"],
            name=op.f("fk_category_decision_trust_id_academy_id_suggestion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"],
            ["academy.trust_id", "academy.id"],
            name=op.f("fk_category_decision_trust_id_academy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "stage_id"],
            ["maturity_stage.trust_id", "maturity_stage.framework_id", "maturity_stage.id"],
            name=op.f("fk_category_decision_trust_id_framework_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_category_decision_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_category_decision")),
        sa.UniqueConstraint(
            "trust_id",
            "academy_id",
            "effective_from",
            "no",
            name=op.f("uq_category_decision_trust_id_academy_id_effective_from_no"),
        ),
        sa.UniqueConstraint("trust_id", "academy_id", "id", name=op.f("uq_category_decision_trust_id_academy_id_id")),
    )
    op.create_index("ix_category_decision_academy_id", "category_decision", ["trust_id", "academy_id"], unique=False)
    op.create_index(
        "ix_category_decision_framework_id", "category_decision", ["trust_id", "framework_id"], unique=False
    )
    op.create_index("ix_category_decision_stage_id", "category_decision", ["trust_id", "stage_id"], unique=False)
    op.create_index(
        "ix_category_decision_suggestion_id", "category_decision", ["trust_id", "suggestion_id"], unique=False
    )
    op.create_table(
        "head_report_section",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("academy_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id", "report_id"],
            ["head_report.trust_id", "head_report.academy_id", "head_report.id"],
            name=op.f("fk_head_report_section_trust_id_academy_id_report_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"],
            ["academy.trust_id", "academy.id"],
            name=op.f("fk_head_report_section_trust_id_academy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "section_id"],
            ["report_section.trust_id", "report_section.id"],
            name=op.f("fk_head_report_section_trust_id_section_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_head_report_section")),
        sa.UniqueConstraint("trust_id", "academy_id", "id", name=op.f("uq_head_report_section_trust_id_academy_id_id")),
        sa.UniqueConstraint(
            "trust_id", "report_id", "section_id", name=op.f("uq_head_report_section_trust_id_report_id_section_id")
        ),
    )
    op.create_index(
        "ix_head_report_section_academy_id", "head_report_section", ["trust_id", "academy_id"], unique=False
    )
    op.create_index("ix_head_report_section_report_id", "head_report_section", ["trust_id", "report_id"], unique=False)
    op.create_index(
        "ix_head_report_section_section_id", "head_report_section", ["trust_id", "section_id"], unique=False
    )
    op.create_table(
        "review_held",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("academy_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("cadence_rule_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by_role", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"],
            ["academy.trust_id", "academy.id"],
            name=op.f("fk_review_held_trust_id_academy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "cadence_rule_id"],
            ["cadence_rule.trust_id", "cadence_rule.framework_id", "cadence_rule.id"],
            name=op.f("fk_review_held_trust_id_framework_id_cadence_rule_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_review_held_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_review_held")),
        sa.UniqueConstraint("trust_id", "academy_id", "id", name=op.f("uq_review_held_trust_id_academy_id_id")),
    )
    op.create_index("ix_review_held_academy_id", "review_held", ["trust_id", "academy_id"], unique=False)
    op.create_index("ix_review_held_cadence_rule_id", "review_held", ["trust_id", "cadence_rule_id"], unique=False)
    op.create_index("ix_review_held_framework_id", "review_held", ["trust_id", "framework_id"], unique=False)
    op.create_table(
        "target_point",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("comparator", sa.Text(), nullable=True),
        sa.Column("value", sa.Numeric(), nullable=False),
        sa.Column("printed", sa.String(), nullable=True),
        sa.CheckConstraint(
            "comparator in ('above', 'at_least', 'below', 'at_most', 'equal')",
            name=op.f("ck_target_point_comparator_word"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "target_id"],
            ["target.trust_id", "target.plan_id", "target.id"],
            name=op.f("fk_target_point_trust_id_plan_id_target_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name=op.f("fk_target_point_trust_id_plan_id")
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_target_point")),
        sa.UniqueConstraint("trust_id", "target_id", "on", name=op.f("uq_target_point_trust_id_target_id_on")),
    )
    op.create_index("ix_target_point_plan_id", "target_point", ["trust_id", "plan_id"], unique=False)
    op.create_index("ix_target_point_target_id", "target_point", ["trust_id", "target_id"], unique=False)
    op.create_table(
        "assurance_rating",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("academy_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("level_id", sa.Uuid(), nullable=False),
        sa.Column("rationale", sa.String(), nullable=True),
        sa.Column("suggested_level_id", sa.Uuid(), nullable=True),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("moderated_from_id", sa.Uuid(), nullable=True),
        sa.Column("moderation_reason", sa.String(), nullable=True),
        sa.Column("rated_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "suggestion in ('suggested', 'ambiguous', 'missing_readings', 'statements_only', 'no_bands')",
            name=op.f("ck_assurance_rating_suggestion_word"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id", "review_id"],
            ["assurance_review.trust_id", "assurance_review.academy_id", "assurance_review.id"],
            name=op.f("fk_assurance_rating_trust_id_academy_id_review_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"],
            ["academy.trust_id", "academy.id"],
            name=op.f("fk_assurance_rating_trust_id_academy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "level_id"],
            ["rating_level.trust_id", "rating_level.framework_id", "rating_level.id"],
            name=op.f("fk_assurance_rating_trust_id_framework_id_level_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "line_id"],
            ["assurance_line.trust_id", "assurance_line.framework_id", "assurance_line.id"],
            name=op.f("fk_assurance_rating_trust_id_framework_id_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "moderated_from_id"],
            ["rating_level.trust_id", "rating_level.framework_id", "rating_level.id"],
            name=op.f("fk_assurance_rating_trust_id_framework_id_moderated_from_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "suggested_level_id"],
            ["rating_level.trust_id", "rating_level.framework_id", "rating_level.id"],
            name=op.f("fk_assurance_rating_trust_id_framework_id_suggested_level_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_assurance_rating")),
        sa.UniqueConstraint("trust_id", "academy_id", "id", name=op.f("uq_assurance_rating_trust_id_academy_id_id")),
        sa.UniqueConstraint(
            "trust_id", "review_id", "line_id", name=op.f("uq_assurance_rating_trust_id_review_id_line_id")
        ),
    )
    op.create_index("ix_assurance_rating_academy_id", "assurance_rating", ["trust_id", "academy_id"], unique=False)
    op.create_index("ix_assurance_rating_level_id", "assurance_rating", ["trust_id", "level_id"], unique=False)
    op.create_index("ix_assurance_rating_line_id", "assurance_rating", ["trust_id", "line_id"], unique=False)
    op.create_index(
        "ix_assurance_rating_moderated_from_id", "assurance_rating", ["trust_id", "moderated_from_id"], unique=False
    )
    op.create_index("ix_assurance_rating_review_id", "assurance_rating", ["trust_id", "review_id"], unique=False)
    op.create_index(
        "ix_assurance_rating_suggested_level_id", "assurance_rating", ["trust_id", "suggested_level_id"], unique=False
    )
    op.create_table(
        "support_allocation",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("academy_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=True),
        sa.Column("entitlement_rule_id", sa.Uuid(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("objective_id", sa.Uuid(), nullable=True),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("giver_academy_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint("status in ('planned', 'active', 'closed')", name=op.f("ck_support_allocation_status_word")),
        sa.CheckConstraint(
            "unit in ('days', 'fte', 'visits', 'meetings', 'hours')", name=op.f("ck_support_allocation_unit_word")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_support_allocation_days")),
        sa.CheckConstraint("giver_academy_id <> academy_id", name=op.f("ck_support_allocation_giver")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_support_allocation_quantity")),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"],
            ["academy.trust_id", "academy.id"],
            name=op.f("fk_support_allocation_trust_id_academy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "entitlement_rule_id"],
            ["entitlement_rule.trust_id", "entitlement_rule.framework_id", "entitlement_rule.id"],
            name=op.f("fk_support_allocation_trust_id_framework_id_entitlement_rule_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_support_allocation_trust_id_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "giver_academy_id"],
            ["academy.trust_id", "academy.id"],
            name=op.f("fk_support_allocation_trust_id_giver_academy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "objective_id"],
            ["objective.trust_id", "objective.plan_id", "objective.id"],
            name=op.f("fk_support_allocation_trust_id_plan_id_objective_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_support_allocation")),
        sa.UniqueConstraint("trust_id", "academy_id", "id", name=op.f("uq_support_allocation_trust_id_academy_id_id")),
    )
    op.create_index("ix_support_allocation_academy_id", "support_allocation", ["trust_id", "academy_id"], unique=False)
    op.create_index(
        "ix_support_allocation_entitlement_rule_id",
        "support_allocation",
        ["trust_id", "entitlement_rule_id"],
        unique=False,
    )
    op.create_index(
        "ix_support_allocation_framework_id", "support_allocation", ["trust_id", "framework_id"], unique=False
    )
    op.create_index(
        "ix_support_allocation_giver_academy_id", "support_allocation", ["trust_id", "giver_academy_id"], unique=False
    )
    op.create_index(
        "ix_support_allocation_objective_id", "support_allocation", ["trust_id", "objective_id"], unique=False
    )
    op.create_table(
        "review_evidence",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("academy_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("reading_id", sa.Uuid(), nullable=True),
        sa.Column("value", sa.Numeric(), nullable=True),
        sa.Column("absence", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("level_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.CheckConstraint(
            "absence in ('not_collected', 'not_applicable', 'suppressed', 'not_available', 'awaiting_results')",
            name=op.f("ck_review_evidence_absence_word"),
        ),
        sa.CheckConstraint(
            "certainty in ('certain', 'ambiguous', 'gap', 'out_of_range', 'not_evaluable')",
            name=op.f("ck_review_evidence_certainty_word"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id", "review_id"],
            ["assurance_review.trust_id", "assurance_review.academy_id", "assurance_review.id"],
            name=op.f("fk_review_evidence_trust_id_academy_id_review_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"],
            ["academy.trust_id", "academy.id"],
            name=op.f("fk_review_evidence_trust_id_academy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "indicator_id"],
            ["indicator.trust_id", "indicator.framework_id", "indicator.id"],
            name=op.f("fk_review_evidence_trust_id_framework_id_indicator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "line_id"],
            ["assurance_line.trust_id", "assurance_line.framework_id", "assurance_line.id"],
            name=op.f("fk_review_evidence_trust_id_framework_id_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "reading_id"],
            ["reading.trust_id", "reading.id"],
            name=op.f("fk_review_evidence_trust_id_reading_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_review_evidence")),
        sa.UniqueConstraint("trust_id", "academy_id", "id", name=op.f("uq_review_evidence_trust_id_academy_id_id")),
        sa.UniqueConstraint(
            "trust_id", "review_id", "indicator_id", name=op.f("uq_review_evidence_trust_id_review_id_indicator_id")
        ),
    )
    op.create_index("ix_review_evidence_academy_id", "review_evidence", ["trust_id", "academy_id"], unique=False)
    op.create_index("ix_review_evidence_indicator_id", "review_evidence", ["trust_id", "indicator_id"], unique=False)
    op.create_index("ix_review_evidence_line_id", "review_evidence", ["trust_id", "line_id"], unique=False)
    op.create_index("ix_review_evidence_reading_id", "review_evidence", ["trust_id", "reading_id"], unique=False)
    op.create_index("ix_review_evidence_review_id", "review_evidence", ["trust_id", "review_id"], unique=False)
    op.create_table(
        "support_delivery",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("academy_id", sa.Uuid(), nullable=False),
        sa.Column("allocation_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Numeric(), nullable=False),
        sa.Column("by_role", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_support_delivery_quantity")),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id", "allocation_id"],
            ["support_allocation.trust_id", "support_allocation.academy_id", "support_allocation.id"],
            name=op.f("fk_support_delivery_trust_id_academy_id_allocation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"],
            ["academy.trust_id", "academy.id"],
            name=op.f("fk_support_delivery_trust_id_academy_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_support_delivery")),
        sa.UniqueConstraint("trust_id", "academy_id", "id", name=op.f("uq_support_delivery_trust_id_academy_id_id")),
    )
    op.create_index("ix_support_delivery_academy_id", "support_delivery", ["trust_id", "academy_id"], unique=False)
    op.create_index(
        "ix_support_delivery_allocation_id", "support_delivery", ["trust_id", "allocation_id"], unique=False
    )
    op.add_column("milestone", sa.Column("metric", sa.String(), nullable=True))
    op.add_column("target", sa.Column("gap_group_id", sa.Uuid(), nullable=True))
    op.add_column("target", sa.Column("gap_official", sa.Text(), nullable=True))
    op.add_column("target", sa.Column("trend", sa.Text(), nullable=True))
    op.add_column("target", sa.Column("trend_metric", sa.String(), nullable=True))
    op.create_index("ix_target_gap_group_id", "target", ["trust_id", "gap_group_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_target_trust_id_gap_group_id"),
        "target",
        "pupil_group",
        ["trust_id", "gap_group_id"],
        ["trust_id", "id"],
        postgresql_not_valid=True,
    )
    op.execute("alter table target validate constraint fk_target_trust_id_gap_group_id")
    op.add_column("trust", sa.Column("hours_per_session", sa.Numeric(), nullable=True))
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(name), "target", condition, postgresql_not_valid=True)
        op.execute(f"alter table target validate constraint {name}")
    for table in TABLES:
        secure(table)


def downgrade() -> None:
    for name in CHECKS:
        op.drop_constraint(op.f(name), "target", type_="check")
    op.drop_constraint(op.f("fk_target_trust_id_gap_group_id"), "target", type_="foreignkey")
    op.drop_column("trust", "hours_per_session")
    op.drop_column("target", "trend_metric")
    op.drop_column("target", "trend")
    op.drop_column("target", "gap_official")
    op.drop_column("target", "gap_group_id")
    op.drop_column("milestone", "metric")
    for table in reversed(TABLES):
        op.drop_table(table)
