"""From where a request comes, and what it shows."""

import base64
from types import SimpleNamespace
from uuid import UUID

import pytest

from app.api.edge.callers import Caller, Callers
from app.domain.keys import KeyText
from app.identity.providers import Identity
from tests.faults.flood import forged

KEY = KeyText.new("live", UUID("0a4ffb4c-6a80-5b8e-9d57-1d3bb5f6e7a1"))
PROXIES = ["10.0.0.0/8", "2001:db8:ffff::1/128"]


def caller(peer: str, *headers: tuple[bytes, bytes], trusted: list[str] | None = None) -> Caller:
    state = SimpleNamespace(identity=Identity([], secret=b"", public_url=""))
    scope = {"client": (peer, 1), "headers": list(headers), "app": SimpleNamespace(state=state)}
    return Callers(trusted or []).of(scope)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", b"198.51.100.7", "203.0.113.9"),
        ("10.1.1.1", b"198.51.100.7", "198.51.100.7"),
        ("10.1.1.1", b"6.6.6.6, 198.51.100.7", "198.51.100.7"),
        ("10.1.1.1", b"6.6.6.6, 198.51.100.7, 10.2.2.2", "198.51.100.7"),
        ("10.1.1.1", b"198.51.100.7:4711", "198.51.100.7"),
        ("10.1.1.1", b"[2001:db8:1:2::5]:4711", "2001:db8:1:2::"),
        ("10.1.1.1", b"6.6.6.6, rubbish", "10.1.1.1"),
        ("10.1.1.1", b"", "10.1.1.1"),
        ("2001:db8:ffff::1", b"198.51.100.7", "198.51.100.7"),
        ("::ffff:10.1.1.1", b"198.51.100.7", "198.51.100.7"),
    ],
)
def test_the_address_is_the_nearest_that_is_no_trusted_proxy(peer: str, forwarded: bytes, address: str) -> None:
    told = caller(peer, (b"x-forwarded-for", forwarded), trusted=PROXIES)

    assert told.address == caller(address).address


def test_nobody_is_believed_where_no_proxy_is_trusted() -> None:
    assert caller("203.0.113.9", (b"x-forwarded-for", b"6.6.6.6")) == caller("203.0.113.9")


def test_a_site_with_many_ipv6_addresses_is_one_caller() -> None:
    assert caller("2001:db8:1:2::5").address == caller("2001:db8:1:2:ffff::1").address
    assert caller("2001:db8:1:2::5").address != caller("2001:db8:1:3::5").address


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def shown(credential: str) -> Caller:
    return caller("::1", (b"authorization", credential.encode()))


def test_a_key_is_one_credential_however_it_is_written() -> None:
    key = str(KEY)
    written = [f"Bearer {key}", f"bearer   {key} ", *(basic(f"u{number}", key) for number in range(3))]

    told = {shown(credential) for credential in written} | {caller("::1", (b"x-api-key", key.encode()))}

    assert [(one.is_guess, one.key) for one in told] == [(True, KEY.code)]
    assert told != {caller("::1")._replace(is_guess=True, key=KEY.code)}


def test_what_has_the_form_of_a_key_is_a_guess_and_what_was_signed_is_none() -> None:
    other, token = forged(str(KEY), 1), "Bearer eyJhbGciOi.eyJpc3M.c2ln"

    assert shown(f"Bearer {other}").shown != shown(f"Bearer {KEY}").shown
    assert shown("Bearer nonsense") == caller("::1")._replace(is_guess=True)
    assert not shown(token).is_guess
    assert shown(token).shown != 0


@pytest.mark.parametrize("number", range(3))
def test_what_shows_nothing_of_somebody_counts_by_its_address_alone(number: int) -> None:
    headers = [(b"authorization", b"Bearer "), (b"cookie", b"milepost=abc"), (b"x-api-key", b"")]

    assert caller("::1", headers[number]) == caller("::1")
    assert caller("::1").shown == 0
    assert caller("::1", (b"x-api-key", b"one"), (b"authorization", b"Bearer other")) == caller("::1")
