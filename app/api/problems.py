"""Every failure as `application/problem+json` (RFC 9457): one list of kinds, each with a page that its `type` leads to."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from app.db.database import is_outage
from app.domain.errors import Fault, IllegalMove, Refusal, StaleVersion

MEDIA: Final = "application/problem+json"
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
log = logging.getLogger("milepost")


@dataclass(frozen=True)
class Kind:
    status: int
    title: str
    meaning: str


KINDS: Final[Mapping[str, Kind]] = {
    "bad-request": Kind(400, "Bad request", "The request cannot be read. The detail says which part."),
    "malformed-json": Kind(
        400,
        "Malformed JSON",
        "The body is not JSON, names a key twice, nests too deep, or holds NaN or Infinity.",
    ),
    "idempotency-key-missing": Kind(
        400,
        "Idempotency-Key missing",
        "Send an Idempotency-Key header: a new random string for each new request, the same one for a retry.",
    ),
    "unauthenticated": Kind(
        401,
        "Who are you?",
        "Send an API key as `Authorization: Bearer <key>`. A key may be missing, mistyped, expired or revoked.",
    ),
    "forbidden": Kind(
        403,
        "Not allowed",
        "The credential is known and lacks the permission, or the academies, for this.",
    ),
    "not-found": Kind(404, "Not found", "There is no such record or address, or it is not yours to know of."),
    "method-not-allowed": Kind(
        405,
        "Method not allowed",
        "The address exists and does not take this method. The Allow header lists those it takes.",
    ),
    "conflict": Kind(409, "Conflict", "The request clashes with what is there already."),
    "illegal-transition": Kind(
        409,
        "Illegal transition",
        "The record cannot do that from where it is. `legal` lists what it can.",
    ),
    "idempotency-in-progress": Kind(
        409,
        "Still working on it",
        "A request with the same Idempotency-Key is being answered. Retry after the seconds given.",
    ),
    "stale-version": Kind(
        412,
        "Changed meanwhile",
        "Your If-Match names an older version. Read the record again, and repeat the change if it still holds.",
    ),
    "payload-too-large": Kind(413, "Too large", "The body is larger than the service takes."),
    "unsupported-media-type": Kind(
        415,
        "Unsupported media type",
        "Send the media type the operation documents, uncompressed.",
    ),
    "invalid": Kind(422, "Not valid", "The content breaks a rule. `errors` says where and how to mend it."),
    "idempotency-key-reused": Kind(
        422,
        "Idempotency-Key reused",
        "The key was used for a different request. A new request needs a new key.",
    ),
    "precondition-required": Kind(
        428,
        "If-Match required",
        "Send If-Match with the ETag you read, so that nobody's change is lost.",
    ),
    "headers-too-large": Kind(
        431,
        "Headers too large",
        "The request's headers are more or larger than the service takes.",
    ),
    "internal": Kind(
        500,
        "A fault of ours",
        "Something went wrong that is not your doing. It is logged under the traceId.",
    ),
    "unavailable": Kind(
        503,
        "Try again shortly",
        "The database is away or busy. Whether a change was made is not known: repeat it with the same "
        "Idempotency-Key.",
    ),
}

_PASSING: Final = frozenset({"idempotency-in-progress", "unavailable"})
_RETRY: Final = {"Retry-After": "1"}


class ProblemError(BaseModel):
    """One thing wrong, and where."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"pointer": "/reason", "code": "reason-missing", "detail": "This transition needs a reason."}]
        }
    )

    pointer: str = Field(description="JSON Pointer into the body; `#query/name` or `#header/name` outside it.")
    code: str
    detail: str


class Problem(BaseModel):
    """What went wrong, in RFC 9457's form."""

    type: str = Field(description="Address of a page that explains this kind of problem.")
    title: str
    status: int
    detail: str = Field(description="What is wrong here, and how to mend it.")
    traceId: str | None = Field(default=None, description="Quote it when you ask for help.")
    errors: list[ProblemError] = Field(default_factory=list)
    legal: list[str] | None = Field(
        default=None,
        description="Of an illegal transition: where a milestone could move to; what could be done to a review.",
    )
    current: int | None = Field(default=None, description="Of a stale version: the version the record is at now.")


class Refused(Refusal):
    """A refusal by the door itself, under one of the kinds above."""

    def __init__(
        self, kind: str, detail: str, *, faults: list[Fault] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail, faults=faults or [])
        self.kind = kind
        self.headers = dict(headers or {})


def problem(
    request: Request, kind: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    known = KINDS[kind]
    body = {"type": f"/problems/{kind}", "title": known.title, "status": known.status, "detail": detail}
    body |= {"traceId": getattr(request.state, "trace_id", None)}
    body |= {name: value for name, value in more.items() if value is not None}
    return Response(orjson.dumps(body), status_code=known.status, media_type=MEDIA, headers=dict(headers or {}))


def install(app: FastAPI) -> None:
    """Answer every failure of any kind as a problem."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, answer_anything)


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    kind = error.kind if isinstance(error, Refused) else error.code if error.code in KINDS else "invalid"
    headers = error.headers if isinstance(error, Refused) else _RETRY if kind in _PASSING else {}
    return problem(
        request,
        kind,
        error.sentence,
        headers=headers,
        errors=[_error(fault.pointer, fault.code, fault.detail) for fault in error.faults],
        legal=list(error.legal) if isinstance(error, IllegalMove) else None,
        current=error.current if isinstance(error, StaleVersion) else None,
    )


async def _validation(request: Request, error: Exception) -> Response:
    """Query, path and header parameters that FastAPI refused. What the caller sent is not echoed."""
    assert isinstance(error, RequestValidationError)
    if any(item["loc"][0] == "path" for item in error.errors()):
        return problem(request, "not-found", "There is nothing at this address: an id in it is no id.")
    faults = [
        _error(f"#{item['loc'][0]}/{'/'.join(map(str, item['loc'][1:]))}", item["type"].replace("_", "-"), item["msg"])
        for item in error.errors()
    ]
    return problem(request, "invalid", f"{len(faults)} parameter(s) of the request are not valid.", errors=faults)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    by_status = {kind.status: name for name, kind in reversed(list(KINDS.items()))}
    name = by_status.get(error.status_code, "bad-request")
    headers = {**(error.headers or {}), **({"Allow": _allowed(request)} if name == "method-not-allowed" else {})}
    return problem(request, name, KINDS[name].meaning, headers=headers)


def _allowed(request: Request) -> str:
    """Every method the address takes. The router names only those of the first of its routes there."""
    routes = request.app.routes
    takes = (name for name in _METHODS if any(_answers(route, {**request.scope, "method": name}) for route in routes))
    return ", ".join(takes)


def _answers(route: BaseRoute, scope: Scope) -> bool:
    return route.matches(scope)[0] is Match.FULL


async def answer_anything(request: Request, error: Exception) -> Response:
    """An outage says try again; anything else is ours, and its text stays in the log."""
    if is_outage(error):
        log.warning("outage %s: %s", getattr(request.state, "trace_id", "-"), type(error).__name__)
        return problem(request, "unavailable", KINDS["unavailable"].meaning, headers=_RETRY)
    log.error("fault %s", getattr(request.state, "trace_id", "-"), exc_info=error)
    return problem(request, "internal", KINDS["internal"].meaning)


def _error(pointer: str, code: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer, "code": code, "detail": detail}
