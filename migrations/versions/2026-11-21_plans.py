"""Plans: phases, areas, objectives, actions, milestones, targets, budgets, the statutory grid and flags."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import secure

revision = "0003_plans"
down_revision = "0002_organisation"
branch_labels = None
depends_on = None

TABLES = (
    "plan",
    "area",
    "data_quality_flag",
    "plan_academy",
    "plan_phase",
    "statutory_target",
    "budget",
    "evaluation_method",
    "finding",
    "milestone_window",
    "statement",
    "target",
    "budget_line",
    "objective",
    "target_version",
    "action",
    "cross_reference",
    "milestone",
    "objective_target",
    "action_step",
    "evidence",
    "responsibility",
)


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("printed_period", sa.String(), nullable=True),
        sa.Column("issued_printed", sa.String(), nullable=True),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("aspiration", sa.String(), nullable=True),
        sa.CheckConstraint("status in ('draft', 'active', 'closed')", name=op.f("ck_plan_status_word")),
        sa.CheckConstraint(
            "type in ('post_inspection', 'standards', 'improvement', 'rapid')", name=op.f("ck_plan_type_word")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_plan_dates")),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_plan"),
        sa.UniqueConstraint("trust_id", "code", name="uq_plan_trust_id_code"),
    )
    op.create_table(
        "area",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=True),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("kind in ('area', 'priority')", name=op.f("ck_area_kind_word")),
        sa.ForeignKeyConstraint(["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_area_trust_id_plan_id"),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_area"),
        sa.UniqueConstraint("trust_id", "plan_id", "code", name="uq_area_trust_id_plan_id_code"),
        sa.UniqueConstraint("trust_id", "plan_id", "id", name="uq_area_trust_id_plan_id_id"),
    )
    op.create_table(
        "data_quality_flag",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("on_noun", sa.String(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("raw", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_data_quality_flag_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_data_quality_flag"),
    )
    op.create_table(
        "plan_academy",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("academy_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"], ["academy.trust_id", "academy.id"], name="fk_plan_academy_trust_id_academy_id"
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_plan_academy_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_plan_academy"),
    )
    op.create_index("ix_plan_academy_academy_id", "plan_academy", ["trust_id", "academy_id"], unique=False)
    op.create_index("ix_plan_academy_plan_id", "plan_academy", ["trust_id", "plan_id"], unique=False)
    op.create_index(
        "uq_plan_academy_live",
        "plan_academy",
        ["trust_id", "plan_id", "academy_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at is null"),
    )
    op.create_table(
        "plan_phase",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("printed", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_plan_phase_dates")),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_plan_phase_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_plan_phase"),
        sa.UniqueConstraint("trust_id", "plan_id", "code", name="uq_plan_phase_trust_id_plan_id_code"),
        sa.UniqueConstraint("trust_id", "plan_id", "id", name="uq_plan_phase_trust_id_plan_id_id"),
        sa.UniqueConstraint("trust_id", "plan_id", "no", name="uq_plan_phase_trust_id_plan_id_no"),
    )
    op.create_table(
        "statutory_target",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(), nullable=True),
        sa.CheckConstraint("kind in ('target', 'actual')", name=op.f("ck_statutory_target_kind_word")),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_statutory_target_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_statutory_target"),
        sa.UniqueConstraint("trust_id", "plan_id", "code", name="uq_statutory_target_trust_id_plan_id_code"),
        sa.UniqueConstraint("trust_id", "plan_id", "id", name="uq_statutory_target_trust_id_plan_id_id"),
        sa.UniqueConstraint(
            "trust_id",
            "plan_id",
            "measure",
            "year",
            "site",
            "kind",
            name="uq_statutory_target_trust_id_plan_id_measure_year_site_kind",
        ),
    )
    op.create_table(
        "budget",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("phase_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("printed_total", sa.Numeric(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "phase_id"],
            ["plan_phase.trust_id", "plan_phase.plan_id", "plan_phase.id"],
            name="fk_budget_trust_id_plan_id_phase_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_budget_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_budget"),
        sa.UniqueConstraint("trust_id", "plan_id", "code", name="uq_budget_trust_id_plan_id_code"),
        sa.UniqueConstraint("trust_id", "plan_id", "id", name="uq_budget_trust_id_plan_id_id"),
    )
    op.create_index("ix_budget_phase_id", "budget", ["trust_id", "phase_id"], unique=False)
    op.create_table(
        "evaluation_method",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("printed_line", sa.Integer(), nullable=True),
        sa.Column("cadence", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "area_id"],
            ["area.trust_id", "area.plan_id", "area.id"],
            name="fk_evaluation_method_trust_id_plan_id_area_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_evaluation_method_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_evaluation_method"),
        sa.UniqueConstraint("trust_id", "plan_id", "code", name="uq_evaluation_method_trust_id_plan_id_code"),
        sa.UniqueConstraint("trust_id", "plan_id", "id", name="uq_evaluation_method_trust_id_plan_id_id"),
    )
    op.create_index("ix_evaluation_method_area_id", "evaluation_method", ["trust_id", "area_id"], unique=False)
    op.create_table(
        "finding",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("printed_ref", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "area_id"],
            ["area.trust_id", "area.plan_id", "area.id"],
            name="fk_finding_trust_id_plan_id_area_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_finding_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_finding"),
        sa.UniqueConstraint("trust_id", "plan_id", "code", name="uq_finding_trust_id_plan_id_code"),
        sa.UniqueConstraint("trust_id", "plan_id", "id", name="uq_finding_trust_id_plan_id_id"),
    )
    op.create_index("ix_finding_area_id", "finding", ["trust_id", "area_id"], unique=False)
    op.create_table(
        "milestone_window",
        sa.Column("due_printed", sa.String(), nullable=True),
        sa.Column("due_kind", sa.Text(), nullable=False),
        sa.Column("due_starts_on", sa.Date(), nullable=True),
        sa.Column("due_ends_on", sa.Date(), nullable=True),
        sa.Column("due_unresolved", sa.Text(), nullable=True),
        sa.Column("due_assumed", sa.Text(), nullable=True),
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("phase_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "due_assumed in ('short_form', 'week_unresolved', 'event_day_unknown')",
            name=op.f("ck_milestone_window_due_assumed_word"),
        ),
        sa.CheckConstraint(
            "due_kind in ('none', 'day', 'week_in_month', 'month', 'month_start', 'month_end', 'month_list', 'month_range', 'event_in_month', 'term', 'two_terms', 'plan_phase', 'year', 'open_from', 'recurring', 'ongoing', 'start_then_ongoing', 'malformed')",
            name=op.f("ck_milestone_window_due_kind_word"),
        ),
        sa.CheckConstraint(
            "due_unresolved in ('no_date', 'no_year', 'no_calendar_term', 'ambiguous_year', 'phase_only', 'year_only', 'open_ended', 'recurring', 'unreadable')",
            name=op.f("ck_milestone_window_due_unresolved_word"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "phase_id"],
            ["plan_phase.trust_id", "plan_phase.plan_id", "plan_phase.id"],
            name="fk_milestone_window_trust_id_plan_id_phase_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_milestone_window_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_milestone_window"),
        sa.UniqueConstraint("trust_id", "phase_id", "no", name="uq_milestone_window_trust_id_phase_id_no"),
        sa.UniqueConstraint("trust_id", "plan_id", "code", name="uq_milestone_window_trust_id_plan_id_code"),
        sa.UniqueConstraint("trust_id", "plan_id", "id", name="uq_milestone_window_trust_id_plan_id_id"),
    )
    op.create_index("ix_milestone_window_phase_id", "milestone_window", ["trust_id", "phase_id"], unique=False)
    op.create_table(
        "statement",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=True),
        sa.Column("cadence", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind in ('aspiration', 'aim', 'cadence', 'consulted', 'diagnosis', 'focus', 'monitoring_activity', 'purpose', 'provision', 'review_event', 'self_evaluation', 'system', 'threshold', 'term_undefined', 'staged_item', 'footnote')",
            name=op.f("ck_statement_kind_word"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "area_id"],
            ["area.trust_id", "area.plan_id", "area.id"],
            name="fk_statement_trust_id_plan_id_area_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_statement_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_statement"),
        sa.UniqueConstraint("trust_id", "plan_id", "code", name="uq_statement_trust_id_plan_id_code"),
        sa.UniqueConstraint("trust_id", "plan_id", "id", name="uq_statement_trust_id_plan_id_id"),
    )
    op.create_index("ix_statement_area_id", "statement", ["trust_id", "area_id"], unique=False)
    op.create_table(
        "target",
        sa.Column("due_printed", sa.String(), nullable=True),
        sa.Column("due_kind", sa.Text(), nullable=False),
        sa.Column("due_starts_on", sa.Date(), nullable=True),
        sa.Column("due_ends_on", sa.Date(), nullable=True),
        sa.Column("due_unresolved", sa.Text(), nullable=True),
        sa.Column("due_assumed", sa.Text(), nullable=True),
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("phase_id", sa.Uuid(), nullable=True),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("metric", sa.String(), nullable=True),
        sa.Column("comparator", sa.Text(), nullable=True),
        sa.Column("value", sa.Numeric(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("printed", sa.String(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("group_printed", sa.String(), nullable=True),
        sa.Column("relative_to", sa.String(), nullable=True),
        sa.Column("trend_condition", sa.String(), nullable=True),
        sa.Column("caveat", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "comparator in ('above', 'at_least', 'below', 'at_most', 'equal')", name=op.f("ck_target_comparator_word")
        ),
        sa.CheckConstraint(
            "due_assumed in ('short_form', 'week_unresolved', 'event_day_unknown')",
            name=op.f("ck_target_due_assumed_word"),
        ),
        sa.CheckConstraint(
            "due_kind in ('none', 'day', 'week_in_month', 'month', 'month_start', 'month_end', 'month_list', 'month_range', 'event_in_month', 'term', 'two_terms', 'plan_phase', 'year', 'open_from', 'recurring', 'ongoing', 'start_then_ongoing', 'malformed')",
            name=op.f("ck_target_due_kind_word"),
        ),
        sa.CheckConstraint(
            "due_unresolved in ('no_date', 'no_year', 'no_calendar_term', 'ambiguous_year', 'phase_only', 'year_only', 'open_ended', 'recurring', 'unreadable')",
            name=op.f("ck_target_due_unresolved_word"),
        ),
        sa.CheckConstraint("kind <> 'numeric' or value is not null", name=op.f("ck_target_numeric_value")),
        sa.CheckConstraint("kind in ('numeric', 'qualitative', 'mixed')", name=op.f("ck_target_kind_word")),
        sa.ForeignKeyConstraint(
            ["trust_id", "group_id"], ["pupil_group.trust_id", "pupil_group.id"], name="fk_target_trust_id_group_id"
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "area_id"],
            ["area.trust_id", "area.plan_id", "area.id"],
            name="fk_target_trust_id_plan_id_area_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "phase_id"],
            ["plan_phase.trust_id", "plan_phase.plan_id", "plan_phase.id"],
            name="fk_target_trust_id_plan_id_phase_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_target_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_target"),
        sa.UniqueConstraint("trust_id", "plan_id", "code", name="uq_target_trust_id_plan_id_code"),
        sa.UniqueConstraint("trust_id", "plan_id", "id", name="uq_target_trust_id_plan_id_id"),
    )
    op.create_index("ix_target_area_id", "target", ["trust_id", "area_id"], unique=False)
    op.create_index("ix_target_group_id", "target", ["trust_id", "group_id"], unique=False)
    op.create_index("ix_target_phase_id", "target", ["trust_id", "phase_id"], unique=False)
    op.create_table(
        "budget_line",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("printed", sa.String(), nullable=True),
        sa.CheckConstraint("status in ('provisional', 'confirmed', 'spent')", name=op.f("ck_budget_line_status_word")),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "budget_id"],
            ["budget.trust_id", "budget.plan_id", "budget.id"],
            name="fk_budget_line_trust_id_plan_id_budget_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_budget_line_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_budget_line"),
        sa.UniqueConstraint("trust_id", "plan_id", "code", name="uq_budget_line_trust_id_plan_id_code"),
        sa.UniqueConstraint("trust_id", "plan_id", "id", name="uq_budget_line_trust_id_plan_id_id"),
    )
    op.create_index("ix_budget_line_budget_id", "budget_line", ["trust_id", "budget_id"], unique=False)
    op.create_table(
        "objective",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=True),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("printed_table", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "area_id"],
            ["area.trust_id", "area.plan_id", "area.id"],
            name="fk_objective_trust_id_plan_id_area_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "finding_id"],
            ["finding.trust_id", "finding.plan_id", "finding.id"],
            name="fk_objective_trust_id_plan_id_finding_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_objective_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_objective"),
        sa.UniqueConstraint("trust_id", "plan_id", "code", name="uq_objective_trust_id_plan_id_code"),
        sa.UniqueConstraint("trust_id", "plan_id", "id", name="uq_objective_trust_id_plan_id_id"),
    )
    op.create_index("ix_objective_area_id", "objective", ["trust_id", "area_id"], unique=False)
    op.create_index("ix_objective_finding_id", "objective", ["trust_id", "finding_id"], unique=False)
    op.create_table(
        "target_version",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("comparator", sa.Text(), nullable=True),
        sa.Column("value", sa.Numeric(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("printed", sa.String(), nullable=True),
        sa.Column("trend_condition", sa.String(), nullable=True),
        sa.Column("caveat", sa.String(), nullable=True),
        sa.CheckConstraint(
            "comparator in ('above', 'at_least', 'below', 'at_most', 'equal')",
            name=op.f("ck_target_version_comparator_word"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "target_id"],
            ["target.trust_id", "target.plan_id", "target.id"],
            name="fk_target_version_trust_id_plan_id_target_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_target_version_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_target_version"),
        sa.UniqueConstraint("trust_id", "target_id", "revision", name="uq_target_version_trust_id_target_id_revision"),
    )
    op.create_index("ix_target_version_plan_id", "target_version", ["trust_id", "plan_id"], unique=False)
    op.create_index("ix_target_version_target_id", "target_version", ["trust_id", "target_id"], unique=False)
    op.create_table(
        "action",
        sa.Column("due_printed", sa.String(), nullable=True),
        sa.Column("due_kind", sa.Text(), nullable=False),
        sa.Column("due_starts_on", sa.Date(), nullable=True),
        sa.Column("due_ends_on", sa.Date(), nullable=True),
        sa.Column("due_unresolved", sa.Text(), nullable=True),
        sa.Column("due_assumed", sa.Text(), nullable=True),
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("objective_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("printed_bullet", sa.Integer(), nullable=True),
        sa.Column("printed_no", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("related_to_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "due_assumed in ('short_form', 'week_unresolved', 'event_day_unknown')",
            name=op.f("ck_action_due_assumed_word"),
        ),
        sa.CheckConstraint(
            "due_kind in ('none', 'day', 'week_in_month', 'month', 'month_start', 'month_end', 'month_list', 'month_range', 'event_in_month', 'term', 'two_terms', 'plan_phase', 'year', 'open_from', 'recurring', 'ongoing', 'start_then_ongoing', 'malformed')",
            name=op.f("ck_action_due_kind_word"),
        ),
        sa.CheckConstraint(
            "due_unresolved in ('no_date', 'no_year', 'no_calendar_term', 'ambiguous_year', 'phase_only', 'year_only', 'open_ended', 'recurring', 'unreadable')",
            name=op.f("ck_action_due_unresolved_word"),
        ),
        sa.CheckConstraint(
            "status in ('not_started', 'in_progress', 'complete', 'cancelled')", name=op.f("ck_action_status_word")
        ),
        sa.CheckConstraint("num_nonnulls(objective_id, area_id) = 1", name=op.f("ck_action_one_parent")),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "area_id"],
            ["area.trust_id", "area.plan_id", "area.id"],
            name="fk_action_trust_id_plan_id_area_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "objective_id"],
            ["objective.trust_id", "objective.plan_id", "objective.id"],
            name="fk_action_trust_id_plan_id_objective_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "related_to_id"],
            ["action.trust_id", "action.plan_id", "action.id"],
            name="fk_action_trust_id_plan_id_related_to_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_action_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_action"),
        sa.UniqueConstraint("trust_id", "plan_id", "code", name="uq_action_trust_id_plan_id_code"),
        sa.UniqueConstraint("trust_id", "plan_id", "id", name="uq_action_trust_id_plan_id_id"),
    )
    op.create_index("ix_action_area_id", "action", ["trust_id", "area_id"], unique=False)
    op.create_index("ix_action_objective_id", "action", ["trust_id", "objective_id"], unique=False)
    op.create_index("ix_action_related_to_id", "action", ["trust_id", "related_to_id"], unique=False)
    op.create_table(
        "cross_reference",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("objective_id", sa.Uuid(), nullable=False),
        sa.Column("to_objective_id", sa.Uuid(), nullable=True),
        sa.Column("to_area_id", sa.Uuid(), nullable=True),
        sa.Column("printed_bullet", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "objective_id"],
            ["objective.trust_id", "objective.plan_id", "objective.id"],
            name="fk_cross_reference_trust_id_plan_id_objective_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "to_area_id"],
            ["area.trust_id", "area.plan_id", "area.id"],
            name="fk_cross_reference_trust_id_plan_id_to_area_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "to_objective_id"],
            ["objective.trust_id", "objective.plan_id", "objective.id"],
            name="fk_cross_reference_trust_id_plan_id_to_objective_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_cross_reference_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_cross_reference"),
        sa.UniqueConstraint("trust_id", "plan_id", "code", name="uq_cross_reference_trust_id_plan_id_code"),
        sa.UniqueConstraint("trust_id", "plan_id", "id", name="uq_cross_reference_trust_id_plan_id_id"),
    )
    op.create_index("ix_cross_reference_objective_id", "cross_reference", ["trust_id", "objective_id"], unique=False)
    op.create_index("ix_cross_reference_to_area_id", "cross_reference", ["trust_id", "to_area_id"], unique=False)
    op.create_index(
        "ix_cross_reference_to_objective_id", "cross_reference", ["trust_id", "to_objective_id"], unique=False
    )
    op.create_table(
        "milestone",
        sa.Column("due_printed", sa.String(), nullable=True),
        sa.Column("due_kind", sa.Text(), nullable=False),
        sa.Column("due_starts_on", sa.Date(), nullable=True),
        sa.Column("due_ends_on", sa.Date(), nullable=True),
        sa.Column("due_unresolved", sa.Text(), nullable=True),
        sa.Column("due_assumed", sa.Text(), nullable=True),
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("objective_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("window_id", sa.Uuid(), nullable=True),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("measured", sa.Text(), nullable=False),
        sa.Column("comparator", sa.Text(), nullable=True),
        sa.Column("value", sa.Numeric(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("printed", sa.String(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("responsible_id", sa.Uuid(), nullable=True),
        sa.Column("expected_confidence", sa.Text(), nullable=True),
        sa.Column("data_pending", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.Column("baseline_due_on", sa.Date(), nullable=True),
        sa.Column("due_moves", sa.Integer(), nullable=False),
        sa.Column("submitted_by", sa.String(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("achieved_value", sa.Numeric(), nullable=True),
        sa.CheckConstraint(
            "comparator in ('above', 'at_least', 'below', 'at_most', 'equal')",
            name=op.f("ck_milestone_comparator_word"),
        ),
        sa.CheckConstraint(
            "confidence in ('on_track', 'at_risk', 'off_track', 'not_rated')", name=op.f("ck_milestone_confidence_word")
        ),
        sa.CheckConstraint(
            "due_assumed in ('short_form', 'week_unresolved', 'event_day_unknown')",
            name=op.f("ck_milestone_due_assumed_word"),
        ),
        sa.CheckConstraint(
            "due_kind in ('none', 'day', 'week_in_month', 'month', 'month_start', 'month_end', 'month_list', 'month_range', 'event_in_month', 'term', 'two_terms', 'plan_phase', 'year', 'open_from', 'recurring', 'ongoing', 'start_then_ongoing', 'malformed')",
            name=op.f("ck_milestone_due_kind_word"),
        ),
        sa.CheckConstraint(
            "due_unresolved in ('no_date', 'no_year', 'no_calendar_term', 'ambiguous_year', 'phase_only', 'year_only', 'open_ended', 'recurring', 'unreadable')",
            name=op.f("ck_milestone_due_unresolved_word"),
        ),
        sa.CheckConstraint(
            "expected_confidence in ('on_track', 'at_risk', 'off_track', 'not_rated')",
            name=op.f("ck_milestone_expected_confidence_word"),
        ),
        sa.CheckConstraint("kind in ('milestone', 'student_outcome')", name=op.f("ck_milestone_kind_word")),
        sa.CheckConstraint("measured <> 'numeric' or value is not null", name=op.f("ck_milestone_numeric_value")),
        sa.CheckConstraint("measured in ('numeric', 'qualitative', 'mixed')", name=op.f("ck_milestone_measured_word")),
        sa.CheckConstraint(
            "status in ('planned', 'in_progress', 'submitted', 'met', 'partly_met', 'not_met', 'deferred', 'withdrawn', 'superseded')",
            name=op.f("ck_milestone_status_word"),
        ),
        sa.CheckConstraint("num_nonnulls(objective_id, area_id) = 1", name=op.f("ck_milestone_one_parent")),
        sa.ForeignKeyConstraint(
            ["trust_id", "group_id"], ["pupil_group.trust_id", "pupil_group.id"], name="fk_milestone_trust_id_group_id"
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "area_id"],
            ["area.trust_id", "area.plan_id", "area.id"],
            name="fk_milestone_trust_id_plan_id_area_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "objective_id"],
            ["objective.trust_id", "objective.plan_id", "objective.id"],
            name="fk_milestone_trust_id_plan_id_objective_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "window_id"],
            ["milestone_window.trust_id", "milestone_window.plan_id", "milestone_window.id"],
            name="fk_milestone_trust_id_plan_id_window_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_milestone_trust_id_plan_id"
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "responsible_id"],
            ["person.trust_id", "person.id"],
            name="fk_milestone_trust_id_responsible_id",
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_milestone"),
        sa.UniqueConstraint("trust_id", "plan_id", "code", name="uq_milestone_trust_id_plan_id_code"),
        sa.UniqueConstraint("trust_id", "plan_id", "id", name="uq_milestone_trust_id_plan_id_id"),
    )
    op.create_index("ix_milestone_area_id", "milestone", ["trust_id", "area_id"], unique=False)
    op.create_index("ix_milestone_group_id", "milestone", ["trust_id", "group_id"], unique=False)
    op.create_index("ix_milestone_objective_id", "milestone", ["trust_id", "objective_id"], unique=False)
    op.create_index("ix_milestone_responsible_id", "milestone", ["trust_id", "responsible_id"], unique=False)
    op.create_index("ix_milestone_window_id", "milestone", ["trust_id", "window_id"], unique=False)
    op.create_index("uq_milestone_window_no", "milestone", ["trust_id", "objective_id", "window_id", "no"], unique=True)
    op.create_table(
        "objective_target",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("objective_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "objective_id"],
            ["objective.trust_id", "objective.plan_id", "objective.id"],
            name="fk_objective_target_trust_id_plan_id_objective_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "target_id"],
            ["target.trust_id", "target.plan_id", "target.id"],
            name="fk_objective_target_trust_id_plan_id_target_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_objective_target_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_objective_target"),
    )
    op.create_index("ix_objective_target_objective_id", "objective_target", ["trust_id", "objective_id"], unique=False)
    op.create_index("ix_objective_target_plan_id", "objective_target", ["trust_id", "plan_id"], unique=False)
    op.create_index("ix_objective_target_target_id", "objective_target", ["trust_id", "target_id"], unique=False)
    op.create_index(
        "uq_objective_target_live",
        "objective_target",
        ["trust_id", "objective_id", "target_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at is null"),
    )
    op.create_table(
        "action_step",
        sa.Column("due_printed", sa.String(), nullable=True),
        sa.Column("due_kind", sa.Text(), nullable=False),
        sa.Column("due_starts_on", sa.Date(), nullable=True),
        sa.Column("due_ends_on", sa.Date(), nullable=True),
        sa.Column("due_unresolved", sa.Text(), nullable=True),
        sa.Column("due_assumed", sa.Text(), nullable=True),
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.CheckConstraint(
            "due_assumed in ('short_form', 'week_unresolved', 'event_day_unknown')",
            name=op.f("ck_action_step_due_assumed_word"),
        ),
        sa.CheckConstraint(
            "due_kind in ('none', 'day', 'week_in_month', 'month', 'month_start', 'month_end', 'month_list', 'month_range', 'event_in_month', 'term', 'two_terms', 'plan_phase', 'year', 'open_from', 'recurring', 'ongoing', 'start_then_ongoing', 'malformed')",
            name=op.f("ck_action_step_due_kind_word"),
        ),
        sa.CheckConstraint(
            "due_unresolved in ('no_date', 'no_year', 'no_calendar_term', 'ambiguous_year', 'phase_only', 'year_only', 'open_ended', 'recurring', 'unreadable')",
            name=op.f("ck_action_step_due_unresolved_word"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "action_id"],
            ["action.trust_id", "action.plan_id", "action.id"],
            name="fk_action_step_trust_id_plan_id_action_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_action_step_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_action_step"),
        sa.UniqueConstraint("trust_id", "plan_id", "code", name="uq_action_step_trust_id_plan_id_code"),
        sa.UniqueConstraint("trust_id", "plan_id", "id", name="uq_action_step_trust_id_plan_id_id"),
    )
    op.create_index("ix_action_step_action_id", "action_step", ["trust_id", "action_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("milestone_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("added_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "milestone_id"],
            ["milestone.trust_id", "milestone.plan_id", "milestone.id"],
            name="fk_evidence_trust_id_plan_id_milestone_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_evidence_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_milestone_id", "evidence", ["trust_id", "milestone_id"], unique=False)
    op.create_index("ix_evidence_plan_id", "evidence", ["trust_id", "plan_id"], unique=False)
    op.create_table(
        "responsibility",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("printed", sa.String(), nullable=True),
        sa.CheckConstraint("role in ('lead', 'monitor')", name=op.f("ck_responsibility_role_word")),
        sa.ForeignKeyConstraint(
            ["trust_id", "person_id"], ["person.trust_id", "person.id"], name="fk_responsibility_trust_id_person_id"
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "action_id"],
            ["action.trust_id", "action.plan_id", "action.id"],
            name="fk_responsibility_trust_id_plan_id_action_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id", "step_id"],
            ["action_step.trust_id", "action_step.plan_id", "action_step.id"],
            name="fk_responsibility_trust_id_plan_id_step_id",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "plan_id"], ["plan.trust_id", "plan.id"], name="fk_responsibility_trust_id_plan_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_responsibility"),
    )
    op.create_index("ix_responsibility_action_id", "responsibility", ["trust_id", "action_id"], unique=False)
    op.create_index("ix_responsibility_person_id", "responsibility", ["trust_id", "person_id"], unique=False)
    op.create_index("ix_responsibility_plan_id", "responsibility", ["trust_id", "plan_id"], unique=False)
    op.create_index("ix_responsibility_step_id", "responsibility", ["trust_id", "step_id"], unique=False)
    op.create_index(
        "uq_responsibility_live",
        "responsibility",
        ["trust_id", "action_id", sa.literal_column("coalesce(step_id, action_id)"), "role", "person_id", "printed"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    for table in TABLES:
        secure(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
