"""Lists: every filter and order of every noun, pages by keyset, and what a page costs."""

import re
from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest
from sqlakeyset import unserialize_bookmark
from sqlakeyset.asyncio import select_page
from sqlalchemy import collate, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, select

from app.db.database import Reader
from app.db.noun import Noun
from app.domain import ids
from app.domain.model import FACTS
from app.queries.nouns import NOUNS
from app.queries.published import list_model, record_model, tree_model
from tests.api.samples import SAMPLES, create, create_by_other_ways, create_each, trust_document
from tests.conftest import Installation, _installed

_BY_KIND: Final[dict[Any, str]] = {UUID: str(uuid4()), int: "1", bool: "true", str: "S1"}
FILTERS = [(plural, name) for plural, noun in NOUNS.items() for name in noun.filters]
SORTS = [(plural, order) for plural, noun in NOUNS.items() for name in noun.sorts for order in (name, f"-{name}")]
BATCHES = {kind: next(iter(kind.table().c[kind.KEPT_BY].foreign_keys)).column.table.name for kind in FACTS}
LINK = re.compile(r'<([^>]+)>; rel="(\w+)"')


@pytest.fixture(scope="module")
async def full(server: Any, packed_template: str) -> AsyncIterator[Installation]:
    """An installation with both plans and three records more of every noun, for tests that only read."""
    async for installation in _installed(server, packed_template):
        installation.keys["kestrel"] = await installation.key("kestrel")
        async with installation.client(installation.keys["kestrel"]) as client:
            for mark in ("xx", "yy", "zz"):
                await create_by_other_ways(client, mark, await create_each(client, mark))
                async with installation.database.begin(installation.actor("kestrel")) as work:
                    await trust_document(work, mark)
        yield installation


@pytest.fixture
async def client(full: Installation) -> AsyncIterator[httpx.AsyncClient]:
    async with full.client(full.keys["kestrel"]) as made:
        yield made


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that a reader has run, but for the look-up of the credential."""
    told: list[str] = []
    row, value = Reader.row, Reader.value

    async def counted_row(self: Reader, sql: str, *arguments: Any) -> Any:
        told.append(sql)
        return await row(self, sql, *arguments)

    async def counted_value(self: Reader, sql: str, *arguments: Any) -> Any:
        told.append(sql)
        return await value(self, sql, *arguments)

    monkeypatch.setattr(Reader, "row", counted_row)
    monkeypatch.setattr(Reader, "value", counted_value)
    return told


def links(answer: httpx.Response) -> dict[str, str]:
    return {rel: address for address, rel in LINK.findall(answer.headers.get("Link", ""))}


async def walk(client: httpx.AsyncClient, address: str, rel: str = "next") -> list[list[str]]:
    """The ids of every page from this address on."""
    pages = []
    while True:
        answer = await client.get(address)
        assert answer.status_code == 200, answer.text
        pages.append([item["id"] for item in answer.json()["items"]])
        if rel not in links(answer):
            return pages
        address = links(answer)[rel]


async def everything(client: httpx.AsyncClient, plural: str, order: str) -> list[str]:
    answer = await client.get(f"/v1/{plural}?sort={order}&limit=500")
    assert answer.json()["nextCursor"] is None
    return [item["id"] for item in answer.json()["items"]]


@pytest.mark.parametrize("plural", NOUNS)
async def test_every_list_is_as_published(client: httpx.AsyncClient, plural: str) -> None:
    answer = await client.get(f"/v1/{plural}?limit=500&includeWithdrawn=true")

    assert answer.status_code == 200
    published: Any = list_model(NOUNS[plural]).model_validate_json(answer.content)
    assert published.items, "a list that is empty proves nothing"
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("plural", NOUNS)
async def test_every_record_and_page_is_as_published(client: httpx.AsyncClient, plural: str) -> None:
    noun = NOUNS[plural]
    record = (await client.get(f"/v1/{plural}?limit=1")).json()["items"][0]

    alone = await client.get(f"/v1/{plural}/{record['id']}")
    history = await client.get(f"/v1/{plural}/{record['id']}/history")

    record_model(noun).model_validate_json(alone.content)
    assert alone.json() == record, "a record reads the same alone and in its list"
    first = history.json()["items"][0]
    assert first["data"]["before"] == {}
    assert first["noun"] == BATCHES.get(noun.entity, noun.table)
    if noun.children():
        page = await client.get(f"/v1/{plural}/{record['id']}/page")
        tree_model(noun).model_validate_json(page.content)
        assert {name: page.json()[name] for name in record} == record


def worth(noun: Noun, name: str, record: dict[str, Any]) -> str:
    """A value for the filter: the first record's own where it shows one, else one of the right kind."""
    given = noun.filters[name]
    if name in record and record[name] is not None and not isinstance(record[name], bool):
        return str(record[name])
    words = list(given.type) if isinstance(given.type, type) and hasattr(given.type, "__members__") else []
    return str(words[0]) if words else _BY_KIND.get(given.type, "2026-11-22")


@pytest.mark.parametrize(("plural", "name"), FILTERS)
async def test_every_filter_narrows_its_list(client: httpx.AsyncClient, plural: str, name: str) -> None:
    noun = NOUNS[plural]
    record = (await client.get(f"/v1/{plural}?limit=1")).json()["items"][0]
    value = worth(noun, name, record)

    answer = await client.get(f"/v1/{plural}", params={name: value, "limit": 500})
    counted = await client.get(f"/v1/{plural}", params={name: value}, headers={"Prefer": "count=exact"})

    assert answer.status_code == 200, answer.text
    found: Any = list_model(noun).model_validate_json(answer.content)
    assert counted.json()["totalCount"] == len(found.items)
    if name in record and str(record[name]) == value:
        assert {str(item[name]) for item in answer.json()["items"]} == {value}
        assert record["id"] in [item["id"] for item in answer.json()["items"]]


@pytest.mark.parametrize(("plural", "name"), [pair for pair in FILTERS if NOUNS[pair[0]].filters[pair[1]].type is bool])
async def test_a_yes_or_no_filter_parts_its_list_in_two(client: httpx.AsyncClient, plural: str, name: str) -> None:
    every = await everything(client, plural, NOUNS[plural].default_sort)

    parts = [
        [item["id"] for item in (await client.get(f"/v1/{plural}?limit=500&{name}={answer}")).json()["items"]]
        for answer in ("true", "false")
    ]

    assert sorted([*parts[0], *parts[1]]) == sorted(every)


@pytest.mark.parametrize(("plural", "order"), SORTS)
async def test_walking_the_pages_shows_every_record_once(client: httpx.AsyncClient, plural: str, order: str) -> None:
    every = await everything(client, plural, order)
    size = max(2, len(every) // 7)

    forward = await walk(client, f"/v1/{plural}?sort={order}&limit={size}")
    last = f"/v1/{plural}?sort={order}&limit={size}"
    for _ in range(len(forward) - 1):
        last = links(await client.get(last))["next"]
    backward = await walk(client, last, "prev")

    assert [record for page in forward for record in page] == every
    assert [record for page in reversed(backward) for record in page] == every
    opposite = order.removeprefix("-") if order.startswith("-") else f"-{order}"
    assert await everything(client, plural, opposite) == every[::-1]


async def test_the_pages_beside_a_page_are_linked_where_there_are_any(client: httpx.AsyncClient) -> None:
    size = -(-len(await everything(client, "areas", "no")) // 2)

    first = await client.get(f"/v1/areas?limit={size}")
    second = await client.get(links(first)["next"])
    back = await client.get(links(second)["prev"])

    assert set(links(first)) == {"next"}
    assert set(links(second)) == {"prev"}
    assert links(first)["next"].endswith(f"&cursor={first.json()['nextCursor']}")
    assert second.json()["nextCursor"] is None
    assert back.json()["items"] == first.json()["items"]
    assert set(links(back)) == {"next"}


@pytest.mark.parametrize(
    ("plural", "order", "keys"),
    [
        ("actions", "code", lambda e: [collate(col(e.code), "C"), col(e.id)]),
        ("actions", "-code", lambda e: [collate(col(e.code), "C").desc(), col(e.id).desc()]),
        ("responsibilities", "id", lambda e: [col(e.id)]),
        ("areas", "no", lambda e: [col(e.no), col(e.id)]),
        ("plan-phases", "-startsOn", lambda e: [col(e.starts_on).desc(), col(e.id).desc()]),
    ],
)
async def test_the_pages_are_those_of_sqlakeyset(
    full: Installation, client: httpx.AsyncClient, plural: str, order: str, keys: Any
) -> None:
    entity: Any = NOUNS[plural].entity
    ours = await walk(client, f"/v1/{plural}?sort={order}&limit=9")
    theirs: list[list[str]] = []
    engine = create_async_engine(
        full.dsn("milepost_app").replace("postgresql://", "postgresql+asyncpg://"),
        connect_args={"server_settings": {"search_path": "app"}},
    )

    async with engine.connect() as connection:
        await connection.execute(text(f"set local app.trust_id = '{ids.trust_id('kestrel')}'"))
        wanted = select(entity.id).where(entity.withdrawn_at.is_(None)).order_by(*keys(entity))
        bookmark = None
        while True:
            page = await select_page(
                connection, wanted, per_page=9, page=unserialize_bookmark(bookmark) if bookmark else None
            )
            theirs.append([str(row[0]) for row in page])
            bookmark = page.paging.bookmark_next
            if not page.paging.has_next:
                break
    await engine.dispose()

    assert ours == theirs


async def test_what_is_written_between_two_pages_moves_nothing(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        people = await everything(client, "people", "code")
        seen, address = [], "/v1/people?limit=3"
        for turn in range(20):
            answer = await client.get(address)
            seen += [item["id"] for item in answer.json()["items"]]
            for code in (f"0{turn}", f"ZZZ{turn}"):
                await create(client, "people", {"code": code, "kind": "role"})
            if "next" not in links(answer) or turn > 10:
                break
            address = links(answer)["next"]

        assert [record for record in seen if record in people] == people
        assert len(seen) == len(set(seen))


async def test_a_list_costs_one_statement_and_its_count_one_more(
    client: httpx.AsyncClient, statements: list[str]
) -> None:
    plan = (await client.get("/v1/plans")).json()["items"][0]["id"]
    costs = {}
    requests: dict[str, tuple[str, dict[str, str]]] = {
        "list": ("/v1/actions", {}),
        "list of long records": ("/v1/milestones?limit=500", {}),
        "list with its count": ("/v1/actions", {"Prefer": "count=exact"}),
        "list as it was": ("/v1/areas?asOf=2026-01-01T00:00:00Z", {}),
        "record": (f"/v1/plans/{plan}", {}),
        "page": (f"/v1/plans/{plan}/page", {}),
        "page that may be known": (f"/v1/plans/{plan}/page", {"If-None-Match": '"x"'}),
        "summary": (f"/v1/plans/{plan}/summary", {}),
        "events": ("/v1/events?limit=1000&after=600", {}),
    }
    for name, (address, headers) in requests.items():
        statements.clear()
        assert (await client.get(address, headers=headers)).status_code == 200
        costs[name] = len(statements) - 1

    assert "from api_key" in statements[0], "one more finds the credential"
    assert costs == {
        "list": 1,
        "list of long records": 1,
        "list with its count": 2,
        "list as it was": 1,
        "record": 1,
        "page": 1,
        "page that may be known": 2,
        "summary": 1,
        "events": 1,
    }


async def test_the_count_is_told_when_it_is_asked_for(client: httpx.AsyncClient) -> None:
    every = await everything(client, "actions", "code")

    plain = await client.get("/v1/actions?limit=2")
    counted = await client.get("/v1/actions?limit=2", headers={"Prefer": "count=exact"})
    second = await client.get(links(counted)["next"], headers={"Prefer": "respond-async, count=exact"})

    assert "totalCount" not in plain.json()
    assert "Preference-Applied" not in plain.headers
    for answer in (counted, second):
        assert answer.json()["totalCount"] == len(every)
        assert answer.headers["Preference-Applied"] == "count=exact"


async def test_a_page_holds_as_many_as_were_asked_for(client: httpx.AsyncClient) -> None:
    sizes = {limit: len((await client.get(f"/v1/actions?limit={limit}")).json()["items"]) for limit in (1, 2, 100, 500)}
    unasked = len((await client.get("/v1/actions")).json()["items"])

    every = len(await everything(client, "actions", "code"))
    assert sizes == {1: 1, 2: 2, 100: 100, 500: every}
    assert unasked == 100


async def test_withdrawn_records_are_shown_when_they_are_asked_for(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        record = await create(client, "bodies", SAMPLES["bodies"]({}, "zz"))
        address = f"/v1/bodies/{record['id']}/withdrawal"
        gone = await client.post(address, json={"reason": "Merged."}, headers={"If-Match": '"v1"'})

        shown = {
            asked: record["id"] in [item["id"] for item in (await client.get(f"/v1/bodies{asked}")).json()["items"]]
            for asked in ("", "?includeWithdrawn=false", "?includeWithdrawn=true")
        }

        assert gone.status_code == 200, gone.text
        assert shown == {"": False, "?includeWithdrawn=false": False, "?includeWithdrawn=true": True}
