"""An identity provider on this machine: it publishes keys, and signs whatever a test wants signed."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from app.identity.configuration import Provider
from app.identity.providers import Identity

SECRET = b"a secret that only the tests use"
OURS = "https://milepost.test"


class FakeProvider:
    """Its keys, by name; `published` are those it tells of. Gone: it answers with 503."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.keys: dict[str, Key] = {
            "rsa": RSAKey.generate_key(2048, {"kid": "rsa"}),
            "ec": ECKey.generate_key("P-256", {"kid": "ec"}),
            "ed": OKPKey.generate_key("Ed25519", {"kid": "ed"}),
        }
        self.more: list[dict[str, Any]] = []
        self.gone = False
        self.asked = 0

    def document(self) -> dict[str, Any]:
        return {"keys": [*(key.as_dict(private=False) for key in self.keys.values()), *self.more]}

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Those of a good access token; None takes one away."""
        now = int(time.time())
        good = {"iss": self.issuer, "aud": "api://milepost", "sub": "head", "tid": "tenant", "name": "A Head",
                "iat": now, "nbf": now, "exp": now + 3600}  # fmt: skip
        return {name: value for name, value in {**good, **changes}.items() if value is not None}

    def token(
        self, *, key: Key | str = "rsa", alg: str = "RS256", header: dict[str, Any] | None = None, **changes: Any
    ) -> str:
        signing = self.keys[key] if isinstance(key, str) else key
        kid = {"kid": key} if isinstance(key, str) else {}
        return signed(self.claims(**changes), signing, {"alg": alg, **kid, **(header or {})})


class _Anything(JWSRegistry):
    """Whatever may stand in a forged header, and every signature there is."""

    def check_header(self, header: dict[str, Any]) -> None:
        """Nothing is refused."""

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name]


def signed(claims: dict[str, Any], key: Key, header: dict[str, Any]) -> str:
    return jwt.encode(header, claims, key, registry=_Anything())


def spelt(header: dict[str, Any], claims: Any, signature: bytes = b"") -> str:
    """A token put together by hand."""
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def shared_secret(text: bytes) -> OctKey:
    return OctKey.import_key(base64.urlsafe_b64encode(text))


@contextmanager
def fake_provider(path: str = "") -> Iterator[FakeProvider]:
    """It listens on this machine until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked += 1
            if provider.gone:
                self.send_error(503)
                return
            told = {"issuer": provider.issuer, **{name: f"{provider.issuer}/{name}" for name in _NAMED}}
            body = json.dumps(provider.document() if self.path.endswith("/jwks_uri") else told).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = FakeProvider(f"http://127.0.0.1:{server.server_port}{path}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


_NAMED = ("jwks_uri", "authorization_endpoint", "token_endpoint")


def configured(trust: str, issuer: str, **more: Any) -> Provider:
    told = {"trust": trust, "issuer": issuer, "audience": "api://milepost", **more}
    return Provider.model_validate(told, context={"loopback": True})


def identity(*providers: Provider, **more: Any) -> Identity:
    return Identity(providers, **{"secret": SECRET, "public_url": OURS, "loopback": True, **more})
