"""How a figure is asked over HTTP: by a list's filters, by paging and counting, and by what is made of such answers."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import httpx

FACTS = Path(__file__).parents[1] / "packs"


def figures_of(source: str) -> dict[str, Any]:
    """The counts of one source, as its facts give them."""
    figures: dict[str, Any] = json.loads((FACTS / f"figures_{source}.json").read_text(encoding="utf-8"))
    return figures


@dataclass
class Door:
    """A key of one trust."""

    client: httpx.AsyncClient

    async def get(self, address: str, **parameters: Any) -> Any:
        answer = await self.client.get(f"/v1/{address}", params=parameters, headers={"Prefer": "count=exact"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def count(self, plural: str, **filters: Any) -> int:
        """How many there are in all, as the list itself says."""
        total: int = (await self.get(plural, limit=1, **filters))["totalCount"]
        return total

    async def every(self, plural: str, **filters: Any) -> list[dict[str, Any]]:
        """All records of a list, page after page."""
        page = await self.get(plural, limit=50, **filters)
        items: list[dict[str, Any]] = page["items"]
        while page["nextCursor"]:
            page = await self.get(plural, limit=50, cursor=page["nextCursor"], **filters)
            items += page["items"]
        return items

    async def of_each(self, plural: str, of: str, name: str, *, key: str = "code", **filters: Any) -> dict[str, int]:
        """How many of each record of `of`, which the filter `name` takes by its id."""
        return {
            str(item[key]): await self.count(plural, **{name: item["id"]}, **filters) for item in await self.every(of)
        }


D = TypeVar("D", bound=Door)
Ask: TypeAlias = Callable[[D], Awaitable[Any]]


def counted(plural: str, **filters: Any) -> Ask[Door]:
    return lambda door: door.count(plural, **filters)


def of_each(plural: str, of: str, name: str, **filters: Any) -> Ask[Door]:
    return lambda door: door.of_each(plural, of, name, **filters)


def both(*asks: Ask[D]) -> Ask[D]:
    async def ask(door: D) -> list[Any]:
        return [await one(door) for one in asks]

    return ask


def added(*asks: Ask[D]) -> Ask[D]:
    async def ask(door: D) -> int:
        return sum(await both(*asks)(door))

    return ask


def multiplied(*asks: Ask[D]) -> Ask[D]:
    async def ask(door: D) -> int:
        return prod(await both(*asks)(door))

    return ask


def distinct(ask: Ask[D]) -> Ask[D]:
    async def size(door: D) -> int:
        return len(await ask(door))

    return size


async def references(door: Door) -> set[str]:
    """The rows of the sources' lists of oddities that any flag answers to."""
    return {flag["reference"] for flag in await door.every("data-quality-flags") if flag["reference"]}
