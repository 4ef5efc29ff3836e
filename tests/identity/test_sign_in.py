"""Signing in on a page, from the first click to the last, with the packaged identity provider."""

import base64
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio

from app.domain.ids import trust_id
from app.domain.roles import Role
from app.queries.memberships import member_of
from tests.conftest import Installation
from tests.identity.forgeries import add
from tests.identity.mock import agree, mock_provider
from tests.identity.provider import OURS, SECRET, configured, identity

COOKIE = "__Host-milepost"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with mock_provider() as issuer:
        yield issuer


@pytest_asyncio.fixture
async def pages(known: Installation, issuer: str) -> AsyncIterator[Installation]:
    """The service with the packaged provider, as kestrel's. Whoever is in the group `heads` is proposed as a head."""
    propose = [
        {"claim": "groups", "value": "heads", "roles": ["academy_head"], "academies": ["KHS"]},
        {"claim": "groups", "value": "all", "roles": ["reader"]},
    ]
    provider = configured("kestrel", issuer, client_id="pages", client_secret="x", requires_nbf=False, propose=propose)  # noqa: S106  the mock takes any
    before, known.app.state.identity = known.app.state.identity, identity(provider)
    yield known
    known.app.state.identity = before


@asynccontextmanager
async def browser(installation: Installation) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(installation.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=OURS) as client:
        yield client


async def signed_in(client: httpx.AsyncClient, subject: str, to: str = "/") -> httpx.Response:
    """The whole way: to the provider, through it and back."""
    begun = await client.get("/sign-in", params={"to": to})
    assert begun.status_code == 303, begun.text
    async with httpx.AsyncClient() as outside:
        back = await agree(outside, begun.headers["location"], subject)
    return await client.get(back)


async def known_to(issuer: str, subject: str, **claims: Any) -> None:
    async with httpx.AsyncClient() as client:
        assert (await client.put(f"{issuer}/users/{subject}", json=claims)).status_code == 204


async def test_a_member_signs_in_works_and_signs_out(pages: Installation, issuer: str) -> None:
    async with pages.database.begin(pages.actor("kestrel")) as work:
        membership = await add(work, issuer, "executive", Role.TRUST_EXECUTIVE)
    async with browser(pages) as client:
        back = await signed_in(client, "executive", to="/docs")
        me = (await client.get("/me")).json()
        proof = {"Origin": OURS, "X-CSRF-Token": me["csrfToken"]}
        body = {"code": "SIGN-IN", "label": "Board", "kind": "trust_board"}
        made = await client.post("/v1/bodies", json=body, headers=proof)
        out = await client.post("/sign-out", headers=proof)
        after = await client.get("/me")

    assert (back.status_code, back.headers["location"]) == (303, "/docs")
    assert (me["subject"], me["roles"], me["academies"]) == (f"user:{membership.id}", ["trust_executive"], None)
    assert (made.status_code, out.status_code, after.status_code) == (201, 204, 401), made.text


async def test_the_browser_is_sent_with_a_challenge_and_comes_back_to_cookies_of_its_own(
    pages: Installation, issuer: str
) -> None:
    async with pages.database.begin(pages.actor("kestrel")) as work:
        await add(work, issuer, "cookies", Role.READER)
    async with browser(pages) as client:
        begun = await client.get("/sign-in")
        asked = {name: value for name, [value] in parse_qs(urlsplit(begun.headers["location"]).query).items()}
        going = identity(secret=SECRET).cookies.read_signing_in(
            client.cookies[f"{COOKIE}-signing-in"], now=pages.database.clock()
        )
        back = await signed_in(client, "cookies")
        again = await signed_in(client, "cookies")

    assert going is not None
    challenge = base64.urlsafe_b64encode(hashlib.sha256(going.verifier.encode()).digest()).decode().rstrip("=")
    assert asked == {
        "response_type": "code", "client_id": "pages", "scope": "openid profile", "state": going.state,
        "nonce": going.nonce, "redirect_uri": f"{OURS}/sign-in/callback", "code_challenge": challenge,
        "code_challenge_method": "S256",
    }  # fmt: skip
    first, second = (
        next(one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{COOKIE}="))
        for answer in (back, again)
    )
    assert first != second
    assert first.split("; ")[1:] == ["HttpOnly", "Max-Age=28800", "Path=/", "SameSite=lax", "Secure"]


async def test_somebody_new_is_proposed_as_their_groups_say_and_waits(pages: Installation, issuer: str) -> None:
    await known_to(issuer, "newcomer", name="A New Head", groups=["all", "heads", "others"])
    administrator = await pages.key("kestrel")
    async with browser(pages) as client:
        first = await signed_in(client, "newcomer")
        second = await signed_in(client, "newcomer")
        refused = await client.get("/me")
    membership = await member_of(pages.database, trust_id("kestrel"), issuer, "newcomer")
    assert membership is not None
    async with pages.client(administrator) as client:
        address = f"/v1/memberships/{membership.id}"
        proposed = (await client.get(address)).json()
        confirmed = await client.post(f"{address}/confirmation", json={}, headers={"If-Match": '"v1"'})
    async with browser(pages) as client:
        third = await signed_in(client, "newcomer")
        me = (await client.get("/me")).json()

    assert [answer.status_code for answer in (first, second, refused, confirmed, third)] == [200, 200, 401, 200, 303]
    assert COOKIE not in first.cookies
    assert (proposed["status"], proposed["label"], proposed["roles"]) == (
        "proposed",
        "A New Head",
        ["academy_head", "reader"],
    )
    assert (me["label"], me["roles"], me["academies"]) == ("A New Head", proposed["roles"], proposed["academyIds"])
    assert len(me["academies"]) == 1


async def test_an_e_mail_address_says_nothing(pages: Installation, issuer: str) -> None:
    async with pages.database.begin(pages.actor("kestrel")) as work:
        membership = await add(work, issuer, "steady", Role.READER)
    await known_to(issuer, "steady", email="new@kestrel.example", name="Another Name")
    await known_to(issuer, "impostor", email="steady", sub="steady", name="Another Name")
    async with browser(pages) as client:
        kept = await signed_in(client, "steady")
        me = (await client.get("/me")).json()
    async with browser(pages) as client:
        refused = await signed_in(client, "impostor")

    assert (kept.status_code, me["subject"], me["label"]) == (303, f"user:{membership.id}", None)
    assert (refused.status_code, COOKIE in refused.cookies) == (200, False)


async def test_a_membership_that_ends_stops_a_session_at_its_next_request(pages: Installation, issuer: str) -> None:
    async with pages.database.begin(pages.actor("kestrel")) as work:
        membership = await add(work, issuer, "leaver", Role.READER)
    administrator = await pages.key("kestrel")
    async with browser(pages) as client, pages.client(administrator) as admin:
        await signed_in(client, "leaver")
        before = await client.get("/v1/academies")
        ended = await admin.post(f"/v1/memberships/{membership.id}/ending", json={}, headers={"If-Match": '"v1"'})
        after = await client.get("/v1/academies")
        again = await signed_in(client, "leaver")

    assert [one.status_code for one in (before, ended, after, again)] == [200, 200, 401, 403]


async def test_signing_out_ends_every_session_and_a_copy_of_the_cookie_is_worth_nothing(
    pages: Installation, issuer: str
) -> None:
    async with pages.database.begin(pages.actor("kestrel")) as work:
        await add(work, issuer, "everywhere", Role.READER)
    async with browser(pages) as one, browser(pages) as other:
        await signed_in(one, "everywhere")
        await signed_in(other, "everywhere")
        csrf, copied = (await one.get("/me")).json()["csrfToken"], one.cookies[COOKIE]
        proof = {"Origin": OURS, "X-CSRF-Token": csrf}
        out = await one.post("/sign-out", headers=proof)
        again = await one.post("/sign-out", headers={**proof, "Cookie": f"{COOKIE}={copied}"})
        left = [
            (await one.get("/me", headers={"Cookie": f"{COOKIE}={copied}"})).status_code,
            (await other.get("/me")).status_code,
        ]
        back = await signed_in(one, "everywhere")
        me = await one.get("/me")

    assert (out.status_code, again.status_code, left) == (204, 401, [401, 401])
    assert (back.status_code, me.status_code) == (303, 200)


async def test_an_answer_that_was_not_asked_for_signs_nobody_in(pages: Installation, issuer: str) -> None:
    async with browser(pages) as attacker, browser(pages) as victim:
        begun = await attacker.get("/sign-in")
        async with httpx.AsyncClient() as outside:
            back = await agree(outside, begun.headers["location"], "attacker")
        elsewhere = await victim.get(back)
        await victim.get("/sign-in")
        mixed = await victim.get(back)
        altered = await attacker.get(back.replace("state=", "state=x"))
        denied = await attacker.get(back.replace("code=", "error=access_denied&x="))

    assert [one.status_code for one in (elsewhere, mixed, altered, denied)] == [400, 400, 400, 400]
    assert not victim.cookies.get(COOKIE)


async def test_a_code_works_once(pages: Installation, issuer: str) -> None:
    async with pages.database.begin(pages.actor("kestrel")) as work:
        await add(work, issuer, "once", Role.READER)
    async with browser(pages) as client:
        begun = await client.get("/sign-in")
        going = client.cookies[f"{COOKIE}-signing-in"]
        async with httpx.AsyncClient() as outside:
            back = await agree(outside, begun.headers["location"], "once")
        first = await client.get(back)
        dropped = f"{COOKIE}-signing-in" not in client.cookies
        second = await client.get(back, headers={"Cookie": f"{COOKIE}-signing-in={going}"})

    assert (first.status_code, dropped, second.status_code) == (303, True, 400)


async def test_a_sign_in_that_was_refused_is_over_and_a_browser_is_told_so_on_a_page(
    pages: Installation, issuer: str
) -> None:
    looks = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    async with browser(pages) as client:
        await client.get("/sign-in")
        refused = await client.get("/sign-in/callback?state=wrong&code=x", headers=looks)
        left = f"{COOKIE}-signing-in" in client.cookies
        later = await client.get("/sign-in/callback?state=wrong&code=x")
        nowhere = await client.get("/sign-in?trust=nowhere", headers=looks)

    sentence = "This sign-in was not begun in this browser, or was begun anew. Begin it again at /sign-in."
    assert (refused.status_code, refused.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert sentence in refused.text
    assert refused.headers["cache-control"] == "no-store"
    assert not left
    assert (later.status_code, later.headers["content-type"]) == (400, "application/problem+json")
    assert (nowhere.status_code, nowhere.headers["content-type"]) == (404, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    "to",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\\elsewhere",
        "javascript:alert(1)",
        "/a\nb",
        "",
    ],
)
async def test_nobody_is_sent_elsewhere(pages: Installation, issuer: str, to: str) -> None:
    async with browser(pages) as client:
        await client.get("/sign-in", params={"to": to})
        going = identity(secret=SECRET).cookies.read_signing_in(
            client.cookies[f"{COOKIE}-signing-in"], now=pages.database.clock()
        )

    assert going is not None
    assert going.to == "/"


async def test_where_trusts_have_several_providers_the_trust_is_asked_first(pages: Installation, issuer: str) -> None:
    several = identity(*(configured(trust, issuer, client_id=trust, audience=trust) for trust in ("kestrel", "merlin")))
    before, pages.app.state.identity = pages.app.state.identity, several
    async with browser(pages) as client:
        asked = await client.get("/sign-in", params={"to": "/docs"})
        chosen = await client.get("/sign-in?trust=merlin&to=%2Fdocs")
        nobody = await client.get("/sign-in?trust=larkfield")
    pages.app.state.identity = before

    assert (asked.status_code, chosen.status_code, nobody.status_code) == (200, 303, 404)
    assert 'href="/sign-in?trust=merlin&amp;to=%2Fdocs"' in asked.text
    assert "client_id=merlin" in chosen.headers["location"]


async def test_without_a_provider_there_is_nothing_to_sign_in_to(empty: Installation) -> None:
    async with empty.client() as client:
        answers = [await client.get("/sign-in"), await client.get("/sign-in/callback?code=x&state=y")]

    assert [(answer.status_code, answer.headers["content-type"]) for answer in answers] == [
        (404, "application/problem+json"),
        (400, "application/problem+json"),
    ]
