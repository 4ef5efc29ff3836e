"""The identity providers of this installation: whose token is it, does it hold, and where do people sign in."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from joserfc.jwk import Key

from app.config import Settings
from app.identity.configuration import Provider, is_safe, read_providers
from app.identity.remembered import Remembered, fetch_json
from app.identity.sessions import Cookies
from app.identity.tokens import (
    BadToken,
    Heading,
    Verified,
    Wrong,
    heading_of,
    key_for,
    keys_of,
    verify_access,
    verify_id,
)

_DISCOVERY: Final = "/.well-known/openid-configuration"
_NAMED: Final = ("jwks_uri", "authorization_endpoint", "token_endpoint")


@dataclass(frozen=True)
class Metadata:
    """Where a provider says its keys are and people sign in (OpenID Connect Discovery)."""

    jwks_uri: str
    authorization_endpoint: str
    token_endpoint: str


class TrustedProvider:
    """One provider, and what is remembered of it."""

    def __init__(self, provider: Provider, *, loopback: bool, clock: Callable[[], float]) -> None:
        self.provider = provider
        self._loopback = loopback
        self._metadata: Remembered[Metadata] = Remembered(self._discover, clock=clock)
        self._keys: Remembered[tuple[Key, ...]] = Remembered(self._fetch_keys, clock=clock)

    async def metadata(self) -> Metadata:
        return await self._metadata.get()

    async def access(self, text: str, heading: Heading, *, now: datetime) -> Verified:
        return verify_access(text, self.provider, await self._key(heading), now=now)

    async def id_token(self, text: str, *, nonce: str, now: datetime) -> Verified:
        return verify_id(text, self.provider, await self._key(heading_of(text)), nonce=nonce, now=now)

    async def _key(self, heading: Heading) -> Key:
        """A key that is not known may be a new one: then all are asked for again."""
        key = key_for(await self._keys.get(), heading, self.provider)
        if key is None:
            key = key_for(await self._keys.newer(), heading, self.provider)
        if key is None:
            raise BadToken(Wrong.KEY)
        return key

    async def _fetch_keys(self) -> tuple[Key, ...]:
        address = self.provider.jwks_uri or (await self.metadata()).jwks_uri
        return keys_of(await fetch_json(address))

    async def _discover(self) -> Metadata:
        told = await fetch_json(self.provider.issuer.rstrip("/") + _DISCOVERY)
        if told["issuer"] != self.provider.issuer:
            raise ValueError("it calls itself by another name")
        named = {name: str(told[name]) for name in _NAMED}
        if not all(is_safe(address, loopback=self._loopback) for address in named.values()):
            raise ValueError("it names an address that is not safe")
        return Metadata(**named)


class Identity:
    """Everything the service knows of signing in. Without providers there are keys alone."""

    def __init__(
        self,
        providers: Sequence[Provider],
        *,
        secret: bytes,
        public_url: str,
        loopback: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.trusted = tuple(TrustedProvider(one, loopback=loopback, clock=clock) for one in providers)
        self.public_url = public_url.rstrip("/")
        self.cookies = Cookies(secret, secure=not self.public_url.startswith("http://"))

    async def access(self, text: str, *, now: datetime) -> tuple[Provider, Verified]:
        """The provider that an access token is of, and whom it speaks for."""
        heading = heading_of(text)
        ours = [
            one
            for one in self.trusted
            if one.provider.issuer == heading.issuer and one.provider.audience in heading.audiences
        ]
        if len(ours) != 1:
            raise BadToken(Wrong.UNKNOWN_ISSUER)
        return ours[0].provider, await ours[0].access(text, heading, now=now)

    def signing_in(self, trust: str | None) -> tuple[TrustedProvider, ...]:
        """The providers that people may sign in with on a page, of one trust or of all."""
        return tuple(
            one for one in self.trusted if one.provider.client_id is not None and trust in (None, one.provider.trust)
        )

    def of_client(self, issuer: str, client_id: str) -> TrustedProvider | None:
        found = (one for one in self.trusted if (one.provider.issuer, one.provider.client_id) == (issuer, client_id))
        return next(found, None)

    @property
    def authority(self) -> str | None:
        """Where Power BI signs its users in: the one that is configured. It cannot be told between several."""
        named = {one.provider.authority for one in self.trusted if one.provider.authority}
        return next(iter(named)).rstrip("/") if len(named) == 1 else None

    def is_own(self, origin: str) -> bool:
        parts: Any = urlsplit(self.public_url)
        return bool(self.public_url) and origin == f"{parts.scheme}://{parts.netloc}"


def identity_of(settings: Settings, *, secret: bytes) -> Identity:
    """As the installation's settings say."""
    loopback = settings.identity_loopback
    providers = read_providers(settings.identity, loopback=loopback) if settings.identity is not None else ()
    return Identity(providers, secret=secret, public_url=settings.public_url, loopback=loopback)
