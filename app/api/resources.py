"""The addresses every noun has: list, read, page, history; and where a caller may write, create, change, withdraw."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model
from pydantic.types import AwareDatetime

from app.api.bodies import MERGE_PATCH, Body, Day, Text, Whole, creation, json_of, merge
from app.api.credentials import Caller
from app.api.cursors import list_key, seal, unseal
from app.api.openapi import RecordId, answers, body_of, counted, many, plural_title
from app.api.preconditions import expected_version, is_current, not_modified, page_tag, record_tag
from app.api.problems import Refused
from app.api.writing import Writing
from app.commands import records
from app.db.selection import Noun
from app.db.unit_of_work import UnitOfWork
from app.domain.entity import Entity, Withdrawable
from app.queries.events import EventList, read_history
from app.queries.published import list_model, record_model, tree_model
from app.queries.reading import (
    Cursor,
    ListRequest,
    Moment,
    Page,
    count_records,
    head_position,
    read_page,
    read_record,
    read_tree,
    sight,
)

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


Instant = Annotated[AwareDatetime, Field(ge=datetime(1900, 1, 1, tzinfo=UTC), le=datetime(2100, 12, 31, tzinfo=UTC))]


class Withdrawal(Body):
    """Why a record is taken out of use."""

    reason: Text = Field(description="Why, in a sentence.")


class AsOf(BaseModel):
    model_config = ConfigDict(extra="forbid")

    as_of: Instant | None = Field(
        default=None, alias="asOf", description="As it was at this instant, answered from the event log."
    )


class Nothing(BaseModel):
    """No parameters: one that is given is refused, as everywhere."""

    model_config = ConfigDict(extra="forbid")


def _yes_or_no(value: Any) -> Any:
    if value not in ("true", "false", True, False):
        raise ValueError("must be true or false")
    return value


YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
_STRICT = {int: Whole, bool: YesNo, str: Text}


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


def moment_of(request: Request, as_of: Any = None) -> Moment:
    moment = Moment(request.app.state.database.clock(), as_of)
    if as_of is not None and as_of > moment.now:
        raise Refused("invalid", "asOf lies in the future. Give an instant that has passed, or leave it out.")
    return moment


def found(request: Request, body: bytes, tag: str | None) -> Response:
    if tag is not None and is_current(request, tag):
        return not_modified(tag)
    headers = {"Cache-Control": "private, no-cache"} | ({"ETag": tag} if tag else {})
    return Response(body, media_type="application/json", headers=headers)


def _reading(router: APIRouter, noun: Noun) -> None:
    query = _list_query(noun)

    async def list_records(request: Request, actor: Caller, asked: Annotated[Any, Query()]) -> Response:
        return await _list(request, actor, noun, asked)

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
            await read_record(reader, noun, record_id, moment)
            return found(request, await read_history(reader, record_id), None)

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


async def _list(request: Request, actor: Caller, noun: Noun, asked: Any) -> Response:
    moment = moment_of(request, asked.as_of)
    parameters = asked.model_dump(by_alias=True, exclude_none=True)
    belongs = list_key(request.url.path, parameters)
    sort = asked.sort.value
    wanted = ListRequest(
        filters={name: value for name, value in parameters.items() if name in noun.filters},
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        limit=asked.limit,
        cursor=unseal(asked.cursor, belongs, request.app.state.pepper) if asked.cursor else None,
        withdrawn=asked.include_withdrawn,
    )
    counted = "count=exact" in request.headers.get("prefer", "")
    async with request.app.state.database.reader(actor) as reader:
        page = await read_page(reader, noun, wanted, moment)
        total = await count_records(reader, noun, wanted, moment) if counted else None
    return _page_response(request, page, actor, moment, belongs, total)


def _page_response(
    request: Request, page: Page, actor: Caller, moment: Moment, belongs: bytes, total: int | None
) -> Response:
    def cursor(at: Cursor | None) -> str | None:
        return None if at is None else seal(at, belongs, request.app.state.pepper)

    following, preceding = cursor(page.next), cursor(page.previous)
    quoted = f'"{following}"' if following else "null"
    counted = f',"totalCount":{total}' if total is not None else ""
    body = b'{"items":' + page.items + f',"nextCursor":{quoted}{counted}}}'.encode()
    response = found(request, body, None if moment.as_of else page_tag(page.head, sight(actor), moment.today))
    links = [
        f'<{request.url.include_query_params(cursor=at)}>; rel="{rel}"'
        for rel, at in (("next", following), ("prev", preceding))
        if at
    ]
    if links:
        response.headers["Link"] = ", ".join(links)
    if total is not None:
        response.headers["Preference-Applied"] = "count=exact"
    return response


def _list_query(noun: Noun) -> type[BaseModel]:
    """The parameters of a list: its filters, its order, its pages."""
    orders = {name: name for name in noun.sorts} | {f"-{name}": f"-{name}" for name in noun.sorts}
    sorts = StrEnum(f"{noun.title}Sort", orders)  # type: ignore[misc]
    fields: dict[str, Any] = {
        f"by_{name}": (
            _narrowing(given.type) | None,
            Field(default=None, alias=name, description=given.doc or f"Only those of this `{name}`."),
        )
        for name, given in noun.filters.items()
    }
    fields |= {
        "sort": (sorts, Field(default=sorts(noun.default_sort), description="A leading minus sorts downward.")),
        "limit": (int, Field(default=100, ge=1, le=500, description="Records a page.")),
        "cursor": (
            Annotated[Text, Field(max_length=1000)] | None,
            Field(default=None, description="`nextCursor` of the page before."),
        ),
        "include_withdrawn": (
            YesNo,
            Field(default=False, alias="includeWithdrawn", description="Withdrawn records too."),
        ),
        "as_of": (
            Instant | None,
            Field(default=None, alias="asOf", description="As it was at this instant, answered from the event log."),
        ),
    }
    return create_model(f"{noun.title}Query", __config__=ConfigDict(extra="forbid"), __module__=__name__, **fields)


def _narrowing(kind: Any) -> Any:
    return Day if kind is date else _STRICT.get(kind, kind)
