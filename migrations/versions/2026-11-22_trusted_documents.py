"""Trusted documents: GraphQL documents that a trust has vetted, and keys that run no others."""

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import secure

revision = "0006_trusted_documents"
down_revision = "0005_measures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trusted_document",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name=op.f("ck_trusted_document_digest")),
        sa.CheckConstraint("length(text) between 1 and 15000", name=op.f("ck_trusted_document_text")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("pk_trusted_document")),
        sa.UniqueConstraint("trust_id", "digest", name=op.f("uq_trusted_document_trust_id_digest")),
    )
    op.add_column("api_key", sa.Column("documents_only", sa.Boolean(), server_default="false", nullable=False))
    secure("trusted_document")


def downgrade() -> None:
    op.drop_column("api_key", "documents_only")
    op.drop_table("trusted_document")
