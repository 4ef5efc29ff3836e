"""Settings: environment variables with the prefix MILEPOST_, read once."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


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
        default=None, description="The same database as milepost_ops, for commands that look across trusts (verify)."
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
