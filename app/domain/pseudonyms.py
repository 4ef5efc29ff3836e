"""Pupils by a pseudonym: a keyed code that only this trust's key can make again, and never their own number or name."""

import hashlib
import hmac
import re
from typing import Final
from uuid import UUID

from app.domain.errors import Fault, Invalid

UPN: Final = re.compile(
    r"(?<![0-9A-Za-z])[A-HJ-NP-RT-Za-hj-np-rt-z][0-9]{11}[0-9A-HJ-NP-RT-Za-hj-np-rt-z](?![0-9A-Za-z])"
)
"""A unique pupil number as the Department for Education forms it: a check letter, the local authority, the school, the year
and a serial, whose last place is a letter while the number is temporary. A wrong check letter makes it no less a pupil's."""
NOT_A_UPN: Final = (
    "This holds what looks like a unique pupil number (UPN). Pupils are not named here by their number: leave it out."
)
_HASH: Final = hashlib.sha256
_BYTES: Final = 16
_FORM: Final = re.compile(r"p[1-9][0-9]{0,2}-[0-9a-f]{32}")


class PupilKey:
    """One trust's key for its pupils, in one edition. It is derived, so that nothing but the installation's secret is kept.

    A new secret, or a new edition, gives every pupil another code: whoever re-keys makes both codes of each from its
    source's reference once more, and changes the one for the other.
    """

    def __init__(self, secret: bytes, trust_id: UUID, *, edition: int = 1) -> None:
        if len(secret) < _BYTES:
            raise ValueError("a secret has at least 16 bytes")
        self._edition = edition
        self._key = _derived(secret, salt=trust_id.bytes, purpose=f"milepost pupil reference {edition}".encode())

    def pseudonym(self, source: str, reference: str) -> str:
        """The code of a pupil whom a source, such as a MIS, knows by a reference of its own, which is not their UPN."""
        refuse_upn(reference)
        if not source or not reference.strip():
            raise ValueError("a pupil is known by a source and a reference")
        said = len(source.encode()).to_bytes(4, "big") + source.encode() + reference.encode()
        return f"p{self._edition}-{hmac.digest(self._key, said, _HASH)[:_BYTES].hex()}"


def is_pseudonym(text: str) -> bool:
    return _FORM.fullmatch(text) is not None


def holds_upn(text: str) -> bool:
    """Whether anything in it is shaped like a UPN."""
    return UPN.search(text) is not None


def refuse_upn(text: str, *, pointer: str = "") -> None:
    if holds_upn(text):
        raise Invalid(NOT_A_UPN, faults=[Fault(pointer, "pupil-number", NOT_A_UPN)])


def _derived(secret: bytes, *, salt: bytes, purpose: bytes) -> bytes:
    """HKDF-SHA-256 (RFC 5869) of one block: extract, then expand."""
    return hmac.digest(hmac.digest(salt, secret, _HASH), purpose + b"\x01", _HASH)
