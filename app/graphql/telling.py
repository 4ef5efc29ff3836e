"""How failures are told: refusals in their own words, an outage as such, and anything else without a word of what it was."""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg
from graphql import GraphQLError

from app.db.database import is_outage
from app.domain.errors import Refusal
from app.graphql.limits import RefusedDocument
from app.graphql.refusing import not_sent_back, of_refusal, refused
from app.operations.refusals import KINDS

_SUGGESTION: Final = re.compile(r" Did you mean [^?]*\?")
log = logging.getLogger("milepost")


def errors_of(error: Exception, *, trace_id: str) -> tuple[GraphQLError, ...]:
    """What is told of an exception."""
    match error:
        case RefusedDocument():
            return error.errors
        case GraphQLError():
            return (told(error, trace_id=trace_id),)
        case Refusal():
            return (of_refusal(error),)
    if is_outage(error):
        log.warning("outage %s: %s", trace_id, type(error).__name__)
        return (refused("unavailable", KINDS["unavailable"].meaning),)
    log.error("fault %s", trace_id, exc_info=error)
    sentence = "Something went wrong that is not your doing. It is logged under the traceId."
    return (refused("internal", sentence, traceId=trace_id),)


@asynccontextmanager
async def in_time() -> AsyncIterator[None]:
    """A read that the database gave up on asks for too much: asking again would take as long again."""
    try:
        yield
    except asyncpg.QueryCanceledError:
        sentence = "This took longer than a read may. Ask for fewer with `first`, or for less below each."
        raise RefusedDocument(refused("too-costly", sentence)) from None


def told(error: GraphQLError, *, trace_id: str) -> GraphQLError:
    """An error of a result as it may be told. What a value could not be read as is the caller's; any other cause is ours."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    if cause is None or (error.path is None and isinstance(cause, ValueError)):
        return error
    [of_cause] = errors_of(cause, trace_id=trace_id)
    return GraphQLError(of_cause.message, error.nodes, path=error.path, extensions=of_cause.extensions)


def spelt(error: GraphQLError, *, may_read_schema: bool) -> dict[str, Any]:
    """The error as it stands in the answer. Strangers are not helped to guess names of the schema."""
    spelling: dict[str, Any] = {**error.formatted}
    if "code" not in (error.extensions or {}):
        error.message = spelling["message"] = not_sent_back(error.message)
    spelling["extensions"] = {"code": "invalid", **(error.extensions or {})}
    if not may_read_schema:
        spelling["message"] = _SUGGESTION.sub("", error.message)
    return spelling
