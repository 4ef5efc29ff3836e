"""The five database roles, the schema and the extension: what a superuser has to do once, before any migration."""

from typing import Final

import asyncpg

# Owner of everything, migrations, the application, published views for BI, and jobs that cross trusts.
_ROLES: Final = {
    "milepost_owner": "nologin",
    "milepost_migrate": "login in role milepost_owner",
    "milepost_app": "login noinherit nobypassrls",
    "milepost_read": "login noinherit nobypassrls",
    "milepost_ops": "login noinherit bypassrls",
}

_ALL_THERE: Final = """
select (select count(*) from pg_roles where rolname = any($1::text[])) = cardinality($1::text[])
  and exists (select 1 from pg_extension where extname = 'btree_gist')
  and exists (select 1 from pg_namespace where nspname = 'app' and nspacl::text like '%milepost_app=U%')
  and has_schema_privilege('milepost_owner', 'public', 'create')"""


async def prepare(connection: asyncpg.Connection) -> None:
    """Create what is missing; only then is a superuser needed. Where all is there, any login may call this."""
    if await connection.fetchval(_ALL_THERE, list(_ROLES)):
        return
    for role, options in _ROLES.items():
        if not await connection.fetchval("select 1 from pg_roles where rolname = $1", role):
            await connection.execute(f"create role {role} {options}")
    await connection.execute("create schema if not exists app authorization milepost_owner")
    await connection.execute("create extension if not exists btree_gist with schema public")
    await connection.execute("grant usage on schema app to milepost_app, milepost_read, milepost_ops")
    await connection.execute("grant create, usage on schema public to milepost_owner")
