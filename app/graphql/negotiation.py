"""Which media type a GraphQL answer has, by the Accept header (GraphQL over HTTP)."""

from typing import Final

RESPONSE: Final = "application/graphql-response+json"
JSON: Final = "application/json"
EVENTS: Final = "text/event-stream"


def media_for(accept: str) -> str | None:
    """The better liked of the two; None where neither will do.

    Where both are liked alike it is the newer if that is named, else `application/json`: whoever takes anything is given that.
    """
    if not accept.strip():
        return JSON
    wanted = _weights(accept)
    anything = wanted.get("application/*", wanted.get("*/*", 0.0))
    liking = {media: wanted.get(media, anything) for media in (RESPONSE, JSON)}
    best = max(liking, key=lambda media: (liking[media], (media == RESPONSE) == (RESPONSE in wanted)))
    return best if liking[best] > 0 else None


def names(accept: str, media: str) -> bool:
    """Whether the header names this media type itself."""
    return _weights(accept).get(media, 0.0) > 0


def _weights(accept: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        given = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        weights[media] = float(given) if given.replace(".", "", 1).isdecimal() and given.isascii() else 0.0
    return weights
