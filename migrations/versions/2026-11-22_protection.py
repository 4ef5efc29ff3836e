"""Data protection: what the operations role may erase and delete, and the notes that a kept answer is told with."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009_protection"
down_revision = "0008_memberships"
branch_labels = None
depends_on = None

# Personal text, by table. A kind that declares more gets its grant in the migration that makes the column.
_TEXTS = {
    "assurance_rating": ("rationale", "moderation_reason"),
    "benchmark_assessment": ("note",),
    "category_decision": ("reason",),
    "check_waiver": ("because",),
    "data_quality_flag": ("resolution",),
    "evidence": ("note",),
    "head_report_section": ("body",),
    "membership": ("subject", "label", "status", "sessions_from"),
    "observation": ("strengths", "next_steps"),
    "reading_batch": ("note",),
    "review_held": ("note",),
    "support_allocation": ("note",),
    "support_delivery": ("note",),
}
# An erasure is recorded like any change: at the end of the log, which nobody can rewrite.
_RIGHTS = {
    "event": "insert",
    "event_head": "update",
    "event_text": "insert, update (salt, reason, fields)",
    "idempotency": "delete",
    "sensitive_read": "insert, delete",
    **{table: f"update (version, {', '.join(columns)})" for table, columns in _TEXTS.items()},
}


def upgrade() -> None:
    op.add_column("idempotency", sa.Column("noted", postgresql.JSONB(), nullable=True))
    for table, rights in _RIGHTS.items():
        op.execute(f"grant {rights} on app.{table} to milepost_ops")


def downgrade() -> None:
    for table, rights in _RIGHTS.items():
        op.execute(f"revoke {rights} on app.{table} from milepost_ops")
    op.drop_column("idempotency", "noted")
