"""ETags: a record's is its version; a page's is the position of the log, who may see it, and the day."""

import re
from datetime import date
from typing import Final

from fastapi import Request, Response

from app.db.noun import Noun
from app.domain.permissions import told_to_few
from app.operations.refusals import Refused

_VERSION: Final = re.compile(r'"v(\d{1,9})(?:\.[0-9]{8})?(?:\.[0-9a-f]{12})?"')


def record_tag(noun: Noun, version: int, today: date, *, sight: str) -> str:
    """Where a field depends on the day or on who asks, so does the tag; If-Match looks at the version alone."""
    on_day = f".{today:%Y%m%d}" if noun.clocked else ""
    by_sight = f".{sight}" if told_to_few(noun.entity) else ""
    return f'"v{version}{on_day}{by_sight}"'


def page_tag(head: int, sight: str, today: date) -> str:
    return f'"p{head}.{sight}.{today:%Y%m%d}"'


def expected_version(request: Request) -> int:
    """The version that If-Match names. Required of every change."""
    given = request.headers.get("if-match")
    if given is None:
        raise Refused("precondition-required", "Send If-Match with the ETag of the version you read.")
    match = _VERSION.fullmatch(given.strip())
    if match is None:
        raise Refused("stale-version", 'If-Match takes one ETag as this record gave it, such as "v3".')
    return int(match[1])


def is_current(request: Request, tag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or tag in (part.strip().removeprefix("W/") for part in given.split(","))


def not_modified(tag: str) -> Response:
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "private, no-cache"})
