"""Lists: their filters, their order, and pages that miss nothing."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from app.api.asking import found, moment_of, tells
from app.api.credentials import Caller
from app.api.cursors import list_key, seal, unseal
from app.api.preconditions import page_tag
from app.db.noun import Noun
from app.operations.asked import Instant
from app.operations.bodies import Day, Text, Whole
from app.queries.reading import Cursor, ListRequest, Moment, Page, count_records, read_page, sight


def _yes_or_no(value: Any) -> Any:
    if value not in ("true", "false", True, False):
        raise ValueError("must be true or false")
    return value


YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
_STRICT: Final[dict[Any, Any]] = {int: Whole, bool: YesNo, str: Text, date: Day}


def list_query(noun: Noun) -> type[BaseModel]:
    """The parameters of a list: its filters, its order, its pages."""
    orders = {name: name for name in noun.sorts} | {f"-{name}": f"-{name}" for name in noun.sorts}
    sorts = StrEnum(f"{noun.title}Sort", orders)  # type: ignore[misc]  # its words are known at run time alone
    fields: dict[str, Any] = {
        f"by_{name}": (
            _STRICT.get(given.type, given.type) | None,
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


async def answer_list(request: Request, actor: Caller, noun: Noun, asked: Any) -> Response:
    moment = moment_of(request, actor, asked.as_of)
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
    noting = f"GET /v1/{noun.plural}" if noun.is_sensitive else None
    counted = "count=exact" in request.headers.get("prefer", "")
    async with request.app.state.database.reader(actor, noting=noting) as reader:
        page = await read_page(reader, noun, wanted, moment)
        total = await count_records(reader, noun, wanted, moment) if counted else None
        answer = _page_response(request, page, actor, moment, belongs, total)
        reader.tells = tells(answer)
    return answer


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
