"""The addresses every noun has: list, read, page, history; and where a caller may write, create, change, withdraw."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from app.api.asking import found, moment_of, tells
from app.api.bodies import MERGE_PATCH, json_of
from app.api.credentials import Caller
from app.api.lists import answer_list, list_query
from app.api.openapi import RecordId, answers, body_of, counted, many, plural_title
from app.api.preconditions import expected_version, is_current, not_modified, page_tag, record_tag
from app.api.sections import Section
from app.api.writing import Writing
from app.commands import records
from app.db.noun import Noun
from app.domain.permissions import to_follow
from app.operations.asked import AsOf, Nothing
from app.operations.bodies import Body
from app.operations.resources import (
    Creator,
    Resource,
    Withdrawal,
    Withdrawer,
    creation_of,
    merge_of,
    not_emptied,
    values_of,
)
from app.queries.events import EventList, read_history, subjects_of
from app.queries.published import list_model, record_model, tree_model
from app.queries.reading import head_position, read_record, read_tree, sight


def router_of(resource: Resource) -> APIRouter:
    noun = resource.noun
    router = Section(prefix=f"/v1/{noun.plural}", tags=[noun.plural])
    _reading(router, noun)
    if resource.create is not None:
        _creating(router, resource, resource.create)
    if resource.may_change:
        _changing(router, noun)
    if resource.withdrawer is not None:
        _withdrawing(router, noun, resource.withdrawer)
    return router


def _reading(router: APIRouter, noun: Noun) -> None:
    query = list_query(noun)
    noting = f"GET {router.prefix}" if noun.is_sensitive else None

    async def list_records(request: Request, actor: Caller, asked: Annotated[Any, Query()]) -> Response:
        return await answer_list(request, actor, noun, asked)

    list_records.__annotations__["asked"] = Annotated[query, Query()]

    async def get_record(
        record_id: RecordId, request: Request, actor: Caller, asked: Annotated[AsOf, Query()]
    ) -> Response:
        moment = moment_of(request, actor, asked.as_of)
        async with request.app.state.database.reader(actor, noting=noting) as reader:
            read = await read_record(reader, noun, record_id, moment)
            tag = record_tag(noun, read.version, moment.today, sight=sight(actor))
            answer = found(request, read.body, None if moment.as_of else tag)
            reader.tells = tells(answer)
        return answer

    async def get_page(
        record_id: RecordId, request: Request, actor: Caller, asked: Annotated[AsOf, Query()]
    ) -> Response:
        moment = moment_of(request, actor, asked.as_of)
        async with request.app.state.database.reader(actor, noting=noting) as reader:
            if moment.as_of is None and "if-none-match" in request.headers:
                tag = page_tag(await head_position(reader), sight(actor), moment.today)
                if is_current(request, tag):
                    await read_record(reader, noun, record_id, moment)
                    reader.tells = False
                    return not_modified(tag)
            read = await read_tree(reader, noun, record_id, moment)
            answer = found(
                request, read.body, None if moment.as_of else page_tag(read.head, sight(actor), moment.today)
            )
            reader.tells = tells(answer)
        return answer

    async def get_history(
        record_id: RecordId, request: Request, actor: Caller, _asked: Annotated[Nothing, Query()]
    ) -> Response:
        for needed in sorted(to_follow(noun.entity)):
            actor.require(needed)
        moment = moment_of(request, actor)
        async with request.app.state.database.reader(actor, noting=noting) as reader:
            read = await read_record(reader, noun, record_id, moment)
            return found(request, await read_history(reader, subjects_of(noun, record_id, read.body)), None)

    one, name = "/{id}", noun.title
    add = router.add_api_route
    add("", list_records, name=f"list{plural_title(noun)}", summary=f"List {many(noun)}", description=noun.doc,
        **answers(list_model(noun), 304, 401, 403, 422, headers=("ETag", "Link", "Preference-Applied"),
                  extra=counted()))  # fmt: skip
    add(one, get_record, name=f"get{name}", summary=f"Read one of the {many(noun)}", description=noun.doc,
        **answers(record_model(noun), 304, 401, 403, 404, 422, headers=("ETag",)))  # fmt: skip
    if noun.children():
        add(f"{one}/page", get_page, name=f"get{name}Page", summary=f"Read one of the {many(noun)} with everything below it",
            description=noun.doc, **answers(tree_model(noun), 304, 401, 403, 404, 422, headers=("ETag",)))  # fmt: skip
    add(f"{one}/history", get_history, name=f"get{name}History", summary=f"Everything that happened to one of the {many(noun)}",
        description="The record's events, oldest first.", **answers(EventList, 401, 403, 404, 422))  # fmt: skip


def _creating(router: APIRouter, resource: Resource, create: Creator) -> None:
    noun = resource.noun
    model = creation_of(resource)

    async def create_record(
        request: Request, actor: Caller, body: Annotated[Body, Depends(json_of(model))]
    ) -> Response:
        values = values_of(body)
        return await Writing(request, actor, noun, status=201).run(lambda work: create(work, values))

    router.add_api_route(
        "", create_record, methods=["POST"], name=f"create{noun.title}", summary=f"Add to the {many(noun)}",
        description=noun.doc, status_code=201,
        **answers(record_model(noun), 400, 401, 403, 404, 409, 413, 415, 422, status=201,
                  headers=("ETag", "Location"), extra=body_of(model, key=True)),
    )  # fmt: skip


def _changing(router: APIRouter, noun: Noun) -> None:
    model = merge_of(noun)

    async def change_record(
        record_id: RecordId,
        request: Request,
        actor: Caller,
        body: Annotated[Body, Depends(json_of(model, MERGE_PATCH))],
    ) -> Response:
        version, given = expected_version(request), not_emptied(noun, body.given())
        return await Writing(request, actor, noun).run(
            lambda work: records.change(work, noun.entity, record_id, given, version=version)
        )

    router.add_api_route(
        "/{id}", change_record, methods=["PATCH"], name=f"change{noun.title}", summary=f"Change one of the {many(noun)}",
        description="A JSON Merge Patch: what is left out stays as it is, null empties.",
        **answers(record_model(noun), 400, 401, 403, 404, 409, 412, 413, 415, 422, 428, headers=("ETag",),
                  extra=body_of(model, media=MERGE_PATCH, match=True)),
    )  # fmt: skip


def _withdrawing(router: APIRouter, noun: Noun, withdraw: Withdrawer) -> None:
    async def withdraw_record(
        record_id: RecordId, request: Request, actor: Caller, body: Annotated[Withdrawal, Depends(json_of(Withdrawal))]
    ) -> Response:
        version = expected_version(request)
        return await Writing(request, actor, noun).run(
            lambda work: withdraw(work, noun.entity, record_id, version=version, reason=body.reason)
        )

    router.add_api_route(
        "/{id}/withdrawal", withdraw_record, methods=["POST"], name=f"withdraw{noun.title}",
        summary=f"Take one of the {many(noun)} out of use",
        description="Nothing is deleted: a withdrawn record stays readable and its code stays taken.",
        **answers(record_model(noun), 400, 401, 403, 404, 409, 412, 413, 415, 422, 428, headers=("ETag",),
                  extra=body_of(Withdrawal, match=True, key=True)),
    )  # fmt: skip
