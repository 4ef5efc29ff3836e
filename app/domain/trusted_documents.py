"""Trusted documents: the GraphQL documents that a trust has vetted, each named by the SHA-256 of its text."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlmodel import Field

from app.domain.entity import Entity, Withdrawable, holds, unique
from app.domain.errors import Fault, Invalid

MAX_TEXT: Final = 15_000
MAX_LISTED: Final = 200
_APOLLO: Final = "apollo-persisted-query-manifest"
_PREFIX: Final = "sha256:"


class TrustedDocument(Withdrawable, table=True):
    """One document. Its text is never changed, for its digest is its name; one no longer wanted is withdrawn."""

    __tablename__ = "trusted_document"
    __table_args__ = (
        unique("digest", refusal="Somebody has just registered this document. Send the manifest again."),
        holds("digest", "digest ~ '^[0-9a-f]{64}$'", refusal="A document is named by the SHA-256 of its text, in small hex."),
        holds("text", f"length(text) between 1 and {MAX_TEXT}", refusal=f"A document has 1 to {MAX_TEXT} characters."),
    )  # fmt: skip

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"digest", "text", "name"}

    digest: str = Field(description="SHA-256 of the text, in small hex: its `documentId`.")
    text: str = Field(description="The GraphQL document.")
    name: str | None = Field(default=None, description="The name of its operation, where it has one that is named.")


@dataclass(frozen=True)
class Listed:
    """A document of a manifest: what the manifest calls it, and its text."""

    id: str
    text: str

    @property
    def fault(self) -> Fault | None:
        """What is wrong with it, so far as that can be told without a schema."""
        if self.id != digest_of(self.text):
            sentence = f"{self.id[:80]} is not the SHA-256 of its text in small hex, which is {digest_of(self.text)}."
            return Fault(f"/{_escaped(self.id)}", "digest-mismatch", sentence)
        if "\0" in self.text:
            return Fault(f"/{self.id}", "control-character", f"{self.id}: A document holds no NUL character.")
        return None


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def digest_in(document_id: str) -> str:
    """The digest that a `documentId` names, with or without its prefix."""
    return document_id.removeprefix(_PREFIX)


def listed_in(manifest: Any) -> tuple[Listed, ...]:
    """The documents of a manifest, of either form: Relay's map of texts by id, or Apollo's list of operations."""
    pairs = _apollo(manifest) if isinstance(manifest, Mapping) and "format" in manifest else _relay(manifest)
    listed = tuple(dict.fromkeys(Listed(digest_in(name), text) for name, text in pairs))
    if not 1 <= len(listed) <= MAX_LISTED:
        raise Invalid(f"A manifest holds 1 to {MAX_LISTED} documents. Send a larger one in parts.")
    return listed


def _relay(manifest: Any) -> Iterable[tuple[str, str]]:
    if not isinstance(manifest, Mapping) or not all(isinstance(text, str) for text in manifest.values()):
        raise Invalid(
            'A manifest is a map {"<sha256>": "<text>"}, as Relay writes it, or an apollo-persisted-query-manifest.'
        )
    return manifest.items()


def _apollo(manifest: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    operations = manifest.get("operations")
    if (manifest["format"], manifest.get("version")) != (_APOLLO, 1) or not isinstance(operations, list):
        raise Invalid(f"A manifest with a format is an {_APOLLO} of version 1, with its list of operations.")
    faults = [
        Fault(f"/operations/{at}", "not-an-operation", "An operation has an id and a body, both text.")
        for at, one in enumerate(operations)
        if not (isinstance(one, Mapping) and isinstance(one.get("id"), str) and isinstance(one.get("body"), str))
    ]
    if faults:
        raise Invalid(f"{len(faults)} of the manifest's operations cannot be read.", faults=faults)
    return [(one["id"], one["body"]) for one in operations]


def _escaped(step: str) -> str:
    return step[:80].replace("~", "~0").replace("/", "~1")
