"""The OpenAPI 3.1 document: what each operation says of itself, and the parts that all of them share."""

import json
from collections.abc import Iterable
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import FastAPI, Path
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.alias_generators import to_pascal
from pydantic.json_schema import models_json_schema

from app.api.document import finish, ref
from app.api.problems import MEDIA, Problem
from app.db.noun import Noun
from app.operations.refusals import KINDS
from app.queries.nouns import NOUNS

RecordId: TypeAlias = Annotated[UUID, Path(alias="id", description="The record's id.")]

_BODIES: dict[str, type[BaseModel]] = {}
_TAGS: Final = [
    *({"name": noun.plural, "description": noun.doc} for noun in NOUNS.values()),
    {"name": "calculations", "description": "Rules that are asked with figures rather than of records."},
    {
        "name": "categories",
        "description": "What the figures point to, what was decided, and for how long it has stood.",
    },
    {"name": "deprecations", "description": "What is on its way out."},
    {"name": "events", "description": "Everything that happened, in the order in which it was recorded."},
    {"name": "health", "description": "For whatever watches over the service."},
]
_SECURITY: Final = {
    "apiKey": {
        "type": "http", "scheme": "bearer", "bearerFormat": "mp_<environment>_<trust>_<id>_<secret>",
        "description": "An API key, or an access token of the trust's identity provider. A key names its trust. Make one with "
        "`POST /v1/api-keys` or `milepost keys`. `X-API-Key` and `Basic`, with the key as user or password, are taken too.",
    }
}  # fmt: skip
_HEADERS: Final = {
    "Accept-Patch": "The media type that changes are sent as.",
    "ETag": "The version of what was read or written. Send it as If-Match to change, as If-None-Match to read again.",
    "Idempotency-Replayed": "`true` where this is the answer that the same Idempotency-Key had before.",
    "Link": 'RFC 8288: the pages on either side, `rel="next"` and `rel="prev"`.',
    "Location": "Address of the new record.",
    "Preference-Applied": "The preference that was followed: `count=exact` or `return=minimal`.",
    "RateLimit": "How many requests are left, and for how many seconds, under each policy.",
    "RateLimit-Policy": "How many requests each policy allows, and in how many seconds.",
    "Retry-After": "Seconds after which to try again.",
    "WWW-Authenticate": "The scheme to authenticate with.",
    "X-Request-Id": "Yours if you sent one, else a new one. It is the `traceId` of a problem.",
}
_PARAMETERS: Final[dict[str, dict[str, Any]]] = {
    "IdempotencyKey": {
        "name": "Idempotency-Key", "in": "header", "required": False,
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
        "description": "A new random string for each new request, the same one for a retry. Kept for 30 days.",
        "example": "8c2f6a52-5d0f-4d3a-9d8e-0f0b1d6f3a77",
    },
    "IfMatch": {
        "name": "If-Match", "in": "header", "required": True, "schema": {"type": "string", "pattern": '^"v\\d+(\\.\\d{8})?"$'},
        "description": "The ETag you read. A change to another version is refused (412); without it, 428.", "example": '"v1"',
    },
    "IfNoneMatch": {
        "name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"},
        "description": "An ETag you hold: if it is still current, the answer is 304 and empty.",
    },
    "Prefer": {
        "name": "Prefer", "in": "header", "required": False, "schema": {"type": "string"}, "example": "count=exact",
        "description": "RFC 7240. `count=exact` gives `totalCount`, which costs a count of the whole list.",
    },
}  # fmt: skip
_PARAMETERS["PreferReturn"] = _PARAMETERS["Prefer"] | {
    "schema": {"type": "string", "enum": ["return=minimal", "return=representation"]}, "example": "return=minimal",
    "description": "RFC 7240. `return=minimal` leaves the record out of the answer: 204 with its headers.",
}  # fmt: skip
_PARAMETERS["RequiredIdempotencyKey"] = _PARAMETERS["IdempotencyKey"] | {"required": True}
_DONE: Final = {200: "As asked.", 201: "Created: the new record."}
_FAILURE_HEADERS: Final = {
    401: ["WWW-Authenticate"], 409: ["Retry-After"], 415: ["Accept-Patch"], 503: ["Retry-After"],
    429: ["RateLimit", "RateLimit-Policy", "Retry-After"],
}  # fmt: skip
_EVERYWHERE: Final = (429, 431, 500, 503)
_NOT_MODIFIED: Final = 304


def answers(
    model: type[BaseModel],
    *failures: int,
    status: int = 200,
    headers: Iterable[str] = (),
    extra: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The `responses` and extras of an operation: what it gives back, and every way it can fail."""
    parameters = [*(extra or {}).get("parameters", [])]
    if _NOT_MODIFIED in failures:
        parameters.append(ref("parameters", "IfNoneMatch"))
    replays = any("IdempotencyKey" in str(parameter) for parameter in parameters)
    told = _told([*headers, *(["Idempotency-Replayed"] if replays else [])])
    found: dict[int | str, dict[str, Any]] = {status: {"model": model, "description": _DONE[status], "headers": told}}
    if any("PreferReturn" in str(parameter) for parameter in parameters):
        found[204] = {
            "description": "Done, and the record left out as preferred.",
            "headers": told | _told(["Preference-Applied"]),
        }
    found |= {failure: ref("responses", _failure_name(failure)) for failure in (*failures, *_EVERYWHERE)}
    return {"responses": found, "openapi_extra": (extra or {}) | ({"parameters": parameters} if parameters else {})}


def body_of(
    model: type[BaseModel],
    *,
    media: str = "application/json",
    match: bool = False,
    key: bool = False,
    key_required: bool = False,
) -> dict[str, Any]:
    """The request body and headers of a change."""
    _BODIES[model.__name__] = model
    names = ["IfMatch"] if match else []
    if key or key_required:
        names.append("RequiredIdempotencyKey" if key_required else "IdempotencyKey")
    if names:
        names.append("PreferReturn")
    content = {media: {"schema": ref("schemas", model.__name__)}}
    return {
        "parameters": [ref("parameters", name) for name in names],
        "requestBody": {"required": True, "content": content},
    }


def counted() -> dict[str, Any]:
    """The extras of a list: its total may be asked for."""
    return {"parameters": [ref("parameters", "Prefer")]}


def operation_id(route: APIRoute) -> str:
    return route.name


def plural_title(noun: Noun) -> str:
    """How operations on many are named: listPeople, listEvidence."""
    return to_pascal(noun.plural.replace("-", "_"))


def many(noun: Noun) -> str:
    """How summaries call them: academic years."""
    return noun.plural.replace("-", " ")


def install(app: FastAPI) -> None:
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]  # FastAPI's own way


def document_text(app: FastAPI) -> str:
    """The document as it is committed: the same bytes for the same contract."""
    return json.dumps(app.openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _document(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, openapi_version="3.1.0", summary=app.summary, tags=_TAGS,
            description=app.description, routes=app.routes, license_info=app.license_info, servers=app.servers,
        )  # fmt: skip
        _add_parts(document)
        finish(document)
        app.openapi_schema = document
    return app.openapi_schema


def _add_parts(document: dict[str, Any]) -> None:
    models = [(model, "validation") for _, model in sorted(_BODIES.items())] + [(Problem, "serialization")]
    _, made = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]  # pairs of model and mode
    statuses = sorted({kind.status for kind in KINDS.values()} | {_NOT_MODIFIED})
    used = json.dumps(document["paths"])
    responses = {_failure_name(status): _failure(status) for status in statuses}
    document["security"] = [{"apiKey": []}]
    document["components"] = {
        "schemas": document["components"]["schemas"] | made["$defs"],
        "securitySchemes": _SECURITY,
        "headers": {name: {"description": text, "schema": {"type": "string"}} for name, text in _HEADERS.items()},
        "parameters": {name: part for name, part in _PARAMETERS.items() if f"/parameters/{name}" in used},
        "responses": {name: part for name, part in responses.items() if f"/responses/{name}" in used},
    }


def _failure_name(status: int) -> str:
    kinds = (name for name, kind in KINDS.items() if kind.status == status)
    return "NotModified" if status == _NOT_MODIFIED else to_pascal(next(kinds).replace("-", "_"))


def _failure(status: int) -> dict[str, Any]:
    if status == _NOT_MODIFIED:
        return {"description": "Nothing has changed since.", "headers": _told(["ETag"])}
    kinds = {name: kind for name, kind in KINDS.items() if kind.status == status}
    shown = {
        name: {"value": {"type": f"/problems/{name}", "title": kind.title, "status": status, "detail": kind.meaning}}
        for name, kind in kinds.items()
    }
    return {
        "description": " ".join(kind.meaning for kind in kinds.values()),
        "headers": _told(_FAILURE_HEADERS.get(status, [])),
        "content": {MEDIA: {"schema": ref("schemas", "Problem"), "examples": shown}},
    }


def _told(headers: Iterable[str]) -> dict[str, Any]:
    return {name: ref("headers", name) for name in [*headers, "X-Request-Id"]}
