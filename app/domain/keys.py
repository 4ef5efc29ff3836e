"""API keys: what a machine shows to say who it is. Only a digest is kept, and a key names its trust."""

import base64
import hashlib
import hmac
import re
import secrets
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Self
from uuid import UUID

from sqlalchemy import DateTime, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.actor import Actor
from app.domain.entity import Entity, unique
from app.domain.errors import Conflict
from app.domain.events import Event, Verb
from app.domain.grants import permissions_named, roles_named

MAX_DAYS = 400
_ENVIRONMENT = re.compile("[a-z]{2,8}")


@dataclass(frozen=True)
class KeyText:
    """The parts of `mp_<env>_<trust>_<id>_<secret>`; the secret's last six letters are a checksum of all before them."""

    environment: str
    trust_id: UUID
    code: str
    secret: str

    def __str__(self) -> str:
        return _public(self.environment, self.trust_id, self.code) + self.secret

    @classmethod
    def new(cls, environment: str, trust_id: UUID) -> Self:
        random = base64.b32encode(secrets.token_bytes(32)).decode().rstrip("=").lower()
        code = base64.b32encode(secrets.token_bytes(5)).decode().lower()
        return cls(environment, trust_id, code, random + _checksum(_public(environment, trust_id, code) + random))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The parts, or None where the text is no key: malformed, truncated or mistyped."""
        parts = text.split("_")
        if len(parts) != 5 or parts[0] != "mp" or not text.isascii():  # noqa: PLR2004  five parts, as the docstring says
            return None
        _, environment, trust, code, secret = parts
        if not _ENVIRONMENT.fullmatch(environment) or _checksum(text[:-6]) != text[-6:]:
            return None
        try:
            return cls(environment, UUID(bytes=base64.b32decode(trust.upper() + "======")), code, secret)
        except ValueError:
            return None

    def digest(self, pepper: bytes) -> bytes:
        return hmac.digest(pepper, self.secret.encode(), hashlib.sha256)


def _public(environment: str, trust_id: UUID, code: str) -> str:
    """All of a key but its secret."""
    trust = base64.b32encode(trust_id.bytes).decode().rstrip("=").lower()
    return f"mp_{environment}_{trust}_{code}_"


def _checksum(text: str) -> str:
    return base64.b32encode(zlib.crc32(text.encode()).to_bytes(4, "big")).decode().lower()[:6]


class ApiKey(Entity, table=True):
    __tablename__ = "api_key"
    __table_args__ = (unique("code", refusal="Two keys drew the same code. Make the key again."),)

    SECRET: ClassVar[frozenset[str]] = frozenset({"digest"})

    code: str = Field(description="The part of the key that may be shown and logged.")
    label: str
    digest: bytes = Field(sa_type=LargeBinary)
    roles: list[str] = Field(sa_type=ARRAY(Text))
    scopes: list[str] | None = Field(
        default=None, sa_type=ARRAY(Text), description="Narrows what the roles allow; null: no narrower."
    )
    academy_ids: list[UUID] | None = Field(
        default=None, sa_type=ARRAY(Uuid), description="The academies it sees; null: all of the trust."
    )
    documents_only: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": "false"},
        description="Whether it runs trusted documents and no other GraphQL.",
    )
    integration: str | None = Field(
        default=None,
        description="What it is one of the keys of: they see what each other recorded. Null: it stands alone.",
    )
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    expires_on: date = Field(description="The last day it works.")
    revoked_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))

    def matches(self, text: KeyText, *, pepper: bytes) -> bool:
        return hmac.compare_digest(self.digest, text.digest(pepper))

    def is_live(self, *, today: date) -> bool:
        return self.revoked_at is None and today <= self.expires_on

    def actor(self, channel: str) -> Actor:
        return Actor(
            trust_id=self.trust_id,
            subject=f"key:{self.code}",
            roles=roles_named(self.roles),
            academies=None if self.academy_ids is None else frozenset(self.academy_ids),
            scopes=None if self.scopes is None else permissions_named(self.scopes),
            channel=channel,
            documents_only=self.documents_only,
            holder="" if self.integration is None else f"integration:{self.integration}",
        )

    def revoke(self, *, at: datetime) -> Event:
        if self.revoked_at is not None:
            raise Conflict("This key is already revoked.")
        self.revoked_at = at
        return Event(record=self, verb=Verb.REVOKED)
