"""Who may see and do what: what a transaction is told of its caller, restrictive policies, notes of sensitive reads."""

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import secure

revision = "0007_access"
down_revision = "0006_trusted_documents"
branch_labels = None
depends_on = None

# Each is one expression over settings, so that it is inlined, and false where nothing was set.
_FUNCTIONS = {
    "may(permission text) returns boolean": "coalesce(permission = any(string_to_array(current_setting('app.may', true), ',')), false)",
    "holder() returns text": "nullif(current_setting('app.holder', true), '')",
    "in_sight(academy uuid) returns boolean": (
        "coalesce(current_setting('app.academies', true) = '*' "
        "or academy::text = any(string_to_array(current_setting('app.academies', true), ',')), false)"
    ),
}
_NOTED = """
create function app.noted(kind text, record uuid) returns boolean language plpgsql volatile as $$
begin
  insert into app.sensitive_read (trust_id, recorded_at, actor, kind, record_id, channel, purpose)
  values (app.current_trust(), transaction_timestamp(), current_setting('app.actor'), kind, record,
          current_setting('app.channel'), current_setting('app.purpose'))
  on conflict do nothing;
  return true;
end $$"""
_SENSITIVE = "app.may('read_sensitive')"
_POLICIES = {
    "observation": f"app.in_sight(academy_id) and ({_SENSITIVE} or recorded_by = app.holder())",
    "head_report": f"app.in_sight(academy_id) and {_SENSITIVE}",
    "head_report_section": f"app.in_sight(academy_id) and {_SENSITIVE}",
    "review_evidence": f"app.in_sight(academy_id) and {_SENSITIVE}",
    "category_suggestion": f"app.in_sight(academy_id) and {_SENSITIVE}",
    "assurance_rating": "app.in_sight(academy_id)",
    "assurance_review": f"app.in_sight(academy_id) and ({_SENSITIVE} or signed_off_at is not null)",
}


def upgrade() -> None:
    for signature, expression in _FUNCTIONS.items():
        op.execute(f"create function app.{signature} language sql stable parallel safe return {expression}")
    op.add_column("observation", sa.Column("recorded_by", sa.String(), nullable=True))
    op.add_column("reading_batch", sa.Column("recorded_by", sa.String(), nullable=True))
    op.add_column("api_key", sa.Column("integration", sa.String(), nullable=True))
    op.create_table(
        "sensitive_read",
        sa.Column("trust_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "recorded_at", "actor", "record_id", name=op.f("pk_sensitive_read")),
    )
    op.create_index(
        op.f("ix_sensitive_read_record_id_recorded_at"), "sensitive_read", ["trust_id", "record_id", "recorded_at"]
    )
    secure("sensitive_read", rights="select, insert")
    op.execute(_NOTED)
    for table, condition in _POLICIES.items():
        op.execute(f"create policy sight on app.{table} as restrictive using ({condition}) with check ({condition})")


def downgrade() -> None:
    for table in _POLICIES:
        op.execute(f"drop policy sight on app.{table}")
    op.execute("drop function app.noted(text, uuid)")
    op.drop_table("sensitive_read")
    op.drop_column("api_key", "integration")
    op.drop_column("reading_batch", "recorded_by")
    op.drop_column("observation", "recorded_by")
    for signature in _FUNCTIONS:
        op.execute(f"drop function app.{signature.split('(')[0]}")
