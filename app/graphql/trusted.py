"""Trusted documents at the GraphQL door: a manifest comes in, and a request names one instead of sending it."""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from uuid import UUID

import orjson
from graphql import GraphQLSchema, OperationDefinitionNode
from starlette.requests import Request
from starlette.responses import Response

from app.commands.trusted_documents import register_documents
from app.db.database import Database
from app.domain.actor import Actor
from app.domain.errors import Fault, Forbidden, Invalid
from app.domain.roles import Permission
from app.domain.trusted_documents import Listed, digest_in, listed_in
from app.graphql.limits import RefusedDocument, examine
from app.graphql.refusing import refused
from app.operations.credentials import caller_of
from app.operations.refusals import Refused
from app.operations.shown import Shown
from app.operations.strict_json import read_json
from app.queries.trusted_documents import text_of

KEPT_SECONDS: Final = 5.0
KEPT: Final = 1_000
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_MOST_TOLD: Final = 100


class TrustedTexts:
    """The texts of the documents in use, remembered for a few seconds: one that was withdrawn stops as soon."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[tuple[UUID, str], tuple[str, float]] = OrderedDict()

    async def text(self, database: Database, actor: Actor, document_id: str) -> str:
        key = (actor.trust_id, digest_in(document_id))
        known = self._known.get(key)
        if known is not None and self._clock() - known[1] <= KEPT_SECONDS:
            self._known.move_to_end(key)
            return known[0]
        self._known.pop(key, None)
        text = None
        if _DIGEST.fullmatch(key[1]):
            async with database.reader(actor) as reader:
                text = await text_of(reader, key[1])
        if text is None:
            sentence = (
                "Your trust has no document of this id in use. Register it with its manifest at /graphql/documents."
            )
            raise RefusedDocument(refused("document-not-found", sentence))
        self._known[key] = (text, self._clock())
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return text


class Manifests:
    """Where manifests are sent. Failures are told as REST tells them, for this is no GraphQL."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._vetting = asyncio.Semaphore(1)

    async def upload(self, request: Request) -> Response:
        """Register every document of a manifest, or none: each is held to its id, to the limits and to the schema."""
        state = request.app.state
        actor = await caller_of(state, Shown.by(request.scope["headers"], request.method), channel="graphql")
        actor.require(Permission.MANAGE_DOCUMENTS)
        if actor.documents_only:
            raise Forbidden("This key runs trusted documents, and registers none. Send the manifest with another key.")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Refused("unsupported-media-type", "Send a manifest as application/json.")
        listed = listed_in(read_json(await request.body()))
        async with self._vetting:
            names = await self._vet(listed, may_read_schema=actor.may(Permission.READ_SCHEMA))
        async with state.database.begin(actor) as work:
            registered = await register_documents(work, listed, names)
        answer = orjson.dumps({"added": registered.added, "known": registered.known})
        return Response(answer, media_type="application/json", headers={"Cache-Control": "no-store"})

    async def _vet(self, listed: Sequence[Listed], *, may_read_schema: bool) -> Mapping[str, str | None]:
        """The name of each document's operation. A document takes up to a tenth of a second: others are served meanwhile."""
        names: dict[str, str | None] = {}
        faults: list[Fault] = []
        for one in listed:
            fault = one.fault
            if fault is not None:
                faults.append(fault)
                continue
            try:
                document = await asyncio.to_thread(examine, self._schema, one.text, may_read_schema=may_read_schema)
            except RefusedDocument as refusal:
                faults += _faults(one, refusal)
                continue
            operations = [it for it in document.definitions if isinstance(it, OperationDefinitionNode)]
            names[one.id] = operations[0].name.value if len(operations) == 1 and operations[0].name else None
        if faults:
            sentence = (
                f"{len({it.pointer for it in faults})} of the documents cannot be trusted, so none was registered."
            )
            raise Invalid(sentence, faults=faults[:_MOST_TOLD])
        return names


def _faults(one: Listed, refusal: RefusedDocument) -> list[Fault]:
    return [
        Fault(f"/{one.id}", str((error.extensions or {}).get("code", "invalid")), f"{one.id}: {error.message}")
        for error in refusal.errors
    ]
