"""Every kind of credential that proves nothing. The tests and the bar A3 show each, and none may be let in."""

import base64
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg
from joserfc.jwk import Key, RSAKey

from app.commands.keys import make_key, revoke_key
from app.commands.memberships import Newcomer, add_member, end_member, propose_member, sign_out_member
from app.db.unit_of_work import UnitOfWork
from app.domain import ids
from app.domain.keys import ApiKey, KeyText, _checksum
from app.domain.memberships import Membership
from app.domain.roles import Role
from app.identity.configuration import Algorithm
from app.identity.sessions import Cookies, Session, SigningIn
from tests.conftest import PEPPER, Installation
from tests.identity.provider import (
    SECRET,
    FakeProvider,
    configured,
    identity,
    shared_secret,
    signed,
    spelt,
)

Headers = Mapping[str, str]
_DAY: Final = 86_400


@dataclass(frozen=True)
class World:
    """Two providers, their members and some keys, so that each forgery has something true beside it."""

    here: FakeProvider
    there: FakeProvider
    members: Mapping[str, Membership]
    key: KeyText
    foreign: KeyText
    revoked: KeyText
    expired: KeyText
    stranger: RSAKey
    aside: RSAKey

    def session(self, member: str = "head", *, began: timedelta = timedelta(), secret: bytes = SECRET) -> Headers:
        membership = self.members[member]
        session = Session.begun(membership.trust_id, membership.id, at=datetime.now(UTC) - began)
        return cookie(Cookies(secret, secure=True).write(session))


def bearer(text: str) -> Headers:
    return {"Authorization": f"Bearer {text}"}


def basic(user: str, password: str) -> Headers:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def cookie(value: str) -> Headers:
    return {"Cookie": f"__Host-milepost={value}"}


async def prepare(installation: Installation, here: FakeProvider, there: FakeProvider) -> World:
    """`here` is the provider of kestrel, and of merlin under another audience; `there` is larkfield's."""
    aside = RSAKey.generate_key(2048, {"kid": "aside"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        here.keys["weak"] = RSAKey.generate_key(1024, {"kid": "weak"})
    here.more.append({**aside.as_dict(private=False), "use": "enc"})
    tenant = {"tenant_claim": "tid", "tenant": "tenant"}
    installation.app.state.identity = identity(
        configured(
            "kestrel", here.issuer, client_id="pages", algorithms=list(Algorithm)[:1] + list(Algorithm)[2:], **tenant
        ),
        configured("merlin", here.issuer, audience="api://merlin", **tenant),
        configured("larkfield", there.issuer, **tenant),
    )
    administrator = installation.actor("kestrel")
    async with installation.database.begin(administrator) as work:
        members = {name: await add(work, here.issuer, name) for name in ("head", "ended", "away")}
        members["machine"] = await add(work, here.issuer, "machine", kind="application")
        key, revoked, expired = [await _key(work) for _ in range(3)]
        await work.flush()
        await end_member(work, members["ended"].id, version=1, reason=None)
        await revoke_key(work, (await work.where(ApiKey, code=revoked.code))[0].id, version=None)
    newcomer = Newcomer(
        membership_id=ids.uuid7(), issuer=here.issuer, subject="new", label=None,
        roles=frozenset({Role.ADMINISTRATOR}), academy_codes=None,
    )  # fmt: skip
    async with installation.database.begin(newcomer.actor(administrator.trust_id)) as work:
        members["new"] = await propose_member(work, newcomer)
    async with installation.database.begin(administrator) as work:
        await sign_out_member(work, members["away"].id, version=None)
    await _expire(installation, expired)
    foreign = KeyText.read(await installation.key("larkfield"))
    assert foreign is not None
    stranger = RSAKey.generate_key(2048, {"kid": "rsa"})
    return World(here, there, members, key, foreign, revoked, expired, stranger, aside)


async def add(work: UnitOfWork, issuer: str, subject: str, *roles: Role, **more: Any) -> Membership:
    given = {"issuer": issuer, "subject": subject, "roles": list(roles or (Role.TRUST_EXECUTIVE,)), **more}
    return await add_member(work, given)


async def _key(work: UnitOfWork) -> KeyText:
    values = {"label": "forged", "roles": [Role.READER]}
    return (await make_key(work, values, environment="test", pepper=PEPPER))[1]


async def _expire(installation: Installation, key: KeyText) -> None:
    connection = await asyncpg.connect(installation.dsn("postgres"))
    await connection.execute("update app.api_key set expires_on = current_date - 1 where code = $1", key.code)
    await connection.close()


def _mended(text: KeyText) -> str:
    """A key's text whose checksum fits again, as a forger would make it."""
    whole = str(text)[:-6]
    return whole + _checksum(whole)


def _without_signature(token: str) -> str:
    return token.rpartition(".")[0] + "."


def _changed(world: World, **changes: Any) -> str:
    """Another payload under a true signature."""
    header, _, signature = world.here.token().split(".")
    _, payload, _ = spelt({}, world.here.claims(**changes)).split(".")
    return f"{header}.{payload}.{signature}"


def _confused(world: World, secret: bytes) -> str:
    return signed(world.here.claims(), shared_secret(secret), {"alg": "HS256", "kid": "rsa"})


def _public(key: Key) -> dict[str, Any]:
    return dict(key.as_dict(private=False))


def _now() -> int:
    return int(time.time())


Forgery = Callable[[World], Headers]

TOKENS: Final[Mapping[str, Callable[[World], str]]] = {
    "unsigned": lambda w: spelt({"alg": "none", "typ": "JWT"}, w.here.claims()),
    "unsigned, under a key's name": lambda w: spelt({"alg": "none", "kid": "rsa"}, w.here.claims(), b"x"),
    "unsigned, spelt otherwise": lambda w: spelt({"alg": "nOnE", "kid": "rsa"}, w.here.claims()),
    "its signature taken away": lambda w: _without_signature(w.here.token()),
    "cut short": lambda w: w.here.token()[:-20],
    "signed with the public key as a secret, PEM": lambda w: _confused(w, w.here.keys["rsa"].as_pem(private=False)),
    "signed with the public key as a secret, DER": lambda w: _confused(w, w.here.keys["rsa"].as_der(private=False)),
    "signed by a stranger under our key's name": lambda w: w.here.token(key=w.stranger, header={"kid": "rsa"}),
    "signed by a stranger under a new name": lambda w: w.here.token(key=w.stranger, header={"kid": "new"}),
    "signed by a stranger under no name": lambda w: w.here.token(key=w.stranger),
    "with the stranger's key inside": lambda w: w.here.token(
        key=w.stranger, header={"kid": "rsa", "jwk": _public(w.stranger)}
    ),
    "with an address of keys inside": lambda w: w.here.token(
        key=w.stranger, header={"kid": "rsa", "jku": f"{w.there.issuer}/jwks_uri"}
    ),
    "with an address of certificates inside": lambda w: w.here.token(
        key=w.stranger, header={"kid": "rsa", "x5u": f"{w.there.issuer}/x"}
    ),
    "signed by the other provider": lambda w: w.there.token(iss=w.here.issuer),
    "another payload under a true signature": lambda w: _changed(w, sub="away"),
    "signed in a way not agreed on": lambda w: w.here.token(alg="PS256"),
    "signed with a key of another kind": lambda w: w.here.token(
        key=w.here.keys["ec"], alg="ES256", header={"kid": "rsa"}
    ),
    "signed with a key that is too short": lambda w: w.here.token(key="weak"),
    "signed with a key for encryption": lambda w: w.here.token(key=w.aside, header={"kid": "aside"}),
    "with a critical header": lambda w: w.here.token(header={"crit": ["milepost"], "milepost": 1}),
    "with a critical header that is known": lambda w: w.here.token(header={"crit": ["b64"], "b64": True}),
    "expired": lambda w: w.here.token(iat=_now() - 7200, nbf=_now() - 7200, exp=_now() - 3600),
    "without an end": lambda w: w.here.token(exp=None),
    "with an end that is text": lambda w: w.here.token(exp="9999999999"),
    "with an end that is a truth": lambda w: w.here.token(exp=True),
    "with an end that never comes": lambda w: w.here.token(exp=float("inf")),
    "with a life of two days": lambda w: w.here.token(exp=_now() + 2 * _DAY),
    "not valid yet": lambda w: w.here.token(nbf=_now() + 600),
    "without a beginning": lambda w: w.here.token(nbf=None),
    "issued in time to come": lambda w: w.here.token(iat=_now() + 600),
    "issued nobody knows when": lambda w: w.here.token(iat=None),
    "for another audience": lambda w: w.here.token(aud="api://elsewhere"),
    "for nobody": lambda w: w.here.token(aud=None),
    "for an audience that is no text": lambda w: w.here.token(aud={"0": "api://milepost"}),
    "for two trusts at once": lambda w: w.here.token(aud=["api://milepost", "api://merlin"]),
    "for the pages": lambda w: w.here.token(aud="pages"),
    "by an issuer nobody knows": lambda w: w.here.token(iss="https://elsewhere.example"),
    "by an issuer with one letter more": lambda w: w.here.token(iss=w.here.issuer + "/"),
    "by no issuer": lambda w: w.here.token(iss=None),
    "about nobody": lambda w: w.here.token(sub=None),
    "about an empty name": lambda w: w.here.token(sub=""),
    "about a number": lambda w: w.here.token(sub=1),
    "of another tenant": lambda w: w.here.token(tid="another"),
    "of no tenant": lambda w: w.here.token(tid=None),
    "an ID token, by its hash": lambda w: w.here.token(at_hash="x"),
    "an ID token, by its nonce": lambda w: w.here.token(nonce="x"),
    "a logout token": lambda w: w.here.token(header={"typ": "logout+jwt"}),
    "no JSON": lambda _: ".".join(base64.urlsafe_b64encode(part).decode() for part in (b"{", b"{", b"x")),
    "nested deep": lambda _: f"{'W1' * 4000}.e30.x",
    "all dots": lambda _: "..",
    "about a stranger": lambda w: w.here.token(sub="somebody", email="head@kestrel.example"),
    "about a member of the other trust": lambda w: w.there.token(sub="head"),
    "about somebody who was only proposed": lambda w: w.here.token(sub="new"),
    "about somebody whose membership has ended": lambda w: w.here.token(sub="ended"),
}
KEYS: Final[Mapping[str, Callable[[World], str]]] = {
    "revoked": lambda w: str(w.revoked),
    "expired": lambda w: str(w.expired),
    "cut short": lambda w: str(w.key)[:-1],
    "one letter changed": lambda w: str(w.key)[:-10] + ("a" if str(w.key)[-10] != "a" else "b") + str(w.key)[-9:],
    "another secret": lambda w: _mended(replace(w.key, secret="a" * 58)),
    "without a secret": lambda w: _mended(replace(w.key, secret="")),
    "the secret of another": lambda w: _mended(replace(w.key, secret=w.foreign.secret)),
    "under another's trust": lambda w: _mended(replace(w.key, trust_id=w.foreign.trust_id)),
    "under another's code": lambda w: _mended(replace(w.key, code=w.foreign.code)),
    "of a trust that is not there": lambda w: _mended(replace(w.key, trust_id=ids.trust_id("nowhere"))),
    "shouted": lambda w: str(w.key).upper(),
}
OTHERS: Final[Mapping[str, Forgery]] = {
    "nothing": lambda _: {},
    "an empty bearer": lambda _: {"Authorization": "Bearer"},
    "a key called Digest": lambda w: {"Authorization": f"Digest {w.key}"},
    "a key under no scheme": lambda w: {"Authorization": str(w.key)},
    "a token under no scheme": lambda w: {"Authorization": w.here.token()},
    "a token called Digest": lambda w: {"Authorization": f"Digest {w.here.token()}"},
    "a true key beside one called Digest": lambda w: {"X-API-Key": str(w.key), "Authorization": f"Digest {w.key}"},
    "a key called Basic, not encoded": lambda w: {"Authorization": f"Basic {w.key}"},
    "a token as a password": lambda w: basic("", w.here.token()),
    "a session signed by a stranger": lambda w: w.session(secret=b"another secret of the same length"),
    "a session of yesterday": lambda w: w.session(began=timedelta(hours=8)),
    "a session of somebody who has left": lambda w: w.session("ended"),
    "a session of somebody who was proposed": lambda w: w.session("new"),
    "a session from before the sign-out": lambda w: w.session("away", began=timedelta(hours=1)),
    "a session of an application": lambda w: w.session("machine"),
    "a session that is no session": lambda w: cookie(
        Cookies(SECRET, secure=True).write_signing_in(
            SigningIn(w.here.issuer, "pages", "state", "nonce", "verifier", "/", datetime.now(UTC))
        )
    ),
    "a session under the name for plain http": lambda w: {"Cookie": w.session()["Cookie"].replace("__Host-", "")},
    "a true key and a false one": lambda w: {"X-API-Key": str(w.key), **bearer(str(w.revoked))},
    "two keys that are true": lambda w: {"X-API-Key": str(w.key), **bearer(str(w.foreign))},
    "a key and a token that are true": lambda w: {"X-API-Key": str(w.key), **bearer(w.here.token())},
    "a user and a password that are different keys": lambda w: basic(str(w.key), str(w.foreign)),
    "a true session and a false key": lambda w: {**w.session(), **bearer(str(w.revoked))},
}
FORGERIES: Final[Mapping[str, Forgery]] = {
    **{f"token: {name}": (lambda w, make=make: bearer(make(w))) for name, make in TOKENS.items()},
    **{f"key: {name}": (lambda w, make=make: bearer(make(w))) for name, make in KEYS.items()},
    **{f"key as a password: {name}": (lambda w, make=make: basic("power-bi", make(w))) for name, make in KEYS.items()},
    **{f"key in its header: {name}": (lambda w, make=make: {"X-API-Key": make(w)}) for name, make in KEYS.items()},
    **OTHERS,
}
"""What is shown, by its name. Every one is answered with 400, 401 or 403."""
TRUE: Final[Mapping[str, Forgery]] = {
    "a token": lambda w: bearer(w.here.token()),
    "a token typed at+jwt": lambda w: bearer(w.here.token(header={"typ": "at+jwt"})),
    "a token signed on a curve": lambda w: bearer(w.here.token(key="ec", alg="ES256")),
    "a token signed with Ed25519": lambda w: bearer(w.here.token(key="ed", alg="EdDSA")),
    "a token signed with Ed25519, by its new name": lambda w: bearer(w.here.token(key="ed", alg="Ed25519")),
    "a token with more audiences": lambda w: bearer(w.here.token(aud=["x", "api://milepost"])),
    "a token with headers we do not know": lambda w: bearer(w.here.token(header={"x5t": "eA", "other": 1})),
    "a token of a clock that is a little fast": lambda w: bearer(w.here.token(nbf=_now() + 20, iat=_now() + 20)),
    "a token of an application": lambda w: bearer(w.here.token(sub="machine")),
    "a key": lambda w: bearer(str(w.key)),
    "a key as a password": lambda w: basic("anybody", str(w.key)),
    "a key as a user": lambda w: basic(str(w.key), ""),
    "a key in its header": lambda w: {"X-API-Key": str(w.key)},
    "a key twice": lambda w: {"X-API-Key": str(w.key), **basic("x", str(w.key))},
    "a session": lambda w: w.session(),
    "a key beside a session": lambda w: {**w.session(), **bearer(str(w.key))},
}
"""What has to be let in, so that refusing everything is no way to hold the bar."""
