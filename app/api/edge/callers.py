"""From where a request comes and what it shows, told as numbers that give nothing away."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, NamedTuple, Self

from starlette.types import Scope

from app.domain.keys import KeyText
from app.operations.credentials import Service, session_in
from app.operations.refusals import Refused
from app.operations.shown import Shown, has_three_parts

Address = IPv4Address | IPv6Address
Networks = tuple[IPv4Network | IPv6Network, ...]

_SITE_BITS: Final = 64
"""Of an IPv6 address: what a provider gives to one site, which may use any address in it."""


class Caller(NamedTuple):
    """`shown` is of the whole credential: who does not have the secret counts under another number. 0: nothing was shown."""

    address: int
    shown: int
    is_guess: bool
    """Whether what was shown could be a guess at a key. What a provider or this service signed cannot be guessed."""
    key: str | None = None
    """The public part of the key that was shown."""

    def showing(self, shown: Shown, service: Service) -> Self:
        """The same caller, who shows this. Of a key and of a session counts what is looked up, however it was written."""
        try:
            credential = shown.credential
        except Refused:
            return self._replace(shown=0, is_guess=False, key=None)
        if not credential:
            session = session_in(service, shown) if credential is None else None
            name = hash((session.membership_id, session.issued_at)) if session else 0
            return self._replace(shown=name, is_guess=False, key=None)
        key = KeyText.read(credential)
        if key is not None:
            name = hash((key.trust_id, key.code, key.secret))
            return self._replace(shown=name, is_guess=True, key=key.code)
        is_signed = credential.startswith("eyJ") and has_three_parts(credential)
        return self._replace(shown=hash(credential) if is_signed else 0, is_guess=not is_signed, key=None)


class Callers:
    """Reads callers off requests. Behind proxies that are trusted, an address is what the first of them was told."""

    def __init__(self, trusted_proxies: Iterable[str]) -> None:
        self._trusted = tuple(ip_network(one, strict=False) for one in trusted_proxies)

    def of(self, scope: Scope) -> Caller:
        told = (value for name, value in scope["headers"] if name == b"x-forwarded-for")
        forwarded = b",".join(told) if self._trusted else b""
        client = scope.get("client")
        address = address_of(client[0] if client else "", forwarded, self._trusted)
        return Caller(address, 0, is_guess=False).showing(Shown.by(scope["headers"], "GET"), scope["app"].state)


@lru_cache(maxsize=8192)
def address_of(peer: str, forwarded: bytes, trusted: Networks) -> int:
    """The nearest address that is no trusted proxy; what stands left of it in X-Forwarded-For anybody could have written."""
    address = _read(peer)
    hops = [_read(hop) for hop in forwarded.decode("latin-1").split(",")]
    while address and hops and any(address in network for network in trusted):
        hop = hops.pop()
        if hop is None:
            break
        address = hop
    return hash(_site(address) if address else peer)


def _read(text: str) -> Address | None:
    """An address, as proxies write them: perhaps with a port, perhaps in brackets."""
    text = text.strip()
    if text.count(":") == 1 or text.startswith("["):
        text = text.rpartition(":")[0] if not text.endswith("]") else text
    try:
        address = ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _site(address: Address) -> Address:
    """The address; of IPv6 the first of its site's."""
    if isinstance(address, IPv4Address):
        return address
    return IPv6Network((address, _SITE_BITS), strict=False).network_address
