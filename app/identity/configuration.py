"""The file that says which identity provider each trust signs in with. Addresses and keys come from here alone."""

import ipaddress
import os
import tomllib
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Literal, Self
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core.core_schema import ValidationInfo

from app.domain.roles import Role

_ENTRA: Final = frozenset(
    {
        "login.microsoftonline.com",
        "login.microsoftonline.us",
        "login.partner.microsoftonline.cn",
        "sts.windows.net",
        "sts.chinacloudapi.cn",
    }
)
"""Hosts of its issuers, those of national clouds too."""
_ANYBODYS: Final = frozenset({"common", "organizations", "consumers"})
_PORTS: Final = {"https": 443, "http": 80}
_ADDRESSES: Final = ("issuer", "jwks_uri", "authority")


class Misconfigured(ValueError):
    """The file cannot be used; the sentence says where and why."""


class Algorithm(StrEnum):
    """Signatures that only a provider can make. `none`, and HS256 and its like, are not among them and never will be."""

    RS256 = "RS256"
    PS256 = "PS256"
    ES256 = "ES256"
    ES384 = "ES384"
    EDDSA = "EdDSA"
    ED25519 = "Ed25519"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Proposal(_Part):
    """What a claim proposes for somebody who signs in for the first time. An administrator confirms it, or does not."""

    claim: str = Field(min_length=1, description="The claim that holds groups or roles: `groups`, `roles`.")
    value: str = Field(min_length=1, description="The group or role, as the provider names it.")
    roles: tuple[Role, ...] = Field(min_length=1)
    academies: tuple[str, ...] | None = Field(default=None, description="Codes; left out: all of the trust.")


class Provider(_Part):
    """An identity provider of one trust, as it issues tokens for one audience."""

    trust: str = Field(pattern="^[A-Za-z0-9][A-Za-z0-9 ._/+&-]{0,59}$")
    issuer: str
    audience: str = Field(min_length=1)
    client_id: str | None = None
    client_secret: SecretStr | None = None
    client_secret_env: str | None = None
    client_secret_file: Path | None = None
    algorithms: tuple[Algorithm, ...] = Field(default=(Algorithm.RS256, Algorithm.ES256, Algorithm.EDDSA), min_length=1)
    jwks_uri: str | None = None
    subject_claim: Literal["sub", "oid"] = "sub"
    tenant_claim: str | None = None
    tenant: str | None = None
    requires_nbf: bool = True
    access_token_type: Literal["at+jwt"] | None = None
    leeway_seconds: int = Field(default=30, ge=0, le=60)
    longest_hours: float = Field(default=24, gt=0, le=24)
    authority: str | None = None
    propose: tuple[Proposal, ...] = ()

    @field_validator("algorithms", mode="before")
    @classmethod
    def _only_signatures(cls, names: Any) -> Any:
        wrong = [name for name in names if name not in set(Algorithm)] if isinstance(names, list) else []
        if wrong:
            known = ", ".join(Algorithm)
            raise ValueError(
                f"{wrong[0]} is refused: it is no signature that only the provider can make. Known: {known}"
            )
        return names

    @field_validator(*_ADDRESSES)
    @classmethod
    def _a_safe_address(cls, address: str | None, info: ValidationInfo) -> str | None:
        if address is not None and not is_safe(address, loopback=bool((info.context or {}).get("loopback"))):
            raise ValueError("must be an https address, without a user, a query or a fragment")
        return address

    @model_validator(mode="after")
    def _a_tenant_is_named(self) -> Self:
        if (self.tenant is None) != (self.tenant_claim is None):
            raise ValueError("tenant_claim and tenant come together")
        parts = urlsplit(self.issuer)
        if parts.path.strip("/").partition("/")[0].lower() in _ANYBODYS:
            raise ValueError("the issuer names any tenant. Name your own tenant's id in it")
        if parts.hostname in _ENTRA and (self.tenant is None or self.subject_claim != "oid"):
            raise ValueError('of Entra ID, give subject_claim = "oid", tenant_claim = "tid" and tenant = "<its id>"')
        return self

    @model_validator(mode="after")
    def _a_secret_at_most_once(self) -> Self:
        if sum(one is not None for one in (self.client_secret, self.client_secret_env, self.client_secret_file)) > 1:
            raise ValueError("give one of client_secret_file, client_secret_env and client_secret")
        return self

    @property
    def secret(self) -> str | None:
        """The client's secret, from wherever it is kept."""
        if self.client_secret_file is not None:
            return self.client_secret_file.read_text().strip()
        if self.client_secret_env is not None:
            return os.environ[self.client_secret_env]
        return None if self.client_secret is None else self.client_secret.get_secret_value()


class IdentityFile(_Part):
    provider: tuple[Provider, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_token_has_one_trust(self) -> Self:
        for what, pairs in (
            ("audience", [(one.issuer, one.audience) for one in self.provider]),
            ("client_id", [(one.issuer, one.client_id) for one in self.provider if one.client_id]),
        ):
            if (twice := _repeated(pairs)) is not None:
                raise ValueError(
                    f"the {what} {twice[1]} of the issuer {twice[0]} stands there twice. It belongs to one trust"
                )
        return self

    @model_validator(mode="after")
    def _a_trust_has_one_client(self) -> Self:
        twice = _repeated((one.trust, "") for one in self.provider if one.client_id)
        if twice is not None:
            raise ValueError(f"the trust {twice[0]} has two client_ids. People sign in on its page with one")
        return self

    @model_validator(mode="after")
    def _no_audience_is_anothers_client(self) -> Self:
        for one in self.provider:
            for other in self.provider:
                if one is not other and (one.issuer, one.audience) == (other.issuer, other.client_id):
                    raise ValueError(
                        f"the audience {one.audience} of {one.trust} is the client_id of {other.trust}, whose ID tokens "
                        "would be taken for access tokens. Give the API an audience of its own"
                    )
        return self


def read_providers(path: Path, *, loopback: bool = False) -> tuple[Provider, ...]:
    """The providers that the file names. `loopback`: they may be on http on this machine, which tests need."""
    try:
        given = tomllib.loads(path.read_text())
    except OSError as error:
        raise Misconfigured(f"{error.filename} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise Misconfigured(f"{path} is not TOML: {error}.") from None
    try:
        providers = IdentityFile.model_validate(given, context={"loopback": loopback}).provider
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Misconfigured(f"{path}: {place}: {first['msg'].removeprefix('Value error, ')}.") from None
    for provider in providers:
        _refuse_without_its_secret(path, provider)
    return providers


def is_safe(address: str, *, loopback: bool) -> bool:
    """Whether it is an address to fetch keys from or to send people to."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or parts.username or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and loopback and _is_loopback(host))


def is_public_url(address: str) -> bool:
    """Whether people can be sent back to it: https, or this machine itself."""
    return is_safe(address, loopback=True)


def as_browsers_spell(address: str) -> str:
    """The address with its host in small letters and without the port that its scheme has anyway: so origins name it."""
    parts = urlsplit(address.strip())
    if parts.hostname is None:
        return address
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port in (None, _PORTS.get(parts.scheme)) else f":{parts.port}"
    user = "".join(parts.netloc.rpartition("@")[:2])
    return urlunsplit(parts._replace(netloc=f"{user}{host}{port}"))


def _refuse_without_its_secret(path: Path, provider: Provider) -> None:
    try:
        _ = provider.secret
    except KeyError as error:
        raise Misconfigured(f"{path}: client_secret_env names {error.args[0]}, which is not set.") from None
    except OSError as error:
        raise Misconfigured(f"{error.filename} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise Misconfigured(f"{path}: client_secret_file, {provider.client_secret_file}, holds no text.") from None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _repeated(pairs: Iterable[tuple[str, str | None]]) -> tuple[str, str | None] | None:
    seen: set[tuple[str, str | None]] = set()
    for pair in pairs:
        if pair in seen:
            return pair
        seen.add(pair)
    return None
