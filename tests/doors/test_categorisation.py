"""Categories over HTTP: what S2 prints about each edge, S3 and S4 without a rule, what if, and the way out."""

from datetime import date
from typing import Any

import httpx
import pytest

from app.domain.actor import Role
from app.queries.category_answers import AcademyCategorisation, TrustCategorisation
from tests.conftest import Installation
from tests.doors.asking import Door

SCORES = {
    "-0.51": ["1", "2", "3"], "-0.5": ["1", "2", "3"], "-0.49": ["2", "3"], "-0.25": ["2", "3"], "-0.01": ["2", "3"],
    "0.00": ["3"], "0.24": ["3"], "0.25": [], "0.26": ["4"],
}  # fmt: skip


async def academy_of(client: httpx.AsyncClient, code: str | None = None) -> str:
    found = await Door(client).every("academies", **({"code": code} if code else {}))
    return str(found[0]["id"])


async def asked(client: httpx.AsyncClient, academy: str, **parameters: Any) -> dict[str, Any]:
    answer = await client.get(f"/v1/academies/{academy}/categorisation", params=parameters)
    assert answer.status_code == 200, answer.text
    return told(answer)


async def supposed(client: httpx.AsyncClient, academy: str, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"/v1/academies/{academy}/categorisation/what-if", json=body)
    assert answer.status_code == 200, answer.text
    return told(answer)


def told(answer: httpx.Response) -> dict[str, Any]:
    AcademyCategorisation.model_validate_json(answer.content)
    found: dict[str, Any] = answer.json()
    return found


async def test_explore(shared):
    async with shared.client(shared.keys["merlin"]) as client:
        academy = await academy_of(client, "fellside")
        import json
        print(json.dumps(await supposed(client, academy, readings={"progress-8": -0.3}, grades={"ofsted-overall": "overall-2"}), indent=1)[:6000])
    for t in ("plover", "avocet", "kestrel"):
        async with shared.client(shared.keys[t]) as client:
            academy = await academy_of(client)
            f = await asked(client, academy)
            print(t, len(str(f)), f["agreement"], f["sentence"], f["benchmarks"][:2], f["evidence"][:2])
            answer = await client.get("/v1/categorisation")
            TrustCategorisation.model_validate_json(answer.content)
            print(answer.headers, len(answer.content))
            for u in (f"academies/{academy}/category", "categories"):
                answer = await client.get("/v1/"+u)
                print(answer.status_code, answer.text[:600])
    async with shared.client(shared.keys["merlin"]) as client:
        f = (await client.get("/v1/frameworks")).json()["items"][0]
        answer = await client.get(f"/v1/frameworks/{f['id']}/rehearsal")
        print(answer.status_code, answer.text[:600])
    assert 0
