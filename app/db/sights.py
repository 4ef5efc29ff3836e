"""Which rows of a kind are out of sight of whoever may not see all of them, and which columns are told to few.

The conditions ask the transaction who it is for (`opening` in database.py tells it). The database repeats those that
need no sub-select as restrictive policies (migration 0007), so that a statement without them shows no more.
"""

from collections.abc import Mapping
from typing import Final

from app.domain.model import ENTITIES
from app.domain.permissions import told_to_few
from app.domain.roles import Permission

_SEES_ALL: Final = f"(select app.may('{Permission.READ_SENSITIVE}'))"
_OWN: Final = "{t}.recorded_by = (select app.holder())"

ASKED_FOR: Final = frozenset({Permission.READ_SENSITIVE, Permission.REVIEW_ACADEMIES})
"""The permissions that conditions and policies ask for, and a transaction therefore carries."""

_ROWS: Final[Mapping[str, str]] = {
    "assurance_review": "{t}.signed_off_at is not null",
    "assurance_rating": "exists (select 1 from assurance_review signed where signed.trust_id = {t}.trust_id "
    "and signed.id = {t}.review_id and signed.signed_off_at is not null)",
    "observation": _OWN,
    "reading_batch": _OWN,
    "reading": "exists (select 1 from reading_batch own where own.trust_id = {t}.trust_id and own.id = {t}.batch_id "
    "and own.recorded_by = (select app.holder()))",
}
_COLUMNS: Final[Mapping[tuple[str, str], str]] = {
    (kind.noun(), column): f"((select app.may('{needed}')) or {_OWN})"
    for kind in ENTITIES
    for column, needed in told_to_few(kind).items()
}


def row_in_sight(table: str, alias: str) -> str:
    """A condition on a row of this table; `true` where everybody who may read the kind sees all of it."""
    part = _ROWS.get(table)
    return "true" if part is None else f"({_SEES_ALL} or {part.format(t=alias)})"


def noted(table: str, column: str, alias: str) -> str:
    """The value of a sensitive column, for whom it may be told to. To tell it is to note who read it."""
    value = f'{alias}."{column}"'
    told_to = _COLUMNS.get((table, column), "true").format(t=alias)
    return f"case when {value} is not null and {told_to} and app.noted('{table}', {alias}.id) then {value} end"
