"""The trust as it can be read: always the caller's own."""

from typing import Final

from app.db.noun import Noun, Scope, columns_of
from app.domain.trusts import Trust
from app.queries.narrowing import BY_CODE, equals

TRUSTS: Final = Noun(
    name="trust",
    plural="trusts",
    title="Trust",
    entity=Trust,
    doc="The trust of the credential, with the rules it has chosen.",
    fields=columns_of(Trust),
    filters={"code": equals("code")},
    sorts={"code": BY_CODE},
    scope=Scope.TRUST,
)
