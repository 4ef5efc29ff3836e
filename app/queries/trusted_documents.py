"""Trusted documents, as they can be read; and the text of one that is in use."""

from typing import Final

from app.db.noun import Noun, Scope, Sort, columns_of
from app.domain.trusted_documents import TrustedDocument
from app.queries.narrowing import equals
from app.queries.reading import Reads

TRUSTED_DOCUMENTS: Final = Noun(
    name="trustedDocument",
    plural="trusted-documents",
    title="TrustedDocument",
    entity=TrustedDocument,
    doc="GraphQL documents that the trust has vetted. A manifest brings them in; a key may be limited to them.",
    fields=columns_of(TrustedDocument),
    filters={"digest": equals("digest"), "name": equals("name", doc="The name of its operation.")},
    sorts={"digest": Sort('{t}.digest collate "C"', "text")},
    default_sort="digest",
    scope=Scope.TRUST,
)
_TEXT: Final = "select text from trusted_document where trust_id = $1 and digest = $2 and withdrawn_at is null"


async def text_of(reads: Reads, digest: str) -> str | None:
    """The text of the document in use that this digest names."""
    text: str | None = await reads.value(_TEXT, reads.actor.trust_id, digest)
    return text
