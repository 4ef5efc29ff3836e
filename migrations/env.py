"""Runs migrations as the owner, one transaction each, under a lock timeout: it waits its turn instead of making others wait."""

import random
import time
from typing import Any

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.domain.model import metadata

TRIES = 80


def include(_object: Any, name: str | None, kind: str, *_: Any) -> bool:
    """The log and the idempotency store are written in SQL alone: no entity stands for them."""
    return not (
        kind == "table"
        and name in {"event", "event_head", "event_text", "idempotency", "sensitive_read", "alembic_version"}
    )


def run(connection: Connection) -> None:
    connection.execute(text("set role milepost_owner"))
    connection.execute(text("set search_path = app, public"))
    connection.execute(text("set lock_timeout = '100ms'"))
    connection.execute(text("set statement_timeout = '60s'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
        version_table_schema="public",
        include_object=include,
    )
    for attempt in range(1, TRIES + 1):
        try:
            with context.begin_transaction():
                context.run_migrations()
        except DBAPIError as error:
            connection.rollback()
            if attempt == TRIES or "lock timeout" not in str(error):
                raise
            time.sleep(random.uniform(0.05, 0.3))  # noqa: S311  a jitter is no secret  # nosec B311
        else:
            return


connection: Connection | None = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Run migrations with `milepost migrate`: it knows the database and the role.")
run(connection)
