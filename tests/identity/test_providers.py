"""Keys of providers: turned over, unreachable, remembered for a while and no longer; and tokens of two trusts."""

from datetime import UTC, datetime

import pytest
from joserfc.jwk import RSAKey

from app.identity.providers import Identity
from app.identity.remembered import ProviderAway
from app.identity.tokens import BadToken, Wrong
from tests.identity.provider import FakeProvider, configured, fake_provider, identity

HOUR = 3_600.0


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def of(provider: FakeProvider, clock: Clock) -> Identity:
    return identity(configured("kestrel", provider.issuer, jwks_uri=f"{provider.issuer}/jwks_uri"), clock=clock)


async def subject(known: Identity, token: str) -> str:
    return (await known.access(token, now=datetime.now(UTC)))[1].subject


async def test_a_new_key_is_found_and_strangers_make_us_ask_once_a_minute(clock: Clock) -> None:
    with fake_provider() as provider:
        known = of(provider, clock)
        assert await subject(known, provider.token()) == "head"
        clock.now += 61
        provider.keys["new"] = RSAKey.generate_key(2048, {"kid": "new"})
        del provider.keys["rsa"]
        assert await subject(known, provider.token(key="new")) == "head"
        for _ in range(20):
            with pytest.raises(BadToken) as refused:
                await subject(known, provider.token(key=provider.keys["new"], header={"kid": "stranger"}))

        assert (provider.asked, refused.value.wrong) == (2, Wrong.KEY)


async def test_a_key_taken_back_is_refused_within_the_hour(clock: Clock) -> None:
    with fake_provider() as provider:
        known = of(provider, clock)
        token = provider.token()
        assert await subject(known, token) == "head"
        del provider.keys["rsa"]
        clock.now += HOUR + 1

        with pytest.raises(BadToken) as refused:
            await subject(known, token)

    assert refused.value.wrong is Wrong.KEY


async def test_keys_are_remembered_for_a_day_while_the_provider_is_away(clock: Clock) -> None:
    with fake_provider() as provider:
        known = of(provider, clock)
        token = provider.token()
        assert await subject(known, token) == "head"
        provider.gone = True
        clock.now += 23 * HOUR
        for _ in range(5):
            assert await subject(known, token) == "head"
        asked = provider.asked
        clock.now += 2 * HOUR
        with pytest.raises(ProviderAway):
            await subject(known, token)
        provider.gone = False
        with pytest.raises(ProviderAway):
            await subject(known, token)
        clock.now += 6

        assert (asked, await subject(known, token)) == (2, "head")


async def test_a_provider_that_calls_itself_by_another_name_is_not_believed(clock: Clock) -> None:
    with fake_provider() as provider:
        known = identity(configured("kestrel", provider.issuer), clock=clock)
        token = provider.token()
        provider.issuer += "/other"
        with pytest.raises(ProviderAway):
            await subject(known, token)


async def test_discovery_does_not_lead_to_an_address_that_is_not_safe(clock: Clock) -> None:
    with fake_provider() as provider:
        known = identity(configured("kestrel", provider.issuer), clock=clock, loopback=False)
        with pytest.raises(ProviderAway):
            await subject(known, provider.token())


async def test_a_document_without_end_is_given_up(clock: Clock) -> None:
    with fake_provider() as provider:
        provider.more.append({"x": "y" * 300_000})
        with pytest.raises(ProviderAway):
            await subject(of(provider, clock), provider.token())
