"""Every change through the REST door: one transaction, one command, and the record as it now is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from fastapi import Request, Response

from app.api.preconditions import record_tag
from app.db.idempotency import Answer, Claim, claim, keep, replayed
from app.db.noun import Noun
from app.db.unit_of_work import UnitOfWork
from app.domain.actor import Actor
from app.domain.entity import Entity
from app.domain.permissions import to_read
from app.operations.refusals import Refused
from app.queries.reading import Moment, read_record, sight

Command = Callable[[UnitOfWork], Awaitable[Entity]]
MAX_KEY: Final = 255


@dataclass(frozen=True)
class Writing:
    """One change about to be made: who asks, by which request, and what comes back."""

    request: Request
    actor: Actor
    noun: Noun
    status: int = 200

    async def run(self, command: Command) -> Response:
        """Do it and answer with the record. A POST whose Idempotency-Key has an answer already gets that answer."""
        key = await self._claim()
        async with self.request.app.state.database.begin(self.actor) as work:
            kept = await claim(work, key) if key else None
            if kept is not None:
                self._may_be_told_again()
                return self._response(kept, replayed=True)
            answer = await self._answer(work, await command(work))
            if key:
                await keep(work, key, answer)
        return self._response(answer)

    async def replay(self) -> Response | None:
        """The answer that its Idempotency-Key already has: to be asked before work that takes long. `run` asks again."""
        key = await self._claim()
        if key is None:
            return None
        async with self.request.app.state.database.begin(self.actor) as work:
            kept = await replayed(work, key)
            if kept is not None:
                self._may_be_told_again()
        return None if kept is None else self._response(kept, replayed=True)

    def _may_be_told_again(self) -> None:
        """Whoever may read such records no longer is not told again what they were told once."""
        self.actor.require(to_read(self.noun.entity))

    async def _claim(self) -> Claim | None:
        if self.request.method != "POST":
            return None
        key = self.request.headers.get("idempotency-key")
        if key is None:
            return None
        if not 1 <= len(key) <= MAX_KEY or not key.isascii() or not key.isprintable():
            raise Refused("bad-request", f"An Idempotency-Key is 1 to {MAX_KEY} printable ASCII characters.")
        address = self.request.url.path
        expected = self.request.headers.get("if-match", "").encode()
        return Claim.of(f"POST {address}", key, expected, await self.request.body())

    async def _answer(self, work: UnitOfWork, record: Entity) -> Answer:
        await work.flush()
        moment = Moment(work.now)
        read = await read_record(work, self.noun, record.id, moment)
        headers = {"ETag": record_tag(self.noun, read.version, moment.today, sight=sight(self.actor))}
        if self.status == 201:  # noqa: PLR2004  Created says where
            headers["Location"] = f"/v1/{self.noun.plural}/{record.id}"
        return Answer(self.status, headers, read.body)

    def _response(self, answer: Answer, *, replayed: bool = False) -> Response:
        """The answer; without its body where the caller prefers that (RFC 7240)."""
        headers = {**answer.headers, "Cache-Control": "private, no-cache"}
        if replayed:
            headers["Idempotency-Replayed"] = "true"
        if "return=minimal" in self.request.headers.get("prefer", ""):
            return Response(status_code=204, headers={**headers, "Preference-Applied": "return=minimal"})
        return Response(answer.body, status_code=answer.status, media_type="application/json", headers=headers)


def needs_key(request: Request) -> None:
    """Transitions ask for an Idempotency-Key: a retry must never move a milestone twice."""
    if "idempotency-key" not in request.headers:
        raise Refused(
            "idempotency-key-missing", "This operation needs an Idempotency-Key header, so that a retry happens once."
        )
