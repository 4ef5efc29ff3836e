"""The service with a planted defect: it answers a change first and commits it a little later. For D1's teeth."""

import asyncio
from contextvars import ContextVar
from typing import Any

from fastapi import Response

from app import cli
from app.api import writing
from app.db.idempotency import Answer, Claim
from app.db.unit_of_work import UnitOfWork

LATER_SECONDS = 0.25

_early: ContextVar[asyncio.Future[Answer]] = ContextVar("early")
_honest_run, _honest_keep = writing.Writing.run, writing.keep


async def run(self: writing.Writing, command: Any) -> Response:
    early = asyncio.get_running_loop().create_future()
    _early.set(early)
    work = asyncio.create_task(_honest_run(self, command))
    await asyncio.wait({work, early}, return_when=asyncio.FIRST_COMPLETED)
    return self._response(early.result()) if early.done() else await work


async def keep(work: UnitOfWork, key: Claim, answer: Answer) -> None:
    await _honest_keep(work, key, answer)
    _early.get().set_result(answer)
    await asyncio.sleep(LATER_SECONDS)


if __name__ == "__main__":
    writing.Writing.run, writing.keep = run, keep  # type: ignore[method-assign]  # the defect itself
    cli.main()
