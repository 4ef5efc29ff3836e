"""A document of a provider's, remembered: fetched when it is needed, and kept for a day while the provider is away."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, Final, Generic, TypeVar

import httpx
import orjson

T = TypeVar("T")

SECONDS: Final = 3.0
MAX_BYTES: Final = 262_144
FRESH: Final = 3_600.0
STALE: Final = 86_400.0
PAUSE: Final = 60.0
"""Between one fetch and the next, whatever asks for it."""
PAUSE_WITHOUT: Final = 5.0
"""The same, while there is nothing to go by."""
log = logging.getLogger("milepost")


class ProviderAway(Exception):
    """The provider cannot be reached, and nothing of it is remembered that is good enough."""


class Remembered(Generic[T]):
    """`fetch` gets the document anew; whatever it raises means that the provider is away."""

    def __init__(self, fetch: Callable[[], Awaitable[T]], *, clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._turn = asyncio.Lock()
        self._value: T | None = None
        self._fetched_at = self._tried_at = float("-inf")

    async def get(self) -> T:
        """As it was within the last hour; or within the last day, if it cannot be had anew."""
        if self._age() > FRESH and not (self._turn.locked() and self._is_good):
            await self._renew()
        return self._told()

    async def newer(self) -> T:
        """As it is now, for whoever misses something in it; at most once a minute."""
        await self._renew()
        return self._told()

    def _told(self) -> T:
        if not self._is_good or self._value is None:
            raise ProviderAway
        return self._value

    @property
    def _is_good(self) -> bool:
        return self._age() <= STALE

    def _age(self) -> float:
        return self._clock() - self._fetched_at

    async def _renew(self) -> None:
        async with self._turn:
            if self._clock() - self._tried_at < (PAUSE if self._is_good else PAUSE_WITHOUT):
                return
            self._tried_at = self._clock()
            try:
                self._value = await self._fetch()
            except (httpx.HTTPError, httpx.InvalidURL, ProviderAway, OSError, ValueError, TypeError, KeyError) as error:
                log.warning("an identity provider did not answer as it should: %s", type(error).__name__)
                return
            self._fetched_at = self._clock()


@cache
def certificates() -> ssl.SSLContext:
    """Whose certificates are believed: read once, for reading them takes longer than asking."""
    return httpx.create_ssl_context()


async def fetch_json(address: str) -> Any:
    """The JSON at an address of the configuration: without following anybody elsewhere, soon, and not without end."""
    async with (
        asyncio.timeout(SECONDS),
        httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, verify=certificates()) as client,
        client.stream("GET", address, headers={"Accept": "application/json"}) as answer,
    ):
        if answer.status_code != httpx.codes.OK:
            raise ValueError(f"status {answer.status_code}")
        body = bytearray()
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > MAX_BYTES:
                raise ValueError("too large")
    return orjson.loads(body)
