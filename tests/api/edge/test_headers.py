"""What every answer tells a browser, and who may call from another origin."""

import re

import httpx
import pytest
from pydantic import ValidationError

from app.config import Settings
from tests.api.edge.conftest import Edged, client
from tests.api.test_problems import assert_problem
from tests.conftest import UNHURRIED, Installation

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
NOTHING = "default-src 'none'; frame-ancestors 'none'"


async def test_every_answer_carries_them_whatever_it_says(edged: Edged, shared: Installation) -> None:
    app = edged(max_body_bytes=1024)
    async with client(app, shared.keys["kestrel"]) as asker:
        answers = [
            await asker.get("/v1/plans?limit=1"),
            await asker.get("/v1/nothing"),
            await asker.post("/v1/bodies", content=b"x" * 2000),
            await asker.get("/v1/plans", headers={"X-Much": "x" * 20_000}),
            await asker.request("TRACE", "/v1/plans"),
            await asker.get("/healthz"),
        ]

    assert [answer.status_code for answer in answers] == [200, 404, 413, 431, 405, 200]
    for answer in answers:
        assert ALWAYS.items() <= dict(answer.headers).items()
        assert answer.headers["content-security-policy"] == NOTHING
        assert "server" not in answer.headers
        assert "strict-transport-security" not in answer.headers
    assert {answer.headers["cache-control"] for answer in answers[1:5]} == {"no-store"}


@pytest.mark.parametrize("path", ["/", "/problems", "/problems/not-found", "/docs", "/graphql"])
async def test_a_page_may_run_what_stands_in_it_and_nothing_else(shared: Installation, path: str) -> None:
    async with shared.client() as asker:
        page = await asker.get(path, headers={"Accept": "text/html"})

    policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
    inline = len(re.findall("<script>", page.text)), len(re.findall("<style>", page.text))
    assert page.status_code == 200
    assert (policy["default-src"], policy["frame-ancestors"], policy["base-uri"]) == ("'none'", "'none'", "'none'")
    assert (policy["script-src"].count("sha256-"), policy["style-src"].count("sha256-")) == inline
    assert "unsafe" not in policy["script-src"]


async def test_over_https_browsers_are_told_to_keep_to_it(edged: Edged) -> None:
    async with client(edged(public_url="https://milepost.example.org")) as asker:
        answer = await asker.get("/problems")

    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


async def test_other_origins_may_call_only_where_they_are_named(edged: Edged, shared: Installation) -> None:
    asks = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization, if-match"}
    named, stranger = {"Origin": "https://app.example.org"}, {"Origin": "https://evil.example.org"}
    async with client(edged(cors_origins="https://app.example.org"), shared.keys["kestrel"]) as asker:
        before = await asker.options("/v1/plans", headers=named | asks)
        refused = await asker.options("/v1/plans", headers=stranger | asks)
        answer = await asker.get("/v1/plans?limit=1", headers=named)
        to_stranger = await asker.get("/v1/plans?limit=1", headers=stranger)
    async with client(edged(), shared.keys["kestrel"]) as asker:
        off = await asker.get("/v1/plans?limit=1", headers=named)

    assert (before.status_code, before.headers["access-control-allow-origin"]) == (200, "https://app.example.org")
    assert (refused.status_code, _allowed(refused)) == (400, None)
    assert _allowed(answer) == "https://app.example.org"
    assert "ETag" in answer.headers["access-control-expose-headers"]
    assert (_allowed(to_stranger), _allowed(off)) == (None, None)
    assert "access-control-allow-credentials" not in {**answer.headers, **before.headers}


@pytest.mark.parametrize("origin", ["*", "null", "app.example.org", "https://app.example.org/pages"])
def test_what_is_no_origin_cannot_be_allowed(origin: str) -> None:
    with pytest.raises(ValidationError, match="name each origin"):
        Settings(**UNHURRIED, cors_origins=f"https://one.example.org, {origin}")


def test_origins_and_hosts_are_compared_in_small_letters() -> None:
    settings = Settings(**UNHURRIED, cors_origins="https://App.example.org:8443/", allowed_hosts="Milepost.Example.org")

    assert (settings.cors_origins, settings.allowed_hosts) == (
        ["https://app.example.org:8443"],
        ["milepost.example.org"],
    )


async def test_a_host_that_is_not_ours_is_refused(edged: Edged) -> None:
    async with client(edged(allowed_hosts="milepost.example.org")) as asker:
        ours = await asker.get("/problems", headers={"Host": "Milepost.example.org:8443"})
        theirs = await asker.get("/problems", headers={"Host": "evil.example.org"})

    assert ours.status_code == 200
    assert_problem(theirs, "bad-request")


def _allowed(answer: httpx.Response) -> str | None:
    told: str | None = answer.headers.get("access-control-allow-origin")
    return told
