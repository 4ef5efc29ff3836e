"""Frameworks: stages, measures, benchmarks, support, cadences, scales, assurance, bands; and inspection frameworks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import secure

revision = "0004_frameworks"
down_revision = "0003_plans"
branch_labels = None
depends_on = None

TABLES = (
    "framework",
    "inspection_framework",
    "benchmark_set",
    "evidence_kind",
    "framework_condition",
    "inspection_area",
    "inspection_grade",
    "maturity_stage",
    "rating_scale",
    "report_section",
    "strand",
    "assurance_section",
    "benchmark",
    "cadence_rule",
    "framework_statement",
    "indicative_measure",
    "rating_level",
    "assurance_line",
    "entitlement_rule",
    "rating_label",
    "template_item",
    "indicator",
    "band",
    "band_statement",
)
OLD_BODY_KINDS = "kind in ('governing_body', 'committee', 'trust_board', 'leadership_team')"
BODY_KINDS = "kind in ('governing_body', 'committee', 'trust_board', 'leadership_team', 'network', 'forum')"


def upgrade() -> None:
    op.create_table(
        "framework",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=True),
        sa.Column("printed_period", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("nested_reading", sa.Text(), nullable=False),
        sa.Column("measure_policy", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("trust_id"), "="),
            (sa.text("coalesce(sector, 'every')"), "="),
            (sa.column("code"), "<>"),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            where=sa.text("status <> 'draft' and withdrawn_at is null"),
            using="gist",
            name="ex_framework_one_for_sector",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("trust_id"), "="),
            (sa.text("code"), "="),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            where=sa.text("status <> 'draft' and withdrawn_at is null"),
            using="gist",
            name="ex_framework_one_edition",
        ),
        sa.CheckConstraint(
            "measure_policy in ('report', 'all', 'most_cautious')", name=op.f("ck_framework_measure_policy_word")
        ),
        sa.CheckConstraint(
            "nested_reading in ('report', 'first_match')", name=op.f("ck_framework_nested_reading_word")
        ),
        sa.CheckConstraint(
            "sector in ('primary', 'secondary', 'all_through', 'sixteen_plus', 'special', 'alternative_provision')",
            name=op.f("ck_framework_sector_word"),
        ),
        sa.CheckConstraint("status in ('draft', 'published', 'superseded')", name=op.f("ck_framework_status_word")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_framework_dates")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_framework")),
        sa.UniqueConstraint("trust_id", "code", "edition", name=op.f("uq_framework_trust_id_code_edition")),
    )
    op.create_table(
        "inspection_framework",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_inspection_framework_dates")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_inspection_framework")),
        sa.UniqueConstraint("trust_id", "code", name=op.f("uq_inspection_framework_trust_id_code")),
    )
    op.create_table(
        "benchmark_set",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_benchmark_set_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_benchmark_set")),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "code", name=op.f("uq_benchmark_set_trust_id_framework_id_code")
        ),
        sa.UniqueConstraint("trust_id", "framework_id", "id", name=op.f("uq_benchmark_set_trust_id_framework_id_id")),
    )
    op.create_table(
        "evidence_kind",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_evidence_kind_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_evidence_kind")),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "code", name=op.f("uq_evidence_kind_trust_id_framework_id_code")
        ),
        sa.UniqueConstraint("trust_id", "framework_id", "id", name=op.f("uq_evidence_kind_trust_id_framework_id_id")),
    )
    op.create_table(
        "framework_condition",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("attribute", sa.Text(), nullable=True),
        sa.Column("values", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "attribute in ('faith', 'type', 'phase_of_education', 'sector')",
            name=op.f("ck_framework_condition_attribute_word"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_framework_condition_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_framework_condition")),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "code", name=op.f("uq_framework_condition_trust_id_framework_id_code")
        ),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "id", name=op.f("uq_framework_condition_trust_id_framework_id_id")
        ),
    )
    op.create_table(
        "inspection_area",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("inspection_framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.CheckConstraint("verdict in ('graded', 'met_or_not_met')", name=op.f("ck_inspection_area_verdict_word")),
        sa.ForeignKeyConstraint(
            ["trust_id", "inspection_framework_id"],
            ["inspection_framework.trust_id", "inspection_framework.id"],
            name=op.f("fk_inspection_area_trust_id_inspection_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_inspection_area")),
        sa.UniqueConstraint("trust_id", "code", name=op.f("uq_inspection_area_trust_id_code")),
    )
    op.create_index(
        "ix_inspection_area_inspection_framework_id",
        "inspection_area",
        ["trust_id", "inspection_framework_id"],
        unique=False,
    )
    op.create_table(
        "inspection_grade",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("inspection_framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.CheckConstraint("verdict in ('graded', 'met_or_not_met')", name=op.f("ck_inspection_grade_verdict_word")),
        sa.ForeignKeyConstraint(
            ["trust_id", "inspection_framework_id"],
            ["inspection_framework.trust_id", "inspection_framework.id"],
            name=op.f("fk_inspection_grade_trust_id_inspection_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_inspection_grade")),
        sa.UniqueConstraint("trust_id", "code", name=op.f("uq_inspection_grade_trust_id_code")),
    )
    op.create_index(
        "ix_inspection_grade_inspection_framework_id",
        "inspection_grade",
        ["trust_id", "inspection_framework_id"],
        unique=False,
    )
    op.create_table(
        "maturity_stage",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("duration_printed", sa.String(), nullable=True),
        sa.Column("duration_min", sa.Integer(), nullable=True),
        sa.Column("duration_max", sa.Integer(), nullable=True),
        sa.Column("duration_unit", sa.Text(), nullable=True),
        sa.Column("open_ended", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "duration_unit in ('day', 'week', 'month', 'half_term', 'term', 'year')",
            name=op.f("ck_maturity_stage_duration_unit_word"),
        ),
        sa.CheckConstraint(
            "(duration_unit is null) = (duration_min is null and duration_max is null)",
            name=op.f("ck_maturity_stage_duration_unit"),
        ),
        sa.CheckConstraint(
            "duration_min is null or duration_max is null or duration_max >= duration_min",
            name=op.f("ck_maturity_stage_duration"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_maturity_stage_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_maturity_stage")),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "code", name=op.f("uq_maturity_stage_trust_id_framework_id_code")
        ),
        sa.UniqueConstraint("trust_id", "framework_id", "id", name=op.f("uq_maturity_stage_trust_id_framework_id_id")),
        sa.UniqueConstraint("trust_id", "framework_id", "no", name=op.f("uq_maturity_stage_trust_id_framework_id_no")),
    )
    op.create_table(
        "rating_scale",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_rating_scale_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_rating_scale")),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "code", name=op.f("uq_rating_scale_trust_id_framework_id_code")
        ),
        sa.UniqueConstraint("trust_id", "framework_id", "id", name=op.f("uq_rating_scale_trust_id_framework_id_id")),
    )
    op.create_table(
        "report_section",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_report_section_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_report_section")),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "code", name=op.f("uq_report_section_trust_id_framework_id_code")
        ),
        sa.UniqueConstraint("trust_id", "framework_id", "id", name=op.f("uq_report_section_trust_id_framework_id_id")),
    )
    op.create_table(
        "strand",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_strand_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_strand")),
        sa.UniqueConstraint("trust_id", "framework_id", "code", name=op.f("uq_strand_trust_id_framework_id_code")),
        sa.UniqueConstraint("trust_id", "framework_id", "id", name=op.f("uq_strand_trust_id_framework_id_id")),
    )
    op.create_table(
        "assurance_section",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("scale_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "scale_id"],
            ["rating_scale.trust_id", "rating_scale.framework_id", "rating_scale.id"],
            name=op.f("fk_assurance_section_trust_id_framework_id_scale_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_assurance_section_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_assurance_section")),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "code", name=op.f("uq_assurance_section_trust_id_framework_id_code")
        ),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "id", name=op.f("uq_assurance_section_trust_id_framework_id_id")
        ),
    )
    op.create_index("ix_assurance_section_scale_id", "assurance_section", ["trust_id", "scale_id"], unique=False)
    op.create_table(
        "benchmark",
        sa.Column("metric", sa.String(), nullable=True),
        sa.Column("comparator", sa.Text(), nullable=True),
        sa.Column("value", sa.Numeric(), nullable=True),
        sa.Column("value_to", sa.Numeric(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("printed", sa.String(), nullable=True),
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("strand_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("relative_to", sa.String(), nullable=True),
        sa.Column("thread", sa.String(), nullable=True),
        sa.Column("condition_id", sa.Uuid(), nullable=True),
        sa.Column("linked_to_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "comparator in ('above', 'at_least', 'below', 'at_most', 'equal')",
            name=op.f("ck_benchmark_comparator_word"),
        ),
        sa.CheckConstraint(
            "value_to is null or (value is not null and value_to >= value)", name=op.f("ck_benchmark_value_to")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "condition_id"],
            ["framework_condition.trust_id", "framework_condition.framework_id", "framework_condition.id"],
            name=op.f("fk_benchmark_trust_id_framework_id_condition_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "linked_to_id"],
            ["benchmark.trust_id", "benchmark.framework_id", "benchmark.id"],
            name=op.f("fk_benchmark_trust_id_framework_id_linked_to_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "set_id"],
            ["benchmark_set.trust_id", "benchmark_set.framework_id", "benchmark_set.id"],
            name=op.f("fk_benchmark_trust_id_framework_id_set_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "stage_id"],
            ["maturity_stage.trust_id", "maturity_stage.framework_id", "maturity_stage.id"],
            name=op.f("fk_benchmark_trust_id_framework_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "strand_id"],
            ["strand.trust_id", "strand.framework_id", "strand.id"],
            name=op.f("fk_benchmark_trust_id_framework_id_strand_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_benchmark_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_benchmark")),
        sa.UniqueConstraint("trust_id", "framework_id", "code", name=op.f("uq_benchmark_trust_id_framework_id_code")),
        sa.UniqueConstraint("trust_id", "framework_id", "id", name=op.f("uq_benchmark_trust_id_framework_id_id")),
    )
    op.create_index("ix_benchmark_condition_id", "benchmark", ["trust_id", "condition_id"], unique=False)
    op.create_index("ix_benchmark_linked_to_id", "benchmark", ["trust_id", "linked_to_id"], unique=False)
    op.create_index("ix_benchmark_set_id", "benchmark", ["trust_id", "set_id"], unique=False)
    op.create_index("ix_benchmark_stage_id", "benchmark", ["trust_id", "stage_id"], unique=False)
    op.create_index("ix_benchmark_strand_id", "benchmark", ["trust_id", "strand_id"], unique=False)
    op.create_table(
        "cadence_rule",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=True),
        sa.Column("activity", sa.String(), nullable=False),
        sa.Column("printed", sa.String(), nullable=True),
        sa.Column("every_min", sa.Integer(), nullable=True),
        sa.Column("every_max", sa.Integer(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("at_least", sa.Boolean(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("anchors", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("lead", sa.String(), nullable=True),
        sa.Column("attended", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("printed_list", sa.String(), nullable=True),
        sa.Column("day_basis", sa.Text(), nullable=False),
        sa.Column("condition_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("day_basis in ('calendar', 'school')", name=op.f("ck_cadence_rule_day_basis_word")),
        sa.CheckConstraint(
            "period in ('day', 'week', 'month', 'half_term', 'term', 'year')", name=op.f("ck_cadence_rule_period_word")
        ),
        sa.CheckConstraint(
            "unit in ('day', 'week', 'month', 'half_term', 'term', 'year')", name=op.f("ck_cadence_rule_unit_word")
        ),
        sa.CheckConstraint(
            "(every_min is null and every_max is null and unit is null) or (every_min is not null and unit is not null and (every_max is null or every_max >= every_min))",
            name=op.f("ck_cadence_rule_every"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "condition_id"],
            ["framework_condition.trust_id", "framework_condition.framework_id", "framework_condition.id"],
            name=op.f("fk_cadence_rule_trust_id_framework_id_condition_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "stage_id"],
            ["maturity_stage.trust_id", "maturity_stage.framework_id", "maturity_stage.id"],
            name=op.f("fk_cadence_rule_trust_id_framework_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_cadence_rule_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_cadence_rule")),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "code", name=op.f("uq_cadence_rule_trust_id_framework_id_code")
        ),
        sa.UniqueConstraint("trust_id", "framework_id", "id", name=op.f("uq_cadence_rule_trust_id_framework_id_id")),
    )
    op.create_index("ix_cadence_rule_condition_id", "cadence_rule", ["trust_id", "condition_id"], unique=False)
    op.create_index("ix_cadence_rule_stage_id", "cadence_rule", ["trust_id", "stage_id"], unique=False)
    op.create_table(
        "framework_statement",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=True),
        sa.Column("condition_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind in ('aim', 'attendee', 'audience', 'capacity', 'definition', 'delegation', 'descriptor', 'document_section', 'duty', 'key_feature', 'leadership_quality', 'note', 'stance', 'strategic_priority', 'strategy_point', 'term_undefined', 'threshold', 'value', 'vision')",
            name=op.f("ck_framework_statement_kind_word"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "condition_id"],
            ["framework_condition.trust_id", "framework_condition.framework_id", "framework_condition.id"],
            name=op.f("fk_framework_statement_trust_id_framework_id_condition_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "stage_id"],
            ["maturity_stage.trust_id", "maturity_stage.framework_id", "maturity_stage.id"],
            name=op.f("fk_framework_statement_trust_id_framework_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_framework_statement_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_framework_statement")),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "code", name=op.f("uq_framework_statement_trust_id_framework_id_code")
        ),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "id", name=op.f("uq_framework_statement_trust_id_framework_id_id")
        ),
    )
    op.create_index(
        "ix_framework_statement_condition_id", "framework_statement", ["trust_id", "condition_id"], unique=False
    )
    op.create_index("ix_framework_statement_stage_id", "framework_statement", ["trust_id", "stage_id"], unique=False)
    op.create_table(
        "indicative_measure",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("comparator", sa.Text(), nullable=True),
        sa.Column("value", sa.Numeric(), nullable=True),
        sa.Column("inspection_grade_id", sa.Uuid(), nullable=True),
        sa.Column("printed", sa.String(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "comparator in ('above', 'at_least', 'below', 'at_most', 'equal')",
            name=op.f("ck_indicative_measure_comparator_word"),
        ),
        sa.CheckConstraint("role in ('profile', 'entry', 'exit')", name=op.f("ck_indicative_measure_role_word")),
        sa.CheckConstraint(
            "num_nonnulls(value, inspection_grade_id) = 1 and (value is null) = (comparator is null)",
            name=op.f("ck_indicative_measure_one_test"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "stage_id"],
            ["maturity_stage.trust_id", "maturity_stage.framework_id", "maturity_stage.id"],
            name=op.f("fk_indicative_measure_trust_id_framework_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_indicative_measure_trust_id_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "inspection_grade_id"],
            ["inspection_grade.trust_id", "inspection_grade.id"],
            name=op.f("fk_indicative_measure_trust_id_inspection_grade_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_indicative_measure")),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "code", name=op.f("uq_indicative_measure_trust_id_framework_id_code")
        ),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "id", name=op.f("uq_indicative_measure_trust_id_framework_id_id")
        ),
    )
    op.create_index(
        "ix_indicative_measure_inspection_grade_id",
        "indicative_measure",
        ["trust_id", "inspection_grade_id"],
        unique=False,
    )
    op.create_index("ix_indicative_measure_stage_id", "indicative_measure", ["trust_id", "stage_id"], unique=False)
    op.create_table(
        "rating_level",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("scale_id", sa.Uuid(), nullable=False),
        sa.Column("colour", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "scale_id"],
            ["rating_scale.trust_id", "rating_scale.framework_id", "rating_scale.id"],
            name=op.f("fk_rating_level_trust_id_framework_id_scale_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_rating_level_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_rating_level")),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "code", name=op.f("uq_rating_level_trust_id_framework_id_code")
        ),
        sa.UniqueConstraint("trust_id", "framework_id", "id", name=op.f("uq_rating_level_trust_id_framework_id_id")),
        sa.UniqueConstraint("trust_id", "scale_id", "no", name=op.f("uq_rating_level_trust_id_scale_id_no")),
    )
    op.create_index("ix_rating_level_scale_id", "rating_level", ["trust_id", "scale_id"], unique=False)
    op.create_table(
        "assurance_line",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "section_id"],
            ["assurance_section.trust_id", "assurance_section.framework_id", "assurance_section.id"],
            name=op.f("fk_assurance_line_trust_id_framework_id_section_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_assurance_line_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_assurance_line")),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "code", name=op.f("uq_assurance_line_trust_id_framework_id_code")
        ),
        sa.UniqueConstraint("trust_id", "framework_id", "id", name=op.f("uq_assurance_line_trust_id_framework_id_id")),
    )
    op.create_index("ix_assurance_line_section_id", "assurance_line", ["trust_id", "section_id"], unique=False)
    op.create_table(
        "entitlement_rule",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("quantity_min", sa.Numeric(), nullable=True),
        sa.Column("quantity_max", sa.Numeric(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("printed", sa.String(), nullable=True),
        sa.Column("condition_id", sa.Uuid(), nullable=True),
        sa.Column("cadence_rule_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "period in ('day', 'week', 'month', 'half_term', 'term', 'year')",
            name=op.f("ck_entitlement_rule_period_word"),
        ),
        sa.CheckConstraint("tier in ('core', 'enhanced', 'bespoke')", name=op.f("ck_entitlement_rule_tier_word")),
        sa.CheckConstraint(
            "unit in ('days', 'fte', 'visits', 'meetings', 'hours')", name=op.f("ck_entitlement_rule_unit_word")
        ),
        sa.CheckConstraint(
            "quantity_min is null or quantity_max is null or quantity_max >= quantity_min",
            name=op.f("ck_entitlement_rule_quantity"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "cadence_rule_id"],
            ["cadence_rule.trust_id", "cadence_rule.framework_id", "cadence_rule.id"],
            name=op.f("fk_entitlement_rule_trust_id_framework_id_cadence_rule_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "condition_id"],
            ["framework_condition.trust_id", "framework_condition.framework_id", "framework_condition.id"],
            name=op.f("fk_entitlement_rule_trust_id_framework_id_condition_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "stage_id"],
            ["maturity_stage.trust_id", "maturity_stage.framework_id", "maturity_stage.id"],
            name=op.f("fk_entitlement_rule_trust_id_framework_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_entitlement_rule_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_entitlement_rule")),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "code", name=op.f("uq_entitlement_rule_trust_id_framework_id_code")
        ),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "id", name=op.f("uq_entitlement_rule_trust_id_framework_id_id")
        ),
    )
    op.create_index(
        "ix_entitlement_rule_cadence_rule_id", "entitlement_rule", ["trust_id", "cadence_rule_id"], unique=False
    )
    op.create_index("ix_entitlement_rule_condition_id", "entitlement_rule", ["trust_id", "condition_id"], unique=False)
    op.create_index("ix_entitlement_rule_stage_id", "entitlement_rule", ["trust_id", "stage_id"], unique=False)
    op.create_table(
        "rating_label",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("level_id", sa.Uuid(), nullable=False),
        sa.Column("context", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "level_id"],
            ["rating_level.trust_id", "rating_level.framework_id", "rating_level.id"],
            name=op.f("fk_rating_label_trust_id_framework_id_level_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_rating_label_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_rating_label")),
        sa.UniqueConstraint("trust_id", "framework_id", "id", name=op.f("uq_rating_label_trust_id_framework_id_id")),
        sa.UniqueConstraint("trust_id", "level_id", "context", name=op.f("uq_rating_label_trust_id_level_id_context")),
    )
    op.create_index("ix_rating_label_framework_id", "rating_label", ["trust_id", "framework_id"], unique=False)
    op.create_index("ix_rating_label_level_id", "rating_label", ["trust_id", "level_id"], unique=False)
    op.create_table(
        "template_item",
        sa.Column("metric", sa.String(), nullable=True),
        sa.Column("comparator", sa.Text(), nullable=True),
        sa.Column("value", sa.Numeric(), nullable=True),
        sa.Column("value_to", sa.Numeric(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("printed", sa.String(), nullable=True),
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("strand_id", sa.Uuid(), nullable=True),
        sa.Column("strand_printed", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=True),
        sa.Column("condition_id", sa.Uuid(), nullable=True),
        sa.Column("cadence_rule_id", sa.Uuid(), nullable=True),
        sa.Column("linked_to_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "comparator in ('above', 'at_least', 'below', 'at_most', 'equal')",
            name=op.f("ck_template_item_comparator_word"),
        ),
        sa.CheckConstraint(
            "value_to is null or (value is not null and value_to >= value)", name=op.f("ck_template_item_value_to")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "cadence_rule_id"],
            ["cadence_rule.trust_id", "cadence_rule.framework_id", "cadence_rule.id"],
            name=op.f("fk_template_item_trust_id_framework_id_cadence_rule_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "condition_id"],
            ["framework_condition.trust_id", "framework_condition.framework_id", "framework_condition.id"],
            name=op.f("fk_template_item_trust_id_framework_id_condition_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "linked_to_id"],
            ["template_item.trust_id", "template_item.framework_id", "template_item.id"],
            name=op.f("fk_template_item_trust_id_framework_id_linked_to_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "stage_id"],
            ["maturity_stage.trust_id", "maturity_stage.framework_id", "maturity_stage.id"],
            name=op.f("fk_template_item_trust_id_framework_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "strand_id"],
            ["strand.trust_id", "strand.framework_id", "strand.id"],
            name=op.f("fk_template_item_trust_id_framework_id_strand_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_template_item_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_template_item")),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "code", name=op.f("uq_template_item_trust_id_framework_id_code")
        ),
        sa.UniqueConstraint("trust_id", "framework_id", "id", name=op.f("uq_template_item_trust_id_framework_id_id")),
    )
    op.create_index("ix_template_item_cadence_rule_id", "template_item", ["trust_id", "cadence_rule_id"], unique=False)
    op.create_index("ix_template_item_condition_id", "template_item", ["trust_id", "condition_id"], unique=False)
    op.create_index("ix_template_item_linked_to_id", "template_item", ["trust_id", "linked_to_id"], unique=False)
    op.create_index("ix_template_item_stage_id", "template_item", ["trust_id", "stage_id"], unique=False)
    op.create_index("ix_template_item_strand_id", "template_item", ["trust_id", "strand_id"], unique=False)
    op.create_table(
        "indicator",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("range_min", sa.Numeric(), nullable=True),
        sa.Column("range_max", sa.Numeric(), nullable=True),
        sa.Column("tie_policy", sa.Text(), nullable=False),
        sa.Column("definition_status", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "definition_status in ('defined', 'local_undefined')", name=op.f("ck_indicator_definition_status_word")
        ),
        sa.CheckConstraint("direction in ('higher', 'lower')", name=op.f("ck_indicator_direction_word")),
        sa.CheckConstraint("tie_policy in ('report', 'better', 'worse')", name=op.f("ck_indicator_tie_policy_word")),
        sa.CheckConstraint(
            "range_min is null or range_max is null or range_max > range_min", name=op.f("ck_indicator_range")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "line_id"],
            ["assurance_line.trust_id", "assurance_line.framework_id", "assurance_line.id"],
            name=op.f("fk_indicator_trust_id_framework_id_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_indicator_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("trust_id", "framework_id", "code", name=op.f("uq_indicator_trust_id_framework_id_code")),
        sa.UniqueConstraint("trust_id", "framework_id", "id", name=op.f("uq_indicator_trust_id_framework_id_id")),
    )
    op.create_index("ix_indicator_line_id", "indicator", ["trust_id", "line_id"], unique=False)
    op.create_table(
        "band",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Uuid(), nullable=False),
        sa.Column("lo", sa.Numeric(), nullable=True),
        sa.Column("lo_included", sa.Boolean(), nullable=False),
        sa.Column("hi", sa.Numeric(), nullable=True),
        sa.Column("hi_included", sa.Boolean(), nullable=False),
        sa.Column("printed", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(lo is not null or not lo_included) and (hi is not null or not hi_included)", name=op.f("ck_band_ends")
        ),
        sa.CheckConstraint(
            "lo is null or hi is null or hi > lo or (hi = lo and lo_included and hi_included)",
            name=op.f("ck_band_interval"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "indicator_id"],
            ["indicator.trust_id", "indicator.framework_id", "indicator.id"],
            name=op.f("fk_band_trust_id_framework_id_indicator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "level_id"],
            ["rating_level.trust_id", "rating_level.framework_id", "rating_level.id"],
            name=op.f("fk_band_trust_id_framework_id_level_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_band_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_band")),
        sa.UniqueConstraint("trust_id", "framework_id", "id", name=op.f("uq_band_trust_id_framework_id_id")),
        sa.UniqueConstraint("trust_id", "indicator_id", "no", name=op.f("uq_band_trust_id_indicator_id_no")),
    )
    op.create_index("ix_band_framework_id", "band", ["trust_id", "framework_id"], unique=False)
    op.create_index("ix_band_indicator_id", "band", ["trust_id", "indicator_id"], unique=False)
    op.create_index("ix_band_level_id", "band", ["trust_id", "level_id"], unique=False)
    op.create_table(
        "band_statement",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("level_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "indicator_id"],
            ["indicator.trust_id", "indicator.framework_id", "indicator.id"],
            name=op.f("fk_band_statement_trust_id_framework_id_indicator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "level_id"],
            ["rating_level.trust_id", "rating_level.framework_id", "rating_level.id"],
            name=op.f("fk_band_statement_trust_id_framework_id_level_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id", "line_id"],
            ["assurance_line.trust_id", "assurance_line.framework_id", "assurance_line.id"],
            name=op.f("fk_band_statement_trust_id_framework_id_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "framework_id"],
            ["framework.trust_id", "framework.id"],
            name=op.f("fk_band_statement_trust_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_band_statement")),
        sa.UniqueConstraint(
            "trust_id", "framework_id", "code", name=op.f("uq_band_statement_trust_id_framework_id_code")
        ),
        sa.UniqueConstraint("trust_id", "framework_id", "id", name=op.f("uq_band_statement_trust_id_framework_id_id")),
    )
    op.create_index("ix_band_statement_indicator_id", "band_statement", ["trust_id", "indicator_id"], unique=False)
    op.create_index("ix_band_statement_level_id", "band_statement", ["trust_id", "level_id"], unique=False)
    op.create_index("ix_band_statement_line_id", "band_statement", ["trust_id", "line_id"], unique=False)

    op.add_column("data_quality_flag", sa.Column("framework_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_data_quality_flag_trust_id_framework_id",
        "data_quality_flag",
        "framework",
        ["trust_id", "framework_id"],
        ["trust_id", "id"],
        postgresql_not_valid=True,
    )
    op.execute("alter table data_quality_flag validate constraint fk_data_quality_flag_trust_id_framework_id")
    _body_kinds(BODY_KINDS)
    for table in TABLES:
        secure(table)


def downgrade() -> None:
    """Refused by the database while a body is a network or a forum: that word would have no meaning any more."""
    _body_kinds(OLD_BODY_KINDS)
    op.drop_constraint(op.f("fk_data_quality_flag_trust_id_framework_id"), "data_quality_flag", type_="foreignkey")
    op.drop_column("data_quality_flag", "framework_id")
    for table in reversed(TABLES):
        op.drop_table(table)


def _body_kinds(condition: str) -> None:
    """Not valid at first, then validated, so that nobody who writes has to wait while the table is read."""
    op.drop_constraint(op.f("ck_body_kind_word"), "body", type_="check")
    op.create_check_constraint(op.f("ck_body_kind_word"), "body", condition, postgresql_not_valid=True)
    op.execute("alter table body validate constraint ck_body_kind_word")
