"""Memberships: what people and applications that sign in with a trust's identity provider may do."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import secure

revision = "0008_memberships"
down_revision = "0007_access"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "membership",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("academy_ids", postgresql.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sessions_from", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('person', 'application')", name=op.f("ck_membership_kind_word")),
        sa.CheckConstraint("status in ('proposed', 'active', 'ended')", name=op.f("ck_membership_status_word")),
        sa.CheckConstraint("length(subject) between 1 and 255", name=op.f("ck_membership_subject")),
        sa.CheckConstraint("status <> 'active' or cardinality(roles) > 0", name=op.f("ck_membership_roles")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_membership")),
        sa.UniqueConstraint("trust_id", "issuer", "subject", name=op.f("uq_membership_trust_id_issuer_subject")),
    )
    secure("membership")


def downgrade() -> None:
    op.drop_table("membership")
