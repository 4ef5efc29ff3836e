"""Signing in on a page: the authorization code flow of OpenID Connect, with PKCE, a state and a nonce."""

import secrets
import warnings
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import httpx

from app.identity.providers import TrustedProvider
from app.identity.remembered import ProviderAway, certificates
from app.identity.sessions import SigningIn
from app.identity.tokens import BadToken, Verified

with warnings.catch_warnings():  # authlib asks for httpx's successor, and has its own filter shout so
    import authlib.deprecate

    warnings.simplefilter("ignore", authlib.deprecate.AuthlibDeprecationWarning)
    from authlib.integrations.base_client import OAuthError
    from authlib.integrations.httpx_client import AsyncOAuth2Client

SECONDS: Final = 10.0
_SCOPE: Final = "openid profile"


class NotSignedIn(Exception):
    """The sentence says what to do about it."""


async def begin(trusted: TrustedProvider, *, redirect_uri: str, to: str, now: datetime) -> tuple[str, SigningIn]:
    """Where to send the browser, and what it brings back for us to compare."""
    provider = trusted.provider
    assert provider.client_id is not None, "a page asks those alone that have a client"
    try:
        metadata = await trusted.metadata()
    except ProviderAway:
        raise NotSignedIn("The identity provider cannot be reached. Try again shortly.") from None
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    async with _client(trusted, redirect_uri) as client:
        address, _ = client.create_authorization_url(
            metadata.authorization_endpoint, state=state, nonce=nonce, code_verifier=verifier
        )
    return address, SigningIn(provider.issuer, provider.client_id, state, nonce, verifier, to, now)


async def finish(
    trusted: TrustedProvider, going: SigningIn, answer: Mapping[str, str], *, redirect_uri: str, now: datetime
) -> Verified:
    """Whom the provider says it was. `answer` is the query with which the browser came back."""
    if not secrets.compare_digest(answer.get("state", "").encode(), going.state.encode()):
        raise NotSignedIn("This sign-in was not begun in this browser, or was begun anew. Begin it again at /sign-in.")
    if answer.get("iss", going.issuer) != going.issuer:
        raise NotSignedIn("Another identity provider answered than was asked. Begin again at /sign-in.")
    if "code" not in answer:
        raise NotSignedIn("The identity provider did not sign you in. Begin again at /sign-in, or ask whoever runs it.")
    try:
        metadata = await trusted.metadata()
        async with _client(trusted, redirect_uri) as client:
            told = await client.fetch_token(
                metadata.token_endpoint, grant_type="authorization_code", code=answer["code"],
                code_verifier=going.verifier, redirect_uri=redirect_uri,
            )  # fmt: skip
        return await trusted.id_token(str(told.get("id_token", "")), nonce=going.nonce, now=now)
    except OAuthError:
        raise NotSignedIn("The identity provider took the code back. Begin again at /sign-in.") from None
    except BadToken:
        raise NotSignedIn(
            "The identity provider's answer is not for this service. Ask an administrator to look at identity.toml."
        ) from None
    except (ProviderAway, httpx.HTTPError, OSError, ValueError):
        raise NotSignedIn("The identity provider cannot be reached. Try again shortly.") from None


def _client(trusted: TrustedProvider, redirect_uri: str) -> AsyncOAuth2Client:
    provider = trusted.provider
    return AsyncOAuth2Client(
        client_id=provider.client_id,
        client_secret=provider.secret,
        redirect_uri=redirect_uri,
        scope=_SCOPE,
        code_challenge_method="S256",
        timeout=SECONDS,
        follow_redirects=False,
        verify=certificates(),
    )
