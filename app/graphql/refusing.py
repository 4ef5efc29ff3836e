"""Refusals as GraphQL tells them: a sentence, and the code that REST's problem of the same kind has."""

import re
from typing import Any, Final

from graphql import GraphQLError, Node

from app.domain.errors import IllegalMove, Refusal, StaleVersion
from app.operations.refusals import kind_of

_SENT: Final = re.compile(
    r""""(?:\\.|[^"\\])*"|(?<=String )'.*'(?=\.)|(?<=^Value )'.*'(?= does not exist)|(?<= value: )['{\[].*|(?<= found: ).*""",
    re.DOTALL,
)


def not_sent_back(message: str) -> str:
    """A message of graphql-core's without the texts that were sent, which it quotes: a refusal goes where logs go."""
    return _SENT.sub('"..."', message)


def refused(code: str, sentence: str, node: Node | None = None, **more: Any) -> GraphQLError:
    return GraphQLError(sentence, nodes=node, extensions={"code": code, **more})


def of_refusal(refusal: Refusal, node: Node | None = None, path: list[str | int] | None = None) -> GraphQLError:
    """A refusal of the domain, with all that it tells."""
    return GraphQLError(
        refusal.sentence, nodes=node, path=path, extensions={"code": kind_of(refusal), **details_of(refusal)}
    )


def details_of(refusal: Refusal) -> dict[str, Any]:
    """What a refusal tells beside its sentence: each of its faults, the version there is, the moves there are."""
    told: dict[str, Any] = {}
    if refusal.faults:
        told["errors"] = [{"pointer": it.pointer, "code": it.code, "detail": it.detail} for it in refusal.faults]
    if isinstance(refusal, StaleVersion):
        told["current"] = refusal.current
    if isinstance(refusal, IllegalMove):
        told["legal"] = list(refusal.legal)
    return told
