"""The framework's page: one statement, bytes as published, and everything the lists know of the framework."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

import pytest
import pytest_asyncio

from app.db.database import Reader
from app.db.noun import Noun
from app.queries.frameworks import FRAMEWORKS
from app.queries.nouns import NOUNS
from app.queries.published import tree_model
from tests.conftest import Installation
from tests.doors.asking import Door

TRUSTS = ("merlin", "plover", "avocet")
PAGES = {
    "merlin": {"frameworks": 1, "maturity-stages": 4, "inspection-frameworks": 2},
    "plover": {"frameworks": 1, "maturity-stages": 4, "inspection-frameworks": 1},
    "avocet": {
        "frameworks": 1,
        "maturity-stages": 4,
        "rating-scales": 1,
        "rating-levels": 3,
        "assurance-sections": 4,
        "assurance-lines": 28,
        "indicators": 12,
    },
}


@pytest_asyncio.fixture(scope="module")
async def doors(shared: Installation) -> AsyncIterator[dict[str, Door]]:
    made = {trust: Door(shared.client(shared.keys[trust])) for trust in TRUSTS}
    yield made
    for door in made.values():
        await door.client.aclose()


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that a reader has run; the first of a request looks up the credential."""
    told: list[str] = []

    def counting(run: Callable[..., Any]) -> Callable[..., Any]:
        def counted(reader: Reader, sql: str, *arguments: Any) -> Any:
            told.append(sql)
            return run(reader, sql, *arguments)

        return counted

    monkeypatch.setattr(Reader, "row", counting(Reader.row))
    monkeypatch.setattr(Reader, "value", counting(Reader.value))
    return told


async def page_of(door: Door) -> Any:
    (framework,) = await door.every("frameworks")
    return await door.get(f"frameworks/{framework['id']}/page")


def walk(record: dict[str, Any], noun: Noun) -> Iterator[tuple[str, dict[str, Any]]]:
    """The record and everything below it, each with its noun and without its own children."""
    children = {child.name: child.noun() for child in noun.children()}
    yield noun.plural, {name: value for name, value in record.items() if name not in children}
    for name, below in children.items():
        for one in record[name]:
            yield from walk(one, below)


@pytest.mark.parametrize("trust", TRUSTS)
async def test_a_framework_page_is_one_statement(doors: dict[str, Door], statements: list[str], trust: str) -> None:
    (framework,) = await doors[trust].every("frameworks")
    statements.clear()

    answer = await doors[trust].client.get(f"/v1/frameworks/{framework['id']}/page")

    assert answer.status_code == 200
    assert len(statements) == 2, statements
    assert "from api_key" in statements[0], "the one before finds the credential"


async def test_a_framework_page_that_may_be_known_is_one_statement_more(
    doors: dict[str, Door], statements: list[str]
) -> None:
    (framework,) = await doors["avocet"].every("frameworks")
    address = f"/v1/frameworks/{framework['id']}/page"
    held = (await doors["avocet"].client.get(address)).headers["ETag"]

    costs = {}
    for name, tag in (("another", '"x"'), ("the same", held)):
        statements.clear()
        answer = await doors["avocet"].client.get(address, headers={"If-None-Match": tag})
        costs[name] = (answer.status_code, len(statements) - 1)

    assert costs == {"another": (200, 2), "the same": (304, 2)}


@pytest.mark.parametrize("trust", TRUSTS)
async def test_every_page_in_and_around_a_framework_is_as_published(
    doors: dict[str, Door], statements: list[str], trust: str
) -> None:
    read, costs = Counter[str](), set()
    for plural in PAGES["merlin"] | PAGES["avocet"]:
        for record in await doors[trust].every(plural):
            statements.clear()
            page = await doors[trust].client.get(f"/v1/{plural}/{record['id']}/page")
            costs.add(len(statements) - 1)
            tree_model(NOUNS[plural]).model_validate_json(page.content)
            assert {name: page.json()[name] for name in record} == record
            read[plural] += 1

    assert read == PAGES[trust]
    assert costs == {1}


@pytest.mark.parametrize("trust", TRUSTS)
async def test_the_page_tells_every_record_of_the_framework_once_as_its_list_does(
    doors: dict[str, Door], trust: str
) -> None:
    found: dict[str, list[dict[str, Any]]] = {}
    for plural, record in walk(await page_of(doors[trust]), FRAMEWORKS):
        found.setdefault(plural, []).append(record)
    of_framework = [plural for plural, noun in NOUNS.items() if "frameworkId" in noun.filters]
    plurals = {"frameworks", *of_framework} - {"data-quality-flags"}

    lists = {plural: await doors[trust].every(plural) for plural in plurals}

    by_id = partial(sorted, key=lambda record: record["id"])
    assert {plural: by_id(records) for plural, records in found.items()} == {
        plural: by_id(records) for plural, records in lists.items() if records
    }


@pytest.mark.parametrize("trust", TRUSTS)
async def test_the_page_is_in_printed_order(doors: dict[str, Door], trust: str) -> None:
    page = await page_of(doors[trust])

    lists = [[one["no"] for one in listed] for listed in _numbered(page, FRAMEWORKS)]

    assert len(lists) > 4
    assert lists == [sorted(numbers) for numbers in lists]


def _numbered(record: dict[str, Any], noun: Noun) -> Iterator[list[dict[str, Any]]]:
    """Every list of the page whose records are told in the order of their numbers alone."""
    for child in noun.children():
        if child.order.startswith("{t}.no"):
            yield record[child.name]
        for one in record[child.name]:
            yield from _numbered(one, child.noun())
