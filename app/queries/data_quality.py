"""What is unclear across a trust (C19): flags counted by code and by the document they came to light in."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from uuid import UUID

from pydantic import Field

from app.db.noun import Computed
from app.queries.flags import DATA_QUALITY_FLAGS
from app.queries.published import Published
from app.queries.reading import Moment, Reads
from app.queries.revival import Told, read_all

_NO_DOCUMENT: Final = "none"
_DOCUMENT: Final = (
    "select coalesce((select p.source_document from plan p where p.trust_id = {trust} and p.id = {t}.plan_id), "
    "(select f.source_document from framework f where f.trust_id = {trust} and f.id = {t}.framework_id))"
)
_COUNTED: Final = replace(
    DATA_QUALITY_FLAGS,
    fields=(
        DATA_QUALITY_FLAGS.field("code"),
        Computed("isResolved", "{t}.resolved_at is not null", bool),
        Computed("document", _DOCUMENT, str | None),
    ),
)


class FlagCounts(Published):
    """Flags, those that somebody has resolved apart."""

    flags: int
    resolved: int
    unresolved: int


class CodeCounts(FlagCounts):
    """Flags of one kind of fault."""

    code: str


class DocumentCounts(FlagCounts):
    """Flags that came to light in one document."""

    document: str = Field(description="Code of the document; `none`: the record was not read in any.")
    byCode: dict[str, int]


class DataQualityTotals(FlagCounts):
    """Every flag within sight."""

    byCode: list[CodeCounts] = Field(description="The commonest fault first.")
    byDocument: list[DocumentCounts]


async def read_data_quality(
    reads: Reads, moment: Moment, *, plan_id: UUID | None, framework_id: UUID | None
) -> DataQualityTotals:
    flags = await read_all(reads, _COUNTED, moment, planId=plan_id, frameworkId=framework_id)
    codes = Counter(str(flag["code"]) for flag in flags)
    documents = sorted({_document(flag) for flag in flags})
    return DataQualityTotals(
        **_counts(flags),
        byCode=[
            CodeCounts(code=code, **_counts(flag for flag in flags if flag["code"] == code))
            for code, _ in sorted(codes.items(), key=lambda one: (-one[1], one[0]))
        ],
        byDocument=[_of_document(document, flags) for document in documents],
    )


def _of_document(document: str, flags: Iterable[Told]) -> DocumentCounts:
    mine = [flag for flag in flags if _document(flag) == document]
    by_code = dict(sorted(Counter(str(flag["code"]) for flag in mine).items()))
    return DocumentCounts(document=document, byCode=by_code, **_counts(mine))


def _document(flag: Told) -> str:
    return str(flag["document"] or _NO_DOCUMENT)


def _counts(flags: Iterable[Told]) -> dict[str, int]:
    found = [bool(flag["isResolved"]) for flag in flags]
    return {"flags": len(found), "resolved": sum(found), "unresolved": len(found) - sum(found)}
