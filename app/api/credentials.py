"""Who asks, by what the request shows of it."""

from typing import Annotated

from fastapi import Depends, Request

from app.domain.actor import Actor
from app.operations.credentials import caller_of
from app.operations.shown import Shown


def shown_by(request: Request) -> Shown:
    return Shown.by(request.scope["headers"], request.method)


async def actor_of(request: Request) -> Actor:
    actor = await caller_of(request.app.state, shown_by(request), channel="rest")
    request.state.actor = actor
    return actor


Caller = Annotated[Actor, Depends(actor_of)]
