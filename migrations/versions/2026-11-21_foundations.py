"""The trust in force, the event log and the idempotency store."""

from alembic import op

from migrations.tenancy import secure

revision = "0001_foundations"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With a body of SQL's own form the names are bound now, and the planner can put it in line.
    op.execute("""
        create function app.current_trust() returns uuid language sql stable parallel safe
        return nullif(current_setting('app.trust_id', true), '')::uuid""")
    op.execute("create aggregate app.merge(jsonb) (sfunc = pg_catalog.jsonb_concat, stype = jsonb, initcond = '{}')")
    op.execute("""
        create function app.refuse_change() returns trigger language plpgsql set search_path = pg_catalog
        as $$ begin raise exception 'the event log is append-only'; end $$""")

    op.execute("""
        create table app.event_head (
          trust_id uuid primary key,
          position bigint not null,
          hash bytea not null,
          recorded_at timestamptz not null)""")
    op.execute("""
        create table app.event (
          trust_id uuid not null,
          position bigint not null,
          type text not null,
          noun text not null,
          subject_id uuid not null,
          plan_id uuid,
          academies uuid[] not null,
          actor text not null,
          recorded_at timestamptz not null,
          body bytea not null,
          previous_hash bytea not null,
          hash bytea not null,
          primary key (trust_id, position))""")
    op.execute("create index ix_event_subject on app.event (trust_id, subject_id, position)")
    op.execute("create index ix_event_noun on app.event (trust_id, noun, position)")
    op.execute("create index ix_event_recorded_at on app.event (trust_id, recorded_at)")
    op.execute("""
        create table app.event_text (
          trust_id uuid not null,
          position bigint not null,
          salt bytea not null,
          reason text,
          fields jsonb not null,
          primary key (trust_id, position),
          foreign key (trust_id, position) references app.event (trust_id, position))""")
    for moment in ("update or delete", "truncate"):
        level = "statement" if moment == "truncate" else "row"
        op.execute(
            f"create trigger append_only_{level} before {moment} on app.event for each {level} execute function app.refuse_change()"
        )
    op.execute("""
        create table app.idempotency (
          trust_id uuid not null,
          actor text not null,
          route text not null,
          key text not null,
          fingerprint bytea not null,
          status int,
          headers jsonb,
          body bytea,
          replays int not null default 0,
          created_at timestamptz not null,
          primary key (trust_id, actor, route, key))""")

    secure("event_head")
    secure("event", rights="select, insert")
    secure("event_text", rights="select, insert")
    secure("idempotency", rights="select, insert, update, delete")
    op.execute("grant select on public.alembic_version to milepost_app, milepost_ops")


def downgrade() -> None:
    for table in ("idempotency", "event_text", "event", "event_head"):
        op.execute(f"drop table app.{table}")
    op.execute("drop function app.refuse_change()")
    op.execute("drop aggregate app.merge(jsonb)")
    op.execute("drop function app.current_trust()")
