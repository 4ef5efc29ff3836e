"""What every table of a trust gets: row security that fails closed, and no more rights than the application needs."""

from alembic import op


def secure(table: str, *, rights: str = "select, insert, update") -> None:
    """Row security enabled and forced, one policy, grants. Call it in the migration that makes the table."""
    op.execute(f"alter table app.{table} enable row level security")
    op.execute(f"alter table app.{table} force row level security")
    op.execute(
        f"create policy trust on app.{table} using (trust_id = app.current_trust()) with check (trust_id = app.current_trust())"
    )
    op.execute(f"grant {rights} on app.{table} to milepost_app")
    op.execute(f"grant select on app.{table} to milepost_ops")
