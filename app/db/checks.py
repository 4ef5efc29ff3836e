"""What the service makes sure of before it serves: a PostgreSQL without known leaks, and a login without power over it."""

from app.db.database import Database
from app.db.pg_binaries import check_version

_SELF = """
select case
  when r.rolsuper then 'is a superuser'
  when r.rolbypassrls then 'bypasses row security'
  when pg_has_role(current_user, 'milepost_owner', 'member') then 'owns the tables'
end from pg_roles r where r.rolname = current_user"""


class UnsafeDatabase(RuntimeError):
    """The service refuses to start on this database or as this login."""


async def refuse_unsafe(database: Database) -> None:
    number = int(await database.bare("select current_setting('server_version_num')"))
    check_version((number // 10_000, number % 10_000))
    fault = await database.bare(_SELF)
    if fault is not None:
        raise UnsafeDatabase(
            f"The login in MILEPOST_DATABASE_URL {fault}, so row security would not hold it. Use the login milepost_app, "
            "which `milepost migrate` creates, and keep the powerful one for MILEPOST_MIGRATE_URL."
        )
