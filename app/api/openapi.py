"""The OpenAPI 3.1 document, clean enough to generate clients from."""

from collections.abc import Iterable
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.api.problems import KINDS, MEDIA, Problem

_REF: Final = "#/components/schemas/{model}"
_BODIES: dict[str, type[BaseModel]] = {}
_HEADERS: Final = {
    "ETag": "The version of what was read or written. Send it as If-Match to change, as If-None-Match to read again.",
    "Link": 'RFC 8288: the pages on either side, `rel="next"` and `rel="prev"`.',
    "Location": "Address of the new record.",
}
_IF_MATCH: Final = {
    "name": "If-Match", "in": "header", "required": True, "schema": {"type": "string", "pattern": '^"v\\d+(\\.\\d{8})?"$'},
    "description": "The ETag you read. A change to another version is refused (412); without it, 428.", "example": '"v1"',
}  # fmt: skip
_IF_NONE_MATCH: Final = {
    "name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"},
    "description": "An ETag you hold: if it is still current, the answer is 304 and empty.",
}  # fmt: skip


def _key_parameter(*, required: bool) -> dict[str, Any]:
    return {
        "name": "Idempotency-Key", "in": "header", "required": required,
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
        "description": "A new random string for each new request, the same one for a retry. Kept for 30 days.",
    }  # fmt: skip


def answers(model: type[BaseModel], *failures: int, status: int = 200, headers: Iterable[str] = (), extra: dict[str, Any] | None = None) -> dict[str, Any]:  # fmt: skip
    """The `responses` and extras of an operation: what it gives back, and every way it can fail."""
    told = {name: {"description": _HEADERS[name], "schema": {"type": "string"}} for name in headers}
    found: dict[int | str, dict[str, Any]] = {status: {"model": model, "description": "As asked.", "headers": told}}
    for failure in (*failures, 431, 500, 503):
        found[failure] = {"description": "Nothing has changed since."} if failure == 304 else _failure(failure)  # noqa: PLR2004
    parameters = [_IF_NONE_MATCH] if 304 in failures else []  # noqa: PLR2004
    extra = dict(extra or {})
    if parameters:
        extra["parameters"] = [*extra.get("parameters", []), *parameters]
    return {"responses": found, "openapi_extra": extra}


def _failure(status: int) -> dict[str, Any]:
    meanings = " ".join(kind.meaning for kind in KINDS.values() if kind.status == status)
    return {"description": meanings, "content": {MEDIA: {"schema": {"$ref": _REF.format(model="Problem")}}}}


def body_of(model: type[BaseModel], *, media: str = "application/json", match: bool = False, key: bool = False, key_required: bool = False) -> dict[str, Any]:  # fmt: skip
    """The request body and headers of a change."""
    _BODIES[model.__name__] = model
    parameters = [_IF_MATCH] if match else []
    if key or key_required:
        parameters.append(_key_parameter(required=key_required))
    content = {media: {"schema": {"$ref": _REF.format(model=model.__name__)}}}
    return {"parameters": parameters, "requestBody": {"required": True, "content": content}}


def install(app: FastAPI) -> None:
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, openapi_version="3.1.0", summary=app.summary,
            description=app.description, routes=app.routes, tags=app.openapi_tags, license_info=app.license_info, servers=app.servers,
        )  # fmt: skip
        _add_bodies(document)
        _clean(document)
        app.openapi_schema = document
    return app.openapi_schema


def _add_bodies(document: dict[str, Any]) -> None:
    models = [(model, "validation") for _, model in sorted(_BODIES.items())] + [(Problem, "serialization")]
    _, schemas = models_json_schema(models, ref_template=_REF)  # type: ignore[arg-type]
    document["components"]["schemas"] |= schemas["$defs"]


def _clean(document: dict[str, Any]) -> None:
    """Problems only where FastAPI would say otherwise; no orphan schemas; security on every operation."""
    schemas = document["components"]["schemas"]
    for orphan in ("HTTPValidationError", "ValidationError"):
        schemas.pop(orphan, None)
    for path in document["paths"].values():
        for operation in path.values():
            answered = operation["responses"].get("422", {})
            if "application/json" in answered.get("content", {}):
                operation["responses"]["422"] = _failure(422)
    document["components"]["schemas"] = dict(sorted(schemas.items()))


def operation_id(route: APIRoute) -> str:
    return route.name
