"""Refusals as GraphQL tells them: a sentence, and the code that REST's problem of the same kind has."""

from typing import Any

from graphql import GraphQLError, Node

from app.domain.errors import Refusal
from app.operations.refusals import kind_of


def refused(code: str, sentence: str, node: Node | None = None, **more: Any) -> GraphQLError:
    return GraphQLError(sentence, nodes=node, extensions={"code": code, **more})


def of_refusal(refusal: Refusal, node: Node | None = None, path: list[str | int] | None = None) -> GraphQLError:
    """A refusal of the domain, with each of its faults."""
    faults = [{"pointer": fault.pointer, "code": fault.code, "detail": fault.detail} for fault in refusal.faults]
    told = {"code": kind_of(refusal), **({"errors": faults} if faults else {})}
    return GraphQLError(refusal.sentence, nodes=node, path=path, extensions=told)
