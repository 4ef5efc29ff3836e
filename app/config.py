"""Settings: environment variables with the prefix MILEPOST_, read once."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.identity.configuration import as_browsers_spell, is_public_url


def _words(given: object) -> object:
    return [word.strip() for word in given.split(",") if word.strip()] if isinstance(given, str) else given


Words = Annotated[list[str], NoDecode, BeforeValidator(_words)]
"""Separated by commas."""


class Settings(BaseSettings):
    """`docs/reference/settings.md` is written from these descriptions."""

    model_config = SettingsConfigDict(env_prefix="MILEPOST_", extra="ignore")

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 lets the system choose one.")
    data: Path = Field(
        default=Path(".data"), description="Folder of the embedded database, its secret and its demo keys."
    )
    packs: Path = Field(
        default=Path(__file__).resolve().parent.parent / "packs",
        description="Folder of the packs that the first start on the embedded database loads.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="A PostgreSQL of your own, as the login milepost_app. Unset: the embedded server in MILEPOST_DATA.",
    )
    migrate_url: SecretStr | None = Field(
        default=None,
        description="The same database as a login that may migrate. Set: serve and migrate bring the schema up to date.",
    )
    ops_url: SecretStr | None = Field(
        default=None,
        description="The same database as milepost_ops, for commands that look across trusts or erase (verify, retention).",
    )
    retention: Path = Field(
        default=Path(__file__).resolve().parent / "retention.toml",
        description="How long personal text is kept: a file of the trust's own instead of the packaged defaults.",
    )
    secret: SecretStr | None = Field(
        default=None,
        description="At least 32 characters; keys and cursors depend on it. Made and kept in MILEPOST_DATA if embedded.",
    )
    environment: str = Field(default="live", pattern="^[a-z]{2,8}$", description="Second part of every new API key.")
    pool_size: int = Field(default=8, ge=2, le=100, description="Connections for reading, and as many for writing.")
    drain_seconds: float = Field(
        default=0.5, ge=0, le=60, description="After SIGTERM: how long /readyz says no before new requests are refused."
    )
    grace_seconds: int = Field(default=25, ge=1, le=300, description="After that: how long running requests may take.")
    max_body_bytes: int = Field(default=1 << 20, ge=1024, description="Largest request body.")
    request_seconds: float = Field(
        default=15,
        ge=0,
        le=600,
        description="How long an ordinary request may take before it is given up; 0: for ever.",
    )
    head_seconds: float = Field(default=10, ge=0.1, le=600, description="How long a request's head may take to arrive.")
    body_seconds: float = Field(default=10, ge=0.1, le=600, description="How long its body may take after that.")
    stall_seconds: float = Field(
        default=30, ge=0.1, le=3600, description="How long a caller may take nothing of an answer that waits for it."
    )
    keep_alive_seconds: int = Field(default=5, ge=1, le=3600, description="How long an idle connection is kept.")
    connections: int = Field(default=4_000, ge=10, description="Connections of one process; a further one is told 503.")
    requests_per_minute: int = Field(default=3_000, ge=0, description="Requests a minute with one credential; 0: any.")
    requests_per_minute_of_address: int = Field(
        default=6_000, ge=0, description="Requests a minute from one address (of IPv6, one /64); 0: any."
    )
    failures_per_minute: int = Field(
        default=10, ge=0, description="Wrong credentials a minute from one address, and at one key; 0: any."
    )
    trusted_proxies: Words = Field(
        default=[], description="Networks (CIDR) of the proxies whose X-Forwarded-For is believed."
    )
    allowed_hosts: Words = Field(default=[], description="Names the Host header may have, without ports. Empty: any.")
    cors_origins: Words = Field(
        default=[], description="Origins whose pages may call the API from a browser, exactly. Empty: none."
    )
    memory_mb: int = Field(
        default=1024,
        ge=0,
        description="Memory of the process past which bodies and GraphQL are told 503 (Linux); 0: off.",
    )
    subscriptions: int = Field(
        default=1_000,
        ge=0,
        le=10_000,
        description="GraphQL subscriptions that one process follows; a quarter of them for one trust.",
    )
    look_seconds: float = Field(
        default=0.5,
        ge=0.05,
        le=60,
        description="How often the log of a trust with subscribers is looked at: one short statement.",
    )

    graphql_at_start: bool = Field(
        default=True,
        description="Whether the GraphQL schema is made before the service listens; otherwise when it is first asked.",
    )

    identity: Path | None = Field(
        default=None, description="File that names the identity providers people sign in with. Unset: API keys alone."
    )
    identity_loopback: bool = Field(
        default=False, description="Whether identity providers may be on http on this machine: for tests alone."
    )
    public_url: str = Field(
        default="", description="Address people reach the service at, as in `https://milepost.example.org`."
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_networks(cls, given: list[str]) -> list[str]:
        for network in given:
            ip_network(network, strict=False)
        return given

    @field_validator("cors_origins")
    @classmethod
    def _origins_are_exact(cls, given: list[str]) -> list[str]:
        origins = [origin.lower().removesuffix("/") for origin in given]
        if not all(re.fullmatch("https?://[^/*@?#]+", origin) for origin in origins):
            raise ValueError(
                "MILEPOST_CORS_ORIGINS: name each origin, such as https://app.example.org; * and null are not taken."
            )
        return origins

    @field_validator("allowed_hosts")
    @classmethod
    def _hosts_are_small_letters(cls, given: list[str]) -> list[str]:
        return [host.lower() for host in given]

    @field_validator("public_url")
    @classmethod
    def _as_origins_name_it(cls, given: str) -> str:
        return as_browsers_spell(given)

    @model_validator(mode="after")
    def _people_come_back_to_a_safe_address(self) -> Self:
        if self.public_url and not is_public_url(self.public_url):
            raise ValueError("MILEPOST_PUBLIC_URL: give an https address, without a query; http on this machine alone.")
        if self.identity is not None and not self.public_url:
            raise ValueError("MILEPOST_PUBLIC_URL: with MILEPOST_IDENTITY set, say where people reach the service.")
        return self

    @model_validator(mode="after")
    def _a_database_of_ones_own_needs_a_secret(self) -> Self:
        if self.database_url is not None and (self.secret is None or len(self.secret.get_secret_value()) < 32):  # noqa: PLR2004  as it says
            raise ValueError(
                "MILEPOST_SECRET: with MILEPOST_DATABASE_URL set, give a secret of at least 32 characters."
            )
        return self

    @property
    def is_embedded(self) -> bool:
        return self.database_url is None
