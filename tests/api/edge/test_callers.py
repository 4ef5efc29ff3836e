"""From where a request comes, and what it shows."""

import pytest

from app.api.edge.callers import Caller, Callers

PROXIES = ["10.0.0.0/8", "2001:db8:ffff::1/128"]


def caller(peer: str, *headers: tuple[bytes, bytes], trusted: list[str] | None = None) -> Caller:
    return Callers(trusted or []).of({"client": (peer, 1), "headers": list(headers)})


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


def test_a_credential_counts_whole_and_only_what_could_be_a_guess_is_one() -> None:
    key, other = (
        caller("::1", (b"authorization", b"Bearer mp_a_b_c_d")),
        caller("::1", (b"authorization", b"Bearer mp_a_b_c_e")),
    )

    assert key.shown != other.shown
    assert key.is_guess
    assert not caller("::1", (b"authorization", b"Bearer eyJhbGciOi.eyJpc3M.c2ln")).is_guess
    assert not caller("::1", (b"authorization", b"Bearer ")).is_guess
    assert not caller("::1", (b"cookie", b"milepost=abc")).is_guess
    assert caller("::1", (b"cookie", b"milepost=abc")).shown != 0
    assert caller("::1").shown == 0
