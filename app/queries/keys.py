"""API keys, as they can be read: never the secret, which is shown once."""

from typing import Final

from app.db.noun import Noun, Scope, columns_of
from app.domain.keys import ApiKey
from app.queries.narrowing import BY_CODE, equals, flag

API_KEYS: Final = Noun(
    name="apiKey",
    plural="api-keys",
    title="ApiKey",
    entity=ApiKey,
    doc="Credentials of machines. The secret is shown once, when the key is made.",
    fields=columns_of(ApiKey),
    filters={"code": equals("code"), "revoked": flag("{t}.revoked_at is not null")},
    sorts={"code": BY_CODE},
    scope=Scope.COVERED,
)
