"""The edge: thin layers around the application that refuse what nobody should have to work on."""

from typing import Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.api.edge.admission import Admission
from app.api.edge.headers import Headers
from app.api.edge.rates import Rates
from app.api.guard import Guard
from app.config import Settings

_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_ASKED: Final = (
    "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Prefer", "X-API-Key", "X-Request-Id",
    "Traceparent",
)  # fmt: skip
_TOLD: Final = (
    "ETag", "Idempotency-Replayed", "Link", "Location", "Preference-Applied", "RateLimit", "RateLimit-Policy", "Retry-After",
    "X-Request-Id",
)  # fmt: skip


def surround(app: FastAPI, settings: Settings) -> None:
    """Give the application its edge. Each layer stands around those that were added before it."""
    app.add_middleware(Admission, settings=settings)
    if settings.requests_per_minute or settings.requests_per_minute_of_address or settings.failures_per_minute:
        app.add_middleware(Rates, settings=settings)
    app.add_middleware(Guard, hosts=settings.allowed_hosts, deprecated=app.state.deprecated)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=_METHODS,
            allow_headers=_ASKED,
            expose_headers=_TOLD,
            max_age=600,
        )
    app.add_middleware(Headers, https=settings.public_url.startswith("https://"))
