"""The kinds of failure, spelt alike by every door, and the refusals that are a door's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.errors import Fault, Refusal


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
        "Send an API key, or an access token of your trust's identity provider, as `Authorization: Bearer <key>`. It may be "
        "missing, mistyped, expired or revoked.",
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
    "request-timeout": Kind(408, "Too slow", "The request did not arrive whole in the time it may take."),
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
    "too-many-requests": Kind(
        429,
        "Too many requests",
        "More requests, or more wrong credentials, than a minute allows. Retry after the seconds given.",
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

PASSING: Final = frozenset({"idempotency-in-progress", "too-many-requests", "unavailable"})
"""Kinds that may be gone when the caller tries again."""


class Refused(Refusal):
    """A refusal by a door itself, under one of the kinds above."""

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        faults: list[Fault] | None = None,
        headers: Mapping[str, str] | None = None,
        challenges: Sequence[str] = (),
    ) -> None:
        super().__init__(detail, faults=faults or [])
        self.challenges = tuple(challenges)
        self.kind = kind
        self.headers = dict(headers or {})


def kind_of(refusal: Refusal) -> str:
    """The kind under which a door tells of a refusal."""
    if isinstance(refusal, Refused):
        return refusal.kind
    return refusal.code if refusal.code in KINDS else "invalid"
