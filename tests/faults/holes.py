"""One planted hole for each check of the catalogue lint: the statements that make it, as the superuser."""

_SECURED = """
  alter table app.{0} enable row level security; alter table app.{0} force row level security;
  create policy trust on app.{0} using (trust_id = app.current_trust()) with check (trust_id = app.current_trust());
  grant select, insert on app.{0} to milepost_app;"""


def _table(name: str, columns: str) -> str:
    return f"create table app.{name} (trust_id uuid not null, {columns});" + _SECURED.format(name)


HOLES = {
    "a table without trust_id": """
        set role milepost_owner; create table app.hole_global (id uuid primary key); reset role""",
    "trust_id may be null": "create table app.hole_null (trust_id uuid, id uuid, unique (trust_id, id))",
    # A policy on the parent does not apply to whoever reads the partition itself.
    "row security is off, or not forced": """
        create table app.hole_parent (trust_id uuid not null, at date) partition by range (at);
        create table app.hole_part partition of app.hole_parent for values from ('2026-01-01') to ('2027-01-01');
        grant select on app.hole_part to milepost_app""",
    "row security without a policy": """
        create table app.hole_silent (trust_id uuid not null); alter table app.hole_silent enable row level security""",
    "a policy that is not the trust's": "create policy hole on app.plan using (true)",
    "a policy with a sub-select": "create policy hole_slow on app.plan using (trust_id = (select app.current_trust()))",
    "owned by the application or by a role above row security": "alter table app.term owner to milepost_app",
    "a view with its owner's rights": """
        create view app.hole_view as select * from app.plan; grant select on app.hole_view to milepost_app""",
    "a materialised view the application reads": """
        create materialized view app.hole_copy as select * from app.plan; grant select on app.hole_copy to milepost_app""",
    "a unique index without trust_id": _table("hole_oracle", "code text unique"),
    "an index that does not begin with trust_id": "create index hole_index on app.plan (code, trust_id)",
    "an index whose condition row security would ignore": "create index hole_number on app.budget_line (trust_id, amount)",
    "a reference that may leave the trust": (
        "alter table app.plan add constraint hole_id unique (id);"
        + _table("hole_child", "plan_id uuid references app.plan (id)")
    ),
    "more granted than reading and writing rows": "grant truncate on app.plan to milepost_app",
    "granted to everybody": "grant select on app.plan to public",
    "a log that the application may change": "grant update on app.event to milepost_app",
    "a function with its owner's rights": """
        create function app.hole() returns bigint language sql security definer as 'select count(*) from app.plan'""",
    "a trigger other than the append-only guard": """
        create function public.hole() returns trigger language plpgsql as 'begin return new; end';
        create trigger hole before insert on app.plan for each row execute function public.hole()""",
    "an application role above row security": "grant create on schema app to milepost_app",
}
