"""Which HTTP status a GraphQL answer has (GraphQL over HTTP)."""

from collections.abc import Mapping
from typing import Final

from strawberry.http import GraphQLHTTPResponse

from app.graphql.negotiation import RESPONSE

UNAVAILABLE: Final = 503
OF_REQUEST: Final[Mapping[str, int]] = {
    "bad-request": 400,
    "malformed-json": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "method-not-allowed": 405,
    "not-acceptable": 406,
    "unsupported-media-type": 415,
}
"""What is wrong with the request and not with what it asks, and its status whatever the media type."""
_OURS: Final = {"internal": 500, "unavailable": UNAVAILABLE}


def status_of(answer: GraphQLHTTPResponse, media: str) -> int:
    """An answer with data is one; what was refused is 400 to those who know the newer media type. Faults of ours are faults."""
    if "data" in answer:
        return 200
    codes = [error["extensions"]["code"] for error in answer.get("errors") or () if isinstance(error, dict)]
    ours = next((_OURS[code] for code in codes if code in _OURS), None)
    return ours or (400 if media == RESPONSE else 200)
