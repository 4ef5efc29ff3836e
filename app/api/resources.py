"""The addresses every noun has: list, read, page, history; and where a caller may write, create, change, withdraw."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from app.api.asking import AsOf, Nothing, found, moment_of
from app.api.bodies import MERGE_PATCH, Body, Text, creation, json_of, merge
from app.api.credentials import Caller
from app.api.lists import answer_list, list_query
from app.api.openapi import RecordId, answers, body_of, counted, many, plural_title
from app.api.preconditions import expected_version, is_current, not_modified, page_tag, record_tag
from app.api.problems import Refused
from app.api.writing import Writing
from app.commands import records
from app.db.noun import Noun
from app.db.unit_of_work import UnitOfWork
from app.domain.entity import Entity, Withdrawable
from app.queries.events import EventList, read_history, subjects_of
from app.queries.published import list_model, record_model, tree_model
from app.queries.reading import head_position, read_record, read_tree, sight

Creator = Callable[[UnitOfWork, Mapping[str, Any]], Awaitable[Entity]]
Withdrawer = Callable[..., Awaitable[Entity]]


@dataclass(frozen=True)
class Resource:
    """What the REST door offers of a noun. `create` of None: nobody creates one here; likewise the others."""

    noun: Noun
    create: Creator | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)
    change: bool = True
    withdraw: Withdrawer | None = records.withdraw


class Withdrawal(Body):
    """Why a record is taken out of use."""

    reason: Text = Field(description="Why, in a sentence.")


def kept(noun: Noun) -> Creator:
    """The ordinary way to create a record: check it and keep it."""

    async def create(work: UnitOfWork, values: Mapping[str, Any]) -> Entity:
        return await records.create(work, noun.entity, values)

    return create


def router_of(resource: Resource) -> APIRouter:
    noun = resource.noun
    router = APIRouter(prefix=f"/v1/{noun.plural}", tags=[noun.plural])
    _reading(router, noun)
    if resource.create is not None:
        _creating(router, resource, resource.create)
    if resource.change and merge(noun.entity, noun.title).model_fields:
        _changing(router, noun)
    if resource.withdraw is not None and issubclass(noun.entity, Withdrawable):
        _withdrawing(router, noun, resource.withdraw)
    return router


def _reading(router: APIRouter, noun: Noun) -> None:
    query = list_query(noun)

    async def list_records(request: Request, actor: Caller, asked: Annotated[Any, Query()]) -> Response:
        return await answer_list(request, actor, noun, asked)

    list_records.__annotations__["asked"] = Annotated[query, Query()]

    async def get_record(
        record_id: RecordId, request: Request, actor: Caller, asked: Annotated[AsOf, Query()]
    ) -> Response:
        moment = moment_of(request, asked.as_of)
        async with request.app.state.database.reader(actor) as reader:
            read = await read_record(reader, noun, record_id, moment)
        return found(request, read.body, None if moment.as_of else record_tag(noun, read.version, moment.today))

    async def get_page(
        record_id: RecordId, request: Request, actor: Caller, asked: Annotated[AsOf, Query()]
    ) -> Response:
        moment = moment_of(request, asked.as_of)
        async with request.app.state.database.reader(actor) as reader:
            if moment.as_of is None and "if-none-match" in request.headers:
                tag = page_tag(await head_position(reader), sight(actor), moment.today)
                if is_current(request, tag):
                    await read_record(reader, noun, record_id, moment)
                    return not_modified(tag)
            read = await read_tree(reader, noun, record_id, moment)
        return found(request, read.body, None if moment.as_of else page_tag(read.head, sight(actor), moment.today))

    async def get_history(
        record_id: RecordId, request: Request, actor: Caller, _asked: Annotated[Nothing, Query()]
    ) -> Response:
        moment = moment_of(request)
        async with request.app.state.database.reader(actor) as reader:
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
    model = creation(noun.entity, noun.title, **resource.extras)

    async def create_record(
        request: Request, actor: Caller, body: Annotated[Body, Depends(json_of(model))]
    ) -> Response:
        values = body.model_dump()
        if values.get("id") is None:
            values.pop("id", None)
        return await Writing(request, actor, noun, status=201).run(lambda work: create(work, values))

    router.add_api_route(
        "", create_record, methods=["POST"], name=f"create{noun.title}", summary=f"Add to the {many(noun)}",
        description=noun.doc, status_code=201,
        **answers(record_model(noun), 400, 401, 403, 404, 409, 413, 415, 422, status=201,
                  headers=("ETag", "Location"), extra=body_of(model, key=True)),
    )  # fmt: skip


def _changing(router: APIRouter, noun: Noun) -> None:
    model = merge(noun.entity, noun.title)

    async def change_record(
        record_id: RecordId,
        request: Request,
        actor: Caller,
        body: Annotated[Body, Depends(json_of(model, MERGE_PATCH))],
    ) -> Response:
        version, given = expected_version(request), _not_emptied(noun, body)
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


def _not_emptied(noun: Noun, body: Body) -> dict[str, Any]:
    """What a merge patch gives, unless it would empty a column that may not be empty."""
    given = body.given()
    for column in noun.entity.columns():
        if column.name in given and given[column.name] is None and not column.nullable:
            raise Refused("invalid", f"{column.name} cannot be empty. Give a value, or leave it out to keep it.")
    return given
