"""Operations on their way out: told in headers (RFC 9745, RFC 8594) and in one list, at least twelve months ahead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from pydantic import Field

from app.api.credentials import Caller
from app.api.openapi import answers
from app.operations.asked import Nothing
from app.queries.published import Published

NOTICE: Final = timedelta(days=365)
router = APIRouter(prefix="/v1/deprecations", tags=["deprecations"])


@dataclass(frozen=True)
class Deprecation:
    """One operation that will end, and what takes its place."""

    operation: str
    since: date
    ends_on: date
    instead: str

    def __post_init__(self) -> None:
        if self.ends_on - self.since < NOTICE:
            raise ValueError(
                f"{self.operation}: an operation ends at the earliest twelve months after callers are told."
            )

    def headers(self) -> list[tuple[bytes, bytes]]:
        since, end = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (self.since, self.ends_on))
        return [
            (b"deprecation", f"@{int(since.timestamp())}".encode()),
            (b"sunset", format_datetime(end, usegmt=True).encode()),
            (b"link", b'</v1/deprecations>; rel="deprecation"'),
        ]


DEPRECATIONS: Final[tuple[Deprecation, ...]] = ()
"""Nothing is on its way out."""


def by_operation(deprecations: tuple[Deprecation, ...] = DEPRECATIONS) -> Mapping[str, Deprecation]:
    return {one.operation: one for one in deprecations}


def headers_for(scope: Mapping[str, Any], deprecated: Mapping[str, Deprecation]) -> list[tuple[bytes, bytes]]:
    """The headers of the operation that answered, if it is on its way out."""
    one = deprecated.get(getattr(scope.get("route"), "name", ""))
    return [] if one is None else one.headers()


class DeprecationNotice(Published):
    """One operation that will end."""

    operation: str = Field(description="Its operationId in the OpenAPI document.")
    since: date
    endsOn: date = Field(description="The last day it is sure to work.")
    instead: str = Field(description="What takes its place.")


class DeprecationList(Published):
    items: list[DeprecationNotice]


@router.get("", name="listDeprecations", summary="What is on its way out", **answers(DeprecationList, 401, 422))
async def list_deprecations(request: Request, _actor: Caller, _asked: Annotated[Nothing, Query()]) -> DeprecationList:
    """Every operation that will end, at least twelve months before it does."""
    known = request.app.state.deprecated.values()
    items = [
        DeprecationNotice(operation=one.operation, since=one.since, endsOn=one.ends_on, instead=one.instead)
        for one in known
    ]
    return DeprecationList(items=items)
