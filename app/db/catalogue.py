"""The catalogue lint: what the database itself would let past row security. It must find nothing after any migration."""

from dataclasses import dataclass
from typing import Final

import asyncpg

_RELATIONS: Final = """
with relation as (
  select c.oid, c.relname::text as name, c.relkind as kind, c.relowner as owner, c.relacl as acl,
    c.relrowsecurity as has_policies, c.relrowsecurity and c.relforcerowsecurity as is_secured,
    coalesce(array_to_string(c.reloptions, ',') ~ 'security_invoker=(true|on|1)', false) as is_invoker,
    has_any_column_privilege('milepost_app', c.oid, 'select, insert, update')
      or has_table_privilege('milepost_app', c.oid, 'delete') as is_reachable,
    (select a.attnum from pg_attribute a where a.attrelid = c.oid and a.attname = 'trust_id') as trust_id
  from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')),
policy as (
  select r.name || '.' || p.polname as name, p.polpermissive as is_permissive,
    coalesce(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) as seen,
    coalesce(pg_get_expr(p.polwithcheck, p.polrelid), pg_get_expr(p.polqual, p.polrelid)) as written
  from pg_policy p join relation r on r.oid = p.polrelid),
index_of as (
  select i.indexrelid::regclass::text as name, i.indisunique as is_unique, i.indkey::int2[] as columns, r.trust_id, r.oid
  from pg_index i join relation r on r.oid = i.indrelid where r.kind in ('r', 'p') and r.trust_id is not null)
"""
_THE_POLICY: Final = "('(trust_id = app.current_trust())', '(trust_id = current_trust())')"

CHECKS: Final[dict[str, str]] = {
    "a table without trust_id": "select name from relation where kind in ('r', 'p') and trust_id is null",
    "trust_id may be null": """
        select r.name from relation r join pg_attribute a on a.attrelid = r.oid and a.attnum = r.trust_id
        where r.kind in ('r', 'p') and not a.attnotnull""",
    "row security is off, or not forced": """
        select name from relation where kind in ('r', 'p', 'f') and is_reachable and not is_secured""",
    "row security without a policy": """
        select name from relation r where has_policies and not exists (select 1 from pg_policy p where p.polrelid = r.oid)""",
    "a policy that is not the trust's": f"""
        select name from policy where is_permissive and (seen not in {_THE_POLICY} or written not in {_THE_POLICY})""",
    "a policy with a sub-select": "select name from policy where seen ~* 'select' or written ~* 'select'",
    "owned by the application or by a role above row security": """
        select r.name from relation r join pg_roles o on o.oid = r.owner
        where o.rolname = 'milepost_app' or o.rolsuper or o.rolbypassrls""",
    "a view with its owner's rights": "select name from relation where kind = 'v' and is_reachable and not is_invoker",
    "a materialised view the application reads": "select name from relation where kind = 'm' and is_reachable",
    "a unique index without trust_id": "select name from index_of where is_unique and trust_id <> all (columns)",
    "an index that does not begin with trust_id": "select name from index_of where columns[0] <> trust_id",
    "an index whose condition row security would ignore": """
        select distinct i.name from index_of i join pg_attribute a on a.attrelid = i.oid and a.attnum = any (i.columns)
        join pg_type t on t.oid = a.atttypid
        where t.typtype = 'e' or t.oid in ('numeric'::regtype, 'jsonb'::regtype)""",
    "a reference that may leave the trust": """
        select k.conname::text from pg_constraint k join relation r on r.oid = k.conrelid
        join relation above on above.oid = k.confrelid
        where k.contype = 'f' and above.trust_id is not null and not exists (
          select 1 from unnest(k.conkey, k.confkey) as pair (own, theirs)
          where own = r.trust_id and theirs = above.trust_id)""",
    "more granted than reading and writing rows": """
        select name from relation
        where kind in ('r', 'p') and has_table_privilege('milepost_app', oid, 'truncate, references, trigger')""",
    "granted to everybody": "select distinct name from relation, aclexplode(acl) as granted where granted.grantee = 0",
    "a log that the application may change": """
        select name from relation where name in ('event', 'event_text') and (
          has_any_column_privilege('milepost_app', oid, 'update') or has_table_privilege('milepost_app', oid, 'delete'))""",
    "a function with its owner's rights": """
        select oid::regprocedure::text from pg_proc
        where pronamespace = 'app'::regnamespace and prosecdef and (
          has_function_privilege('milepost_app', oid, 'execute')
          or coalesce(array_to_string(proconfig, ','), '') !~ 'search_path=')""",
    "a trigger other than the append-only guard": """
        select t.tgname::text from pg_trigger t join relation r on r.oid = t.tgrelid
        where not t.tgisinternal and t.tgfoid is distinct from to_regprocedure('app.refuse_change()')""",
    "an application role above row security": """
        select rolname::text from pg_roles where rolname = 'milepost_app' and (
          rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
          or pg_has_role(oid, 'milepost_owner', 'member') or has_schema_privilege(oid, 'app', 'create'))""",
}


@dataclass(frozen=True)
class Hole:
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


async def holes(connection: asyncpg.Connection) -> list[Hole]:
    """Every hole in the schema `app`, as far as `milepost_app` is concerned."""
    return [
        Hole(kind, row[0])
        for kind, check in CHECKS.items()
        for row in await connection.fetch(f"{_RELATIONS}{check} order by 1")
    ]
