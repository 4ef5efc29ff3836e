"""Broken constraints, told as refusals: each constraint was declared with the sentence that refuses for it."""

from functools import cache
from typing import Any, Final

import asyncpg
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError

from app.domain.errors import Conflict, Invalid, Refusal
from app.domain.model import metadata

_NAMES: Final[Any] = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]  # SQLAlchemy's
_DUPLICATE: Final = {"UniqueViolationError", "ExclusionViolationError"}


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


def refusal_for(error: IntegrityError | asyncpg.IntegrityConstraintViolationError) -> Refusal:
    """The refusal a broken constraint stands for.

    Raises the error itself where no sentence was declared: that is a fault of the program, not of the caller.
    """
    cause: BaseException | None = error
    if isinstance(error, IntegrityError):
        cause = error.orig.__cause__ if error.orig is not None else None
    name = getattr(cause, "constraint_name", None)
    sentence = sentences().get(str(name))
    if sentence is None:
        raise error
    return (Conflict if type(cause).__name__ in _DUPLICATE else Invalid)(sentence)
