"""Broken constraints and policies, told as refusals: each constraint was declared with the sentence that refuses for it."""

from functools import cache
from typing import Any, Final

import asyncpg
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.domain.errors import Conflict, Forbidden, Invalid, Refusal
from app.domain.model import metadata

_NAMES: Final[Any] = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]  # SQLAlchemy's
_DUPLICATE: Final = {"UniqueViolationError", "ExclusionViolationError"}
_SIGHT: Final = 'row-level security policy "sight"'
_OUT_OF_SIGHT: Final = (
    "This credential may not write a record that it would not be shown. Ask an administrator of your trust for one that "
    "may read such records too."
)


@cache
def sentences() -> dict[str, str]:
    """Constraint or unique index name -> its sentence."""
    named = {}
    for table in metadata.tables.values():
        for item in (*table.constraints, *table.indexes):
            if "refusal" in item.info:
                named[_NAMES.format_constraint(item)] = item.info["refusal"]
        named[f"pk_{table.name}"] = "There is already a record with this id. Choose another id, or leave it out."
    return named


def refusal_for(
    error: IntegrityError
    | ProgrammingError
    | asyncpg.IntegrityConstraintViolationError
    | asyncpg.InsufficientPrivilegeError,
) -> Refusal:
    """The refusal a broken constraint stands for, or the policy by which nobody writes what is out of their sight.

    Raises the error itself where no sentence was declared: that is a fault of the program, not of the caller.
    """
    cause: BaseException | None = error
    if isinstance(error, IntegrityError | ProgrammingError):
        cause = error.orig.__cause__ if error.orig is not None else None
    if isinstance(cause, asyncpg.InsufficientPrivilegeError) and _SIGHT in str(cause):
        return Forbidden(_OUT_OF_SIGHT)
    name = getattr(cause, "constraint_name", None)
    sentence = sentences().get(str(name))
    if sentence is None:
        raise error
    return (Conflict if type(cause).__name__ in _DUPLICATE else Invalid)(sentence)
