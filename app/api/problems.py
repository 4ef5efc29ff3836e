"""Every failure as `application/problem+json` (RFC 9457): each kind has a page that its `type` leads to."""

import logging
from collections.abc import Mapping
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
from app.domain.errors import IllegalMove, Refusal, StaleVersion
from app.operations.refusals import KINDS, PASSING, Refused, kind_of

MEDIA: Final = "application/problem+json"
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
log = logging.getLogger("milepost")


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
    kind = kind_of(error)
    headers = error.headers if isinstance(error, Refused) else _RETRY if kind in PASSING else {}
    response = problem(
        request,
        kind,
        error.sentence,
        headers=headers,
        errors=[_error(fault.pointer, fault.code, fault.detail) for fault in error.faults],
        legal=list(error.legal) if isinstance(error, IllegalMove) else None,
        current=error.current if isinstance(error, StaleVersion) else None,
    )
    for challenge in error.challenges if isinstance(error, Refused) else ():
        response.headers.append("WWW-Authenticate", challenge)
    return response


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
    """A refusal says why; an outage says try again; anything else is ours, and its text stays in the log."""
    if isinstance(error, Refusal):
        return await _refusal(request, error)
    if is_outage(error):
        log.warning("outage %s: %s", getattr(request.state, "trace_id", "-"), type(error).__name__)
        return problem(request, "unavailable", KINDS["unavailable"].meaning, headers=_RETRY)
    log.error("fault %s", getattr(request.state, "trace_id", "-"), exc_info=error)
    return problem(request, "internal", KINDS["internal"].meaning)


def _error(pointer: str, code: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer, "code": code, "detail": detail}
