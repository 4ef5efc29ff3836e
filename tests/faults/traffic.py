"""Clients that change things and do not give up: every change has an Idempotency-Key and is repeated until acknowledged.

Each change carries its key in its text, so that what it did can be counted in the database afterwards.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

_TRY_AGAIN = {503, 502}


@dataclass(frozen=True)
class Acknowledged:
    """A change, as it was sent and as it was answered."""

    key: str
    path: str
    body: bytes
    headers: Mapping[str, str]
    status: int
    answer: bytes
    tag: str | None
    makes: str
    tried_at: float
    answered_at: float


class Traffic:
    """Eight clients on a service that comes and goes."""

    def __init__(self, url: Callable[[], str], keys: Mapping[str, str], chance: random.Random) -> None:
        self._url = url
        self._keys = list(keys.values())
        self._chance = chance
        self._http = httpx.AsyncClient(timeout=6, limits=httpx.Limits(max_connections=32))
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []
        self.acknowledged: dict[str, Acknowledged] = {}
        self.sent = 0
        self.refused: list[str] = []
        self.replays = 0

    async def start(self, clients: int = 8) -> None:
        made = [await self._milestone(number) for number in range(clients)]
        self.refused.clear()
        self._tasks = [asyncio.create_task(self._work(*one)) for one in made]

    async def stop(self) -> None:
        """Every client gets its last answer first."""
        self._stopping = True
        await asyncio.wait_for(asyncio.gather(*self._tasks), 120)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.aclose()

    async def more(self, count: int, within: float) -> float:
        """Wait for so many acknowledgements of what is sent from now on; when the first of them came."""
        since, before = time.monotonic(), len(self.acknowledged)
        while True:
            news = [one for one in list(self.acknowledged.values())[before:] if one.tried_at > since]
            if len(news) >= count:
                return news[0].answered_at
            if time.monotonic() > since + within:
                raise AssertionError(f"no more acknowledgements after {within:.0f} s; refused: {self.refused[-3:]}")
            await asyncio.sleep(0.02)

    async def repeat(self, one: Acknowledged) -> httpx.Response:
        return await self._http.post(self._url() + one.path, content=one.body, headers=one.headers)

    async def _milestone(self, number: int) -> tuple[str, str]:
        """A milestone of this client's own, in progress: whose it is, and its id."""
        by = self._keys[number % len(self._keys)]
        mark = f"traffic-{number}"
        year = {"type": "improvement", "startsOn": "2026-09-01", "endsOn": "2027-08-31"}
        plan = await self._must(by, "/v1/plans", {"code": mark, "title": mark} | year)
        place = {"planId": plan["id"], "code": mark, "no": 1, "label": mark}
        area = await self._must(by, "/v1/areas", place | {"kind": "area"})
        milestone = await self._must(by, "/v1/milestones", place | {"areaId": area["id"]})
        address = f"/v1/milestones/{milestone['id']}"
        await self._must(by, f"{address}/transitions", {"to": "in_progress"}, match='"v1"')
        return by, milestone["id"]

    async def _must(self, by: str, path: str, body: dict[str, Any], match: str | None = None) -> dict[str, Any]:
        """A record to begin with. A service that answers too early may not know it yet at the next request."""
        for _ in range(20):
            answer = await self._send(by, path, body, makes="setup", match=match)
            if answer is not None:
                return answer
            await asyncio.sleep(0.1)
        raise AssertionError(f"{self.refused[0]} ... {self.refused[-1]}")

    async def _work(self, by: str, milestone: str) -> None:
        """Notes of evidence, and the milestone submitted and returned, again and again."""
        record: dict[str, Any] | None = None
        while not self._stopping:
            if self._chance.random() < 0.6:
                await self._send(by, "/v1/evidence", {"milestoneId": milestone, "note": "KEY"}, makes="note")  # fmt: skip
                continue
            record = record or await self._read(by, f"/v1/milestones/{milestone}")
            body: dict[str, Any] = {"to": "submitted", "reason": "KEY", "evidence": [{"note": "seen in lessons"}]}
            if record["status"] == "submitted":
                body = {"to": "in_progress", "reason": "KEY"}
            path = f"/v1/milestones/{milestone}/transitions"
            record = await self._send(by, path, body, makes="reason", match=f'"v{record["version"]}"')

    async def _read(self, by: str, path: str) -> dict[str, Any]:
        while True:
            try:
                answer = await self._http.get(self._url() + path, headers={"Authorization": f"Bearer {by}"})
                if answer.status_code == 200:
                    found: dict[str, Any] = answer.json()
                    return found
            except (httpx.HTTPError, httpx.InvalidURL):
                pass
            await asyncio.sleep(0.05)

    async def _send(
        self, by: str, path: str, body: dict[str, Any], *, makes: str, match: str | None = None
    ) -> dict[str, Any] | None:
        """Repeat it until it is acknowledged; None where it was refused, which this traffic never deserves."""
        self.sent += 1
        key = f"k-{self.sent:07}"
        content = json.dumps(body).replace("KEY", key).encode()
        headers = {"Authorization": f"Bearer {by}", "Idempotency-Key": key, "Content-Type": "application/json"}
        headers |= {"If-Match": match} if match else {}
        while True:
            tried_at = time.monotonic()
            try:
                answer = await self._http.post(self._url() + path, content=content, headers=headers)
            except (httpx.HTTPError, httpx.InvalidURL):
                await asyncio.sleep(self._chance.uniform(0.02, 0.08))
                continue
            if answer.status_code in _TRY_AGAIN or answer.json().get("type") == "/problems/idempotency-in-progress":
                await asyncio.sleep(self._chance.uniform(0.02, 0.08))
                continue
            if answer.status_code not in (200, 201):
                self.refused.append(f"{answer.status_code} {path} {answer.text[:300]}")
                return None
            self.replays += "idempotency-replayed" in answer.headers
            self.acknowledged[key] = Acknowledged(
                key, path, content, headers, answer.status_code, answer.content, answer.headers.get("etag"), makes,
                tried_at, time.monotonic(),
            )  # fmt: skip
            record: dict[str, Any] = answer.json()
            return record
