"""The addresses of computed answers and of changes with rules of their own, made from their declarations."""

from functools import cache
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from app.api.asking import found, moment_of
from app.api.bodies import json_of
from app.api.credentials import Caller
from app.api.openapi import RecordId, answers, body_of
from app.api.preconditions import expected_version, page_tag
from app.api.sections import Section
from app.api.writing import Writing, needs_key
from app.domain.actor import Actor
from app.operations.asked import past_of
from app.operations.bodies import Body
from app.operations.operation import Answer, Change, finished
from app.operations.registry import ANSWERS, CHANGES
from app.queries.published import record_model
from app.queries.reading import Moment, Reads, head_position, sight

_OK: Final = 200
_CREATED: Final = 201


@cache
def routers() -> tuple[APIRouter, ...]:
    """A section for each noun that is asked or changed, and one for each question about the whole trust."""
    made: dict[str, Section] = {}

    def section(address: str) -> Section:
        prefix = "/".join(address.split("/")[:3])
        return made.setdefault(prefix, Section(prefix=prefix))

    for answer in ANSWERS:
        if not answer.own_route:
            _answering(section(address_of(answer)), answer)
    for change in CHANGES:
        _changing(section(f"/v1/{change.of.plural}"), change)
    return tuple(made.values())


def address_of(answer: Answer) -> str:
    return f"/v1/{answer.path}" if answer.of is None else f"/v1/{answer.of.plural}/{{id}}/{answer.path}"


def told_of(answer: Answer, extra: dict[str, Any] | None = None) -> dict[str, Any]:
    """What its route says of itself. With a body it can fail in a body's ways too."""
    failures = [401, 403, 422, *([404] if answer.missing else []), *([304] if answer.tagged else [])]
    said = answers(
        answer.gives,
        *failures,
        *([400, 413, 415] if extra else []),
        headers=("ETag",) if answer.tagged else (),
        extra=extra,
    )
    return {"name": answer.name, "summary": answer.summary, "description": answer.doc, "tags": [answer.tag], **said}


async def tag_of(reads: Reads, moment: Moment) -> str | None:
    """The tag of an answer. One by former knowledge has none: it never changes."""
    if moment.as_of is not None:
        return None
    return _tag_at(await head_position(reads), reads.actor, moment)


def _tag_at(head: int, actor: Actor, moment: Moment) -> str | None:
    return None if moment.as_of is not None else page_tag(head, sight(actor), moment.today)


def _answering(made: APIRouter, answer: Answer) -> None:
    async def of_record(
        record_id: RecordId, request: Request, actor: Caller, asked: Annotated[Any, Query()]
    ) -> Response:
        return await _answer(request, actor, answer, record_id, asked)

    async def of_trust(request: Request, actor: Caller, asked: Annotated[Any, Query()]) -> Response:
        return await _answer(request, actor, answer, actor.trust_id, asked)

    handler: Any = of_trust if answer.of is None else of_record
    handler.__annotations__["asked"] = Annotated[answer.asked, Query()]
    made.add_api_route(address_of(answer).removeprefix(made.prefix), handler, **told_of(answer))


async def _answer(request: Request, actor: Actor, answer: Answer, about: UUID, asked: BaseModel) -> Response:
    """The tag is read before the answer: if something is recorded in between, the answer is fetched once too often."""
    actor.require(answer.needs)
    moment = moment_of(request, actor, past_of(asked))
    async with request.app.state.database.reader(actor, noting=answer.name if answer.notes else None) as reader:
        if answer.read_at is None:
            tag = await tag_of(reader, moment) if answer.tagged else None
            body = finished(await answer.read(reader, about, asked, moment))
        else:
            body, head = await answer.read_at(reader, about, asked, moment)
            tag = _tag_at(head, actor, moment)
    return found(request, body, tag)


def _changing(made: APIRouter, change: Change) -> None:
    status = _CREATED if change.creates else _OK

    async def change_record(
        record_id: RecordId, request: Request, actor: Caller, body: Annotated[Body, Depends(json_of(change.body))]
    ) -> Response:
        if change.key_required:
            needs_key(request)
        version = expected_version(request) if change.versioned else 0
        return await Writing(request, actor, change.gives, status=status).run(
            lambda work: change.run(work, record_id, body, version)
        )

    failures = (400, 401, 403, 404, 409, 413, 415, 422, *((412, 428) if change.versioned else ()))
    extra = body_of(change.body, match=change.versioned, key=True, key_required=change.key_required)
    made.add_api_route(
        f"/{{id}}/{change.path}", change_record, methods=["POST"], name=change.name,
        summary=change.summary, description=change.doc, tags=[change.of.plural], status_code=status,
        **answers(record_model(change.gives), *failures, status=status, extra=extra,
                  headers=("ETag", "Location") if change.creates else ("ETag",)),
    )  # fmt: skip
