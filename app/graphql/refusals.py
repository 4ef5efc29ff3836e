"""Refusals of a mutation, as members of its result: the kinds of REST's problems, each a type of its own."""

from collections.abc import Mapping
from typing import Any, Final

from app.domain.errors import Refusal
from app.graphql.refusing import details_of
from app.graphql.types import Field, make, make_interface
from app.operations.refusals import KINDS, kind_of

_FAULT: Final = {
    "pointer": Field("str", "JSON Pointer into the input."),
    "code": Field("str"),
    "detail": Field("str"),
}
_COMMON: Final = {
    "code": Field("str", "The same as that of REST's problem of this kind."),
    "title": Field("str"),
    "detail": Field("str", "What is wrong here, and how to mend it."),
    "errors": Field("list[Fault]", "Where it is wrong, part by part."),
}
_OWN: Final[Mapping[str, Mapping[str, Field]]] = {
    "StaleVersion": {"current": Field("int | None", "The version the record is at now.")},
    "IllegalTransition": {"legal": Field("list[str]", "What it could do from where it is.")},
}
TYPE_OF: Final[Mapping[str, str]] = {
    "not-found": "NotFound",
    "forbidden": "Forbidden",
    "invalid": "Invalid",
    "conflict": "Conflict",
    "stale-version": "StaleVersion",
    "illegal-transition": "IllegalTransition",
    "idempotency-key-reused": "IdempotencyKeyReused",
    "idempotency-in-progress": "IdempotencyInProgress",
}
"""The type that tells of each code."""


def make_refusals() -> tuple[str, ...]:
    """The types of all refusals."""
    make("Fault", "One thing wrong with what was given.", _FAULT)
    make_interface("Refusal", "Why something was not done.", _COMMON)
    return tuple(
        make(name, KINDS[code].meaning, {**_COMMON, **_OWN.get(name, {})}, implements="Refusal")
        for code, name in TYPE_OF.items()
    )


def told(refusal: Refusal) -> tuple[str, dict[str, Any]] | None:
    """The type that tells of a refusal, and all that it tells; None where it is none of a mutation's."""
    code = kind_of(refusal)
    if code not in TYPE_OF:
        return None
    said = {"code": code, "title": KINDS[code].title, "detail": refusal.sentence, "errors": [], **details_of(refusal)}
    return TYPE_OF[code], said
