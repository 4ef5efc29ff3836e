"""Readings over HTTP: batches, what was known when, series in lines, and the spread within the trust."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio

from app.domain.actor import Role
from app.queries.series import AcademySeries
from app.queries.spreads import TrustSpread
from tests.api.samples import create
from tests.conftest import Installation

ROW = {"metric": "attendance", "academy": "KHS", "grain": "month", "startsOn": "2026-01-01", "endsOn": "2026-01-31"}


async def send(client: httpx.AsyncClient, *rows: dict[str, Any], source: str = "mis") -> httpx.Response:
    return await client.post("/v1/reading-batches", json={"source": source, "readings": [{**ROW, **row} for row in rows]})


async def test_smoke(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        academy = (await client.get("/v1/academies")).json()["items"][0]
        ROW["academy"] = academy["code"]
        m = await create(client, "metrics", {"code": "attend", "label": "attendance", "unit": "%"})
        ROW["metric"] = "attend"
        r = await send(client, {"value": 93.4}, {"official": "england", "academy": None, "value": 92})
        print(r.status_code, r.text, r.headers)
        r = await send(client, {"value": 93.4}, {"official": "england", "academy": None, "value": 92})
        print(r.status_code, r.text, r.headers)
        r = await send(client, {"value": 93.4, "absence": "suppressed"}, {"official": "england", "academy": "XX", "value": 92, "endsOn": "2026-01-30"})
        print(r.status_code, r.text)
        r = await client.get(f"/v1/academies/{academy['id']}/series", params={"metric": "attend"})
        print(r.status_code, r.text)
        AcademySeries.model_validate_json(r.content)
        r = await client.get(f"/v1/metrics/{m['id']}/spread")
        print(r.status_code, r.text)
        TrustSpread.model_validate_json(r.content)
        r = await client.post(f"/v1/metrics/{m['id']}/redefinition", json={"definition": "x", "reason": "y", "breaksOn": "2026-01-15"}, headers={"If-Match": '"v1"'})
        print(r.status_code, r.text)
        r = await client.get(f"/v1/readings")
        print(r.status_code, r.text)
    assert 0
