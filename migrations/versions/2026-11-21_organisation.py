"""Organisation: trusts, academies and their identifiers, calendars, people, bodies, pupil groups, keys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import secure

revision = "0002_organisation"
down_revision = "0001_foundations"
branch_labels = None
depends_on = None

TABLES = (
    "academic_year",
    "academy",
    "api_key",
    "body",
    "pupil_group",
    "trust",
    "academy_identifier",
    "person",
    "term",
    "half_term",
)


def upgrade() -> None:
    op.create_table(
        "academic_year",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_academic_year_dates")),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_academic_year"),
        sa.UniqueConstraint("trust_id", "code", name="uq_academic_year_trust_id_code"),
    )
    op.create_table(
        "academy",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("phase_of_education", sa.Text(), nullable=True),
        sa.Column("faith", sa.String(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "phase_of_education in ('nursery', 'primary', 'middle_deemed_primary', 'secondary', 'middle_deemed_secondary', 'sixteen_plus', 'all_through')",
            name=op.f("ck_academy_phase_of_education_word"),
        ),
        sa.CheckConstraint(
            "type in ('sponsor_led', 'converter', 'free_school', 'special_sponsor_led', 'special_converter', 'free_special', 'alternative_provision', 'studio_school', 'utc', 'sixteen_to_nineteen', 'maintained')",
            name=op.f("ck_academy_type_word"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_academy"),
        sa.UniqueConstraint("trust_id", "code", name="uq_academy_trust_id_code"),
    )
    op.create_table(
        "api_key",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("academy_ids", postgresql.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_api_key"),
        sa.UniqueConstraint("trust_id", "code", name="uq_api_key_trust_id_code"),
    )
    op.create_table(
        "body",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind in ('governing_body', 'committee', 'trust_board', 'leadership_team')", name=op.f("ck_body_kind_word")
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_body"),
        sa.UniqueConstraint("trust_id", "code", name="uq_body_trust_id_code"),
    )
    op.create_table(
        "pupil_group",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_pupil_group"),
        sa.UniqueConstraint("trust_id", "code", name="uq_pupil_group_trust_id_code"),
    )
    op.create_table(
        "trust",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reviewer_must_differ", sa.Boolean(), nullable=False),
        sa.Column("due_soon_days", sa.Integer(), nullable=False),
        sa.Column("overdue_grace_days", sa.Integer(), nullable=False),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind in ('multi_academy_trust', 'single_academy_trust', 'federation', 'sponsor')",
            name=op.f("ck_trust_kind_word"),
        ),
        sa.CheckConstraint("id = trust_id", name=op.f("ck_trust_own_trust")),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_trust"),
    )
    op.create_table(
        "academy_identifier",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("academy_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("kind in ('urn', 'ukprn', 'laestab')", name=op.f("ck_academy_identifier_kind_word")),
        sa.CheckConstraint("valid_to is null or valid_to >= valid_from", name=op.f("ck_academy_identifier_dates")),
        sa.ForeignKeyConstraint(
            ["trust_id", "academy_id"],
            ["academy.trust_id", "academy.id"],
            name="fk_academy_identifier_trust_id_academy_id",
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_academy_identifier"),
        sa.UniqueConstraint(
            "trust_id",
            "academy_id",
            "kind",
            "valid_from",
            name="uq_academy_identifier_trust_id_academy_id_kind_valid_from",
        ),
    )
    op.create_index("ix_academy_identifier_academy_id", "academy_identifier", ["trust_id", "academy_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_document", sa.String(), nullable=True),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind in ('person', 'role', 'group', 'body', 'organisation')", name=op.f("ck_person_kind_word")
        ),
        sa.CheckConstraint("status in ('active', 'undefined', 'to_confirm')", name=op.f("ck_person_status_word")),
        sa.ForeignKeyConstraint(
            ["trust_id", "body_id"], ["body.trust_id", "body.id"], name="fk_person_trust_id_body_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_person"),
        sa.UniqueConstraint("trust_id", "code", name="uq_person_trust_id_code"),
    )
    op.create_index("ix_person_body_id", "person", ["trust_id", "body_id"], unique=False)
    op.create_table(
        "term",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("academic_year_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("trust_id"), "="),
            (sa.column("academic_year_id"), "="),
            (sa.text("daterange(starts_on, ends_on, '[]')"), "&&"),
            where=sa.text("withdrawn_at is null"),
            using="gist",
            name="ex_no_overlap_within_academic_year_id",
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_term_dates")),
        sa.ForeignKeyConstraint(
            ["trust_id", "academic_year_id"],
            ["academic_year.trust_id", "academic_year.id"],
            name="fk_term_trust_id_academic_year_id",
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_term"),
        sa.UniqueConstraint("trust_id", "academic_year_id", "no", name="uq_term_trust_id_academic_year_id_no"),
    )
    op.create_index("ix_term_academic_year_id", "term", ["trust_id", "academic_year_id"], unique=False)
    op.create_table(
        "half_term",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("trust_id"), "="),
            (sa.column("term_id"), "="),
            (sa.text("daterange(starts_on, ends_on, '[]')"), "&&"),
            where=sa.text("withdrawn_at is null"),
            using="gist",
            name="ex_no_overlap_within_term_id",
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_half_term_dates")),
        sa.ForeignKeyConstraint(
            ["trust_id", "term_id"], ["term.trust_id", "term.id"], name="fk_half_term_trust_id_term_id"
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name="pk_half_term"),
        sa.UniqueConstraint("trust_id", "term_id", "no", name="uq_half_term_trust_id_term_id_no"),
    )
    op.create_index("ix_half_term_term_id", "half_term", ["trust_id", "term_id"], unique=False)
    for table in TABLES:
        secure(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
