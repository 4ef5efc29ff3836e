"""What the doors ask of whoever comes: challenges, sentences, and proof that a change comes from our own pages."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest

from app.domain.ids import trust_id
from app.domain.roles import Role
from app.queries.memberships import member_of
from tests.conftest import Installation
from tests.identity.conversation import opened
from tests.identity.forgeries import World, add, basic, bearer
from tests.identity.provider import OURS, FakeProvider, configured, identity

CSRF = "X-CSRF-Token"
STRANGER = (
    "Your trust has no membership for you. Sign in once at /sign-in, or ask an administrator to add one; "
    "for an application, an administrator adds one under its subject."
)


async def test_power_bi_is_told_where_its_users_sign_in(known: Installation, world: World) -> None:
    authority = "https://login.microsoftonline.com/0000"
    before, known.app.state.identity = known.app.state.identity, identity(
        configured("kestrel", world.here.issuer, authority=authority + "/")
    )  # fmt: skip
    async with known.client() as client:
        nothing = await client.get("/v1/academies")
        empty = await client.get("/v1/academies", headers={"Authorization": "Bearer"})
        wrong = await client.get("/v1/academies", headers=dict(bearer("a.b.c")))
        graphql = await client.post(
            "/graphql", json={"query": "{ trust { code } }"}, headers={"Authorization": "Bearer"}
        )
    known.app.state.identity = before

    basics = 'Basic realm="milepost"'
    asked = [answer.headers.get_list("WWW-Authenticate") for answer in (nothing, empty, wrong, graphql)]
    assert asked == [
        [f'Bearer realm="{authority}"', basics],
        [f'Bearer authorization_uri="{authority}/oauth2/authorize"'],
        [f'Bearer realm="{authority}", error="invalid_token"', basics],
        [f'Bearer authorization_uri="{authority}/oauth2/authorize"'],
    ]


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        ("new", "You have signed in, and an administrator of your trust has still to confirm you."),
        ("ended", "Your membership has ended. Ask an administrator of your trust if it should not have."),
        ("stranger", STRANGER),
    ],
)
async def test_whoever_is_no_member_is_told_what_to_do(
    known: Installation, world: World, subject: str, sentence: str
) -> None:
    headers = dict(bearer(world.here.token(sub=subject)))
    async with known.client() as client:
        rest = await client.get("/v1/academies", headers=headers)
        graphql = await client.post("/graphql", json={"query": "{ trust { code } }"}, headers=headers)

    assert (rest.status_code, rest.json()["detail"]) == (403, sentence)
    assert (graphql.status_code, graphql.json()["errors"][0]["message"]) == (403, sentence)
    assert await member_of(known.database, trust_id("kestrel"), world.here.issuer, "stranger") is None


async def test_several_credentials_are_one_too_many(known: Installation, world: World) -> None:
    headers = {"X-API-Key": str(world.key), **basic("", str(world.foreign))}
    async with known.client() as client:
        rest = await client.get("/v1/academies", headers=headers)
        graphql = await client.post("/graphql", json={"query": "{ trust { code } }"}, headers=headers)

    sentence = "The request shows several credentials that differ. Send one of them."
    assert (rest.status_code, rest.json()["detail"]) == (400, sentence)
    assert (graphql.status_code, graphql.json()["errors"][0]["message"]) == (400, sentence)


async def test_every_door_takes_every_credential(known: Installation, world: World) -> None:
    shown: list[Mapping[str, str]] = [
        bearer(world.here.token()), bearer(str(world.key)), basic("anybody", str(world.key)), {"X-API-Key": str(world.key)},
    ]  # fmt: skip
    async with known.client() as client:
        told = [
            (await client.post("/graphql", json={"query": "{ trust { code } }"}, headers=dict(one))).json()
            for one in shown
        ]

    assert told == [{"data": {"trust": {"code": "kestrel"}}}] * 4


async def test_one_subject_of_two_issuers_is_two_people(
    known: Installation, world: World, here: FakeProvider, there: FakeProvider
) -> None:
    async with known.database.begin(known.actor("kestrel")) as work:
        ours = await add(work, here.issuer, "twin", Role.READER)
    async with known.database.begin(known.actor("larkfield")) as work:
        theirs = await add(work, there.issuer, "twin", Role.GOVERNOR)
    async with known.client() as client:
        told = [
            (await client.get("/me", headers=dict(bearer(provider.token(sub="twin"))))).json()
            for provider in (here, there)
        ]

    assert [(one["subject"], one["trust"]["code"], one["roles"]) for one in told] == [
        (f"user:{ours.id}", "kestrel", ["reader"]),
        (f"user:{theirs.id}", "larkfield", ["governor"]),
    ]


async def test_roles_are_read_at_every_request_and_an_end_is_at_once(known: Installation, world: World) -> None:
    async with known.database.begin(known.actor("kestrel")) as work:
        membership = await add(work, world.here.issuer, "changing", Role.READER)
    administrator = await known.key("kestrel")
    token, address = dict(bearer(world.here.token(sub="changing"))), f"/v1/memberships/{membership.id}"

    async with known.client() as client, known.client(administrator) as admin:
        first = (await client.get("/me", headers=token)).json()["roles"]
        assigned = await admin.post(f"{address}/assignment", json={"roles": ["governor"]}, headers={"If-Match": '"v1"'})
        second = (await client.get("/me", headers=token)).json()["roles"]
        ended = await admin.post(f"{address}/ending", json={}, headers={"If-Match": '"v2"'})
        third = await client.get("/me", headers=token)

    assert (assigned.status_code, ended.status_code) == (200, 200), assigned.text
    assert (first, second, third.status_code) == (["reader"], ["governor"], 403)


async def test_what_a_member_does_is_in_the_log_under_their_membership(known: Installation, world: World) -> None:
    body = {"code": "BY-TOKEN", "label": "Board", "kind": "trust_board"}
    async with known.client() as client:
        made = await client.post("/v1/bodies", json=body, headers=dict(bearer(world.here.token())))
        headers = dict(bearer(await known.key("kestrel")))
        [event] = (await client.get(f"/v1/bodies/{made.json()['id']}/history", headers=headers)).json()["items"]

    assert (event["actor"], event["type"]) == (f"user:{world.members['head'].id}", "body.created")


PROOFS: dict[str, dict[str, str]] = {
    "nothing": {},
    "no origin": {CSRF: "true"},
    "no token": {"Origin": OURS},
    "an empty token": {"Origin": OURS, CSRF: ""},
    "another token": {"Origin": OURS, CSRF: "x"},
    "another site": {"Origin": "https://milepost.test.example", CSRF: "true"},
    "another scheme": {"Origin": "http://milepost.test", CSRF: "true"},
    "no site in particular": {"Origin": "null", CSRF: "true"},
    "a site beside ours": {"Sec-Fetch-Site": "same-site", CSRF: "true"},
    "another site that says it is ours": {
        "Origin": "https://evil.example",
        "Sec-Fetch-Site": "same-origin",
        CSRF: "true",
    },
}


@pytest.mark.parametrize("name", PROOFS)
async def test_another_site_changes_nothing_with_a_session(known: Installation, world: World, name: str) -> None:
    session = dict(world.session())
    body = {"code": "CSRF", "label": "Board", "kind": "trust_board"}
    async with known.client() as client:
        proof = {**session, **await _with_token(known, session, PROOFS[name])}
        answers = [
            await client.post("/v1/bodies", json=body, headers=proof),
            await client.post("/graphql", json=mutation("CSRF"), headers=proof),
            await client.post("/graphql/documents", json={}, headers=proof),
            await client.post("/sign-out", headers=proof),
        ]
        made = await client.get("/v1/bodies?code=CSRF", headers=session)

    assert [answer.status_code for answer in answers] == [403] * 4
    assert made.json()["items"] == []


@pytest.mark.parametrize("proof", [{"Origin": OURS, CSRF: "true"}, {"Sec-Fetch-Site": "same-origin", CSRF: "true"}])
async def test_our_own_pages_change_what_their_user_may(
    known: Installation, world: World, proof: dict[str, str]
) -> None:
    session = dict(world.session())
    code = f"OWN{len(proof['Origin'])}" if "Origin" in proof else "OWN"
    body = {"code": code, "label": "Board", "kind": "trust_board"}
    async with known.client() as client:
        headers = {**session, **await _with_token(known, session, proof)}
        rest = await client.post("/v1/bodies", json=body, headers=headers)
        graphql = await client.post("/graphql", json=mutation(f"{code}-2"), headers=headers)
        made = await client.get(f"/v1/bodies?code={code}-2", headers=session)

    assert (rest.status_code, graphql.status_code, len(made.json()["items"])) == (201, 200, 1), graphql.text


async def test_a_conversation_is_not_opened_with_a_cookie(known: Installation, world: World) -> None:
    """Any site may open one in a browser, and the browser shows our cookie."""
    cookie = world.session()["Cookie"]

    assert await opened(known.app, {"cookie": cookie, "origin": "https://evil.example"}) == "websocket.close"
    assert await opened(known.app, {"x-api-key": str(world.key)}) == "connection_ack"
    assert await opened(known.app, dict(bearer(world.here.token()))) == "connection_ack"
    assert await opened(known.app, dict(bearer(world.here.token(sub="new")))) == "websocket.close"


def mutation(code: str) -> dict[str, str]:
    return {
        "query": f'mutation {{ createBody(input: {{code: "{code}", label: "x", kind: trust_board}}) {{ __typename }} }}'
    }


async def _with_token(known: Installation, session: dict[str, str], proof: dict[str, str]) -> dict[str, str]:
    """The proof, with the session's own token where it is to be true."""
    async with known.client() as client:
        csrf = (await client.get("/me", headers=session)).json()["csrfToken"]
    return {name: csrf if value == "true" else value for name, value in proof.items()}


async def test_an_administrator_sees_members_and_signs_one_out_everywhere(known: Installation, world: World) -> None:
    async with known.database.begin(known.actor("kestrel")) as work:
        membership = await add(work, world.here.issuer, "lost-phone", Role.TRUST_EXECUTIVE)
    administrator = await known.key("kestrel")
    world = replace(world, members={**world.members, "lost-phone": membership})
    session = dict(world.session("lost-phone"))
    async with known.client() as client, known.client(administrator) as admin:
        new = (await admin.get("/v1/memberships?status=proposed&role=administrator&subject=new")).json()["items"]
        before = await client.get("/me", headers=session)
        seen = await client.get("/v1/memberships", headers=session)
        out = await admin.post(f"/v1/memberships/{membership.id}/sign-out", json={}, headers={"If-Match": '"v1"'})
        after = await client.get("/me", headers=session)
        token = await client.get("/me", headers=dict(bearer(world.here.token(sub="lost-phone"))))

    assert [one["id"] for one in new] == [str(world.members["new"].id)]
    assert [one.status_code for one in (before, seen, out, after, token)] == [200, 403, 200, 401, 200]


async def test_an_application_has_its_membership_and_signs_in_on_no_page(known: Installation, world: World) -> None:
    async with known.client() as client:
        told = (await client.get("/me", headers=dict(bearer(world.here.token(sub="machine"))))).json()
        page = await client.get("/me", headers=dict(world.session("machine")))

    assert (told["subject"], page.status_code) == (f"user:{world.members['machine'].id}", 401)


async def test_an_administrator_of_one_academy_sees_no_credential_that_sees_more(
    known: Installation, world: World
) -> None:
    async with known.client(await known.key("merlin")) as owner:
        ours, theirs = [one["id"] for one in (await owner.get("/v1/academies?limit=2")).json()["items"]]
        members, keys = {}, {}
        for name, academies in (("ours", [ours]), ("theirs", [theirs]), ("both", [ours, theirs]), ("trust", None)):
            given = {"label": f"Somebody of {name}", "roles": ["governor"], "academyIds": academies}
            member = {"issuer": "https://x.example", "subject": name, **given}
            members[name] = (await owner.post("/v1/memberships", json=member)).json()["id"]
            keys[name] = (await owner.post("/v1/api-keys", json=given)).json()["id"]
    narrow = await known.key("merlin", academy_ids=[UUID(ours)])
    now = known.database.clock().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    query = {"query": "{ memberships { nodes { uuid } } apiKeys { nodes { uuid } } }"}
    async with known.client(narrow) as administrator:
        for plural, made in (("memberships", members), ("api-keys", keys)):
            for suffix in ("", f"&asOf={now}"):
                answer = await administrator.get(f"/v1/{plural}?limit=500{suffix}")
                assert answer.status_code == 200, answer.text
                listed = answer.json()["items"]
                assert {one["id"] for one in listed} & set(made.values()) == {made["ours"]}
                assert {tuple(one["academyIds"]) for one in listed} == {(ours,)}
            records = {name: await administrator.get(f"/v1/{plural}/{one}") for name, one in made.items()}
            assert {name: answer.status_code for name, answer in records.items()} == {
                "ours": 200, "theirs": 404, "both": 404, "trust": 404,
            }  # fmt: skip
        told = (await administrator.post("/graphql", json=query)).json()["data"]
        events = (await administrator.get("/v1/events?limit=1000")).json()["items"]
        ended = await administrator.post(
            f"/v1/memberships/{members['both']}/ending", json={}, headers={"If-Match": '"v9"'}
        )

    assert members["ours"] in str(told)
    assert keys["ours"] in str(told)
    assert {one["subject"] for one in events if one["noun"] == "membership"} == {members["ours"]}
    hidden = [made[name] for made in (members, keys) for name in ("theirs", "both", "trust")]
    assert not [one for one in hidden if one in str(told) + str(events)]
    assert ended.status_code == 404


async def test_keys_outlive_whoever_made_them_and_the_log_says_who_it_was(known: Installation, world: World) -> None:
    async with known.database.begin(known.actor("kestrel")) as work:
        maker = await add(work, world.here.issuer, "maker", Role.ADMINISTRATOR)
    token, administrator = dict(bearer(world.here.token(sub="maker"))), await known.key("kestrel")
    async with known.client() as client, known.client(administrator) as admin:
        made = (await client.post("/v1/api-keys", json={"label": "x", "roles": ["reader"]}, headers=token)).json()
        await admin.post(f"/v1/memberships/{maker.id}/ending", json={}, headers={"If-Match": '"v1"'})
        alive = await client.get("/me", headers=dict(bearer(made["key"])))
        events = (await admin.get(f"/v1/events?type=api_key.created&actor=user:{maker.id}")).json()["items"]

    assert alive.status_code == 200
    assert [event["subject"] for event in events] == [made["id"]]
