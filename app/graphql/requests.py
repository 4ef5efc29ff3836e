"""A request to the GraphQL door, however it comes: held to its media type, its method and its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cross_web import AsyncHTTPRequestAdapter
from strawberry.http import GraphQLRequestData

from app.graphql.negotiation import JSON
from app.operations.refusals import Refused
from app.operations.strict_json import read_json

_METHODS: Final = {"Allow": "GET, POST"}
_MAPS: Final = ("variables", "extensions")
_TEXTS: Final = ("query", "operationName", "documentId")


@dataclass
class Asked(GraphQLRequestData):
    """A request, that may name a trusted document instead of sending one."""

    document_id: str | None = None


async def over_http(request: AsyncHTTPRequestAdapter) -> Asked:
    """As parameters of GET, or as the body of POST."""
    sent: Any
    if request.method == "GET":
        sent = dict(request.query_params)
        sent |= {name: read_json(str(sent[name]).encode()) for name in _MAPS if sent.get(name)}
    else:
        _require_json(request.content_type or "")
        sent = read_json(await request.get_body())
    return read(sent)


def read(sent: Any) -> Asked:
    """Parameters it does not know are left alone; those it knows are of their type or null."""
    if not isinstance(sent, dict):
        raise Refused("bad-request", "Send one JSON object. Batches of operations are not taken.")
    _require_types(sent)
    if (sent.get("query") is None) == (sent.get("documentId") is None):
        raise Refused("bad-request", "Send either a `query` or the `documentId` of a trusted document.")
    return Asked(
        query=sent.get("query"),
        variables=sent.get("variables"),
        operation_name=sent.get("operationName"),
        extensions=sent.get("extensions"),
        document_id=sent.get("documentId"),
    )


def require_method(method: str) -> None:
    if method not in ("GET", "POST"):
        raise Refused(
            "method-not-allowed", "GraphQL is asked with POST, or with GET where it only reads.", headers=_METHODS
        )


def _require_json(content_type: str) -> None:
    media, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charset = next((part[8:].strip('"') for part in parameters if part.startswith("charset=")), "utf-8")
    if media != JSON or charset not in ("utf-8", "utf8"):
        raise Refused("unsupported-media-type", f"Send the request as {JSON} in UTF-8.")


def _require_types(sent: Mapping[str, Any]) -> None:
    for name in _TEXTS:
        if not isinstance(sent.get(name), str | None):
            raise Refused("bad-request", f"`{name}` is text, or null.")
    for name in _MAPS:
        if not isinstance(sent.get(name), dict | None):
            raise Refused("bad-request", f"`{name}` is an object, or null.")
