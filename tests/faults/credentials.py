"""A3: every forged, stale or stolen credential there is a kind of, at every door; and the true ones, which are let in."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx

from app.identity import tokens
from app.identity.configuration import Provider
from tests.conftest import Installation
from tests.faults.bars import Bar, Findings, Run
from tests.faults.ground import service
from tests.identity.conversation import opened
from tests.identity.forgeries import FORGERIES, TRUE, Forgery, World, prepare
from tests.identity.provider import fake_provider

_REFUSED = (400, 401, 403)
_ASKED = {"query": "{ trust { code } }"}
_EVENTS = {"Accept": "text/event-stream"}
_DOORS: Mapping[str, Callable[[httpx.AsyncClient, Mapping[str, str]], Any]] = {
    "REST": lambda client, shown: client.get("/v1/academies?limit=1", headers=dict(shown)),
    "GraphQL": lambda client, shown: client.post("/graphql", json=_ASKED, headers=dict(shown)),
    "documents": lambda client, shown: client.post("/graphql/documents", json={}, headers=dict(shown)),
    "event stream": lambda client, shown: client.post("/graphql", json=_ASKED, headers={**shown, **_EVENTS}),
    "WebSocket": lambda client, shown: _converse(client, shown, {}),
    "WebSocket, in its first message": lambda client, shown: _converse(client, *_in_the_first_message(shown)),
}
_TRUE_AT = ("REST", "WebSocket", "WebSocket, in its first message")
_OF_PAGES = {"a session"}
"""True at REST, and over WebSocket nothing: any site may open a conversation, and the browser shows our cookie."""


async def _attack(run: Run) -> Findings:
    with fake_provider() as here, fake_provider("/tenant") as there:
        async with service(run.server, "packed") as installation:
            world = await prepare(installation, here, there)
            tried = [await _try(installation, world, name, forgery) for name, forgery in FORGERIES.items()]
            true = [
                await _try(installation, world, name, forgery, doors=_TRUE_AT[:1] if name in _OF_PAGES else _TRUE_AT)
                for name, forgery in TRUE.items()
            ]
    samples = [f"{door}: {name}: {status}" for name, told in tried for door, status in told if status not in _REFUSED]
    statuses = Counter(status for _, told in tried for _, status in told)
    faults = {
        "accepted": sum(count for status, count in statuses.items() if status < 400 or status in (404, 422)),
        "broken": sum(count for status, count in statuses.items() if status >= 500),
        "true ones refused": sum(status != 200 for _, told in true for _, status in told),
    }
    words = (
        f"{len(FORGERIES)} kinds at {len(_DOORS)} doors = {sum(statuses.values()):,} attempts, {len(TRUE)} true ones"
    )
    return Findings(words, faults, samples)


async def _try(
    installation: Installation, world: World, name: str, forgery: Forgery, *, doors: Sequence[str] = tuple(_DOORS)
) -> tuple[str, list[tuple[str, int]]]:
    async with installation.client() as client:
        return name, [(door, (await _DOORS[door](client, forgery(world))).status_code) for door in doors]


async def _converse(client: httpx.AsyncClient, handshake: Mapping[str, str], said: Mapping[str, str]) -> httpx.Response:
    """The answer to the first message, as a status."""
    told = await opened(client._transport.app, handshake, said)  # type: ignore[attr-defined]  # it is ASGI's
    return httpx.Response(200 if told == "connection_ack" else 401)


def _in_the_first_message(shown: Mapping[str, str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What is shown there, and what the handshake shows. Of several credentials all stay in the handshake, to be compared."""
    if "Authorization" not in shown or "X-API-Key" in shown:
        return shown, {}
    return {name: value for name, value in shown.items() if name != "Authorization"}, {
        "Authorization": shown["Authorization"]
    }


async def _attack_who_requires_nothing(run: Run) -> Findings:
    with _requiring_nothing():
        return await _attack(run)


@contextmanager
def _requiring_nothing() -> Iterator[None]:
    """The defect: a token's claims are held to what they say, and nothing is missed that they do not say."""
    honest = tokens._check

    def check(claims: Mapping[str, Any], provider: Provider, *, audience: str, required: object, now: datetime) -> None:
        told = {"iat": int(now.timestamp()), "exp": int(now.timestamp()) + 60, "sub": "head", **claims}
        honest(told, provider, audience=audience, required=(), now=now)

    tokens._check = check
    try:
        yield
    finally:
        tokens._check = honest


A3 = Bar("A3", _attack, "a verifier that requires no claim", _attack_who_requires_nothing, "accepted")
