"""Registering the documents of a manifest: those that are new are kept, those that are known stay as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.commands.records import keep
from app.db.unit_of_work import UnitOfWork
from app.domain.errors import Conflict, Fault
from app.domain.roles import Permission
from app.domain.trusted_documents import Listed, TrustedDocument

_KNOWN: Final = """
select digest, withdrawn_at is not null as withdrawn from trusted_document where trust_id = $1 and digest = any($2)"""


@dataclass(frozen=True)
class Registered:
    added: int
    known: int


async def register_documents(
    work: UnitOfWork, documents: Sequence[Listed], names: Mapping[str, str | None]
) -> Registered:
    """Keep those that the trust does not know, by the name of the operation that each holds."""
    work.require(Permission.MANAGE_DOCUMENTS)
    wanted = [one.id for one in documents]
    known = {row["digest"]: row["withdrawn"] for row in await work.rows(_KNOWN, work.actor.trust_id, wanted)}
    _refuse_withdrawn([digest for digest in wanted if known.get(digest)])
    added = [one for one in documents if one.id not in known]
    for one in added:
        values = {"digest": one.id, "text": one.text, "name": names.get(one.id)}
        await keep(work, TrustedDocument.of(work.actor.trust_id, values))
    return Registered(len(added), len(known))


def _refuse_withdrawn(digests: Sequence[str]) -> None:
    if digests:
        sentence = "This document was withdrawn, and stays so. Leave it out, or change its text."
        raise Conflict(
            f"{len(digests)} of the documents were withdrawn, so nothing was registered.",
            faults=[Fault(f"/{digest}", "withdrawn", sentence) for digest in digests],
        )
